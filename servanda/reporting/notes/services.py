"""Comments, suggestions and tasks on a section: add, reply, resolve, reopen, accept a suggestion."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed, unread_conflict
from servanda.reporting.models import ReportSection, SectionNote
from servanda.reporting.reports.services import lock_section, store_text
from servanda.sources.printed.reasons import refuse_longer
from servanda.sources.printed.texts import typed, without_unseen
from servanda.trail.models import Event

Kind, Outcome = SectionNote.Kind, SectionNote.Outcome
LONGEST_TEXT = 10_000
MOST_NOTES = 2_000  # of a section, with replies


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteValues:
    kind: str = Kind.COMMENT
    text: str = ""
    passage: str = ""
    replacement: str = ""
    owner: User | None = None
    due_on: date | None = None


@transaction.atomic
def add_section_note(*, section: ReportSection, values: NoteValues, by: User) -> SectionNote:
    """Add a comment, a suggestion for a passage of the text, or a task for a person who reads the section.

    Raises `FieldRefused` if something is missing, the passage is not in the text, or the person does not read it.
    """
    locked = lock_readable(section, by=by)
    text, passage = typed(values.text), without_unseen(values.passage.replace("\r\n", "\n"))
    if not text and values.kind != Kind.SUGGESTION:
        raise FieldRefused("text", _("Enter a text."))
    if values.kind == Kind.SUGGESTION:
        refuse_other_passage(locked, passage)
    refuse_other_fields(values)
    if values.kind == Kind.TASK and values.owner is None:
        raise FieldRefused("owner", _("Choose a person."))
    if values.kind == Kind.TASK and not reads(values.owner, locked):
        raise FieldRefused("owner", _("This person cannot read the section. Choose another one."))
    is_suggestion, is_task = values.kind == Kind.SUGGESTION, values.kind == Kind.TASK
    note = SectionNote.objects.create(
        section=locked,
        kind=values.kind,
        text=text,
        passage=passage,
        replacement=without_unseen(values.replacement.replace("\r\n", "\n")) if is_suggestion else "",
        owner=values.owner if is_task else None,
        due_on=values.due_on if is_task else None,
        by=by,
    )
    Event.record("report-note-added", locked, by=by, difference={"kind": ["", values.kind]})
    return note


@transaction.atomic
def reply_section_note(*, note: SectionNote, text: str, by: User) -> SectionNote:
    """Raises `Refused` if the text is missing or too long, or the thread is closed."""
    locked = lock_note(note, by=by)
    if not locked.is_open:
        raise Refused(_("This comment is closed. Reopen it first."))
    if not (said := typed(text)):
        raise Refused(_("Enter a text."))
    refuse_longer("text", said, LONGEST_TEXT)
    lock_readable(locked.section, by=by)
    reply = SectionNote.objects.create(section=locked.section, parent=locked, text=said, by=by)
    Event.record("report-note-added", locked.section, by=by, difference={"kind": ["", "reply"]})
    return reply


@transaction.atomic
def resolve_section_note(*, note: SectionNote, by: User) -> None:
    """Also declines a suggestion, and completes a task. Raises `Refused` if it is closed."""
    close(lock_note(note, by=by), Outcome.RESOLVED, by=by)


@transaction.atomic
def reopen_section_note(*, note: SectionNote, by: User) -> None:
    """Raises `Refused` if it is open, or a suggestion that was accepted."""
    locked = lock_note(note, by=by)
    if locked.outcome != Outcome.RESOLVED:
        raise Refused(_("This cannot be reopened."))
    locked.outcome, locked.closed_by, locked.closed_at = Outcome.OPEN, None, None
    locked.save(update_fields=["outcome", "closed_by", "closed_at"])
    Event.record("report-note-reopened", locked.section, by=by, difference={"kind": ["", locked.kind]})


@transaction.atomic
def accept_suggestion(*, note: SectionNote, seen: int, by: User) -> ReportSection:
    """Put the new text in the place of the passage, as a new version.

    Raises `Refused` if the person does not write the section, or the text no longer has the passage exactly once,
    and `ChangedMeanwhile` if another user saved the section since.
    """
    locked = lock_note(note, by=by)
    section = lock_section(locked.section, by=by)
    refuse_if_changed(section.version, seen, unread_conflict())
    if locked.kind != Kind.SUGGESTION:
        raise Refused(_("This cannot be accepted."))
    refuse_other_passage(section, locked.passage)
    close(locked, Outcome.ACCEPTED, by=by)
    text = section.text.replace(locked.passage, locked.replacement, 1)
    return store_text(section, text, by=by, is_new_version=True)


def close(note: SectionNote, outcome: str, *, by: User) -> None:
    if not note.is_open:
        raise Refused(_("Another user has just done this."))
    note.outcome, note.closed_by, note.closed_at = outcome, by, timezone.now()
    note.save(update_fields=["outcome", "closed_by", "closed_at"])
    Event.record("report-note-closed", note.section, by=by, difference={"state": ["", outcome]})


def refuse_other_fields(values: NoteValues) -> None:
    """Refuse what this kind does not keep, so that nothing is lost without a word."""
    if values.kind != Kind.TASK and values.owner:
        raise FieldRefused("owner", _("Only a task has a person. Choose the kind “Task”, or no person."))
    if values.kind != Kind.TASK and values.due_on:
        raise FieldRefused("due_on", _("Only a task has a deadline. Choose the kind “Task”, or delete the date."))
    if values.kind != Kind.SUGGESTION and values.replacement.strip():
        sentence = _("Only a suggestion has a new text. Choose the kind “Suggestion”, or delete the new text.")
        raise FieldRefused("replacement", sentence)


def refuse_other_passage(section: ReportSection, passage: str) -> None:
    if not passage.strip():
        raise FieldRefused("passage", _("Copy the passage from the text."))
    times = section.text.count(passage)
    if times == 0:
        raise FieldRefused("passage", _("The text of the section has no such passage. Copy it from the text."))
    if times > 1:
        raise FieldRefused("passage", _("The text has this passage more than once. Copy a longer one."))


def reads(person: User | None, section: ReportSection) -> bool:
    return ReportSection.objects.readable_by(person).filter(pk=section.pk).exists() if person else False


def lock_readable(section: ReportSection, *, by: User) -> ReportSection:
    """The section, locked until the transaction ends. Raises `Refused` for others, or if it has too many comments."""
    rows = ReportSection.objects.readable_by(by).order_by()
    locked = ReportSection.objects.select_for_update().filter(pk=section.pk, pk__in=rows.values("pk")).first()
    if locked is None:
        raise Refused(_("You do not have permission to comment on this section."))
    if SectionNote.objects.filter(section=locked).count() >= MOST_NOTES:
        raise Refused(_("This section has too many comments. Continue in another section."))
    return locked


def lock_note(note: SectionNote, *, by: User) -> SectionNote:
    rows = SectionNote.objects.visible_to(by).threads().order_by()
    locked = SectionNote.objects.select_for_update().filter(pk=note.pk, pk__in=rows.values("pk")).first()
    if locked is None:
        raise Refused(_("You do not have permission to comment on this section."))
    return locked
