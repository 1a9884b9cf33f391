"""How others answered: accepted records and actions of a peer beside similar records of ours, never among them."""

import json

import pytest
from django.urls import reverse

from servanda.exchange.decisions import services as decisions
from servanda.exchange.format.kinds import KINDS, objects_of
from servanda.exchange.models import Received
from servanda.network.models import PeerAction, PeerAnswer
from servanda.network.peer_answers.encoding import encode_answers
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.search.encoding import encode_missing
from tests import make
from tests.exchange_make import SITE, Sender, gone, peer, receive, record
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db
State = Received.State
TEXT = "Reduce maternal mortality in remote regions."
THEIRS = "Reduce maternal mortality, particularly on the islands."


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by, name="Fiji Committee", kinds="practice recommendation action")
    return made


@pytest.fixture
def ours(by):
    return make.recommendation(TEXT)


def action(code: str = "P-1", **changed) -> dict:
    made = {"id": f"{SITE}/exchange/action/{code}", "type": "Action", "code": code, "title": "Train midwives"}
    made |= {"status": "in-progress", "lead": {"en": "Ministry of Health"}, "recommendations": ["A-1"]}
    return made | changed


def theirs(code: str = "A-1", text: str = THEIRS, **changed) -> dict:
    status = {"government": ["partial"], "mechanism": None, "independent": ["started"]}
    values = {"texts": [{"language": "en", "text": text}], "country": "FJI", "stand": "supported", "status": status}
    return record(code, **values | changed)


def decide(to: str, by, **which) -> None:
    rows = Received.objects.filter(**which)
    decisions.decide_received(peer=rows.first().peer, rows=rows, state=to, by=by)


