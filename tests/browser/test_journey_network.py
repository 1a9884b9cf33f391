"""Two ministries with real servers and workers, in two languages, each with browsers of its own.

Slovenia and an invented neighbour describe themselves, introduce each other, and share a practice, a request and an
offer over the network.
"""

import time
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.urls import reverse

from tests.browser.walk import Walk
from tools.drill import Instance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_200)]

SECONDS = 120  # for what a worker does
STATES = {
    "slovenia": ("SVN", "Slovenia", "supported", "es"),
    "neighbour": ("XNB", "Neighbour State (invented)", "noted", "ar"),
}
PRACTICE, TEXTS = (
    "One register for all ministries",
    {
        "problem": "Answers came late.",
        "steps": "Name a focal point\nMeet each month",
        "result": "Answers came in time.",
    },
)


class Ministry(Walk):
    """One instance, as its two coordinators use it on a telephone."""

    def __init__(self, open_page, instance: Instance, axe, *, code: str, name: str, stand: str, language: str):
        self.open_page, self.instance, self.axe, self.language = open_page, instance, axe, language
        self.state, self.mechanism = code, f"Mechanism of {name}"
        made = instance.step("furnish", states=STATES_BY_CODE, state=code, stand=stand)
        self.cookies, self.pages = made["cookies"], {}
        instance.step("go_online")

    def open(self, person: str, path: str):
        address = self.instance.origin + path
        if person in self.pages:
            self.pages[person].goto(address)
        else:
            cookie = self.cookies[person] | {"url": self.instance.origin}
            self.pages[person] = self.open_page(address, cookies=(cookie,), language=self.language, width=360)
        return self.pages[person]

    def write(self, path: str, **fields) -> str:
        """Send a form as the writer. Returns the address of the page that follows."""
        page = self.send("writer", path, **fields)
        assert page.locator(".error-summary").count() == 0, page.locator("main").inner_text()
        return urlsplit(page.url).path

    def click(self, path: str, action: str, person: str = "writer"):
        page = self.open(person, path)
        page.locator(f"form[action='{action}'] button").first.click()
        page.wait_for_load_state()
        return page

    def wait_for(self, path: str, selector: str):
        """Reload a page until the worker has done what it waits for."""
        until = time.monotonic() + SECONDS
        while not (page := self.open("writer", path)).locator(selector).count():
            assert time.monotonic() < until, f"{selector} is not on {path}: {page.locator('main').inner_text()[:500]}"
            time.sleep(1)
        return page

    def look_at(self, path: str, words: str = ""):
        """A page that others may read too: no fault of accessibility, not wider than the telephone."""
        page = self.open("writer", path)
        assert words in page.locator("main").inner_text()
        assert self.axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        return page

    def option(self, path: str, name: str, label: str) -> str:
        """The value of a choice that the form offers under this label."""
        options = self.open("writer", path).locator(f"select[name='{name}'] option")
        return options.filter(has_text=label).first.get_attribute("value")

    def describe_itself(self) -> str:
        """Its own mechanism, with a fact and its source. Returns the address of the profile."""
        add = reverse("desk:add_profile")
        country = self.option(add, "country", STATES_BY_CODE[self.state])
        path = self.write(add, country=country, name=self.mechanism, is_own=True)
        self.write(f"{path}facts/organisation/", chair="Ministry of Justice", chair_source="Decree 1")
        self.click(path, f"{path}publish/")
        return path

    def share(self, entry: str) -> str:
        """Let everyone read an entry of the network. Returns the address of the entry."""
        page = self.open(
            "writer", next(href for href in hrefs(self.open("writer", entry)) if "/network/share/" in href)
        )
        page.locator("input[name=audience][value=everyone]").check()
        self.fill(page)
        return entry

    def enter_assistance(self, kind: str, title: str) -> str:
        page = self.open("writer", reverse("desk:add_assistance", args=[kind]))
        page.locator("input[name=forms][value=advice]").check()
        mechanism = page.locator("select[name=mechanism] option").filter(has_text=self.mechanism).first
        values = {"mechanism": mechanism.get_attribute("value"), "title": title, "text": "How to cluster."}
        self.fill(page, **values, languages="en")
        return self.share(urlsplit(page.url).path)

    def trust(self, other: "Ministry", *, is_pulled: bool) -> str:
        """Add the other with the fingerprint that its page shows, as it is read out. Returns the page of the peer."""
        page = other.open("writer", reverse("exchange:peers"))
        fingerprint = page.locator("#own ~ dl code").inner_text()
        fields = {"name": other.mechanism, "origin": other.instance.origin, "fingerprint": fingerprint}
        return self.write(reverse("exchange:add_peer"), **fields, **({"is_pulled": True} if is_pulled else {}))

    def accept_all(self, peer: str):
        page = self.wait_for(peer, "input[name=object]")
        page.locator("input[name=all]").check()
        page.locator("button[name=to][value=accepted]").click()
        page.wait_for_load_state()


STATES_BY_CODE = {code: name for code, name, _stand, _language in STATES.values()}


@pytest.fixture
def ministries(open_page, axe, tmp_path):
    instances = [Instance(name, tmp_path / name) for name in STATES]
    inside = [one.origin for one in instances]
    try:
        for one in instances:
            one.peers_inside = inside
            (one.folder / "servanda.sqlite3").write_bytes(connection.connection.serialize())
            one.start()
        facts = [dict(zip(("code", "name", "stand", "language"), STATES[one.name], strict=True)) for one in instances]
        yield [Ministry(open_page, one, axe, **fact) for one, fact in zip(instances, facts, strict=True)]
    finally:
        for one in instances:
            one.stop()
            one.relay.close()


def hrefs(page) -> list[str]:
    return [link.get_attribute("href") for link in page.locator("main a[href]").all()]


def share_a_practice(ministry: Ministry) -> None:
    add = reverse("desk:add_practice")
    mechanism = ministry.option(add, "mechanism", ministry.mechanism)
    path = ministry.write(add, language="en", mechanism=mechanism, title=PRACTICE, **TEXTS)
    ministry.click(path, f"{path}review/", "reviewer")
    ministry.click(path, f"{path}publish/")


def introduce_each_other(one: Ministry, other: Ministry) -> None:
    """Each fetches what the other publishes, and a person accepts it."""
    for here, there in ((one, other), (other, one)):
        there.click(reverse("exchange:peers"), reverse("exchange:prepare_parcel"))
        there.instance.step("refresh")
        peer = here.trust(there, is_pulled=True)
        here.click(peer, f"{peer}pull/")
        here.accept_all(peer)


def test_two_ministries_introduce_each_other_and_share_practices_requests_and_offers(ministries):
    slovenia, neighbour = ministries
    for ministry in ministries:
        ministry.describe_itself()
    share_a_practice(slovenia)
    slovenia.enter_assistance("request", "Clusters")
    neighbour.enter_assistance("offer", "Workshop on clusters")
    introduce_each_other(slovenia, neighbour)
    neighbour.look_at(reverse("desk:practices"), PRACTICE)
