"""Scans a file with a ClamAV daemon (INSTREAM command); where no daemon is set, nothing is scanned."""

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
    """Raises `Refused` for an infected file, and where the scanner does not answer: no file is accepted unscanned."""
    if not settings.CLAMD:
        return
    try:
        with path.open("rb") as file:
            verdict = scan(file)
    except OSError as problem:
        sentence = _(
            "%(file)s was not saved: the virus scanner does not respond. Try again later, or contact your "
            "system administrator."
        )
        raise Refused(sentence % {"file": name}) from problem
    if verdict.endswith("FOUND"):
        raise Refused(_("%(file)s was not saved: the virus scanner found a threat.") % {"file": name})
    if not verdict.endswith("OK"):
        raise Refused(_("%(file)s was not saved: the virus scanner could not read it.") % {"file": name})


def scan(file: BinaryIO) -> str:
    with closing(connect(settings.CLAMD)) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while part := file.read(PART):
            scanner.sendall(struct.pack("!I", len(part)) + part)
        scanner.sendall(struct.pack("!I", 0))
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < LONGEST_ANSWER:
            if not (more := scanner.recv(LONGEST_ANSWER)):
                break
            reply += more
    return reply.decode(errors="replace").strip("\0\n ")


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
