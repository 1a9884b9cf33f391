import json
from datetime import date

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.editing import positions
from servanda.recommendations.models import Position, Recommendation
from servanda.trail.models import Event
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def add(record: Recommendation, stand: str, by, **changed) -> Position:
    data = {"words": "", "date": date(2025, 6, 1), "symbol": "", "paragraph": "", "comment": "", "is_draft": False}
    made = positions.add_position(recommendation=record, stand=stand, **{**data, **changed}, by=by)
    record.refresh_from_db()
    return made


def test_the_latest_decided_position_is_where_the_state_stands(coordinator):
    record = make.recommendation()
    add(record, "supported", coordinator, date=date(2025, 6, 1))
    add(record, "noted", coordinator, date=date(2024, 6, 1))
    assert record.stand == "supported"
    add(record, "partly", coordinator, date=date(2026, 1, 1))
    assert record.stand == "partly"


def test_of_two_positions_of_one_day_the_later_entry_counts(coordinator):
    record = make.recommendation()
    add(record, "supported", coordinator)
    add(record, "noted", coordinator)
    assert record.stand == "noted"


def test_to_be_examined_never_beats_a_decision(coordinator):
    record = make.recommendation()
    add(record, "noted", coordinator)
    add(record, "pending", coordinator)
    assert record.stand == "noted"


def test_a_draft_decides_nothing_until_it_is_decided(coordinator):
    record = make.recommendation(stand="")
    draft = add(record, "supported", coordinator, is_draft=True, date=None)
    assert record.stand == ""
    positions.decide_position(position=draft, date=date(2025, 7, 1), by=coordinator)
    record.refresh_from_db()
    assert record.stand == "supported"
    with pytest.raises(Refused, match="Only a draft"):
        positions.decide_position(position=draft, date=date(2025, 7, 2), by=coordinator)


def test_a_position_taken_out_counts_no_more_and_is_kept(coordinator):
    record = make.recommendation()
    add(record, "supported", coordinator, date=date(2024, 1, 1))
    wrong = add(record, "noted", coordinator)
    positions.end_position(position=wrong, reason="Read from the wrong row.", by=coordinator)
    told = json.loads(Event.objects.latest("pk").difference)
    assert told == {"position": ["noted; 2025-06-01", ""], "reason": ["", "Read from the wrong row."]}
    record.refresh_from_db()
    assert record.stand == "supported"
    wrong.refresh_from_db()
    assert wrong.ended_at is not None


def test_each_position_is_a_version_and_a_line_of_the_trail(coordinator):
    record = make.recommendation()
    add(record, "noted", coordinator, words="takes  note", comment="<b>In part</b>.")
    assert record.version == 2
    assert record.history.first().stand == "noted"
    event = Event.objects.get(action="position-added")
    assert "noted; 2025-06-01; takes note; In part." in event.difference


def test_a_position_without_a_date_stands_before_those_with_one_on_both_databases():
    record = make.recommendation()
    dated = Position.objects.create(recommendation=record, stand="supported", date=date(2025, 4, 8))
    undated = Position.objects.create(recommendation=record, stand="pending")
    assert list(record.positions.all()) == [undated, dated]
