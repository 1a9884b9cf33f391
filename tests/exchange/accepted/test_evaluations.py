"""Evaluations of help travel to the other mechanism, and stand beside its own."""

import json

import pytest
from django.urls import reverse

from servanda.exchange.accepted.evaluations import show_accepted_before
from servanda.exchange.decisions import services as decisions
from servanda.exchange.format.checking import check_file
from servanda.exchange.format.kinds import KINDS, objects_of
from servanda.exchange.models import Peer, Received
from servanda.exchange.peers.services import PeerValues, edit_peer
from servanda.kit.refusal import Refused
from servanda.network.assistance import services as assistance
from servanda.network.models import (
    Assistance,
    Cooperation,
    CooperationEvaluation,
    MechanismProfile,
    Practice,
    ReceivedEvaluation,
)
from servanda.network.releases.services import share_entry
from servanda.people.access import Role
from tests import make, network_make
from tests.exchange_make import SITE, Sender, peer, practice, receive
from tests.exchange_make import assistance as assistance_sent
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
State = Received.State
OWN = "https://own.example"
CODE = "9b6f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e"
TEXT = "The visit answered our questions."


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by, settings):
    settings.ORIGIN = OWN
    made = Sender()
    peer(made, by, kinds="evaluation request", country=make.country("HRV", "HRV"))
    return made


@pytest.fixture
def own() -> MechanismProfile:
    return network_make.profile("Our office", is_own=True, is_published=True)


@pytest.fixture
def neighbour() -> MechanismProfile:
    return network_make.profile("Neighbours", "HRV", origin=f"{SITE}/exchange/profile/7", received_on="2026-01-01")


def done(request, provider) -> Cooperation:
    return Cooperation.objects.create(request=request, provider=provider, state="done", result="Six clusters.")


@pytest.fixture
def asked(own, neighbour, by) -> Cooperation:
    """Our own request, on which the neighbour helped."""
    request = network_make.assistance("request", own)
    share_entry(entry=request, audience="everyone", by=by)
    return done(request, neighbour)


@pytest.fixture
def helped(own, neighbour) -> Cooperation:
    """A request of the neighbour, on which we helped."""
    received = {"origin": f"{SITE}/exchange/request/5", "received_on": "2026-01-01"}
    return done(network_make.assistance("request", neighbour, **received), own)


def evaluation(request: str, provider: str, side: str = "provider", **changed) -> dict:
    made = {"id": f"{SITE}/exchange/evaluation/{CODE}", "type": "Evaluation", "code": CODE, "request": request}
    made |= {"provider": provider, "provider_country": "", "side": side, "mechanism": "Unit", "country": "HRV"}
    return made | {"rating": 3, "date": "2026-02-01", "text": TEXT} | changed


def of_help(cooperation: Cooperation, **changed) -> dict:
    """What the neighbour says of its help to us."""
    made = evaluation(f"{OWN}/exchange/request/{cooperation.request.key}", f"{SITE}/exchange/profile/7")
    return made | changed


def accept(by) -> None:
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.get().peer, rows=rows, state=State.ACCEPTED, by=by)


def send(sender, by, value: dict) -> None:
    receive(sender.tell("Create", value).parcel(), by)
    accept(by)


def shared(*, for_members: bool = False) -> list[dict]:
    return list(objects_of(KINDS["evaluation"], OWN, for_members=for_members))


def evaluate(cooperation: Cooperation, by, side: str):
    return assistance.evaluate_cooperation(cooperation=cooperation, side=side, rating=4, text="Quick.", by=by)


def page_of(client, cooperation: Cooperation) -> str:
    return source_of(client.get(cooperation.request.get_absolute_url()))


def test_an_evaluation_names_no_request_from_a_feed_for_members_to_everyone(client, sender, helped, by):
    row = evaluate(helped, by, "provider")
    share_entry(entry=row, audience="everyone", by=by)
    assert len(shared()) == 1
    Assistance.objects.filter(pk=helped.request.pk).update(is_for_members=True)
    assert (shared(), len(shared(for_members=True))) == ([], 1)
    assert client.get(f"/exchange/evaluation/{row.key}").status_code == 404
    assert "is sent only when the request is shared with the same peers" in page_of(client, helped)
    row = CooperationEvaluation.objects.get()
    for audience in ("", "members"):
        share_entry(entry=row, audience=audience, by=by)
    assert (shared(), len(shared(for_members=True))) == ([], 1)
    with pytest.raises(Refused, match="from a feed for members"):
        share_entry(entry=row, audience="everyone", by=by)


@pytest.mark.parametrize("is_for_members", [True, False])
def test_requests_and_practices_for_members_are_known_as_such(sender, by, is_for_members):
    Peer.objects.update(reads_members=True, kinds="request practice")
    mark = {"is_for_members": True} if is_for_members else {}
    for value in (assistance_sent(), practice()):
        receive(sender.tell("Create", value | mark).parcel(audience="members"), by)
    mine = Received.objects.waiting()
    decisions.decide_received(peer=Peer.objects.get(), rows=mine, state=State.ACCEPTED, by=by)
    assert Assistance.objects.get().is_for_members is Practice.objects.get().is_for_members is is_for_members


