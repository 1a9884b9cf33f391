"""The facts of the rooms below, each as its own room shows it to the same person."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db.models import Expression, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThanOrEqual, IsNull, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from servanda.kit.pages.translations import separator
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.indicators import chart
from servanda.planning.indicators.formatting import in_unit
from servanda.planning.indicators.series import IndicatorLine, with_series
from servanda.planning.models import Action, ActionRecommendation, Indicator, IndicatorRecommendation, Measurement
from servanda.progress.models import (
    Assessment,
    Evidence,
    EvidenceRecommendation,
    Update,
    UpdateCluster,
    UpdateRecommendation,
    UpdateStep,
    Voice,
)
from servanda.recommendations.models import ClusterMember, Position, Stand
from servanda.recommendations.records.as_of import current_at, states_at
from servanda.reporting.facts.record_numbers import RecordNumber, numbers_of_facts
from servanda.reporting.facts.record_numbers import in_words as numbers_in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactPicture, FactSource

LONGEST_CITATION, LONGEST_NUMBERS = 385, 180
MOST_CITED = 12  # recommendations in one endnote
APPROVED = (Update.State.VALIDATED, Update.State.PUBLISHED)


def keys_of(records: QuerySet) -> QuerySet:
    return records.order_by().values("pk")


def cited(*parts: object, about: Sequence[RecordNumber] = ()) -> str:
    """The source of a fact as an endnote, followed by the numbers and documents of its recommendations."""
    numbers = Truncator(numbers_in_words(about, most=MOST_CITED)).chars(LONGEST_NUMBERS)
    whole = listed(*parts)
    return listed(Truncator(whole).chars(LONGEST_CITATION - len(numbers)), numbers)


def listed(*parts: object) -> str:
    """Those that are not empty, with the comma of the language."""
    return separator(get_language() or settings.LANGUAGE_CODE).join(str(part) for part in parts if part)


def days_in(start: date | None, end: date | None, *, begins: Expression | F, ends: Expression | F | None) -> Q:
    """Condition for rows whose period overlaps these dates; rows without dates match."""
    condition = Q()
    if end:
        condition &= Q(LessThanOrEqual(begins, end)) | Q(IsNull(begins, rhs=True))
    if start and ends is not None:
        condition &= Q(GreaterThanOrEqual(ends, start)) | Q(IsNull(ends, rhs=True))
    return condition


def withdrawn_since(model: type[Model], as_of: datetime, user: User) -> QuerySet:
    """Rows withdrawn after `as_of`, for users who read everything; they are shown as withdrawn."""
    rows = model._default_manager.filter(withdrawn_at__gt=as_of)
    return rows if can(user, Can.READ_EVERYTHING) else rows.none()


def day_of(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def days_of_withdrawal(model: type[Model], keys: Collection[int]) -> dict[str, date]:
    rows = model._default_manager.filter(pk__in=keys, withdrawn_at__isnull=False).values_list("pk", "withdrawn_at")
    return {str(pk): timezone.localdate(moment) for pk, moment in rows}


def in_words(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


# Positions


def positions(context: FactContext) -> QuerySet:
    known = Position.objects.decided()
    if context.as_of:
        known = current_at(Position.objects.filter(is_draft=False), context.as_of).exclude(stand=Stand.PENDING)
    rows = known.filter(recommendation__in=keys_of(context.records))
    rows = rows.filter(days_in(context.start, context.end, begins=F("date"), ends=None))  # it is in force until today
    return rows.select_related("recommendation__document", "recommendation__body").order_by(
        F("date").desc(nulls_last=True), "recommendation__order_key"
    )


def position_facts(rows: Iterable[Position], _context: FactContext) -> list[Fact]:
    rows = list(rows)
    about = {row.pk: (RecordNumber.of(row.recommendation),) for row in rows}
    return [
        Fact(
            key=str(row.pk),
            title=f"{row.recommendation.code}: {row.get_stand_display()}",
            text=f"{row.get_stand_display()}. {row.comment}".strip(),
            citation=cited(_("Position of the State"), row.symbol, in_words(row.date), about=about[row.pk]),
            address=reverse("desk:record", args=[row.recommendation.code]),
            day=row.date,
            lead=listed(_("Position of the State"), in_words(row.date)),
            about=about[row.pk],
        )
        for row in rows
    ]


def with_position(context: FactContext) -> QuerySet:
    return positions(context).order_by().values("recommendation")


# Updates


def with_approval(rows: QuerySet) -> QuerySet:
    """Each with `approved_at`: its last approval; for one that was entered from a letter, when that was published."""
    steps = UpdateStep.objects.filter(update=OuterRef("pk"), state=Update.State.VALIDATED).order_by("-at", "-pk")
    return rows.annotate(approved_at=Coalesce(Subquery(steps.values("at")[:1]), "published_at", "changed_at"))


def updates(context: FactContext) -> QuerySet:
    visible = Update.objects.visible_to(context.user)
    if context.as_of:
        gone = withdrawn_since(Update, context.as_of, context.user).order_by().values("pk")
        visible = Update.objects.filter(Q(pk__in=visible.order_by().values("pk")) | Q(pk__in=gone))
    visible = visible.filter(state__in=APPROVED)
    about = UpdateRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    through = UpdateCluster.objects.reaching(context.records).order_by()
    rows = visible.filter(Q(pk__in=about.values("update")) | Q(pk__in=through.values("update")))
    if context.as_of:
        rows = with_approval(rows).filter(approved_at__lte=context.as_of)
    day = TruncDate(Coalesce("published_at", "changed_at"))
    begins, ends = Coalesce("start", "end", day), Coalesce("end", "start", day)
    rows = rows.filter(days_in(context.start, context.end, begins=begins, ends=ends))
    return rows.select_related("institution").order_by(F("published_at").desc(nulls_last=True), "-changed_at", "-pk")


def update_facts(rows: Iterable[Update], context: FactContext) -> list[Fact]:
    rows = list(rows)
    keys = [row.pk for row in rows]
    through = (ClusterMember.objects.reached(), "cluster__update_abouts__update")
    links = [(UpdateRecommendation.objects.all(), "update"), through]
    about = numbers_of_facts(links, keys, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=str(row.institution),
            text="\n\n".join(filter(None, [row.text, row.figures])),
            citation=cited(
                _("Update"),
                row.institution,
                in_words(row.published_at or row.changed_at),
                about=about.get(row.pk, ()),
            ),
            address=reverse("desk:update", args=[row.pk]),
            day=(row.published_at or row.changed_at).date(),
            language=row.language,
            withdrawn_on=day_of(row.withdrawn_at),
            lead=_("%(institution)s reported on %(day)s")
            % {"institution": row.institution, "day": in_words(row.published_at or row.changed_at)},
            about=about.get(row.pk, ()),
        )
        for row in rows
    ]


def with_update(context: FactContext) -> QuerySet:
    """The records covered by an update, directly or through their cluster."""
    visible = updates(context).order_by().values("pk")
    about = UpdateRecommendation.objects.filter(update__in=visible).order_by()
    through = ClusterMember.objects.reached().filter(cluster__update_abouts__update__in=visible).order_by()
    named = Q(pk__in=about.values("recommendation")) | Q(pk__in=through.values("recommendation"))
    return context.records.filter(named).order_by().values("pk")


# Values of indicators


def measurements(context: FactContext) -> QuerySet:
    about = IndicatorRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    rows = Measurement.objects.visible_to(context.user).filter(value__isnull=False)
    rows = rows.known_at(context.as_of)
    rows = rows.filter(indicator__in=about.values("indicator"))
    rows = rows.filter(days_in(context.start, context.end, begins=F("start"), ends=F("end")))
    return rows.select_related("indicator").order_by("-end", "indicator__code", "pk")


def measurement_facts(rows: Iterable[Measurement], context: FactContext) -> list[Fact]:
    rows = list(rows)
    indicators = {row.indicator_id for row in rows}
    links = [(IndicatorRecommendation.objects.all(), "indicator")]
    about = numbers_of_facts(links, indicators, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=str(row.indicator),
            text=f"{row.indicator.name}: {value_of(row)} ({period_of(row)})",
            citation=cited(row.indicator.name, row.source, period_of(row), about=about.get(row.indicator_id, ())),
            address=reverse("desk:indicator", args=[row.indicator.code]),
            day=row.end,
            about=about.get(row.indicator_id, ()),
        )
        for row in rows
    ]


def value_of(row: Measurement) -> str:
    return listed(in_unit(row.indicator, row.value), row.population, row.territory, row.breakdown)


def period_of(row: Measurement) -> str:
    if (row.start.month, row.start.day, row.end.month, row.end.day) == (1, 1, 12, 31):
        return "–".join(dict.fromkeys((str(row.start.year), str(row.end.year))))
    return in_words(row.end) if row.start == row.end else f"{in_words(row.start)}–{in_words(row.end)}"


def measurement_pictures(keys: Sequence[str], user: User, as_of: datetime | None) -> dict[str, FactPicture]:
    """The chart of the indicator of each of these values, as its values were known at that moment; as they are known
    today where one of these was entered since."""
    visible = Indicator.objects.visible_to(user).order_by().values("pk")
    rows = Measurement.objects.visible_to(user).filter(pk__in=[key for key in keys if key.isdecimal()])
    rows = rows.filter(indicator__in=visible).select_related("indicator")
    indicator_of = {str(row.pk): row.indicator for row in rows}
    indicators = {indicator.pk: indicator for indicator in indicator_of.values()}
    newer = {row.indicator_id for row in rows if as_of and row.entered_at > as_of}
    lines = with_series((it for pk, it in indicators.items() if pk not in newer), as_of)
    lines += with_series(indicators[pk] for pk in newer)
    pictures = {line.indicator.pk: picture_of(line) for line in lines if line.has_numbers}
    return {key: pictures[it.pk] for key, it in indicator_of.items() if it.pk in pictures}


def picture_of(line: IndicatorLine) -> FactPicture:
    indicator, series = line.indicator, line.series
    return FactPicture(
        key=f"indicator-{indicator.pk}",
        title=str(indicator),
        alternative=chart.in_words(indicator, series),
        draw=partial(chart.draw_png, indicator, series),
    )


def with_measurement(context: FactContext) -> QuerySet:
    measured = measurements(context).order_by().values("indicator")
    return IndicatorRecommendation.objects.filter(indicator__in=measured).order_by().values("recommendation")


# Actions


def actions(context: FactContext) -> QuerySet:
    about = ActionRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    rows = Action.objects.visible_to(context.user).filter(pk__in=about.values("action"))
    if context.as_of:
        withdrawn_since = Action.objects.kept_at(context.as_of).filter(pk__in=about.values("action"))
        rows = rows.filter(created_at__lte=context.as_of)
        rows = rows | withdrawn_since if can(context.user, Can.READ_EVERYTHING) else rows
    rows = rows.filter(days_in(context.start, context.end, begins=F("start"), ends=F("due_on")))
    return rows.order_by(F("due_on").desc(nulls_last=True), "code")


def action_facts(rows: Iterable[Action], context: FactContext) -> list[Fact]:
    found = list(rows)
    gone = {row.pk: day_of(row.withdrawn_at) for row in found}
    about = numbers_of_facts([(ActionRecommendation.objects.all(), "action")], gone, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=str(row),
            text=f"{row.title} ({row.get_status_display()}). {row.description}".strip(),
            citation=cited(
                _("Action"),
                row.title,
                row.get_status_display(),
                in_words(row.due_on),
                about=about.get(row.pk, ()),
            ),
            address=row.get_absolute_url(),
            day=row.due_on,
            withdrawn_on=gone.get(row.pk),
            lead=_("Action, due on %(day)s") % {"day": in_words(row.due_on)} if row.due_on else _("Action"),
            about=about.get(row.pk, ()),
        )
        for row in as_they_were(found, context.as_of)
    ]


def as_they_were(actions: Sequence[Action], as_of: datetime | None) -> Sequence[Action]:
    if as_of is None:
        return actions
    states = states_at(Action, [row.pk for row in actions], as_of)
    return [states.get(row.pk, row) for row in actions]


def with_action(context: FactContext) -> QuerySet:
    visible = actions(context).order_by().values("pk")
    return ActionRecommendation.objects.filter(action__in=visible).order_by().values("recommendation")


# Assessments


def assessments(context: FactContext) -> QuerySet:
    rows = Assessment.objects.visible_to(context.user)
    rows = rows.latest_at(context.as_of) if context.as_of else rows.latest()
    rows = rows.filter(recommendation__in=keys_of(context.records))
    rows = rows.filter(days_in(context.start, context.end, begins=F("date"), ends=F("date")))
    return rows.select_related("recommendation__document", "recommendation__body", "institution", "grade").order_by(
        "-date", "-pk"
    )


def assessment_facts(rows: Iterable[Assessment], _context: FactContext) -> list[Fact]:
    rows = list(rows)
    about = {row.pk: (RecordNumber.of(row.recommendation),) for row in rows}
    return [
        Fact(
            key=str(row.pk),
            title=f"{row.recommendation.code}: {row.grade.label}",
            text=f"{row.grade.label}. {row.reason}".strip(),
            citation=cited(
                row.get_voice_display(),
                row.institution or row.author,
                row.symbol,
                row.paragraph,
                in_words(row.date),
                about=about[row.pk],
            ),
            address=reverse("desk:record", args=[row.recommendation.code]),
            day=row.date,
            lead=listed(row.get_voice_display(), row.institution or row.author, in_words(row.date)),
            about=about[row.pk],
        )
        for row in rows
    ]


def with_assessment(context: FactContext) -> QuerySet:
    return assessments(context).order_by().values("recommendation")


def independent_assessments(context: FactContext) -> QuerySet:
    return assessments(context).filter(voice=Voice.INDEPENDENT)


def with_independent_assessment(context: FactContext) -> QuerySet:
    return independent_assessments(context).order_by().values("recommendation")


# Evidence


def evidence(context: FactContext) -> QuerySet:
    about = EvidenceRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    rows = Evidence.objects.visible_to(context.user)
    if context.as_of:
        gone = withdrawn_since(Evidence, context.as_of, context.user).filter(is_submitted=True).order_by()
        rows = Evidence.objects.filter(Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=gone.values("pk")))
    rows = rows.filter(pk__in=about.values("evidence"))
    if context.as_of:
        rows = rows.filter(added_at__lte=context.as_of)
    day = Coalesce("date", TruncDate("added_at"))
    rows = rows.filter(days_in(context.start, context.end, begins=day, ends=day))
    return rows.order_by(F("date").desc(nulls_last=True), "-added_at", "-pk")


def evidence_facts(rows: Iterable[Evidence], context: FactContext) -> list[Fact]:
    rows = list(rows)
    keys = [row.pk for row in rows]
    about = numbers_of_facts([(EvidenceRecommendation.objects.all(), "evidence")], keys, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=row.title,
            text=row.title,
            citation=cited(
                row.title, row.get_kind_display(), in_words(row.date), row.link, about=about.get(row.pk, ())
            ),
            address=reverse("desk:evidence_file", args=[row.key]) if row.file else row.link,
            day=row.date,
            language=row.language,
            withdrawn_on=day_of(row.withdrawn_at),
            lead=str(row.get_kind_display()),
            about=about.get(row.pk, ()),
        )
        for row in rows
    ]


def with_evidence(context: FactContext) -> QuerySet:
    visible = evidence(context).order_by().values("pk")
    return EvidenceRecommendation.objects.filter(evidence__in=visible).order_by().values("recommendation")


SOURCES = (
    FactSource(
        "positions", gettext_lazy("Positions of the State"), positions, position_facts, with_position, is_drafted=True
    ),
    FactSource(
        "updates",
        gettext_lazy("Updates"),
        updates,
        update_facts,
        with_update,
        is_drafted=True,
        withdrawn=partial(days_of_withdrawal, Update),
        gap=gettext_lazy("No approved update on: %(numbers)s."),
    ),
    FactSource(
        "measurements",
        gettext_lazy("Indicator values"),
        measurements,
        measurement_facts,
        with_measurement,
        measurement_pictures,
        is_drafted=True,
    ),
    FactSource(
        "actions",
        gettext_lazy("Actions"),
        actions,
        action_facts,
        with_action,
        is_drafted=True,
        withdrawn=partial(days_of_withdrawal, Action),
        gap=gettext_lazy("No action planned for: %(numbers)s."),
    ),
    FactSource(
        "assessments",
        gettext_lazy("Assessments"),
        assessments,
        assessment_facts,
        with_assessment,
        is_drafted=True,
        gap=gettext_lazy("No published assessment of: %(numbers)s."),
    ),
    FactSource(
        "independent-assessments",
        gettext_lazy("Independent assessments"),
        independent_assessments,
        assessment_facts,
        with_independent_assessment,
        is_drafted=True,
    ),
    FactSource(
        "evidence",
        gettext_lazy("Evidence"),
        evidence,
        evidence_facts,
        with_evidence,
        is_drafted=True,
        withdrawn=partial(days_of_withdrawal, Evidence),
    ),
)
