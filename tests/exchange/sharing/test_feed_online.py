"""The feed online: the bytes of the ZIP, signed, asked for conditionally, and only what is shared with everyone."""

import hashlib
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from django.utils import timezone

from servanda.exchange.models import SharedObject, Sharing, SigningKey
from servanda.exchange.sharing import keys, services
from servanda.exchange.sharing.feed import refresh_shared, write_parcel
from servanda.exchange.sharing.keys import SIGNATURE
from servanda.exchange.sharing.refreshing_tasks import refresh_own
from servanda.exchange.sharing.services import SharingValues
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import make
from tests.exchange_make import SITE

pytestmark = pytest.mark.django_db
INDEX, PAGE, KEYS = "/exchange/feed", "/exchange/feed/1", "/.well-known/servanda-exchange.json"
EVERY_KIND = ["recommendation", "action", "indicator", "report", "practice"]


@pytest.fixture(autouse=True)
def origin(settings):
    settings.ORIGIN = SITE


def put_online(kinds: list[str] = EVERY_KIND) -> None:
    services.edit_sharing(values=SharingValues(kinds, is_online=True), by=make.user(Role.ADMINISTRATOR))
    refresh_own.func()


def test_without_a_choice_of_the_administrator_nothing_is_online(client):
    make.recommendation()
    refresh_shared(site=SITE, on=timezone.now())
    write_parcel(site=SITE, on=timezone.now()).close()
    assert [client.get(address).status_code for address in (INDEX, PAGE, KEYS)] == [404, 404, 404]


def test_the_answers_are_the_files_of_the_parcel_with_their_signatures(client):
    for _number in range(3):
        make.recommendation()
    put_online()
    with write_parcel(site=SITE, on=timezone.now()) as file:
        parcel = zipfile.ZipFile(BytesIO(file.read()))
    public = SigningKey.objects.get().public
    for address, name in ((INDEX, "feed.json"), (PAGE, "pages/00001.json")):
        answer = client.get(address)
        assert answer.content == parcel.read(name)
        assert answer[SIGNATURE].encode() == parcel.read(f"{name}.jws")
        assert answer["Content-Type"] == "application/activity+json"
        keys.verify(answer.content, answer[SIGNATURE].encode(), public)


def test_the_index_names_the_pages_with_their_hashes_and_last_changes(client):
    for _number in range(201):
        make.recommendation()
    put_online()
    index = client.get(INDEX).json()
    pages = [client.get(f"{INDEX}/{number}") for number in (1, 2)]
    assert [page["sha256"] for page in index["pages"]] == [hashlib.sha256(page.content).hexdigest() for page in pages]
    assert [page["last"] for page in index["pages"]] == [200, 201]
    assert [page["id"] for page in index["pages"]] == [f"{SITE}{INDEX}/1", f"{SITE}{INDEX}/2"]
    assert [page.json()["id"] for page in pages] == [page["id"] for page in index["pages"]]
    assert client.get(f"{INDEX}/3").status_code == client.get(f"{INDEX}/0").status_code == 404


