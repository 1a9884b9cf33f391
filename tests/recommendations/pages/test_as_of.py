"""The record as it was at the end of a day."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import merging, positions, texts
from servanda.recommendations.editing import services as editing
from servanda.recommendations.imports import apply_undo
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import (
    FieldChange,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from servanda.recommendations.pages.as_of import read_past
from servanda.trail.models import Event
from tests import make
from tests.house.answers import source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 1)
ROWS = (TextVersion, Position, Tagging, RecommendingState, SourceRecord)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@contextmanager
def done_on(day: date):
    """Within this context, date everything that is saved to that day, by moving the times that were just set."""
    start = timezone.now()
    yield
    moved = {"applied_at": Batch, "at": Event, "history_date": Recommendation.history.model}
    moved |= {"created_at changed_at": Recommendation}
    for names, model in moved.items():
        for name in names.split():
            model._default_manager.filter(**{f"{name}__gte": start}).update(**{name: noon(day)})
    for model in ROWS:
        for name in ("created_at", "ended_at"):
            model.objects.filter(**{f"{name}__gte": start}).update(**{name: noon(day)})


def write(record: Recommendation, text: str, by, **changed) -> TextVersion:
    record.refresh_from_db()
    data = {"language": "en", "form": "full", "source": "", "is_original": True, "is_machine": False}
    data |= {"is_reviewed": False, "version": record.version} | changed
    return texts.write_text(recommendation=record, text=text, **data, by=by)


def edit(record: Recommendation, by, **changed) -> None:
    record.refresh_from_db()
    values = {name: getattr(record, name) for name in editing.PLAIN_FIELDS}
    values |= {"symbol": record.document.symbol, "recommending": [], "also_concerns": [], "restricted_to": []}
    editing.edit_recommendation(recommendation=record, version=record.version, **values | changed, by=by)


def add(record: Recommendation, stand: str, day: date | None, by, **changed) -> Position:
    data = {"words": "", "symbol": "", "paragraph": "", "comment": "", "is_draft": day is None} | changed
    return positions.add_position(recommendation=record, stand=stand, date=day, **data, by=by)


def shown(record: Recommendation, on: date, *, with_drafts: bool = False) -> dict | None:
    record = Recommendation.objects.select_related("added_by").get(pk=record.pk)
    past = read_past(record, on=on, with_drafts=with_drafts)
    if past is None:
        return None
    then = past.recommendation
    return {
        "kind": then.kind,
        "paragraph": then.paragraph,
        "confidentiality": then.confidentiality,
        "stand": then.stand,
        "texts": [(text.language, text.text, text.is_original) for text in past.texts],
        "labels": sorted(str(tagging.term) for group in past.labels for tagging in group.taggings),
        "states": [state.country.code for state in past.states],
        "positions": [(position.stand, position.is_draft) for position in past.positions],
        "named": sorted(institution.code for institution in past.restricted_to),
        "also": sorted(concern.code for concern in past.also_concerns),
    }


def changes(record: Recommendation, on: date, before: dict) -> dict:
    """What differs from the day before."""
    now = shown(record, on)
    return {name: now[name] for name in now if now[name] != before[name]}


def days() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(4)]


@pytest.mark.database
def test_a_record_changed_on_three_days_is_on_each_day_what_it_was(coordinator):
    one, two, three, four = days()
    with done_on(one):
        record = make.recommendation("Ratify the Convention.", paragraph="140.1")
        RecommendingState.objects.create(recommendation=record, country=make.country("PER", "Peru"))
    with done_on(two):
        write(record, "Ratify the Protocol.", coordinator)
        labels.add_labels(recommendation=record, terms=[make.term("Health")], by=coordinator)
    with done_on(three):
        edit(record, coordinator, kind="pledge", paragraph="150.9", recommending=[make.country("FJI", "Fiji")])
        add(record, "noted", date(2025, 1, 1), coordinator)
        labels.remove_label(tagging=record.taggings.current().get(), by=coordinator)
    with done_on(four):
        add(record, "supported", date(2025, 6, 1), coordinator)
    assert shown(record, one - timedelta(days=1)) is None
    first = shown(record, one)
    assert first == {
        "kind": "recommendation",
        "paragraph": "140.1",
        "confidentiality": "public",
        "stand": "",
        "texts": [("en", "Ratify the Convention.", True)],
        "labels": [],
        "states": ["PER"],
        "positions": [],
        "named": [],
        "also": [],
    }
    assert changes(record, two, first) == {"texts": [("en", "Ratify the Protocol.", True)], "labels": ["Health"]}
    assert changes(record, three, shown(record, two)) == {
        "kind": "pledge",
        "paragraph": "150.9",
        "stand": "noted",
        "labels": [],
        "states": ["FJI"],
        "positions": [("noted", False)],
    }
    assert changes(record, four, shown(record, three)) == {
        "stand": "supported",
        "positions": [("noted", False), ("supported", False)],
    }


def test_a_draft_that_was_decided_later_was_a_draft_until_then(coordinator):
    one, two, three, _four = days()
    with done_on(one):
        record = make.recommendation()
    with done_on(two):
        draft = add(record, "supported", None, coordinator, comment="Between us.")
    with done_on(three):
        positions.decide_position(position=draft, date=date(2026, 3, 3), by=coordinator)
    assert shown(record, two, with_drafts=True)["positions"] == [("supported", True)]
    assert shown(record, two)["positions"] == []
    assert shown(record, two)["stand"] == ""
    assert shown(record, three, with_drafts=True)["positions"] == [("supported", False)]
    assert shown(record, three)["stand"] == "supported"


def test_what_an_import_brought_counts_from_the_day_it_was_applied_and_never_if_it_was_undone():
    one, two, three, _four = days()
    with done_on(one):
        record = make.recommendation("First.")
        batch = Batch.objects.create(name="a", state="applied", sha256="1")
        undone = Batch.objects.create(name="b", state="undone", sha256="2")
        TextVersion.objects.create(recommendation=record, language="fr", text="Nouveau.", added_by=batch)
        TextVersion.objects.create(recommendation=record, language="es", text="Nada.", added_by=undone)
        TextVersion.objects.filter(language="en").update(ended_by=batch)
    Batch.objects.filter(pk=batch.pk).update(applied_at=noon(three))
    Batch.objects.filter(pk=undone.pk).update(applied_at=noon(two))
    assert shown(record, two)["texts"] == [("en", "First.", True)]
    assert shown(record, three)["texts"] == [("fr", "Nouveau.", False)]
    Batch.objects.filter(pk=batch.pk).update(state="undone")
    assert shown(record, three)["texts"] == [("en", "First.", True)]


def test_a_record_of_an_import_begins_when_it_was_applied_and_is_what_it_is_while_no_hand_touches_it():
    one, two, _three, _four = days()
    batch = Batch.objects.create(name="a", state="applied", sha256="1", applied_at=noon(two))
    with done_on(one):
        record = make.recommendation(added_by=batch, paragraph="7")
    Recommendation.history.all().delete()  # imports write none
    assert shown(record, one) is None
    assert shown(record, two)["paragraph"] == "7"


def test_fields_that_a_later_import_moves_are_in_the_history_with_what_was_there_before():
    one, two, three, _four = days()
    with done_on(one):
        record = make.recommendation(paragraph="7", kind="recommendation")
        Recommendation.history.all().delete()
    with done_on(three):
        batch = Batch.objects.create(name="a", state="applied", sha256="1", applied_at=timezone.now())
        for field, old, new in (("paragraph", "7", "9"), ("kind", "recommendation", "pledge")):
            FieldChange.objects.create(batch=batch, recommendation=record, field=field, old=old, new=new)
        apply_undo.refresh_records(batch)
    record.refresh_from_db()
    assert (record.paragraph, record.kind) == ("9", "pledge")
    assert (shown(record, two)["paragraph"], shown(record, two)["kind"]) == ("7", "recommendation")
    assert (shown(record, three)["paragraph"], shown(record, three)["kind"]) == ("9", "pledge")


def test_changes_in_bulk_are_on_the_day_they_were_made(coordinator):
    one, two, three, four = days()
    moj, mfa = make.institution("moj"), make.institution("mfa")
    with done_on(one):
        record = make.recommendation(is_published=False)
    for day, change in (
        (two, Change("set-confidentiality", confidentiality="restricted", institutions=[moj.pk])),
        (three, Change("set-confidentiality", confidentiality="restricted", institutions=[mfa.pk])),
        (four, Change("add-position", stand="noted", date="2025-01-01")),
    ):
        with done_on(day):
            bulk.apply_bulk(bulk.start_bulk(change=change, records=Recommendation.objects.all(), by=coordinator))
    states = [shown(record, day) for day in days()]
    assert [one["confidentiality"] for one in states] == ["public", "restricted", "restricted", "restricted"]
    assert [one["named"] for one in states] == [[], ["moj"], ["mfa"], ["mfa"]]
    assert [one["stand"] for one in states] == ["", "", "", "noted"]


def test_lists_of_states_and_institutions_changed_by_hand_are_those_of_the_day(coordinator):
    one, two, three, _four = days()
    with done_on(one):
        record = make.recommendation()
    with done_on(two):
        edit(
            record,
            coordinator,
            confidentiality="restricted",
            restricted_to=[make.institution("moj")],
            also_concerns=[make.country("FJI", "Fiji")],
        )
    with done_on(three):
        edit(record, coordinator, confidentiality="internal")
    assert [(shown(record, day)["named"], shown(record, day)["also"]) for day in (one, two, three)] == [
        ([], []),
        (["moj"], ["FJI"]),
        ([], []),
    ]


def test_the_mark_of_the_original_stands_where_it_stood(coordinator):
    one, two, _three, _four = days()
    with done_on(one):
        record = make.recommendation("Ratify.")
        TextVersion.objects.create(recommendation=record, language="fr", text="Ratifier.")
    with done_on(two):
        write(record, "Ratifiez.", coordinator, language="fr")
    assert sorted(shown(record, one)["texts"]) == [("en", "Ratify.", True), ("fr", "Ratifier.", False)]
    assert sorted(shown(record, two)["texts"]) == [("en", "Ratify.", False), ("fr", "Ratifiez.", True)]


def test_what_a_merge_brought_is_there_from_its_day(coordinator):
    one, two, _three, _four = days()
    with done_on(one):
        record, other = make.recommendation("Ratify."), make.recommendation("Ratify it.")
        Tagging.objects.create(recommendation=other, term=make.term("Health"))
    with done_on(two):
        merging.merge_recommendations(into=record, others=[other], by=coordinator)
    assert [shown(record, day)["labels"] for day in (one, two)] == [[], ["Health"]]


def ask(client, record: Recommendation, on: object):
    return client.get(reverse("desk:record_as_of", args=[record.code]), {"on": str(on)})


def test_the_page_carries_a_banner_and_offers_no_deeds(client, coordinator):
    with done_on(FIRST):
        record = make.recommendation("Ratify the Convention.")
    write(record, "Ratify the Protocol.", coordinator)
    client.force_login(coordinator)
    answer = ask(client, record, FIRST)
    page = answer.content.decode()
    assert "Record as at the end of 1 March 2026." in page
    assert "Ratify the Convention." in page
    assert "Ratify the Protocol." not in page
    assert reverse("desk:write_text", args=[record.code]) not in page
    assert 'name="on" value="2026-03-01"' in page


def test_the_history_leads_to_the_page_without_script(client, coordinator):
    record = make.recommendation()
    client.force_login(coordinator)
    page = source_of(client.get(reverse("desk:record_history", args=[record.code])))
    assert f'method="get" novalidate action="{reverse("desk:record_as_of", args=[record.code])}"' in page


@pytest.mark.parametrize("on", ["tomorrow", "2026-02-30", timezone.localdate() + timedelta(days=2), "0001-01-01"])
def test_a_day_that_makes_no_sense_is_answered_kindly(client, coordinator, on):
    client.force_login(coordinator)
    answer = ask(client, make.recommendation(), on)
    assert answer.status_code == (200 if on == "0001-01-01" else 422)
    assert ("not in the register yet" in answer.content.decode()) == (on == "0001-01-01")


def test_today_s_rule_decides_who_may_look_back(client):
    with done_on(FIRST):
        record = make.recommendation()
    client.force_login(make.user(Role.READER))
    assert ask(client, record, FIRST).status_code == 200
    Recommendation.objects.update(confidentiality="restricted")
    assert ask(client, record, FIRST).status_code == 404


def test_a_day_costs_the_same_for_a_record_with_much_on_it(client, coordinator):
    with done_on(FIRST):
        small, large = make.recommendation(), make.recommendation()
        for number, record in zip(count(), [small, *[large] * 20], strict=False):
            Tagging.objects.create(recommendation=record, term=make.term(f"Theme {number}"), said_by=coordinator)
            Position.objects.create(recommendation=record, stand="noted")
            RecommendingState.objects.create(recommendation=record, country=make.country(f"X{number:02d}", "X"))
    client.force_login(coordinator)
    asked = []
    for record in (small, large):
        with CaptureQueriesContext(connection) as captured:
            assert ask(client, record, FIRST).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1]
    assert asked[0] <= 30
