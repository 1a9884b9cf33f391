"""The figures of an evidence pack: counted for one reader, with no figure where there is nothing to count."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from django.utils.translation import override
from docx import Document

from servanda.kit.files.paper import write_docx
from servanda.network.budget_evidence.figures import counted, evidence_for, rows_of
from servanda.network.budget_evidence.services import paper_of
from servanda.progress.models import InputItem
from tests import make, network_make, obligation_make, questions_make, rounds_make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)


def values(user, on: date = TODAY) -> dict[str, dict[str, str]]:
    groups = evidence_for(user, on=on)
    return {group.title: {figure.label: figure.value for figure in group.figures} for group in groups}


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def test_without_anything_to_count_there_is_no_data(coordinator):
    found = values(coordinator)
    assert found["Open obligations of the next 12 months"]["All bodies"] == ""
    assert found["Records by status"] == {"All records": "", "Not assessed": ""}
    assert set(found["Requests for information"].values()) == {""}
    assert found["Updates a month"] == {"Updates": ""}
    assert found["Resources of the secretariat"] == {
        "Posts in the secretariat": "",
        "Budget": "",
        "Year of the budget": "",
    }
    assert set(found["Workload for each post"].values()) == {""}
    assert "no data" in {row[2] for row in rows_of(evidence_for(coordinator, on=TODAY), on=TODAY)}


def test_obligations_of_the_next_year_are_counted_by_body(coordinator):
    for days in (10, 364, 366, -5):
        obligation_make.obligation(due_on=TODAY + timedelta(days=days))
    obligation_make.obligation(due_on=TODAY + timedelta(days=10), state="submitted")
    found = values(coordinator)["Open obligations of the next 12 months"]
    assert found == {"All bodies": "2", "CEDAW": "2", "Late": "1"}


def test_requests_are_counted_as_answered_in_time_late_or_not(coordinator):
    records = [make.recommendation(str(number)) for number in range(3)]
    request = rounds_make.request(make.institution(), records, due_on=TODAY - timedelta(days=30))
    in_time, late, _open = request.items.order_by("pk")
    due = timezone.make_aware(timezone.datetime(2026, 10, 29, 12))
    for item, answered in ((in_time, due - timedelta(days=3)), (late, due + timedelta(days=3))):
        item.answered_at = answered
        item.save()
    assert values(coordinator)["Requests for information"] == {
        "Sent": "3",
        "Answered": "2",
        "Answered after the deadline": "1",
        "Not answered": "1",
    }


def test_questions_of_documents_are_requests_as_well(coordinator):
    ministry = make.institution()
    request = rounds_make.request(ministry, due_on=TODAY - timedelta(days=30))
    request.items.update(answered_at=timezone.now())
    InputItem.objects.create(request=request, question=questions_make.question("What was done?", ministry))
    found = values(coordinator)["Requests for information"]
    assert (found["Sent"], found["Answered"], found["Not answered"]) == ("2", "1", "1")


def test_workload_is_divided_by_the_posts_of_the_profile(coordinator):
    own = network_make.profile(is_own=True)
    network_make.facts(own, coordinator, posts="2", budget="120000 EUR")
    for number in range(3):
        make.recommendation(str(number))
    found = values(coordinator)
    assert found["Workload for each post"]["Records"] == "1.5"
    assert found["Resources of the secretariat"]["Budget"] == "120000 EUR"
    groups = {group.title: group for group in evidence_for(coordinator, on=TODAY)}
    group = groups["Resources of the secretariat"]
    assert network_make.SOURCE in group.definition


def test_what_a_reader_does_not_see_is_not_counted():
    obligation_make.obligation(due_on=TODAY + timedelta(days=10), confidentiality="restricted")
    make.recommendation("closed", confidentiality="restricted", is_published=False)
    reader = make.user("reader", institution=make.institution("mof"))
    found = values(reader)
    assert found["Open obligations of the next 12 months"]["All bodies"] == ""
    assert found["Records by status"]["All records"] == ""


def test_the_document_has_each_figure_with_its_definition_and_day(coordinator):
    make.recommendation()
    groups = evidence_for(coordinator, on=TODAY)
    document = Document(BytesIO(write_docx(paper_of(groups, on=TODAY))))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert all(group.definition in text for group in groups)
    assert "28 November 2026" in text
    cells = [cell.text for row in document.tables[1].rows for cell in row.cells]
    assert cells[:6] == ["Figure", "Value", "All records", "1", "Not assessed", "1"]


def test_a_reader_sees_counts_as_their_language_writes_them():
    with override("es"):
        assert counted("Fichas", 1400, of=1400).shown == "1\xa0400"
        assert (counted("Fichas", 1400, of=1400).value, counted("Fichas", 0, of=0).shown) == ("1400", "")
