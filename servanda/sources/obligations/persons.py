"""Persons who are responsible for an obligation in place of an institution."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.people.access import OFFICES
from servanda.people.models import Appointment, HandOver, Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import save_version
from servanda.sources.models import Obligation
from servanda.sources.models.obligations import ANSWERING, EDITING
from servanda.vocab.models import Body

EDITED = "obligation-edited"
NAMED_EACH = 5  # obligations; of more at once, a notification tells the numbers
MAKES_UP_FOR = timedelta(days=30)  # while no worker ran


def possible_persons() -> QuerySet[User]:
    """Those who edit obligations, and focal points and validating authorities of institutions."""
    current = Appointment.objects.current(on=timezone.localdate()).filter(function__in=ANSWERING)
    able = Q(role__in=EDITING) | Q(pk__in=current.order_by().values("person"))
    return User.objects.filter(able, is_active=True).order_by("name", "pk")


def refuse_responsible(person: User, body: Body, *, has_institution: bool, present: Obligation | None) -> None:
    """Raises `FieldRefused` beside a responsible institution, or for a person who is not appointed for this body."""
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
def hand_over_obligations(*, hand_over: HandOver, on: date, by: User | None) -> int:
    """Make the successor responsible for what the person still had to do in the appointment, and return how many;
    without a successor, no one is responsible. Until the last day of the appointment nothing changes.

    A person with a role in the mechanism keeps theirs, and so does who has another appointment for the body as focal
    point or validating authority.
    """
    if is_still_appointed(hand_over.appointment, on=on):
        return 0
    to = hand_over.to if hand_over.to and not hand_over.to.erased_at else None
    left = [row.pk for row in obligations_left_by(hand_over, on=on)]
    rows = open_obligations_of(hand_over.appointment.person).filter(pk__in=left).select_related("body")
    return change_responsible(rows.select_for_update(of=("self",)), to, by=by, reason=reason_of(hand_over.pk))


def hand_over_due(*, on: date) -> int:
    """Move the obligations of hand-overs that were made before the last day of the appointment, once it has passed;
    returns how many."""
    ended = HandOver.objects.filter(appointment__end__range=(on - MAKES_UP_FOR, on - timedelta(days=1)))
    ended = ended.filter(created_at__date__lte=F("appointment__end")).exclude(to=F("appointment__person"))
    rows = ended.select_related("to", "appointment__person").order_by("pk")
    return sum(hand_over_obligations(hand_over=row, on=on, by=None) for row in rows)


def is_still_appointed(appointment: Appointment, *, on: date) -> bool:
    return appointment.end is not None and appointment.end >= on


def obligations_left_by(hand_over: HandOver, *, on: date) -> list[Obligation]:
    """What the person still has to do in the appointment and nowhere else after it."""
    appointment = hand_over.appointment
    person = appointment.person
    if person.role in OFFICES or appointment.function not in ANSWERING:
        return []
    after = max(on, (appointment.end or on) + timedelta(days=1))
    current = Appointment.objects.current(on=after).filter(person=person, function__in=ANSWERING)
    others = list(current.exclude(pk=appointment.pk))
    rows = open_obligations_of(person).select_related("body")
    return [
        row
        for row in rows
        if appointment.covers([row.body.code]) and not any(other.covers([row.body.code]) for other in others)
    ]


def change_responsible(
    obligations: Iterable[Obligation], to: User | None, *, by: User | None, reason: str = EDITED
) -> int:
    """Return how many. The new responsible person is notified, as in `notify_responsible`."""
    moved = []
    for obligation in obligations:
        difference = {"responsible": [str(obligation.responsible_id), str(to.pk) if to else ""]}
        obligation.responsible = to
        save_version(obligation, EDITED, by=by, difference=difference, reason=reason)
        moved.append(obligation)
    notify_responsible(moved, by=by)
    return len(moved)


def notify_responsible(obligations: Sequence[Obligation], *, by: User | None) -> None:
    """Notify the person who is responsible for all of these.

    The notification of an obligation is shown as long as the person sees that obligation. Of many that are not
    restricted, one tells the number for each body; it names none of them, so nothing needs to hide it later."""
    kind = Notification.Kind.OBLIGATION_ASSIGNED
    restricted = [row for row in obligations if row.confidentiality == Obligation.Confidentiality.RESTRICTED]
    others = [row for row in obligations if row not in restricted]
    are_many = len(others) > NAMED_EACH
    for row in restricted if are_many else obligations:
        notify(people=[row.responsible], kind=kind, thing=row, by=by, label=label_of(row))
    if are_many and (person := others[0].responsible):
        notify(people=[person], kind=kind, thing=person, by=by, label=numbers_by_body(others))


def label_of(obligation: Obligation) -> str:
    """Its reference, and its deadline as in data files, since a label has no language."""
    return f"{obligation.code} ({obligation.due_on})" if obligation.due_on else obligation.code


def numbers_by_body(obligations: Iterable[Obligation]) -> str:
    numbers = Counter(row.body.code for row in obligations)
    return "; ".join(f"{body} ({number})" for body, number in sorted(numbers.items()))


def reason_of(hand_over: int) -> str:
    """The reason in the history of obligations by which those of one hand-over are found."""
    return f"hand-over {hand_over}"


def handed_over_with(hand_over: int, *, on: date) -> Q:
    """The condition for obligations that moved with this hand-over, or will after the last day of the appointment."""
    reason = reason_of(hand_over)
    moved = Q(pk__in=Obligation.history.filter(history_change_reason=reason).order_by().values("id"))
    row = HandOver.objects.filter(pk=hand_over).select_related("appointment__person").first()
    if row is None or not is_still_appointed(row.appointment, on=on):
        return moved
    return moved | Q(pk__in=[left.pk for left in obligations_left_by(row, on=on)])
