"""Accepted recommendations of several mechanisms side by side, with what makes the figures hard to compare."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.exchange.accepted.counting import GOALS, THEMES, recount
from servanda.exchange.models import Peer
from servanda.network.models import PeerAnswer
from servanda.people.access import Role
from tests import make
from tests.exchange_make import Sender, peer

pytestmark = pytest.mark.django_db
ADDRESS = "/exchange/compare/"


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.FOCAL_POINT)


def answer(sender: Peer, number: int, **fields) -> PeerAnswer:
    usual = {"origin": f"{sender.origin}/{number}", "site": sender.origin, "sender": sender.name}
    usual |= {"code": f"A-{number}", "body": "UPR", "language": "en", "text": "Ratify it."}
    usual |= {"changed_on": timezone.localdate()}
    made = PeerAnswer.objects.create(**usual | fields)
    recount(sender)
    return made


@pytest.fixture
def peers(by) -> list[Peer]:
    made = [peer(Sender(site=f"https://{name}.example"), name=name.title()) for name in ("alder", "birch")]
    for number in range(3):
        answer(made[0], number, stand="supported")
    answer(made[1], 0, body="CEDAW", stand="noted", government="full started", changed_on=date(2020, 5, 1))
    return made


def rows(page: str) -> list[list[str]]:
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)
    ]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("body", [["UPR", "3", "0", "3"], ["CEDAW", "0", "1", "1"]]),
        ("status", [["Fully implemented", "0", "1", "1"], ["Started", "0", "1", "1"]]),
        ("position", [["Supported", "3", "0", "3"], ["Noted", "0", "1", "1"]]),
        ("x", [["UPR", "3", "0", "3"], ["CEDAW", "0", "1", "1"]]),
    ],
)
def test_records_are_counted_by_peer(client, peers, how, expected):
    found = rows(client.get(f"{ADDRESS}?by={how}").content.decode())
    assert [head.split()[0] for head in found[0][1:]] == ["Alder", "Birch", "All"]
    assert found[1:3] == expected


def test_what_is_missing_is_named_for_each_peer(client, peers):
    found = rows(client.get(ADDRESS).content.decode())
    assert found[-2][:5] == ["Alder", "3", "3", "3", "3"]
    assert found[-1][:5] == ["Birch", "1", "1", "1", "0"]


def test_a_record_with_two_themes_is_counted_in_each(client, peers):
    first, second = (make.term(name, taxonomy=THEMES) for name in ("Health", "Housing"))
    PeerAnswer.objects.get(site="https://birch.example").themes.set([first, second])
    recount(peers[1])
    found = rows(client.get(f"{ADDRESS}?by=theme").content.decode())
    assert sorted(found[1:3]) == sorted([[str(first), "0", "1", "1"], [str(second), "0", "1", "1"]])


def test_targets_of_one_goal_are_counted_once(client, peers):
    terms = [make.term(code, taxonomy=GOALS) for code in ("16", "16.2", "16.3")]
    PeerAnswer.objects.get(site="https://birch.example").themes.set(terms)
    recount(peers[1])
    found = rows(client.get(f"{ADDRESS}?by=sdg").content.decode())
    assert found[1] == ["16. 16", "0", "1", "1"]


def test_what_is_not_comparable_is_marked_with_the_reason(client, peers):
    page = rows(client.get(f"{ADDRESS}?by=status").content.decode())
    assert page[0][1:3] == ["Alder Not comparable", "Birch Not comparable"]
    assert page[-2][-1] == "100% of its records have no status. All its records are of one body."
    assert "not changed for more than a year" in page[-1][-1]
    comparable = rows(client.get(f"{ADDRESS}?by=body&peer={peers[0].key}").content.decode())
    assert (comparable[0][1], comparable[-1][-1]) == ("Alder", "–")


def test_peers_are_chosen(client, peers):
    found = rows(client.get(f"{ADDRESS}?peer={peers[1].key}&peer=x").content.decode())
    assert found[0][1:] == ["Birch Not comparable", "All peers"]
    assert found[1] == ["UPR", "0", "3"]


def test_own_records_are_not_among_them(client, peers):
    make.recommendation()
    assert rows(client.get(ADDRESS).content.decode())[1] == ["UPR", "3", "0", "3"]


def test_without_records_the_page_names_the_first_step(client, by):
    page = client.get(ADDRESS).content.decode()
    assert "Nothing to compare" in page
    assert reverse("exchange:accepted") in page


def test_more_rows_cost_the_same_queries(client, peers, django_assert_max_num_queries):
    for number in range(10, 40):
        answer(peers[0], number, body=f"B{number}")
    with django_assert_max_num_queries(14):
        client.get(f"{ADDRESS}?by=theme")


def test_the_public_does_not_see_it(client):
    assert client.get(ADDRESS).status_code == 302


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
@pytest.mark.parametrize("address", [ADDRESS, "/desk/network/from-peers/"])
def test_accepted_objects_are_not_explained_as_recommendations_that_a_state_supports(client, by, address, language):
    page = client.get(address, headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in page
    assert 'popovertarget="lead-supported"' not in page
