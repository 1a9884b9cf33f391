"""Beneath the results of a few words, records near to them in other languages; for words that find nothing, a
suggestion of other words."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
from django.core.cache import cache
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from rapidfuzz import fuzz, process

from servanda.language.vectors.encoder import NoEncoder, Vectors
from servanda.language.words.search_query import SENTENCE, Query, parse, plain_words
from servanda.language.words.tokens import is_unspaced, tokens
from servanda.recommendations.counting import counts
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import Facet, LabelFacet, full_texts
from servanda.recommendations.filters.query import SEARCHED, RegisterFilter, narrow, read_filter
from servanda.recommendations.models import Recommendation
from servanda.recommendations.records.id_sets import Pks
from servanda.recommendations.search import fulltext
from servanda.recommendations.search import vector_index as vectors
from servanda.recommendations.search.encoders import embedder

MOST_SHOWN = 5
MOST_FILTERS = 4  # with more of them in use the page would be over its budget of queries
LOOKED_AT = 500  # hits, the oldest first, among which the best are chosen
OLDEST = 4_000  # records among which the hits of very frequent words are looked for
BEST = 5  # hits that say what the words mean here
WEIGHT_OF_LABEL = 0.7  # beside the best hits
# Of the hits for the names of 59 themes in another language among 659 records, 60 % from 0.3 on and 68 % from 0.35
# on carried the theme, where 5 % do by chance. The centre of hits is nearer to records than a few words are.
NEAR_ENOUGH = 0.35
NEAR_TO_WORDS = 0.3
MOST_OTHER_LETTERS = 8  # that other forms of its words make the name of a label longer or shorter
SHORTEST = 4  # letters of a word that is worth correcting
SPELT_ALIKE = 75  # of 100
MOST_TYPED = 12  # words, each compared with all that the register has; hyphens may join many to one
MOST_TRIED = 4  # corrections that are looked up
GATHERED = "words:public"


def in_other_languages(
    filters: RegisterFilter, audience: Audience, facets: Sequence[Facet], hits: Pks | None
) -> list[int]:
    """Records near to the best results, and without a text in their language; if there are no results, near to the
    words themselves. `hits` are the results of the words, or None if they are too many to be named."""
    if filters.query is None or filters.by_meaning or filters.page > 1 or len(filters.chosen) > MOST_FILTERS:
        return []
    if not 0 < plain_words(filters.q) < SENTENCE:
        return []
    space = vectors.now()
    words = space.vector_of(filters.q)
    if words is None:
        return []
    others = narrow(audience, replace(filters, q="", query=None), facets)
    names = names_of_label(filters.q, facets)
    own = oldest(filters.query, others) if hits is None else np.sort(hits)[:LOOKED_AT].tolist()
    by_label = [] if own or not names else oldest(in_quotes(names), others)
    pks, rows = space.vectors_of(own or by_label)
    best = np.argsort(-(rows @ words), kind="stable")[:BEST] if len(pks) else np.zeros(0, dtype=int)
    sought = rows[best].mean(axis=0) if len(best) else words
    sought = sought + WEIGHT_OF_LABEL * meaning_of(names)
    if not sought.any():
        return []  # no word of it is known to an encoder that was learned here
    near = space.nearest(
        sought / np.linalg.norm(sought),
        among=others,
        without=partial(having_the_words, filters.query, hits),
        top=MOST_SHOWN,
        at_least=NEAR_ENOUGH if len(best) else NEAR_TO_WORDS,
        no_text_in=space.languages_of(pks[best].tolist()) if own else (),
    )
    return [pk for pk, _likeness in near]


def meaning_of(names: Sequence[str]) -> Vectors | float:
    try:
        return embedder().encode(names).mean(axis=0) if names else 0.0
    except NoEncoder:
        return 0.0


def oldest(query: Query, others: QuerySet[Recommendation]) -> list[int]:
    """The hits among the oldest records, for words that are frequent in the register."""
    pks = list(others.order_by("pk").values_list("pk", flat=True)[:OLDEST])
    return sorted(fulltext.matching_up_to(query, pks[-1]).intersection(pks))[:LOOKED_AT] if pks else []


def having_the_words(query: Query, hits: Pks | None, pks: Collection[int]) -> Collection[int] | RawSQL:
    if hits is None:
        return fulltext.matching_among(query, pks)
    some = np.array(list(pks))
    return some[np.isin(some, hits)].tolist()


def in_quotes(names: Sequence[str]) -> Query:
    """A search for records that have one of the names, its words side by side."""
    return parse(" OR ".join(f'"{name}"' for name in names), SEARCHED)


def names_of_label(words: str, facets: Sequence[Facet]) -> list[str]:
    """The names, in all languages, of a label of which one name has the same words, in any form."""
    folded, stems = words.casefold(), {language: tokens(words, language) for language in (*SEARCHED, "")}
    for facet in facets:
        for option in facet.options.values() if isinstance(facet, LabelFacet) else ():
            names = getattr(option.name, "data", None)
            names = names if isinstance(names, dict) else {"": str(option.name)}
            for language, name in names.items():
                if abs(len(name) - len(words)) > MOST_OTHER_LETTERS:
                    continue
                stems_of_words = stems.get(language)
                if folded == name.casefold() or (stems_of_words and stems_of_name(name, language) == stems_of_words):
                    return list(names.values())
    return []


@lru_cache(maxsize=8192)
def stems_of_name(name: str, language: str) -> list[str]:
    """Names of labels are compared with the words of every search."""
    return tokens(name, language)


def did_you_mean(filters: RegisterFilter, audience: Audience, facets: Sequence[Facet]) -> RegisterFilter | None:
    """The same search with unknown words replaced by words of the register, if that finds something."""
    if filters.query is None or filters.by_meaning or len(filters.chosen) > MOST_FILTERS:
        return None
    if not plain_words(filters.q):
        return None
    known = words_seen_by(audience)
    for q in spelt_anew(filters.q, known):
        better = replace(filters, q=q, query=parse(q, SEARCHED), page=1)
        if better.query and narrow(audience, better, facets).exists():
            return better
    return None


def better_spelt(typed: str, audience: Audience) -> str:
    """A suggestion for words typed outside the list, if no record has them; else empty."""
    params = QueryDict(mutable=True)
    params["q"] = typed
    better = did_you_mean(read_filter(params, []), audience, [])
    return better.q if better else ""


def spelt_anew(words: str, known: Sequence[str]) -> list[str]:
    """Other spellings, the likeliest first; of several unknown words each is replaced by the most similar word."""
    known_words = set(known)
    typed = tokens(words, "")
    if len(typed) > MOST_TYPED:
        return []
    alike = {
        word: [
            near
            for near, _likeness, _place in process.extract(word, known, scorer=fuzz.ratio, score_cutoff=SPELT_ALIKE)
        ]
        for word in typed
        if word not in known_words and len(word) >= SHORTEST and word.isalpha() and not is_unspaced(word)
    }
    if not alike or not all(alike.values()):
        return []
    most = MOST_TRIED if len(alike) == 1 else 1
    return [
        " ".join(alike[word][at] if word in alike else word for word in typed)
        for at in range(min(most, *(len(found) for found in alike.values())))
    ]


def words_seen_by(audience: Audience) -> list[str]:
    """All words of the texts that an audience sees; of a large register, those that the worker last gathered from the
    public texts."""
    if counts.stamp_if_worth_keeping() is None:
        return counts.kept_under(f"words:{counts.stamp()}:{audience.name}", lambda: gather(audience.visible))
    return cache.get(GATHERED) or []


def gather_ahead() -> None:
    """For a register in which no one should wait for it; of what is public only, for all of its readers."""
    if counts.stamp_if_worth_keeping() is not None:
        cache.set(GATHERED, gather(Recommendation.objects.public()))


def gather(visible: QuerySet[Recommendation]) -> list[str]:
    texts = full_texts().filter(recommendation__in=visible.order_by().values("pk"))
    found: set[str] = set()
    for text in texts.order_by().values_list("text", flat=True).iterator():
        found.update(tokens(text, ""))
    return sorted(word for word in found if len(word) >= SHORTEST and word.isalpha())
