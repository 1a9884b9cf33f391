"""Pages of other mechanisms: whom to trust, what arrived, what goes out."""

import json
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.exchange.decisions import services as decisions
from servanda.exchange.models import Peer, Received, SharedObject, SigningKey
from servanda.exchange.parcels import services as arrivals
from servanda.exchange.sharing import keys
from servanda.exchange.sharing.feed import former_keys, refresh_shared
from servanda.exchange.sharing.refreshing_tasks import refresh
from servanda.people.access import Role
from servanda.people.accounts.personal_data import export_personal_data
from servanda.people.models import Notification
from servanda.people.notifications.services import in_words
from servanda.trail.models import Event
from tests import make
from tests.desk.tiles import tiles_on_desk
from tests.exchange_make import SITE, Sender, peer, receive, record
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
State = Received.State


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def arrived(by) -> Peer:
    """A peer with three objects to be reviewed."""
    sender = Sender()
    peer(sender, by)
    for number in range(3):
        sender.tell("Create", record(f"A-{number}"))
    return receive(sender.parcel(), by).peer


def add(client, **changed):
    form = {
        "name": "Neighbour",
        "origin": f"{SITE}/",
        "fingerprint": Sender().fingerprint,
        "kinds": ["recommendation"],
    }
    return client.post("/exchange/peers/add/", form | changed, follow=True)


def test_a_peer_is_added_with_its_fingerprint(client, by):
    page = add(client).content.decode()
    added = Peer.objects.get()
    assert (added.origin, added.kind_codes, added.added_by) == (SITE, ["recommendation"], by)
    assert keys.grouped(added.fingerprint) in page
    assert Event.objects.filter(action="peer-added", actor=by).exists()


