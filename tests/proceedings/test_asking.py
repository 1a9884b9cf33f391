"""Institutions are asked in a round about questions of a letter; their answers become theirs to the letter."""

import html
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.proceedings.contents.asking import ask_on_questions, complete_answers, questions_to_ask, use_answers
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.life.services import edit_proceeding, restore_proceeding, withdraw_proceeding
from servanda.proceedings.models import Draft
from servanda.progress.models import InputItem, InputRound, Update
from servanda.progress.rounds.answer_sheet import blocks
from servanda.progress.rounds.reminder_plan import plan_reminders
from servanda.progress.rounds.services import add_institutions
from servanda.progress.updates import services as updating
from servanda.sources.models import Question
from servanda.sources.questions.queries import documents_with_questions
from servanda.trail.models import Event
from tests import make, proceedings_make
from tests.once import built_once
from tests.progress_make import SAID

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def beside():
    return make.institution("moh")


@built_once
def writer(place):
    return make.user(Role.FOCAL_POINT, place)


@built_once
def authority(place):
    return make.user(Role.AUTHORITY, place)


@built_once
def letter(coordinator, place, beside):
    """Three questions: of one institution, of the other, and of no one yet."""
    made = proceedings_make.proceeding(coordinator, due_on=TODAY() + timedelta(days=60))
    proceedings_make.name(made, coordinator, place, beside)
    questions = [
        QuestionValues(1, "Where is she?", "en", [place]),
        QuestionValues(2, "Who treats her?", "en", [beside]),
        QuestionValues(3, "Why?", "en"),
    ]
    set_questions(proceeding=made, questions=questions, seen=proceedings_make.fresh(made).version, by=coordinator)
    return proceedings_make.fresh(made)


def ask(letter, by, **fields) -> InputRound:
    given = {"title": "Answers", "question": "Answer briefly.", "due_on": TODAY() + timedelta(days=10)}
    given |= {"questions": [row.question_id for row in letter.questions.all()], **fields}
    return ask_on_questions(proceeding=letter, **given, by=by)


def answered(item: InputItem, writer, authority=None, text: str = "She is in Ljubljana.") -> Update:
    start = {"institution": item.request.institution, "recommendations": [], "request": item.request}
    draft = updating.start_update(**start, question=item.question, by=writer)
    given = SAID | {"text": text, "recommendations": [], "actions": []}
    updating.save_update(update=draft, seen=draft.version, **given, by=writer)
    draft = updating.submit_update(update=draft, by=writer)
    return updating.validate_update(update=draft, by=authority) if authority else draft


def test_each_institution_is_asked_the_questions_that_name_it_and_nobody_about_the_others(
    letter, coordinator, place, beside, writer
):
    opened = ask(letter, coordinator)
    asked = InputItem.objects.filter(request__round=opened).values_list("request__institution", "question__place")
    assert set(asked) == {(place.pk, 1), (beside.pk, 2)}
    assert Notification.objects.get(kind="input-asked").person == writer
    assert {person.person for person in plan_reminders(on=TODAY() + timedelta(days=10))} >= {writer}
    with pytest.raises(Refused):
        add_institutions(
            round=opened, institutions=[make.institution("mof")], due_on=TODAY() + timedelta(days=9), by=coordinator
        )


