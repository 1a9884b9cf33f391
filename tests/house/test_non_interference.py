"""Non-interference: what is confidential changes not one byte of what everybody can fetch."""

import json
import re
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import User
from servanda.recommendations.models import Position, Recommendation, RecommendationQuerySet, Tagging, TextVersion
from servanda.recommendations.saved_views import save_view
from servanda.recommendations.services import (
    bulk,
    editing,
    importing,
    labels,
    merging,
    positions,
    settling,
    structure,
    texts,
)
from servanda.recommendations.services.bulk_changes import Change
from servanda.trail.models import Event
from tests import make
from tests.house.addresses import PART, public_addresses
from tests.house.answers import said

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LINK = re.compile(r'(?:href|hx-get)="([/?][^"#]*)"')
ELSEWHERE = ("/desk/", "/account/", "/people/", "/vocabulary/", "/static/", "/language/")
# What somebody may type who guesses at the drafts: words, filters and references that only drafts have.
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
]
DRAFTS = 12


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


@pytest.fixture
def published(coordinator) -> list[Recommendation]:
    """A small register that everybody sees, and the words of the vocabulary, which everybody knows."""
    records = [make.recommendation(f"Protect the rights of group {number}.") for number in range(6)]
    for record in records[:3]:
        Tagging.objects.create(recommendation=record, term=make.term("Health"))
        Position.objects.create(recommendation=record, stand="supported", date=timezone.localdate())
        TextVersion.objects.create(recommendation=record, language="fr", text="Protéger les droits.")
    structure.link_recommendations(recommendation=records[0], to=records[1], relation="repeats", by=coordinator)
    make.term("Housing")
    make.country("FJI", "Fiji")
    make.body("CRC", "treaty-body")
    settling.refresh(record.pk for record in records)
    return records


def crawl(client) -> dict[str, str]:
    """What a stranger finds by following links two steps far, and by guessing."""
    starts = [address.url(name, None) for name, address in public_addresses().items() if not needs_a_row(address)]
    answers = {url: said(client.get(url, headers=PART)) for url in [*starts, *GUESSES]}
    for _step in range(2):
        found = dict.fromkeys(link for url, text in answers.items() for link in links(url, text))
        answers |= {url: said(client.get(url, headers=PART)) for url in found if url not in answers}
    return answers


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
        there = link.replace("&amp;", "&")
        if not there.startswith(ELSEWHERE):
            yield url + there if there.startswith("?") else there


def draft(number: int, by: User) -> Recommendation:
    return editing.create_recommendation(
        kind="pledge",
        country=make.country("FJI"),
        body=make.body("CRC"),
        cycle=0,
        year=2031,
        symbol=f"CRC/C/FJI/CO/{number}",
        paragraph=str(number),
        date=None,
        language="fj",
        text=f"Quarantine, number {number}.",
        recommending=[make.country("FJI")],
        confidentiality="internal" if number % 2 else "public",
        restricted_to=[],
        by=by,
    )


def work_on_drafts(drafts: list[Recommendation], by: User) -> Iterator[str]:
    """Deeds on records that nobody outside knows of."""
    written = {"language": "en", "form": "full", "source": "", "text": "Quarantine, again."}
    written |= {"is_original": False, "is_machine": False, "is_reviewed": True}
    for record in drafts[:4]:
        yield texts.write_text(recommendation=record, version=record.version, **written, by=by).text
        labels.add_labels(recommendation=record, terms=[make.term("Housing")], by=by)
        yield record.code
    for record in drafts[4:6]:
        structure.withdraw_recommendation(recommendation=record, reason="Quarantine.", by=by)
        yield record.code
    yield merging.merge_recommendations(into=drafts[6], others=[drafts[7]], by=by).code
    yield str(structure.split_recommendation(recommendation=drafts[8], texts=["Quarantine.", "Iwi."], by=by))
    change = Change("set-confidentiality", confidentiality="restricted", institutions=[make.institution().pk])
    records = Recommendation.objects.filter(pk__in=[record.pk for record in drafts[9:]])
    bulk.apply_bulk(bulk.start_bulk(change=change, records=records, by=by))
    yield change.deed


