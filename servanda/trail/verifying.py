"""Verifies that the trail is unchanged: entry by entry, against its head, and against the anchors.

The result names the kind of fault and the first bad entry. A chain that was rewritten as a whole is consistent in
itself, and so is an older copy of the database; only the anchors reveal those.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from servanda.kit.files.nesting import load_shallow
from servanda.trail.anchoring import Anchor, read_lines, valid_anchors
from servanda.trail.models import ChainHead, Event

AT_ONCE = 2000
UNREADABLE = (AttributeError, DatabaseError, OverflowError, TypeError, ValueError)
COMPARED = ("sequence", "hash", "action")
ACCEPTED = "restore-accepted"
ERASED = ("personal-data-erased", "obligation-files-erased")

WORDS = {
    "changed": _("Entry %(entry)d was changed."),
    "content": _("The content of entry %(entry)d was changed: it no longer matches its digest."),
    "erased": _("The content of entry %(entry)d was erased, but no later entry records a request to erase it."),
    "deleted": _("Entry %(entry)d was deleted; the next existing entry is number %(until)d."),
    "removed": _("Entry %(entry)d was deleted, and the entries after it were renumbered."),
    "inserted": _("Entry %(entry)d was inserted after the entries around it were written."),
    "reordered": _(
        "Entry %(entry)d is in the wrong place: the entry that belongs in its place is now number %(until)d."
    ),
    "rewritten-end": _("Entry %(entry)d was rewritten: it does not match the head of the chain."),
    "cut-off": _("The entries from %(entry)d on are missing: the head of the chain records entry %(until)d."),
    "appended": _("Entry %(entry)d was added after the end recorded in the head of the chain."),
    "older": _(
        "The entries from %(entry)d on are missing: the anchors record entry %(until)d. They were deleted, or "
        "an older copy of the database was restored."
    ),
    "rewritten": _(
        "The audit trail was rewritten between entry %(entry)d and entry %(until)d: it does not match the "
        "anchors. The same happens if an older copy of the database was restored and used."
    ),
    "unreadable": _("Entry %(entry)d cannot be read: its values were changed or damaged."),
    "emptied": _("The audit trail has no entries, although there are accounts: the entries were deleted."),
    "unfounded": _("An anchor claims that entry %(entry)d accepts a restore, but it does not."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The kind of fault, and the first entry that has it."""

    kind: str
    entry: int
    until: int = 0

    def __str__(self) -> str:
        return str(WORDS[self.kind]) % {"entry": self.entry, "until": self.until}


@dataclass(slots=True)
class Reach:
    """How far the anchors confirm the trail."""

    anchors: int = 0
    last: Anchor | None = None
    unreadable: int = 0
    accepted: list[Event] = field(default_factory=list)
    differs_at: int | None = None
    fault: Fault | None = None


@dataclass(slots=True)
class Verdict:
    entries: int
    faults: list[Fault]
    reach: Reach


def verify() -> Verdict:
    last, broken = walk()
    reach = compare_with_anchors(last.sequence)
    faults = [fault for fault in (broken, reach.fault) if fault]
    if not last.sequence and not faults and get_user_model().objects.exists():
        faults = [Fault("emptied", 0)]
    return Verdict(last.sequence, sorted(faults, key=lambda fault: fault.entry), reach)


def walk() -> tuple[Event, Fault | None]:
    """The last entry that was checked, and the fault at it or behind it. Memory does not grow with the trail.

    Entries may be added meanwhile, so the head is read before the entries and once more after them.
    """
    head = read_head()
    previous = Event(sequence=0, hash="")
    try:
        erased = erased_by_deeds()
        for event in Event.objects.order_by("sequence").iterator(chunk_size=AT_ONCE):
            if fault := fault_between(previous, event) or fault_within(event, erased):
                return event, fault
            if event.sequence == head.sequence and event.hash != head.hash:
                return event, Fault("rewritten-end", event.sequence)
            previous = event
    except UNREADABLE:
        if (number := first_unreadable()) is None:
            raise
        return previous, Fault("unreadable", number)
    return previous, fault_at_end(previous, head)


def first_unreadable() -> int | None:
    """The first entry with values that a column cannot have: someone wrote them past this program."""
    before = 0
    for number in Event.objects.order_by("sequence").values_list("sequence", flat=True).iterator():
        try:
            event = Event.objects.get(sequence=number)
            fault_of(event)
        except UNREADABLE:
            return number if isinstance(number, int) else before + 1
        before = number
    return None


def faults_shown(events: Iterable[Event]) -> list[Fault]:
    """The faults of these entries in themselves, for a page that shows them. Whether entries are missing or were
    rewritten with all that follow is a question for `verify`."""
    return [fault for event in events if (fault := fault_of(event))]


def fault_of(event: Event) -> Fault | None:
    return Fault("changed", event.sequence) if event.hash != event.link() else fault_of_content(event)


