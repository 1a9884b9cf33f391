"""Keep entries that other systems published and a person accepted, and list them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Self
from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import MechanismProfile, PeerEntry, PeerEntryQuerySet
from servanda.people.models import User
from servanda.sources.printed.texts import clean, clean_label
from servanda.vocab.models import Country

MOST_WORDS, AT_ONCE, LONGEST_KEY = 8, 500, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryValues:
    """An entry as another system published it at the address `origin`."""

    kind: str
    origin: str
    site: str
    sender: str
    received_on: date
    title: str = ""
    text: str = ""
    variety: str = ""
    source: str = ""
    place: str = ""
    languages: str = ""
    start: date | None = None
    end: date | None = None
    lines: str = ""
    government: str = ""
    is_invented: bool = False
    is_cancelled: bool = False
    is_unsigned: bool = False
    country: Country | None = None


@transaction.atomic
def write_entries(*, entries: Sequence[EntryValues]) -> None:
    """The same entry again replaces what was written before."""
    PeerEntry.objects.filter(origin__in=[values.origin for values in entries]).delete()
    PeerEntry.objects.bulk_create([entry_of(values) for values in entries], batch_size=AT_ONCE)


def entry_of(values: EntryValues) -> PeerEntry:
    row = PeerEntry(**{part.name: getattr(values, part.name) for part in fields(values)})
    row.title, row.text, row.lines = clean_label(values.title), clean(values.text), clean(values.lines)
    return row


@transaction.atomic
def delete_entries(*, origins: Sequence[str]) -> None:
    """Delete entries that a peer withdrew, or that a person returned to review."""
    PeerEntry.objects.filter(origin__in=origins).delete()


@transaction.atomic
def set_country(*, site: str, country: Country | None) -> None:
    """The State of the entries of one system, as a person chose it for the peer."""
    PeerEntry.objects.filter(site=site).update(country=country)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter(ListFilter):
    words: str = ""
    kind: str = ""
    of: str = ""  # key of the profile of a mechanism

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        kind, of = choice("kind", PeerEntry.Kind.values), params.get("of", "")[:LONGEST_KEY]
        return cls(words=words_in(params), kind=kind, of=of, number=page_number(params))


def is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def find_entries(user: User, filters: EntryFilter) -> PeerEntryQuerySet:
    found = PeerEntry.objects.visible_to(user)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.of:
        profiles = MechanismProfile.objects.visible_to(user)
        profile = profiles.filter(key=filters.of).first() if is_key(filters.of) else None
        found = found.of_mechanism(profile) if profile else found.none()
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("title", word) | has_word("text", word) | has_word("sender", word))
    return found.order_by("-start", "title", "pk")
