"""What no one means to send: it gets a plain answer, on both engines, and changes nothing."""

from collections.abc import Collection, Hashable
from copy import copy
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import User
from servanda.recommendations.editing import merging
from servanda.recommendations.models import Position, Recommendation, SavedView, SourceRecord, Tagging, TextVersion
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import PART
from tests.house.answers import body_of
from tests.house.ears import listening
from tests.house.noting import KEYS, keys_of
from tests.house.scene import FILE, Scene, sent_sheet
from tests.house.test_addresses import faults_at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def test_undoing_an_import_that_was_never_applied_is_refused(client, coordinator):
    sheet = sent_sheet(coordinator)
    answer = client.post(reverse("desk:undo_import", args=[sheet.key]), follow=True)
    assert "Only an applied import can be undone." in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.state == Batch.State.PREVIEWED


@pytest.mark.parametrize(
    "deed", ["show_import", "use_names", "apply_import", "undo_import", "discard_import", "map_columns"]
)
def test_a_merge_is_no_import_and_cannot_be_undone_as_one(client, coordinator, deed):
    into, other = make.recommendation(), make.recommendation("Another text.")
    merging.merge_recommendations(into=into, others=[other], by=coordinator)
    merge = Batch.objects.get()
    url = reverse(f"desk:{deed}", args=[merge.key])
    assert (client.get(url) if deed == "show_import" else client.post(url)).status_code == 404
    merge.refresh_from_db()
    assert merge.state == Batch.State.APPLIED
    assert other.code not in client.get(reverse("desk:imports")).content.decode()


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>'\""
SHORT, NUMBER = "a' OR -x (", "9" * 18
# Sent to everyone who reads. Where neither texts nor numbers come through to the engine, others do not either.
PROBES = [SHORT, NUMBER]
FOR_ENGINES = ["-1", "a\0b", "9" * 30, "x" * 10_000]
# These are read or refused before an engine is asked, and so they are the same on each: they are sent on SQLite.
FOR_READERS = ["-1", "٣", "²", "9" * 5000, "'\"><script>"]
FURTHER = [*FOR_ENGINES, *FOR_READERS[1:]]
# A form that is shown again shows them as it shows the others, which are too large or not for a page.
NOT_SHOWN_AGAIN = {*PROBES, "-1", "x" * 10_000, "٣", "²"}
# What people write of themselves and in confidence.
CONFIDED = dict.fromkeys(("email", "password", "note"), SCRIPT)
# Pages that read what was sent, and are therefore asked about every value.
READERS = {
    ("get", "desk"): {"desk:register", "desk:search", "desk:positions"},
    ("get", "elsewhere"): {"portal:register", "api:recommendations", "people:trail"},
    ("post", "desk"): {"desk:bulk_edit", "desk:map_columns", "desk:add_note"},
    ("post", "elsewhere"): {"vocab:add_term", "people:invite_person"},
}


class Reached:
    """Whether something that was sent came through to the engine."""

    def __init__(self, value: str):
        self.part, self.has = "alert" if value == SCRIPT else value.lower(), False

    def __call__(self, execute, sql, params, *rest):
        given = [str(value).lower() for value in params or ()]
        self.has = self.has or any(self.part in text if len(self.part) > 2 else self.part == text for text in given)
        return execute(sql, params, *rest)