def accepted(sender: Sender, by) -> None:
    make.country("FJI", "Fiji")
    receive(sender.tell("Create", theirs()).tell("Create", action()).parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    encode_missing()
    encode_answers()


@pytest.mark.database
def test_a_similar_record_of_another_state_is_shown_with_status_actions_origin_and_day(client, sender, ours, by):
    receive(sender.tell("Create", theirs("A-9", "Abolish the death penalty.")).parcel(), by)
    accepted(sender, by)
    page = source_of(client.get(reverse("desk:record_practices", args=[ours.code])))
    shown = ("Fiji", "Partially implemented", "Started", "Supported", "Train midwives", "In progress")
    for words in (*shown, "Ministry of Health", f"{SITE}/exchange/recommendation/A-1", "Fiji Committee"):
        assert words in page
    assert "death penalty" not in page
    assert reverse("desk:record_practices", args=[ours.code]) in source_of(
        client.get(reverse("desk:record", args=[ours.code]))
    )


def test_what_a_demonstration_publishes_says_so_and_is_marked_wherever_it_is_shown(client, sender, ours, by):
    mark = "From a demonstration, partly invented"
    Recommendation.every_kind.update(is_published=True)
    assert "is_invented" not in next(objects_of(KINDS["recommendation"], SITE))
    Instance.objects.update_or_create(pk=1, defaults={"is_demonstration": True})
    assert next(objects_of(KINDS["recommendation"], SITE))["is_invented"] is True

    accepted(sender, by)
    pages = [
        reverse("desk:record_practices", args=[ours.code]),
        f"{reverse('exchange:search_registers')}?words=islands",
        reverse("exchange:accepted"),
        reverse("exchange:received", args=[Received.objects.get(kind="recommendation").pk]),
    ]
    assert [page for page in pages if mark in source_of(client.get(page))] == []
    receive(sender.tell("Update", theirs(is_invented=True)).parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    encode_answers()
    pages[-1] = reverse("exchange:received", args=[Received.objects.accepted().get(kind="recommendation").pk])
    assert [page for page in pages if mark not in source_of(client.get(page))] == []


@pytest.mark.database
def test_nothing_of_it_is_in_our_register_figures_files_or_programs(client, sender, ours, by):
    pages = [
        reverse("desk:register"),
        reverse("portal:register"),
        reverse("desk:overview"),
        reverse("portal:recommendation", args=[ours.code]),
        reverse("portal:similar_records", args=[ours.code]),
        reverse("portal:register_export", args=["csv"]),
        "/api/v1/recommendations",
        "/exchange/recommendation.jsonld",
    ]
    accepted(sender, by)
    assert Recommendation.every_kind.count() == 1
    assert PeerAnswer.objects.count() == 1
    for page in pages:
        text = body_of(client.get(page)).decode()
        assert "islands" not in text, page
        assert "midwives" not in text, page


def test_before_it_is_accepted_and_after_it_is_withdrawn_there_is_nothing(client, sender, ours, by):
    receive(sender.tell("Create", theirs()).tell("Create", action()).parcel(), by)
    assert not PeerAnswer.objects.exists()
    decide(State.ACCEPTED, by, state=State.WAITING)
    assert (PeerAnswer.objects.count(), PeerAction.objects.count()) == (1, 1)
    receive(sender.tell("Delete", gone()).parcel(), by)
    assert (PeerAnswer.objects.count(), PeerAction.objects.count()) == (0, 1)
    decide(State.WAITING, by, kind="action")
    assert not PeerAction.objects.exists()


def test_a_newer_version_replaces_the_former_one_once_it_is_accepted(sender, by):
    receive(sender.tell("Create", theirs()).parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    receive(sender.tell("Update", theirs(text="Newer words.")).parcel(), by)
    assert PeerAnswer.objects.get().text == THEIRS
    decide(State.ACCEPTED, by, state=State.WAITING)
    assert PeerAnswer.objects.get().text == "Newer words."


def test_records_of_our_own_state_and_people_who_read_only_what_is_public_see_none(client, sender, ours, by):
    accepted(sender, by)
    PeerAnswer.objects.update(country=ours.country)
    address = reverse("desk:record_practices", args=[ours.code])
    assert "How others answered this" not in source_of(client.get(address))
    contributor = make.user("contributor", make.institution("nhri"))
    assert not PeerAnswer.objects.visible_to(contributor).exists()


def test_hostile_values_are_shown_as_text_or_cut(client, sender, ours, by):
    accepted(sender, by)
    PeerAnswer.objects.update(text="<script>alert(1)</script>", sender="<b>x</b>", stand="unheard-of")
    page = source_of(client.get(reverse("desk:record_practices", args=[ours.code])))
    assert "alert" in page
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.database
def test_the_number_of_queries_does_not_grow_with_the_answers(client, sender, ours, by):
    accepted(sender, by)
    address = reverse("desk:record_practices", args=[ours.code])
    few = len(asked(client, address))
    for number in range(2, 20):
        sender.tell("Create", theirs(f"A-{number}")).tell("Create", action(f"P-{number}"))
    receive(sender.parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    encode_answers()
    assert len(asked(client, address)) <= few <= MOST


def test_the_object_is_kept_as_it_arrived(sender, by):
    receive(sender.tell("Create", theirs(ministry_file={"number": 7})).parcel(), by)
    decide(State.ACCEPTED, by, state=State.WAITING)
    assert json.loads(Received.objects.get().content)["ministry_file"] == {"number": 7}


@pytest.mark.parametrize(("themed", "is_shown"), [(True, True), (False, False)])
def test_of_more_answers_than_can_be_compared_those_with_a_theme_of_the_record_are(
    client, sender, ours, by, monkeypatch, themed, is_shown
):
    monkeypatch.setattr("servanda.network.peer_answers.queries.MOST_COMPARED", 1)
    sender.tell("Create", theirs("A-8", "Abolish the death penalty."))
    accepted(sender, by)
    term = make.term("Health")
    Tagging.objects.create(recommendation=ours, term=term, origin="person")
    if themed:
        PeerAnswer.objects.get(code="A-1").themes.add(term)
    page = source_of(client.get(reverse("desk:record_practices", args=[ours.code])))
    assert (f"{SITE}/exchange/recommendation/A-1" in page) == is_shown
