"""The one way by which anything goes out over HTTP.

A name is resolved once, every IP address that it resolves to is checked (`web_addresses.py`), and the connection goes
to a checked address, with the certificate verified for the name. Redirects are not followed, proxies of the
environment are not used, cookies are not kept, and a response is limited in time, size and unpacked size.
"""

import io
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, cast

import requests
from requests import RequestException as RequestException  # for whoever uses a session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from servanda.kit.outgoing.bounded_lines import BoundedReader, Deadline
from servanda.kit.outgoing.web_addresses import PORTS, WebAddress, address_of_operator, address_of_others

AT_A_TIME = 16_384
MOST_BYTES_OF_HEAD = 100_000
UNPACKED = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # window sizes by which zlib recognises the format
USER_AGENT = "Servanda"
NOT_MODIFIED = 304
type Judge = Callable[[str, object], None]


class NotFetched(OSError):
    """There was no usable response; the message is for the operator."""


class Interrupted(NotFetched):
    """There was no connection, or it ended too early: the same question may be answered later."""


@dataclass(frozen=True)
class Bounds:
    seconds: float = 10.0  # for everything: name resolution, connection, request and response
    most_bytes: int = 1_000_000  # of the response, unpacked


@dataclass(frozen=True)
class Question:
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_types: tuple[str, ...] = ()  # those that are accepted of an answer that is no error; empty: any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes


def ask_operators(url: str, question: Question, *, bounds: Bounds) -> Answer:
    """Send a request to a server that the operator named, which may be inside the network. Raises `NotFetched`."""
    try:
        return ask(address_of_operator(url), question, bounds)
    except ValueError as problem:
        raise NotFetched(str(problem)) from problem


def ask_others(url: str, question: Question, *, bounds: Bounds) -> Answer:
    """Send a request to a server that a user or another system named, which must be public.

    Raises `Refused` where the address is not allowed, and `NotFetched`.
    """
    return ask(address_of_others(url), question, bounds)


def ask(address: WebAddress, question: Question, bounds: Bounds) -> Answer:
    deadline = Deadline(bounds.seconds)
    try:
        with closing(connect(address, deadline)) as line:
            connection = HTTPConnection(address.host, address.port)
            connection.default_port = PORTS[address.scheme]
            connection.sock = cast(Any, BoundedLine(line, deadline, bounds.most_bytes + MOST_BYTES_OF_HEAD))
            connection.request(question.method, address.path, question.body or None, headers_of(question))
            return read_answer(connection.getresponse(), question, bounds.most_bytes)
    except (OSError, HTTPException, ValueError) as problem:
        if isinstance(problem, NotFetched):
            raise
        raise Interrupted(f"{address.host}: {reason(problem)}") from problem


def headers_of(question: Question) -> dict[str, str]:
    fixed = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    return {"Accept": ", ".join(question.content_types) or "*/*", **question.headers, **fixed}


def reason(problem: Exception) -> str:
    """The message of an error; sockets report a timeout in several ways."""
    return "it takes too long" if isinstance(problem, TimeoutError) else str(problem) or type(problem).__name__


def connect(address: WebAddress, deadline: Deadline) -> socket.socket:
    """Connect to the first address that accepts; all are checked before the first is tried. Raises `NotFetched`."""
    places = resolve(address, deadline)
    if not all(address.may_lead_to(str(place[4][0])) for place in places):
        raise NotFetched(f"{address.host} leads to an address that is not public")
    line = first_that_answers(places, deadline)
    if address.scheme == "http":
        return line
    try:
        line.settimeout(deadline.seconds_left())
        return ssl.create_default_context().wrap_socket(line, server_hostname=address.host)
    except BaseException:
        line.close()
        raise


def first_that_answers(places: list[tuple], deadline: Deadline) -> socket.socket:
    problem = OSError("the name leads nowhere")
    for family, kind, protocol, _name, place in places:
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(deadline.seconds_left())
            line.connect(place)
        except OSError as failed:
            line.close()
            problem = failed
        else:
            return line
    raise problem


