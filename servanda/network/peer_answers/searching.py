"""Search in the published registers of other States, by words, as in our own."""

from dataclasses import dataclass
from functools import partial
from typing import Self

from django.http import QueryDict

from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.language.words.search_query import parse
from servanda.language.words.tokens import tokens_of_texts
from servanda.network.models import PeerAnswer
from servanda.network.practices.queries import has_code
from servanda.people.models import User
from servanda.progress.models import Common
from servanda.recommendations.filters.query import SEARCHED
from servanda.recommendations.models import Stand
from servanda.recommendations.search.fulltext import SearchTable

SEARCH = SearchTable("network_peer_search", "peeranswer_id")
MOST_FOUND, MOST_MATCHED = 1_000, 20_000  # results that are listed, records with the words
LONGEST_BODY, LONGEST_SITE = 100, 200


def tokens_of(code: str, language: str, text: str) -> list[str]:
    return tokens_of_texts({language: text, "": code})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFilter(ListFilter):
    words: str = ""
    site: str = ""
    body: str = ""
    stand: str = ""
    status: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            site=words_in(params, "site")[:LONGEST_SITE],
            body=words_in(params, "body")[:LONGEST_BODY],
            stand=choice("stand", Stand.values),
            status=choice("status", Common.values),
            number=page_number(params),
        )


def find_answers(user: User, filters: AnswerFilter) -> tuple[list[int], bool]:
    """The ids of the first of those that fit, and whether there are more. The words are looked up in so many records
    at most that a word of every second record takes no longer than others."""
    found, is_cut = PeerAnswer.objects.visible_to(user), False
    if filters.words and (query := parse(filters.words, SEARCHED)):
        matched = SEARCH.first_matching(query, MOST_MATCHED)
        found = found.filter(pk__in=matched)
        is_cut = PeerAnswer.objects.filter(pk__in=matched).order_by().count() == MOST_MATCHED
    for name in ("site", "body", "stand"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    if filters.status:
        found = found.filter(has_code("government", filters.status))
    pks = list(found.order_by("pk").values_list("pk", flat=True)[: MOST_FOUND + 1])
    return pks[:MOST_FOUND], is_cut or len(pks) > MOST_FOUND
