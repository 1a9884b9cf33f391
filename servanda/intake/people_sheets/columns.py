"""The columns of the spreadsheet of institutions and people, and what is to be written in them."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from servanda.intake.sheets.reading import Table
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import Appointment, Institution

INSTITUTIONS, PEOPLE = "institutions", "people"
COLUMNS = {
    INSTITUTIONS: (
        "code", "name", "branch", "level", "part of", "e-mail", "telephone", "address", "exists since",
        "exists until",
    ),
    PEOPLE: (
        "e-mail", "name", "telephone", "language", "institution", "function", "act", "from", "until", "bodies",
    ),
}  # fmt: skip
COLUMNS_OF_FIELDS = {
    "parent": "part of",
    "active_from": "exists since",
    "active_to": "exists until",
    "email": "e-mail",
    "person": "e-mail",
    "phone": "telephone",
    "start": "from",
    "end": "until",
}
NAME_IN = "name:"
EXAMPLE_CODE, EXAMPLE_ADDRESS = "example-ministry", "example.person@example.org"
ALIASES = {"email": "e-mail"}
# In this order: a table with an address and an institution is one of people.
TABLES = (
    Table(
        COLUMNS[PEOPLE],
        needed=("e-mail", "institution"),
        name=PEOPLE,
        row_label=gettext_lazy("people, row %(number)d"),
        aliases=ALIASES,
        example=("e-mail", EXAMPLE_ADDRESS),
    ),
    Table(
        COLUMNS[INSTITUTIONS],
        needed=("code", "name"),
        name=INSTITUTIONS,
        row_label=gettext_lazy("institutions, row %(number)d"),
        prefix=NAME_IN,
        aliases=ALIASES,
        example=("code", EXAMPLE_CODE),
    ),
)


def explanations() -> list[tuple[str, str]]:
    return [
        (
            "",
            _(
                "Leave a cell empty to keep the current value. Enter a dash (-) to clear it. The example row is not "
                "imported."
            ),
        ),
        ("code", _("The abbreviation: letters, digits and hyphens. It identifies the institution.")),
        ("name", _("The name in the first language of this system. Other languages: columns name:es, name:fr, …")),
        ("branch", ", ".join(Institution.Branch.values)),
        ("level", ", ".join(Institution.Level.values)),
        ("part of", _("The abbreviation of the parent institution, in this file or already registered.")),
        ("exists since, exists until", _("Dates as YYYY-MM-DD, for example 2026-01-31.")),
        ("e-mail", _("Required for people. It identifies the person and is used to log in.")),
        ("language", ", ".join(code for code, _name in settings.LANGUAGES)),
        ("institution", _("The abbreviation of the institution that the person is appointed to.")),
        ("function", ", ".join(Appointment.Function.values)),
        ("act", _("The decree, decision or letter, with its date.")),
        (
            "from, until",
            _("Start and end date as YYYY-MM-DD, for example 2026-01-31. Leave until empty if no end date is set."),
        ),
        (
            "bodies",
            _(
                "Codes separated by commas, for example CRC, SR Torture. If a code contains a comma, end each code "
                "with a semicolon. Leave empty for all bodies."
            ),
        ),
        ("", _("A person with two functions has two rows with the same e-mail address.")),
    ]
