"""The spreadsheet of questions: the table that is downloaded comes back with institutions, leads and shares."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import mark_read
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.models import InputItem
from servanda.progress.rounds.plans import QuestionRecipients
from servanda.progress.rounds.services import ask_questions
from servanda.sources.models import Question
from servanda.sources.questions.services import AnswerPlan, name_institutions, plan_answer
from servanda.sources.questions.sheet import QuestionSheets
from servanda.trail.models import Event
from tests import make, questions_make
from tests.house.page_forms import form_of
from tests.once import built_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    return person


@built_once
def issues():
    document = questions_make.document("CEDAW/C/SVN/Q/7")
    questions_make.question("Which law?", make.institution("moj"), document=document, number="1")
    questions_make.question("Which data?", document=document, number="2")
    make.institution("moi")
    return document


def downloaded(client, document) -> list[dict[str, str]]:
    file = client.get(reverse("desk:questions_export", args=[document.pk, "csv"]))
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def applied(rows: list[dict[str, str]], by) -> Batch:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = ContentFile(text.getvalue().encode(), "questions.csv")
    batch = sheets.send_sheet(kind=QuestionSheets(), file=file, name="questions.csv", by=by)
    sheets.preview_sheet(batch)
    batch.refresh_from_db()
    sheets.start_sheet(batch=batch, options={"accept_refused": True})
    sheets.apply_sheet(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.values_list("verdict", flat=True))


def plans(document) -> list[tuple[str, int | None, list[str]]]:
    rows = document.questions.order_by("place")
    return [
        (row.lead.code if row.lead else "", row.share, sorted(place.code for place in row.institutions.all()))
        for row in rows
    ]


@pytest.mark.database
def test_the_table_goes_out_and_comes_in_with_lead_and_share(client, issues, coordinator):
    rows = downloaded(client, issues)
    rows[0] |= {"lead": "moj", "share": "40"}
    rows[1] |= {"lead": "moi", "share": "60%"}
    batch = applied(rows, coordinator)
    assert verdicts(batch) == ["changed", "changed"]
    assert plans(issues) == [("moj", 40, ["moj"]), ("moi", 60, ["moi"])]
    again = downloaded(client, issues)
    assert [(row["lead"], row["share"]) for row in again] == [("moj", "40"), ("moi", "60")]
    again[0] |= {"institutions": "moj; moi", "lead": "-", "share": "-"}
    applied(again, coordinator)
    assert plans(issues)[0] == ("", None, ["moi", "moj"])
    assert Event.objects.filter(action="question-edited").count() == 3


def test_an_import_is_undone(client, issues, coordinator):
    rows = downloaded(client, issues)
    rows[0] |= {"lead": "moi", "share": "40"}
    batch = applied(rows, coordinator)
    sheets.undo_sheet(batch=batch, by=coordinator)
    assert plans(issues)[0] == ("", None, ["moj"])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"document": ""}, "“document”: enter the symbol of the document as in the register."),
        ({"number": "9"}, "no question, or more than one,"),
        ({"lead": "nobody"}, "“nobody” is not the code"),
        ({"institutions": "moj, x"}, "“x” is not the code"),
        ({"share": "101"}, "from 1 to 100"),
        ({"share": "half"}, "from 1 to 100"),
        ({"share": "25.5"}, "from 1 to 100"),
        ({"share": "1e1"}, "from 1 to 100"),
        ({"share": "1"}, "“1” can mean 1 or 100 per cent."),
        ({"share": "٤٤٤"}, "from 1 to 100"),
    ],
)
def test_a_mistake_names_its_cell_and_changes_nothing(client, issues, coordinator, cells, words):
    rows = downloaded(client, issues)[:1]
    batch = applied([rows[0] | cells], coordinator)
    assert verdicts(batch) == ["refused"]
    assert words in batch.rows.get().reason
    assert plans(issues)[0] == ("", None, ["moj"])


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ("25", 25),
        ("25%", 25),
        ("25,0", 25),
        ("0.25", 25),
        ("0,25", 25),
        ("٢٥", 25),
        ("٢٥٪", 25),
        ("٠٫٢٥", 25),
        ("1%", 1),
    ],
)
def test_a_share_is_read_with_the_digits_and_signs_of_any_language(client, issues, coordinator, given, share):
    rows = downloaded(client, issues)[:1]
    applied([rows[0] | {"share": given}], coordinator)
    assert plans(issues)[0][1] == share


def test_a_column_of_percent_cells_has_a_whole_of_one(client, issues, coordinator):
    rows = downloaded(client, issues)
    other = questions_make.question("Of another?", document=questions_make.document("CAT/C/SVN/Q/4"), number="1")
    rows = [rows[0] | {"share": "0.25"}, rows[1] | {"document": "CAT/C/SVN/Q/4", "number": "1", "share": "1"}]
    applied(rows, coordinator)
    other.refresh_from_db()
    assert (plans(issues)[0][1], other.share) == (25, 100)


def test_a_share_of_one_stays_one(client, issues, coordinator):
    issues.questions.filter(number="1").update(share=1)
    assert verdicts(applied(downloaded(client, issues)[:1], coordinator)) == ["unchanged"]


def test_of_two_rows_with_one_reference_the_first_is_read(client, issues, coordinator):
    rows = downloaded(client, issues)[:1]
    batch = applied([rows[0] | {"share": "70"}, rows[0] | {"share": "10"}], coordinator)
    assert list(batch.rows.order_by("number").values_list("verdict", flat=True)) == ["changed", "refused"]
    assert plans(issues)[0][1] == 70


def test_shares_above_the_whole_are_refused_where_they_are_raised(client, issues, coordinator):
    rows = downloaded(client, issues)
    batch = applied([rows[0] | {"share": "70"}, rows[1] | {"share": "40"}], coordinator)
    assert sorted(verdicts(batch)) == ["changed", "refused"]
    assert "CEDAW/C/SVN/Q/7 add up to 110%" in batch.rows.get(verdict="refused").reason
    issues.questions.filter(number="1").update(share=60)
    issues.questions.filter(number="2").update(share=40)
    batch = applied([rows[0] | {"share": "30"}, rows[1] | {"share": "70"}], coordinator)
    assert verdicts(batch) == ["changed", "changed"]
    batch = applied([rows[0] | {"share": "80"}, rows[1] | {"share": "20"}], coordinator)
    assert verdicts(batch) == ["changed", "changed"]
    sheets.undo_sheet(batch=batch, by=coordinator)
    assert [share for _lead, share, _places in plans(issues)] == [30, 70]


def test_a_share_above_the_whole_is_refused_on_the_page_of_the_question(client, issues, coordinator):
    issues.questions.filter(number="1").update(share=70)
    page = reverse("desk:edit_question", args=[issues.pk, issues.questions.get(number="2").pk])
    form = form_of(client.get(page).content)
    answer = client.post(page, form | {"share": "40"})
    assert answer.status_code == 422
    assert "add up to 110%" in answer.content.decode()
    assert client.post(page, form | {"share": "30"}).status_code == 302


def asked(question, by):
    """An open request to the ministry of justice, whose focal point is returned."""
    place = Institution.objects.get(code="moj")
    person = make.user(Role.FOCAL_POINT, place)
    rows = Question.objects.filter(pk=question.pk)
    ask_questions(
        title="Answers", question="Which?", due_on=timezone.localdate() + timedelta(days=9), questions=rows,
        whom=QuestionRecipients.CHOSEN, institutions=[place], by=by,
    )  # fmt: skip
    return person


def ended(person) -> list[str]:
    rows = Notification.objects.visible_to(person).filter(kind=Notification.Kind.INPUT_ENDED)
    return list(rows.values_list("label", flat=True))


def moved(person):
    """The same person, who now only reads for another institution."""
    person.appointments.update(end=timezone.localdate() - timedelta(days=1))
    make.appointment(person, make.institution("elsewhere"), "reader")
    return User.objects.get(pk=person.pk)


def test_a_request_that_ends_is_named_in_the_preview_and_the_institution_is_notified(client, issues, coordinator):
    question = issues.questions.get(number="1")
    person = asked(question, coordinator)
    rows = downloaded(client, issues)[:1]
    batch = applied([rows[0] | {"institutions": "moi"}], coordinator)
    changes = {str(change.label): change.after for change in QuestionSheets().changes(batch.rows.get())}
    assert changes["Open requests that are withdrawn"] == "moj"
    assert ended(person) == [f"{issues.symbol}, 1"]
    sheets.undo_sheet(batch=batch, by=coordinator)
    assert InputItem.objects.owed().filter(question=question).exists()
    assert ended(person) == []


@pytest.mark.database
def test_the_page_of_a_question_names_the_requests_that_ended(client, issues, coordinator):
    question = issues.questions.get(number="1")
    person = asked(question, coordinator)
    page = reverse("desk:edit_question", args=[issues.pk, question.pk])
    form = form_of(client.get(page).content)
    client.post(page, form)
    assert ended(person) == []
    answer = client.post(page, form_of(client.get(page).content) | {"institutions": []}, follow=True)
    assert "Open requests withdrawn, and the institutions notified:" in answer.content.decode()
    assert ended(person) == [f"{issues.symbol}, 1"]
    assert ended(moved(person)) == []


@pytest.mark.database
def test_who_read_of_the_end_is_notified_when_the_question_names_the_institution_again(issues, coordinator):
    question = issues.questions.get(number="1")
    person = asked(question, coordinator)
    places = list(question.institutions.all())
    rows = Notification.objects.visible_to(person)
    mark_read(notifications=rows, by=person)
    plan_answer(question=question, plan=AnswerPlan(None, None, []), by=coordinator)
    mark_read(notifications=rows, by=person)
    plan_answer(question=question, plan=AnswerPlan(None, None, places), by=coordinator)
    newest = rows.unread().get()
    assert (newest.kind, newest.label) == (Notification.Kind.INPUT_ASKED, "Answers")
    name_institutions(question=question, institutions=places, by=coordinator)
    assert rows.unread().count() == 1


def test_an_answered_or_closed_request_does_not_end(issues, coordinator):
    question = issues.questions.get(number="1")
    person = asked(question, coordinator)
    InputItem.objects.update(answered_at=timezone.now())
    plan_answer(question=question, plan=AnswerPlan(None, None, []), by=coordinator)
    assert ended(person) == []


def test_who_leads_answers_too_and_a_second_editor_is_refused(issues, coordinator):
    question, place = issues.questions.get(number="1"), make.institution("mof")
    saved = plan_answer(question=question, plan=AnswerPlan(place, 30, []), seen=question.version, by=coordinator)
    assert plans(issues)[0] == ("mof", 30, ["mof"])
    with pytest.raises(ChangedMeanwhile):
        plan_answer(question=saved, plan=AnswerPlan(None, None, []), seen=question.version, by=coordinator)
    with pytest.raises(FieldRefused, match="between 1 and 100"):
        plan_answer(question=saved, plan=AnswerPlan(None, 0, []), by=coordinator)
    with pytest.raises(Refused, match="permission"):
        plan_answer(question=saved, plan=AnswerPlan(None, 1, []), by=make.user(Role.READER))
