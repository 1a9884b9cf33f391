"""Where a State's recommendations come from: the three kinds of files with which a new register begins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class History:
    """One kind of file: its name, what it brings, what to send, and the endings that the browser offers first."""

    key: str
    title: "StrOrPromise"
    text: "StrOrPromise"
    help: "StrOrPromise"
    accept: str


HISTORIES = {
    history.key: history
    for history in (
        History(
            "official",
            _("Official export"),
            _("All recommendations of United Nations bodies, with themes, from the Universal Human Rights Index."),
            _(
                "Open the Universal Human Rights Index (uhri.ohchr.org), search for your State, and export the "
                "results. Send the file that you receive (JSON or XLSX)."
            ),
            ".json,.xlsx",
        ),
        History(
            "upr",
            _("UPR documents"),
            _("Recommendations and positions of one review, from the documents of the United Nations."),
            _(
                "Send the thematic list that OHCHR prepares after each review (DOCX), or the report of the Working "
                "Group and the addendum with the positions of the State (PDF, DOCX)."
            ),
            ".docx,.pdf",
        ),
        History(
            "sheet",
            _("Your spreadsheet"),
            _("What your mechanism has recorded so far: texts, institutions, deadlines, status."),
            _(
                "Send the table as it is (CSV, XLSX, ODS). On the next page you choose the meaning of each column; "
                "the choice is saved for the next file."
            ),
            ".csv,.xlsx,.ods",
        ),
    )
}
