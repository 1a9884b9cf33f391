"""Answers of institutions, the reply and its clearance, what is published, and the persons concerned."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance, Institution, Notification, Succession
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.clearance.services import StepValues, set_clearance_steps
from servanda.proceedings.contents import drafts
from servanda.proceedings.contents.files import add_proceeding_file, withdraw_proceeding_file
from servanda.proceedings.contents.institutions import Named, set_named_institutions
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.life.forms import institution_choices
from servanda.proceedings.models import (
    ClearanceStep,
    Draft,
    PersonConcerned,
    Proceeding,
    ProceedingFile,
    PublicLetter,
)
from servanda.proceedings.persons import services as persons
from servanda.proceedings.replies import services as replies
from servanda.proceedings.replies.forms import clearing_choices
from servanda.trail.models import Event
from tests import make, progress_make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 1)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def other():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def writer(place):
    return make.user(Role.FOCAL_POINT, place)


@built_once
def authority(place):
    return make.user(Role.AUTHORITY, place)


@built_once
def letter(coordinator, place):
    return made.proceeding(coordinator, place)


def test_the_authority_approves_what_another_person_wrote(letter, place, writer, authority, coordinator):
    draft = drafts.submit_draft(draft=made.draft(letter, place, writer), by=writer)
    assert Notification.objects.filter(kind="reply-submitted", person=authority).exists()
    with pytest.raises(Refused, match="Only the validating authority"):
        drafts.validate_draft(draft=draft, by=writer)
    drafts.validate_draft(draft=draft, by=authority)
    assert made.fresh(draft).state == Draft.State.VALIDATED
    assert Notification.objects.filter(kind="reply-validated", person=coordinator).exists()


def test_whoever_wrote_any_of_it_does_not_approve_it(letter, place, writer, authority):
    made.draft(letter, place, authority, "First words.")
    draft = drafts.submit_draft(draft=made.draft(letter, place, writer, "Other words."), by=writer)
    with pytest.raises(Refused, match="You wrote this answer"):
        drafts.validate_draft(draft=draft, by=authority)
    Instance.objects.update_or_create(pk=1, defaults={"writer_may_validate": True})
    drafts.validate_draft(draft=draft, by=authority)


def test_an_answer_is_returned_with_a_reason_and_written_again(letter, place, writer, authority, coordinator):
    draft = made.approved(letter, place, writer, authority)
    with pytest.raises(Refused, match="Enter a reason"):
        drafts.return_draft(draft=draft, reason="", by=coordinator)
    with pytest.raises(Refused, match="Only a coordinator"):
        drafts.return_draft(draft=draft, reason="Too short.", by=authority)
    drafts.return_draft(draft=draft, reason="Too short.", by=coordinator)
    assert (made.fresh(draft).state, made.fresh(draft).return_reason) == ("returned", "Too short.")
    assert Notification.objects.filter(kind="reply-returned", person=writer).exists()
    assert made.draft(letter, place, writer, "A longer answer.").is_editable


def test_a_submitted_answer_cannot_be_changed(letter, place, writer):
    drafts.submit_draft(draft=made.draft(letter, place, writer), by=writer)
    with pytest.raises(Refused, match="another state"):
        made.draft(letter, place, writer, "Changed.")


def test_an_empty_answer_is_not_submitted(letter, place, writer):
    with pytest.raises(Refused, match="Enter the answer"):
        drafts.submit_draft(draft=made.draft(letter, place, writer, " "), by=writer)


def test_the_second_of_two_writers_is_refused(letter, place, writer, authority):
    made.draft(letter, place, writer)
    with pytest.raises(ChangedMeanwhile):
        drafts.save_draft(proceeding=letter, institution=place, text="Other.", language="en", seen=0, by=authority)


def test_only_the_institutions_named_write(letter):
    beside = make.institution("moh")
    person = make.user(Role.FOCAL_POINT, beside)
    with pytest.raises(Refused, match="not named here"):
        made.draft(letter, beside, person)


def test_an_institution_sees_its_own_part_and_nothing_of_the_others(letter, place, writer, coordinator):
    beside = make.institution("moh")
    made.name(letter, coordinator, place, beside)
    questions = [QuestionValues(1, "Ours?", "en", [place]), QuestionValues(2, "Theirs?", "en", [beside])]
    set_questions(proceeding=letter, questions=questions, seen=made.fresh(letter).version, by=coordinator)
    made.draft(letter, beside, make.user(Role.FOCAL_POINT, beside), "Their words.")
    made.person(letter, coordinator)
    shown = read_proceeding(made.fresh(letter), writer, on=TODAY)
    assert [row.named.institution for row in shown.rows] == [place]
    assert [question.text for question in shown.questions] == ["Ours?"]
    assert (shown.taken, shown.verdicts, shown.persons, shown.shows_reply) == ([], [], None, False)


def test_drafts_that_are_not_submitted_are_for_their_institution_only(letter, place, writer, coordinator):
    draft = made.draft(letter, place, writer)
    assert [Draft.objects.visible_to(person).count() for person in (writer, coordinator)] == [1, 0]
    drafts.submit_draft(draft=draft, by=writer)
    assert Draft.objects.visible_to(coordinator).count() == 1


def test_an_institution_reads_no_answer_of_another_one_that_is_named(letter, place, writer, coordinator):
    neighbour = make.institution("moh")
    named = [Named(place), Named(neighbour)]
    set_named_institutions(proceeding=letter, named=named, seen=letter.version, by=coordinator)
    stranger = make.user(Role.FOCAL_POINT, neighbour)
    draft = drafts.submit_draft(draft=made.draft(letter, place, writer), by=writer)
    assert Proceeding.objects.visible_to(stranger).exists()
    assert not Draft.objects.visible_to(stranger).exists()
    drafts.return_draft(draft=draft, reason="Which prisons?", by=make.user(Role.AUTHORITY, place))
    assert not Draft.objects.visible_to(stranger).exists()


@pytest.mark.parametrize(
    ("questions", "sentence"),
    [
        ([QuestionValues(1, "A?"), QuestionValues(1, "B?")], "number 1 for one question only"),
        ([QuestionValues(1, " ")], "text of question 1"),
    ],
)
def test_impossible_questions_are_refused_and_the_present_ones_kept(letter, coordinator, questions, sentence):
    with pytest.raises(Refused, match=sentence):
        set_questions(proceeding=letter, questions=questions, seen=letter.version, by=coordinator)
    assert letter.questions.get().text == "What was done?"


def test_a_question_goes_only_to_institutions_that_are_named(letter, coordinator):
    questions = [QuestionValues(1, "A?", "en", [make.institution("moh")])]
    with pytest.raises(Refused, match="MOH is not named"):
        set_questions(proceeding=letter, questions=questions, seen=letter.version, by=coordinator)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        (lambda: [Named(make.institution("moj")), Named(make.institution("moj"))], "only once"),
        (lambda: [Named(make.institution("old", active_to=date(2025, 1, 1)))], "no longer exists"),
        (lambda: [Named(make.institution("moj"), date(2027, 1, 1))], "after the deadline of the reply"),
    ],
)
def test_impossible_institutions_are_refused(letter, coordinator, named, sentence):
    with pytest.raises(Refused, match=sentence):
        set_named_institutions(proceeding=letter, named=named(), seen=letter.version, by=coordinator)


@pytest.mark.parametrize("text", ["An inquiry was opened.", ""])
def test_an_institution_that_closes_stays_named_and_its_successor_is_shown(letter, place, writer, coordinator, text):
    if text:
        made.draft(letter, place, writer, text)
    heir = make.institution("heir")
    Institution.objects.filter(pk=place.pk).update(active_to=date(2026, 1, 20))
    Succession.objects.create(predecessor=place, successor=heir, on=date(2026, 1, 21))
    assert (place.pk, "MOJ (closed)") in institution_choices(letter)
    made.name(letter, coordinator, made.fresh(place), heir, due_on=date(2026, 3, 1))
    assert {row.institution for row in letter.named.all()} == {place, heir}
    rows = read_proceeding(made.fresh(letter), coordinator, on=date(2026, 2, 1)).rows
    assert {row.named.institution: (row.is_over, row.successors) for row in rows} == {
        place: (True, str(heir)),
        heir: (False, ""),
    }
    with pytest.raises(Refused, match="Name its successor: HEIR"):
        made.name(made.proceeding(coordinator), coordinator, made.fresh(place))


def test_a_clearance_step_of_an_institution_that_closed_is_not_lost_by_saving_again(place, coordinator):
    ClearanceStep.objects.create(title="Minister", institution=place)
    Institution.objects.filter(pk=place.pk).update(active_to=date(2026, 1, 20))
    assert place.pk in [pk for pk, _label in clearing_choices()]


def test_an_institution_that_has_written_stays_named(letter, place, writer, coordinator):
    made.draft(letter, place, writer)
    with pytest.raises(Refused, match="has already written an answer"):
        made.name(letter, coordinator)


def test_a_reply_is_cleared_by_another_coordinator_and_cleared_again_after_a_change(letter, coordinator, other):
    replies.write_reply(proceeding=letter, reply="One.", language="en", seen=letter.version, by=coordinator)
    replies.start_clearance(proceeding=letter, by=coordinator)
    with pytest.raises(Refused, match="You wrote this text"):
        replies.clear_reply(proceeding=letter, by=coordinator)
    replies.clear_reply(proceeding=letter, by=other)
    assert made.fresh(letter).clearance.state == "cleared"
    now = made.fresh(letter)
    replies.write_reply(proceeding=now, reply="Two.", language="en", seen=now.version, by=coordinator)
    assert made.fresh(letter).clearance.state == "reopened"
    with pytest.raises(Refused, match="not been cleared"):
        replies.record_dispatch(
            proceeding=letter,
            replied_on=TODAY,
            note_verbale="1",
            channel="",
            acknowledged_on=None,
            seen=made.fresh(letter).version,
            by=coordinator,
        )


def notified(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("person", flat=True))


def test_each_step_of_the_clearance_of_a_reply_reaches_those_who_decide_it(letter, coordinator, other):
    cabinet = make.institution("cabinet")
    minister = make.user(Role.AUTHORITY, cabinet)
    set_clearance_steps(
        steps=[StepValues("Secretariat"), StepValues("Cabinet", cabinet)], by=make.user(Role.ADMINISTRATOR)
    )
    replies.write_reply(proceeding=letter, reply="One.", language="en", seen=letter.version, by=coordinator)
    replies.start_clearance(proceeding=letter, by=coordinator)
    assert notified("reply-to-clear") == {other.pk}
    replies.clear_reply(proceeding=letter, by=other)
    assert notified("reply-to-clear") == {other.pk, minister.pk}
    assert notified("reply-cleared") == set()
    assert [row.label for row in Notification.objects.visible_to(minister)] == [letter.reference]
    replies.clear_reply(proceeding=letter, by=minister)
    assert notified("reply-cleared") == {coordinator.pk}


def test_a_returned_reply_reaches_everybody_who_wrote_it(letter, coordinator, other):
    second = make.user(Role.COORDINATOR)
    replies.write_reply(proceeding=letter, reply="One.", language="en", seen=letter.version, by=coordinator)
    letter = made.fresh(letter)
    replies.write_reply(proceeding=letter, reply="Two.", language="en", seen=letter.version, by=second)
    replies.start_clearance(proceeding=letter, by=second)
    replies.return_reply(proceeding=letter, reason="Name the law.", by=other)
    assert notified("reply-sent-back") == {coordinator.pk, second.pk}
    assert notified("reply-to-clear") == {other.pk}


def test_clearance_follows_the_steps_of_the_installation(letter, coordinator, other):
    cabinet = make.institution("cabinet")
    minister = make.user(Role.AUTHORITY, cabinet)
    steps = [StepValues("Secretariat"), StepValues("Cabinet", cabinet)]
    set_clearance_steps(steps=steps, by=make.user(Role.ADMINISTRATOR))
    replies.write_reply(proceeding=letter, reply="One.", language="en", seen=letter.version, by=coordinator)
    replies.start_clearance(proceeding=letter, by=coordinator)
    assert not Proceeding.objects.visible_to(minister).exists()
    with pytest.raises(Refused, match="Only a coordinator"):
        replies.clear_reply(proceeding=letter, by=minister)
    replies.clear_reply(proceeding=letter, by=other)
    shown = read_proceeding(Proceeding.objects.visible_to(minister).get(), minister, on=TODAY)
    assert (shown.may_clear, shown.shows_reply, shown.rows, shown.questions) == (True, True, [], [])
    with pytest.raises(Refused, match="Enter a reason"):
        replies.return_reply(proceeding=letter, reason=" ", by=minister)
    replies.return_reply(proceeding=letter, reason="Name the law.", by=minister)
    clearance = made.fresh(letter).clearance
    assert [verdict.verdict for verdict in clearance.verdicts.all()] == ["cleared", "returned"]
    assert (clearance.state, Proceeding.objects.visible_to(minister).exists()) == ("returned", False)


def test_nothing_is_public_before_the_body_has_published_and_a_person_has_checked(letter, coordinator, client):
    texts = {"title": "A letter", "summary": "It was sent.", "reply": "", "source": "OHCHR"}
    with pytest.raises(Refused, match="confidential until the body has published"):
        replies.publish_letter(proceeding=letter, **texts, is_checked=True, by=coordinator)
    replies.record_publication(
        proceeding=letter, published_on=TODAY, symbol="A/HRC/1", seen=letter.version, by=coordinator
    )
    assert not PublicLetter.objects.exists()
    with pytest.raises(Refused, match="Confirm that you have checked"):
        replies.publish_letter(proceeding=letter, **texts, is_checked=False, by=coordinator)
    public = replies.publish_letter(proceeding=letter, **texts, is_checked=True, by=coordinator)
    page = client.get(f"/communications/{public.key}/").content.decode()
    assert "It was sent." in page
    assert letter.title not in page
    replies.unpublish_letter(proceeding=letter, by=coordinator)
    assert client.get(f"/communications/{public.key}/").status_code == 404
    assert [row.is_public for row in PublicLetter.objects.all()] == [False]
    replies.republish_letter(proceeding=letter, by=coordinator)
    assert client.get("/communications/").status_code == 200


def test_each_reading_of_an_identity_is_a_line_of_the_trail_that_names_nobody(letter, coordinator):
    person = made.person(letter, coordinator)
    assert persons.read_persons(proceeding=letter, by=coordinator) == [person]
    values = persons.PersonValues(role="victim", name="Ana Other", outcome="released")
    persons.edit_person_concerned(person=person, values=values, seen=1, by=coordinator)
    persons.erase_person_concerned(person=made.fresh(person), reason="Asked by the person.", by=coordinator)
    actions = Event.objects.filter(action__contains="person").values_list("action", flat=True)
    assert "identities-read" in Event.objects.values_list("action", flat=True)
    assert set(actions) == {"person-concerned-added", "person-concerned-edited", "person-concerned-erased"}
    assert not any("Ana" in line.object_label + line.difference for line in Event.objects.all())


def test_nothing_is_left_of_an_erased_person(letter, coordinator):
    person = made.person(letter, coordinator, details="Born in 1990", consents=True, consent_source="Letter")
    persons.erase_person_concerned(person=person, reason="Asked by the person.", by=coordinator)
    row = PersonConcerned.objects.values().get()
    assert {row[name] for name in ("name", "details", "consent_source", "outcome_note")} == {""}
    assert not hasattr(PersonConcerned, "history")
    with pytest.raises(Refused, match="has been erased"):
        persons.erase_person_concerned(person=person, reason="Again.", by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonConcerned.objects.update(name="Ana")


def test_identities_need_their_own_permission(letter, coordinator, writer):
    made.person(letter, coordinator)
    for person in (writer, make.user(Role.AUDITOR)):
        assert not PersonConcerned.objects.visible_to(person).exists()
        with pytest.raises(Refused, match="permission to see who"):
            persons.read_persons(proceeding=letter, by=person)


def test_a_consent_needs_its_source(letter, coordinator):
    with pytest.raises(Refused, match="source of the consent"):
        made.person(letter, coordinator, consents=True)


def test_a_file_is_for_the_institutions_only_if_it_is_shared(letter, coordinator, writer):
    for name, is_shared in (("letter.csv", False), ("annex.csv", True)):
        add_proceeding_file(
            proceeding=letter,
            file=progress_make.file(),
            name=name,
            kind="letter",
            is_shared=is_shared,
            by=coordinator,
        )
    seen = {
        person: [row.name for row in ProceedingFile.objects.visible_to(person)] for person in (coordinator, writer)
    }
    assert seen == {coordinator: ["letter.csv", "annex.csv"], writer: ["annex.csv"]}
    shared = ProceedingFile.objects.get(is_shared=True)
    withdraw_proceeding_file(file=shared, reason="Names a person.", by=coordinator)
    assert not ProceedingFile.objects.visible_to(writer).exists()


def test_a_download_is_a_line_of_the_trail_and_never_a_page(client, letter, coordinator):
    file = add_proceeding_file(
        proceeding=letter,
        file=progress_make.file(),
        name="letter.csv",
        kind="letter",
        is_shared=False,
        by=coordinator,
    )
    client.force_login(coordinator)
    answer = client.get(f"/desk/communication-files/{file.key}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert Event.objects.filter(action="proceeding-file-read").count() == 1