def failures(client, method: str, urls: dict[str, str]) -> tuple[list[str], set[str]]:
    """Where an answer is an error of ours or shows a script, and who read what was sent. Who does not is asked once:
    such a page cannot tell one value from another. Of those that read nothing but the number of a page of a list, the
    first stands for all; and of those where the same forms and functions read the same and nothing comes through to
    the engine, the first is sent what is odd to readers. Whoever reads some of the values only, is sent these from
    then on. What is sent to the administrator is not sent again in test_addresses.py: each deed finds its thing, and
    its answer says in its head what it has to."""
    client.raise_request_exception = False
    found, signed_in, paged = [], copy(client.cookies), ""
    left: dict[str, frozenset[str]] = dict.fromkeys(urls, keys_of(method))
    reaching: set[str] = set()
    first_of: dict[Hashable, str] = {}
    readers: dict[str, Hashable] = {}
    is_postgresql = connection.vendor == "postgresql"
    for value in values_sent():
        for name, keys in tuple(left.items()):
            follows = value in FURTHER and name not in reaching
            if follows and (is_postgresql or value not in FOR_READERS):
                continue
            if follows and first_of.setdefault(readers[name], name) != name:
                continue
            with connection.execute_wrapper(reached := Reached(value)):
                answer, page, read = sent(client, method, urls[name], value, keys)
                while not read <= keys:
                    keys |= read
                    answer, page, read = sent(client, method, urls[name], value, keys)
            client.cookies = copy(signed_in)  # some of them log out
            reaching |= {name} if reached.has else set()
            found += [f"{name} {value[:12]!a} {answer.status_code}"] if answer.status_code >= 500 else []
            found += [f"{name} shows {value[:12]!a}"] if shows_script(answer, page) else []
            found += faults_at(answer, name, "POST", "administrator") if method == "post" and value == SCRIPT else []
            if not read and getattr(answer.wsgi_request, "is_paged", False):
                paged = paged or name
            if read or name == paged:
                left[name] = read if value == values_sent()[0] and name != paged else keys
                readers[name] = getattr(answer.wsgi_request, "readers", name)
            else:
                del left[name]
    return found, set(left)


def values_sent() -> list[str]:
    """No script: what a page shows is the same on both engines."""
    if connection.vendor == "postgresql":
        return [*PROBES, *FOR_ENGINES]
    return [SCRIPT, *PROBES, *FURTHER]


def sent(
    client, method: str, url: str, value: str, keys: Collection[str]
) -> tuple[HttpResponse, str, frozenset[str]]:
    """The answer, and which of the keys that could be sent were asked for. Scripts are looked for in parts of pages
    as well, in what was saved and in what is sent. Forms are sent as those without a file: to take them apart is the
    same for all."""
    values = {key: value for key in KEYS[method].split() if key in keys}
    with transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        if method == "post" and value in NOT_SHOWN_AGAIN and value != values_sent()[0]:
            patched.setattr(Template, "render", lambda *_drawn, **_with: "")
        if method == "post":
            answer = client.post(url, urlencode(values | CONFIDED), content_type="application/x-www-form-urlencoded")
        else:
            answer = client.get(url, values, headers={} if value == FOR_READERS[-1] else PART)
        page = body_of(answer)
        transaction.set_rollback(True)
    return answer, page.decode(errors="replace"), getattr(answer.wsgi_request, "asked_for", frozenset())


def shows_script(answer: HttpResponse, page: str) -> bool:
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_page and any(harm in page for harm in ("<script>alert", "<img src=x", "'\"><script>"))


def urls_of(method: str, scene: Scene) -> dict[str, str]:
    return {name: address.url(name, scene) for name, address in ADDRESSES.items() if method in address.methods}


def write_scripts(record: Recommendation, person: User) -> None:
    """Wherever a text can be saved about a record, and around it."""
    Recommendation.objects.filter(pk=record.pk).update(paragraph=SCRIPT[:40])
    TextVersion.objects.filter(recommendation=record).update(text=SCRIPT, source=SCRIPT)
    Position.objects.create(recommendation=record, stand="noted", words=SCRIPT, comment=SCRIPT, symbol=SCRIPT)
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id=SCRIPT, digest="1", where=SCRIPT, raw=SCRIPT
    )
    Tagging.objects.create(recommendation=record, term=make.term(SCRIPT))
    SavedView.objects.create(owner=person, name=SCRIPT, query="?kind=pledge")
    Batch.objects.create(name=SCRIPT, message=SCRIPT, shape="uhri-json", sha256="0", created_by=person)
    make.user(name=SCRIPT, institution=make.institution(name=SCRIPT))


