"""What the three voices say of one record, side by side: for its page at the desk and for the public one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.planning.models import Measurement
from servanda.progress.assessments.assessed_texts import CHANGES, TextAssessed, texts_assessed
from servanda.progress.assessments.disagreement import Disagreement, kinds_of
from servanda.progress.assessments.history_chart import Chart, chart_of
from servanda.progress.models import Assessment, AssessmentReply, Evidence, Voice, voices_of
from servanda.recommendations.models import PublicReason, Recommendation


@dataclass(slots=True)
class AssessmentLine:
    """One assessment, with its author as this reader may know them, and what shows it as far as they may see it."""

    assessment: Assessment
    who: str
    entered_by: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    may_retract: bool = False
    may_reply: bool = False
    replies: list[AssessmentReply] = field(default_factory=list)
    assessed: TextAssessed | None = None  # where another text is shown than the one that was assessed

    @property
    def waits(self) -> bool:
        return not self.assessment.is_published and self.assessment.retracted_at is None


@dataclass(slots=True)
class Column:
    """What one voice says now, and what of it waits to be published."""

    voice: str
    label: str
    now: list[AssessmentLine]
    waiting: list[AssessmentLine]


@dataclass(slots=True)
class Voices:
    columns: list[Column]
    disagreements: list[Disagreement]
    history: list[AssessmentLine]  # newest first
    chart: Chart | None

    @property
    def are_silent(self) -> bool:
        return not self.history


def voices_on(recommendation: Recommendation, user: User) -> Voices:
    """For the desk: with what waits, what was taken back, and who entered it."""
    rows = read(Assessment.objects.visible_to(user).filter(recommendation=recommendation))
    names = shown_names((one.made_by for one in rows if one.voice != Voice.INDEPENDENT), to=user)
    assesses = can(user, Can.ASSESS)
    told = []
    for one in rows:
        entered_by = names.get(one.made_by_id, "") if one.made_by_id and one.voice != Voice.INDEPENDENT else ""
        stands = assesses and one.retracted_at is None
        may_retract, may_reply = stands and not one.is_signed, stands and one.is_signed
        told.append(AssessmentLine(one, who(one), entered_by, may_retract=may_retract, may_reply=may_reply))
    add_texts_assessed(told, recommendation)
    seen = {"evidence": Evidence.objects.visible_to(user), "values": Measurement.objects.visible_to(user)}
    return put_together(told, voices_of(recommendation.body), **seen)


def public_voices(recommendation: Recommendation) -> Voices:
    rows = read(Assessment.objects.public().filter(recommendation=recommendation))
    told = [AssessmentLine(one, who(one)) for one in rows]
    add_texts_assessed(told, recommendation)
    seen = {"evidence": Evidence.objects.public(), "values": Measurement.objects.public()}
    return put_together(told, voices_of(recommendation.body), **seen)


def signed_on(hidden: PublicReason) -> list[AssessmentLine]:
    """What accredited institutions say of a record that is no longer public, with the links that they gave."""
    record = hidden.recommendation
    rows = read(Assessment.objects.signed().standing().filter(recommendation=record))
    told = [AssessmentLine(one, who(one)) for one in rows]
    own = (
        Evidence.objects.kept().exclude(link="").filter(is_public=True, added_by__in=[one.made_by_id for one in rows])
    )
    add_evidence(told, own)
    add_replies(told)
    if not hidden.protects_person:
        add_texts_assessed(told, record, until=hidden.at)
    return told


def read(rows: QuerySet) -> list[Assessment]:
    """Told with each is whether anything is ticked on it, so that nothing is asked where there is nothing."""
    ticked = {
        name: Exists(through.objects.filter(assessment=OuterRef("pk")))
        for name, through in (
            ("has_evidence", Assessment.evidence.through),
            ("has_values", Assessment.measurements.through),
        )
    }
    facts = ("grade__scale", "institution", "accreditation", "made_by", "recommendation__body")
    rows = rows.select_related(*facts, "copied_from__recommendation").annotate(**ticked, **CHANGES)
    return list(rows.order_by("-date", "-pk"))


def who(one: Assessment) -> str:
    """The State, the body, or the organisation; of an independent voice never the person."""
    if one.voice == Voice.GOVERNMENT:
        return _("The State itself")
    if one.voice == Voice.MECHANISM:
        return str(one.recommendation.body.name)
    return str(one.institution) if one.institution else one.author or _("Not named")


def put_together(told: list[AssessmentLine], voices: list[Voice], *, evidence: QuerySet, values: QuerySet) -> Voices:
    """A column for each voice that may assess, and for any other that an older row was entered in."""
    add_evidence(told, evidence)
    add_values(told, values)
    add_replies(told)
    standing = [one for one in told if one.assessment.retracted_at is None]
    now = [one for one in standing if one.assessment.is_latest and one.assessment.is_published]
    now.sort(key=lambda one: not one.assessment.is_signed)  # what an institution signed is not pushed down the page
    columns = [
        Column(
            voice,
            str(voice.label),
            [one for one in now if one.assessment.voice == voice],
            [one for one in standing if one.waits and one.assessment.voice == voice],
        )
        for voice in Voice
        if voice in voices or any(one.assessment.voice == voice for one in standing)
    ]
    published = [(one.assessment, one.who) for one in standing if one.assessment.is_published]
    return Voices(
        columns=columns,
        disagreements=kinds_of(one.assessment for one in now),
        history=told,
        chart=chart_of(published, until=timezone.localdate()),
    )


def add_evidence(told: Iterable[AssessmentLine], seen: QuerySet) -> None:
    asked = {one.assessment.pk: one for one in told if vars(one.assessment)["has_evidence"]}
    if not asked:
        return
    ticks = Assessment.evidence.through.objects.filter(
        assessment__in=asked, evidence__in=seen.order_by().values("pk")
    )
    for tick in ticks.select_related("evidence").order_by("pk"):
        asked[tick.assessment_id].evidence.append(tick.evidence)


def add_values(told: Iterable[AssessmentLine], seen: QuerySet) -> None:
    asked = {one.assessment.pk: one for one in told if vars(one.assessment)["has_values"]}
    if not asked:
        return
    ticks = Assessment.measurements.through.objects.filter(
        assessment__in=asked, measurement__in=seen.order_by().values("pk")
    )
    for tick in ticks.select_related("measurement__indicator").order_by("pk"):
        asked[tick.assessment_id].measurements.append(tick.measurement)


def add_replies(told: Iterable[AssessmentLine]) -> None:
    """What the State said beside signed assessments; on a copy, what it said of the original."""
    asked = {one.assessment.origin_id: one for one in told if one.assessment.is_signed}
    if asked:
        for reply in AssessmentReply.objects.filter(assessment__in=asked):
            asked[reply.assessment_id].replies.append(reply)


def add_texts_assessed(
    told: Sequence[AssessmentLine], record: Recommendation, *, until: datetime | None = None
) -> None:
    found = texts_assessed([one.assessment for one in told], record, until=until)
    for one in told:
        one.assessed = found.get(one.assessment.pk)
