"""Mails to accredited institutions about their assessments."""

from collections.abc import Callable

from django.utils import timezone

from servanda.jobs.services import queue_mail
from servanda.people.models import Appointment, Institution, User
from servanda.people.notifications.services import in_language_of

type Letter = Callable[[str], tuple[str, str]]  # from the reader's name to subject and text, in the current language


def people_of(institution: Institution) -> list[User]:
    """The people who currently contribute for the institution."""
    current = Appointment.objects.current(on=timezone.localdate())
    contributors = current.filter(institution=institution, function=Appointment.Function.CONTRIBUTOR)
    return list(User.objects.filter(is_active=True, pk__in=contributors.values("person")).order_by("pk"))


def is_reachable(institution: Institution) -> bool:
    return bool(people_of(institution) or institution.email)


def write_to_institution(institution: Institution, letter: Letter, *, except_to: User | None = None) -> None:
    """Mail each person who contributes for the institution or, where there is none, the institution's own address."""
    people = people_of(institution)
    for person in people:
        if person != except_to:
            with in_language_of(person):
                send(person.email, letter(person.name))
    if not people and institution.email:
        with in_language_of(None):
            send(institution.email, letter(str(institution)))


def send(address: str, letter: tuple[str, str]) -> None:
    subject, body = letter
    queue_mail(to=address, subject=subject, body=body)
