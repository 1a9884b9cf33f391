"""A report above its word limit goes out only if a person confirms that, with the figures."""

from django.utils.formats import localize
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.people.models import User
from servanda.reporting.models import Report
from servanda.reporting.reports.queries import Measured, total_of
from servanda.trail.models import Event


def excess_of(report: Report, user: User) -> Measured | None:
    """The words of the report beside its limit, if they are more."""
    total = total_of(report, user)
    return total if total and total.warning == "over" else None


def over_in_words(total: Measured) -> str:
    counted = {"words": localize(total.words), "limit": localize(total.limit)}
    return _("The report has %(words)s words, its limit is %(limit)s. The body may refuse it or cut it.") % counted


def confirm_length(report: Report, *, is_confirmed: bool, by: User) -> None:
    """Record that the report is over its word limit. Raises `FieldRefused` if that was not confirmed."""
    if (total := excess_of(report, by)) is None:
        return
    if not is_confirmed:
        raise FieldRefused("over_limit", over_in_words(total))
    figures = {"words": [str(total.limit), str(total.words)]}
    Event.record("report-over-limit", report, by=by, difference=figures)