def resolve(address: WebAddress, deadline: Deadline) -> list[tuple]:
    """All addresses of a name, resolved in a thread of its own because the system's resolver has no timeout.

    Raises `TimeoutError`, and whatever the resolver raises.
    """
    addresses: list[tuple] = []
    problems: list[Exception] = []

    def look_up() -> None:
        try:
            addresses.extend(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as problem:
            problems.append(problem)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(deadline.seconds_left())
    for problem in problems:
        raise problem
    if not addresses:
        raise TimeoutError
    return addresses


class BoundedLine:
    """What `http.client` needs of a socket."""

    def __init__(self, line: socket.socket, deadline: Deadline, most: int) -> None:
        self.line, self.deadline, self.most = line, deadline, most

    def sendall(self, content: bytes) -> None:
        for start in range(0, len(content), AT_A_TIME):
            self.line.settimeout(self.deadline.seconds_left())
            self.line.sendall(content[start : start + AT_A_TIME])

    def makefile(self, *_mode: str) -> io.BufferedReader:
        return io.BufferedReader(BoundedReader(self.line, self.deadline, self.most))

    def close(self) -> None:
        """Called when `http.client` has sent everything; the response is still to be read."""


def read_answer(response: HTTPResponse, question: Question, most: int) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    if response.status == NOT_MODIFIED and "If-None-Match" in question.headers:
        return Answer(response.status, headers, b"")
    if 300 <= response.status < 400:
        raise NotFetched(f"status {response.status}: redirects are not followed")
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status < 400 and question.content_types and content_type not in question.content_types:
        raise NotFetched(
            f"its answer is {content_type or 'of no type'} and not {' or '.join(question.content_types)}"
        )
    content = bytearray()
    unpack = unpacker(headers.get("content-encoding", ""))
    while piece := response.read1(AT_A_TIME):
        content += unpack(piece, most + 1 - len(content))
        if len(content) > most:
            raise NotFetched("its answer is too long")
    if response.length:
        raise Interrupted("its answer ends before it is whole")
    return Answer(response.status, headers, bytes(content))


def unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """We ask for uncompressed responses, but some servers compress anyway.

    The function returned takes a piece and the number of bytes that it may return at most. Raises `NotFetched`.
    """
    if encoding.strip().lower() in {"", "identity"}:
        return lambda piece, _most: piece
    if encoding.strip().lower() not in UNPACKED:
        raise NotFetched(f"its answer is packed as {encoding[:40]!r}")
    unpacking = zlib.decompressobj(UNPACKED[encoding.strip().lower()])

    def unpack(piece: bytes, most: int) -> bytes:
        try:
            return unpacking.decompress(piece, most)
        except zlib.error as problem:
            raise NotFetched("its answer cannot be unpacked") from problem

    return unpack


class OperatorsSession(requests.Session):
    """The same limits for libraries that use a session of `requests`; only for servers that the operator named.

    `scheme` is that of the address in the settings, so that an https provider cannot send us to an http address.
    `judge` checks each response that is read as JSON, and raises `ValueError`.
    """

    def __init__(self, *, scheme: str, bounds: Bounds, judge: Judge = lambda _url, _content: None) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        self.mount(f"{scheme}://", BoundedAdapter(bounds, judge))


class BoundedAdapter(BaseAdapter):
    def __init__(self, bounds: Bounds, judge: Judge) -> None:
        super().__init__()
        self.bounds, self.judge = bounds, judge

    def send(self, request: requests.PreparedRequest, *_rest: Any, **_options: Any) -> requests.Response:
        body = request.body or b""
        question = Question(
            method=request.method or "GET",
            body=body.encode() if isinstance(body, str) else bytes(cast(bytes, body)),
            headers={name: str(value) for name, value in request.headers.items() if name != "Content-Length"},
        )
        try:
            answer = ask_operators(request.url or "", question, bounds=self.bounds)
        except NotFetched as problem:
            raise requests.ConnectionError(str(problem), request=request) from problem
        return JudgedResponse(request, answer, self.judge)

    def close(self) -> None:
        """Nothing stays open."""


class JudgedResponse(requests.Response):
    def __init__(self, request: requests.PreparedRequest, answer: Answer, judge: Judge) -> None:
        super().__init__()
        self.status_code, self.url, self.request, self.judge = answer.status, request.url or "", request, judge
        self.headers = CaseInsensitiveDict(answer.headers)
        self.encoding = get_encoding_from_headers(self.headers)
        self.raw = io.BytesIO(answer.content)
        self._content = answer.content

    def json(self, **options: Any) -> Any:
        try:
            content = super().json(**options)
            self.judge(self.url, content)
        except (ValueError, RecursionError) as problem:
            raise requests.RequestException(str(problem), request=self.request) from problem
        return content
