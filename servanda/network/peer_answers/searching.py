"""Search in the published registers of other States, by words, as in our own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

from django.db.models import QuerySet
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
MOST_FOUND = 1_000  # results that are listed
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


def find_answers(user: User, filters: AnswerFilter) -> QuerySet[PeerAnswer]:
    """Those of other States that fit, in the order of their peers."""
    found = PeerAnswer.objects.visible_to(user)
    if filters.words and (query := parse(filters.words, SEARCHED)):
        found = found.filter(pk__in=SEARCH.matching(query))
    for name in ("site", "body", "stand"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    if filters.status:
        found = found.filter(has_code("government", filters.status))
    return found


def first_found(found: QuerySet[PeerAnswer]) -> Sequence[int]:
    """The ids of the first that fit, one more than are listed where there are more."""
    return list(found.order_by("pk").values_list("pk", flat=True)[: MOST_FOUND + 1])
