"""Builders of indicators and their values."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import User
from servanda.planning.indicators.measurements import MeasurementValues
from servanda.planning.models import Dimension, Indicator, IndicatorRecommendation, Measurement
from servanda.recommendations.models import Recommendation
from tests import make

numbers = count(1)
Facts = dict[str, object]


def indicator(code: str = "", *, about: Recommendation | None = None, **fields) -> Indicator:
    """An outcome in per cent, higher is better, unless the fields say otherwise."""
    given: Facts = {"name": "Share of children in school", "kind": "outcome", "unit": "percent"} | fields
    made = Indicator.objects.create(code=code or f"IND-{next(numbers)}", **given)
    if about:
        IndicatorRecommendation.objects.create(indicator=made, recommendation=about)
    return made


def target(code: str = "", **fields) -> Indicator:
    """From 40 at the end of 2020 to 80 at the end of 2030."""
    ends = {"baseline": Decimal(40), "baseline_on": date(2020, 12, 31)}
    ends |= {"target": Decimal(80), "target_on": date(2030, 12, 31)}
    return indicator(code, **(ends | fields))


def value(of: Indicator, year: int, number: object = 50, **fields) -> Measurement:
    """Of one year and the whole country."""
    data = {"value": None if fields.get("missing") else Decimal(str(number))}
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return Measurement.objects.create(indicator=of, **(data | days | fields))


def said(year: int = 2024, number: object = 50, **fields) -> MeasurementValues:
    given: Facts = {"value": None if fields.get("missing") else Decimal(str(number))}
    days: Facts = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return MeasurementValues(**(given | days | fields))


def sex(of: Indicator) -> Dimension:
    return Dimension.objects.create(indicator=of, code="sex", name="Sex", categories="Women\nMen")


class Counted(NamedTuple):
    """One of everything that an address of indicators can name."""

    indicator: Indicator
    withdrawn: Indicator
    value: Measurement
    link: IndicatorRecommendation
    sheet: Batch


def counted(record: Recommendation, by: User, owner: User) -> Counted:
    """The file is that of the person who will knock: no one sees those of others who keep no plan."""
    it = indicator("EDU-1", about=record, is_published=True, created_by=by)
    gone = indicator("EDU-2", withdrawn_at="2026-01-01T00:00Z", withdrawal_reason="Counted twice.")
    return Counted(
        indicator=it,
        withdrawn=gone,
        value=value(it, 2024, entered_by=by),
        link=it.abouts.get(),
        sheet=Batch.objects.create(shape="indicator-values", name="values.csv", created_by=owner, sha256="3" * 64),
    )


def keeper(code: str = "statistics", role: str = Role.FOCAL_POINT) -> User:
    """A person of the institution that keeps the numbers."""
    return make.user(role, make.institution(code))


def hidden(record: Recommendation, word: str) -> Indicator:
    """Not published, and about this record only; everything that it says holds the word."""
    data = {"name": word, "definition": word, "attribute": word, "source": word, "unit_words": word}
    it = indicator(f"{word}-{next(numbers)}", about=record, is_published=False, unit="number", **data)
    judged = {"progress_override": 5, "override_reason": word, "next_due_on": date(2025, 1, 1)}
    Indicator.objects.filter(pk=it.pk).update(**judged)
    it.dimensions.create(code="by", name=word, categories=word)
    value(it, 2023, note=word, source=word, territory=word)
    value(it, 2024, note=word, breakdown=f"by={word}")
    value(it, 2024, note=word)
    return it
