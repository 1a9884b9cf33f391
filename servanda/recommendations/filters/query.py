"""From an address to the records it selects, and back. What makes no sense in it is left out, with a note."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.listing import SIZES, USUAL
from servanda.language.words.search_query import Query, is_sentence, parse
from servanda.language.words.stems import STEMMED
from servanda.recommendations.filters import semantic
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import WITHOUT, Facet, assigned_labels
from servanda.recommendations.filters.parameters import OTHER_KEYS
from servanda.recommendations.models import Stand
from servanda.recommendations.search import fulltext
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

# A text may be in any language, and so may the words of a search. Languages without stems are all read alike.
SEARCHED = sorted(STEMMED)
LONGEST_QUESTION = 500  # characters
LONGEST_CODE = 80
MOST_NOTES = 5
NO_FACET: Set[str] = frozenset()
IN_ORDER = ["order_key", "pk"]
SORTS: dict[str, tuple[object, list]] = {
    "document": (gettext_lazy("Order of the documents"), IN_ORDER),
    "newest": (gettext_lazy("Newest document first"), [F("date").desc(nulls_last=True), *IN_ORDER]),
    "oldest": (gettext_lazy("Oldest document first"), [F("date").asc(nulls_last=True), *IN_ORDER]),
    "reference": (gettext_lazy("Reference"), ["code"]),
}
STAND_ORDER = Case(
    When(~Q(body__kind__in=KINDS_WITH_POSITIONS), then=len(Stand) + 1),
    *[When(stand=stand, then=at) for at, stand in enumerate(Stand)],
    default=len(Stand),
)


def first_theme(name: str) -> Subquery:
    """Made anew for each use: Django changes the condition where it was first used."""
    labels = assigned_labels().filter(recommendation=OuterRef("pk"))
    themes = labels.filter(term__taxonomy__code="uhri-theme", term__is_artefact=False)
    return Subquery(themes.order_by("term__order", "term__code").values(name)[:1])


GROUPINGS: dict[str, tuple[object, Callable[[], list]]] = {
    "body": (gettext_lazy("Body"), lambda: ["body__order", "body__code"]),
    "review": (
        gettext_lazy("Review"),
        lambda: ["body__order", "body__code", "-review__cycle", "-review__year"],
    ),
    "theme": (
        gettext_lazy("First theme"),
        lambda: [first_theme(name).asc(nulls_last=True) for name in ("term__order", "term__code")],
    ),
    "stand": (gettext_lazy("Position of the State"), lambda: [STAND_ORDER]),
}


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What an address selects: words, values of facets, and how to show what is found.

    A sentence, and a record to which others are to be similar, are looked for by meaning: `near` is what
    `semantic.resolved` finds among the records that a person may see, the nearest first.
    """

    q: str = ""
    query: Query | None = None
    like: str = ""
    by_meaning: bool = False
    near: tuple[int, ...] | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "document"
    by: str = ""
    size: int = USUAL
    page: int = 1
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.query or self.like or self.chosen)

    @property
    def words_alone(self) -> bool:
        """Whether the words are searched as they are, as they also are together with a record to be similar to."""
        return self.query is not None and (self.near is None or bool(self.like))

    def pairs(self, *, but: str = "") -> list[tuple[str, str]]:
        """The address in its shortest form, without the page and without one key."""
        usual = {"q": "", "like": "", "sort": "document", "by": "", "size": str(USUAL)}
        given = {"q": self.q, "like": self.like, "sort": self.sort, "by": self.by, "size": str(self.size)}
        shown = [(key, value) for key, value in given.items() if value != usual[key] and key != but]
        return shown + [(key, value) for key, values in self.chosen.items() if key != but for value in values]

    def address(self, *, but: str = "", **more: object) -> str:
        return "?" + urlencode([*self.pairs(but=but), *((key, value) for key, value in more.items() if value)])

    def order(self) -> list:
        grouping = GROUPINGS[self.by][1]() if self.by else []
        nearness = [semantic.place_in(self.near)] if self.near is not None and self.sort == "document" else []
        return [*grouping, *nearness, *SORTS[self.sort][1]]


def read_filter(params: QueryDict, facets: Sequence[Facet]) -> RegisterFilter:
    notes: list[str] = []
    chosen = {facet.key: keys for facet in facets if (keys := _chosen(params, facet, notes))}
    known = OTHER_KEYS | {facet.key for facet in facets}
    unknown = [key[:60] for key in params if key not in known]
    notes += [_("“%(name)s” is not a filter of this list.") % {"name": name} for name in unknown]
    q = " ".join(params.get("q", "").replace("\0", " ").split())[:LONGEST_QUESTION]
    query = parse(q, SEARCHED) if q else None
    if q and not query:
        notes.append(_("“%(words)s” contains no word to search for.") % {"words": q[:60]})
    like = " ".join(params.get("like", "").replace("\0", " ").split())[:LONGEST_CODE]
    return RegisterFilter(
        q=q if query else "",
        query=query or None,
        like=like,
        by_meaning=bool(like) or (bool(query) and is_sentence(q)),
        chosen=chosen,
        sort=_one_of(SORTS, params, "sort", notes) or "document",
        by=_one_of(GROUPINGS, params, "by", notes),
        size=int(_one_of(dict.fromkeys(map(str, SIZES)), params, "size", notes) or USUAL),
        page=_number(params.get("page", "1"), notes),
        notes=tuple(notes[:MOST_NOTES]),
    )


def narrow(
    audience: Audience, filters: RegisterFilter, facets: Sequence[Facet], *, but: Set[str] = NO_FACET
) -> QuerySet:
    """The records that the filter selects; `but` leaves out the choices in some facets."""
    visible = audience.asking_for(filters.chosen).visible
    filters = semantic.resolved(filters, visible)
    found = visible if filters.near is None else visible.filter(pk__in=filters.near)
    if filters.query and filters.words_alone:
        found = found.filter(pk__in=fulltext.matching(filters.query))
    for facet in facets:
        if facet.key in filters.chosen and facet.key not in but:
            found = found.filter(facet.condition(filters.chosen[facet.key]))
    return found


def _chosen(params: QueryDict, facet: Facet, notes: list[str]) -> tuple[str, ...]:
    given = [key for key in dict.fromkeys(params.getlist(facet.key)) if key]
    known = [key for key in given if key in facet.options or (key == WITHOUT and facet.without)]
    notes += [
        _("“%(value)s” is not a value of “%(facet)s” and was ignored.")
        % {"value": key[:60], "facet": str(facet.title)}
        for key in given
        if key not in known
    ]
    return tuple(known)


def _one_of(table: Mapping[str, object], params: QueryDict, key: str, notes: list[str]) -> str:
    value = params.get(key, "")
    if value and value not in table:
        notes.append(_("“%(value)s” is not an option of this list.") % {"value": value[:60]})
    return value if value in table else ""


def _number(text: str, notes: list[str]) -> int:
    if text.isdecimal() and len(text) < 8:
        return int(text)
    notes.append(_("“%(value)s” is not a page of this list.") % {"value": text[:60]})
    return 1
