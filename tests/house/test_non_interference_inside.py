"""Non-interference inside: proceedings of one institution change not one byte of what another one can fetch."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from servanda.exchange.sharing.feed import pages_of, refresh_shared
from servanda.jobs.services import send_due_mails
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.people.notifications.digests import send_digests
from servanda.proceedings.models import ProceedingQuerySet
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.sources.models import ObligationQuerySet
from servanda.sources.obligations.feeds import renew_feed
from tests import make, proceedings_make
from tests.house.addresses import ADDRESSES, public_addresses
from tests.house.answers import said
from tests.house.asking import KEPT_OF_EACH
from tests.house.confidential_proceedings import (
    communicate_in_confidence,
    follow_measures_in_confidence,
    proceed_in_confidence,
    staff,
)
from tests.house.replaying import Baseline, QueryLog
from tests.house.test_addresses import APPOINTED, passes_guard
from tests.house.test_non_interference import LINK, differing, look, look_again, needs_a_row

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PROCEEDINGS: tuple[Callable, ...] = (communicate_in_confidence, proceed_in_confidence)
DEEDS = (*PROCEEDINGS, follow_measures_in_confidence)
ROUNDS = 4
Within = str | tuple[str, ...]
INSIDE = (
    "/desk/",
    "/people/",
)  # what public pages tell depends on nobody's appointments; the first test reads them too
SITE = "https://servanda.example.org"
# The copy of personal data names the moment at which it was written.
LEFT_OUT = ("/account/", "/static/", "/language/", "/people/me/personal-data/")
GUESSES = [
    "/desk/register/?q=quarantine",
    "/desk/register/?kind=measure",
    "/desk/register.csv?kind=measure",
    "/desk/search/?q=quarantine",
    "/desk/obligations/?q=quarantine",
    "/desk/communications/?q=quarantine",
    "/desk/communications/?kind=visit",
    "/desk/communications/?kind=dialogue",
    "/desk/asked/?show=answered",
    "/api/v1/recommendations?kind=measure",
]


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


@pytest.fixture
def beside() -> Institution:
    return make.institution("beside", name="Beside")


@pytest.fixture
def watcher(beside, coordinator) -> User:
    """A person of an institution with a part of its own in each kind of proceeding."""
    for number in range(ROUNDS):
        staff(number)
    make.term("Health")
    make.country("FJI", "Fiji")
    record = make.recommendation("Protect the rights of each group.")
    make.assignment(record, beside)
    proceedings_make.mandate()
    proceedings_make.proceeding(coordinator, beside)
    proceedings_make.visit(coordinator, beside)
    proceedings_make.dialogue(coordinator, beside)
    proceedings_make.case(coordinator, beside)
    person = make.user(Role.FOCAL_POINT, beside)
    User.objects.filter(pk=person.pk).update(digest="daily", language="en")
    return person


def crawl_inside(client, *, within: Within = "/", asked: dict[str, QueryLog] | None = None) -> dict[str, str]:
    """What a person who is logged in finds at each address that needs no row, one link further, and by guessing."""
    looked_at = {name: address for name, address in ADDRESSES.items() if "GET" in address.methods}
    opened = {name: address for name, address in looked_at.items() if passes_guard(name, APPOINTED)}
    starts = [address.url(name, None) for name, address in opened.items() if not needs_a_row(address)]
    told = look(client, wanted([*starts, *GUESSES], within), asked)
    found = dict.fromkeys(link for url, text in told.items() for link in links_inside(url, text))
    return told | look(client, [url for url in wanted(found, within) if url not in told], asked)


def visited(client, *, within: Within = "/") -> tuple[dict[str, str], Baseline]:
    """As `crawl_inside` finds it when all has been visited before, and what the database was asked for that: what
    tells of the visits is asked for again."""
    told = crawl_inside(client, within=within, asked=(asked := {}))
    written = set().union(*(asking.written for asking in asked.values())) - KEPT_OF_EACH
    tell_of_visits = [url for url, asking in asked.items() if asking.tables & written]
    return told | look(client, tell_of_visits, asked), Baseline(asked)


def wanted(urls: Iterable[str], within: Within) -> Iterator[str]:
    return (url for url in urls if url.startswith(within) and not url.startswith(LEFT_OUT))


def links_inside(url: str, text: str) -> Iterator[str]:
    if "?" not in url:
        for link in LINK.findall(text):
            address = link.replace("&amp;", "&")
            yield url + address if address.startswith("?") else address


def everything(by: User, *, rounds: int = 1) -> list[str]:
    return [deed for number in range(rounds) for deeds in DEEDS for deed in deeds(number, by)]


def told_to_programs(client, person: User, feed: str) -> dict[str, str]:
    """What a program with a key of this person, and their calendar program, fetch."""
    key = {"authorization": f"Bearer {make.token(person)}"}
    api = {name: address for name, address in public_addresses().items() if name.startswith("api:")}
    urls = [address.url(name, None) for name, address in api.items() if not needs_a_row(address)]
    told = {url: said(client.get(url, headers=key)) for url in [*urls, "/api/v1/recommendations?kind=measure"]}
    return told | {feed: said(client.get(feed))}


@pytest.mark.timeout(600)
def test_two_hundred_changes_of_proceedings_change_not_one_byte_of_another_institution(
    client, watcher, coordinator, beside
):
    client.force_login(watcher)
    before, baseline = visited(client)
    own = [row.get_absolute_url() for row in beside.proceedings.all()]
    assert (len(own), set(own) <= before.keys()) == (4, True)
    done = everything(coordinator, rounds=ROUNDS)
    assert (len(done) >= 200, len(set(done)) >= 35) == (True, True)
    assert differing(before, look_again(client, before, baseline)) == []


@pytest.mark.timeout(300)
def test_nor_of_one_who_is_appointed_to_the_same_institution_for_another_body(client, watcher, coordinator):
    make.appointment(watcher, staff(0).place, "alternate", bodies="CRC")
    client.force_login(watcher)
    before, baseline = visited(client, within=INSIDE)
    for deeds in PROCEEDINGS:
        list(deeds(0, coordinator))
    assert differing(before, look_again(client, before, baseline)) == []


def test_neither_programs_nor_calendars_nor_parcels_tell_of_them(client, watcher, coordinator):
    feed = reverse("portal:calendar_feed", args=[renew_feed(by=watcher)])
    before, shared = told_to_programs(client, watcher, feed), parcel()
    assert "BEGIN:VEVENT" in before[feed]
    everything(coordinator)
    assert differing(before, told_to_programs(client, watcher, feed)) == []
    assert parcel() == shared


def parcel() -> list[bytes]:
    """What is exchanged with other instances."""
    refresh_shared(site=SITE, on=timezone.now())
    return [page.content for page in pages_of(SITE)]


@pytest.mark.database  # all deeds, and the mails that follow
def test_no_mail_to_another_institution_follows_from_them(watcher, coordinator):
    everything(coordinator)
    send_input_reminders(now=timezone.now() + timedelta(days=8))
    send_digests(on=timezone.now())
    while send_due_mails(on=timezone.now()):
        pass
    assert [letter.to for letter in mail.outbox if "quarantine" in (letter.subject + letter.body).lower()] != []
    assert [
        letter.subject for letter in mail.outbox if watcher.email in letter.to and "quarantine" in letter.body
    ] == []


FLAWS: dict[str, tuple[type, Callable]] = {
    "/desk/communications/": (ProceedingQuerySet, lambda rows, _user: rows.kept()),
    "/desk/obligations/": (ObligationQuerySet, lambda rows, _user: rows.kept()),
}


@pytest.mark.parametrize("page", FLAWS)
def test_each_flaw_inside_is_seen(client, watcher, coordinator, monkeypatch, page):
    model, instead = FLAWS[page]
    monkeypatch.setattr(model, "visible_to", instead)
    client.force_login(watcher)
    before, baseline = visited(client, within=page)
    everything(coordinator)
    assert differing(before, look_again(client, before, baseline)) != []
