"""Filters of the page of one recommendation."""

from django import template

from servanda.recommendations.models import source_family
from servanda.recommendations.pages.detail import SCHEMES

register = template.Library()


@register.filter
def source_name(scheme: str) -> str:
    """The name of a kind of source; unknown values, which people wrote, are shown as they are."""
    return str(SCHEMES.get(source_family(scheme), scheme))


@register.filter
def percent(share: float) -> int:
    return round(share * 100)


@register.filter
def sureness(probability: float) -> int:
    """A probability in per cent, from 1 to 99: no suggestion is shown as certain."""
    return min(99, max(1, percent(probability)))
