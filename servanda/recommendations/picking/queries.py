"""Records for a picker: those that match what was typed, and those that are chosen already."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.recommendations.models import Recommendation, by_language, is_apart
from servanda.recommendations.register.global_search import numbers_with, question
from servanda.recommendations.register.row_parts import BEGINNING, text_beginnings

MOST_FOUND = 20  # records of one search


class Choice(NamedTuple):
    """A record as the picker shows it."""

    code: str
    body: object = ""
    text: str = ""
    language: str = ""


class Found(NamedTuple):
    words: str
    choices: Sequence[Choice] = ()
    has_more: bool = False

    @property
    def line(self) -> str:
        """How many were found, and what to do where these are too many or none."""
        number = len(self.choices)
        if self.has_more:
            sentence = _("The first %(number)s records found. Enter more words to narrow the results.")
        elif number:
            sentence = ngettext("%(number)s record found", "%(number)s records found", number)
        else:
            return _("No other records found. Enter fewer or other words.")
        return sentence % {"number": number}


def find_records(words: str, visible: QuerySet[Recommendation]) -> Found:
    """The first records with these words, or whose reference begins with them; kinds apart by their reference."""
    if not (typed := question(words)):
        return Found("")
    by_code = visible.filter(code__startswith=typed.upper()).order_by("order_key", "pk").values_list("pk", flat=True)
    numbers = list(by_code[: MOST_FOUND + 1]) if typed.isascii() and " " not in typed else []
    numbers = list(dict.fromkeys([*numbers, *numbers_with(typed, visible.filter(~is_apart()), MOST_FOUND + 1)]))
    choices = choices_of(visible.filter(pk__in=numbers[:MOST_FOUND]))
    place = {number: index for index, number in enumerate(numbers)}
    ordered = [choices[number] for number in sorted(choices, key=place.__getitem__)]
    return Found(typed, ordered, has_more=len(numbers) > MOST_FOUND)


def choices_of(records: QuerySet[Recommendation]) -> dict[int, Choice]:
    """By number of the record, in two queries."""
    with_texts = records.select_related("body").prefetch_related(
        Prefetch("texts", text_beginnings(), to_attr="current_texts")
    )
    return {record.pk: choice_of(record) for record in with_texts}


def choice_of(record: Recommendation) -> Choice:
    for version in by_language(record.current_texts)[:1]:
        text = f"{version.start.rstrip()}…" if version.length > BEGINNING else version.start
        return Choice(record.code, record.body.short, text, version.language)
    return Choice(record.code, record.body.short)
