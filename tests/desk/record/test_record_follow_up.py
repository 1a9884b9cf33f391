"""What is done about one record: its stations, and all that happened in one row of time."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.people.access import Role
from servanda.recommendations.models import Position
from tests import actions_make, assessing_make, make, progress_make
from tests.follow_up_make import follow_up
from tests.house.answers import said

pytestmark = pytest.mark.django_db


def steps(answer) -> dict[str, bool]:
    return {str(step.label): step.has_come for step in answer.context["steps"]}


def test_the_stations_have_the_day_of_the_first_thing_inside_and_without_who_answers_outside(client):
    first, _second, third = follow_up().records[:3]
    make.signed_in(client, Role.READER)
    inside = client.get(reverse("desk:record_follow_up", args=[first.code]))
    came = {"Received": True, "Assigned": True, "Planned": True, "Reported": True}
    assert steps(inside) == steps(client.get(reverse("desk:record", args=[first.code]))) == came | {"Assessed": True}
    public = client.get(first.get_absolute_url())
    assert steps(public) == {"Received": True, "Planned": False, "Reported": True, "Assessed": True}
    assert [entry.text for entry in client.get(third.get_absolute_url()).context["story"]] == []
    upr = client.get(third.get_absolute_url())
    assert list(steps(upr)) == ["Received", "Answered", "Planned", "Reported", "Assessed"]
    portuguese = client.get(third.get_absolute_url(), headers={"accept-language": "pt"})  # all of one recommendation
    assert {"Recebida", "Respondida", "Planeada", "Avaliada"} < set(steps(portuguese))


def test_the_tab_shows_the_recommendation_with_its_lead_and_deadline(client):
    record = make.recommendation("Ratify the Convention.", stand="supported")
    lead = make.institution("health", name="Health")
    make.assignment(record, lead, due_on=date(2027, 3, 1))
    make.signed_in(client, Role.READER)
    for page in ("desk:record_follow_up", "desk:record"):
        shown = client.get(reverse(page, args=[record.code])).content.decode()
        head = shown.partition('class="record-head"')[2].partition('class="milestones"')[0]
        assert "Ratify the Convention.</h1>" in head
        assert all(words in head for words in ("Supported", "Lead institution", "Health", "1 March 2027"))


def test_a_supported_recommendation_without_a_date_is_answered(client):
    record = make.recommendation(stand="supported", date=None, document=None)
    Position.objects.create(recommendation=record, stand="supported")
    make.signed_in(client, Role.READER)
    answer = client.get(reverse("desk:record", args=[record.code]))
    assert steps(answer)["Answered"] is True
    assert "date unknown" in answer.content.decode()


def test_a_judgment_is_closed_when_its_supervision_ended_and_not_when_the_state_says_that_all_is_done(client):
    court = make.committee("ECtHR-CM")
    court.kind = "court"
    court.save()
    record = make.recommendation(body=court, review=None)
    assessing_make.assessment(record, "full")
    stations = ["Judgment received", "Action planned", "Action reported", "Assessed", "Closed"]
    assert list(steps(client.get(record.get_absolute_url()))) == stations
    assert steps(client.get(record.get_absolute_url()))["Closed"] is False
    assessing_make.assessment(record, "full", "mechanism", symbol="CM/ResDH(2026)1")
    assert steps(client.get(record.get_absolute_url()))["Closed"] is True


def test_what_happened_stands_newest_first_and_a_round_is_told_to_those_whom_it_concerns(client):
    followed = follow_up()
    url = reverse("desk:record_follow_up", args=[followed.records[0].code])
    make.signed_in(client, Role.READER)
    entries = client.get(url).context["story"]
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    texts = {entry.text for entry in entries}
    assert {"Update from Health", "Action planned: Draft a bill", "Assigned to Health"} < texts
    assert "Information requested from Health: Spring" not in texts
    make.signed_in(client, Role.FOCAL_POINT, institution=followed.health)
    assert "Information requested from Health: Spring" in {entry.text for entry in client.get(url).context["story"]}


def test_what_waits_changes_no_byte_of_the_public_page(client):
    record = follow_up().records[0]
    before = said(client.get(record.get_absolute_url()))
    assessing_make.assessment(record, "regressed", is_published=False, is_latest=False)
    progress_make.update(record, make.institution("health"), state="submitted")
    actions_make.action(records=[record])
    assert said(client.get(record.get_absolute_url())) == before


def test_the_page_asks_no_more_for_many_things(client):
    record = follow_up().records[0]
    url = reverse("desk:record_follow_up", args=[record.code])
    make.signed_in(client, Role.COORDINATOR)
    asked = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        asked.append(len(captured))
        for number in range(10):
            place = make.institution(f"place-{turn}-{number}")
            make.assignment(record, place, part="supporting")
            progress_make.update(record, place, state="published")
            actions_make.action(records=[record], lead=place)
            assessing_make.assessment(record, "started", "independent", institution=place)
    assert asked[1] <= asked[0]
