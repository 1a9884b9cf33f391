"""The list of measures, and the facts of one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.progress.models import Voice
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.trail.models import Event
from tests import assessing_make, make
from tests.house.answers import source_of
from tests.measures_make import measure, ordered

pytestmark = pytest.mark.django_db

LIST = reverse("desk:ordered_measures")
PAYMENT = {"type": "payment", "due_on": "2026-03-01"}
PAYMENT |= {"amount": "20000.50", "currency": "eur", "interest": "100", "paid_on": "2026-02-20"}


def listed(client, **query) -> set[str]:
    rows = client.get(LIST, query).context["rows"]
    return {row["record"].code for row in rows}


def form_of(record: Recommendation) -> str:
    return reverse("desk:set_measure_facts", args=[record.code])


def test_the_facts_of_a_payment_are_saved_with_one_line_in_the_trail(client):
    record = measure()
    make.signed_in(client, Role.COORDINATOR)
    answer = client.post(form_of(record), PAYMENT | {"version": record.version})
    assert answer.url == reverse("desk:record", args=[record.code])
    facts = record.ordered
    assert (facts.type, facts.currency, str(facts.amount), facts.paid_on) == (
        "payment",
        "EUR",
        "20000.50",
        date(2026, 2, 20),
    )
    assert Event.objects.filter(action="measure-facts-set").count() == 1
    page = source_of(client.get(answer.url))
    assert "20,000.50 EUR" in page
    assert "20,000.50" not in source_of(client.get(record.get_absolute_url()))


def test_saving_the_same_facts_again_changes_nothing(client):
    record = measure()
    make.signed_in(client, Role.COORDINATOR)
    for _time in range(2):
        record.refresh_from_db()
        client.post(form_of(record), PAYMENT | {"version": record.version})
    assert Event.objects.filter(action="measure-facts-set").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"type": "investigation"}, "Only a payment has amounts."),
        ({"currency": ""}, "Enter the currency"),
        ({"currency": "XQX"}, "is not an ISO 4217 currency code"),
        ({"amount": "-1"}, "number of 0 or more"),
        ({"due_on": "2025-12-31"}, "The date is before that of the document."),
        ({"paid_on": str(date(2999, 1, 1))}, "must be today or in the past"),
        ({"type": "everything"}, "Choose one of the options"),
    ],
)
def test_impossible_facts_are_refused_beside_their_field(client, wrong, sentence):
    record = measure(date=date(2026, 1, 1))
    make.signed_in(client, Role.COORDINATOR)
    answer = client.post(form_of(record), PAYMENT | {"version": record.version} | wrong)
    assert answer.status_code == 422
    assert sentence in source_of(answer)
    assert not OrderedMeasure.objects.exists()


def test_facts_of_an_older_version_are_not_saved(client):
    record = measure()
    Recommendation.objects.filter(pk=record.pk).update(version=2)
    make.signed_in(client, Role.COORDINATOR)
    client.post(form_of(record), PAYMENT | {"version": 1})
    assert not OrderedMeasure.objects.exists()


def test_a_recommendation_has_no_such_facts(client):
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(form_of(make.recommendation())).status_code == 404


@pytest.mark.database
def test_only_a_payment_has_amounts_in_the_table_as_well():
    record = measure()
    with pytest.raises(IntegrityError, match="only_a_payment_has_amounts"):
        OrderedMeasure.objects.create(recommendation=record, type="general", amount=1, currency="EUR")


@pytest.mark.database
def test_the_list_is_narrowed_by_type_state_and_words(client):
    make.signed_in(client, Role.COORDINATOR)
    today = timezone.localdate()
    late = ordered(due_on=today - timedelta(days=1))
    paid = ordered(due_on=today - timedelta(days=1), paid_on=today)
    other = ordered(type="general", due_on=today - timedelta(days=9))
    bare, _recommendation = measure(), make.recommendation()
    assessing_make.assessment(other, voice=Voice.MECHANISM, common="full", is_published=True)
    everything = {record.code for record in (late, paid, other, bare)}
    assert listed(client) == everything
    assert listed(client, type="general") == {other.code}
    assert listed(client, state="overdue") == {late.code}
    assert listed(client, state="unpaid") == {late.code}
    assert listed(client, state="carried-out") == {other.code}
    assert listed(client, state="open") == {late.code, bare.code}
    assert listed(client, words=paid.code) == {paid.code}
    assert listed(client, words="nothing", type="no such type") == set()


def test_an_institution_sees_only_its_part(client):
    own, others = make.institution("mof"), make.institution("moj")
    seen = ordered()
    hidden = ordered()
    for record, place in ((seen, own), (hidden, others)):
        Recommendation.objects.filter(pk=record.pk).update(confidentiality="restricted")
        record.restricted_to.add(place)
    client.force_login(make.user(Role.FOCAL_POINT, own))
    assert listed(client) == {seen.code}
    assert hidden.code not in source_of(client.get(LIST))
    assert client.get(form_of(seen)).status_code == 403


def test_adding_a_measure_begins_with_its_kind(client):
    make.signed_in(client, Role.COORDINATOR)
    page = source_of(client.get(LIST))
    address = f"{reverse('desk:create_recommendation')}?kind=measure"
    assert f'href="{address}"' in page
    assert client.get(address).context["form"]["kind"].value() == "measure"
    assert client.get(f"{address}s").context["form"]["kind"].value() == "recommendation"
