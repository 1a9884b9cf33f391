"""Opens and verifies a parcel of another mechanism, from a ZIP or as its feed online. Nothing of it is trusted before
its signatures are verified."""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple, Protocol

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from servanda.exchange.format.checking import Fault, FileChecks, origin_of_id, shown_id, type_of
from servanda.exchange.format.kinds import KIND_OF_TYPE, ExchangeKind
from servanda.exchange.format.reading import MOST_BYTES, parsed
from servanda.exchange.models import Audience, Peer
from servanda.exchange.sharing.feed import page_name
from servanda.exchange.sharing.keys import BadSignature, fingerprint_of, verify
from servanda.kit.files.archives import names_inside
from servanda.kit.refusal import Refused, Unreadable

PART = re.compile(r"(?:feed\.json|pages/[0-9]{5}\.json)(?:\.jws)?")
MOST_PARTS, MOST_PAGES, MOST_ITEMS = 2_002, 1_000, 200_000
MOST_UNPACKED = 200_000_000
MOST_FAULTS = 100  # that are kept of a parcel
EARLIEST = 2000  # the year: no feed is older, and the first and last days of the calendar have no local time
AHEAD = timedelta(hours=24)  # by which the clock of a peer may be fast


class KeyChanged(Exception):
    """The parcel is signed with a key that no one confirmed."""


class OlderParcel(Exception):
    """The parcel is older than one that was received before."""


class Interrupted(Exception):
    """The rest cannot be read now; what was verified so far is stored. The message is for the person."""


class Change(NamedTuple):
    """One object that a peer published, changed or withdrew."""

    id: str
    kind: str
    value: dict[str, Any] | None  # None when it is withdrawn
    at: datetime


@dataclass(slots=True)
class Verified:
    """What a parcel contains, after all its signatures were verified."""

    fingerprint: str
    sequence: int
    published: datetime
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0
    interruption: Interrupted | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.refused)


class NamedPage(NamedTuple):
    """A page as the index names it."""

    name: str
    sha256: str
    last: int | None  # sequence number of its last change; None where the index does not name it


class Source(Protocol):
    """Where the files of a parcel are read."""

    since: int  # the number of the last change that is known; it and those before are passed over

    def signed(self, name: str, /) -> tuple[bytes, bytes]:
        """A file and its signature. Raises `Unreadable` and `Interrupted`."""

    def has_changed(self, index: bytes, /) -> bool:
        """Whether there is another index now, so that a page may be another one than this index names."""

    def refuse_others(self, pages: list[NamedPage], /) -> None:
        """Raises `Unreadable` if there are files that the index does not list."""


class Archive:
    """The parts of a ZIP, each read within limits. Raises `Unreadable`."""

    since = 0

    def __init__(self, path: Path) -> None:
        names = names_inside(path)
        self.archive = zipfile.ZipFile(path)
        listed = self.archive.namelist()
        if len(listed) > MOST_PARTS or len(listed) != len(names) or not all(map(PART.fullmatch, listed)):
            raise Unreadable(_("This is not a parcel: it has files that do not belong in one."))
        self.names, self.left = names, MOST_UNPACKED

    def read(self, name: str) -> bytes:
        """Read within the limits; the size stated in the archive is not trusted."""
        if name not in self.names:
            raise Unreadable(_("The parcel is not complete: %(name)s is missing.") % {"name": name[:40]})
        most = min(MOST_BYTES, self.left)
        try:
            with self.archive.open(name) as part:
                content = part.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as problem:
            raise Unreadable(_("The parcel is damaged. Ask for it again.")) from problem
        if len(content) > most:
            raise Unreadable(_("The parcel unpacks to too much data and was not opened."))
        self.left -= len(content)
        return content

    def signed(self, name: str) -> tuple[bytes, bytes]:
        return self.read(name), self.read(f"{name}.jws")

    def has_changed(self, _index: bytes) -> bool:
        return False

    def refuse_others(self, pages: list[NamedPage]) -> None:
        if len(self.names) != 2 * len(pages) + 2:
            raise Unreadable(_("This is not a parcel: it has files that do not belong in one."))

    def close(self) -> None:
        self.archive.close()


