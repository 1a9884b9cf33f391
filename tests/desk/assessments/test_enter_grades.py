"""The grades in the document of the body on a follow-up reply go to all its records at once."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.progress.models import Assessment, Voice
from tests import assessing_make, make, obligation_make
from tests.desk.reports.test_report_pages import text_of
from tests.house.page_forms import form_of

pytestmark = pytest.mark.django_db
SYMBOL = "CCPR/C/128/3/Add.1"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def records():
    body = make.committee("CCPR")
    return [make.recommendation(body=body, review=None, paragraph=number) for number in ("8", "9")]


@pytest.fixture
def due(records):
    assessing_make.grade("partial", Voice.MECHANISM)
    return assessing_make.follow_up(*records)


def test_records_are_graded_at_once_from_the_obligation(client, coordinator, due, records):
    address = reverse("desk:enter_grades", args=[due.code])
    assert address not in text_of(client.get(due.get_absolute_url()))
    obligation_make.submission(due)
    assert address in text_of(client.get(due.get_absolute_url()))
    form = form_of(client.get(address).content)
    first, second = (record.pk for record in records)
    grade = str(assessing_make.grade("partial", Voice.MECHANISM).pk)
    form |= {"symbol": SYMBOL, "date": "2026-09-01", f"grade-{first}": grade, f"reason-{first}": "Half of it."}
    form |= {f"paragraph-{first}": "", f"reason-{second}": "", f"paragraph-{second}": ""}
    assert "Enter a reason for" in text_of(client.post(address, form | {f"grade-{second}": grade}))
    assert not Assessment.objects.exists()
    form |= {f"grade-{second}": grade, f"reason-{second}": "A start.", f"paragraph-{second}": "9"}
    assert "2 assessments saved." in text_of(client.post(address, form, follow=True))
    found = Assessment.objects.filter(voice=Voice.MECHANISM, symbol=SYMBOL, is_published=False)
    assert list(found.order_by("pk").values_list("recommendation", "reason", "paragraph")) == [
        (first, "Half of it.", ""),
        (second, "A start.", "9"),
    ]


def test_the_page_shows_the_text_of_each_record_and_what_each_field_is(client, coordinator, due):
    page = client.get(reverse("desk:enter_grades", args=[due.code])).content.decode()
    assert page.count("Protect the rights of every person.") == 2
    assert [page.count(f'data-label="{label}"') for label in ("Value", "Paragraph", "Reason")] == [2, 2, 2]


def test_without_a_value_nothing_is_saved(client, coordinator, due):
    address = reverse("desk:enter_grades", args=[due.code])
    page = client.post(address, form_of(client.get(address).content) | {"symbol": SYMBOL})
    assert "Choose a value for at least one record." in text_of(page)


def test_a_body_that_does_not_assess_and_an_obligation_without_records_have_no_page(client, coordinator):
    for due in (assessing_make.follow_up(make.recommendation()), obligation_make.obligation()):
        assert client.get(reverse("desk:enter_grades", args=[due.code])).status_code == 404


def test_the_same_grade_twice_is_refused_and_saves_nothing(client, coordinator, due, records):
    grade = assessing_make.grade("partial", Voice.MECHANISM)
    assessing_make.assessment(
        records[1], voice=Voice.MECHANISM, symbol=SYMBOL, reason="A start.", made_by=coordinator
    )
    address = reverse("desk:enter_grades", args=[due.code])
    form = form_of(client.get(address).content) | {"symbol": SYMBOL, "date": "2026-09-01"}
    for record in records:
        form |= {f"grade-{record.pk}": str(grade.pk), f"reason-{record.pk}": "A start."}
    page = text_of(client.post(address, form))
    assert f"{records[1].code}:" in page
    assert Assessment.objects.count() == 1
