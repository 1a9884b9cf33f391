"""The hand-over pack as a document: the title block, the sections of its page, and tables with their rows."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from servanda.desk.hand_over.pack import First, Pack, addresses, facts
from servanda.kit.files.paper import Paper, Part, Table, TextLine
from servanda.people.models import Instance
from servanda.recommendations.register.rows import Row
from servanda.vocab.own_state import own_state


def title_of(pack: Pack) -> str:
    values = {"function": pack.appointment.get_function_display(), "institution": pack.appointment.institution}
    return _("Hand-over: %(function)s, %(institution)s") % values


def paper_of(pack: Pack, address: str) -> Paper:
    state = own_state()
    return Paper(
        title=title_of(pack),
        issuer=str(Instance.current()),
        day=date_format(timezone.localdate(), "DATE_FORMAT"),
        status=pgettext("document", "Confidential"),
        notices=[_("Confidential: only for the outgoing and the incoming office holder.")],
        facts=[
            *([(_("State"), str(state))] if state else []),
            *facts(pack),
            (_("Date"), date_format(timezone.localdate(), "DATE_FORMAT")),
        ],
        parts=[*note_of(pack), *sections(pack)],
        source=[TextLine(address, is_code=True)],
    )


def note_of(pack: Pack) -> list[Part]:
    """The lines of the note, each with its own language and direction."""
    lines = [TextLine(line, is_typed=True) for line in pack.hand_over.note.splitlines()]
    return [Part(_("Notes for the successor"), lines)] if lines else []


def sections(pack: Pack) -> list[Part]:
    return [*(open_items(pack) if pack.is_inside else []), *people(pack), *(changes(pack) if pack.is_inside else [])]


def section(
    title: str, empty: str, header: Sequence[str], rows: Sequence[Sequence[TextLine]], left_out: int = 0
) -> Part:
    """A table with a title, or a sentence if it is empty."""
    if not rows:
        return Part(title, [TextLine(empty)])
    more = ngettext(
        "%(count)d more item is on the hand-over page.", "%(count)d more items are on the hand-over page.", left_out
    )
    return Part(title, table=Table(header, rows), notes=[more % {"count": left_out}] if left_out else [])


def open_items(pack: Pack) -> list[Part]:
    reference, text = _("Reference"), _("Text")
    return [
        section(
            _("Records that name this institution or are assigned to it"),
            _("No records name it or are assigned to it."),
            [reference, text, _("Position of the State")],
            [[*of_record(row), TextLine(row.record.get_stand_display())] for row in pack.named.rows],
            pack.named.left_out,
        ),
        section(
            _("Records assigned to this institution"),
            _("No records assigned to this institution."),
            [reference, text, _("Due")],
            [[*of_record(row), TextLine(day(vars(row.record)["due_on"]))] for row in pack.assigned.rows],
            pack.assigned.left_out,
        ),
        section(
            _("Positions to be decided"),
            _("No positions to be decided."),
            [reference, text, _("To be decided by")],
            [[*of_record(row), TextLine(day(row.record.decide_by))] for row in pack.undecided.rows],
            pack.undecided.left_out,
        ),
        section(
            _("Replies due"),
            _("No replies due."),
            [reference, text, _("Due")],
            [[*of_record(row), TextLine(day(vars(row.record)["reply_due_on"]))] for row in pack.replies.rows],
            pack.replies.left_out,
        ),
        *obligations_moved(pack),
        *sections_to_write(pack),
        section(
            _("Imports awaiting a decision"),
            _("No imports awaiting a decision."),
            [_("File"), _("Import status"), _("Sent on")],
            [
                [TextLine(batch.name), TextLine(batch.get_state_display()), TextLine(day(batch.created_at))]
                for batch in pack.imports.rows
            ],
            pack.imports.left_out,
        ),
    ]


def sections_to_write(pack: Pack) -> list[Part]:
    if (sections := pack.report_sections) is None:
        return []
    listed = section(
        _("Sections of reports to write"),
        _("No sections of reports to write."),
        [_("Section"), _("Report"), _("Due")],
        [
            [
                TextLine(row.heading, row.report.language, is_typed=True),
                TextLine(row.report.title, row.report.language, is_typed=True),
                TextLine(day(row.due_on)),
            ]
            for row in sections.rows
        ],
        sections.left_out,
    )
    return [listed]


def obligations_moved(pack: Pack) -> list[Part]:
    if (obligations := pack.obligations) is None:
        return []
    listed = section(
        _("Obligations handed over"),
        _("No obligations handed over."),
        [_("Reference"), _("Obligation"), _("Body"), _("Due")],
        [
            [
                TextLine(row.code, is_code=True),
                TextLine(row.title, is_typed=True) if row.title else TextLine(row.get_kind_display()),
                TextLine(str(row.body.short)),
                TextLine(day(row.due_on)),
            ]
            for row in obligations.rows
        ],
        obligations.left_out,
    )
    return [listed]


def of_record(row: Row) -> list[TextLine]:
    return [TextLine(row.record.code, is_code=True), TextLine(row.text, row.language, is_typed=True)]


def day(moment) -> str:
    """A date that is not broken at the end of a line."""
    return date_format(moment, "DATE_FORMAT").replace(" ", "\u00a0") if moment else ""


def people(pack: Pack) -> list[Part]:
    header = [_("Name"), _("Function"), _("Institution"), _("E-mail"), _("Telephone")]
    rows = [
        [
            TextLine(str(appointment.person)),
            TextLine(appointment.get_function_display()),
            TextLine(str(appointment.institution)),
            TextLine(appointment.person.email, is_code=True),
            TextLine(appointment.person.phone, is_code=True),
        ]
        for appointment in pack.contacts
    ]
    address_rows = [[TextLine(label), TextLine(value, is_code=True)] for label, value in addresses(pack)]
    return [
        section(_("Contacts"), _("No other contacts for this institution."), header, rows),
        section(_("Addresses"), _("No addresses recorded."), [_("Institution"), _("Address")], address_rows),
    ]


def changes(pack: Pack) -> list[Part]:
    moments = [[TextLine(day(moment.at)), TextLine(moment.text)] for moment in pack.moments.rows]
    entries = [
        [TextLine(day(entry.at)), TextLine(entry.what)] for changed in pack.changed.rows for entry in changed.entries
    ]
    header, empty = [_("When"), _("What happened")], _("No changes.")
    people = First(pack.moments.rows, pack.moments.total).left_out
    return [
        section(_("Changes to the institution and its people in the last 90 days"), empty, header, moments, people),
        section(_("Changes to its records in the last 90 days"), empty, header, entries, pack.changed.left_out),
    ]