def work_beside(published: list[Recommendation], drafts: list[Recommendation], by: User) -> Iterator[str]:
    """Deeds on what everybody sees, of which nobody outside may hear."""
    said_so = {"words": "Quarantine", "date": None, "symbol": "", "paragraph": "", "comment": "Iwi", "is_draft": True}
    for record, other in zip(published, drafts, strict=False):
        yield str(positions.add_position(recommendation=record, stand="noted", **said_so, by=by))
        yield str(structure.link_recommendations(recommendation=record, to=other, relation="follows-up", by=by))


def work_in_the_house(by: User) -> Iterator[str]:
    for number in range(5):
        yield str(save_view(name=f"Quarantine {number}", query="?q=quarantine", by=by))
        yield str(make.user(name=f"Quarantine {number}", institution=make.institution(f"q{number}")))
        yield str(Event.record("logged-in", by=by, difference={"number": number}))
    yield bring("kept", publish=False, by=by).name
    importing.undo_batch(batch=bring("undone", publish=True, by=by), by=by)
    yield "undone"
    importing.preview_batch(receive("previewed", publish=True, by=by))
    yield "previewed"
    leave_half_way(receive("half way", publish=True, by=by))
    yield "half way"


def receive(name: str, *, publish: bool, by: User) -> Batch:
    record = {
        "AnnotationId": f"00000000-0000-4000-8000-{len(name):012d}",
        "AnnotationType": "- Recommendations",
        "Body": "- CRC",
        "Symbol": f"CRC/C/FJI/CO/{name}",
        "DocumentId": name,
        "Text": f"{len(name)}. Quarantine from the file {name}.",
        "Countries": ["Fiji"],
        "PublicationDate": "2031-07-08T00:00:00",
        **dict.fromkeys(["Regions", "Themes", "AffectedPersons", "Sdgs", "UprSession", "UprPositions"], []),
        **dict.fromkeys(["UprRecommendingCountry", "UprRecommendingRegions"], []),
        "PublicationDateOnUhri": "2031-09-01T00:00:00",
        "UprCycle": "",
    }
    file = ContentFile(json.dumps([record]).encode())
    return importing.receive_file(file=file, name=name, by=by, publish=publish)


def bring(name: str, *, publish: bool, by: User) -> Batch:
    batch = receive(name, publish=publish, by=by)
    importing.claim(batch, accept_refused=False)
    importing.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def leave_half_way(batch: Batch) -> None:
    """As a worker that was killed leaves it: the rows are written, and not switched on."""
    importing.claim(batch, accept_refused=False)
    assert [counts for _done, counts in importing.write_chunks(batch)] != []


def change_in_confidence(published: list[Recommendation], by: User) -> list[str]:
    """Deed after deed, none of them for the public; tells them."""
    drafts = [draft(number, by) for number in range(1, DRAFTS + 1)]
    done = [*work_on_drafts(drafts, by), *work_beside(published, drafts, by), *work_in_the_house(by)]
    return [*map(str, drafts), *done]


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(url for url in before.keys() | after.keys() if before.get(url) != after.get(url))


def test_fifty_confidential_changes_change_not_one_byte_outside(client, published, coordinator):
    before = crawl(client)
    assert {record.get_absolute_url() for record in published} <= before.keys()
    assert len(change_in_confidence(published, coordinator)) >= 50
    after = crawl(client)
    assert differing(before, after) == []


def test_a_page_that_counts_what_it_does_not_show_is_seen(client, published, coordinator, monkeypatch):
    monkeypatch.setattr(RecommendationQuerySet, "public", RecommendationQuerySet.kept)
    before = crawl(client)
    draft(1, coordinator)
    assert "/recommendations/" in differing(before, crawl(client))
