"""Persons who are responsible for a question asked during the dialogue, until its written reply is sent."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import OFFICES, ROLES, Can
from servanda.people.models import Appointment, Notification, User
from servanda.people.notifications.services import notify
from servanda.proceedings.models import Proceeding, ProceedingQuestion
from servanda.progress.updates.permissions import WRITERS


def roles_with(permission: Can) -> list[str]:
    return [role for role in OFFICES if permission in ROLES[role]]


def possible_owners(proceeding: Proceeding, institutions: Collection[int]) -> QuerySet[User]:
    """Those who run proceedings, and those who write for one of these institutions to a body of the proceeding."""
    appointments = Appointment.objects.current(on=timezone.localdate()).filter(
        institution__in=institutions, function__in=WRITERS
    )
    bodies = proceeding.body_codes()
    writers = [appointment.person_id for appointment in appointments if appointment.covers(bodies)]
    able = Q(role__in=roles_with(Can.RUN_PROCEEDINGS)) | Q(pk__in=writers)
    return User.objects.filter(able, is_active=True).order_by("name", "pk")


def refuse_foreign_owner(
    proceeding: Proceeding, number: int, owner: User | None, institutions: Collection[int]
) -> None:
    """Raises `Refused` for a person who would not see the question."""
    if owner is not None and not possible_owners(proceeding, institutions).filter(pk=owner.pk).exists():
        sentence = _(
            "%(person)s cannot see question %(number)s. Choose a person of an institution that the question names, "
            "or of the mechanism."
        )
        raise Refused(sentence % {"person": owner, "number": number})


def notify_owner(proceeding: Proceeding, owner: User, *, by: User) -> None:
    kind = Notification.Kind.QUESTION_ASSIGNED
    notify(people=[owner], kind=kind, thing=proceeding, by=by, label=proceeding.reference)


def drop_owner_out_of_sight(question: ProceedingQuestion) -> None:
    """Leave no one responsible who does not see the question any more, as its institution is no longer named or the
    body is another one."""
    places = [place.pk for place in question.institutions.all()]
    if question.owner_id and not possible_owners(question.proceeding, places).filter(pk=question.owner_id).exists():
        question.owner = None
        question.save(update_fields=["owner"])
