"""Values of indicators: enter a value for a period, or why it is missing; corrections are new rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.periods import as_period, next_due
from servanda.planning.indicators.rules import in_canonical_order, parts_of, refuse_wrong_unit
from servanda.planning.indicators.services import lock
from servanda.planning.models import Indicator, Measurement
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

LONGEST = {"territory": 80, "population": 120, "breakdown": 300, "source": 300, "method_version": 40}
WHOLE_DIGITS, DECIMALS = 14, 6
LEAVES_DUE = Measurement.Missing.NOT_YET  # the value will follow, so it stays due


@dataclass(frozen=True, slots=True)
class MeasurementValues:
    """A value as it is entered, before it is stored."""

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


def values_in(measurement: Measurement) -> MeasurementValues:
    names = MeasurementValues.__dataclass_fields__
    return MeasurementValues(**{name: getattr(measurement, name) for name in names})


@transaction.atomic
def measure(*, indicator: Indicator, values: MeasurementValues, by: User) -> Measurement:
    """Enter a value for a period, or why it is missing, and move the day on which the next one is due.

    Raises `Refused` if this person may not enter values of the indicator, and `FieldRefused` if the period, the value
    or the breakdown is not valid.
    """
    indicator, values = lock(indicator), values.tidied()
    refuse_foreign(indicator, by=by)
    refuse_impossible(
        indicator,
        values,
        current=of_series(indicator, values),
        categories=categories_of(indicator),
        on=timezone.localdate(),
    )
    measurement = create_measurement(indicator, values, by=by)
    move_due(indicator, values, by=by)
    Event.record("value-entered", indicator, by=by, difference=trail_difference(None, values))
    return measurement


@transaction.atomic
def correct_measurement(*, measurement: Measurement, values: MeasurementValues, reason: str, by: User) -> Measurement:
    """Correct a value: a new one supersedes it, and the old one stays in the history with the reason.

    Raises `Refused` if it was corrected already, if nothing changes, or without a reason; otherwise as `measure`.
    """
    indicator, values = lock(measurement.indicator), values.tidied()
    refuse_foreign(indicator, by=by)
    old = Measurement.objects.select_for_update().get(pk=measurement.pk)
    if old.superseded_at is not None:
        raise Refused(_("This value has already been corrected. Correct the current value."))
    if values == values_in(old):
        raise Refused(_("No change: the current value is the same."))
    reason_text = required_reason(reason)
    others = of_series(indicator, values).exclude(pk=old.pk)
    refuse_impossible(indicator, values, current=others, categories=categories_of(indicator), on=timezone.localdate())
    correction = supersede(old, values, reason=reason_text, by=by)
    move_due(indicator, values, by=by)
    difference = {**trail_difference(values_in(old), values), "reason": ["", reason_text]}
    Event.record("value-corrected", indicator, by=by, difference=difference)
    return correction


def create_measurement(
    indicator: Indicator, values: MeasurementValues, *, by: User, batch: Batch | None = None
) -> Measurement:
    measurement = new_measurement(indicator, values, by=by, batch=batch)
    measurement.save(force_insert=True)
    return measurement


def new_measurement(
    indicator: Indicator, values: MeasurementValues, *, by: User, batch: Batch | None = None
) -> Measurement:
    """Not saved yet."""
    return Measurement(
        indicator=indicator,
        start=values.start,
        end=values.end,
        value=values.value,
        missing=values.missing,
        territory=values.territory,
        population=values.population,
        breakdown=values.breakdown,
        source=values.source,
        method_version=values.method_version,
        is_break=values.is_break,
        note=values.note,
        entered_by=by,
        brought_by=batch,
    )


def supersede(old: Measurement, values: MeasurementValues, *, reason: str, by: User) -> Measurement:
    """The old row is superseded first, so that there are never two current ones."""
    old.superseded_at, old.correction_reason = timezone.now(), reason
    old.save(update_fields=["superseded_at", "correction_reason"])
    old.superseded_by = create_measurement(old.indicator, values, by=by)
    old.save(update_fields=["superseded_by"])
    return old.superseded_by


def move_due(indicator: Indicator, values: MeasurementValues, *, by: User) -> None:
    if not values.is_headline or values.missing == LEAVES_DUE:
        return
    due = next_due(indicator, end=values.end)
    if due != indicator.next_due_on:
        indicator.next_due_on = due
        save_version(indicator, "value-entered", by=by)


def refuse_foreign(indicator: Indicator, *, by: User) -> None:
    if Indicator.objects.measured_by(by).filter(pk=indicator.pk).exists():
        return
    sentence = _("Only the institution responsible for %(code)s and the coordinator can enter its values.")
    raise Refused(sentence % {"code": indicator.code})


def of_series(indicator: Indicator, values: MeasurementValues) -> QuerySet[Measurement]:
    series = {"territory": values.territory, "population": values.population, "breakdown": values.breakdown}
    return indicator.measurements.current().filter(**series)


def categories_of(indicator: Indicator) -> dict[str, list[str]]:
    return {dimension.code: dimension.category_names for dimension in indicator.dimensions.all()}


def refuse_impossible(
    indicator: Indicator,
    values: MeasurementValues,
    *,
    current: Iterable[Measurement | MeasurementValues],
    categories: Mapping[str, list[str]],
    on: date,
) -> None:
    """Raises `FieldRefused` for an invalid value, or one that overlaps with `current` values of the same series."""
    if values.end < values.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))
    if values.end > on:
        raise FieldRefused("end", _("The period has not ended yet. Enter the value after it ends."))
    if (values.value is None) == (not values.missing):
        raise FieldRefused("missing", _("Enter a value or choose a reason why it is missing, not both."))
    if values.is_break and values.value is None:
        sentence = _("Enter a value to mark a break in the series.")
        raise FieldRefused("is_break", sentence)
    refuse_vast(values)
    refuse_wrong_unit(indicator.unit, values.value, field="value")
    refuse_unknown_category(values, categories)
    for other in current:
        if (other.start, other.end) == (values.start, values.end):
            sentence = _("This period already has a value. Correct it instead of adding another.")
            raise FieldRefused("start", sentence)
        if other.start <= values.end and values.start <= other.end:
            sentence = _(
                "The period overlaps with %(period)s, which already has a value. Change the start or end date."
            )
            raise FieldRefused("start", sentence % {"period": as_period(other.start, other.end)})


def refuse_vast(values: MeasurementValues) -> None:
    for name, most in LONGEST.items():
        if len(getattr(values, name)) > most:
            field = getattr(Measurement, name).field.verbose_name
            sentence = _("“%(field)s” is longer than %(most)d characters. Shorten it.")
            raise FieldRefused(name, sentence % {"field": field, "most": most})
    if values.value is None:
        return
    _sign, digits, exponent = values.value.as_tuple()
    if not isinstance(exponent, int) or len(digits) + exponent > WHOLE_DIGITS:
        raise FieldRefused("value", _("This number has too many digits. Choose a larger unit."))
    if -exponent > DECIMALS and values.value != values.value.quantize(Decimal(1).scaleb(-DECIMALS)):
        raise FieldRefused("value", _("This number has more than six decimals. Round it."))


def refuse_unknown_category(values: MeasurementValues, categories: Mapping[str, list[str]]) -> None:
    for code, category in parts_of(values.breakdown).items():
        if category not in categories.get(code, []):
            sentence = _("“%(category)s” is not a category of “%(code)s”. Choose one of: %(known)s.")
            options = ", ".join(categories.get(code, [])) or _("none")
            raise FieldRefused(f"by_{code}", sentence % {"category": category, "code": code, "known": options})


def trail_difference(before: MeasurementValues | None, after: MeasurementValues) -> dict[str, list[str]]:
    """For the trail: the period, the series, and the values before and after."""
    series = ";".join(part for part in after.series if part)
    return {
        "period": ["", as_period(after.start, after.end)],
        "series": ["", series],
        "value": [in_words(before) if before else "", in_words(after)],
    }


def in_words(values: MeasurementValues) -> str:
    return values.missing if values.value is None else plain(values.value)
