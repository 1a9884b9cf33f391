"""The list of practices: found by words or by meaning, narrowed, and what a page or a file shows of one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.strings import LazyI18nString

from servanda.kit.pages import text_language
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.language.vectors.encoder import NoEncoder, mark_of
from servanda.language.words.search_query import Phrase, Query, parse
from servanda.network.models import (
    Endorsement,
    MechanismProfile,
    Practice,
    PracticeQuerySet,
    PracticeVector,
    ReceivedEndorsement,
)
from servanda.network.practices.encoding import compared
from servanda.network.profiles.fields import fields_by_code
from servanda.people.models import Instance
from servanda.recommendations.filters.semantic import NEAR_TO_A_SENTENCE, place_in
from servanda.recommendations.search.encoders import embedder
from servanda.vocab.models import Body, Term

MEANING = "meaning"
MOST_NEAR = 100
SEARCHED_BY = {MEANING: pgettext_lazy("search", "Meaning")}
PARTS = {
    "problem": _("Problem"),
    "context": _("Context"),
    "steps": _("What was done, step by step"),
    "result": _("Result"),
    "failures": _("What did not work"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFilter(ListFilter):
    words: str = ""
    by: str = ""
    theme: str = ""
    capacity: str = ""
    body: str = ""
    mechanism: str = ""
    language: str = ""
    tried_by: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        codes = {name: params.get(name, "")[:120] for name in ("theme", "body", "mechanism", "language", "tried_by")}
        return cls(
            words=words_in(params),
            by=choice("by", SEARCHED_BY),
            capacity=choice("capacity", capacities()),
            state=choice("state", Practice.State.values),
            number=page_number(params),
            **{name: "" if "\0" in code else code for name, code in codes.items()},
        )

    @classmethod
    def read_public(cls, params: QueryDict) -> Self:
        """Without what only the desk narrows by."""
        return replace(cls.read(params), mechanism="", tried_by="", state="")


def capacities() -> dict[str, LazyI18nString]:
    """The four capacities of the guidance, as in the profile of a mechanism."""
    return dict(fields_by_code()["capacities"].options)


def find_practices(among: PracticeQuerySet, filters: PracticeFilter) -> PracticeQuerySet:
    """Those of `among` that fit: by meaning the nearest first, otherwise the newest first."""
    found = narrowed(among, filters)
    if filters.words and filters.by == MEANING:
        return nearest(found, filters.words)
    if query := parse(filters.words, search_languages()) if filters.words else None:
        found = found.filter(matching(query))
    return found.order_by(F("published_at").desc(nulls_last=True), "-written_at", "-pk")


def narrowed(found: PracticeQuerySet, filters: PracticeFilter) -> PracticeQuerySet:
    conditions: dict[str, Callable[[str], Q]] = {
        "theme": term_of,
        "capacity": partial(has_code, "capacities"),
        "body": lambda code: Q(pk__in=with_body(code)),
        "mechanism": lambda key: Q(mechanism__in=with_key(key)),
        "language": partial(has_code, "languages"),
        "tried_by": lambda key: Q(
            pk__in=Endorsement.objects.kept().filter(mechanism__in=with_key(key)).values("practice")
        ),
        "state": lambda state: Q(state=state),
    }
    for name, condition in conditions.items():
        if value := getattr(filters, name):
            found = found.filter(condition(value))
    return found


def with_key(key: str) -> QuerySet[MechanismProfile]:
    """Mechanisms by what the address names; anything that is no key finds none."""
    return MechanismProfile.objects.filter(pk=key) if key.isdecimal() and len(key) < 18 else none()


def none() -> QuerySet[MechanismProfile]:
    return MechanismProfile.objects.none()


def with_body(code: str) -> QuerySet:
    return Practice.bodies.through.objects.filter(body__code=code).values("practice")


def term_of(code: str) -> Q:
    """A theme as the address names it: taxonomy and code."""
    taxonomy, _colon, term = code.partition(":")
    through = Practice.themes.through.objects.filter(term__taxonomy__code=taxonomy, term__code=term)
    return Q(pk__in=through.values("practice"))


def has_code(column: str, code: str) -> Q:
    """One of several codes that are divided by blanks."""
    exact, start, end = (
        Q((column, code)),
        Q((f"{column}__startswith", f"{code} ")),
        Q((f"{column}__endswith", f" {code}")),
    )
    return exact | start | end | Q((f"{column}__contains", f" {code} "))


def search_languages() -> list[str]:
    return list(dict.fromkeys(["en", "es", "fr", "pt", "ar", *Instance.current().language_codes()]))


def matching(query: Query) -> Q:
    """The query on the column of tokens; both engines compare plain text."""
    condition = Q()
    for group in query.required:
        either = Q()
        for phrase in group:
            either |= holds(phrase)
        condition &= either
    for phrase in query.excluded:
        condition &= ~holds(phrase)
    return condition


def holds(phrase: Phrase) -> Q:
    end = "" if phrase.open else " "
    return Q(tokens__contains=f" {' '.join(phrase.tokens)}{end}")


def nearest(found: PracticeQuerySet, words: str) -> PracticeQuerySet:
    """The nearest in meaning, in that order; none where there is no encoder."""
    try:
        encoder = embedder()
        vector = encoder.encode([words])[0]
    except NoEncoder:
        return found.none()
    rows = PracticeVector.objects.filter(encoder=mark_of(encoder), practice__in=found.order_by().values("pk"))
    likeness = compared(list(rows.values_list("practice", "vector")), vector)
    near = sorted((pk for pk, how in likeness.items() if how >= NEAR_TO_A_SENTENCE), key=lambda pk: -likeness[pk])
    near = near[:MOST_NEAR]
    return found.filter(pk__in=near).order_by(place_in(near)) if near else found.none()


def with_row(found: PracticeQuerySet) -> PracticeQuerySet:
    """With what a row of the list shows."""
    kept = Count("endorsements", filter=Q(endorsements__withdrawn_at=None), distinct=True)
    received = Count("received_endorsements", distinct=True)
    return found.select_related("mechanism__country").prefetch_related("themes").annotate(endorsed=kept + received)


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A row of a list, in the language of its reader."""

    practice: Practice
    title: str
    language: str
    capacities: Sequence[object]


