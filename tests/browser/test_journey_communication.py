"""A letter from its arrival to its closure, in a browser; also as an institution that sees only its own part. It is
walked in English, its questions in Arabic; each page that is looked at is so in both languages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.proceedings.models import Draft, Proceeding
from servanda.progress.models import Update
from tests import proceedings_make as made
from tests.browser.walk import Walk, url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TODAY = timezone.localdate()
SECRET, OTHERS = "Ana Alleged", "Which payment was made?"


def enter(walk: Walk) -> Proceeding:
    body = made.mandate()
    page = walk.open(walk.coordinator, reverse("desk:add_proceeding"))
    page.locator(f"input[name=bodies][value='{body.pk}']").check()
    form = page.locator("main form[method=post]").last
    form.locator("[name=reference]").fill("AL SVN 1/2026")
    form.locator("[name=title]").fill("Conditions of detention")
    form.locator("[name=received_on]").fill(TODAY.isoformat())
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()
    letter = Proceeding.objects.get()
    named = {"row__0__institution": str(walk.place.pk), "row__1__institution": str(walk.beside.pk)}
    walk.send(walk.coordinator, url("set_named_institutions", letter), **named)
    page = walk.open(walk.coordinator, url("set_questions", letter))
    for row, (place, text) in enumerate(((walk.place, "What was done?"), (walk.beside, OTHERS))):
        page.locator(f"[name=row-{row}-number]").fill(str(row + 1))
        page.locator(f"[name=row-{row}-text]").fill(text)
        page.locator(f"input[name=row-{row}-institutions][value='{place.pk}']").check()
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_load_state()
    walk.send(walk.coordinator, url("add_person_concerned", letter), name=SECRET)
    walk.send(walk.coordinator, url("take_step", letter, "shared"))
    return letter


def answer(walk: Walk, letter: Proceeding) -> None:
    """The focal point finds it on the desk, writes and submits; the authority approves."""
    page = walk.open(walk.writer, reverse("desk:proceedings"))
    page.locator("main table a").click()
    page.wait_for_load_state()
    seen = page.content()
    assert "What was done?" in seen
    assert [hidden for hidden in (SECRET, OTHERS, "Finance") if hidden in seen] == []
    assert walk.faults(page) == []
    walk.send(walk.writer, url("save_draft", letter, "moj"), text="An inquiry was opened.")
    draft = Draft.objects.get()
    walk.press(walk.writer, letter.get_absolute_url(), "submit_draft", draft.pk)
    walk.press(walk.authority, letter.get_absolute_url(), "validate_draft", draft.pk)


def reply(walk: Walk, letter: Proceeding) -> None:
    """The other institution has nothing to answer any more, and is no longer named."""
    walk.send(walk.coordinator, url("set_named_institutions", letter), row__0__institution="")
    page = walk.send(walk.coordinator, url("write_reply", letter))
    assert "An inquiry was opened." in page.content()
    walk.press(walk.coordinator, letter.get_absolute_url(), "start_clearance", letter.key)
    walk.press(walk.other, letter.get_absolute_url(), "clear_reply", letter.key)
    walk.post(walk.coordinator, url("take_step", letter, "cleared"))
    day = TODAY.isoformat()
    walk.send(walk.coordinator, url("record_dispatch", letter), replied_on=day, note_verbale="12/2026")
    walk.post(walk.coordinator, url("take_step", letter, "replied"))


def close(walk: Walk, letter: Proceeding) -> None:
    person = letter.persons.get()
    edit = reverse("desk:edit_person_concerned", args=[person.pk])
    walk.send(walk.coordinator, edit, outcome="released")
    walk.send(walk.coordinator, url("record_outcome", letter), outcome="The person was released.")
    walk.send(walk.coordinator, url("take_step", letter, "closed"))


def test_a_letter_is_walked_from_its_arrival_to_its_closure(open_page, live_server, axe):
    walk = Walk(open_page, live_server, "en")
    letter = enter(walk)
    answer(walk, letter)
    reply(walk, letter)
    close(walk, letter)
    letter.refresh_from_db()
    assert [step.step for step in letter.steps.all()] == ["received", "shared", "cleared", "replied", "closed"]
    page = walk.open(walk.coordinator, letter.get_absolute_url())
    assert SECRET not in page.content()
    assert walk.faults(page, axe) == []
    assert SECRET not in page.content()


def test_questions_of_a_letter_are_asked_and_answered_in_a_round(open_page, live_server, axe):
    walk = Walk(open_page, live_server, "ar")
    letter = enter(walk)
    page = walk.open(walk.coordinator, url("ask_on_questions", letter))
    assert walk.faults(page, axe) == []
    preview = walk.fill(page)
    assert walk.faults(preview) == []
    walk.fill(preview)
    page = walk.open(walk.writer, reverse("desk:home"))
    assert ("What was done?" in page.content(), OTHERS in page.content()) == (True, False)
    page.locator(".desk-asked form button").first.click()
    page.wait_for_selector("textarea[name=text]")
    page.locator("textarea[name=text]").fill("An inquiry was opened.")
    page.locator("button[name=deed][value=submit]").click()
    page.wait_for_selector(".asked-question")
    update = Update.objects.get()
    walk.press(walk.authority, update.get_absolute_url(), "validate_update", update.pk)
    walk.press(walk.coordinator, letter.get_absolute_url(), "use_answers", letter.key)
    assert Draft.objects.get().text == "1. An inquiry was opened."
    page = walk.open(walk.coordinator, url("add_promised_measure", letter))
    page.locator(f"input[name=lead][value='{walk.place.pk}']").check()
    walk.fill(page, title="Publish the findings")
    page = walk.open(walk.writer, letter.get_absolute_url())
    assert walk.faults(page, axe) == []
