"""Keep or discard what was read in a Word file, and decide on each changed section and each comment."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed, unread_conflict
from servanda.reporting.models import ReportSection, ReturnedNote, ReturnedPart, ReturnedSection, WordReturn
from servanda.reporting.reports.services import lock_section, refuse_others, store_text
from servanda.reporting.returns.comparing import merged
from servanda.reporting.returns.parts import Part, divisions_since, parts_of
from servanda.trail.models import Event

State = ReturnedSection.State
NOTHING_WRITTEN = 0  # the version of a section that was divided: what was written is at its parts


@transaction.atomic
def keep_word_return(*, word_return: WordReturn, by: User) -> None:
    """Show comments and proposed texts to those who write. Raises `Refused` if it was kept already."""
    locked = lock_return(word_return, by=by)
    if locked.kept_at is not None:
        raise Refused(_("Another user has just done this."))
    locked.kept_at = timezone.now()
    locked.save(update_fields=["kept_at"])
    Event.record("word-return-kept", locked.report, by=by, difference={"file": ["", locked.name]})


@transaction.atomic
def discard_word_return(*, word_return: WordReturn, by: User) -> None:
    """Delete what was read, while it is a preview. Raises `Refused` afterwards."""
    locked = lock_return(word_return, by=by)
    if locked.kept_at is not None:
        raise Refused(_("This file has already been kept. Decide on its sections one by one."))
    Event.record("word-return-discarded", locked.report, by=by, difference={"file": [locked.name, ""]})
    locked.delete()


@transaction.atomic
def accept_returned_section(
    *, returned: ReturnedSection, seen: int | None, seen_parts: Mapping[int, int] | None = None, by: User
) -> None:
    """Write the proposed text to the section, together with what was changed there since it was sent; that of a
    section that was divided since, to those of its parts that are not decided. `seen_parts` are the versions of the
    other parts, by their keys in the database.

    Raises `ChangedMeanwhile` if the section or a part differs from the version that the person saw, and `Refused` if
    the returned section is decided already.
    """
    locked = lock_returned(returned, by=by)
    section = lock_section(locked.sent.section, by=by)
    refuse_if_changed(section.version, seen, unread_conflict())
    refuse_decided(locked, State.PROPOSED)
    first, *others = parts_of(locked, divisions_since(locked.word_return))
    if others:
        for part in undecided(locked, [first, *others]):
            version = seen if part.section == section else (seen_parts or {}).get(part.section.pk)
            write_part(locked, part, seen=version, by=by)
        locked.written_version = NOTHING_WRITTEN
    else:
        locked.replaced_text = section.text
        text = merged(first.sent, section.text, first.proposed).text
        locked.written_version = store_text(section, text, by=by, is_new_version=True).version
    decide(locked, State.ACCEPTED, by=by)


def undecided(returned: ReturnedSection, parts: Sequence[Part]) -> list[Part]:
    """Those that the file changed, without those on which there is a decision."""
    decided = set(returned.parts.values_list("section", flat=True))
    return [part for part in parts if part.is_changed and part.section.pk not in decided]


def write_part(returned: ReturnedSection, part: Part, *, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if the part was changed since."""
    section = lock_section(part.section, by=by)
    refuse_if_changed(section.version, seen, unread_conflict())
    former = section.text
    text = merged(part.sent, former, part.proposed).text
    written = store_text(section, text, by=by, is_new_version=True)
    ReturnedPart.objects.create(
        returned=returned, section=section, replaced_text=former, written_version=written.version
    )