@pytest.mark.database
@pytest.mark.parametrize(("method", "room"), READERS)
def test_an_odd_value_is_no_error_of_ours_and_runs_no_script(
    client, scene_for, refusals_drawn_once, settings, method, room
):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.house.noting.note_readers"]
    person = make.user(Role.ADMINISTRATOR, name=SCRIPT)
    client.force_login(person)
    scene = scene_for(person)
    write_scripts(scene.record, person)
    urls = urls_of(method.upper(), scene)
    asked = {name: url for name, url in urls.items() if name.startswith("desk:") == (room == "desk")}
    with listening(["alert(1)"] if method == "post" else []) as ear:  # the log names the address of a page
        failed, readers = failures(client, method, asked)
    assert failed == []
    assert ear.heard == []
    assert readers >= READERS[method, room]


@pytest.mark.database
@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR])
def test_a_nul_in_the_path_is_refused(client, scene_for, role):
    if role:
        client.force_login(make.user(role))
    scene = scene_for()
    scene.record.code = scene.withdrawn.code = scene.merged.code = "A\0B"
    for name, address in ADDRESSES.items():
        if address.arguments(scene)[:1] == ["A\0B"]:
            method = "GET" if "GET" in address.methods else "POST"
            assert client.generic(method, address.url(name, scene)).status_code == 400, name


@pytest.mark.database
@pytest.mark.parametrize("code", ["\0", "A\0B", "x" * 10_000])
def test_odd_references_choose_no_record(client, coordinator, code):
    answer = client.post(reverse("desk:bulk_edit"), {"code": [code], "deed": "publish"}, follow=True)
    assert "Select at least one record" in answer.content.decode()


@pytest.mark.database
def test_a_nul_in_a_cookie_is_refused(client):
    cookie = r'sessionid="\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'
    assert client.get(reverse("desk:home"), headers={"cookie": cookie}).status_code == 400


@pytest.mark.database
@pytest.mark.parametrize("count", [1000, 4000])
def test_many_values_of_a_filter_are_no_error_of_ours(client, count):
    make.recommendation()
    query = "&".join(f"body=X{number}" for number in range(count)) + "&body=UPR"
    page = client.get(reverse("portal:register") + f"?{query}").content.decode()
    assert "1 record" in page


@pytest.mark.database
@pytest.mark.parametrize("query", ["page=1000000", "page=9999999", "page=٣"])
def test_a_page_far_behind_the_last_is_the_last(client, query):
    record = make.recommendation()
    assert record.code in client.get(reverse("portal:register") + f"?{query}").content.decode()


def test_a_language_leads_to_no_other_site(client):
    for address in ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"):
        answer = client.post(reverse("set_language"), {"language": "fr", "next": address})
        assert answer.url == "/", address


def test_a_log_in_leads_to_no_other_site(client):
    person = make.user()
    data = {"login": person.email, "password": make.PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("account_login"), data).url == reverse("desk:home")


NAMES = [
    "../../etc/passwd",
    "..",
    "a\0b.csv",
    "x" * 300 + ".csv",
    "ž" * 300,
    "a.b" + "c" * 250,
    "\r\nX: y.csv",
    "'\".csv",
    " ",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:12])
def test_a_file_of_an_odd_name_stays_in_its_folder(client, coordinator, settings, name):
    file = SimpleUploadedFile("list.csv", FILE.encode())
    file._name = name  # as a program sends it that is no browser
    answer = client.post(reverse("desk:receive_files"), {"files": file, "publish": "on"})
    assert answer.status_code in (302, 422)
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"]).resolve() / "intake"
    for batch in Batch.objects.all():
        assert Path(batch.file.path).resolve().parent == folder / str(batch.key)
        assert "\0" not in batch.name
    assert client.get(reverse("desk:imports")).status_code == 200