def fault_of_content(event: Event) -> Fault | None:
    """Whether its words are those that it was written with; erased ones are not looked at."""
    if has_no_words(event) or event.digest_of_content() == event.digest:
        return None
    return Fault("content", event.sequence)


def has_no_words(event: Event) -> bool:
    return event.is_erased and not (event.object_label or event.difference)


def read_head() -> ChainHead:
    return ChainHead.objects.filter(pk=1).first() or ChainHead(sequence=0)


def fault_at_end(last: Event, head: ChainHead) -> Fault | None:
    if last.sequence < head.sequence:
        return Fault("cut-off", last.sequence + 1, head.sequence)
    if last.sequence > (now := read_head().sequence):
        return Fault("appended", now + 1)
    return None


def fault_between(previous: Event, event: Event) -> Fault | None:
    """Whether an entry follows the one before it."""
    if event.sequence > previous.sequence + 1:
        return Fault("deleted", previous.sequence + 1, event.sequence)
    if event.sequence <= previous.sequence:
        return Fault("inserted", event.sequence)
    if event.hash != event.link():
        return misfit(previous, event)
    if event.previous_hash != previous.hash:
        # This entry's own hash is valid, so the hash of the previous entry was changed.
        return Fault("changed", max(previous.sequence, 1))
    return None


def misfit(previous: Event, event: Event) -> Fault:
    """The fault at an entry whose hash does not match: changed, inserted, moved, or renumbered after a deletion."""
    successors = Event.objects.filter(previous_hash=previous.hash, sequence__gt=event.sequence)
    moved_to = successors.order_by("sequence").values_list("sequence", flat=True).first()
    written_as = number_of(event)
    if written_as is None:
        return Fault("changed" if moved_to is None else "inserted", event.sequence)
    if written_as < event.sequence:
        return Fault("inserted", written_as)
    if moved_to is None:
        return Fault("removed", event.sequence)
    return Fault("reordered", event.sequence, moved_to)


def number_of(event: Event) -> int | None:
    """The number under which an entry was written, if nothing but the number was changed."""
    highest = Event.objects.aggregate(Max("sequence"))["sequence__max"]
    renumbered = copy.copy(event)
    for number in range(1, max(highest, read_head().sequence) + 2):
        renumbered.sequence = number
        if renumbered.link() == event.hash:
            return number
    return None


def fault_within(event: Event, erased: dict[int, int]) -> Fault | None:
    """Whether the words of an entry are those that it was written with, or were erased on request."""
    if has_no_words(event):
        return None if erased.get(event.sequence, 0) > event.sequence else Fault("erased", event.sequence)
    return fault_of_content(event)


def erased_by_deeds() -> dict[int, int]:
    """The last entry that records the erasure, by the number of each erased entry."""
    deeds = Event.objects.filter(action__in=ERASED).order_by("sequence").values_list("sequence", "difference")
    return {number: deed for deed, difference in deeds.iterator() for number in erased_in(difference)}


def erased_in(difference: str) -> Iterator[int]:
    try:
        numbers, _nothing = load_shallow(difference)["erased"]
    except (ValueError, TypeError, KeyError):
        return
    if isinstance(numbers, list):
        yield from (number for number in numbers if isinstance(number, int))


def compare_with_anchors(last: int) -> Reach:
    """What the anchors say about a trail that ends with this entry."""
    reach = Reach(unreadable=sum(anchor is None for anchor in read_lines()))
    beyond = 0
    for anchors in batched(valid_anchors(), 500):
        events = Event.objects.only(*COMPARED).in_bulk({anchor.sequence for anchor in anchors}, field_name="sequence")
        for anchor in anchors:
            reach.anchors += 1
            event = events.get(anchor.sequence)
            if event is not None and event.hash == anchor.hash:
                agree(reach, anchor, event)
            else:
                beyond = max(beyond, anchor.sequence if anchor.sequence > last else 0)
                reach.differs_at = min(reach.differs_at or anchor.sequence, anchor.sequence)
    reach.fault = reach.fault or disagreement(reach, last, beyond)
    return reach


def agree(reach: Reach, anchor: Anchor, event: Event) -> None:
    if reach.last is None or anchor.sequence >= reach.last.sequence:
        reach.last = anchor
    if anchor.set_aside_from is None:
        return
    if event.action == ACCEPTED:
        reach.accepted.append(event)
    else:
        reach.fault = Fault("unfounded", anchor.sequence)


def disagreement(reach: Reach, last: int, beyond: int) -> Fault | None:
    if reach.differs_at is None:
        return None
    if reach.differs_at > last:
        return Fault("older", last + 1, beyond)
    agreed = reach.last.sequence if reach.last else 0
    return Fault("rewritten", min(agreed + 1, reach.differs_at), reach.differs_at)
