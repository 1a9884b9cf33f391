"""Persons who are responsible for an obligation in place of an institution."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.people.access import OFFICES, ROLES, Can
from servanda.people.models import Appointment, User
from servanda.people.versioning import save_version
from servanda.sources.models import Obligation
from servanda.vocab.models import Body

Function = Appointment.Function
ANSWERING = (Function.PRINCIPAL, Function.ALTERNATE, Function.AUTHORITY)


def possible_persons() -> QuerySet[User]:
    """Those who edit obligations, and focal points and validating authorities of institutions."""
    current = Appointment.objects.current(on=timezone.localdate()).filter(function__in=ANSWERING)
    offices = [role for role in OFFICES if Can.EDIT_OBLIGATIONS in ROLES[role]]
    able = Q(role__in=offices) | Q(pk__in=current.order_by().values("person"))
    return User.objects.filter(able, is_active=True).order_by("name", "pk")


def refuse_responsible(person: User, body: Body, *, has_institution: bool, present: Obligation | None) -> None:
    """Raises `FieldRefused` beside a responsible institution, or for somebody who does not work on this body."""
    if has_institution:
        raise FieldRefused("responsible", _("Choose a responsible institution or a responsible person, not both."))
    is_kept = present is not None and (present.responsible_id, present.body_id) == (person.pk, body.pk)
    if not is_kept and not works_on(person, body):
        sentence = _("%(person)s is not appointed for this body. Choose another person.")
        raise FieldRefused("responsible", sentence % {"person": person})


def works_on(person: User, body: Body) -> bool:
    able = possible_persons().filter(pk=person.pk).first()
    if able is None or able.role in OFFICES:
        return able is not None
    appointments = Appointment.objects.current(on=timezone.localdate()).filter(person=person, function__in=ANSWERING)
    return any(appointment.covers([body.code]) for appointment in appointments)


def open_obligations_of(person: User) -> QuerySet[Obligation]:
    """What is still due, also if it is postponed; and withdrawn ones, which can be restored."""
    still_due = Obligation.objects.live().filter(state__in=Obligation.STILL_DUE)
    return still_due.filter(responsible=person).order_by("pk")


@transaction.atomic
def hand_over_obligations(*, appointment: Appointment, to: User | None, by: User) -> int:
    """Make the successor responsible for what the person still had to do in this appointment, and return how many;
    without a successor, nobody is responsible.

    Somebody with a role in the mechanism keeps theirs, and so does who has another appointment for the body as focal
    point or validating authority.
    """
    person = appointment.person
    if person.role in OFFICES or appointment.function not in ANSWERING:
        return 0
    after = max(timezone.localdate(), (appointment.end or timezone.localdate()) + timedelta(days=1))
    current = Appointment.objects.current(on=after).filter(person=person, function__in=ANSWERING)
    others = list(current.exclude(pk=appointment.pk))
    rows = open_obligations_of(person).select_related("body").select_for_update(of=("self",))
    moved = (
        row
        for row in rows
        if appointment.covers([row.body.code]) and not any(other.covers([row.body.code]) for other in others)
    )
    return change_responsible(moved, to, by=by)


def change_responsible(obligations: Iterable[Obligation], to: User | None, *, by: User | None) -> int:
    number = 0
    for obligation in obligations:
        difference = {"responsible": [str(obligation.responsible_id), str(to.pk) if to else ""]}
        obligation.responsible = to
        save_version(obligation, "obligation-edited", by=by, difference=difference)
        number += 1
    return number
