"""What is shared: one change for each difference, in a parcel that a peer verifies and reads."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from servanda.exchange.format.kinds import KINDS, objects_of
from servanda.exchange.format.kinds import objects_named as named
from servanda.exchange.models import Received, SharedObject, SigningKey
from servanda.exchange.sharing import feed, keys
from servanda.exchange.sharing.feed import refresh_shared, write_parcel
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.models import Link, Recommendation
from tests import exchange_make, make
from tests.exchange_make import SITE, Sender

pytestmark = pytest.mark.django_db


def refresh() -> int:
    return refresh_shared(site=SITE, on=timezone.now())


def parcel() -> bytes:
    with write_parcel(site=SITE, on=timezone.now()) as file:
        return file.read()


def shared() -> list[tuple[int, str, str]]:
    return [(row.sequence, row.activity, row.object_id.rpartition("/")[2]) for row in SharedObject.objects.all()]


def test_each_difference_is_one_change():
    record = make.recommendation(paragraph="1")
    make.recommendation(paragraph="2", is_published=False)
    assert refresh() == 1
    assert refresh() == 0
    assert shared() == [(1, "Create", record.code)]
    Recommendation.objects.update(is_published=True)
    record.texts.update(text="Ratify it soon.")
    assert refresh() == 2
    assert [activity for _number, activity, _code in shared()] == ["Update", "Create"]
    Recommendation.objects.filter(pk=record.pk).update(is_published=False)
    assert refresh() == 1
    assert shared()[-1] == (4, "Delete", record.code)


def test_nothing_of_a_withdrawn_object_is_shared_any_more():
    record = make.recommendation("Close the prison of Nowhere.")
    refresh()
    Recommendation.objects.filter(pk=record.pk).update(is_published=False)
    refresh()
    assert "Nowhere" not in SharedObject.objects.get().content
    content = parcel()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        [item] = json.loads(archive.read("pages/00001.json"))["orderedItems"]
    assert (item["type"], item["object"]["type"], item["object"]["formerType"]) == (
        "Delete",
        "Tombstone",
        "Recommendation",
    )


def test_published_again_it_is_new():
    record = make.recommendation()
    refresh()
    for is_published in (False, True):
        Recommendation.objects.filter(pk=record.pk).update(is_published=is_published)
        refresh()
    assert shared() == [(3, "Create", record.code)]


def test_objects_of_a_former_address_are_shared_under_the_new_one():
    record = make.recommendation()
    refresh_shared(site="https://former.example", on=timezone.now())
    assert refresh() == 1
    assert shared() == [(2, "Create", record.code)]
    assert SharedObject.objects.get().object_id.startswith(SITE)


@pytest.mark.parametrize("site", ["http://mechanism.example", "https://mechanism.example/path", "ftp://a", ""])
def test_an_address_that_cannot_begin_ids_is_refused(site):
    with pytest.raises(Refused, match="SERVANDA_ORIGIN"):
        refresh_shared(site=site, on=timezone.now())


def test_a_page_has_the_same_bytes_each_time_and_its_own_signature():
    for _number in range(3):
        make.recommendation()
    refresh()
    first, second = (zipfile.ZipFile(BytesIO(parcel())) for _time in range(2))
    page = first.read("pages/00001.json")
    assert page == second.read("pages/00001.json")
    keys.verify(page, first.read("pages/00001.json.jws"), SigningKey.objects.get().public)


def test_a_peer_receives_what_was_shared():
    """The whole way: publish, prepare, carry, verify, review."""
    by = make.user(Role.COORDINATOR)
    records = {make.recommendation(f"Ratify Convention {number}.").code for number in range(3)}
    refresh()
    content = parcel()
    exchange_make.peer(Sender(), fingerprint=SigningKey.objects.get().fingerprint)
    arrived = exchange_make.receive(content, by)
    assert (arrived.refused, arrived.faults) == (0, "")
    assert set(Received.objects.waiting().values_list("code", flat=True)) == records


def test_a_peer_follows_a_replaced_key():
    by = make.user(Role.COORDINATOR)
    make.recommendation()
    refresh()
    former = keys.signing_key(on=timezone.now())
    peer = exchange_make.peer(Sender(), fingerprint=former.fingerprint)
    exchange_make.receive(parcel(), by)
    make.recommendation()
    refresh()
    new = keys.replace_key(by=by)
    exchange_make.receive(parcel(), by)
    peer.refresh_from_db()
    assert (peer.fingerprint, peer.is_active, peer.received.count()) == (new.fingerprint, True, 2)


def test_a_revoked_key_states_nothing():
    """Whoever stole it could otherwise lead all peers to a key of their own."""
    by = make.user(Role.COORDINATOR)
    make.recommendation()
    refresh()
    former = keys.signing_key(on=timezone.now())
    peer = exchange_make.peer(Sender(), fingerprint=former.fingerprint)
    keys.revoke_key(key=former, reason="Stolen.", by=by)
    with pytest.raises(Refused, match="another key"):
        exchange_make.receive(parcel(), by)
    peer.refresh_from_db()
    assert not peer.is_active


def codes_made(monkeypatch) -> list[str]:
    """Of the objects that are made from now on."""
    made: list[str] = []

    def noted(kind, codes, site):
        made.extend(codes)
        return named(kind, codes, site)

    monkeypatch.setattr(feed, "objects_named", noted)
    return made


def test_only_what_may_differ_is_made_anew_and_the_feed_is_that_of_a_whole_one(monkeypatch):
    records = [make.recommendation(paragraph=str(number)) for number in range(6)]
    refresh()
    made = []
    monkeypatch.setattr(
        feed, "objects_named", lambda kind, codes, site: made.extend(codes) or named(kind, codes, site)
    )
    assert refresh() == 0
    assert made == []
    records[0].texts.update(text="Ratify it soon.")
    records[1].body.__class__.objects.filter(pk=records[1].body_id).update(name="Not in a shape")
    Link.objects.create(from_recommendation=records[2], to_recommendation=records[3], relation="repeats")
    Recommendation.objects.filter(pk=records[4].pk).update(is_published=False)
    assert refresh() == 4
    assert {row.object_id: json.loads(row.content) for row in SharedObject.objects.exclude(content="")} == {
        shape["id"]: shape for shape in objects_of(KINDS["recommendation"], SITE)
    }
    made.clear()
    assert refresh() == 0
    assert made == []


def test_all_objects_are_made_anew_each_week_and_after_an_update_of_the_program(monkeypatch):
    make.recommendation()
    monday = datetime(2026, 3, 2, 9, tzinfo=UTC)
    made = []
    monkeypatch.setattr(
        feed, "objects_named", lambda kind, codes, site: made.extend(codes) or named(kind, codes, site)
    )
    for day in (monday, monday + timedelta(days=6), monday + timedelta(days=7)):
        refresh_shared(site=SITE, on=day)
    assert len(made) == 2
    monkeypatch.setattr(feed, "program_version", lambda: "9.9.9")
    refresh_shared(site=SITE, on=monday + timedelta(days=7))
    assert len(made) == 3
    assert SharedObject.objects.get().sequence == 1
