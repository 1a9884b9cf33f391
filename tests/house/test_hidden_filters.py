"""Filters and orders are no oracle: whatever names are asked for, hidden data change no answer."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse

from servanda.people.access import Can, Role, can
from servanda.people.models import Institution
from servanda.planning.facets import planning_facets
from servanda.recommendations.counts import audience_of
from servanda.recommendations.facets import public_facets
from servanda.recommendations.models import Position, Recommendation, SourceRecord, Tagging, TextVersion
from servanda.recommendations.services.settling import reindex
from tests import make
from tests.house.answers import said
from tests.house.kinds import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MODELS = [Recommendation, TextVersion, Position, Tagging, SourceRecord]
LISTS = {
    "anonymous": ["portal:register", "api:recommendations", "portal:overview"],
    "contributor": ["desk:register", "desk:overview"],
    "reader": ["desk:register", "desk:overview"],
    "focal point of one beside it": ["desk:register"],
    "focal point for another body": ["desk:register"],
}
GUESSES = ("zorbatrix", "FJI", "CRC", "2031", "restricted", "noted", "True", "1")
INSTITUTION = "zorbatrix-office"


def names() -> set[str]:
    """Names of fields and of lookups that somebody could try who knows how the program is written."""
    fields = {field.name for model in MODELS for field in model._meta.get_fields()}
    lookups = {f"{name}__{end}" for name in ("texts", "positions", "taggings") for end in ("text", "is_draft", "pk")}
    coordinator = make.user("coordinator")
    offered = {facet.key for facet in [*public_facets(), *planning_facets(coordinator, audience_of(coordinator))]}
    return fields | lookups | offered | {"restricted_to__code", "added_by__state", "notes__text", "q"}


def questions() -> Iterator[dict[str, str]]:
    yield {}
    for name in sorted(names()):
        yield {name: GUESSES[0]}
        yield {"sort": name}
    for facet in public_facets():
        yield from ({facet.key: guess} for guess in GUESSES)
    yield from ({"lead": guess} for guess in ("-", INSTITUTION))
    yield from ({"due": guess} for guess in ("-", "past", "later"))
    yield from ({"assigned": guess} for guess in ("mine", "mine-due", "refused"))


def hidden_record(**fields) -> Recommendation:
    return make.recommendation(
        "Protect the zorbatrix.",
        country=make.country("FJI", "Fiji"),
        body=make.body("UPR"),
        confidentiality="restricted",
        **fields,
    )


def set_stage() -> tuple[Recommendation, Recommendation]:
    """What everybody sees, and one record that only those who read everything do."""
    shown = make.recommendation("Protect the rights of all.")
    make.country("FJI", "Fiji")
    make.body("CRC", "treaty-body")
    make.term("Health")
    make.institution(INSTITUTION)
    hidden = hidden_record()
    reindex([shown.pk, hidden.pk])
    return shown, hidden


def change_what_is_hidden(shown: Recommendation, hidden: Recommendation) -> None:
    """Other data where the person may not look: another hidden record, other fields, other rows on both."""
    another = hidden_record(kind="pledge", year=2031, language="fj", stand="noted")
    Recommendation.objects.filter(pk=hidden.pk).update(
        kind="observation", stand="supported", year=2031, is_published=False, withdrawn_reason="zorbatrix"
    )
    for record in (hidden, another):
        TextVersion.objects.create(recommendation=record, language="fr", text="Le zorbatrix.")
        Tagging.objects.create(recommendation=record, term=make.term("Health"))
        Position.objects.create(recommendation=record, stand="noted", words="zorbatrix")
        make.assignment(record, Institution.objects.get(code=INSTITUTION), due_on=date(2026, 2, 1))
    Position.objects.create(
        recommendation=shown, stand="noted", is_draft=True, words="zorbatrix", comment="zorbatrix"
    )
    SourceRecord.objects.create(
        recommendation=shown,
        scheme="uhri",
        external_id="zorbatrix",
        digest="1",
        where="1",
        raw="zorbatrix",
        ended_at="2026-01-01T00:00Z",
    )
    reindex([shown.pk, hidden.pk, another.pk])


def answers(client, kind: str) -> dict[str, str]:
    return {
        f"{page} {question}": said(client.get(reverse(page), question))
        for page in LISTS[kind]
        for question in questions()
    }


@pytest.mark.parametrize("kind", LISTS)
def test_no_name_of_a_filter_or_an_order_tells_of_hidden_data(client, kind):
    person = KINDS[kind]()
    assert not can(person, Can.READ_EVERYTHING)
    if person:
        client.force_login(person)
    stage = set_stage()
    before = answers(client, kind)
    change_what_is_hidden(*stage)
    after = answers(client, kind)
    assert [question for question in before if before[question] != after[question]] == []
    assert len(before) > 100


def test_an_order_by_hidden_data_would_be_seen(client):
    client.force_login(make.user(Role.COORDINATOR))
    stage = set_stage()
    before = said(client.get(reverse("desk:register")))
    change_what_is_hidden(*stage)
    assert said(client.get(reverse("desk:register"))) != before
