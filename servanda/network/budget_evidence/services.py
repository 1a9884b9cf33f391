"""The evidence pack as a document; each download is recorded in the trail."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.files.paper import Paper, Part, Table, TextLine
from servanda.network.budget_evidence.figures import FigureGroup
from servanda.people.models import Instance, User
from servanda.trail.models import Event

COLUMNS = ("group", "figure", "value", "definition", "counted on")


def paper_of(groups: Sequence[FigureGroup], *, on: date) -> Paper:
    return Paper(
        title=_("Evidence for a budget request"),
        issuer=str(Instance.current()),
        day=date_format(on, "DATE_FORMAT"),
        notices=[
            _("Counted by this system on %(day)s, for the person who downloaded it.")
            % {"day": date_format(on, "DATE_FORMAT")}
        ],
        parts=[Part(group.title, [TextLine(group.definition)], table_of(group)) for group in groups],
    )


def table_of(group: FigureGroup) -> Table:
    rows = [
        [TextLine(figure.label, is_typed=True), TextLine(figure.shown or _("no data"))] for figure in group.figures
    ]
    return Table([_("Figure"), _("Value")], rows, numbers=frozenset({1}))


def record_download(*, by: User) -> None:
    """Leave a line in the trail about figures that left as a file."""
    Event.record("budget-evidence-downloaded", by=by)