def test_our_own_evaluation_leaves_once_it_is_shared(sender, asked, by):
    row = evaluate(asked, by, "requester")
    assert shared() == []
    share_entry(entry=row, audience="members", by=by)
    assert (shared(), len(shared(for_members=True))) == ([], 1)
    share_entry(entry=row, audience="everyone", by=by)
    (value,) = shared()
    assert value["request"] == f"{OWN}/exchange/request/{asked.request.key}"
    assert (value["provider"], value["provider_country"]) == (asked.provider.origin, "HRV")
    assert (value["side"], value["rating"], value["text"]) == ("requester", 4, "Quick.")
    assert check_file(json.dumps(value).encode()).is_valid


def test_an_evaluation_of_a_received_request_names_it_by_its_origin(sender, helped, by):
    share_entry(entry=evaluate(helped, by, "provider"), audience="everyone", by=by)
    (value,) = shared()
    assert value["request"] == f"{SITE}/exchange/request/5"
    assert value["provider"] == f"{OWN}/exchange/profile/{helped.provider.key}"


def test_one_that_was_entered_on_behalf_of_another_mechanism_never_leaves(sender, asked, by):
    row = evaluate(asked, by, "provider")
    with pytest.raises(Refused, match="our own mechanism"):
        share_entry(entry=row, audience="everyone", by=by)
    assert shared() == []


def test_one_of_an_unpublished_request_is_not_sent_to_those_who_do_not_read_the_request(sender, own, neighbour, by):
    request = network_make.assistance("request", own)
    row = evaluate(done(request, neighbour), by, "requester")
    with pytest.raises(Refused, match="First share the request"):
        share_entry(entry=row, audience="members", by=by)
    share_entry(entry=request, audience="members", by=by)
    with pytest.raises(Refused, match="First share the request"):
        share_entry(entry=row, audience="everyone", by=by)
    share_entry(entry=row, audience="members", by=by)
    assert (shared(), len(shared(for_members=True))) == ([], 1)
    share_entry(entry=request, audience="everyone", by=by)
    share_entry(entry=row, audience="everyone", by=by)
    share_entry(entry=request, audience="", by=by)
    assert shared() == shared(for_members=True) == []


def test_it_stays_shared_when_the_request_is_closed_because_the_help_is_done(client, sender, asked, by):
    share_entry(entry=evaluate(asked, by, "requester"), audience="everyone", by=by)
    assistance.close_assistance(entry=asked.request, by=by)
    assert len(shared()) == 1


def test_its_page_tells_that_it_is_not_sent_while_the_request_is_not_shared(client, sender, asked, by):
    share_entry(entry=evaluate(asked, by, "requester"), audience="everyone", by=by)
    assert "is sent only when" not in page_of(client, asked)
    share_entry(entry=asked.request, audience="members", by=by)
    assert "is sent only when" in page_of(client, asked)


def test_the_address_of_an_unpublished_profile_is_not_sent(sender, helped, own, by):
    share_entry(entry=evaluate(helped, by, "provider"), audience="everyone", by=by)
    MechanismProfile.objects.filter(pk=own.pk).update(is_published=False)
    (value,) = shared()
    assert (value["provider"], value["provider_country"]) == ("", "SVN")
    assert str(own.key) not in json.dumps(value)


def test_one_that_is_invented_is_marked_where_it_is_shown(client, sender, asked, by):
    send(sender, by, of_help(asked, is_invented=True))
    assert "Invented for demonstration" in page_of(client, asked)
    receive(sender.tell("Update", of_help(asked, is_invented=False)).parcel(), by)
    accept(by)
    assert "Invented for demonstration" not in page_of(client, asked)


@pytest.mark.database
def test_theirs_is_shown_beside_ours_once_a_person_accepted_it(client, sender, asked, by):
    evaluate(asked, by, "requester")
    receive(sender.tell("Create", of_help(asked)).parcel(), by)
    assert TEXT not in page_of(client, asked)
    accept(by)
    page = page_of(client, asked)
    for shown in ("Unit (Neighbour)", TEXT, "Quick.", "Received on", f"{SITE}/exchange/evaluation/{CODE}"):
        assert shown in page
    yearly = b"".join(client.get(reverse("desk:assistance_by_year_export", args=["2026", "csv"]))).decode()
    assert "Useful (received from Unit (Neighbour))" in yearly
    assert asked.evaluations.count() == 1


def test_the_mechanism_that_we_helped_evaluates_our_help(client, sender, helped, own, by):
    send(sender, by, evaluation(helped.request.origin, f"{OWN}/exchange/profile/{own.key}", "requester"))
    assert TEXT in page_of(client, helped)


