"""Rules on the values of indicators, and the notation of breakdowns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.planning.assignments.services import refuse_closed
from servanda.planning.models import Indicator
from servanda.vocab.models import Term

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
SEPARATORS = frozenset(";=|\n\r")
# Columns of the files of values, which cannot be codes of dimensions.
RESERVED = frozenset(
    ["structure", "structure_id", "action", "freq", "ref_area", "indicator", "population", "time_period"]
    + ["obs_value", "obs_status", "unit_measure", "method_version", "source_detail", "obs_comment"]
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of an indicator, as in OHCHR's guide (HR/PUB/12/5, metadata sheet)."""

    code: str
    name: str
    kind: str
    right: Term | None = None
    attribute: str = ""
    definition: str = ""
    formula: str = ""
    unit: str = Indicator.Unit.NUMBER
    unit_words: str = ""
    source: str = ""
    custodian: Institution | None = None
    direction: str = Indicator.Direction.UP
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    target_source: str = ""
    schedule: str = Indicator.Schedule.YEARLY
    next_due_on: date | None = None
    sdg_indicator: str = ""
    method_version: str = ""
    is_published: bool = False


@dataclass(frozen=True, slots=True)
class DimensionValues:
    code: str
    name: str
    categories: tuple[str, ...]


def refuse_without_right(by: User) -> None:
    if not can(by, Can.EDIT_PLAN):
        raise Refused(_("You do not have permission to change indicators. Contact the coordinator."))


def refuse_impossible_sheet(values: Metadata, indicator: Indicator | None) -> None:
    if not CODE.fullmatch(values.code):
        raise FieldRefused("code", _("Enter letters, digits, dots and hyphens only, for example EDU-1."))
    if Indicator.objects.filter(code__iexact=values.code).exclude(pk=indicator.pk if indicator else 0).exists():
        raise FieldRefused("code", _("Another indicator has this reference. Choose another one."))
    refuse_impossible_target(values)
    refuse_wrong_unit(values.unit, values.baseline, field="baseline")
    refuse_wrong_unit(values.unit, values.target, field="target")
    if indicator and indicator.unit != values.unit and indicator.measurements.current().exists():
        raise FieldRefused(
            "unit", _("There are values in the current unit. Keep it, or add a new indicator with the other unit.")
        )
    if values.custodian and (indicator is None or indicator.custodian_id != values.custodian.pk):
        refuse_closed(values.custodian, since=timezone.localdate())


def refuse_impossible_target(values: Metadata) -> None:
    if (values.target is None) != (values.target_on is None):
        raise FieldRefused(
            "target_on",
            _("Enter both the target and its date, or neither."),
        )
    if (values.baseline is None) != (values.baseline_on is None):
        raise FieldRefused("baseline_on", _("Enter both the baseline and its date, or neither."))
    if values.baseline is None or values.target is None or values.baseline_on is None or values.target_on is None:
        return
    if values.target_on <= values.baseline_on:
        raise FieldRefused("target_on", _("The target date is not after the baseline date. Change one of them."))
    is_up = values.direction == Indicator.Direction.UP
    if values.target != values.baseline and (values.target > values.baseline) != is_up:
        raise FieldRefused(
            "target",
            _(
                "The target does not match the direction from the baseline. Change the target, the baseline or the "
                "direction."
            ),
        )


def refuse_wrong_unit(unit: str, number: Decimal | None, *, field: str) -> None:
    """Raises `FieldRefused` for a number that the unit does not allow."""
    if number is None:
        return
    Unit = Indicator.Unit
    if unit == Unit.PERCENT and not 0 <= number <= 100:
        raise FieldRefused(
            field, _("%(number)s is not a percentage. Enter a number between 0 and 100.") % {"number": number}
        )
    if unit == Unit.YES_NO and number not in (0, 1):
        raise FieldRefused(
            field, _("%(number)s is neither yes nor no. Enter 1 for yes or 0 for no.") % {"number": number}
        )
    if unit in (Unit.NUMBER, Unit.RATE) and number < 0:
        raise FieldRefused(field, _("%(number)s is negative. Enter 0 or a positive number.") % {"number": number})


def refuse_impossible_dimensions(indicator: Indicator, dimensions: Sequence[DimensionValues]) -> None:
    codes = [dimension.code for dimension in dimensions]
    for dimension in dimensions:
        if dimension.code in RESERVED or codes.count(dimension.code) > 1:
            raise FieldRefused(
                "lines",
                _("The code “%(code)s” is reserved or already used. Choose another code.") % {"code": dimension.code},
            )
        if not dimension.categories or any(SEPARATORS & set(name) for name in dimension.categories):
            raise FieldRefused(
                "lines",
                _("“%(code)s”: enter at least one category, without the characters ; = and |.")
                % {"code": dimension.code},
            )
        if len(set(dimension.categories)) < len(dimension.categories):
            raise FieldRefused(
                "lines", _("“%(code)s” has the same category twice. Remove one.") % {"code": dimension.code}
            )
    offered = {dimension.code: set(dimension.categories) for dimension in dimensions}
    used = indicator.measurements.current().exclude(breakdown="").values_list("breakdown", flat=True).distinct()
    for breakdown in used:
        for code, category in parts_of(breakdown).items():
            if category not in offered.get(code, set()):
                sentence = _(
                    "Some values are disaggregated by “%(code)s”, “%(category)s”. Keep this category, or correct "
                    "the values first."
                )
                raise FieldRefused("lines", sentence % {"code": code, "category": category})


def parts_of(breakdown: str) -> dict[str, str]:
    """Dimensions and categories of a breakdown such as "age=0-14;sex=F"."""
    return dict(part.split("=", 1) for part in breakdown.split(";") if "=" in part)


def in_canonical_order(parts: dict[str, str]) -> str:
    return ";".join(f"{code}={parts[code]}" for code in sorted(parts) if parts[code])
