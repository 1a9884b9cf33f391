"""The kinds of facts that a section may want. A room above registers its own in `ready()` of its `apps.py`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from servanda.people.models import User
from servanda.reporting.facts.record_numbers import RecordNumber
from servanda.reporting.models import ReportSection


@dataclass(frozen=True, slots=True)
class FactContext:
    """Who reads, the records in the scope of the report as far as this person sees them, and the section; `as_of`
    is the moment until which facts are known, None for what is known today; `start` and `end` are the period to which
    facts are narrowed, None for those of any time."""

    user: User
    records: QuerySet
    section: ReportSection
    as_of: datetime | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An entry of the system as a quotation. In drafts, `lead` precedes it and names its author and date."""

    key: str
    title: str
    text: str
    citation: str
    address: str
    day: date | None = None
    language: str = ""
    withdrawn_on: date | None = None  # since the day of the facts
    lead: str = ""
    about: tuple[RecordNumber, ...] = ()  # the recommendations in the scope of the report
    is_outside: bool = False  # of the period of the report
    used_in: str = ""  # headings of other sections that quote it


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPicture:
    """A chart of a fact. Facts with the same key share it."""

    key: str
    title: str
    alternative: str
    draw: Callable[[], bytes]  # PNG at twice its size on paper, in the language of the page


@dataclass(frozen=True, slots=True)
class FactSource:
    """`rows` are the facts on the records that this person sees, newest first; `facts` turns some of them into what
    can be quoted; `covered` are the keys of records on which there is any, None for facts that are not about records.
    `pictures` are the charts, by the keys of facts, that this person sees, as of a moment. `is_drafted`: the first
    draft of a section that wants them consists of them; `is_drafted_alone`: of them only, since they contain what
    the others know of their subject. `is_merged`: those with the same words are one sentence of a draft. `withdrawn`
    gives the day on which each of these facts was withdrawn, by key. `gap` is the sentence of a draft for the
    recommendations `%(numbers)s` without such a fact.
    """

    code: str
    label: str | Promise
    rows: Callable[[FactContext], QuerySet]
    facts: Callable[[Iterable, FactContext], list[Fact]]
    covered: Callable[[FactContext], QuerySet] | None
    pictures: Callable[[Sequence[str], User, datetime | None], Mapping[str, FactPicture]] | None = None
    is_drafted: bool = False
    is_drafted_alone: bool = False
    is_merged: bool = False
    withdrawn: Callable[[Collection[int]], Mapping[str, date]] | None = None
    gap: str | Promise = ""


_sources: dict[str, FactSource] = {}


def register_facts(source: FactSource) -> None:
    """Raises `ValueError` if the code is in use."""
    if source.code in _sources:
        raise ValueError(f"Facts with the code {source.code} are registered already.")
    _sources[source.code] = source


def fact_sources(codes: Iterable[str] | None = None) -> list[FactSource]:
    """The sources with these codes, in the order of registration; all without codes."""
    return [source for code, source in _sources.items() if codes is None or code in set(codes)]


def labels_of(codes: Iterable[str]) -> list[str]:
    """The labels of these codes; a code that no room registers any more is left out."""
    return [str(source.label) for source in fact_sources(codes)]
