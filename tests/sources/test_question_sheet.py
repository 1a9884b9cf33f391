"""The spreadsheet of questions: the table that is downloaded comes back with institutions, leads and shares."""

import csv
import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.sources.questions.services import AnswerPlan, plan_answer
from servanda.sources.questions.sheet import QuestionSheets
from servanda.trail.models import Event
from tests import make, questions_make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def coordinator(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    return person


@pytest.fixture
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
        ({"number": "9"}, "no single question"),
        ({"lead": "nobody"}, "“nobody” is not the code"),
        ({"institutions": "moj, x"}, "“x” is not the code"),
        ({"share": "101"}, "from 1 to 100"),
        ({"share": "half"}, "from 1 to 100"),
        ({"share": "٤"}, "from 1 to 100"),
    ],
)
def test_a_mistake_names_its_cell_and_changes_nothing(client, issues, coordinator, cells, words):
    rows = downloaded(client, issues)[:1]
    batch = applied([rows[0] | cells], coordinator)
    assert verdicts(batch) == ["refused"]
    assert words in batch.rows.get().reason
    assert plans(issues)[0] == ("", None, ["moj"])


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
