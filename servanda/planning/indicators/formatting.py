"""Numbers for readers: in the format of their language, with the unit."""

from decimal import Decimal

from django.utils.formats import number_format

from servanda.kit.database.sentences import gettext as _
from servanda.planning.models import Indicator

Unit = Indicator.Unit


def plain(number: Decimal) -> str:
    """Without trailing zeros and exponents, for other programs."""
    return f"{number.normalize():f}"


def in_unit(indicator: Indicator, number: Decimal | None) -> str:
    if number is None:
        return ""
    if indicator.unit == Unit.YES_NO:
        return _("Yes") if number else _("No")
    words = number_format(plain(number), force_grouping=True)
    if indicator.unit == Unit.PERCENT:
        return _("%(number)s%%") % {"number": words}
    return f"{words} {indicator.unit_words}".strip()
