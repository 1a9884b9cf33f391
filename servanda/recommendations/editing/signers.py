"""How an accredited institution is told what happens to its assessments."""

from collections.abc import Callable

from django.utils import timezone

from servanda.jobs.services import queue_mail
from servanda.people.models import Appointment, Institution, User
from servanda.people.notifications.services import in_language_of

type Letter = Callable[[str], tuple[str, str]]  # subject and text for a name, in the language of the reader


def people_of(institution: Institution) -> list[User]:
    """Those who contribute for it now."""
    current = Appointment.objects.current(on=timezone.localdate())
    theirs = current.filter(institution=institution, function=Appointment.Function.CONTRIBUTOR)
    return list(User.objects.filter(is_active=True, pk__in=theirs.values("person")).order_by("pk"))


def is_reachable(institution: Institution) -> bool:
    return bool(people_of(institution) or institution.email)


def write_to_institution(institution: Institution, letter: Letter, *, except_to: User | None = None) -> None:
    """Mail each person who contributes for it or, where there is none, the address of the institution itself."""
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
