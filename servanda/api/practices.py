"""What is published of practices, key by key: what their public pages show."""

from collections.abc import Iterable
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse
from ninja import Field, Schema

from servanda.api.words import ByLanguage, by_language
from servanda.network import models as network
from servanda.network.practices.queries import public_endorsements, text_in, with_all
from servanda.recommendations.filters.parameters import taxonomy_key


class PracticeText(Schema):
    """The practice in one language; the original comes first."""

    language: str
    title: str
    problem: str
    context: str
    steps: list[str] = Field(description="What was done, in its order.")
    result: str
    failures: str = Field(description="What did not work.")
    cost: str = Field(description="The cost in words.")


class PracticeCost(Schema):
    amount: str = Field(description="Digits with at most two decimals.")
    currency: str = Field(description="ISO 4217.")
    year: int | None


class PracticeTheme(Schema):
    taxonomy: str = Field(description="Key of the taxonomy.")
    code: str = Field(description="Code of the term.")
    label: ByLanguage


class PracticeEvidence(Schema):
    text: str
    source: str
    address: str = Field(description="A web address, or empty.")


class Endorsement(Schema):
    """The experience of another mechanism with the practice."""

    mechanism: str
    kind: str = Field(description="`endorsed` or `tried`.")
    date: str = Field(description="ISO 8601.")
    note: str


class PracticeEndorsement(Schema):
    """The experience of a mechanism with the practice of another, for the system from which the practice comes."""

    code: str = Field(description="The permanent key.")
    practice: str = Field(description="The permanent address of the practice at its origin.")
    mechanism: str = Field(description="Name of the mechanism that endorses or tried it.")
    country: str = Field(description="ISO 3166-1 alpha-3.")
    kind: str = Field(description="`endorsed` or `tried`.")
    date: str = Field(description="ISO 8601.")
    note: str
    is_invented: bool = Field(description="For trying things out.")


class Practice(Schema):
    code: str = Field(description="The permanent key.")
    address: str = Field(description="The page for people.")
    mechanism: str = Field(description="Name of the mechanism that did it.")
    country: str = Field(description="ISO 3166-1 alpha-3 where there is one.")
    texts: list[PracticeText]
    cost: PracticeCost | None
    contact: str
    capacities: list[str] = Field(description="`engage`, `coordinate`, `consult`, `manage-information`.")
    themes: list[PracticeTheme]
    bodies: list[str] = Field(description="Codes of bodies.")
    evidence: list[PracticeEvidence]
    endorsements: list[Endorsement]
    is_invented: bool = Field(description="For trying things out.")
    date: str = Field(description="The day on which it was published, ISO 8601.")


def with_parts(practices: QuerySet) -> QuerySet:
    return with_all(cast(network.PracticeQuerySet, practices))


def practices(rows: Iterable[network.Practice], site: str) -> list[Practice]:
    """The published shape of practices read by `with_parts`; `site` is put in front of each address."""
    return [_practice(row, site) for row in rows]


def _practice(row: network.Practice, site: str) -> Practice:
    return Practice(
        code=str(row.key),
        address=site + reverse("portal:practice", args=[row.key]),
        mechanism=row.owner,
        country=row.mechanism.country.code if row.mechanism else "",
        texts=[_text(row, language) for language in row.language_codes],
        cost=_cost(row),
        contact=row.contact,
        capacities=row.capacities.split(),
        themes=[
            PracticeTheme(taxonomy=taxonomy_key(term.taxonomy.code), code=term.code, label=by_language(term.label))
            for term in row.themes.all()
        ],
        bodies=[body.code for body in row.bodies.all()],
        evidence=[
            PracticeEvidence(text=part.text, source=part.source, address=part.address) for part in row.evidence.all()
        ],
        endorsements=[_endorsement(part) for part in public_endorsements(row)],
        is_invented=row.is_invented,
        date=row.published_at.date().isoformat() if row.published_at else "",
    )


def _text(row: network.Practice, language: str) -> PracticeText:
    """Only what is written in this language."""
    texts = {name: text_in(row, name, language) for name in ("title", "problem", "context", "steps", "result")}
    texts |= {name: text_in(row, name, language) for name in ("failures", "cost_words")}
    written = {name: text if written_in == language else "" for name, (text, written_in) in texts.items()}
    steps, cost = written.pop("steps").splitlines(), written.pop("cost_words")
    return PracticeText(language=language, steps=steps, cost=cost, **written)


def _cost(row: network.Practice) -> PracticeCost | None:
    if row.cost is None:
        return None
    return PracticeCost(amount=str(row.cost), currency=row.currency, year=row.cost_year)


def _endorsement(row: network.Endorsement) -> Endorsement:
    return Endorsement(mechanism=row.mechanism.name, kind=row.kind, date=row.day.isoformat(), note=row.note)


def with_practice(endorsements: QuerySet) -> QuerySet:
    return endorsements.select_related("practice", "mechanism__country")


def endorsements(rows: Iterable[network.Endorsement], _site: str) -> list[PracticeEndorsement]:
    """The published shape of endorsements of received practices, read by `with_practice`."""
    return [
        PracticeEndorsement(
            code=str(row.key),
            practice=row.practice.origin,
            mechanism=row.mechanism.name,
            country=row.mechanism.country.code,
            kind=row.kind,
            date=row.day.isoformat(),
            note=row.note,
            is_invented=row.mechanism.is_invented,
        )
        for row in rows
    ]
