"""The three voices on one record, side by side, for its page at the desk and its public page."""

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
    """One assessment with its author, evidence and values, as far as this reader may see them."""

    assessment: Assessment
    who: str
    entered_by: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    may_retract: bool = False
    may_reply: bool = False
    replies: list[AssessmentReply] = field(default_factory=list)
    assessed: TextAssessed | None = None  # if another text is shown than the one assessed

    @property
    def waits(self) -> bool:
        return not self.assessment.is_published and self.assessment.retracted_at is None


@dataclass(slots=True)
class Column:
    """The latest assessments of one voice, and its unpublished ones."""

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
    """For the desk, including unpublished and retracted assessments, and who entered them."""
    rows = read(Assessment.objects.visible_to(user).filter(recommendation=recommendation))
    names = shown_names((assessment.made_by for assessment in rows if assessment.voice != Voice.INDEPENDENT), to=user)
    assesses = can(user, Can.ASSESS)
    lines = []
    for assessment in rows:
        entered_by = (
            names.get(assessment.made_by_id, "")
            if assessment.made_by_id and assessment.voice != Voice.INDEPENDENT
            else ""
        )
        may_act = assesses and assessment.retracted_at is None
        may_retract, may_reply = may_act and not assessment.is_signed, may_act and assessment.is_signed
        lines.append(
            AssessmentLine(assessment, who(assessment), entered_by, may_retract=may_retract, may_reply=may_reply)
        )
    add_texts_assessed(lines, recommendation)
    visible = {"evidence": Evidence.objects.visible_to(user), "values": Measurement.objects.visible_to(user)}
    return assemble(lines, voices_of(recommendation.body), **visible)


def public_voices(recommendation: Recommendation) -> Voices:
    rows = read(Assessment.objects.public().filter(recommendation=recommendation))
    lines = [AssessmentLine(assessment, who(assessment)) for assessment in rows]
    add_texts_assessed(lines, recommendation)
    visible = {"evidence": Evidence.objects.public(), "values": Measurement.objects.public()}
    return assemble(lines, voices_of(recommendation.body), **visible)


def signed_on(hidden: PublicReason) -> list[AssessmentLine]:
    """Signed assessments of a record that is no longer public, with the links given by the institutions."""
    record = hidden.recommendation
    rows = read(Assessment.objects.signed().standing().filter(recommendation=record))
    lines = [AssessmentLine(assessment, who(assessment)) for assessment in rows]
    links = (
        Evidence.objects.kept()
        .exclude(link="")
        .filter(is_public=True, added_by__in=[assessment.made_by_id for assessment in rows])
    )
    add_evidence(lines, links)
    add_replies(lines)
    if not hidden.protects_person:
        add_texts_assessed(lines, record, until=hidden.at)
    return lines


def read(rows: QuerySet) -> list[Assessment]:
    """Load with annotations on whether there is evidence or a value, so that these are only queried if there is
    any."""
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


def who(assessment: Assessment) -> str:
    """The name of the author: the State, the body or the organisation, never a person."""
    if assessment.voice == Voice.GOVERNMENT:
        return _("The State")
    if assessment.voice == Voice.MECHANISM:
        return str(assessment.recommendation.body.name)
    return str(assessment.institution) if assessment.institution else assessment.author or _("Not named")


def assemble(lines: list[AssessmentLine], voices: list[Voice], *, evidence: QuerySet, values: QuerySet) -> Voices:
    """A column for each voice that may assess, and for any other voice with an older assessment."""
    add_evidence(lines, evidence)
    add_values(lines, values)
    add_replies(lines)
    standing = [line for line in lines if line.assessment.retracted_at is None]
    now = [line for line in standing if line.assessment.is_latest and line.assessment.is_published]
    now.sort(
        key=lambda line: not line.assessment.is_signed
    )  # signed ones come first, so that others cannot push them down the page
    columns = [
        Column(
            voice,
            str(voice.label),
            [line for line in now if line.assessment.voice == voice],
            [line for line in standing if line.waits and line.assessment.voice == voice],
        )
        for voice in Voice
        if voice in voices or any(line.assessment.voice == voice for line in standing)
    ]
    published = [(line.assessment, line.who) for line in standing if line.assessment.is_published]
    return Voices(
        columns=columns,
        disagreements=kinds_of(line.assessment for line in now),
        history=lines,
        chart=chart_of(published, until=timezone.localdate()),
    )


def add_evidence(lines: Iterable[AssessmentLine], visible: QuerySet) -> None:
    with_evidence = {line.assessment.pk: line for line in lines if vars(line.assessment)["has_evidence"]}
    if not with_evidence:
        return
    ticks = Assessment.evidence.through.objects.filter(
        assessment__in=with_evidence, evidence__in=visible.order_by().values("pk")
    )
    for tick in ticks.select_related("evidence").order_by("pk"):
        with_evidence[tick.assessment_id].evidence.append(tick.evidence)


def add_values(lines: Iterable[AssessmentLine], visible: QuerySet) -> None:
    with_values = {line.assessment.pk: line for line in lines if vars(line.assessment)["has_values"]}
    if not with_values:
        return
    ticks = Assessment.measurements.through.objects.filter(
        assessment__in=with_values, measurement__in=visible.order_by().values("pk")
    )
    for tick in ticks.select_related("measurement__indicator").order_by("pk"):
        with_values[tick.assessment_id].measurements.append(tick.measurement)


def add_replies(lines: Iterable[AssessmentLine]) -> None:
    """Add the replies of the State; a copy shows the replies to the original."""
    signed = {line.assessment.origin_id: line for line in lines if line.assessment.is_signed}
    if signed:
        for reply in AssessmentReply.objects.filter(assessment__in=signed):
            signed[reply.assessment_id].replies.append(reply)


def add_texts_assessed(
    lines: Sequence[AssessmentLine], record: Recommendation, *, until: datetime | None = None
) -> None:
    texts = texts_assessed([line.assessment for line in lines], record, until=until)
    for line in lines:
        line.assessed = texts.get(line.assessment.pk)
