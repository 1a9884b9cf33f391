"""Reads the feed of a peer over the network, as a source like a ZIP: within limits of time, size and number."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.feeds.introduction import introduction
from servanda.exchange.format.reading import parsed
from servanda.exchange.models import Peer
from servanda.exchange.parcels.verifying import Interrupted, NamedPage
from servanda.exchange.sharing.feed import path_of
from servanda.exchange.sharing.keys import SIGNATURE, signing_key
from servanda.exchange.sharing.services import own_site, refuse_site
from servanda.kit.outgoing import fetch
from servanda.kit.outgoing.fetch import Answer, Bounds, NotFetched, Question
from servanda.kit.refusal import Unreadable

FEED_TYPE, KEYS_TYPE = "application/activity+json", "application/json"
KEYS = ".well-known/servanda-exchange.json"
BOUNDS = Bounds(seconds=30.0, most_bytes=20_000_000)  # of each answer
# Of one pull: pages, and what is begun after so many bytes and seconds. The next pull continues.
MOST_PAGES, MOST_BYTES, MOST_SECONDS = 100, 40_000_000, 120.0
OK, NOT_MODIFIED, NOT_THERE = 200, 304, {404, 410}
LATER = {408, 425, 429, 500, 502, 503, 504}  # of a server that may answer again
LONGEST_TAG = LONGEST_REASON = 200


class PullLimitReached(Interrupted):
    """Raised when the limits of one pull are reached; this is no error."""


class OnlineFeed:
    """The feed of one peer during one pull."""

    def __init__(self, peer: Peer) -> None:
        self.origin, self.since = peer.origin, peer.sequence
        self.path, self.key = path_of(peer.audience), None
        if peer.reads_members:
            refuse_site(own_site())
            self.key = signing_key(on=timezone.now())
        self.pages = self.bytes = 0
        self.ends = time.monotonic() + MOST_SECONDS
        self.tag = ""  # of the index

    def open(self, known: str) -> tuple[bytes, bytes] | None:
        """The index and its signature; None where it is still the one with the known tag.

        Raises `Unreadable`, `Refused` and `Interrupted`.
        """
        answer = self.ask(self.path, {"If-None-Match": known} if known else {})
        if answer.status == NOT_MODIFIED:
            return None
        tag = answer.headers.get("etag", "")
        self.tag = tag if len(tag) <= LONGEST_TAG and tag.isascii() and tag.isprintable() else ""
        return answer.content, signature_of(answer)

    def keys(self) -> Mapping[str, Any]:
        """The document of the keys; empty where the peer has none. Raises as `open`."""
        answer = self.answer_of(KEYS, {}, KEYS_TYPE)
        if answer.status in NOT_THERE:
            return {}
        refuse_status(answer)
        document = parsed(answer.content)
        is_own = isinstance(document, Mapping) and document.get("origin") == self.origin
        return document if is_own else {}

    def signed(self, name: str) -> tuple[bytes, bytes]:
        if self.pages >= MOST_PAGES or self.bytes >= MOST_BYTES or time.monotonic() >= self.ends:
            raise PullLimitReached
        self.pages += 1
        number = int(name.removeprefix("pages/").removesuffix(".json"))  # as `pages_named` accepted it
        answer = self.ask(f"{self.path}/{number}", {})
        self.bytes += len(answer.content)
        return answer.content, signature_of(answer)

    def has_changed(self, index: bytes) -> bool:
        return self.ask(self.path, {}).content != index

    def refuse_others(self, pages: list[NamedPage]) -> None:
        """Only files named in the index are fetched, so there is nothing else to refuse."""

    def ask(self, path: str, headers: dict[str, str]) -> Answer:
        answer = self.answer_of(path, headers, FEED_TYPE)
        refuse_status(answer)
        return answer

    def answer_of(self, path: str, headers: dict[str, str], content_type: str) -> Answer:
        url = f"{self.origin}/{path}"
        if self.key:
            headers["Authorization"] = introduction(key=self.key, site=own_site(), url=url, on=timezone.now())
        question = Question(headers=headers, content_types=(content_type,))
        ask = fetch.ask_operators if self.origin in settings.PEERS_INSIDE else fetch.ask_others
        try:
            return ask(url, question, bounds=BOUNDS)
        except fetch.Interrupted as problem:
            sentence = _("The connection to the system of the peer failed: %(reason)s.")
            raise Interrupted(sentence % {"reason": shown(problem)}) from problem
        except NotFetched as problem:
            sentence = _("The reply of the peer’s system is not a feed: %(reason)s.")
            raise Unreadable(sentence % {"reason": shown(problem)}) from problem


def shown(problem: NotFetched) -> str:
    """The reason, which may repeat what the peer sent: a part of it, without control characters."""
    return "".join(filter(str.isprintable, str(problem)))[:LONGEST_REASON]


def refuse_status(answer: Answer) -> None:
    if answer.status in {OK, NOT_MODIFIED}:
        return
    if answer.status in LATER:
        sentence = _("The system of the peer cannot answer now (status %(status)d).")
        raise Interrupted(sentence % {"status": answer.status})
    if answer.status in NOT_THERE:
        raise Unreadable(_("The peer has no feed at its address. Ask whether it is online and open to you."))
    sentence = _("The reply of the peer’s system is not a feed: %(reason)s.")
    raise Unreadable(sentence % {"reason": f"status {answer.status}"})


def signature_of(answer: Answer) -> bytes:
    return answer.headers.get(SIGNATURE.lower(), "").encode("ascii", "replace")
