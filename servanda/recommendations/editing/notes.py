"""Internal notes on a record. They are withdrawn, never deleted, and do not change the version of the record, so that
they do not disturb anyone who is editing it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.models import Note, Recommendation
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event


@transaction.atomic
def add_note(*, recommendation: Recommendation, text: str, by: User) -> Note:
    """Add a note that only colleagues can read. Raises `Refused` where nothing readable is left of the text."""
    if not (text := clean(text)):
        raise Refused(_("The note has no readable text. Enter it again."))
    note = Note.objects.create(recommendation=recommendation, author=by, text=text)
    Event.record("note-added", recommendation, by=by, difference={"note": ["", text]})
    return note


@transaction.atomic
def withdraw_note(*, note: Note, by: User) -> None:
    """Remove a note from the page of the record; it can be restored. Raises `Refused`."""
    refuse_others(note, by)
    if not Note.objects.standing().filter(pk=note.pk).update(withdrawn_at=timezone.now()):
        raise Refused(_("This note has already been withdrawn."))
    Event.record("note-withdrawn", note.recommendation, by=by, difference={"note": [note.text, ""]})


@transaction.atomic
def restore_note(*, note: Note, by: User) -> None:
    refuse_others(note, by)
    if not Note.objects.exclude(withdrawn_at=None).filter(pk=note.pk).update(withdrawn_at=None):
        raise Refused(_("This note is not withdrawn."))
    Event.record("note-restored", note.recommendation, by=by, difference={"note": ["", note.text]})


def refuse_others(note: Note, by: User) -> None:
    if note.author_id != by.pk and not can(by, Can.EDIT_REGISTER):
        raise Refused(_("Only the author of a note or a coordinator can do this."))
