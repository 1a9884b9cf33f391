"""Extensions, holding replies and reminders on the deadline of a proceeding: by the services of obligations."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.proceedings.life.services import edit_proceeding
from servanda.proceedings.models import Clearance, Proceeding
from servanda.proceedings.submissions import extensions
from servanda.proceedings.submissions.services import start_next_submission, undo_next_submission
from servanda.sources.models import Extension, ObligationLetter
from servanda.trail.models import Event
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
DUE, LATER = date(2026, 3, 13), date(2026, 4, 13)
ASKED = date(2026, 3, 1)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def letter(coordinator, place) -> Proceeding:
    letter = made.proceeding(coordinator, place)
    made.name(letter, coordinator, place, due_on=date(2026, 2, 20))
    return made.fresh(letter)


def ask(letter: Proceeding, by, until: date | None = LATER) -> Extension:
    data = {"asked_on": ASKED, "asked_until": until, "ground": "Elections."}
    return extensions.ask_extension(obligation=made.fresh(letter).obligation, **data, by=by)


def grant(letter: Proceeding, by, until: date | None = LATER) -> Extension:
    extension = ask(letter, by)
    extensions.answer_extension(extension=extension, answered_on=ASKED, granted_until=until, by=by)
    return extension


def test_a_grant_moves_the_deadline_of_both_and_the_internal_ones(letter, coordinator):
    grant(letter, coordinator)
    letter = made.fresh(letter)
    assert (letter.due_on, letter.due_from, letter.get_due_from_display()) == (LATER, "extended", "Extension granted")
    assert (letter.obligation.due_on, letter.obligation.day_from) == (LATER, "extension")
    assert letter.named.get().due_on == letter.obligation.steps.get().due_on == date(2026, 3, 23)
    assert not letter.is_late(on=DUE + timedelta(days=1))


@pytest.mark.database
def test_taken_back_the_deadline_and_its_origin_are_as_before(letter, coordinator):
    extension = grant(letter, coordinator)
    extensions.take_back_extension(extension=extension, by=coordinator)
    letter = made.fresh(letter)
    assert (letter.due_on, letter.due_from, letter.obligation.day_from) == (DUE, "rule", "rule")
    assert letter.named.get().due_on == date(2026, 2, 20)


def test_a_refusal_moves_nothing(letter, coordinator):
    grant(letter, coordinator, until=None)
    after = made.fresh(letter)
    assert (after.due_on, after.due_from, after.version) == (DUE, "rule", letter.version)


def test_saving_the_facts_keeps_the_extension_and_another_day_replaces_it(letter, coordinator):
    grant(letter, coordinator)
    for due_on, origin in ((LATER, "extended"), (date(2026, 5, 1), "letter")):
        values = made.values(reference=letter.reference, bodies=list(letter.bodies.all()), due_on=due_on)
        edit_proceeding(proceeding=letter, values=values, seen=made.fresh(letter).version, by=coordinator)
        assert (made.fresh(letter).due_on, made.fresh(letter).due_from) == (due_on, origin)


def test_the_rules_are_those_of_obligations(letter, coordinator, place):
    with pytest.raises(FieldRefused, match="after the present deadline"):
        ask(letter, coordinator, until=DUE)
    ask(letter, coordinator)
    with pytest.raises(Refused, match="has no answer yet"):
        ask(letter, coordinator)
    with pytest.raises(Refused, match="do not have permission"):
        ask(letter, make.user(Role.FOCAL_POINT, place))


def test_nothing_is_extended_once_the_reply_was_sent(coordinator, place):
    sent = made.replied(coordinator, place)
    earlier = sent.obligation
    with pytest.raises(Refused, match="has been sent"):
        ask(sent, coordinator)
    due_on = timezone.localdate() + timedelta(days=30)
    start_next_submission(proceeding=sent, due_on=due_on, answers_to="Order", seen=sent.version, by=coordinator)
    with pytest.raises(Refused, match="earlier submission"):
        extensions.add_letter(obligation=earlier, kind="reminder", on=ASKED, by=coordinator)


def test_reminders_and_holding_replies_are_entered_on_the_page_of_the_letter(letter, coordinator, place, client):
    client.force_login(coordinator)
    code = letter.obligation.code
    typed = {"kind": "holding", "on": "2026-03-02", "reference": "15/2026", "note": "More time is needed."}
    answer = client.post(reverse("desk:add_letter", args=[code]), typed, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == letter.get_absolute_url()
    assert "Holding reply sent" in text
    data = {"asked_on": "2026-03-01", "asked_until": "2026-04-13", "ground": "Elections."}
    assert "Elections." in client.post(reverse("desk:ask_extension", args=[code]), data, follow=True).content.decode()
    client.force_login(make.user(Role.FOCAL_POINT, place))
    text = client.get(letter.get_absolute_url()).content.decode()
    assert "Elections." not in text
    assert "More time is needed." not in text
    extensions.remove_letter(letter=ObligationLetter.objects.get(), by=coordinator)
    assert not ObligationLetter.objects.exists()
    assert Event.objects.filter(action="obligation-letter-removed").exists()


def test_the_deadline_of_an_earlier_submission_leads_to_the_same_page(coordinator, place, client):
    sent = made.replied(coordinator, place)
    earlier = sent.obligation
    due_on = timezone.localdate() + timedelta(days=30)
    start_next_submission(proceeding=sent, due_on=due_on, answers_to="Order", seen=sent.version, by=coordinator)
    for person in (coordinator, make.user(Role.FOCAL_POINT, place)):
        client.force_login(person)
        answer = client.get(earlier.get_absolute_url())
        assert (answer.status_code, answer.headers.get("Location")) == (302, sent.get_absolute_url())


@built_once
def sent(letter, coordinator) -> Proceeding:
    """The reply was sent after an extension and a holding reply."""
    grant(letter, coordinator)
    enter_holding(letter, coordinator)
    clearance = Clearance.objects.create(state=Clearance.State.CLEARED, started_by=coordinator)
    sending = {"reply": "The State replies.", "replied_on": date(2026, 4, 1), "step": "replied"}
    Proceeding.objects.filter(pk=letter.pk).update(clearance=clearance, **sending)
    return made.fresh(letter)


def enter_holding(letter: Proceeding, by) -> ObligationLetter:
    values = {"kind": "holding", "on": ASKED, "reference": "15/2026", "note": "More time is needed."}
    return extensions.add_letter(obligation=made.fresh(letter).obligation, **values, by=by)


def start(sent: Proceeding, by) -> None:
    due_on = timezone.localdate() + timedelta(days=30)
    seen = made.fresh(sent).version
    start_next_submission(proceeding=sent, due_on=due_on, answers_to="Order", seen=seen, by=by)


def test_a_next_submission_with_an_extension_or_a_letter_is_not_undone(sent, coordinator, client):
    start(sent, coordinator)
    client.force_login(coordinator)
    undo = reverse("desk:undo_next_submission", args=[sent.key])
    for enter, remove in (
        (lambda: ask(sent, coordinator, until=None), lambda row: row.delete()),
        (lambda: enter_holding(sent, coordinator), lambda row: extensions.remove_letter(letter=row, by=coordinator)),
    ):
        entered = enter()
        with pytest.raises(Refused, match="Remove it first"):
            undo_next_submission(proceeding=sent, by=coordinator)
        assert undo not in client.get(sent.get_absolute_url()).content.decode()
        remove(entered)
        assert undo in client.get(sent.get_absolute_url()).content.decode()
    undo_next_submission(proceeding=sent, by=coordinator)
    assert not sent.earlier.exists()


def test_an_earlier_submission_keeps_its_correspondence_on_the_page_and_in_the_file(sent, coordinator, place, client):
    start(sent, coordinator)
    file = reverse("desk:proceeding_submissions", args=[sent.key, "docx"])
    expected = ["Elections.", "The deadline was", "Holding reply sent", "15/2026", "More time is needed."]
    client.force_login(coordinator)
    page = client.get(sent.get_absolute_url()).content.decode()
    with ZipFile(BytesIO(b"".join(client.get(file)))) as docx:
        text = docx.read("word/document.xml").decode()
    for words in expected:
        assert words in page
        assert words in text
    code, kept = sent.obligation.code, Extension.objects.get()
    assert reverse("desk:take_back_extension", args=[code, kept.pk]) not in page
    client.force_login(make.user(Role.FOCAL_POINT, place))
    assert "Elections." not in client.get(sent.get_absolute_url()).content.decode()


def test_no_extension_is_offered_once_the_reply_was_sent(sent, coordinator, client):
    client.force_login(coordinator)
    page = client.get(sent.get_absolute_url()).content.decode()
    code = sent.obligation.code
    extension, holding = Extension.objects.get(), ObligationLetter.objects.get()
    assert "Elections." in page
    assert reverse("desk:ask_extension", args=[code]) not in page
    assert reverse("desk:take_back_extension", args=[code, extension.pk]) not in page
    assert reverse("desk:remove_letter", args=[code, holding.pk]) in page
    with pytest.raises(Refused, match="extensions of its deadline"):
        extensions.take_back_extension(extension=extension, by=coordinator)
