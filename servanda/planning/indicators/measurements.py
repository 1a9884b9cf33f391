"""Values of indicators: said for a period, or why there is none; corrected by a new row, never overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.planning.assignments.services import required_reason
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.periods import as_period, next_due
from servanda.planning.indicators.rules import in_canonical_order, parts_of, refuse_wrong_unit
from servanda.planning.indicators.services import lock
from servanda.planning.models import Indicator, Measurement
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

LONGEST = {"territory": 80, "population": 120, "breakdown": 300, "source": 300, "method_version": 40}
WHOLE_DIGITS, DECIMALS = 14, 6
LEAVES_DUE = Measurement.Missing.NOT_YET  # the value is still to come


@dataclass(frozen=True, slots=True)
class MeasurementValues:
    """One value as somebody says it, before it is a row."""

    start: date
    end: date
    value: Decimal | None = None
    missing: str = ""
    territory: str = ""
    population: str = ""
    breakdown: str = ""
    source: str = ""
    method_version: str = ""
    is_break: bool = False
    note: str = ""

    @property
    def series(self) -> tuple[str, str, str]:
        return self.territory, self.population, self.breakdown

    @property
    def is_headline(self) -> bool:
        return not any(self.series)

    def tidied(self) -> "MeasurementValues":
        return replace(
            self,
            territory=clean_label(self.territory),
            population=clean_label(self.population),
            breakdown=in_canonical_order(parts_of(self.breakdown)),
            source=clean_label(self.source),
            method_version=clean_label(self.method_version),
            note=clean(self.note),
        )


def said_by(measurement: Measurement) -> MeasurementValues:
    names = MeasurementValues.__dataclass_fields__
    return MeasurementValues(**{name: getattr(measurement, name) for name in names})


@transaction.atomic
def measure(*, indicator: Indicator, said: MeasurementValues, by: User) -> Measurement:
    """Say a value for a period, or why there is none; the day when the next one is due moves on."""
    held, said = lock(indicator), said.tidied()
    refuse_foreign(held, by=by)
    refuse_impossible(
        held, said, there=of_series(held, said), categories=categories_of(held), on=timezone.localdate()
    )
    made = write(held, said, by=by)
    move_due(held, said, by=by)
    Event.record("value-entered", held, by=by, difference=told(None, said))
    return made


@transaction.atomic
def correct_measurement(*, measurement: Measurement, said: MeasurementValues, reason: str, by: User) -> Measurement:
    """Another value takes the place of this one, which stays in the history with the reason."""
    held, said = lock(measurement.indicator), said.tidied()
    refuse_foreign(held, by=by)
    old = Measurement.objects.select_for_update().get(pk=measurement.pk)
    if old.superseded_at is not None:
        raise Refused(_("This value was corrected already. Correct the one that counts now."))
    if said == said_by(old):
        raise Refused(_("This would change nothing: the value says so already."))
    why = required_reason(reason)
    there = of_series(held, said).exclude(pk=old.pk)
    refuse_impossible(held, said, there=there, categories=categories_of(held), on=timezone.localdate())
    made = put_in_place_of(old, said, reason=why, by=by)
    move_due(held, said, by=by)
    difference = {**told(said_by(old), said), "reason": ["", why]}
    Event.record("value-corrected", held, by=by, difference=difference)
    return made


def write(held: Indicator, said: MeasurementValues, *, by: User, batch: Batch | None = None) -> Measurement:
    return Measurement.objects.create(
        indicator=held,
        start=said.start,
        end=said.end,
        value=said.value,
        missing=said.missing,
        territory=said.territory,
        population=said.population,
        breakdown=said.breakdown,
        source=said.source,
        method_version=said.method_version,
        is_break=said.is_break,
        note=said.note,
        entered_by=by,
        brought_by=batch,
    )


def put_in_place_of(
    old: Measurement, said: MeasurementValues, *, reason: str, by: User, batch: Batch | None = None
) -> Measurement:
    """The old row first, so that there are never two that count."""
    old.superseded_at, old.correction_reason = timezone.now(), reason
    old.save(update_fields=["superseded_at", "correction_reason"])
    old.superseded_by = write(old.indicator, said, by=by, batch=batch)
    old.save(update_fields=["superseded_by"])
    return old.superseded_by


def move_due(held: Indicator, said: MeasurementValues, *, by: User) -> None:
    if not said.is_headline or said.missing == LEAVES_DUE:
        return
    due = next_due(held, end=said.end)
    if due != held.next_due_on:
        held.next_due_on = due
        save_version(held, "value-entered", by=by)


def refuse_foreign(held: Indicator, *, by: User) -> None:
    if Indicator.objects.measured_by(by).filter(pk=held.pk).exists():
        return
    sentence = _("Only the institution that keeps %(code)s and the coordinator say its values.")
    raise Refused(sentence % {"code": held.code})


def of_series(held: Indicator, said: MeasurementValues) -> QuerySet[Measurement]:
    named = {"territory": said.territory, "population": said.population, "breakdown": said.breakdown}
    return held.measurements.current().filter(**named)


def categories_of(held: Indicator) -> dict[str, list[str]]:
    return {one.code: one.category_names for one in held.dimensions.all()}


def refuse_impossible(
    held: Indicator,
    said: MeasurementValues,
    *,
    there: Iterable[Measurement | MeasurementValues],
    categories: Mapping[str, list[str]],
    on: date,
) -> None:
    """What no value can be; `there` are the current ones of the same series."""
    if said.end < said.start:
        raise FieldRefused("end", _("The period ends before it begins. Change one of the two days."))
    if said.end > on:
        raise FieldRefused("end", _("The period is not over yet. Say its value when it has ended."))
    if (said.value is None) == (not said.missing):
        raise FieldRefused("missing", _("Say a value, or choose the reason why it is missing; not both."))
    if said.is_break and said.value is None:
        sentence = _("A break in the series is where numbers stop being comparable: say it with a value.")
        raise FieldRefused("is_break", sentence)
    refuse_vast(said)
    refuse_wrong_unit(held.unit, said.value, field="value")
    refuse_unknown_category(said, categories)
    for one in there:
        if (one.start, one.end) == (said.start, said.end):
            sentence = _("There is a value for this period already. Correct it instead of adding another.")
            raise FieldRefused("start", sentence)
        if one.start <= said.end and said.start <= one.end:
            sentence = _("The period overlaps with %(period)s, which has a value already. Change one of its days.")
            raise FieldRefused("start", sentence % {"period": as_period(one.start, one.end)})


def refuse_vast(said: MeasurementValues) -> None:
    for name, most in LONGEST.items():
        if len(getattr(said, name)) > most:
            field = getattr(Measurement, name).field.verbose_name
            sentence = _("“%(field)s” is longer than %(most)d signs.")
            raise FieldRefused(name, sentence % {"field": field, "most": most})
    if said.value is None:
        return
    _sign, digits, exponent = said.value.as_tuple()
    if not isinstance(exponent, int) or len(digits) + exponent > WHOLE_DIGITS:
        raise FieldRefused("value", _("This number has too many digits. Choose a larger unit."))
    if -exponent > DECIMALS and said.value != said.value.quantize(Decimal(1).scaleb(-DECIMALS)):
        raise FieldRefused("value", _("This number has more than six decimals. Round it."))


def refuse_unknown_category(said: MeasurementValues, categories: Mapping[str, list[str]]) -> None:
    for code, category in parts_of(said.breakdown).items():
        if category not in categories.get(code, []):
            sentence = _("“%(category)s” is no category of “%(code)s” here. Choose one of: %(known)s.")
            known = ", ".join(categories.get(code, [])) or _("none")
            raise FieldRefused(f"by_{code}", sentence % {"category": category, "code": code, "known": known})


def told(before: MeasurementValues | None, after: MeasurementValues) -> dict[str, list[str]]:
    """What the trail keeps: the period, of whom, and the numbers."""
    series = ";".join(part for part in after.series if part)
    return {
        "period": ["", as_period(after.start, after.end)],
        "series": ["", series],
        "value": [in_words(before) if before else "", in_words(after)],
    }


def in_words(said: MeasurementValues) -> str:
    return said.missing if said.value is None else plain(said.value)
