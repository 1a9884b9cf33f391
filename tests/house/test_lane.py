"""Which pages are made in the lane for heavy answers, and what happens to whoever waits for one too many."""

import asyncio
import re
import socket
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import URLPattern, get_resolver

from servanda.kit.server import lane as lanes
from servanda.kit.server.front import Front
from servanda.kit.server.lane import FILE, PICTURE, Busy, Helper, Lane, TooLong
from servanda.kit.server.whole_answers import Answer, spool
from tests.house.test_body_limits import views

ENDING = re.compile(r"(\.(svg|csv|xlsx|pdf|json)|format>[^/]*)\$?$")
# Their answers are short and made of what is in memory, or files that are stored.
LIGHT = {"sheet_template", "openapi", "kind_schema", "submitted_file", "submitted_report_file"}
LIGHT |= {"submitted_translation", "submitted_report_translation", "exchange_keys"}


def addresses() -> dict[str, object]:
    """Addresses that end like a file, with their views."""
    found, waiting = {}, [get_resolver()]
    while waiting:
        for pattern in waiting.pop().url_patterns:
            if not isinstance(pattern, URLPattern):
                waiting.append(pattern)
            elif ENDING.search(str(pattern.pattern)):
                found[str(pattern.pattern)] = pattern.callback
    return found


def test_every_address_that_ends_like_a_file_is_made_in_the_lane():
    found = {address: view for address, view in addresses().items() if view.__name__ not in LIGHT}
    assert len(found) >= 15
    assert [address for address, view in found.items() if getattr(view, "heavy", "") not in (FILE, PICTURE)] == []


def test_the_pictures_of_a_page_wait_in_a_longer_queue_than_files():
    weights = Counter(view.heavy for view in views().values() if hasattr(view, "heavy"))
    assert set(weights) == {FILE, PICTURE}
    assert lanes.WAITING[PICTURE] > lanes.WAITING[FILE]


class Instant:
    """In the place of the process."""

    def ask(self, _environ: dict) -> Answer:
        return Answer(200, [], spool())


def run_in_a_loop(coroutine: Coroutine) -> object:
    """In a thread of its own: after a browser test this one has Playwright's loop, and a thread has one loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def wait_for(lane: Lane, addresses: list[str]) -> Counter:
    async def one(address: str) -> str:
        try:
            (await lane.make_answer({}, FILE, address)).body.close()
        except Busy:
            return "told to come back"
        return "made"

    return Counter(await asyncio.gather(*(one(address) for address in addresses)))


def test_few_wait_and_the_others_are_told_to_come_back():
    lane = Lane()
    lane.helper = Instant()
    outcome = run_in_a_loop(wait_for(lane, [str(number) for number in range(20)]))
    assert outcome == {"made": lanes.WAITING[FILE], "told to come back": 20 - lanes.WAITING[FILE]}
    assert (lane.waiting.total(), lane.by_address.total()) == (0, 0)


def test_one_address_does_not_take_all_places():
    lane = Lane()
    lane.helper = Instant()
    outcome = run_in_a_loop(wait_for(lane, ["one"] * 4 + ["another"]))
    assert outcome["made"] == lanes.FROM_ONE_ADDRESS[FILE] + 1


def test_whoever_waited_too_long_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(lanes, "PATIENCE", 0.05)

    async def queue() -> None:
        lane = Lane()
        async with lane.turn:
            with pytest.raises(Busy):
                await lane.make_answer({}, FILE, "one")
        assert lane.waiting.total() == 0

    run_in_a_loop(queue())


class Running:
    """In the place of a process that still runs."""

    def poll(self) -> None:
        return None


def linked_helper() -> tuple[Helper, socket.socket]:
    helper = Helper()
    helper.link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    helper.process = Running()
    return helper, theirs


@pytest.mark.parametrize("letter", ["a", "\xe9"])
def test_a_head_that_is_longer_than_the_process_receives_is_not_sent_to_it(letter):
    """What arrives of it cannot be read and would end the process, and the next person would wait for another."""
    helper, theirs = linked_helper()
    with helper.link, theirs:
        with pytest.raises(TooLong):
            helper.ask({"HTTP_X": letter * lanes.MESSAGE})
        theirs.settimeout(0)
        with pytest.raises(BlockingIOError):
            theirs.recv(1)


def test_whoever_sends_such_a_head_is_told_so():
    helper, theirs = linked_helper()
    lane = Lane()
    lane.helper = helper
    head = {"REQUEST_METHOD": "GET", "PATH_INFO": "/recommendations.csv", "REMOTE_ADDR": "192.0.2.1"}
    with helper.link, theirs:
        answer = run_in_a_loop(Front(print, lane).make_answer({**head, "HTTP_X": "\xe9" * 105_000}))
    with answer.body:
        assert (answer.status, answer.body.read()) == (431, b"The head of the request is too long.\n")
