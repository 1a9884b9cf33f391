"""Appointments that are limited to some bodies: what is read, written and cleared in each, and nothing in between."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.proceedings.clearance.services import StepValues, set_clearance_steps
from servanda.proceedings.contents import drafts
from servanda.proceedings.contents.asking import ask_on_questions
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.contents.owners import possible_owners
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.life.listing import awaiting_answers
from servanda.proceedings.life.services import edit_proceeding
from servanda.proceedings.life.steps import ask_for_drafts
from servanda.proceedings.models import Draft, Proceeding, ProceedingFile, ProceedingQuestion
from servanda.proceedings.replies import services as replies
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def education():
    return make.institution("education")


@built_once
def mixed(place, education):
    """A reader of one institution for one body, and a focal point of another one for another body."""
    person = make.user(Role.PUBLIC)
    make.appointment(person, education, "reader", bodies="CAT")
    make.appointment(person, place, "alternate", bodies="CEDAW")
    return person


@built_once
def dialogue(coordinator, place, education):
    """With CAT: one question, speaking point and draft of each institution."""
    dialogue = made.dialogue(coordinator, place, education, bodies=[make.committee("CAT")])
    for number, institution in enumerate((place, education), 1):
        made.question(dialogue, number, f"What did {institution.code} do?", institution)
        made.draft(dialogue, institution, make.user(Role.FOCAL_POINT, institution))
    return dialogue


def test_the_institution_of_one_appointment_is_not_read_for_the_bodies_of_another(dialogue, mixed, education):
    shown = read_proceeding(dialogue, mixed, on=timezone.localdate())
    assert [row.named.institution for row in shown.rows] == [education]
    assert not any(row.has_deeds for row in shown.rows)
    assert [question.number for question in shown.questions] == [2]
    assert [point.institution for point in shown.points] == [education]
    assert [draft.institution for draft in Draft.objects.visible_to(mixed)] == [education]
    assert ProceedingQuestion.objects.visible_to(mixed).count() == 1


def test_nor_is_its_answer_written(client, dialogue, mixed, place, education):
    client.force_login(mixed)
    for institution in (place, education):
        page = reverse("desk:save_draft", args=[dialogue.key, institution.code])
        assert client.get(page).status_code == 404
    with pytest.raises(Refused, match="Only people appointed"):
        made.draft(dialogue, place, mixed, "Mine.")


def test_a_person_limited_to_other_bodies_is_not_asked(client, coordinator, place):
    letter = made.proceeding(coordinator, place, title="Torture of somebody")
    letter.named.update(due_on=timezone.localdate())
    everywhere = make.user(Role.FOCAL_POINT, place)
    limited, covered = make.user(Role.PUBLIC), make.user(Role.PUBLIC)
    make.appointment(limited, place, "alternate", bodies="CEDAW")
    make.appointment(covered, place, "alternate", bodies="CEDAW,SR Torture")
    ask_for_drafts(letter, by=coordinator)
    asked = Notification.objects.filter(kind="reply-asked").values_list("person", flat=True)
    assert set(asked) == {everywhere.pk, covered.pk}
    assert [awaiting_answers(person).count() for person in (everywhere, covered, limited)] == [1, 1, 0]
    client.force_login(limited)
    assert "Torture of somebody" not in client.get(reverse("desk:home")).content.decode()
    client.force_login(covered)
    assert "Torture of somebody" in client.get(reverse("desk:home")).content.decode()


def authority(place, bodies: str):
    person = make.user(Role.PUBLIC)
    make.appointment(person, place, "authority", bodies=bodies)
    return person


@pytest.mark.database
def test_a_reply_is_cleared_for_the_bodies_of_the_appointment_only(client, coordinator, place):
    set_clearance_steps(steps=[StepValues("Legal service", place)], by=coordinator)
    letter = made.proceeding(coordinator)
    replies.write_reply(proceeding=letter, reply="Reply.", language="en", seen=letter.version, by=coordinator)
    replies.start_clearance(proceeding=letter, by=coordinator)
    limited, covered = authority(place, "CEDAW"), authority(place, "CEDAW,SR Torture")
    assert [Proceeding.objects.visible_to(person).count() for person in (limited, covered)] == [0, 1]
    with pytest.raises(Refused, match="Only the validating authority"):
        replies.clear_reply(proceeding=letter, seen=None, by=limited)
    client.force_login(limited)
    assert client.get(letter.get_absolute_url()).status_code == 404
    client.force_login(covered)
    assert client.get(letter.get_absolute_url()).status_code == 200


def test_whoever_wrote_any_of_the_reply_does_not_clear_it(coordinator):
    letter, colleague = made.proceeding(coordinator), make.user(Role.COORDINATOR)
    for person, text in ((coordinator, "Reply"), (colleague, "Reply.")):
        seen = made.fresh(letter).version
        replies.write_reply(proceeding=letter, reply=text, language="en", seen=seen, by=person)
    replies.start_clearance(proceeding=letter, by=colleague)
    for person in (coordinator, colleague):
        with pytest.raises(Refused, match="You wrote this text"):
            replies.clear_reply(proceeding=letter, by=person)
    replies.clear_reply(proceeding=letter, by=make.user(Role.COORDINATOR))


@pytest.mark.database
def test_an_institution_that_only_clears_a_reply_reads_no_files(client, coordinator, place, education):
    set_clearance_steps(steps=[StepValues("Legal service", place)], by=coordinator)
    letter = made.proceeding(coordinator, education)
    file = SimpleUploadedFile("list.csv", b"Name\nAna\n")
    add_proceeding_file(proceeding=letter, file=file, name="list.csv", kind="annex", is_shared=True, by=coordinator)
    seen = made.fresh(letter).version
    replies.write_reply(proceeding=letter, reply="Reply.", language="en", seen=seen, by=coordinator)
    replies.start_clearance(proceeding=letter, by=coordinator)
    clears, named = authority(place, ""), make.user(Role.FOCAL_POINT, education)
    assert [ProceedingFile.objects.visible_to(person).count() for person in (clears, named)] == [0, 1]
    client.force_login(clears)
    assert client.get(letter.get_absolute_url()).status_code == 200
    page = reverse("desk:proceeding_file", args=[letter.files.get().key])
    assert client.get(page).status_code == 404


def test_an_answer_awaits_only_the_authority_for_its_body(coordinator, place):
    letter, writer = made.proceeding(coordinator, place), make.user(Role.FOCAL_POINT, place)
    limited, covered = authority(place, "CEDAW"), authority(place, "SR Torture")
    draft = drafts.submit_draft(draft=made.draft(letter, place, writer), by=writer)
    notified = Notification.objects.filter(kind="reply-submitted").values_list("person", flat=True)
    assert set(notified) == {covered.pk}
    with pytest.raises(Refused, match="Only the validating authority"):
        drafts.validate_draft(draft=draft, by=limited)
    drafts.validate_draft(draft=draft, by=covered)


def test_a_question_is_not_given_to_a_person_limited_to_other_bodies(client, coordinator, dialogue, place):
    limited, covered = make.user(Role.PUBLIC), make.user(Role.PUBLIC)
    make.appointment(limited, place, "alternate", bodies="CEDAW")
    make.appointment(covered, place, "alternate", bodies="CAT,CEDAW")
    offered = set(possible_owners(dialogue, [place.pk]))
    assert (limited in offered, covered in offered) == (False, True)
    client.force_login(coordinator)
    page = client.get(reverse("desk:set_questions", args=[dialogue.key])).content.decode()
    assert (limited.name in page, covered.name in page) == (False, True)
    values = QuestionValues(1, "Which law?", "en", [place], "room", owner=limited)
    kept = QuestionValues(2, "What did education do?", "en")
    seen = made.fresh(dialogue).version
    with pytest.raises(Refused, match="cannot see question 1"):
        set_questions(proceeding=dialogue, questions=[values, kept], seen=seen, by=coordinator)
    assert not Notification.objects.filter(kind="question-assigned").exists()


def test_a_person_whose_appointment_does_not_cover_the_body_any_more_owns_no_question(coordinator, dialogue, place):
    person = make.user(Role.PUBLIC)
    appointment = make.appointment(person, place, "alternate", bodies="CAT")
    put = QuestionValues(1, "Which law?", "en", [place], "room", owner=person)
    seen = made.fresh(dialogue).version
    set_questions(proceeding=dialogue, questions=[put, QuestionValues(2, "What?", "en")], seen=seen, by=coordinator)
    owed = ProceedingQuestion.objects.owed_by(person)
    assert owed.count() == 1
    type(appointment).objects.update(bodies="CEDAW")
    assert ProceedingQuestion.objects.owed_by(type(person).objects.get(pk=person.pk)).count() == 0
    edit_proceeding(
        proceeding=dialogue,
        values=made.values(
            kind="dialogue", sort=dialogue.sort, reference=dialogue.reference, bodies=[make.committee("CRC")]
        ),
        seen=made.fresh(dialogue).version,
        by=coordinator,
    )
    assert dialogue.questions.filter(owner=person).count() == 0


# An institution that is no longer named


def test_an_institution_that_is_no_longer_named_keeps_nothing(client, coordinator, place, education):
    case = made.case(coordinator, place, education)
    writer = make.user(Role.FOCAL_POINT, place)
    ask_for_drafts(case, by=coordinator)
    question = made.question(case, 7, "Who paid?", place)
    opened = ask_on_questions(
        proceeding=case,
        title=f"Answers to {case.reference}",
        question="Answer briefly.",
        due_on=timezone.localdate() + timedelta(days=9),
        questions=[question.question_id],
        by=coordinator,
    )
    sheet = reverse("desk:answer_sheet", args=[opened.requests.get().pk, "xlsx"])
    pages = {
        reverse("desk:asked"): case.reference,
        reverse("people:notifications"): case.reference,
        f"{reverse('desk:register')}?kind=measure": case.measures.get().recommendation.code,
    }
    client.force_login(writer)
    for page, word in pages.items():
        assert word in client.get(page).content.decode(), page
    assert client.get(sheet).status_code == 200
    made.name(case, coordinator, education)
    for page, word in pages.items():
        assert word not in client.get(page).content.decode(), page
    assert client.get(sheet).status_code == 404
    made.name(case, coordinator, education, place)  # named again after a mistake
    assert case.measures.get().recommendation.restricted_to.contains(place)
