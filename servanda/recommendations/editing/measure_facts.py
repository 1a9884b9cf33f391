"""The facts of a measure that a court or committee has ordered, as an editor enters them."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from babel.numbers import list_currencies
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import OrderedMeasure, Recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFacts:
    type: str
    due_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    interest: Decimal | None = None
    paid_on: date | None = None

    def in_words(self) -> str:
        """As the trail stores them, independent of the reader's language."""
        values = [getattr(self, field.name) for field in fields(self)]
        return "; ".join(in_cents(value) for value in values if value not in ("", None))


def in_cents(value: object) -> str:
    """Amounts as the table stores them: 100 and 100.00 are the same."""
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


@transaction.atomic
def set_measure_facts(
    *, recommendation: Recommendation, version: int, facts: MeasureFacts, by: User
) -> OrderedMeasure:
    """Save type, deadline and payment of a measure. Raises `ChangedMeanwhile`, and `Refused` for impossible
    facts."""
    record = lock(recommendation, version=version)
    if record.kind != Recommendation.Kind.MEASURE:
        raise Refused(_("This record is not a measure."))
    refuse_impossible(facts, record)
    former = OrderedMeasure.objects.filter(recommendation=record).first()
    before = facts_of(former).in_words() if former else ""
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    measure, _created = OrderedMeasure.objects.update_or_create(recommendation=record, defaults=values)
    if before != facts.in_words():
        difference = {"measure": [before, facts.in_words()]}
        save_version(record, "measure-facts-set", by=by, difference=difference)
    return measure


def facts_of(measure: OrderedMeasure) -> MeasureFacts:
    return MeasureFacts(**{field.name: getattr(measure, field.name) for field in fields(MeasureFacts)})


def refuse_impossible(facts: MeasureFacts, record: Recommendation) -> None:
    money = {name: getattr(facts, name) for name in OrderedMeasure.MONEY}
    if facts.type != OrderedMeasure.Type.PAYMENT and (given := [name for name, value in money.items() if value]):
        raise FieldRefused(given[0], _("Only a payment has amounts. Choose another type, or empty these fields."))
    if (facts.amount is not None or facts.interest is not None) and not facts.currency:
        raise FieldRefused("currency", _("Enter the currency, for example EUR."))
    if facts.currency and facts.currency not in list_currencies():
        sentence = _("“%(code)s” is not an ISO 4217 currency code. Enter a code such as EUR.")
        raise FieldRefused("currency", sentence % {"code": facts.currency})
    for name in ("due_on", "paid_on"):
        day = getattr(facts, name)
        if day and record.date and day < record.date:
            raise FieldRefused(name, _("The date is before that of the document. Enter a later date."))
