"""Commitments: add the shipped ones, add one, and edit what only they have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Commitment, MechanismProfile
from servanda.people.models import Instance, User
from servanda.people.versioning import difference_of
from servanda.recommendations.editing.services import create_recommendation
from servanda.recommendations.editing.texts import write_text
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean, clean_label
from servanda.vocab.models import Body, Country

DATA = Path(__file__).resolve().parents[1] / "data" / "declaration.yaml"
ORIGINAL = "en"  # of the summaries


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentValues:
    """What only commitments have."""

    wording: str
    source: str
    owner: MechanismProfile | None = None
    due_on: date | None = None


class Shipped(NamedTuple):
    source: str
    date: date
    number: str
    wording: str
    text: Mapping[str, str]


VALUES = [field.name for field in fields(CommitmentValues)]


@cache
def declaration() -> dict[str, Any]:
    return yaml.safe_load(DATA.read_text(encoding="utf-8"))


def shipped() -> Iterator[Shipped]:
    for document in declaration()["documents"]:
        for item in document["items"]:
            yield Shipped(document["source"], document["date"], item["number"], item["wording"], item["text"])


def not_added() -> list[Shipped]:
    """The shipped ones that the register does not contain, not even withdrawn."""
    present = set(Commitment.objects.values_list("source", "recommendation__paragraph"))
    return [item for item in shipped() if (item.source, item.number) not in present]


@transaction.atomic
def add_declaration(*, by: User) -> list[Commitment]:
    """Add the shipped conclusions and priorities that are not in the register yet, unpublished.

    Raises `Refused` while the settings do not name the State.
    """
    network_body()
    return [add_shipped(item, by=by) for item in not_added()]


def add_shipped(item: Shipped, *, by: User) -> Commitment:
    values = CommitmentValues(wording=item.wording, source=item.source)
    made = add_commitment(
        text=item.text[ORIGINAL], language=ORIGINAL, agreed_on=item.date, number=item.number, values=values, by=by
    )
    record = made.recommendation
    for language, text in item.text.items():
        if language != ORIGINAL:
            version = Recommendation.every_kind.get(pk=record.pk).version
            write_text(
                recommendation=record,
                version=version,
                language=language,
                form="full",
                text=text,
                is_original=False,
                is_machine=False,
                is_reviewed=False,
                source=declaration()["texts_source"],
                by=by,
            )
    return made


@transaction.atomic
def add_commitment(
    *, text: str, language: str, agreed_on: date, number: str, values: CommitmentValues, by: User
) -> Commitment:
    """Add a commitment as an unpublished record of the register, which is followed up like any other.

    Raises `FieldRefused` without a text or a source, and `Refused` while the settings do not name the State.
    """
    if not clean(text):
        raise FieldRefused("text", _("Enter the text of the commitment."))
    record = create_recommendation(
        kind=Recommendation.Kind.COMMITMENT,
        country=own_state(),
        body=network_body(),
        cycle=0,
        year=agreed_on.year,
        symbol="",
        paragraph=number,
        date=agreed_on,
        language=language,
        text=text,
        recommending=[],
        confidentiality=Recommendation.Confidentiality.PUBLIC,
        restricted_to=[],
        by=by,
    )
    made = Commitment(recommendation=record)
    set_values(made, values)
    made.save()
    return made


@transaction.atomic
def edit_commitment(*, commitment: Commitment, values: CommitmentValues, version: int, by: User) -> None:
    """Edit what only commitments have. Raises `ChangedMeanwhile` if another user saved the record since, and
    `FieldRefused` without a source."""
    record = lock(commitment.recommendation, version=version)
    locked = Commitment.objects.select_related("owner").get(pk=commitment.pk)
    before = in_trail(locked)
    set_values(locked, values)
    if difference := difference_of(before, in_trail(locked)):
        locked.save()
        save_version(record, "commitment-edited", by=by, difference=difference)


def set_values(commitment: Commitment, values: CommitmentValues) -> None:
    if not (source := clean_label(values.source)):
        raise FieldRefused("source", _("Enter where it was agreed: a declaration, a meeting, a plan."))
    commitment.wording, commitment.source = values.wording, source
    commitment.owner, commitment.due_on = values.owner, values.due_on


def in_trail(commitment: Commitment) -> dict[str, str]:
    return {name: str(getattr(commitment, name) or "") for name in VALUES}


def network_body() -> Body:
    """The network, which assesses its commitments; as a body it joins the vocabulary with the first of them."""
    own_state()
    facts = declaration()["body"]
    defaults = {"name": LazyI18nString(facts["name"]), "kind": Body.Kind.OTHER, "order": 900, "assesses": True}
    return Body.objects.get_or_create(code=facts["code"], defaults=defaults)[0]


def own_state() -> Country:
    if (state := Country.objects.filter(code=Instance.current().state_code).first()) is None:
        raise Refused(_("Enter the State on the page of settings first."))
    return state
