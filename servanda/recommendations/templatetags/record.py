"""Filters of the page of one recommendation."""

from django import template

from servanda.recommendations.models import source_family
from servanda.recommendations.pages.detail import SCHEMES

register = template.Library()


@register.filter
def source_name(scheme: str) -> str:
    """The name of a kind of source; what a person wrote stays as it is."""
    return str(SCHEMES.get(source_family(scheme), scheme))


@register.filter
def percent(share: float) -> int:
    return round(share * 100)


@register.filter
def sureness(probability: float) -> int:
    """A probability in hundredths: no machine is quite sure, and none says that it is."""
    return min(99, max(1, percent(probability)))
