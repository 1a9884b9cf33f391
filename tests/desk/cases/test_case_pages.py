"""The pages of a case: its facts, its course, its measures."""

import pytest
from django.test import Client
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.proceedings.models import CaseFacts, CaseMeasure, Proceeding
from servanda.recommendations.models import Recommendation
from tests import make
from tests import proceedings_make as made
from tests.house.answers import source_of
from tests.measures_make import measure

pytestmark = pytest.mark.django_db
ROWS = {"row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0"}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def case(coordinator):
    Instance.current().save()
    Instance.objects.update(state_code=make.country().code)
    return made.case(coordinator, reference="98765/20")


def url(deed: str, case, *more) -> str:
    return reverse(f"desk:{deed}", args=[case.key, *more])


def send(client: Client, deed: str, case, **fields):
    return client.post(url(deed, case), {"version": made.fresh(case).version} | fields)


def test_several_measures_are_added_in_one_form(client, case):
    row = {"row-0-paragraph": "8", "row-0-text": "Pay.", "row-0-type": "payment", "row-0-amount": "7"}
    row |= {"row-0-currency": "usd", "row-1-paragraph": "9", "row-1-text": "Amend it.", "row-1-type": "general"}
    answer = send(client, "add_case_measures", case, language="en", **ROWS, **row)
    assert answer.status_code == 302, answer.context["form"].errors
    assert [link.recommendation.paragraph for link in case.measures.all()] == ["1", "8", "9"]
    page = source_of(client.get(answer.url))
    assert "1,000.00" in page
    assert page.count("USD") >= 2


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"row-0-text": "Pay."}, "Choose the type of the measure."),
        ({"row-0-amount": "7", "row-0-type": "payment"}, "Enter the text, or clear the row."),
        ({"row-0-text": "Pay.", "row-0-type": "general", "row-0-amount": "7"}, "Only a payment has amounts."),
    ],
)
def test_a_faulty_measure_is_named_and_nothing_is_added(client, case, row, sentence):
    answer = send(client, "add_case_measures", case, language="en", **ROWS, **row)
    assert answer.status_code == 422
    assert sentence in source_of(answer)
    assert case.measures.count() == 1


def test_a_measure_is_unlinked_with_undo_and_offered_again(client, case):
    record = case.measures.get().recommendation
    page = client.post(url("unlink_case_measure", case, record.code), follow=True)
    assert url("restore_case_measure", case, record.code) in source_of(page)
    assert record.code in source_of(client.get(url("link_case_measures", case)))
    send(client, "link_case_measures", case, measures=[record.pk])
    assert case.measures.get().recommendation == record
    client.post(url("unlink_case_measure", case, record.code))
    client.post(url("restore_case_measure", case, record.code))
    assert case.measures.get().recommendation == record


def test_measures_are_linked_by_their_references(client, case):
    other = measure(body=made.court())
    answer = send(client, "link_case_measures", case, codes=f"{other.code} NO-SUCH-1")
    assert "NO-SUCH-1" in source_of(answer)
    send(client, "link_case_measures", case, codes=other.code)
    assert CaseMeasure.objects.filter(proceeding=case, recommendation=other).exists()


def test_a_case_of_one_body_offers_no_fields_of_another(client, case):
    fields = set(client.get(url("set_case", case)).context["form"].fields)
    assert {"final_on", "supervision"} <= fields
    assert "notified_on" not in fields


def test_a_letter_has_no_pages_of_a_case(client, case):
    letter = made.proceeding(make.user(Role.COORDINATOR))
    for deed in ("set_case", "set_case_course", "add_case_measures", "link_case_measures"):
        assert client.get(url(deed, letter)).status_code == 404


@pytest.mark.database
def test_the_record_of_a_measure_names_its_case_to_those_who_see_it(client, case):
    record = case.measures.get().recommendation
    Recommendation.every_kind.filter(pk=record.pk).update(confidentiality="public", is_published=True)
    address = reverse("desk:record", args=[record.code])
    assert case.get_absolute_url() in source_of(client.get(address))
    client.force_login(make.user(Role.FOCAL_POINT, make.institution("moj")))
    pages = [source_of(client.get(address, follow=True)), source_of(Client().get(record.get_absolute_url()))]
    assert [page for page in pages if record.code not in page] == []
    assert [page for page in pages if case.reference in page or case.title in page] == []


def test_the_page_of_a_case_costs_the_same_for_many_measures(client, coordinator, django_assert_max_num_queries):
    case = made.case(coordinator, make.institution("moj"), measures=12)
    CaseFacts.objects.update(standing="leading")
    Proceeding.objects.update(step="replied")
    client.get(case.get_absolute_url())
    with django_assert_max_num_queries(20):
        page = source_of(client.get(case.get_absolute_url()))
    assert page.count("Enter when") == 12