@transaction.atomic
def refuse_returned_section(*, returned: ReturnedSection, by: User) -> None:
    """Leave the section as it is; of a divided one, the parts that are not decided. Raises `Refused` if the returned
    section is decided already."""
    locked = lock_returned(returned, by=by)
    refuse_decided(locked, State.PROPOSED)
    parts = parts_of(locked, divisions_since(locked.word_return))
    if len(parts) > 1:
        refuse_parts(locked, undecided(locked, parts))
    is_accepted = locked.parts.filter(state=ReturnedPart.State.ACCEPTED).exists()
    locked.written_version = NOTHING_WRITTEN if is_accepted else None
    decide(locked, State.ACCEPTED if is_accepted else State.REFUSED, by=by)


def refuse_parts(returned: ReturnedSection, parts: Iterable[Part]) -> None:
    refused = ReturnedPart.State.REFUSED
    for part in parts:
        ReturnedPart.objects.create(returned=returned, section=part.section, state=refused)


@transaction.atomic
def undo_returned_section(*, returned: ReturnedSection, by: User) -> None:
    """Undo a decision. Raises `Refused` if the section was changed since its text was accepted."""
    locked = lock_returned(returned, by=by)
    refuse_decided(locked, State.ACCEPTED, State.REFUSED)
    if locked.written_version:
        restore(locked.sent.section, locked.replaced_text, written=locked.written_version, by=by)
    for part in locked.parts.select_related("section"):
        undo_part(part, by=by)
    locked.replaced_text, locked.written_version = "", None
    decide(locked, State.PROPOSED, by=None)


def undo_part(part: ReturnedPart, *, by: User) -> None:
    if part.state == ReturnedPart.State.ACCEPTED:
        restore(part.section, part.replaced_text, written=part.written_version, by=by)
    part.delete()


def restore(section: ReportSection, text: str, *, written: int | None, by: User) -> None:
    locked = lock_section(section, by=by)
    if locked.version != written:
        raise Refused(_("The section was changed since. Restore an earlier version of it instead."))
    store_text(locked, text, by=by, is_new_version=True)


@transaction.atomic
def resolve_returned_comment(*, comment: ReturnedNote, by: User) -> None:
    locked = set_resolved(comment, by=by, is_resolved=True)
    Event.record("returned-comment-resolved", locked.word_return.report, by=by)


@transaction.atomic
def reopen_returned_comment(*, comment: ReturnedNote, by: User) -> None:
    locked = set_resolved(comment, by=by, is_resolved=False)
    Event.record("returned-comment-reopened", locked.word_return.report, by=by)


def set_resolved(comment: ReturnedNote, *, by: User, is_resolved: bool) -> ReturnedNote:
    refuse_others(by)
    rows = ReturnedNote.objects.select_for_update(of=("self",)).select_related("word_return__report")
    locked = rows.get(pk=comment.pk)
    if locked.is_resolved == is_resolved:
        raise Refused(_("Another user has just done this."))
    locked.is_resolved = is_resolved
    locked.save(update_fields=["is_resolved"])
    return locked


def lock_return(word_return: WordReturn, *, by: User) -> WordReturn:
    refuse_others(by)
    locked = WordReturn.objects.select_for_update().select_related("report").filter(pk=word_return.pk).first()
    if locked is None:
        raise Refused(_("Another user has just done this."))
    return locked


def lock_returned(returned: ReturnedSection, *, by: User) -> ReturnedSection:
    refuse_others(by)
    rows = ReturnedSection.objects.select_for_update(of=("self",)).select_related(
        "word_return__copy", "sent__section__report"
    )
    locked = rows.get(pk=returned.pk)
    if locked.word_return.kept_at is None:
        raise Refused(_("Keep what was read in this file first."))
    return locked


def refuse_decided(returned: ReturnedSection, *states: str) -> None:
    if returned.state not in states:
        raise Refused(_("Another user has just done this."))


def decide(returned: ReturnedSection, state: str, *, by: User | None) -> None:
    before = returned.state
    returned.state, returned.decided_by = state, by
    returned.decided_at = timezone.now() if by else None
    returned.save()
    section: ReportSection = returned.sent.section
    Event.record("returned-section-decided", section, by=by, difference={"state": [before, state]})
