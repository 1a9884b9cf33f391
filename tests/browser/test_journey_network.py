"""Two ministries and a third: real servers and workers, in three languages, each with a browser of its own.

Slovenia and an invented neighbour introduce each other, share a practice and their answers over the network, help
each other, hold a meeting whose decision is followed up, and report on the Declaration; a third State, which is not
connected, reads what Slovenia shares from a USB stick.
"""

import json
import re
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.test import override_settings
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from docx import Document

from servanda.exchange.format.kinds import KINDS
from servanda.exchange.sharing.refreshing_tasks import refresh_own
from servanda.exchange.sharing.services import SharingValues, edit_sharing
from servanda.language.vectors.encoder import embedder
from servanda.people.access import Role
from servanda.people.models import Instance as OwnState
from servanda.recommendations.labels.suggesting import BY_NAME
from servanda.recommendations.models import Position, Recommendation, Tagging
from servanda.reporting.report_templates.loading import load_report_templates
from servanda.vocab.models import Term
from tests import make
from tests.browser.conftest import axe_core
from tests.browser.walk import Walk, cookie_of
from tests.encoder_server import encoder_server
from tests.prepared import put_vocabulary
from tools.drill import Instance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_200)]

SECONDS = 120  # for what a worker does
CONNECTED = 2  # of the three
STATES = {
    "slovenia": ("SVN", "Slovenia", "supported", "es"),
    "neighbour": ("XNB", "Neighbour State (invented)", "noted", "ar"),
    "third": ("XTS", "Third State (invented)", "supported", "en"),
}
TEXT = "Ratify the International Convention on the Rights of All Migrant Workers."
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

    def __init__(self, open_page, instance: Instance, axe, code: str, name: str, stand: str, language: str):
        self.open_page, self.instance, self.axe, self.language = open_page, instance, axe, language
        self.state, self.mechanism, self.pages = code, f"Mechanism of {name}", {}
        with inside(instance):
            self.record = furnish(code, name, stand).code
            people = {role: make.user(Role.COORDINATOR, name=f"{role} of {name}") for role in ("writer", "reviewer")}
            self.cookies = {role: cookie_of(person, instance.origin) for role, person in people.items()}

    def open(self, person: str, path: str):
        address = self.instance.origin + path
        if person in self.pages:
            self.pages[person].goto(address)
        else:
            cookie = self.cookies[person]
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

    def refresh(self) -> None:
        """Let the worker bring up to date what is shared."""
        with inside(self.instance):
            refresh_own.enqueue()
        self.settle()

    def settle(self) -> None:
        """Wait until the worker has done everything."""
        until = time.monotonic() + SECONDS
        with inside(self.instance):
            while DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).exists():
                assert time.monotonic() < until, f"the worker of {self.mechanism} does not get on"
                time.sleep(0.2)

    def wait_for(self, path: str, selector: str):
        """The page, after the worker has done what it waits for."""
        self.settle()
        page = self.open("writer", path)
        assert page.locator(selector).count(), f"{selector} is not on {path}: {page.locator('main').inner_text()}"
        return page

    def look_at(self, path: str, words: str = ""):
        """A page that others may read too: no fault of accessibility, not wider than the telephone."""
        page = self.open("writer", path)
        assert words in page.locator("main").inner_text()
        page.evaluate(axe_core())  # the server of an instance does not have it
        assert self.axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        return page

    def key_in(self, path: str) -> str:
        return path.rstrip("/").rpartition("/")[2]

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


@contextmanager
def inside(instance: Instance):
    """What is done here is done to the database of an instance, with its settings, for its worker."""
    own, connections["default"] = connections["default"], connections.create_connection("default")
    connection.settings_dict = own.settings_dict | {"NAME": str(instance.folder / "servanda.sqlite3")}
    tasks = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    try:
        with override_settings(SECRET_KEY=instance.secret, ORIGIN=instance.origin, TASKS=tasks):
            yield
    finally:
        connection.close()
        connections["default"] = own