def rows_of(practices: Iterable[Practice]) -> list[PracticeRow]:
    return [PracticeRow(row, *text_in(row, "title", language_for(row)), capacity_labels(row)) for row in practices]


def with_all(found: PracticeQuerySet) -> PracticeQuerySet:
    """With what a page shows of one."""
    endorsements = Endorsement.objects.kept().select_related("mechanism__country")
    kept = Prefetch("endorsements", endorsements, to_attr="current_endorsements")
    people = ("written_by", "reviewed_by")
    return found.select_related("mechanism__country", *people).prefetch_related(
        "themes__taxonomy", "bodies", "evidence", "received_endorsements", kept
    )


def all_endorsements(practice: Practice) -> list[Endorsement | ReceivedEndorsement]:
    """Those entered here, then those that came with a received practice; `practice` comes from `with_all`."""
    return [*practice.current_endorsements, *practice.received_endorsements.all()]


def public_endorsements(practice: Practice) -> list[Endorsement]:
    """Those of mechanisms whose profile is public; `practice` comes from `with_all`."""
    return [row for row in practice.current_endorsements if row.mechanism.is_public]


@dataclass(frozen=True, slots=True)
class Options:
    """What the list can be narrowed by: only what some practice has."""

    themes: Sequence[tuple[str, object]]
    bodies: Sequence[tuple[str, object]]
    mechanisms: Sequence[tuple[str, object]]
    tried_by: Sequence[tuple[str, object]]
    languages: Sequence[str]


def options_of(among: PracticeQuerySet) -> Options:
    pks = among.order_by().values("pk")
    themes = Term.objects.filter(pk__in=Practice.themes.through.objects.filter(practice__in=pks).values("term"))
    bodies = Body.objects.filter(pk__in=Practice.bodies.through.objects.filter(practice__in=pks).values("body"))
    mechanisms = MechanismProfile.objects.filter(pk__in=among.order_by().values("mechanism"))
    endorsers = Endorsement.objects.kept().filter(practice__in=pks).order_by().values("mechanism")
    languages = " ".join(among.order_by().values_list("languages", flat=True).distinct())
    return Options(
        sorted_by_name((f"{term.taxonomy.code}:{term.code}", term) for term in themes.select_related("taxonomy")),
        sorted_by_name((body.code, body.name) for body in bodies),
        sorted_by_name((str(row.pk), row.name) for row in mechanisms),
        sorted_by_name((str(row.pk), row.name) for row in MechanismProfile.objects.filter(pk__in=endorsers)),
        sorted(set(languages.split())),
    )


def sorted_by_name(options: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    named = [(code, str(name)) for code, name in options]
    return [*sorted(named, key=lambda option: option[1].casefold())]


@dataclass(frozen=True, slots=True)
class ShownText:
    """One text of a practice in one of its languages; steps are several lines."""

    code: str
    label: object
    lines: Sequence[str]
    language: str

    @property
    def is_steps(self) -> bool:
        return self.code == "steps"


def language_for(practice: Practice, wanted: str = "") -> str:
    """The language in which a reader sees it: as asked for, that of the page, or the original."""
    for language in (wanted, text_language.wanted()):
        if language in practice.language_codes:
            return language
    return practice.language


def text_in(practice: Practice, name: str, language: str) -> tuple[str, str]:
    """A text in this language or else in that of the original, and the language in which it is."""
    value = getattr(practice, name)
    data = value.data if isinstance(value, LazyI18nString) and isinstance(value.data, dict) else {}
    for code in (language, practice.language):
        if text := data.get(code, ""):
            return text, code
    return "", practice.language


def shown_texts(practice: Practice, language: str) -> list[ShownText]:
    """The texts in the order of the page, without empty ones."""
    shown = []
    for code, label in PARTS.items():
        text, written_in = text_in(practice, code, language)
        if lines := [line for line in text.splitlines() if line.strip()]:
            shown.append(ShownText(code, label, lines, written_in))
    return shown


def capacity_labels(practice: Practice) -> list[object]:
    labels = capacities()
    return [labels[code] for code in practice.capacities.split() if code in labels]
