"""Finding anything by a few words: records, documents, bodies and terms, as far as a person sees records of them.

Each kind of thing costs a fixed number of queries and shows a bounded number of hits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.database.word_filters import has_word, has_word_in_some_language
from servanda.kit.pages.glossary import matching, sort_key
from servanda.language.words.search_query import is_sentence, parse
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.filters.query import IN_ORDER, SEARCHED, RegisterFilter
from servanda.recommendations.filters.semantic import resolved
from servanda.recommendations.models import Recommendation
from servanda.recommendations.register.rows import row_of, with_parts
from servanda.recommendations.search import fulltext
from servanda.sources.models import Document
from servanda.vocab.models import Body, Term

LONGEST_QUESTION = 200  # characters
MOST_WORDS = 8
MOST_HITS = 8  # of one kind
MOST_LOOKED_AT = 200  # terms whose stored form matches, before their labels are read


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, and where it is."""

    label: object
    url: str
    note: object = ""
    text: str = ""
    language: str = ""
    is_code: bool = False
    other_words: object = ""  # by which the script of the palette finds it too


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; `more_url` leads to the list that shows all of them."""

    key: str
    title: object
    hits: Sequence[Hit] = field(default_factory=list)
    more_url: str = ""
    more: object = ""


def question(text: str) -> str:
    """What was typed, without characters that no text has."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST_QUESTION]


def words_of(typed: str) -> list[str]:
    return typed.split()[:MOST_WORDS]


def has_words(text: object, words: Iterable[str]) -> bool:
    """In any order, in upper or lower case."""
    plain = str(text).casefold()
    return all(word.casefold() in plain for word in words)


def said_in(text: LazyI18nString) -> str:
    """A text in all its languages, for looking words up in it."""
    return " ".join(filter(None, text.data.values())) if isinstance(text.data, dict) else str(text.data or "")


def find_in_register(typed: str, *, audience: Audience, base: str) -> list[Group]:
    """`base` is the address of the list with the records of this audience."""
    words, visible = words_of(typed), audience.visible
    documents = list(documents_with(typed, visible))
    exact_documents = [hit_of(document, base) for document in documents if same(document, typed)]
    other_documents = [hit_of(document, base) for document in documents if not same(document, typed)]
    exact = [*records_called(typed, audience.with_every_kind().visible, base), *exact_documents]
    more = f"{base}?{urlencode({'q': typed})}"
    groups = [
        Group("exact", _("Exact match"), exact),
        Group(
            "records", _("Recommendations"), records_with(typed, visible, base), more, _("Show all in the register")
        ),
        Group("documents", _("Documents"), other_documents),
        Group("bodies", _("Bodies"), bodies_with(words, base)),
        Group("terms", _("Terms of the vocabulary"), terms_with(words, base)),
        Group("glossary", _("Glossary"), explained(typed)),
    ]
    return [group for group in groups if group.hits]


def records_called(typed: str, visible: QuerySet, base: str) -> list[Hit]:
    rows = visible.filter(code__in={typed, typed.upper()}).order_by("code").values_list("code", flat=True)
    return [Hit(code, f"{base}{code}/", _("Recommendation"), is_code=True) for code in rows[:2]]


def records_with(typed: str, visible: QuerySet, base: str) -> list[Hit]:
    pks = numbers_with(typed, visible, MOST_HITS)
    shown = {record.pk: record for record in with_parts(Recommendation.objects.filter(pk__in=pks), beginning=True)}
    rows = [row_of(shown[pk]) for pk in pks if pk in shown]
    return [
        Hit(row.record.code, f"{base}{row.record.code}/", row.record.body.short, row.text, row.language, is_code=True)
        for row in rows
    ]


def numbers_with(typed: str, visible: QuerySet, most: int) -> list[int]:
    """The records that match: a sentence by its meaning, as in the list of the register; a few words as they are."""
    query = parse(typed, SEARCHED)
    if not query:
        return []
    near = resolved(RegisterFilter(q=typed, query=query, by_meaning=is_sentence(typed)), visible).near
    found = visible.filter(pk__in=fulltext.matching(query)).order_by(*IN_ORDER).values_list("pk", flat=True)
    return list((found if near is None else near)[:most])


def documents_with(typed: str, visible: QuerySet) -> QuerySet[Document]:
    """By symbol, the shortest first; only documents of which the reader sees a record."""
    of_these = visible.order_by().filter(document=OuterRef("pk"))
    found = Document.objects.filter(Exists(of_these), symbol__icontains=typed)
    return found.order_by(Length("symbol"), "symbol")[:MOST_HITS]


def same(document: Document, typed: str) -> bool:
    return document.symbol.casefold() == typed.casefold()


def hit_of(document: Document, base: str) -> Hit:
    quoted = urlencode({"q": f'"{document.symbol}"'})
    return Hit(document.symbol, f"{base}?{quoted}", document.title or _("Document"), is_code=True)


def bodies_with(words: Sequence[str], base: str) -> list[Hit]:
    found = [
        body
        for body in Body.objects.all()
        if has_words(f"{body.code} {body.short} {said_in(body.name)} {body.aliases}", words)
    ]
    return [Hit(body.name, f"{base}?{urlencode({'body': body.code})}", body.short) for body in found[:MOST_HITS]]


def explained(typed: str) -> list[Hit]:
    """Words of the field, with what they mean."""
    found = matching(typed, get_language() or "en") if sort_key(typed) else []
    place = reverse("portal:glossary")
    return [
        Hit(entry.label, f"{place}#{entry.slug}", "", entry.definition, entry.language) for entry in found[:MOST_HITS]
    ]


def terms_with(words: Sequence[str], base: str) -> list[Hit]:
    """Terms that are facets; the database finds candidates, since it does not know the languages."""
    rough = Term.objects.filter(taxonomy__is_facet=True, is_artefact=False)
    for word in words:
        rough = rough.filter(
            has_word_in_some_language("label", word) | has_word("synonyms", word) | Q(code__icontains=word)
        )
    rows = rough.select_related("taxonomy").order_by(F("taxonomy__order"), "order", "code")[:MOST_LOOKED_AT]
    found = [term for term in rows if has_words(f"{term.code} {said_in(term.label)} {term.synonyms}", words)]
    return [
        Hit(term.label, f"{base}?{urlencode({taxonomy_key(term.taxonomy.code): term.code})}", term.taxonomy.name)
        for term in found[:MOST_HITS]
    ]
