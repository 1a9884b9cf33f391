"""What is shared with members only: in their feed and parcel, and nowhere else to be noticed."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.exchange.decisions.services import decide_received
from servanda.exchange.feeds import pulling
from servanda.exchange.feeds.introduction import introduction, member_of
from servanda.exchange.models import Audience, Peer, Received, SharedObject, Sharing, SigningKey
from servanda.exchange.peers import services
from servanda.exchange.sharing import keys
from servanda.exchange.sharing.feed import pages_of, refresh_shared, write_parcel
from servanda.kit.refusal import Refused
from servanda.network.members.services import record_membership
from servanda.network.models import MechanismProfile
from servanda.network.profiles.services import ProfileValues, receive_profile
from servanda.network.releases.services import share_entry
from servanda.people.access import Role
from tests import make, network_make
from tests.exchange_make import SITE, Sender, peer, profile, receive, record
from tests.feed_server import feed_online
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
FEED, SECRET = "/exchange/feed/members", "Only among members"


@pytest.fixture(autouse=True)
def origin(settings):
    settings.ORIGIN = SITE


@pytest.fixture
def by():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def key():
    """Of the system elsewhere; here it is kept as if it were our own, which is enough to sign with it."""
    return keys.signing_key(on=timezone.now())


@pytest.fixture
def member(key, by) -> Peer:
    made = Sender(site="https://member.example")
    return peer(made, by, name="Member", is_member=True, fingerprint=key.fingerprint)


def share(*member_kinds: str, kinds: str = "recommendation request") -> None:
    defaults = {"kinds": kinds, "member_kinds": " ".join(member_kinds), "is_online": True}
    Sharing.objects.update_or_create(pk=1, defaults=defaults)


def refresh() -> None:
    refresh_shared(site=SITE, on=timezone.now())


def ask(client, address: str, key: SigningKey, *, url: str = "", on=None, origin: str = "https://member.example"):
    head = introduction(key=key, site=origin, url=url or f"{SITE}{address}", on=on or timezone.now())
    return client.get(address, headers={"Authorization": head})


def for_members_only(by) -> None:
    """An entry, and a kind."""
    entry = network_make.assistance("request", network_make.profile(), title=SECRET)
    share_entry(entry=entry, audience="members", by=by)
    network_make.practice(f"{SECRET}: practice", state="published")
    share("practice")


@pytest.mark.database
def test_a_member_reads_what_is_for_members_and_what_everyone_reads(client, member, key, by):
    make.recommendation("Ratify the Convention.")
    for_members_only(by)
    refresh()
    index = ask(client, FEED, key).json()
    assert (index["audience"], len(index["pages"]), index["sequence"]) == ("members", 1, 3)
    page = ask(client, f"{FEED}/1", key)
    keys.verify(page.content, page["X-JWS-Signature"].encode(), SigningKey.objects.current().get().public)
    assert page["Cache-Control"] == "private, no-store"
    shown = [item["object"] for item in page.json()["orderedItems"]]
    assert {value["type"]: value.get("is_for_members", False) for value in shown} == {
        "Practice": True,
        "Recommendation": False,
        "Request": True,
    }
    with write_parcel(site=SITE, on=timezone.now(), audience=Audience.MEMBERS) as file:
        assert SECRET in unzipped(file.read())


def unzipped(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.database
def test_nothing_that_others_read_changes_by_a_byte(client, member, by):
    make.recommendation("Ratify the Convention.")
    share()
    refresh()
    addresses = ("/exchange/feed", "/exchange/feed/1", "/exchange/request.jsonld", "/exchange/")

    def seen() -> list[bytes]:
        answers = [client.get(address) for address in addresses]
        bodies = [b"".join(answer) if answer.streaming else answer.content for answer in answers]
        return [*bodies, *(page.content for page in pages_of(SITE))]

    before = seen()
    entry = network_make.assistance("request", network_make.profile(), title=SECRET)
    share_entry(entry=entry, audience="members", by=by)
    refresh()
    share_entry(entry=entry, audience="", by=by)
    refresh()
    share_entry(entry=entry, audience="members", by=by)
    refresh()
    assert SharedObject.objects.filter(audience="members", content__contains=SECRET).exists()
    assert seen() == before
    assert client.get(f"/exchange/request/{entry.key}").status_code == 404
    with write_parcel(site=SITE, on=timezone.now()) as file:
        assert SECRET not in unzipped(file.read())


def test_others_find_no_feed_of_members(client, member, key, by):
    share()
    refresh()
    other = keys.make_key
    outsider = peer(Sender(site="https://outsider.example"), by, name="Outsider")
    assert ask(client, FEED, key).status_code == 200
    refused = [
        client.get(FEED),
        client.get(FEED, headers={"Authorization": "Bearer x"}),
        client.get(FEED, headers={"Authorization": "Servanda-Peer a.b.c"}),
        ask(client, FEED, key, origin=outsider.origin),
        ask(client, FEED, key, url=f"{SITE}/exchange/feed"),
        ask(client, FEED, key, on=timezone.now() - timedelta(hours=2)),
        ask(client, FEED, key, on=timezone.now() + timedelta(hours=2)),
        ask(client, FEED, unknown_key(other)),
    ]
    assert {answer.status_code for answer in refused} == {404}
    Peer.objects.filter(pk=member.pk).update(is_member=False)
    assert ask(client, FEED, key).status_code == 404
    Peer.objects.filter(pk=member.pk).update(is_member=True, state="stopped")
    assert ask(client, FEED, key).status_code == 404


def unknown_key(make_key) -> SigningKey:
    """One that no one confirmed, and of which no former key says anything."""
    SigningKey.objects.update(replaced_at=None, revoked_at=timezone.now(), revoked_reason="Lost.")
    return make_key(timezone.now())


def test_a_member_whose_key_was_replaced_is_known_by_the_statement_of_the_former_one(member, key, by):
    new, now, url = keys.replace_key(by=by), timezone.now(), f"{SITE}{FEED}"
    head = introduction(key=new, site=member.origin, url=url, on=now)
    assert member_of(head, url=url, on=now) == member


@pytest.mark.parametrize("origin", ["\ud800", "\0", "https://a.example\n"])
def test_an_origin_that_no_database_stores_is_that_of_no_member(member, key, origin):
    now, url = timezone.now(), f"{SITE}{FEED}"
    head = introduction(key=key, site=origin, url=url, on=now)
    assert member_of(head, url=url, on=now) is None


def test_a_token_that_was_changed_is_not_believed(member, key):
    now, url = timezone.now(), f"{SITE}{FEED}"
    scheme, token = introduction(key=key, site=member.origin, url=url, on=now).split(" ")
    start, _middle, end = token.split(".")
    claim = json.dumps({"origin": member.origin, "for": url, "at": now.isoformat(), "public": key.public})
    assert member_of(f"{scheme} {start}.{keys.encoded(claim.encode())}.{end}", url=url, on=now) is None
    assert member_of(f"{scheme} " + "a" * 9_000, url=url, on=now) is None
    assert member_of(f"Other {token}", url=url, on=now) is None


def test_what_members_no_longer_may_read_is_withdrawn_from_them(member, by):
    for_members_only(by)
    refresh()
    share()
    refresh()
    rows = SharedObject.objects.filter(audience="members", kind="practice")
    assert [(row.activity, row.content) for row in rows] == [("Delete", "")]


def test_without_a_member_no_feed_of_members_is_prepared(by):
    for_members_only(by)
    refresh()
    assert not SharedObject.objects.filter(audience="members").exists()


def test_a_parcel_of_the_other_audience_is_refused_and_stops_no_one(by):
    sender = Sender()
    reader = peer(sender, by)
    sender.tell("Create", record())
    with pytest.raises(Refused, match="shares with its members"):
        receive(sender.parcel(audience="members"), by)
    Peer.objects.update(reads_members=True)
    with pytest.raises(Refused, match="shares with everyone"):
        receive(sender.parcel(), by)
    receive(sender.parcel(audience="members"), by)
    reader.refresh_from_db()
    assert (reader.state, Received.objects.count()) == ("active", 1)


def step(profile, kind: str, by, reason: str = "Agreed.") -> None:
    record_membership(profile=profile, kind=kind, day=timezone.localdate(), reason=reason, by=by)


@pytest.fixture
def admitted(by):
    profile = network_make.profile()
    step(profile, "admitted", by)
    return profile


@pytest.mark.database
@pytest.mark.parametrize("end", ["suspended", "left"])
def test_the_feed_is_closed_while_the_mechanism_of_the_state_is_no_member(client, member, key, by, admitted, end):
    Peer.objects.update(country=admitted.country)
    share("practice")
    refresh()
    assert ask(client, FEED, key).status_code == 200
    step(admitted, end, by)
    assert ask(client, FEED, key).status_code == 404
    client.force_login(by)
    assert "Closed to this peer" in source_of(client.get(member.get_absolute_url()))
    page = source_of(client.get(reverse("desk:member", args=[admitted.key])))
    assert "Peers of this State cannot read" in page
    step(admitted, "reinstated" if end == "suspended" else "admitted", by)
    assert ask(client, FEED, key).status_code == 200
    assert "Closed to this peer" not in source_of(client.get(member.get_absolute_url()))


def test_the_state_of_a_peer_is_that_of_its_accepted_profile(member, by, admitted):
    step(admitted, "suspended", by)
    assert list(Peer.objects.members()) == [member]
    values = ProfileValues(country=admitted.country, name="Office", is_invented=False)
    origin = "https://member.example/exchange/profile/1"
    receive_profile(origin=origin, values=values, facts={}, on=timezone.localdate(), by=by)
    assert not Peer.objects.members().exists()


def test_the_state_of_another_mechanism_that_a_peer_published_is_not_its_own(member, by, admitted):
    step(admitted, "suspended", by)
    sender = Sender(site=member.origin)
    Peer.objects.update(fingerprint=sender.fingerprint, kinds="profile")
    value = profile(site=member.origin, country=admitted.country.code, is_own=False)
    receive(sender.tell("Create", value).parcel(), by)
    rows = Received.objects.waiting()
    decide_received(peer=rows.get().peer, rows=rows, state=Received.State.ACCEPTED, by=by)
    assert MechanismProfile.objects.filter(origin=value["id"]).exists()
    assert list(Peer.objects.members()) == [member]


def test_another_mechanism_of_the_state_that_is_a_member_keeps_the_feed_open(member, by, admitted):
    Peer.objects.update(country=admitted.country)
    step(admitted, "suspended", by)
    step(network_make.profile("Second office"), "admitted", by)
    assert list(Peer.objects.members()) == [member]


def test_reading_the_other_feed_begins_anew(by):
    sender = Sender()
    reader = peer(sender, by, sequence=7, tag='"x"', published_at=timezone.now())
    values = services.PeerValues(
        name="N", origin=sender.site, fingerprint=sender.fingerprint, kinds=["recommendation"], reads_members=True
    )
    services.edit_peer(peer=reader, values=values, by=by)
    reader.refresh_from_db()
    assert (reader.sequence, reader.tag, reader.published_at, reader.audience) == (0, "", None, "members")


def test_a_pull_as_a_member_shows_who_asks(by, settings):
    with feed_online() as feed:
        settings.PEERS_INSIDE = [feed.site]
        feed.sender.tell("Create", record("A-1", site=feed.site))
        feed.index = {"audience": "members"}
        reader = peer(feed.sender, by, is_pulled=True, reads_members=True)
        pulling.pull_feed(peer=reader, on=timezone.now())
        reader.refresh_from_db()
        assert (reader.pull_problem, feed.asked) == ("", [FEED, f"{FEED}/1"])
        assert [head.split()[0] for head in feed.introductions] == ["Servanda-Peer"] * 2
        assert Received.objects.get().code == "A-1"
        Peer.objects.update(reads_members=False, sequence=0, tag="")
        feed.index = {}
        pulling.pull_feed(peer=reader, on=timezone.now())
        assert feed.introductions[-1] == ""
