"""Measures of a case: added with it, linked to it, unlinked; each is a record of the register."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.cases.services import lock_case
from servanda.proceedings.models import CaseMeasure, Proceeding, measures_open_to
from servanda.proceedings.rules import save_version
from servanda.recommendations.editing.measure_facts import MeasureFacts, set_measure_facts
from servanda.recommendations.editing.services import create_recommendation
from servanda.recommendations.models import Recommendation
from servanda.recommendations.pages.detail import with_heading
from servanda.sources.printed.texts import clean
from servanda.vocab.models import Body, Country

MOST_OFFERED = 100


class MeasureValues(NamedTuple):
    """One point of a judgment or order."""

    paragraph: str
    text: str
    type: str
    due_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    interest: Decimal | None = None


@transaction.atomic
def add_measures(
    *,
    proceeding: Proceeding,
    country: Country,
    language: str,
    measures: Sequence[MeasureValues],
    seen: int | None,
    by: User,
) -> list[Recommendation]:
    """Add the measures of a judgment or order to the register, unpublished, and link them to the case.

    They are open to the mechanism and to the institutions that the case names. Raises `ChangedMeanwhile`, and
    `Refused` without the date of the decision, without a body, or for impossible facts.
    """
    proceeding = lock_case(proceeding, by=by, seen=seen)
    body, decided_on = body_of(proceeding), proceeding.case.decided_on
    if decided_on is None:
        raise Refused(_("Enter the date of the judgment, decision or Views."))
    places = [named.institution for named in proceeding.named.select_related("institution")]
    records = []
    for row in measures:
        if not clean(row.text):
            raise Refused(_("Enter the text of each measure."))
        record = create_recommendation(
            kind=Recommendation.Kind.MEASURE,
            country=country,
            body=body,
            cycle=0,
            year=decided_on.year,
            symbol=proceeding.document.symbol if proceeding.document else "",
            paragraph=row.paragraph,
            date=decided_on,
            language=language,
            text=row.text,
            recommending=[],
            confidentiality=Recommendation.Confidentiality.RESTRICTED,
            restricted_to=places,
            by=by,
        )
        facts = MeasureFacts(
            type=row.type, due_on=row.due_on, amount=row.amount, currency=row.currency, interest=row.interest
        )
        set_measure_facts(recommendation=record, version=record.version, facts=facts, by=by)
        records.append(record)
    link(proceeding, records, by=by)
    return records


@transaction.atomic
def link_measures(*, proceeding: Proceeding, measures: Sequence[Recommendation], seen: int | None, by: User) -> None:
    """Link measures of the register to the case. Raises `ChangedMeanwhile`, and `Refused` for a record that is not a
    measure of its body, or belongs to another case."""
    proceeding = lock_case(proceeding, by=by, seen=seen)
    bodies = set(proceeding.bodies.values_list("pk", flat=True))
    for record in measures:
        if record.kind != Recommendation.Kind.MEASURE or record.body_id not in bodies:
            raise Refused(_("%(code)s is not a measure of the body of this case.") % {"code": record.code})
    if taken := CaseMeasure.objects.filter(recommendation__in=measures).exclude(proceeding=proceeding).first():
        sentence = _("%(code)s belongs to another case. Unlink it there first.")
        raise Refused(sentence % {"code": taken.recommendation.code})
    link(proceeding, measures, by=by)


@transaction.atomic
def unlink_measure(*, proceeding: Proceeding, measure: Recommendation, by: User) -> None:
    """Remove the link; the measure stays in the register."""
    proceeding = lock_case(proceeding, by=by)
    deleted, _rows = proceeding.measures.filter(recommendation=measure).delete()
    if not deleted:
        raise Refused(_("%(code)s is not linked to this case.") % {"code": measure.code})
    save_version(proceeding, "case-measure-unlinked", by=by, difference={"measures": [measure.code, ""]})


def link(proceeding: Proceeding, records: Sequence[Recommendation], *, by: User) -> None:
    present = set(proceeding.measures.values_list("recommendation", flat=True))
    wanted = [record for record in records if record.pk not in present]
    CaseMeasure.objects.bulk_create(CaseMeasure(proceeding=proceeding, recommendation=record) for record in wanted)
    if wanted:
        codes = ", ".join(record.code for record in wanted)
        save_version(proceeding, "case-measures-linked", by=by, difference={"measures": ["", codes]})


def body_of(proceeding: Proceeding) -> Body:
    if (body := proceeding.bodies.order_by("order", "code").first()) is None:
        raise Refused(_("Enter the mandates or the body that sent the letter."))
    return body


def offered_measures(proceeding: Proceeding, user: User) -> QuerySet[Recommendation]:
    """Measures of the body of this case that belong to no case: those of its document, if one is linked."""
    free = measures_open_to(user).exclude(pk__in=CaseMeasure.objects.order_by().values("recommendation"))
    free = free.filter(body__in=proceeding.bodies.order_by().values("pk"))
    if proceeding.document:
        free = free.filter(document=proceeding.document)
    return with_heading(free).order_by("order_key", "pk")[:MOST_OFFERED]
