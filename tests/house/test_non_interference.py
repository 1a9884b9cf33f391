"""Non-interference: what is confidential changes not one byte of what everyone can fetch."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from servanda.api import answers
from servanda.people.access import Role
from servanda.people.models import User
from servanda.portal import record as record_page
from servanda.portal import register
from servanda.recommendations.clusters import comparing
from servanda.recommendations.editing import structure
from servanda.recommendations.imports import apply_undo
from servanda.recommendations.models import Position, Recommendation, RecommendationQuerySet, Tagging, TextVersion
from servanda.recommendations.pages.detail import read_record
from servanda.recommendations.register.listing import list_register
from servanda.recommendations.search import encoding
from servanda.trail.models import Event
from tests import make, proceedings_make
from tests.house.addresses import public_addresses
from tests.house.addressing import PART
from tests.house.answers import said
from tests.house.confidential import change_in_confidence, draft, work_beside
from tests.house.replaying import Baseline, QueryLog

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LINK = re.compile(r'(?:href|hx-get)="([/?][^"#]*)"')
ELSEWHERE = ("/desk/", "/account/", "/people/", "/vocabulary/", "/static/", "/language/")
# What a person may type who guesses at the drafts: words, filters and references that only drafts have.
GUESSES = [
    "/recommendations/?q=quarantine",
    "/recommendations/?review=CRC-2031",
    "/recommendations/?country=FJI",
    "/recommendations/?year=2031",
    "/recommendations/?theme=Housing",
    "/recommendations/?recommending=FJI",
    "/recommendations.json?review=CRC-2031",
    "/recommendations/FJI-CRC-2031-1/",
    "/recommendations/FJI-CRC-2031-1/panel/",
    "/api/v1/recommendations?review=CRC-2031",
    "/api/v1/recommendations?country=FJI",
    "/api/v1/recommendations?q=quarantine",
    "/api/v1/recommendations/FJI-CRC-2031-1",
    "/recommendations/?q=139.4",
    "/recommendations/?sort=newest&by=review",
    "/recommendations/?q=Protect+the+rights+of+each+group+in+quarantine",
    "/recommendations/?q=quarantena",
    "/recommendations/?like=FJI-CRC-2031-1",
    "/recommendations/?follow-up=asked",
    "/recommendations/?suggested=any",
    "/recommendations.csv?follow-up=-",
    "/recommendations/FJI-CRC-2031-1/similar/",
    "/recommendations/SVN-UPR-4-139.4/",
    "/recommendations.csv?by=theme",
    "/recommendations.xlsx?sort=newest",
    "/overview/?country=FJI",
    "/search/?q=quarantine",
    "/search/?q=CRC/C/FJI/CO/1",
    "/search/?q=FJI-CRC-2031-1",
    "/search/?q=A/HRC/59/15",
    "/search/?q=housing",
    "/search/?q=iwi",
    "/people/join/invented/",
    "/people/institutions/1/",
    "/desk/register/FJI-CRC-2031-1/",
]
FOR_STRANGERS = ["account_login", "account_signup", "account_reset_password", "account_inactive"]


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


@pytest.fixture
def published(coordinator) -> list[Recommendation]:
    """A small register that everyone sees, and the words of the vocabulary, which everyone knows."""
    records = [make.recommendation(f"Protect the rights of group {number}.") for number in range(4)]
    for record in records[:2]:
        Tagging.objects.create(recommendation=record, term=make.term("Health"))
        Position.objects.create(recommendation=record, stand="supported", date=timezone.localdate())
        TextVersion.objects.create(recommendation=record, language="fr", text="Protéger les droits.")
    structure.link_recommendations(recommendation=records[0], to=records[1], relation="repeats", by=coordinator)
    make.term("Housing")
    make.country("FJI", "Fiji")
    make.committee("CRC")
    make.committee("CEDAW")
    proceedings_make.mandate()
    proceedings_make.court()
    apply_undo.refresh(record.pk for record in records)
    encoding.encode_missing()
    comparing.compare_all()
    return records


def crawl(
    client, *, within: str = "/", steps: int = 2, without: str = "#", asked: dict[str, QueryLog] | None = None
) -> dict[str, str]:
    """What a stranger finds by following links so far, and by guessing; of one part of the house, if asked, or of all
    but one. `asked` takes down what the pages ask of the database."""
    starts = [address.url(name, None) for name, address in public_addresses().items() if not needs_a_row(address)]
    starts += [reverse(name) for name in FOR_STRANGERS]
    starts += [reverse("api:recommendation", args=[record.code]) for record in Recommendation.objects.public()]
    told = look(client, [url for url in [*starts, *GUESSES] if url.startswith(within)], asked)
    for _step in range(steps):
        found = dict.fromkeys(link for url, text in told.items() for link in links(url, text))
        new = [url for url in found if url not in told and url.startswith(within) and not url.startswith(without)]
        told |= look(client, new, asked)
    return told


def look(client, urls: Iterable[str], asked: dict[str, QueryLog] | None = None) -> dict[str, str]:
    told: dict[str, str] = {}
    for url in urls:
        with connection.execute_wrapper(asking := QueryLog()):
            told[url] = said(client.get(url, headers=PART))
        if asked is not None:
            asked[url] = asking
    return told


def look_again(client, before: dict[str, str], baseline: Baseline) -> dict[str, str]:
    """What the same addresses say now. Other links are found on pages only that say something else themselves."""
    return before | look(client, baseline.to_draw_again(before))


def needs_a_row(address) -> bool:
    try:
        address.arguments(None)
    except AttributeError:
        return True
    return False


def links(url: str, text: str) -> Iterator[str]:
    """Links of a page; those of a filtered list would lead to all its combinations."""
    if "?" in url:
        return
    for link in LINK.findall(text):
        address = link.replace("&amp;", "&")
        if not address.startswith(ELSEWHERE):
            yield url + address if address.startswith("?") else address


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(url for url in before.keys() | after.keys() if before.get(url) != after.get(url))


@pytest.mark.database
def test_two_hundred_confidential_changes_change_not_one_byte_outside(client, published, coordinator):
    """On PostgreSQL they are made, and no page is read: what pages ask, test_canary.py and test_odd_input.py ask
    there, as those whose queries narrow most and least."""
    is_read = connection.vendor != "postgresql"
    asked: dict[str, QueryLog] = {}
    before = crawl(client, asked=asked) if is_read else {}
    baseline = Baseline(asked)
    assert {record.get_absolute_url() for record in published if is_read} <= before.keys()
    done = list(change_in_confidence(published, coordinator))
    assert (len(done) >= 200, len(set(done)) >= 60) == (True, True)
    assert differing(before, look_again(client, before, baseline)) == []


FLAWS: dict[str, tuple[object, str, Callable, str]] = {
    "a list that counts what it does not show": (
        RecommendationQuerySet,
        "public",
        RecommendationQuerySet.kept,
        "/recommendations/",
    ),
    "a page that shows drafts": (
        record_page,
        "read_record",
        lambda found, **how: read_record(found, **how | {"with_drafts": True}),
        "/recommendations/SVN-",
    ),
    "a list that shows what a machine suggests": (
        register,
        "list_register",
        lambda *asked, **how: list_register(*asked, **how | {"machine": True}),
        "/recommendations/",
    ),
    "an answer that tells how much was done": (
        answers,
        "marked",
        lambda _request, answer: HttpResponse(answer.content, headers={"ETag": f'"{Event.objects.count()}"'}),
        "/api/v1/bodies",
    ),
}


# Whether a difference between two crawls is seen, is not decided in the database: one engine is enough.
@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_is_seen(client, published, coordinator, monkeypatch, flaw):
    place, name, instead, page = FLAWS[flaw]
    monkeypatch.setattr(place, name, instead)
    # Where the flaw shows: a page of a record is a link from a list. The crawl of the whole house looks at all of it.
    part = {"within": f"/{page.split('/')[1]}/", "steps": int(page.endswith("SVN-"))}
    before = crawl(client, **part, asked=(asked := {}))
    baseline = Baseline(asked)
    drafts = [draft(number, coordinator) for number in range(1, 5)]  # the last in the midst of what is published
    assert list(work_beside(published, drafts, coordinator))
    after = look_again(client, before, baseline)
    assert [url for url in differing(before, after) if url.startswith(page)] != []
