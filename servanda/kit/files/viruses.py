"""What a ClamAV daemon says of a file, asked by its INSTREAM command; without a daemon nothing is asked."""

import socket
import struct
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

WAITS = 30  # seconds
PART = 65_536
LONGEST_ANSWER = 4_096


def refuse_infected(path: Path, name: str) -> None:
    """Refused as well when nobody answers: a file that was not looked at is not let in."""
    if not settings.CLAMD:
        return
    try:
        with path.open("rb") as file:
            answer = ask(file)
    except OSError as problem:
        sentence = _(
            "%(file)s was not kept: the virus scanner does not answer. Try again later, or tell the operator."
        )
        raise Refused(sentence % {"file": name}) from problem
    if answer.endswith("FOUND"):
        raise Refused(_("%(file)s was not kept: the virus scanner found something in it.") % {"file": name})
    if not answer.endswith("OK"):
        raise Refused(_("%(file)s was not kept: the virus scanner could not read it.") % {"file": name})


def ask(file: BinaryIO) -> str:
    with closing(connect(settings.CLAMD)) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while part := file.read(PART):
            scanner.sendall(struct.pack("!I", len(part)) + part)
        scanner.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            if not (more := scanner.recv(LONGEST_ANSWER)):
                break
            answer += more
    return answer.decode(errors="replace").strip("\0\n ")


def connect(place: str) -> socket.socket:
    """`host:port`, or the path of a socket on this machine."""
    if "/" in place:
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            scanner.settimeout(WAITS)
            scanner.connect(place)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=WAITS)
