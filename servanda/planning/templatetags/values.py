from decimal import Decimal

from django import template
from django.utils.html import format_html

from servanda.planning.indicators.formatting import in_unit as said_in_unit
from servanda.planning.indicators.periods import as_period
from servanda.planning.models import Indicator, Measurement

register = template.Library()


@register.filter
def in_unit(number: Decimal | None, indicator: Indicator) -> str:
    """A number with its unit, isolated from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", said_in_unit(indicator, number))


@register.filter
def period(measurement: Measurement) -> str:
    """Years and parts of years by their short names, other periods by their dates."""
    return as_period(measurement.start, measurement.end)
