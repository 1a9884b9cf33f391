"""The register at a glance as a document of one or two pages, with the tables of its page."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from servanda.desk.home.brief import Brief, Number
from servanda.kit.files.paper import DENSE, Paper, Part, Table, TextLine
from servanda.people.models import Instance
from servanda.vocab.own_state import own_state


def paper_of(brief: Brief, *, on: date) -> Paper:
    state = own_state()
    return Paper(
        title=_("The register at a glance"),
        issuer=str(Instance.current()),
        day=day(on),
        facts=[
            *([(_("State"), str(state))] if state else []),
            (_("Scope"), _("Figures cover the records visible to the person who created this file.")),
            (_("Date"), day(on)),
        ],
        parts=list(parts_of(brief)),
        sizes=DENSE,
    )


def day(moment: date | None) -> str:
    """A date that is not broken at the end of a line."""
    return date_format(moment, "DATE_FORMAT").replace(" ", "\u00a0") if moment else ""


def parts_of(brief: Brief) -> Iterator[Part]:
    labels = [str(label) for label, _number in brief.attention]
    yield Part(_("Needs attention"), table=numbers(labels, [[number.count for _label, number in brief.attention]]))
    yield worse(brief)
    yield institutions(brief)
    yield bodies(brief)
    if brief.is_assessed:
        yield assessments(brief)
    yield to_decide(brief)
    if brief.replies:
        yield replies(brief)
    yield reviews(brief)


def numbers(
    header: Sequence[str], rows: Sequence[Sequence[object]], *, first: int = 0, has_total: bool = False
) -> Table:
    """A table whose columns from `first` on are numbers."""
    lines = [[TextLine("" if value is None else str(value)) for value in row] for row in rows]
    return Table(header, lines, frozenset(range(first, len(header))), has_total=has_total)


def worse(brief: Brief) -> Part:
    title = _("Assessed lower than before, in the last 12 months")
    if not brief.worse:
        sentence = _("No recommendation was assessed lower than before in the last 12 months.")
        return Part(title, [TextLine(sentence)])
    header = [
        _("Recommendation"),
        _("Assessment"),
        pgettext("of a status", "Before"),
        pgettext("of a status", "Now"),
        _("Date"),
    ]
    rows = [
        [
            TextLine(change.code, is_code=True),
            *(TextLine(str(value)) for value in (change.voice, change.before, change.now)),
            TextLine(day(change.day)),
        ]
        for change in brief.worse
    ]
    more = ngettext(
        "%(counter)s more recommendation was assessed lower.",
        "%(counter)s more recommendations were assessed lower.",
        brief.worse_left_out,
    )
    return Part(title, table=Table(header, rows), notes=left_out(more, brief.worse_left_out))


def left_out(sentence: str, count: int) -> list[str]:
    return [sentence % {"counter": count}] if count else []


def institutions(brief: Brief) -> Part:
    title = _("Lead institutions, the most overdue first")
    if not brief.institutions:
        return Part(title, [TextLine(_("No record has a lead institution."))])
    header = [
        _("Institution"),
        _("As lead institution"),
        _("Overdue"),
        _("No recent update"),
        _("Overdue answers"),
    ]
    rows = [
        [lead.institution, lead.led.count, lead.past.count, lead.silent.count, lead.owed]
        for lead in brief.institutions
    ]
    more = ngettext(
        "%(counter)s more lead institution.", "%(counter)s more lead institutions.", brief.institutions_left_out
    )
    return Part(title, table=numbers(header, rows, first=1), notes=left_out(more, brief.institutions_left_out))


def bodies(brief: Brief) -> Part:
    header = [_("Body"), _("Records"), *(str(label) for label, _number in brief.stands)]
    rows = [
        [line.label, line.total.count, *(count_of(number) for _label, number in line.stands)] for line in brief.lines
    ]
    rows.append([_("All bodies"), brief.total.count, *(number.count for _label, number in brief.stands)])
    more = ngettext(
        "%(counter)s more body is counted in the last row.",
        "%(counter)s more bodies are counted in the last row.",
        brief.bodies_left_out,
    )
    title = _("Recommendations by body and position of the State")
    table = numbers(header, rows, first=1, has_total=True)
    return Part(title, table=table, notes=left_out(more, brief.bodies_left_out))


def count_of(number: Number | None) -> int | None:
    return number.count if number else None


def assessments(brief: Brief) -> Part:
    """A column for each kind of assessment: the names of the statuses are long."""
    _voice, first = brief.voices[0]
    header = [_("Implementation status"), *(str(voice) for voice, _line in brief.voices)]
    rows = [
        [label, *(line[place][1].count for _voice, line in brief.voices)]
        for place, (label, _number) in enumerate(first)
    ]
    return Part(_("Implementation status, by assessment"), table=numbers(header, rows, first=1))


def to_decide(brief: Brief) -> Part:
    title = _("To be decided")
    if not brief.due:
        return Part(title, [TextLine(_("No position has a decision deadline."))])
    late = ngettext("%(counter)s position is overdue.", "%(counter)s positions are overdue.", brief.late)
    more = ngettext(
        "%(counter)s more position has a later deadline.",
        "%(counter)s more positions have a later deadline.",
        brief.due_left_out,
    )
    header = [pgettext("deadline", "By"), _("Review"), _("Positions")]
    rows = [
        [dated(deadline.day, is_late=deadline.is_late), deadline.review, deadline.count] for deadline in brief.due
    ]
    return Part(
        title,
        [TextLine(sentence) for sentence in left_out(late, brief.late)],
        numbers(header, rows, first=2),
        left_out(more, brief.due_left_out),
    )


def dated(moment: date, *, is_late: bool) -> str:
    return f"{day(moment)} ({pgettext('deadline', 'overdue')})" if is_late else day(moment)


def replies(brief: Brief) -> Part:
    header = [pgettext("deadline", "By"), _("Body"), _("Document"), _("Records")]
    rows = [
        [
            TextLine(dated(reply.day, is_late=reply.is_late)),
            TextLine(str(reply.body)),
            TextLine(reply.symbol or "–", is_code=True),
            TextLine(str(reply.count)),
        ]
        for reply in brief.replies
    ]
    rows.append([TextLine(_("All follow-up replies")), TextLine(""), TextLine(""), TextLine(str(brief.owed.count))])
    more = ngettext(
        "%(counter)s more reply has a later deadline.",
        "%(counter)s more replies have a later deadline.",
        brief.replies_left_out,
    )
    return Part(
        _("Follow-up replies due within 90 days or recently overdue"),
        table=Table(header, rows, frozenset({3}), has_total=True),
        notes=left_out(more, brief.replies_left_out),
    )


def reviews(brief: Brief) -> Part:
    title = _("Most recent reviews")
    if not brief.reviews:
        return Part(title, [TextLine(_("No record belongs to a review."))])
    header = [_("Review"), _("Date"), _("Records")]
    rows = [[entry.review, day(entry.day), entry.number.count] for entry in brief.reviews]
    return Part(title, table=numbers(header, rows, first=2))
