"""Repeated obligations: "within six months, and every six months thereafter". Once an obligation is submitted, the
next one can be added with the same source."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.days import months_later
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.sources.models import Obligation
from servanda.sources.obligations.services import create_obligation
from servanda.sources.obligations.values import LINKED, PLAIN, ObligationValues, facts, lock_obligation
from servanda.trail.models import Event


def next_day(obligation: Obligation) -> date | None:
    """When it is due again: so many months after the deadline, as it was before an extension."""
    if not (months := obligation.interval):
        return None
    extended = obligation.extensions.exclude(granted_until=None).order_by("pk").first()
    start = extended.due_before if extended else obligation.due_on
    return months_later(start, months) if start else None


def next_of(obligation: Obligation) -> Obligation | None:
    """The next one, if it is in the list already."""
    later = Obligation.objects.kept().filter(
        body=obligation.body_id, kind=obligation.kind, due_on=next_day(obligation)
    )
    return later.filter(document=obligation.document_id, is_derived=False).exclude(pk=obligation.pk).first()


@transaction.atomic
def add_next(*, obligation: Obligation, by: User) -> Obligation:
    """Add the next one of an obligation that was submitted: due to the same body, by the same words, not published.

    Raises `Refused` if it is not repeated or not submitted yet, or if the next one is there already.
    """
    obligation = lock_obligation(obligation, by=by)
    if (day := next_day(obligation)) is None:
        raise Refused(_("This obligation is not repeated."))
    if obligation.state in Obligation.UNFINISHED:
        raise Refused(_("Record the submission of this obligation first."))
    if present := next_of(obligation):
        raise Refused(_("The next one was already added: %(code)s.") % {"code": present.code})
    values = {name: getattr(obligation, name) for name in (*PLAIN, *LINKED)}
    values |= {"clock_on": obligation.due_on, "due_on": day, "day_from": origin_of(obligation)}
    added = create_obligation(ObligationValues(**values), by=by)
    Obligation.objects.filter(pk=added.pk).update(every=obligation.every)
    difference = {name: ["", value] for name, value in facts(added).items() if value}
    Event.record("obligation-added", added, by=by, difference=difference | {"follows": ["", obligation.code]})
    return added


def origin_of(obligation: Obligation) -> str:
    """An extension is of one deadline only: the next comes from the document or the rule again."""
    if obligation.day_from != Obligation.DayFrom.EXTENSION:
        return obligation.day_from
    return Obligation.DayFrom.DOCUMENT if obligation.every else Obligation.DayFrom.RULE
