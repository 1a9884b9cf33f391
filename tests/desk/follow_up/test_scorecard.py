"""The scorecard of institutions: whose numbers a person reads, and that each number is that of the list behind it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from servanda.people.access import Role
from servanda.trail.models import Event
from tests import assessing_make, make, progress_make, rounds_make

pytestmark = pytest.mark.django_db
LATE, SOON = (timezone.localdate() + timedelta(days=days) for days in (-3, 9))


@pytest.fixture
def health():
    return make.institution("health", name="Ministry of Health")


@pytest.fixture
def justice():
    return make.institution("justice", name="Ministry of Justice")


@pytest.fixture
def asked(health, justice):
    """Health owes two answers, has given one, and is silent on one of two records; justice is late with one."""
    records = [make.recommendation(f"Reform number {number}.") for number in range(4)]
    late = rounds_make.request(health, records[:3], due_on=LATE)
    late.items.filter(recommendation=records[0]).update(answered_at=timezone.now())
    rounds_make.request(justice, records[3:], due_on=LATE)
    rounds_make.request(justice, records[:1], due_on=SOON)
    for record in records[:2]:
        make.assignment(record, health)
    progress_make.update(records[0], health, state="published", published_at=timezone.now())
    assessing_make.assessment(records[0], "regressed")
    make.institution("idle")
    return records


def scorecard(client, **query):
    return client.get(reverse("desk:scorecard"), query)


def cards_of(page) -> dict[str, list[int]]:
    return {card.institution.code: [number.count for number in card.numbers] for card in page.context["cards"]}


@pytest.mark.database
@pytest.mark.usefixtures("asked")
def test_each_institution_has_its_numbers_the_most_overdue_first(client):
    make.signed_in(client, Role.COORDINATOR)
    found = cards_of(scorecard(client))
    assert list(found.items()) == [("health", [3, 1, 2, 2, 1, 1]), ("justice", [2, 0, 1, 0, 0, 0])]


@pytest.mark.usefixtures("asked")
def test_each_number_leads_to_a_list_of_as_many_records(client):
    make.signed_in(client, Role.COORDINATOR)
    for card in scorecard(client).context["cards"]:
        for number in card.numbers:
            context = client.get(number.href).context
            page = context["listing"].page if "listing" in context else context["page"]
            assert page.paginator.count == number.count, (card.institution.code, str(number.label))


def test_the_list_of_late_answers_names_texts_rounds_and_deadlines(client, asked, health):
    make.signed_in(client, Role.COORDINATOR)
    page = client.get(reverse("desk:scorecard_records", args=[health.pk, "late"]))
    assert [entry.record for entry in page.context["entries"]] == asked[1:3]
    source = page.content.decode()
    assert "Reform number 1." in source
    assert "Reform number 0." not in source
    assert source.count("overdue") >= 2


@pytest.mark.usefixtures("asked")
def test_people_of_an_institution_read_their_own_and_no_other(client, health, justice):
    for role in (Role.FOCAL_POINT, Role.AUTHORITY):
        client.force_login(make.user(role, health))
        assert list(cards_of(scorecard(client))) == ["health"]
        assert client.get(reverse("desk:scorecard_records", args=[health.pk, "asked"])).status_code == 200
        assert client.get(reverse("desk:scorecard_records", args=[justice.pk, "asked"])).status_code == 404


def test_records_that_a_person_may_not_see_do_not_count(client, health):
    hidden = make.recommendation(confidentiality="restricted")
    make.assignment(hidden, health)
    rounds_make.request(health, [hidden, make.recommendation()], due_on=LATE)
    assessing_make.assessment(hidden, "regressed")
    make.signed_in(client, Role.COORDINATOR)
    assert cards_of(scorecard(client)) == {"health": [2, 0, 2, 1, 1, 1]}
    auditor = make.user(Role.FOCAL_POINT, health)
    hidden.restricted_to.add(make.institution("other"))
    client.force_login(auditor)
    assert cards_of(scorecard(client))["health"][:3] == [1, 0, 1]


def test_without_numbers_the_page_offers_the_first_step(client):
    make.signed_in(client, Role.COORDINATOR)
    page = scorecard(client).content.decode()
    assert "No requests or assignments yet" in page
    assert "Assign institutions" in page


def test_there_is_no_list_of_another_name(client, health):
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(reverse("desk:scorecard_records", args=[health.pk, "else"])).status_code == 404


@pytest.mark.usefixtures("asked")
def test_the_workbook_has_all_institutions_and_its_download_is_in_the_trail(client):
    person = make.signed_in(client, Role.COORDINATOR)
    client.head(reverse("desk:scorecard_file"))
    assert not Event.objects.filter(action="follow-up-exported").exists()
    answer = client.get(reverse("desk:scorecard_file"))
    assert "scorecard" in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    header, first, second = rows.to_python()
    assert header[:3] == ["Abbreviation", "Institution", "Requested"]
    assert first == ["health", "Ministry of Health", 3, 1, 2, 2, 1, 1]
    assert second[0] == "justice"
    assert Event.objects.get(action="follow-up-exported").actor == person


@pytest.mark.database
@pytest.mark.usefixtures("asked")
def test_the_page_has_25_institutions_and_costs_the_same_for_few_and_for_many(client):
    make.signed_in(client, Role.COORDINATOR)
    counts = []
    for _round in range(2):
        scorecard(client)
        with CaptureQueriesContext(connection) as queries:
            page = scorecard(client)
        counts.append(len(queries))
        for number in range(40):
            make.assignment(make.recommendation(), make.institution(f"m{number}"))
    assert counts[0] == counts[1] <= 20
    assert len(page.context["cards"]) == 25
    assert 'rel="next"' in page.content.decode()
    assert len(scorecard(client, page=2).context["cards"]) == 17


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FOCAL_POINT])
def test_the_dashboard_leads_to_it(client, role):
    client.force_login(make.user(role))
    page = client.get(reverse("desk:follow_up"), follow=True).content.decode()
    assert f'href="{reverse("desk:scorecard")}"' in page
