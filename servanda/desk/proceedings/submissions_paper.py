"""The submissions of the State as a document: what each answered, its text, its clearance and its proof."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.files.paper import DENSE, Paper, Part, Table, TextLine
from servanda.people.models import Instance
from servanda.proceedings.models import ClearanceVerdict, Draft, EarlierSubmission, Proceeding, StateReply
from servanda.sources.models import Extension, Obligation

type Reports = Mapping[date | None, Sequence[str]]  # titles of submitted reports on a case, by their dates


def paper_of(
    proceeding: Proceeding,
    earlier: Sequence[EarlierSubmission],
    verdicts: Sequence[ClearanceVerdict],
    reports: Reports,
    *,
    on: date,
) -> Paper:
    return Paper(
        title=_("Submissions of the State"),
        heading=TextLine(proceeding.title, is_typed=True),
        issuer=str(Instance.current()),
        day=date_format(on, "DATE_FORMAT"),
        status=_("Confidential"),
        facts=[
            (_("Reference"), proceeding.reference),
            (_("Mandates or body"), ", ".join(str(body.name) for body in proceeding.bodies.all())),
            (_("Date"), date_format(on, "DATE_FORMAT")),
        ],
        parts=list(parts_of(proceeding, earlier, verdicts, reports)),
        sizes=DENSE,
    )


def parts_of(
    proceeding: Proceeding,
    earlier: Sequence[EarlierSubmission],
    verdicts: Sequence[ClearanceVerdict],
    reports: Reports,
) -> Iterator[Part]:
    """In the order in which they were sent, the present one last."""
    for row in reversed(earlier):
        yield from parts_of_reply(row, row.clearance.verdicts.all() if row.clearance else [], reports)
        for draft in row.drafts.all():
            yield part_of_answer(draft)
    yield from parts_of_reply(proceeding, verdicts, reports)


def parts_of_reply(
    reply: StateReply, verdicts: Iterable[ClearanceVerdict], reports: Reports = MappingProxyType({})
) -> Iterator[Part]:
    title = _("Reply of the State")
    if reply.replied_on:
        title = _("Submission of %(day)s") % {"day": date_format(reply.replied_on, "DATE_FORMAT")}
    lines = [TextLine(line, reply.reply_language, is_typed=True) for line in reply.reply.splitlines() if line]
    if reply.is_by_report:
        lines = [TextLine(_("A report met this deadline."))]
        lines += [TextLine(name, is_typed=True) for name in reports.get(reply.replied_on, ())]
    yield Part(title, lines or [TextLine(_("No reply yet."))], table=Table([_("Facts"), ""], facts_of(reply)))
    if rows := list(correspondence_of(reply.obligation)):
        yield Part(_("Extensions and letters"), table=Table([_("Date"), _("Facts"), _("Text")], rows))
    if rows := [cells_of(verdict) for verdict in verdicts]:
        yield Part(_("Clearance"), table=Table([_("Step"), _("Decision"), _("Date"), _("Reason")], rows))


def facts_of(reply: StateReply) -> list[list[TextLine]]:
    facts = [
        (_("Document or request answered"), TextLine(reply.answers_to, is_typed=True)),
        (_("Deadline"), TextLine(day_of(reply.due_on))),
        (_("Replied on"), TextLine(day_of(reply.replied_on))),
        (_("Note verbale"), TextLine(reply.note_verbale, is_code=True)),
        (_("Channel"), TextLine(reply.channel, is_typed=True)),
        (_("Acknowledged on"), TextLine(day_of(reply.acknowledged_on))),
    ]
    return [[TextLine(label), value] for label, value in facts if value.text]


def correspondence_of(obligation: Obligation | None) -> Iterator[list[TextLine]]:
    """Requests for more time with their answers, then reminders and holding replies."""
    if obligation is None:
        return
    for extension in obligation.extensions.all():
        text = TextLine(extension.ground, is_typed=True)
        yield [TextLine(day_of(extension.asked_on)), TextLine(" ".join(course_of(extension))), text]
    for letter in obligation.letters.all():
        kind = " · ".join(filter(None, [str(letter.get_kind_display()), letter.reference]))
        yield [TextLine(day_of(letter.on)), TextLine(kind, is_typed=True), TextLine(letter.note, is_typed=True)]


def course_of(extension: Extension) -> Iterator[str]:
    until = {"day": day_of(extension.asked_until)}
    yield _("Extension requested until %(day)s.") % until if extension.asked_until else _("Extension requested.")
    if extension.granted_until:
        yield _("Granted until %(day)s.") % {"day": day_of(extension.granted_until)}
        if extension.due_before:
            yield _("The deadline was %(day)s.") % {"day": day_of(extension.due_before)}
    elif extension.answered_on:
        yield _("Refused on %(day)s.") % {"day": day_of(extension.answered_on)}
    else:
        yield _("No answer yet.")


def day_of(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def cells_of(verdict: ClearanceVerdict) -> list[TextLine]:
    title = verdict.title or _("Coordinator")
    step = f"{title} · {verdict.institution}" if verdict.institution else title
    return [
        TextLine(step, is_typed=True),
        TextLine(str(verdict.get_verdict_display())),
        TextLine(day_of(verdict.at.date() if verdict.at else None)),
        TextLine(verdict.reason, is_typed=True),
    ]


def part_of_answer(draft: Draft) -> Part:
    title = pgettext("file of submissions", "Answer of %(institution)s") % {"institution": draft.institution}
    return Part(title, [TextLine(line, draft.language, is_typed=True) for line in draft.text.splitlines() if line])