@pytest.mark.database
def test_the_database_keeps_a_question_of_a_letter_restricted_and_out_of_documents(letter):
    question = letter.questions.first().question
    for fields in ({"confidentiality": "public"}, {"confidentiality": "internal"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**fields)
    question.confidentiality = "public"
    with pytest.raises(ValidationError):
        question.validate_constraints()


@pytest.mark.database
def test_only_the_mechanism_and_the_institutions_named_see_a_question(letter, coordinator, writer, beside):
    others = make.user(Role.FOCAL_POINT, beside), make.user(Role.FOCAL_POINT, make.institution("mof"))
    numbers = [
        set(Question.objects.visible_to(person).values_list("place", flat=True))
        for person in (coordinator, writer, *others)
    ]
    assert numbers == [{1, 2, 3}, {1}, {2}, set()]
    assert not Question.objects.listed().exists()
    assert list(documents_with_questions(coordinator)) == []


def test_a_day_after_the_reply_is_due_and_a_closed_letter_are_refused(letter, coordinator):
    with pytest.raises(FieldRefused, match="deadline of the reply, .* or an earlier date"):
        ask(letter, coordinator, due_on=letter.due_on + timedelta(days=1))
    type(letter).objects.filter(pk=letter.pk).update(step="closed")
    with pytest.raises(Refused, match="is closed"):
        ask(letter, coordinator)


def test_no_question_without_an_institution_is_offered(letter, coordinator):
    assert [question.place for question in questions_to_ask(letter, coordinator)] == [1, 2]


def test_another_institution_that_is_named_at_the_question_never_reads_an_answer(
    letter, coordinator, place, beside, writer, authority
):
    row = letter.questions.get(question__place=1)
    row.institutions.add(beside)
    ask(letter, coordinator)
    answer = answered(InputItem.objects.get(request__institution=place), writer, authority)
    updating.publish_update(update=answer, by=make.user(Role.COORDINATOR))
    theirs = make.user(Role.FOCAL_POINT, beside)
    assert row.question in Question.objects.visible_to(theirs)
    assert list(Update.objects.visible_to(theirs)) == []
    assert list(Update.objects.visible_to(writer)) == [answer]


def test_complete_answers_become_the_answer_of_their_institution(
    letter, coordinator, place, beside, writer, authority
):
    letter.questions.get(question__place=3).institutions.add(place)
    ask(letter, coordinator)
    first, last = InputItem.objects.filter(request__institution=place).in_order()
    answered(first, writer, authority)
    assert complete_answers(letter) == {}
    with pytest.raises(Refused, match="No institution has approved answers"):
        use_answers(proceeding=letter, by=coordinator)
    answered(last, writer, authority, "The court ordered it.")
    assert use_answers(proceeding=letter, by=coordinator) == 1
    draft = Draft.objects.get()
    assert draft.text == "1. She is in Ljubljana.\n\n3. The court ordered it."
    assert (draft.institution, draft.state, draft.language) == (place, "validated", "en")
    assert (draft.written_by, draft.validated_by) == (writer, authority)
    assert set(Update.objects.values_list("state", flat=True)) == {"published"}
    steps = letter.obligation.steps.order_by("institution__code")
    assert [step.done_on is not None for step in steps] == [False, True]
    missing = [row.sentence for row in missing_for(letter, "cleared")]
    assert [
        str(institution)
        for institution in (place, beside)
        if f"{institution} has not approved its answer yet." in missing
    ] == [str(beside)]
    assert complete_answers(letter) == {}


def test_an_answer_that_the_institution_wrote_to_the_letter_is_never_replaced(
    letter, coordinator, place, writer, authority
):
    ask(letter, coordinator)
    proceedings_make.draft(letter, place, writer, "Our own words.")
    answered(InputItem.objects.get(request__institution=place), writer, authority)
    assert complete_answers(letter) == {}


def test_a_question_that_institutions_were_asked_about_is_not_removed(letter, coordinator, place):
    ask(letter, coordinator)
    kept = [QuestionValues(1, "Where is she?", "en", [place])]
    fresh = proceedings_make.fresh(letter)
    with pytest.raises(Refused, match="asked about question 2"):
        set_questions(proceeding=letter, questions=kept, seen=fresh.version, by=coordinator)
    questions = [QuestionValues(number, "Where is he?", "en", [place]) for number in (1, 2)]
    set_questions(proceeding=letter, questions=questions, seen=fresh.version, by=coordinator)
    assert list(Question.objects.values_list("place", "text")) == [(1, "Where is he?"), (2, "Where is he?")]


@pytest.mark.database
def test_what_is_withdrawn_is_asked_of_nobody_until_it_is_restored(letter, coordinator, writer):
    ask(letter, coordinator)
    withdraw_proceeding(proceeding=letter, reason="Entered twice.", by=coordinator)
    assert not InputItem.objects.owed().exists()
    assert not InputItem.objects.readable_by(writer).exists()
    assert not Question.objects.visible_to(writer).exists()
    restore_proceeding(proceeding=letter, by=coordinator)
    assert InputItem.objects.readable_by(writer).count() == 1


def test_a_new_reference_is_that_of_the_questions_too(letter, coordinator):
    values = proceedings_make.values(reference="AL SVN 77/2026", bodies=list(letter.bodies.all()))
    edit_proceeding(proceeding=letter, values=values, seen=letter.version, by=coordinator)
    assert [row.question.reference for row in letter.questions.all()] == [
        f"AL SVN 77/2026, {number}" for number in (1, 2, 3)
    ]


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def test_the_page_shows_whom_it_would_ask_before_it_opens_the_round(client, letter, coordinator, place, beside):
    client.force_login(coordinator)
    address = reverse("desk:ask_on_questions", args=[letter.key])
    assert address in text_of(client.get(letter.get_absolute_url()))
    page = client.get(address)
    assert "Where is she?" in text_of(page)
    assert "Why?" not in text_of(page)
    key = page.context["form"]
    chosen = [question.pk for question in key.fields["questions"].queryset]
    sending = {"questions": chosen, "due_on": TODAY() + timedelta(days=10), "question": "Briefly.", "step": "preview"}
    preview = client.post(address, sending)
    assert all(str(institution) in text_of(preview) for institution in (place, beside))
    assert not InputRound.objects.exists()
    answer = client.post(address, sending | {"step": "apply", "count": "2"})
    opened = InputRound.objects.get()
    assert answer.url == opened.get_absolute_url()
    assert opened.title == f"Answers to {letter.reference}"
    assert letter.get_absolute_url() in text_of(client.get(opened.get_absolute_url()))


def test_without_an_institution_at_a_question_the_page_says_what_to_do(client, coordinator):
    letter = proceedings_make.proceeding(coordinator)
    client.force_login(coordinator)
    answer = client.get(reverse("desk:ask_on_questions", args=[letter.key]), follow=True)
    assert "Assign an institution to at least one question" in text_of(answer)


def test_an_institution_finds_its_request_at_the_letter_and_the_coordinator_uses_the_answer(
    client, letter, coordinator, place, writer, authority
):
    ask(letter, coordinator)
    client.force_login(writer)
    page = text_of(client.get(letter.get_absolute_url()))
    assert reverse("desk:asked") in page
    assert "Where is she?" in text_of(client.get(reverse("desk:asked")))
    assert "Who treats her?" not in text_of(client.get(reverse("desk:asked")))
    own, other = (letter.questions.get(question__place=number).question for number in (1, 2))
    assert f'href="{own.get_absolute_url()}"' in text_of(client.get(reverse("desk:asked")))
    assert client.get(own.get_absolute_url()).url == letter.get_absolute_url()
    assert client.get(other.get_absolute_url()).status_code == 404
    answered(InputItem.objects.get(request__institution=place), writer, authority)
    client.force_login(coordinator)
    assert "All answers are approved:" in text_of(client.get(letter.get_absolute_url()))
    client.post(reverse("desk:use_answers", args=[letter.key]))
    assert "1. She is in Ljubljana." in text_of(client.get(letter.get_absolute_url()))


def test_an_answer_sheet_holds_the_questions_of_its_institution_only(letter, coordinator, place, writer):
    request = ask(letter, coordinator).requests.get(institution=place)
    assert [block.text.text for block in blocks(request, to=writer, language="en")] == ["Where is she?"]


def by_letter(client, question, institution, **fields):
    given = {"question": question.pk, "institution": institution.pk, "letter": "012-3/2026"}
    given |= {"letter_date": "2026-01-20", "text": "She is in Celje.", "language": "en"}
    return client.post(reverse("desk:enter_on_behalf"), given | fields)


def scan() -> SimpleUploadedFile:
    page = BytesIO()
    Image.new("RGB", (8, 8)).save(page, "PNG")
    return SimpleUploadedFile("letter.png", page.getvalue())


def test_an_answer_by_letter_to_one_question_counts_like_the_others(client, letter, coordinator, place, writer):
    client.force_login(coordinator)
    question = letter.questions.get(question__place=1).question
    link = f"{reverse('desk:enter_on_behalf')}?question={question.pk}"
    assert link in text_of(client.get(letter.get_absolute_url()))
    assert "Scan or file of the letter" in text_of(client.get(link))
    assert by_letter(client, question, place, scan=scan()).url == question.get_absolute_url()
    answer = Update.objects.get()
    assert (answer.on_behalf, answer.letter, answer.state) == (True, "012-3/2026", "validated")
    evidence = answer.evidence.get()
    assert (evidence.title, evidence.institution, evidence.is_public) == ("012-3/2026", place, False)
    assert Event.objects.filter(action="proceeding-answer-entered", object_id=str(letter.pk)).exists()
    page = text_of(client.get(letter.get_absolute_url()))
    assert "answered by letter <bdi>012-3/2026</bdi>" in page
    assert "Use as answers of the institutions" in page
    assert use_answers(proceeding=letter, by=make.user(Role.COORDINATOR)) == 1
    assert Draft.objects.get().text == "1. She is in Celje."


def test_only_its_institution_and_the_mechanism_see_an_answer_by_letter(client, letter, coordinator, place, beside):
    row = letter.questions.get(question__place=1)
    row.institutions.add(beside)
    client.force_login(coordinator)
    by_letter(client, row.question, place)
    seen = {}
    for name, person in {
        "own": make.user(Role.FOCAL_POINT, place),
        "beside": make.user(Role.FOCAL_POINT, beside),
        "mechanism": make.user(Role.COORDINATOR),
    }.items():
        client.force_login(person)
        seen[name] = "012-3/2026" in text_of(client.get(letter.get_absolute_url()))
    assert seen == {"own": True, "beside": False, "mechanism": True}


def test_half_the_questions_by_letter_and_a_bad_scan_change_nothing(client, letter, coordinator, place):
    letter.questions.get(question__place=3).institutions.add(place)
    client.force_login(coordinator)
    question = letter.questions.get(question__place=1).question
    refused = by_letter(client, question, place, scan=SimpleUploadedFile("letter.pdf", b"no PDF"))
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"scan"}
    assert not Update.objects.exists()
    by_letter(client, question, place)
    assert complete_answers(letter) == {}


def test_a_closed_letter_takes_no_answer_by_letter(client, letter, coordinator, place):
    type(letter).objects.filter(pk=letter.pk).update(step="closed")
    client.force_login(coordinator)
    question = letter.questions.get(question__place=1).question
    assert "is closed" in text_of(by_letter(client, question, place))
    assert not Update.objects.exists()
    assert "on-behalf" not in text_of(client.get(letter.get_absolute_url()))
