"""Invented communications: one with an answer, one urgent, one overdue. No person is concerned by any of them."""

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


def answer(proceeding: Proceeding, place: Institution) -> None:
    """The institution answers, and its authority approves, if people are appointed for both."""
    authorities = appointed_to(place, [Appointment.Function.AUTHORITY])
    writers = [person for person in appointed_to(place, WRITERS[:2]) if person not in authorities]
    if writers and authorities:
        draft = save_draft(
            proceeding=proceeding, institution=place, text=ANSWER, language="en", seen=0, by=writers[0]
        )
        validate_draft(draft=submit_draft(draft=draft, by=writers[0]), by=authorities[0])
