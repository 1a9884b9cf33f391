"""One submission after the other: what was sent stays, the next has its own deadline, answers and clearance."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.contents.drafts import return_draft
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.life.services import edit_proceeding, withdraw_proceeding
from servanda.proceedings.life.steps import take_step
from servanda.proceedings.models import Draft, EarlierSubmission, Proceeding, ProceedingQuestion
from servanda.proceedings.replies.services import record_dispatch, write_reply
from servanda.proceedings.submissions.services import start_next_submission, undo_next_submission
from servanda.sources.models import Obligation
from servanda.sources.obligations.feeds import events_for
from servanda.trail.models import Event
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NEXT_DUE = TODAY + timedelta(days=40)
ORDER = "Order on compliance of 3 March 2026"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def writer(place):
    return make.user(Role.FOCAL_POINT, place)


@built_once
def sent(coordinator, place, writer) -> Proceeding:
    """A letter whose reply was sent, with the approved answer of an institution."""
    letter = made.proceeding(coordinator, place)
    made.name(letter, coordinator, place, due_on=date(2026, 2, 20))
    take(letter, "shared", coordinator)
    made.approved(letter, place, writer, make.user(Role.AUTHORITY, place))
    return send(letter, coordinator)


def take(letter: Proceeding, step: str, by) -> None:
    take_step(proceeding=letter, step=step, on=TODAY, seen=made.fresh(letter).version, by=by)


def send(letter: Proceeding, by, reply: str = "The State replies.") -> Proceeding:
    made.cleared(letter, by, make.user(Role.COORDINATOR), reply)
    take(letter, "cleared", by)
    proof = {"note_verbale": "12/2026", "channel": "Permanent mission", "acknowledged_on": None}
    record_dispatch(proceeding=letter, replied_on=TODAY, **proof, seen=made.fresh(letter).version, by=by)
    take(letter, "replied", by)
    return made.fresh(letter)


def start(
    letter: Proceeding, by, due_on: date | None = NEXT_DUE, answers_to: str = ORDER, **seen
) -> EarlierSubmission:
    seen = {"seen": made.fresh(letter).version} | seen
    return start_next_submission(proceeding=letter, due_on=due_on, answers_to=answers_to, **seen, by=by)


def undo(letter: Proceeding, by) -> None:
    undo_next_submission(proceeding=letter, by=by)


def test_what_was_sent_is_kept_and_the_next_submission_starts_empty(sent, coordinator, place):
    first, clearance = sent.obligation, sent.clearance
    earlier = start(sent, coordinator)
    letter = made.fresh(sent)
    kept = (earlier.reply, earlier.replied_on, earlier.note_verbale, earlier.clearance, earlier.obligation)
    assert kept == ("The State replies.", TODAY, "12/2026", clearance, first)
    assert [draft.text for draft in earlier.drafts.all()] == ["An inquiry was opened."]
    assert (letter.reply, letter.clearance, letter.replied_on, letter.note_verbale) == ("", None, None, "")
    assert (letter.due_on, letter.due_from, letter.answers_to, letter.step) == (NEXT_DUE, "letter", ORDER, "shared")
    assert [missing.sentence for missing in missing_for(letter, "cleared")] == [
        "MOJ has not approved its answer yet.",
        "Write the reply of the State.",
    ]
    assert letter.named.get().due_on is None


def test_each_submission_has_an_obligation_and_the_next_is_late_again(sent, coordinator, writer):
    start(sent, coordinator)
    letter = made.fresh(sent)
    first = letter.earlier.get().obligation
    assert (first.state, first.due_on, letter.obligation.due_on) == ("submitted", date(2026, 3, 13), NEXT_DUE)
    assert letter.obligation.state == "in-preparation"
    assert letter.obligation.clock_on is None
    after = NEXT_DUE + timedelta(days=1)
    assert letter.is_late(on=after)
    assert list(Proceeding.objects.late(on=after)) == [letter]
    assert list(Obligation.objects.late(on=after)) == [letter.obligation]
    days = [event.day for event in events_for(writer, on=TODAY, origin="")]
    assert days == [date(2026, 3, 13), NEXT_DUE]


def test_a_third_submission_follows_the_second(sent, coordinator, place, writer, client):
    start(sent, coordinator)
    made.approved(sent, place, writer, make.user(Role.AUTHORITY, place))
    send(sent, coordinator, "The State reports further.")
    start(sent, coordinator, due_on=NEXT_DUE + timedelta(days=180))
    letter = made.fresh(sent)
    assert [row.reply for row in letter.earlier.all()] == ["The State replies.", "The State reports further."]
    codes = [*letter.earlier.values_list("obligation__code", flat=True), letter.obligation.code]
    assert codes == [codes[0], f"{codes[0]}-2", f"{codes[0]}-3"]
    assert letter.drafts.count() == 2
    client.force_login(writer)
    assert {client.get(reverse("desk:obligation", args=[code])).headers["Location"] for code in codes} == {
        letter.get_absolute_url()
    }


def test_institutions_are_asked_again(sent, coordinator, writer):
    notifications = Notification.objects.filter(kind="reply-asked", person=writer)
    before = notifications.count()
    start(sent, coordinator)
    assert notifications.count() == before + 1


def test_the_answer_of_an_earlier_submission_changes_no_more(sent, coordinator):
    earlier = start(sent, coordinator)
    with pytest.raises(Refused, match="part of a submission that was sent"):
        return_draft(draft=earlier.drafts.get(), reason="Add figures.", by=coordinator)


def test_nothing_is_started_before_the_reply_was_sent_or_after_it_was_closed(sent, coordinator):
    letter = made.proceeding(coordinator)
    with pytest.raises(Refused, match="has not been sent yet"):
        start(letter, coordinator)
    with pytest.raises(FieldRefused, match="Enter the document or request"):
        start(sent, coordinator, answers_to=" ")
    with pytest.raises(FieldRefused, match="after the deadline of the earlier submission"):
        start(sent, coordinator, due_on=sent.due_on)
    Proceeding.objects.filter(pk=sent.pk).update(step="closed")
    with pytest.raises(Refused, match="is closed"):
        start(sent, coordinator)


def test_of_two_people_the_second_is_told_and_an_institution_may_not(sent, coordinator, writer):
    seen = sent.version
    start(sent, coordinator)
    with pytest.raises(ChangedMeanwhile):
        start(sent, coordinator, seen=seen)
    with pytest.raises(Refused, match="do not have permission"):
        undo(sent, writer)


def test_undone_while_nothing_was_written_everything_is_as_before(sent, coordinator, place):
    parts = ("reply", "clearance", "replied_on", "note_verbale", "obligation", "due_on", "due_from", "answers_to")
    before = {name: getattr(sent, name) for name in (*parts, "step")}
    start(sent, coordinator)
    second = made.fresh(sent).obligation
    undo(sent, coordinator)
    letter = made.fresh(sent)
    assert {name: getattr(letter, name) for name in before} == before
    assert (letter.named.get().due_on, letter.drafts.current().get().state) == (date(2026, 2, 20), "validated")
    assert not letter.earlier.exists()
    assert list(Obligation.objects.kept()) == [letter.obligation]
    start(sent, coordinator)
    assert made.fresh(sent).obligation.code == f"{second.code.removesuffix('-2')}-3"


def test_what_was_written_is_not_undone(sent, coordinator):
    start(sent, coordinator)
    write_reply(proceeding=sent, reply="Half.", language="en", seen=made.fresh(sent).version, by=coordinator)
    with pytest.raises(Refused, match="Text has been entered"):
        undo(sent, coordinator)


def test_the_rule_of_the_body_does_not_set_a_later_deadline(sent, coordinator):
    start(sent, coordinator, due_on=None)
    assert made.fresh(sent).due_on is None
    values = made.values(reference="AL SVN 77/2026", bodies=list(sent.bodies.all()))
    edit_proceeding(proceeding=sent, values=values, seen=made.fresh(sent).version, by=coordinator)
    letter = made.fresh(sent)
    assert letter.due_on is None
    assert {letter.obligation.title, letter.earlier.get().obligation.title} == {"AL SVN 77/2026"}


def test_institutions_see_of_earlier_submissions_only_their_own_answers(sent, coordinator, place, writer):
    other = make.institution("moh")
    start(sent, coordinator)
    made.name(sent, coordinator, place, other)
    outsider = make.user(Role.FOCAL_POINT, other)
    shown = {
        person: read_proceeding(made.fresh(sent), person, on=TODAY) for person in (coordinator, writer, outsider)
    }
    replies = {person: [row.reply for row in seen.earlier] for person, seen in shown.items()}
    assert replies == {coordinator: ["The State replies."], writer: [], outsider: []}
    answers = {person: [draft.text for draft in seen.earlier_answers] for person, seen in shown.items()}
    assert answers == {coordinator: ["An inquiry was opened."], writer: ["An inquiry was opened."], outsider: []}


def test_an_institution_that_is_no_longer_named_loses_its_earlier_deadline_too(sent, coordinator, place, writer):
    other = make.institution("moh")
    start(sent, coordinator)
    made.name(sent, coordinator, other)
    assert not Obligation.objects.visible_to(writer).exists()
    assert not Draft.objects.visible_to(writer).exists()
    assert [draft.text for draft in sent.drafts.visible_to(coordinator)] == ["An inquiry was opened."]


def test_withdrawn_with_its_obligations_and_recorded_in_the_trail(sent, coordinator):
    start(sent, coordinator)
    line = Event.objects.get(action="next-submission-started")
    assert ORDER not in line.difference
    withdraw_proceeding(proceeding=sent, reason="Entered twice.", by=coordinator)
    assert not Obligation.objects.kept().exists()


def test_a_dialogue_with_further_questions_after_its_written_replies(coordinator):
    owner = make.user(Role.COORDINATOR)
    dialogue = made.dialogue(coordinator)
    question_values = QuestionValues(1, "How many?", "en", (), ProceedingQuestion.Origin.ROOM, owner=owner)
    set_questions(proceeding=dialogue, questions=[question_values], seen=made.fresh(dialogue).version, by=coordinator)
    for step in ("shared", "prepared", "held"):
        Proceeding.objects.filter(pk=dialogue.pk).update(step=step)
    first = send(dialogue, coordinator).due_on
    start(dialogue, coordinator, due_on=first + timedelta(days=5))
    assert not ProceedingQuestion.objects.owed_by(owner).exists()
    later = question_values._replace(number=2, text="And since then?")
    set_questions(
        proceeding=dialogue, questions=[question_values, later], seen=made.fresh(dialogue).version, by=coordinator
    )
    assert [row.number for row in ProceedingQuestion.objects.owed_by(owner)] == [2]
    assert made.fresh(dialogue).step == "held"