def furnish(state: str, name: str, stand: str) -> Recommendation:
    """A State of its own among others, and one recommendation with a position; all of it is shared online."""
    OwnState.objects.update_or_create(pk=OwnState.current().pk, defaults={"state_code": state})
    countries = {code: make.country(code, label) for code, label in STATES_BY_CODE.items()}
    record = make.recommendation(TEXT, country=countries[state], paragraph="7.1", stand=stand)
    Position.objects.create(recommendation=record, stand=stand, comment=f"Position of {name}.")
    for taxonomy in BY_NAME:  # otherwise the worker suggests labels, for which it encodes all names
        term = Term.objects.filter(taxonomy__code=taxonomy, is_artefact=False).earliest("pk")
        Tagging.objects.create(recommendation=record, term=term, origin="person")
    load_report_templates()
    edit_sharing(values=SharingValues(list(KINDS), is_online=True), by=make.user(Role.ADMINISTRATOR))
    return record


@contextmanager
def one_encoder():
    """The settings with which an instance asks the encoder of this process: loading one costs some seconds."""

    def answer(texts: list[str]) -> tuple[int, bytes]:
        rows = [{"index": at, "embedding": vector} for at, vector in enumerate(embedder().encode(texts).tolist())]
        return 200, json.dumps({"data": rows}).encode()

    answer([TEXT])  # loads it before an instance asks: none waits for long
    with encoder_server(answer) as (url, _sent):
        yield {"SERVANDA_ENCODER_URL": url, "SERVANDA_ENCODER_MODEL": "of the tests"}


@pytest.fixture
def ministries(open_page, axe, tmp_path):
    """Two that are connected, and a third, whose worker loads an encoder of its own."""
    put_vocabulary()
    migrated, instances, found = connection.connection.serialize(), [], []
    with one_encoder() as encoder:
        try:
            for name in STATES:
                settings = encoder if len(instances) < CONNECTED else {}
                each = Instance(name, tmp_path / name, settings=settings, interval=1)
                instances.append(each)
                (each.folder / "servanda.sqlite3").write_bytes(migrated)
                found.append(Ministry(open_page, each, axe, *STATES[name]))
            for each in instances:
                each.peers_inside = [other.origin for other in instances[:CONNECTED]]
                each.serve()
            for each in instances:
                each.start()
            yield found
        finally:
            for each in instances:
                each.stop()
                each.relay.close()


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
        there.refresh()
        peer = here.trust(there, is_pulled=True)
        here.click(peer, f"{peer}pull/")
        here.accept_all(peer)


def see_answers_of_the_other(here: Ministry, there: Ministry) -> None:
    path = reverse("desk:record_practices", args=[here.record])
    here.wait_for(path, "#peer-answers")
    page = here.look_at(path)
    assert there.record in page.locator("#peer-answers").inner_text()


def help_each_other(asks: Ministry, helps: Ministry, request: str) -> None:
    """An offer of the other that fits, an agreement, a mission, a result, and what both sides say about it."""
    helps.look_at(reverse("desk:assistance"), "Clusters")
    page = asks.look_at(request, "Workshop on clusters")
    page.locator("a[href*='?offer=']").click()
    page.wait_for_load_state()
    asks.fill(page)
    for state, result in (("agreed", ""), ("done", "Twelve clusters.")):
        page = asks.open("writer", request)
        progress = next(href for href in hrefs(page) if re.search(r"/cooperation/[0-9]+/$", href))
        page = asks.open("writer", progress)
        days = {"agreed_on": "2026-05-04", "start": "2026-06-15", "end": "2026-06-16"}
        asks.fill(page, state=state, result=result, agreement="Exchange of letters.", **days)
    page = asks.open("writer", request)
    page.locator("a[href$='/new-mission/']").click()
    page.wait_for_load_state()
    journey = {"people": "Two experts", "destination": "Ljubljana", "purpose": "Workshop", "cost": "1840"}
    asks.fill(page, start="2026-06-15", end="2026-06-16", currency="EUR", **journey)
    for side in ("requester", "provider"):
        page = asks.open("writer", request)
        page.locator("a[href$='/evaluation/']").click()
        page.wait_for_load_state()
        asks.fill(page, side=side, rating="4", text=f"Useful to the {side}.")
    page = asks.look_at(request, "Useful to the provider.")
    assert "Ljubljana" in page.locator("main").inner_text()


