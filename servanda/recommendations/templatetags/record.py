"""Filters of the page of one recommendation."""

from collections.abc import Iterable
from textwrap import shorten

from django import template
from django.utils.html import format_html, format_html_join

from servanda.intake.places import shown_place
from servanda.recommendations.models import source_family
from servanda.recommendations.pages.detail import SCHEMES

register = template.Library()
register.filter(shown_place)

LONGEST_HEADING = 420  # characters; paragraphs of treaty bodies are up to ten times as long
MARKS = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>"}


@register.filter
def source_name(scheme: str) -> str:
    """The name of a kind of source; unknown values, which people wrote, are shown as they are."""
    return str(SCHEMES.get(source_family(scheme), scheme))


@register.filter
def is_long(text: str) -> bool:
    """Whether the heading of the page shows only the beginning of this text."""
    return len(text) > LONGEST_HEADING


@register.filter
def heading(text: str) -> str:
    return shorten(text, LONGEST_HEADING, placeholder="…") if is_long(text) else text


@register.filter
def word_changes(pieces: Iterable[tuple[str, str]]) -> str:
    """A text with the words that a change took out and put in, each marked as such."""
    return format_html_join("", "{}", ((format_html(MARKS.get(kind, "{}"), words),) for kind, words in pieces))


@register.filter
def percent(share: float) -> int:
    return round(share * 100)


@register.filter
def sureness(probability: float) -> int:
    """A probability in per cent, from 1 to 99: no suggestion is shown as certain."""
    return min(99, max(1, percent(probability)))