@pytest.mark.parametrize("address", [INDEX, PAGE])
def test_what_did_not_change_is_not_sent_again(client, address):
    record = make.recommendation()
    put_online()
    first = client.get(address)
    tag = {"If-None-Match": first["ETag"]}
    again = client.get(address, headers=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    record.texts.update(text="Ratify it soon.")
    refresh_own.func()
    assert client.get(address, headers=tag).status_code == 200


@pytest.mark.parametrize("address", [INDEX, PAGE])
def test_another_key_is_a_change(client, address):
    make.recommendation()
    put_online()
    tag = client.get(address)["ETag"]
    by = make.user(Role.COORDINATOR)
    new = keys.replace_key(by=by)
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    keys.verify(answer.content, answer[SIGNATURE].encode(), new.public)


def test_asking_again_costs_no_reading_of_pages(client, django_assert_max_num_queries):
    make.recommendation()
    put_online()
    tag = client.get(INDEX)["ETag"]
    with django_assert_max_num_queries(8):
        client.get(INDEX, headers={"If-None-Match": tag})


def test_only_what_is_published_and_of_a_shared_kind_is_online(client):
    make.recommendation("Close the prison of Nowhere.", is_published=False)
    shared = make.recommendation("Ratify the Convention.")
    put_online(["recommendation"])
    page = client.get(PAGE).content.decode()
    assert "Nowhere" not in page
    assert shared.code in page
    put_online(["report"])
    [item] = client.get(PAGE).json()["orderedItems"]
    assert (item["type"], item["object"]["type"]) == ("Delete", "Tombstone")


def test_what_is_unpublished_leaves_the_feed_with_the_next_refresh(client):
    record = make.recommendation("Close the prison of Nowhere.")
    put_online()
    assert b"Nowhere" in client.get(PAGE).content
    Recommendation.objects.filter(pk=record.pk).update(is_published=False)
    refresh_own.func()
    assert b"Nowhere" not in client.get(PAGE).content


def test_the_document_of_the_keys_names_replaced_and_revoked_ones(client):
    put_online()
    by = make.user(Role.COORDINATOR)
    first = keys.signing_key(on=timezone.now())
    second = keys.replace_key(by=by)
    document = client.get(KEYS).json()
    assert [key["kid"] for key in document["keys"]] == [second.fingerprint, first.fingerprint]
    assert ["replaced" in key for key in document["keys"]] == [False, True]
    assert (document["origin"], document["feed"], document["revoked"]) == (SITE, f"{SITE}{INDEX}", [])
    assert "d" not in document["keys"][0]
    keys.revoke_key(key=first, reason="Old.", by=by)
    [revoked] = client.get(KEYS).json()["revoked"]
    assert revoked["kid"] == first.fingerprint
    assert datetime.fromisoformat(revoked["at"])


def test_after_a_revoked_key_the_feed_waits_for_the_next_one(client):
    put_online()
    keys.revoke_key(key=SigningKey.objects.get(), reason="Stolen.", by=make.user(Role.COORDINATOR))
    assert client.get(INDEX).status_code == 404
    refresh_own.func()
    assert client.get(INDEX).status_code == 200


def test_a_key_that_cannot_be_read_signs_nothing(client, settings):
    put_online()
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(INDEX).status_code == 404


def test_the_administrator_puts_the_feed_online(client, django_capture_on_commit_callbacks):
    by = make.signed_in(client, Role.ADMINISTRATOR)
    shared = make.recommendation()
    with django_capture_on_commit_callbacks(execute=True):
        form = {"kinds": ["recommendation", "practice"], "is_online": "on"}
        page = client.post("/exchange/sharing/", form, follow=True).content.decode()
    assert "Changes saved." in page
    assert f"{SITE}/exchange/feed" in page
    assert Sharing.objects.get().kind_codes == ["recommendation", "practice"]
    assert SharedObject.objects.get().object_id.endswith(shared.code)
    assert Event.objects.filter(action="exchange-sharing-changed", actor=by).exists()
    client.post("/exchange/sharing/", {"kinds": ["practice"]})
    assert client.get(INDEX).status_code == 404


def test_without_a_permanent_address_it_is_refused(client, settings):
    settings.ORIGIN = ""
    make.signed_in(client, Role.ADMINISTRATOR)
    answer = client.post("/exchange/sharing/", {"kinds": ["recommendation"], "is_online": "on"})
    assert answer.status_code == 422
    assert "Set SERVANDA_ORIGIN" in answer.content.decode()
    assert not Sharing.objects.exists()


def test_a_coordinator_does_not_change_what_is_shared(client):
    make.signed_in(client, Role.COORDINATOR)
    assert client.get("/exchange/sharing/").status_code == 403
    assert "Change what is shared" not in client.get("/exchange/peers/").content.decode()


def test_without_any_object_the_feed_is_an_empty_collection(client):
    put_online()
    index = client.get(INDEX).json()
    assert (index["totalItems"], index["sequence"], index["pages"]) == (0, 0, [])