def test_a_provider_without_an_address_is_found_by_its_state(client, sender, helped, by):
    send(sender, by, evaluation(helped.request.origin, "", "requester", provider_country="SVN"))
    assert TEXT in page_of(client, helped)


def test_the_newer_version_replaces_it_and_its_withdrawal_deletes_it(sender, asked, by):
    send(sender, by, of_help(asked))
    receive(sender.tell("Update", of_help(asked, rating=1, text="")).parcel(), by)
    accept(by)
    row = ReceivedEvaluation.objects.get()
    assert (row.rating, row.text) == (1, "")
    receive(sender.tell("Delete", {"id": of_help(asked)["id"]}).parcel(), by)
    assert not ReceivedEvaluation.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"side": "requester"},  # it speaks in our name
        {"request": f"{OWN}/exchange/request/5b1f0e3c-7a11-4a5e-9d0a-3f0c8a526f3e"},
        {"request": "https://elsewhere.example/exchange/request/5"},
        {"provider": "https://third.example/exchange/profile/7"},
    ],
)
def test_one_that_fits_no_help_of_the_sender_is_kept_and_shown_nowhere_else(sender, asked, by, changed):
    send(sender, by, of_help(asked, **changed))
    assert Received.objects.accepted().count() == 1
    assert not ReceivedEvaluation.objects.exists()


def test_another_mechanism_that_helped_does_not_speak_for_the_neighbour(sender, own, by):
    received = {"origin": "https://third.example/exchange/profile/7", "received_on": "2026-01-01"}
    third = network_make.profile("Third", "AUT", **received)
    cooperation = done(network_make.assistance("request", own), third)
    send(sender, by, of_help(cooperation, provider=third.origin))
    assert not ReceivedEvaluation.objects.exists()


def test_a_received_evaluation_counts_in_no_matching_of_ours(sender, helped, by):
    send(sender, by, evaluation(helped.request.origin, "", "requester", provider_country="SVN"))
    assert not helped.evaluations.exists()


@pytest.mark.parametrize(
    "wrong", [{"request": "request 5"}, {"side": "both"}, {"rating": 5}, {"date": "yesterday"}, {"mechanism": ""}]
)
def test_a_wrong_evaluation_is_named_by_the_validator(wrong):
    findings = check_file(json.dumps(evaluation(f"{OWN}/exchange/request/5", "") | wrong).encode())
    assert [fault.field for fault in findings.faults] == list(wrong)


def test_the_page_of_the_request_leads_to_sharing_our_own_evaluation(client, sender, asked, by):
    row = evaluate(asked, by, "requester")
    address = reverse("desk:share_entry", args=["evaluation", row.key])
    assert address in page_of(client, asked)
    client.post(address, {"audience": "members"})
    assert "Peers that are members" in page_of(client, asked)


@pytest.mark.database
def test_help_that_is_recorded_later_shows_what_was_accepted_before(client, sender, own, neighbour, by):
    request = network_make.assistance("request", own)
    named = f"{OWN}/exchange/request/{request.key}"
    send(sender, by, evaluation(named, f"{SITE}/exchange/profile/7"))
    assert not ReceivedEvaluation.objects.exists()
    made = assistance.introduce(request=request, provider=neighbour, offer=None, by=by)
    assert ReceivedEvaluation.objects.get().cooperation == made
    assert TEXT in page_of(client, made)


def test_a_declined_evaluation_is_not_shown_by_help_that_is_recorded_later(sender, own, neighbour, by):
    request = network_make.assistance("request", own)
    named = f"{OWN}/exchange/request/{request.key}"
    receive(sender.tell("Create", evaluation(named, f"{SITE}/exchange/profile/7")).parcel(), by)
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.get().peer, rows=rows, state=State.DECLINED, by=by)
    assistance.introduce(request=request, provider=neighbour, offer=None, by=by)
    assert not ReceivedEvaluation.objects.exists()


def test_evaluations_of_help_among_others_cost_no_query_each(
    sender, own, neighbour, by, django_assert_max_num_queries
):
    for number in range(5):
        value = evaluation(f"{SITE}/exchange/request/{number}", "", id=f"{SITE}/exchange/evaluation/{number}")
        send(sender, by, value | {"code": str(number)})
    with django_assert_max_num_queries(6):
        show_accepted_before()
    assert Received.objects.accepted().count() == 5


def test_the_state_of_the_peer_entered_later_shows_what_was_accepted_before(sender, own, by):
    Peer.objects.update(country=None)
    entered = network_make.profile("Neighbours", "HRV")
    cooperation = done(network_make.assistance("request", own), entered)
    send(sender, by, of_help(cooperation, provider="", provider_country="HRV"))
    assert not ReceivedEvaluation.objects.exists()
    peer = Peer.objects.get()
    values = PeerValues(peer.name, peer.origin, peer.fingerprint, peer.kinds.split(), country=entered.country)
    edit_peer(peer=peer, values=values, by=by)
    assert ReceivedEvaluation.objects.get().cooperation == cooperation
