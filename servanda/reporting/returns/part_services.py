"""Decide on one part of a section that was divided since its Word file was made."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.reporting.models import ReportSection, ReturnedPart, ReturnedSection
from servanda.reporting.returns.parts import Part, divisions_since, parts_of
from servanda.reporting.returns.services import (
    NOTHING_WRITTEN,
    State,
    lock_returned,
    refuse_decided,
    refuse_parts,
    undecided,
    undo_part,
    write_part,
)
from servanda.trail.models import Event


@transaction.atomic
def accept_returned_part(*, returned: ReturnedSection, section: ReportSection, seen: int | None, by: User) -> None:
    """Write what came back for this part, together with what was changed there since.

    Raises `ChangedMeanwhile` if the part differs from the version that the person saw, and `Refused` if it is decided
    already.
    """
    locked, parts, part = lock_part(returned, section, by=by)
    write_part(locked, part, seen=seen, by=by)
    record(section, State.PROPOSED, State.ACCEPTED, by=by)
    close(locked, parts, by=by)


@transaction.atomic
def refuse_returned_part(*, returned: ReturnedSection, section: ReportSection, by: User) -> None:
    """Leave this part as it is. Raises `Refused` if it is decided already."""
    locked, parts, part = lock_part(returned, section, by=by)
    refuse_parts(locked, [part])
    record(section, State.PROPOSED, State.REFUSED, by=by)
    close(locked, parts, by=by)


@transaction.atomic
def undo_returned_part(*, returned: ReturnedSection, section: ReportSection, by: User) -> None:
    """Take back the decision on this part. Raises `Refused` if the part was changed since its text was accepted."""
    locked = lock_returned(returned, by=by)
    row = locked.parts.select_related("section").filter(section=section).first()
    if row is None:
        raise Refused(_("Another user has just done this."))
    if locked.written_version:
        raise Refused(_("This part was decided together with its section. Undo the decision on the section instead."))
    record(section, row.state, State.PROPOSED, by=by)
    undo_part(row, by=by)
    set_state(locked, State.PROPOSED, by=None)


def lock_part(
    returned: ReturnedSection, section: ReportSection, *, by: User
) -> tuple[ReturnedSection, Sequence[Part], Part]:
    locked = lock_returned(returned, by=by)
    refuse_decided(locked, State.PROPOSED)
    parts = parts_of(locked, divisions_since(locked.word_return))
    found = next((part for part in undecided(locked, parts) if part.section == section), None)
    if found is None:
        raise Refused(_("Another user has just done this."))
    return locked, parts, found


def close(returned: ReturnedSection, parts: Sequence[Part], *, by: User) -> None:
    """The section is decided with the last of its parts."""
    if not undecided(returned, parts):
        is_accepted = returned.parts.filter(state=ReturnedPart.State.ACCEPTED).exists()
        set_state(returned, State.ACCEPTED if is_accepted else State.REFUSED, by=by)


def set_state(returned: ReturnedSection, state: str, *, by: User | None) -> None:
    returned.state, returned.decided_by = state, by
    returned.decided_at = timezone.now() if by else None
    returned.written_version = NOTHING_WRITTEN if state == State.ACCEPTED else None
    returned.save()


def record(section: ReportSection, before: str, after: str, *, by: User) -> None:
    Event.record("returned-section-decided", section, by=by, difference={"state": [before, after]})
