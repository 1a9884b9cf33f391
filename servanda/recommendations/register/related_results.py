"""Beneath what few words find: what is near to it in other languages; and what may have been meant by words that find
nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

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
from servanda.recommendations.counting.counts import Audience
from servanda.recommendations.filters.facets import Facet, LabelFacet, full_texts
from servanda.recommendations.filters.query import SEARCHED, RegisterFilter, narrow, read_filter
from servanda.recommendations.models import Recommendation
from servanda.recommendations.records.id_sets import Pks
from servanda.recommendations.search import fulltext
from servanda.recommendations.search import vector_index as vectors
from servanda.recommendations.search.encoders import embedder

MOST_SHOWN = 5
MOST_FILTERS = 4  # with more of them in use the page has asked enough of the database
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
    asked: RegisterFilter, audience: Audience, facets: Sequence[Facet], hits: Pks | None
) -> list[int]:
    """Records near to the best of what is found, and without a text in their language; where words find nothing, near
    to the words themselves. `hits` is what the words find, or None for more than are worth naming."""
    if asked.query is None or asked.by_meaning or asked.page > 1 or len(asked.chosen) > MOST_FILTERS:
        return []
    if not 0 < plain_words(asked.q) < SENTENCE:
        return []
    space = vectors.now()
    words = space.vector_of(asked.q)
    if words is None:
        return []
    others = narrow(audience.visible, replace(asked, q="", query=None), facets)
    names = names_of_label(asked.q, facets)
    own = oldest(asked.query, others) if hits is None else np.sort(hits)[:LOOKED_AT].tolist()
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
        without=partial(having_the_words, asked.query, hits),
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
    """Of words that much of the register has, the hits among its oldest records."""
    pks = list(others.order_by("pk").values_list("pk", flat=True)[:OLDEST])
    return sorted(fulltext.matching_up_to(query, pks[-1]).intersection(pks))[:LOOKED_AT] if pks else []


def having_the_words(query: Query, hits: Pks | None, pks: Collection[int]) -> Collection[int] | RawSQL:
    if hits is None:
        return fulltext.matching_among(query, pks)
    some = np.array(list(pks))
    return some[np.isin(some, hits)].tolist()


def in_quotes(names: Sequence[str]) -> Query:
    """Asks for records that have one of the names, its words side by side."""
    return parse(" OR ".join(f'"{name}"' for name in names), SEARCHED)


def names_of_label(asked: str, facets: Sequence[Facet]) -> list[str]:
    """In all its languages, the names of a label of which one has the same words, in whatever form."""
    stems = {language: tokens(asked, language) for language in (*SEARCHED, "")}
    for facet in facets:
        for option in facet.options.values() if isinstance(facet, LabelFacet) else ():
            names = getattr(option.name, "data", None)
            names = names if isinstance(names, dict) else {"": str(option.name)}
            if any(is_name(asked, name, stems.get(language), language) for language, name in names.items()):
                return list(names.values())
    return []


def is_name(asked: str, name: str, stems: Sequence[str] | None, language: str) -> bool:
    if abs(len(name) - len(asked)) > MOST_OTHER_LETTERS:
        return False
    return asked.casefold() == name.casefold() or (bool(stems) and tokens(name, language) == stems)


def did_you_mean(asked: RegisterFilter, audience: Audience, facets: Sequence[Facet]) -> RegisterFilter | None:
    """The same question with words of the register in place of those that are not in it, if that finds something."""
    if asked.query is None or asked.by_meaning or len(asked.chosen) > MOST_FILTERS or not plain_words(asked.q):
        return None
    known = words_seen_by(audience)
    for q in spelt_anew(asked.q, known):
        better = replace(asked, q=q, query=parse(q, SEARCHED), page=1)
        if better.query and narrow(audience.visible, better, facets).exists():
            return better
    return None


def better_spelt(typed: str, audience: Audience) -> str:
    """What may have been meant by a few words typed outside the list, where no record has them; else nothing."""
    params = QueryDict(mutable=True)
    params["q"] = typed
    better = did_you_mean(read_filter(params, []), audience, [])
    return better.q if better else ""


def spelt_anew(asked: str, known: Sequence[str]) -> list[str]:
    """The likeliest first; several unknown words are each replaced by the word that is most like them."""
    there = set(known)
    typed = tokens(asked, "")
    if len(typed) > MOST_TYPED:
        return []
    alike = {
        word: [
            one
            for one, _likeness, _place in process.extract(word, known, scorer=fuzz.ratio, score_cutoff=SPELT_ALIKE)
        ]
        for word in typed
        if word not in there and len(word) >= SHORTEST and word.isalpha() and not is_unspaced(word)
    }
    if not alike or not all(alike.values()):
        return []
    most = MOST_TRIED if len(alike) == 1 else 1
    return [
        " ".join(alike[word][at] if word in alike else word for word in typed)
        for at in range(min(most, *(len(found) for found in alike.values())))
    ]


def words_seen_by(audience: Audience) -> list[str]:
    """All words of the texts that an audience sees, in a row of their own; of a large register, as the worker last
    gathered them for everybody."""
    if not counts.is_worth_keeping():
        return counts.kept_under(f"words:{counts.stamp()}:{audience.name}", lambda: gather(audience.visible))
    return cache.get(GATHERED) or []


def gather_ahead() -> None:
    """For a register in which nobody should wait for it; of what is public only, for all of its readers."""
    if counts.is_worth_keeping():
        cache.set(GATHERED, gather(Recommendation.objects.public()))


def gather(visible: QuerySet[Recommendation]) -> list[str]:
    texts = full_texts().filter(recommendation__in=visible.order_by().values("pk"))
    found: set[str] = set()
    for text in texts.order_by().values_list("text", flat=True).iterator():
        found.update(tokens(text, ""))
    return sorted(word for word in found if len(word) >= SHORTEST and word.isalpha())
