"""Where a State takes positions, since when they count, and what becomes of others that a file states."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.records.lifecycle import steps_of, with_milestones
from servanda.recommendations.bulk.changes import Change, Deed
from servanda.recommendations.counting.counts import count_chosen, count_unfiltered
from servanda.recommendations.editing import positions
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.facets import public_facets
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.models import Position, Recommendation
from servanda.recommendations.records.stands import refresh_stands
from servanda.sources.models import Document
from tests import make

pytestmark = pytest.mark.django_db
REPORT, ADDENDUM = date(2025, 3, 24), date(2025, 6, 20)


def state(record: Recommendation, stand: str, **fields) -> Position:
    made = Position.objects.create(recommendation=record, stand=stand, **fields)
    refresh_stands([record.pk])
    record.refresh_from_db()
    return made


def of_committee(**fields) -> Recommendation:
    return make.recommendation(body=make.committee(), review=None, document=None, **fields)


def answered_step(record: Recommendation):
    found = with_milestones(Recommendation.objects.select_related("body"), reader=None).get(pk=record.pk)
    return next((step for step in steps_of(found) if step.label == "Answered"), None)


@pytest.mark.database
def test_a_position_without_a_day_has_that_of_the_document_that_holds_it_and_says_so(client):
    Document.objects.create(symbol="A/HRC/59/15/Add.1", date=ADDENDUM)
    record = make.recommendation(date=REPORT)
    state(record, "supported", symbol="A/HRC/59/15")
    state(record, "noted", symbol="A/HRC/59/15/Add.1")
    state(record, "partly", date=date(2026, 1, 9))
    positions = record.positions.with_days()
    assert [(row.day, row.day_is_of_document) for row in positions] == [
        *((REPORT, True), (ADDENDUM, True), (date(2026, 1, 9), False)),
    ]
    assert (answered_step(record).on, answered_step(record).note) == (REPORT, "date of the document")
    page = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert page.count("date of the document") >= 3
    told = client.get(reverse("api:recommendation", args=[record.code])).json()["positions"]
    assert [(row["date"], row["date_is_of_document"]) for row in told] == [
        *(("2025-03-24", True), ("2025-06-20", True), ("2026-01-09", False)),
    ]


def test_a_position_of_unknown_day_answers_too_and_a_stated_day_outranks_that_of_a_document():
    record = make.recommendation()
    state(record, "supported", symbol="A/HRC/59/15/Add.1")
    step = answered_step(record)
    assert (step.has_come, step.on, record.is_answered) == (True, None, True)
    dated = make.recommendation(date=REPORT)
    state(dated, "noted", symbol="A/HRC/59/15")
    state(dated, "supported", date=date(2025, 1, 9))
    assert dated.stand == "supported"


def test_set_row_station_and_position_agree_on_what_is_answered():
    for place, made in enumerate((make.recommendation, of_committee)):
        for number, stands in enumerate(([], ["pending"], ["noted"], ["supported", "pending"])):
            record = made(date=None if number % 2 else REPORT, paragraph=f"{place}.{number}")
            for stand in stands:
                state(record, stand)
            Position.objects.create(recommendation=record, stand="supported", is_draft=True)
    records = list(Recommendation.objects.select_related("body"))
    answered = {record.pk for record in records if record.is_answered}
    assert len(answered) == 2
    assert set(Recommendation.objects.answered().values_list("pk", flat=True)) == answered
    assert {row.pk for row in records if (step := answered_step(row)) and step.has_come} == answered
    decided = Position.objects.decided().filter(recommendation__in=Recommendation.objects.with_positions())
    assert set(decided.values_list("recommendation", flat=True)) == answered


def test_only_records_of_the_upr_are_counted_and_found_by_position():
    state(make.recommendation(), "supported")
    make.recommendation()
    state(of_committee(paragraph="1"), "noted")
    of_committee(paragraph="2")
    facets = public_facets()
    stand = next(facet for facet in facets if facet.key == "stand")
    audience = everybody()
    for worth_keeping in (0, 5_000):
        tally = count_unfiltered(audience, facets, worth_keeping=worth_keeping)
        assert {key: number for key, number in stand.counts(tally).items() if number} == {"supported": 1, "-": 1}
    asked = read_filter(QueryDict("stand=-"), facets)
    found = narrow(audience, asked, facets)
    assert [record.body.code for record in found] == ["UPR"]
    tally, apart = count_chosen(audience, found, asked, facets)
    assert tally["total"][0] == 1
    assert {key: number for key, number in stand.counts(apart["stand"]).items() if number} == {"supported": 1, "-": 1}


def test_a_state_takes_no_position_on_what_a_committee_recommends(client):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    record = of_committee()
    data = {"words": "", "symbol": "", "paragraph": "", "comment": "", "is_draft": False, "by": coordinator}
    with pytest.raises(Refused, match="States take no position on recommendations of CCPR"):
        positions.add_position(recommendation=record, stand="noted", date=REPORT, **data)
    upr = make.recommendation()
    both = Recommendation.objects.all()
    for change in (
        Change(Deed.ADD_POSITION, stand="noted", date="2025-06-20"),
        Change(Deed.SET_DEADLINE, decide_by="2027-01-01"),
    ):
        assert list(change.affected(both)) == [upr]
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    for words in ("Add a position", "Position of the State", "Answered"):
        assert words not in page
    assert "Add a position" in client.get(reverse("desk:record", args=[upr.code])).content.decode()
    form = {
        "version": record.version,
        "kind": "recommendation",
        "confidentiality": "public",
        "decide_by": "2027-01-01",
    }
    answer = client.post(reverse("desk:edit_recommendation", args=[record.code]), form)
    assert "Leave this date empty" in answer.content.decode()


def test_what_a_source_states_there_all_the_same_is_kept_and_counts_nowhere(client):
    record = of_committee(stand="noted")
    Position.objects.create(recommendation=record, stand="noted", words="accepted by the ministry", date=REPORT)
    Position.objects.create(recommendation=record, stand="pending", date=ADDENDUM)
    refresh_stands([record.pk])
    record.refresh_from_db()
    assert record.stand == ""
    page = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert "accepted by the ministry" in page
    assert "States take no position" in page


def test_the_list_by_position_puts_what_takes_none_last_and_says_so(client):
    make.recommendation(stand="noted")
    make.recommendation()
    of_committee()
    listing = client.get(reverse("portal:register"), {"by": "stand"}).context["listing"]
    assert [str(heading) for heading, _rows in listing.groups] == [
        *("Noted", "No position recorded", "States take no position on these"),
    ]