class Index:
    """The part of a parcel that names its origin, key and pages. Raises `Unreadable`."""

    def __init__(self, content: bytes) -> None:
        value = parsed(content)
        if not isinstance(value, Mapping):
            raise Unreadable(not_a_parcel())
        origin, sequence, key = value.get("origin"), value.get("sequence"), value.get("key")
        published = parse_moment(value.get("published"))
        public = key.get("x") if isinstance(key, Mapping) else None
        if not (isinstance(origin, str) and type(sequence) is int and isinstance(public, str) and published):
            raise Unreadable(not_a_parcel())
        if not 0 <= sequence < 2**62:
            raise Unreadable(not_a_parcel())
        self.origin, self.sequence, self.public, self.published = origin, sequence, public, published
        self.replaced, self.revoked = value.get("replaced"), value.get("revoked")
        self.audience = Audience.MEMBERS if value.get("audience") == Audience.MEMBERS else Audience.EVERYONE
        self.pages = list(pages_named(value.get("pages")))


def not_a_parcel() -> str:
    return _("This is not a parcel, or it is damaged: its index cannot be read.")


def not_in_order() -> str:
    return _("The changes in the parcel are out of order, or one is included twice.")


def parse_moment(value: Any) -> datetime | None:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        read = moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):  # no moment, or one that is outside the calendar in UTC
        return None
    return read if read and read.year >= EARLIEST else None


def pages_named(pages: Any) -> Iterator[NamedPage]:
    if not isinstance(pages, list) or len(pages) > MOST_PAGES:
        raise Unreadable(not_a_parcel())
    for number, page in enumerate(pages, 1):
        page = page if isinstance(page, Mapping) else {}
        name, digest, last = page.get("name"), page.get("sha256"), page.get("last")
        if name != page_name(number) or not isinstance(digest, str) or type(last) not in {int, NoneType}:
            raise Unreadable(not_a_parcel())
        yield NamedPage(name, digest, last)


def verify_parcel(
    source: Source, content: bytes, signature: bytes, index: Index, peer: Peer, *, on: datetime
) -> Verified:
    """What the parcel contains that is not known. Raises `Unreadable`, `Refused`, `KeyChanged` and `OlderParcel`."""
    fingerprint = verified_key(content, signature, index, peer)
    refuse_audience(index, peer)
    refuse_times(index, peer, on)
    verified = Verified(fingerprint, index.sequence, index.published)
    reader = ItemReader(peer, verified, since=source.since, on=on)
    try:
        for page in index.pages:
            if page.last is None or page.last > source.since or not source.since:
                reader.read_page(verified_page(source, content, index, page), page.last)
    except Interrupted as problem:
        verified.interruption = problem
        verified.sequence = max(reader.last, source.since)
    source.refuse_others(index.pages)
    return verified


def verified_page(source: Source, index_content: bytes, index: Index, page: NamedPage) -> Any:
    content, signature = source.signed(page.name)
    is_named = hashlib.sha256(content).hexdigest() == page.sha256
    if is_named and is_signed(content, signature, index.public):
        return parsed(content)
    if not is_named and source.has_changed(index_content):
        raise Interrupted(_("The feed changed while it was being read."))
    raise Refused(_("The signature of %(name)s is wrong. The parcel was changed.") % {"name": page.name})


def is_signed(content: bytes, signature: bytes, public: str) -> bool:
    try:
        verify(content, signature, public)
    except BadSignature:
        return False
    return True


def verified_key(content: bytes, signature: bytes, index: Index, peer: Peer) -> str:
    """The fingerprint of the key of the parcel: the one that a person confirmed, or one that replaces it by a signed
    statement."""
    if not is_signed(content, signature, index.public):
        raise Refused(_("The signature of the parcel is wrong. The parcel was changed."))
    fingerprint = fingerprint_of(index.public)
    if fingerprint != peer.fingerprint and not is_replaced(index, peer.fingerprint):
        raise KeyChanged
    return fingerprint


def is_replaced(index: Index, confirmed: str) -> bool:
    """Whether the key that a person confirmed signed that the key of the parcel replaces it."""
    statements = index.replaced if isinstance(index.replaced, list) else []
    return any(states(statement, confirmed, index.public) for statement in statements[:50])


def states(statement: Any, confirmed: str, public: str) -> bool:
    try:
        content, signature, former = (statement[key] for key in ("content", "signature", "public"))
        if fingerprint_of(former) != confirmed:
            return False
        verify(content.encode(), signature.encode(), former)
        return bool(parsed(content.encode())["key"]["x"] == public)
    except (BadSignature, Unreadable, KeyError, TypeError, AttributeError):
        return False


