"""Calendar files (RFC 5545) of all-day events. The library `icalendar` takes a second for a thousand of them; here a
line of text is a line of the file, and the tests open the result with that library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Servanda//Obligations//EN"
LONGEST = 75  # bytes of a line, without its end
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
DAY = timedelta(days=1)


@dataclass(slots=True)
class AllDayEvent:
    """An event of one day. The day is a date without a time, so that no time zone moves it."""

    uid: str
    day: date
    summary: str
    changed_at: datetime
    version: int
    description: str = ""
    url: str = ""
    category: str = ""
    status: str = "CONFIRMED"  # TENTATIVE or CANCELLED


def calendar_file(name: str, events: Iterable[AllDayEvent], *, language: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME;LANGUAGE={language}:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    for event in events:
        lines += lines_of(event)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines).encode()


def lines_of(event: AllDayEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{moment(event.changed_at)}"
    yield f"SEQUENCE:{event.version}"
    yield f"DTSTART;VALUE=DATE:{day(event.day)}"
    yield f"DTEND;VALUE=DATE:{day(event.day + DAY)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    if event.category:
        yield f"CATEGORIES:{escaped(event.category)}"
    yield f"STATUS:{event.status}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def day(value: date) -> str:
    return value.isoformat().replace("-", "")


def moment(value: datetime) -> str:
    """In universal time; `strftime` would take three times as long."""
    text = value.astimezone(UTC).isoformat(timespec="seconds")
    return f"{text[:19].replace('-', '').replace(':', '')}Z"


def escaped(text: str) -> str:
    return text.translate(ESCAPED)


def folded(line: str) -> str:
    """Lines have at most 75 bytes; a longer one goes on in the next, after a blank, and no character is divided."""
    if len(line) <= LONGEST and (line.isascii() or len(line.encode()) <= LONGEST):
        return f"{line}\r\n"
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST:
            pieces.append(piece)
            piece, size = "", 1
        piece, size = piece + character, size + width
    return "\r\n ".join([*pieces, piece]) + "\r\n"