def hold_a_meeting(ministry: Ministry, guest: Ministry) -> None:
    """With a guest, adopted minutes, and a decision that becomes a commitment of the register."""
    planned = {"begins_at": "2027-05-10T09:00", "ends_at": "2027-05-11T17:00"}
    meeting = ministry.write(
        reverse("desk:add_meeting"), kind="seminar", title="Annual seminar", languages="en, es, ar", **planned
    )
    ministry.write(f"{meeting}agenda/", agenda="Opening\nTraining")
    ministry.write(f"{meeting}register/", institution="Ministry of Justice", language="es")
    ministry.write(f"{meeting}new-participant/", name="Guest", institution=guest.mechanism)
    ministry.write(f"{meeting}edit/", begins_at="2026-05-10T09:00", ends_at="2026-05-11T17:00")  # brought forward
    ministry.write(f"{meeting}minutes/edit/", text="The meeting was opened.", language="en")
    ministry.write(f"{meeting}minutes/adopt/", on="2026-06-01")
    decided = {"text": "Share one training programme.", "language": "en", "due_on": "2028-01-01"}
    ministry.write(f"{meeting}new-decision/", **decided)
    page = ministry.open("writer", meeting)
    page.locator("form[action*='/decisions/'][action$='/commitment/'] button").click()
    page.wait_for_load_state()
    ministry.look_at(ministry.share(meeting), "Share one training programme.")
    ministry.look_at(reverse("desk:commitments"), "Share one training programme.")


def read_from_a_stick(here: Ministry, there: Ministry, folder: Path) -> None:
    """The parcel that one prepared, carried to another that is not connected."""
    there.refresh()
    page = there.wait_for(reverse("exchange:peers"), f"a[href='{reverse('exchange:parcel_file')}']")
    with page.expect_download() as download:
        page.locator(f"a[href='{reverse('exchange:parcel_file')}']").click()
    stick = folder / "parcel.zip"
    download.value.save_as(stick)
    peer = here.trust(there, is_pulled=False)
    assert here.write(reverse("exchange:receive_parcel"), file=stick) == peer
    here.accept_all(peer)
    here.look_at(reverse("exchange:accepted"), PRACTICE)
    here.look_at(reverse("desk:practices"), PRACTICE)
    here.look_at(reverse("desk:assistance"), "Clusters")
    here.look_at(reverse("desk:mechanisms"), there.mechanism)
    see_answers_of_the_other(here, there)


def report_on_the_declaration(ministry: Ministry, folder: Path):
    """Each section is drafted from its facts; the file is read with python-docx."""
    ministry.click(reverse("desk:commitments"), reverse("desk:add_declaration"))
    add = reverse("desk:add_report")
    template = ministry.option(add, "template", "Marrakech")
    period = {"start": "2026-01-01", "end": "2026-12-31"}
    report = ministry.write(add, title="Report on the Declaration", template=template, language="en", **period)
    links = ministry.open("writer", report).locator(f"main a[href^='{report}sections/']").all()
    for section in dict.fromkeys(link.get_attribute("href") for link in links):
        page = ministry.open("writer", section)
        if (draft := page.locator("a[href$='/fact-draft/']")).count():
            draft.click()
            if (insert := page.locator("form[action$='/draft/'] button[type=submit]")).count():
                insert.click()
    page = ministry.look_at(report)
    page.locator("details:has(a[href$='file.docx']) > summary").click()
    with page.expect_download() as download:
        page.locator("a[href$='file.docx']").first.click()
    file = folder / "report.docx"
    download.value.save_as(file)
    return Document(file)


def test_two_ministries_help_each_other_and_a_third_reads_it_from_a_stick(ministries, tmp_path):
    slovenia, neighbour, third = ministries
    for ministry in ministries:
        ministry.describe_itself()
    share_a_practice(slovenia)
    request = slovenia.enter_assistance("request", "Clusters")
    neighbour.enter_assistance("offer", "Workshop on clusters")
    introduce_each_other(slovenia, neighbour)
    neighbour.look_at(reverse("desk:practices"), PRACTICE)
    see_answers_of_the_other(slovenia, neighbour)
    see_answers_of_the_other(neighbour, slovenia)
    help_each_other(slovenia, neighbour, request)
    slovenia.look_at(reverse("desk:assistance_by_year"), "Ljubljana")
    hold_a_meeting(slovenia, neighbour)
    read_from_a_stick(third, slovenia, tmp_path)
    report = report_on_the_declaration(slovenia, tmp_path)
    assert "Twelve clusters." in "\n".join(paragraph.text for paragraph in report.paragraphs)