def refuse_audience(index: Index, peer: Peer) -> None:
    """Both feeds of a peer have numbers of their own, so they cannot be read in turn."""
    if index.audience == peer.audience:
        return
    if peer.reads_members:
        sentence = _("This is what %(peer)s shares with everyone. Ask for its parcel for members, or edit the peer.")
    else:
        sentence = _(
            "This is what %(peer)s shares with its members. Edit the peer and select that you are a member, or ask "
            "for its public parcel."
        )
    raise Refused(sentence % {"peer": peer.name})


def refuse_times(index: Index, peer: Peer, on: datetime) -> None:
    refuse_future(index.published, on)
    if index.sequence < peer.sequence or (peer.published_at and index.published < peer.published_at):
        raise OlderParcel


def refuse_future(moment: datetime, on: datetime) -> None:
    if moment > on + AHEAD:
        sentence = _("The parcel is dated %(day)s, which is in the future. Compare the clocks of both systems.")
        raise Refused(sentence % {"day": moment.date().isoformat()})


def judged(value: Any, number: int, checks: FileChecks, peer: Peer) -> tuple[ExchangeKind | None, list[Fault]]:
    """The kind of an object, and its faults; a kind that the peer may not send is one."""
    faults = [Fault(number, shown_id(value), *fault) for fault in checks.faults_of(value)]
    kind = KIND_OF_TYPE.get(type_of(value))
    if kind and not faults and kind.code not in peer.kind_codes:
        sentence = _("This kind was not agreed with %(peer)s.") % {"peer": peer.name}
        faults = [Fault(number, shown_id(value), "type", sentence)]
    return kind, faults


class ItemReader:
    """Reads the activities of the pages of one parcel, in their order."""

    def __init__(self, peer: Peer, into: Verified, *, since: int, on: datetime) -> None:
        self.peer, self.into, self.since, self.on = peer, into, since, on
        self.checks = FileChecks()
        self.last = self.number = 0

    def read_page(self, page: Any, last: int | None) -> None:
        items = page.get("orderedItems") if isinstance(page, Mapping) else None
        if not isinstance(items, list):
            raise Unreadable(not_a_parcel())
        for item in items:
            self.read_item(item)
        if last is not None and self.last != last:
            raise Unreadable(not_in_order())

    def read_item(self, item: Any) -> None:
        self.number += 1
        item = item if isinstance(item, dict) else {}
        sequence, at = item.get("sequence"), parse_moment(item.get("published"))
        is_next = type(sequence) is int and self.last < sequence <= self.into.sequence
        if not is_next or at is None or self.number > MOST_ITEMS:
            raise Unreadable(not_in_order())
        refuse_future(at, self.on)
        self.last = sequence
        if sequence <= self.since:
            self.refuse_rewritten(at)
        elif item.get("type") == "Delete":
            self.withdraw(item.get("object"), at)
        elif item.get("type") in {"Create", "Update"}:
            self.receive(item.get("object"), at)
        else:
            raise Unreadable(not_a_parcel())

    def refuse_rewritten(self, at: datetime) -> None:
        """Raises `OlderParcel` if a change with a known number is dated later than everything received: the peer has
        used its numbers twice."""
        if self.peer.published_at and at > self.peer.published_at:
            raise OlderParcel

    def withdraw(self, tombstone: Any, at: datetime) -> None:
        identity: Any = tombstone.get("id") if isinstance(tombstone, Mapping) else tombstone
        if not isinstance(identity, str):
            raise Unreadable(not_a_parcel())
        self.refuse_foreign(identity)
        self.into.changes.append(Change(identity, "", None, at))

    def receive(self, value: Any, at: datetime) -> None:
        if isinstance(value, dict):
            self.refuse_foreign(value.get("id"))
        self.checks.ids.clear()  # a feed may have several changes of one object, of which the last counts
        kind, faults = judged(value, self.number, self.checks, self.peer)
        if faults or kind is None:
            self.into.refused += 1
            self.into.faults += faults[: MOST_FAULTS - len(self.into.faults)]
        else:
            self.into.changes.append(Change(value["id"], kind.code, value, at))

    def refuse_foreign(self, identity: Any) -> None:
        """Refuses ids of another origin: a peer may send only its own objects."""
        if isinstance(identity, str) and origin_of_id(identity) != self.peer.origin:
            sentence = _("The parcel names objects that do not belong to %(peer)s: %(id)s. Nothing was received.")
            raise Refused(sentence % {"peer": self.peer.name, "id": shown_id({"id": identity})})