def test_a_name_has_no_marks_of_direction(client, by):
    add(client, name="Neigh\u202ebour\u2066")
    assert Peer.objects.get().name == "Neighbour"
    client.post(
        reverse("exchange:edit_peer", args=[Peer.objects.get().key]),
        {"name": "Next\u202e", "origin": SITE, "fingerprint": Peer.objects.get().fingerprint, "kinds": ["action"]},
    )
    assert Peer.objects.get().name == "Next"


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}"])
def test_the_digits_may_be_grouped_and_of_any_script(client, by, typed):
    fingerprint = Sender().fingerprint
    arabic = fingerprint.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    add(client, fingerprint=typed.format(keys.grouped(fingerprint), arabic))
    assert Peer.objects.get().fingerprint == fingerprint


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fingerprint": "12345"}, "Enter all 40 digits of the fingerprint."),
        ({"fingerprint": "x" * 40}, "Enter all 40 digits of the fingerprint."),
        ({"origin": "http://neighbour.example"}, "Enter an address that begins with https://."),
        ({"origin": "https://user@neighbour.example"}, "Enter an address that begins with https://."),
        ({"origin": "https://neighbour.example."}, "Enter an address that begins with https://."),
        ({"origin": "https://nеighbour.example"}, "Enter"),
        ({"origin": "https://ours.example:443/"}, "This is the address of this system."),
        ({"kinds": ["secrets"]}, "There is a problem"),
        ({"kinds": []}, "There is a problem"),
    ],
)
def test_what_cannot_be_trusted_is_refused_at_its_field(client, by, settings, changed, sentence):
    settings.ORIGIN = "https://ours.example/"
    answer = add(client, **changed)
    assert (answer.status_code, Peer.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_the_usual_port_makes_no_second_address(client, by):
    add(client)
    add(client, origin=f"{SITE}:443")
    assert list(Peer.objects.values_list("origin", flat=True)) == [SITE]


def test_an_address_is_trusted_once(client, by):
    add(client)
    assert "A peer with this address already exists." in add(client, name="Another").content.decode()


def test_the_page_lists_what_waits_and_selected_objects_are_accepted(client, arrived):
    page = client.get(arrived.get_absolute_url()).content.decode()
    assert "To be reviewed (3)" in page
    first = Received.objects.first()
    done = {"state": "waiting", "to": "accepted", "object": [first.pk]}
    page = client.post(reverse("exchange:decide_received", args=[arrived.key]), done, follow=True).content.decode()
    assert "1 object accepted." in page
    assert Received.objects.accepted().get() == first
    assert "Accepted (1)" in page


def test_all_objects_of_a_state_are_accepted_and_returned(client, arrived):
    address = reverse("exchange:decide_received", args=[arrived.key])
    client.post(address, {"state": "waiting", "to": "accepted", "all": "1"})
    assert Received.objects.accepted().count() == 3
    client.post(address, {"state": "accepted", "to": "waiting", "all": "1"})
    assert Received.objects.waiting().count() == 3


@pytest.mark.parametrize(
    "form", [{}, {"to": "accepted"}, {"to": "accepted", "object": ["x", "9" * 40]}, {"to": "gone"}]
)
def test_nothing_selected_changes_nothing(client, arrived, form):
    client.post(reverse("exchange:decide_received", args=[arrived.key]), form)
    assert Received.objects.waiting().count() == 3


def test_objects_of_another_peer_are_not_decided(client, arrived, by):
    other = Peer.objects.create(name="Other", origin="https://other.example", fingerprint="1" * 40, kinds="action")
    pks = list(Received.objects.values_list("pk", flat=True))
    form = {"state": "waiting", "to": "accepted", "object": pks}
    client.post(reverse("exchange:decide_received", args=[other.key]), form)
    assert Received.objects.waiting().count() == 3


def test_an_object_is_shown_with_origin_date_and_key_and_as_text(client, by):
    sender = Sender().tell("Create", record(territory="A & B", ministry={"name": "<b"}))
    peer(sender, by)
    [row] = receive(sender.parcel(), by).received.all()
    page = client.get(reverse("exchange:received", args=[row.pk])).content.decode()
    for shown in ("Neighbour", row.object_id, sender.fingerprint, "A &amp; B", "&lt;b"):
        assert shown in page


def test_a_peer_is_stopped_and_resumed(client, arrived):
    client.post(reverse("exchange:stop_peer", args=[arrived.key]))
    arrived.refresh_from_db()
    assert not arrived.is_active
    client.post(reverse("exchange:resume_peer", args=[arrived.key]))
    arrived.refresh_from_db()
    assert (arrived.is_active, arrived.sequence) == (True, 0)
    assert Received.objects.count() == 3


def test_the_reason_for_a_stop_is_shown_until_a_person_resumes(client, arrived):
    arrivals.stop(arrived, arrivals.key_changed(), None)
    assert "Call the other mechanism" in client.get(arrived.get_absolute_url()).content.decode()


def test_the_own_fingerprint_is_shown_and_the_key_revoked_with_a_reason(client, by):
    assert "The key is created with the first parcel." in client.get("/exchange/peers/").content.decode()
    key = keys.signing_key(on=timezone.now())
    assert keys.grouped(key.fingerprint) in client.get("/exchange/peers/").content.decode()
    address = reverse("exchange:revoke_key", args=[key.fingerprint])
    assert client.post(address).status_code == 422
    client.post(address, {"reason": "The laptop was stolen."})
    assert not SigningKey.objects.current().exists()
    assert client.get(address).status_code == 404


def test_a_key_is_replaced_on_a_page_that_states_what_follows(client, by):
    address = reverse("exchange:replace_key")
    assert client.get(address).status_code == 302
    key = keys.signing_key(on=timezone.now())
    page = source_of(client.get("/exchange/peers/"))
    assert f'href="{address}"' in page
    assert f'action="{address}"' not in page
    page = source_of(client.get(address))
    for shown in (keys.grouped(key.fingerprint), "you cannot return to this one"):
        assert shown in page
    assert SigningKey.objects.current().get() == key
    client.post(address)
    assert SigningKey.objects.current().get() != key


def test_a_parcel_that_is_prepared_has_a_key(client, by):
    refresh.call("https://mechanism.example")
    assert keys.grouped(SigningKey.objects.current().get().fingerprint) in source_of(client.get("/exchange/peers/"))


def test_a_former_key_is_listed_and_revoked_while_the_present_one_signs_on(client, by):
    former = keys.signing_key(on=timezone.now())
    present = keys.replace_key(by=by)
    address = reverse("exchange:revoke_key", args=[former.fingerprint])
    page = source_of(client.get("/exchange/peers/"))
    assert keys.grouped(former.fingerprint) in page
    assert address in page
    answer = client.post(address, {"reason": "An old laptop was stolen."}, follow=True)
    page = source_of(answer)
    assert "The present key has not changed." in page
    assert "An old laptop was stolen." in page
    assert address not in page
    assert SigningKey.objects.current().get() == present
    assert not former_keys().exists()


def edited(client, row: Peer, **changed):
    form = {"name": row.name, "fingerprint": row.fingerprint, "kinds": ["recommendation"], "origin": row.origin}
    return client.post(reverse("exchange:edit_peer", args=[row.key]), form | changed, follow=True)


def test_the_address_is_corrected_while_nothing_was_received(client, by):
    added = peer(Sender(), by)
    peer(Sender(site="https://other.example"), by)
    assert edited(client, added, origin="https://other.example").status_code == 422
    edited(client, added, origin="https://right.example/")
    added.refresh_from_db()
    assert added.origin == "https://right.example"
    assert Event.objects.get(action="peer-changed").difference == json.dumps(
        {"address": [SITE, "https://right.example"]}
    )


def test_the_address_stays_once_something_was_received(client, arrived):
    assert 'name="origin"' not in source_of(client.get(reverse("exchange:edit_peer", args=[arrived.key])))
    edited(client, arrived, origin="https://right.example")
    arrived.refresh_from_db()
    assert arrived.origin == SITE


def test_a_peer_is_deleted_while_nothing_was_received(client, by):
    added = peer(Sender(), by)
    address = reverse("exchange:delete_peer", args=[added.key])
    assert address in source_of(client.get(added.get_absolute_url()))
    assert "Peer deleted." in source_of(client.post(address, follow=True))
    assert not Peer.objects.exists()
    assert Event.objects.filter(action="peer-deleted", actor=by).exists()


def test_a_peer_that_sent_something_is_not_deleted(client, arrived):
    address = reverse("exchange:delete_peer", args=[arrived.key])
    assert address not in source_of(client.get(arrived.get_absolute_url()))
    assert "Stop it instead." in source_of(client.post(address, follow=True))
    assert Peer.objects.get() == arrived


def test_a_parcel_is_prepared_in_the_background_and_downloaded(
    client, by, settings, django_capture_on_commit_callbacks
):
    settings.ORIGIN = SITE
    shared = make.recommendation()
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post("/exchange/peers/parcel/prepare/", follow=True).content.decode()
    assert "The parcel is being prepared." in page
    assert SharedObject.objects.get().object_id.endswith(shared.code)
    answer = client.get("/exchange/peers/parcel.zip")
    with zipfile.ZipFile(BytesIO(b"".join(answer))) as archive:
        assert sorted(archive.namelist()) == [
            "feed.json",
            "feed.json.jws",
            "pages/00001.json",
            "pages/00001.json.jws",
        ]
    assert Event.objects.filter(action="parcel-downloaded", actor=by).exists()


def test_without_a_permanent_address_nothing_is_prepared(client, by):
    page = client.post("/exchange/peers/parcel/prepare/", follow=True).content.decode()
    assert "Set SERVANDA_ORIGIN" in page
    assert not SharedObject.objects.exists()


def test_what_is_shared_is_what_everybody_can_read(client, by):
    """Whoever prepares a parcel sees more than the public; the parcel does not."""
    make.recommendation("Close the prison.", is_published=False)
    refresh_shared(site=SITE, on=timezone.now())
    assert not SharedObject.objects.exists()


def test_the_pages_cost_the_same_queries_for_more_rows(client, arrived, by, django_assert_max_num_queries):
    sender = Sender(site="https://other.example")
    peer(sender, by)
    for number in range(60):
        sender.tell("Create", record(f"B-{number}", site=sender.site))
    other = receive(sender.parcel(), by).peer
    for address in ("/exchange/peers/", other.get_absolute_url()):
        with django_assert_max_num_queries(20):
            client.get(address)


def test_personal_data_name_who_trusted_and_decided(client, arrived, by):
    rows = Received.objects.all()
    decisions.decide_received(peer=arrived, rows=rows, state=State.ACCEPTED, by=by)
    exported = export_personal_data(by)
    assert [len(exported[name]) for name in ("peers", "parcels", "decisions on received objects")] == [1, 1, 3]


def accepted_by(person, arrived) -> None:
    rows = Received.objects.filter(code="A-1")
    decisions.decide_received(peer=arrived, rows=rows, state=State.ACCEPTED, by=person)


def test_the_desk_reads_what_was_accepted_with_its_origin_and_nothing_else(client, arrived, by):
    accepted_by(by, arrived)
    make.signed_in(client, Role.FOCAL_POINT)
    page = client.get("/exchange/received/").content.decode()
    assert "Ratify the Convention of A-1." in page
    assert "Neighbour" in page
    assert "Ratify the Convention of A-2." not in page
    shown, waiting = Received.objects.get(code="A-1"), Received.objects.get(code="A-2")
    assert client.get(reverse("exchange:received", args=[shown.pk])).status_code == 200
    assert client.get(reverse("exchange:received", args=[waiting.pk])).status_code == 404


@pytest.mark.parametrize(("query", "found"), [("words=convention+A-1", 1), ("words=prison", 0), ("peer=x", 1)])
def test_accepted_records_are_found_by_words(client, arrived, by, query, found):
    accepted_by(by, arrived)
    page = client.get(f"/exchange/received/?{query}").content.decode()
    assert page.count("Ratify the Convention of A-1.") == found


def test_accepted_records_show_the_position_of_the_other_state(client, by):
    sender = Sender().tell("Create", record(stand="noted"))
    trusted = peer(sender, by)
    receive(sender.parcel(), by)
    accepted_by(by, trusted)
    assert "Noted" in client.get(f"/exchange/received/?peer={trusted.key}").content.decode()


def test_accepted_records_are_no_part_of_the_own_register(client, arrived, by):
    accepted_by(by, arrived)
    assert "Ratify the Convention of A-1." not in client.get(reverse("desk:register")).content.decode()


def test_those_who_decide_are_notified_when_a_problem_stops_a_peer(client, arrived, by):
    other, outsider = make.user(Role.ADMINISTRATOR), make.user(Role.READER)
    arrivals.stop(arrived, arrivals.key_changed(), None)
    assert set(Notification.objects.values_list("person", flat=True)) == {by.pk, other.pk}
    page = source_of(client.get(reverse("people:notifications")))
    assert "The peer Neighbour was stopped." in page
    [notice] = in_words(Notification.objects.filter(person=other), to=other)
    assert notice.href == arrived.get_absolute_url()
    assert not Notification.objects.filter(person=outsider).exists()


def test_stopping_a_peer_oneself_notifies_no_one(client, arrived):
    make.user(Role.ADMINISTRATOR)
    client.post(reverse("exchange:stop_peer", args=[arrived.key]))
    assert not Notification.objects.exists()


def test_the_desk_shows_stopped_peers_and_objects_to_review(client, arrived):
    peer(Sender(site="https://slow.example"), name="Slow", is_pulled=True, pull_problem="No answer came.")
    peer(Sender(site="https://calm.example"), name="Calm", is_pulled=True)
    arrivals.stop(arrived, arrivals.went_back(), None)
    tiles = tiles_on_desk(client)
    assert (tiles["peers_troubled"].count, tiles["received"].count) == (2, 3)
    page = source_of(client.get(tiles["peers_troubled"].href))
    assert "No answer came." in page
    assert "Calm" not in page
    page = source_of(client.get(tiles["received"].href))
    assert "Neighbour" in page
    assert "Slow" not in page


def test_the_desk_of_others_has_no_number_of_peers(client, arrived):
    make.signed_in(client, Role.FOCAL_POINT)
    assert not {"peers_troubled", "received"} & set(tiles_on_desk(client))
