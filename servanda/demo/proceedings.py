"""Invented communications: one with an answer, one urgent, one overdue; and a visit. They concern no person."""

from datetime import time
from typing import Any

from django.db import transaction

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Appointment, Institution, Notification, User
from servanda.proceedings.contents.drafts import save_draft, submit_draft, validate_draft
from servanda.proceedings.contents.institutions import Named, set_named_institutions
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.services import ProceedingValues, add_proceeding
from servanda.proceedings.life.steps import take_step
from servanda.proceedings.models import Proceeding
from servanda.proceedings.visits.services import MeetingValues, set_programme, set_visit
from servanda.progress.updates.permissions import WRITERS, appointed_to
from servanda.vocab.models import Body

ANSWER = "An invented answer, so that the page shows one."


@transaction.atomic
def load() -> None:
    """Idempotent."""
    if Proceeding.objects.exists():
        return
    by, data = coordinator(), read("proceedings")
    for letter in data["letters"]:
        enter(letter, data["note"], by=by)
    for visit in data["visits"]:
        enter_visit(visit, data["note"], by=by)
    Notification.objects.filter(object_type="proceedings.proceeding").delete()


def enter(letter: dict[str, Any], note: str, *, by: User) -> None:
    values = ProceedingValues(
        kind="communication",
        reference=letter["reference"],
        sort=letter["sort"],
        title=letter["title"],
        bodies=list(Body.objects.filter(code__in=letter["bodies"])),
        sent_on=day(letter["sent"]),
        received_on=day(letter["received"]),
        due_on=day(letter["due"]) if "due" in letter else None,
        note=note,
    )
    proceeding = add_proceeding(values=values, by=by)
    places = list(Institution.objects.filter(code__in=letter["institutions"]))
    set_named_institutions(proceeding=proceeding, named=[Named(place) for place in places], seen=1, by=by)
    questions = [QuestionValues(number, text, "en", places) for number, text in enumerate(letter["questions"], 1)]
    set_questions(proceeding=proceeding, questions=questions, seen=2, by=by)
    take_step(proceeding=proceeding, step="shared", on=day(letter["received"]), seen=3, by=by)
    for place in places[: letter["answered"]]:
        answer(proceeding, place)


def enter_visit(visit: dict[str, Any], note: str, *, by: User) -> None:
    """A visit that is to come, with its programme."""
    values = ProceedingValues(
        kind="visit",
        reference=visit["reference"],
        sort=visit["sort"],
        title=visit["title"],
        bodies=list(Body.objects.filter(code__in=visit["bodies"])),
        sent_on=day(visit["sent"]),
        received_on=day(visit["received"]),
        note=note,
    )
    proceeding = add_proceeding(values=values, by=by)
    places = {place.code: place for place in Institution.objects.filter(code__in=visit["institutions"])}
    set_named_institutions(proceeding=proceeding, named=[Named(place) for place in places.values()], seen=1, by=by)
    set_visit(
        proceeding=proceeding,
        answer=visit["answer"],
        answered_on=day(visit["answered"]),
        starts_on=day(visit["starts"]),
        ends_on=day(visit["ends"]),
        authorised_on=None,
        seen=2,
        by=by,
    )
    meetings = [
        MeetingValues(
            on=day(row["day"]),
            at=time.fromisoformat(row["time"]),
            title=row["title"],
            institution=places.get(row.get("institution", "")),
        )
        for row in visit["meetings"]
    ]
    set_programme(proceeding=proceeding, meetings=meetings, seen=3, by=by)
    for step in ("answered", "prepared"):
        seen = Proceeding.objects.get(pk=proceeding.pk).version
        take_step(proceeding=proceeding, step=step, on=day(visit["answered"]), seen=seen, by=by)


def answer(proceeding: Proceeding, place: Institution) -> None:
    """The institution answers, and its authority approves, if people are appointed for both."""
    bodies = proceeding.body_codes()
    authorities = appointed_to(place, [Appointment.Function.AUTHORITY], bodies=bodies)
    writers = [person for person in appointed_to(place, WRITERS[:2], bodies=bodies) if person not in authorities]
    if writers and authorities:
        draft = save_draft(
            proceeding=proceeding, institution=place, text=ANSWER, language="en", seen=0, by=writers[0]
        )
        validate_draft(draft=submit_draft(draft=draft, by=writers[0]), by=authorities[0])
