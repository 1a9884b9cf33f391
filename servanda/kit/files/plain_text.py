"""Detects the encoding and the separator of a text file from its content, and reads its rows."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.formats import localize

from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Unreadable

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = ",;\t|"
PROBE = 65_536
PROBED_ROWS = 25
LEAST_AGREEMENT = 0.5  # share of rows of one width: prose has commas too, but not the same number in every line
LONGEST_CELL = 10_000_000  # csv refuses cells beyond 131,072 characters; annexes pasted into one cell exist
ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1256", "mac_roman"]  # those in which spreadsheet programs save "CSV"
# Bytes that are letters in both encodings, decoded as Windows 1252, in contexts that only one of them explains: "ão"
# and "aña" are Portuguese and Spanish, "sã" is the Romanian "să" and "èa" the Slovenian "ča".
WESTERN = re.compile(
    r"ç|ã[oe]|õe|(?<=[aeiou])ñ(?=[aeiou])|è(?=[bcdfglmnpstvz]|re)|ê(?=[cmnst])|[àåÅ]|(?<=\d)[ºª]|\.[ºª]"
)
CENTRAL = re.compile(r"[šžþð]|ã(?![oe])|õ(?!e)|ñ(?![aeiou])|è(?=[aeiou])|ê\b|æ\b|(?<=[a-z])[ºª¹³¾¿¥£](?=[a-z])", re.I)
LIKELY_BROKEN_AFTER = 3  # lines of UTF-8 among others: fewer may be a coincidence


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16 if the bytes show it; otherwise the one-byte encoding in which the letters form words.

    Raises `Unreadable` where some lines are UTF-8 and others are not.
    """
    with path.open("rb") as file:
        start = file.read(PROBE)
    for mark, name in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name
    if wide := wide_encoding(start):
        return wide
    if is_utf8(path):
        return "utf-8"
    refuse_mixed(path)
    return one_byte_encoding(path)


def refuse_mixed(path: Path) -> None:
    """Raises `Unreadable` where some lines are UTF-8 and others are not: files were pasted together."""
    utf8, other_lines, first = 0, 0, 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.isascii():
                continue
            try:
                line.decode()
                utf8 += 1
            except UnicodeDecodeError:
                other_lines += 1
                first = first or number
    if utf8 >= LIKELY_BROKEN_AFTER:
        message = _(
            "%(file)s mixes two encodings: line %(line)s is not UTF-8, %(count)s other lines are."
            " Save the whole file as UTF-8."
        )
        raise Unreadable(message % {"file": path.name, "line": localize(first), "count": localize(utf8)})


def wide_encoding(start: bytes) -> str:
    """UTF-16 without a byte order mark: in Latin text every second byte is zero."""
    if start[1::2].count(0) > len(start) * 0.2:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > len(start) * 0.2 else ""


def is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while part := file.read(PROBE):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def one_byte_encoding(path: Path) -> str:
    bare_returns = line_feeds = 0
    lines: list[bytes] = []
    with path.open("rb") as file:
        while part := file.read(PROBE):
            bare_returns += part.count(b"\r") - part.count(b"\r\n")
            line_feeds += part.count(b"\n")
            if sum(map(len, lines)) < PROBE:
                lines += [line for line in part.splitlines(keepends=True) if not line.isascii()]
    if bare_returns > line_feeds:
        return "mac_roman"  # only the classic Mac OS ended lines with a bare carriage return
    sample = b"".join(lines)[:PROBE]
    best = from_bytes(sample, cp_isolation=ENCODINGS).best()
    if best is None or str(best) == sample.decode(ENCODINGS[0], "replace"):
        return ENCODINGS[0]  # several encodings read the same letters
    return by_letters(sample, best.encoding) if best.encoding in ENCODINGS[:2] else best.encoding


def by_letters(sample: bytes, guess: str) -> str:
    """Western or Central European: short cells are too little for the general guess, which often reads "ã" as "ă"."""
    text = sample.decode(ENCODINGS[0], "replace").casefold()
    western, central = len(WESTERN.findall(text)), len(CENTRAL.findall(text))
    if western == central:
        return guess
    return ENCODINGS[0] if western > central else ENCODINGS[1]


def separator_of(path: Path, encoding: str) -> str:
    """The separator that splits the first rows into equally many cells, at least two; "" where none does.

    Raises `Unreadable` where the file is not in this encoding.
    """
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            start = file.read(PROBE)
    except UnicodeError as error:  # UTF-16 without a byte order mark
        raise wrong_encoding(path, encoding, line=1) from error
    lines = re.split(r"\r\n|\r|\n", start)
    widths = {separator: common_width(lines, separator) for separator in SEPARATORS}
    best = max(widths, key=lambda separator: widths[separator])
    return best if widths[best][0] >= LEAST_AGREEMENT else ""


def common_width(lines: list[str], separator: str) -> tuple[float, int]:
    """The share of rows with the most common width, and that width; the last row may be truncated and is left out."""
    rows = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    try:
        widths = [len(row) for row in islice(rows, PROBED_ROWS) if any(row)]
    except csv.Error:
        return 0.0, 0
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0, 0
    width, agreeing = counts.most_common(1)[0]
    return round(agreeing / len(widths), 1), width


def rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows, each with the number of the line on which it starts.

    Raises `Unreadable` where the text is in another encoding, or where an unclosed quotation mark has swallowed the
    lines below it.
    """
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        line, width = 1, 0
        try:
            for row in reader:
                width = width or len(row)
                if reader.line_num > line and has_swallowed_rows(row, width, separator):
                    values = {"file": path.name, "line": localize(line), "last": localize(reader.line_num)}
                    message = _(
                        "%(file)s: lines %(line)s to %(last)s were read as one row. A quotation mark in line %(line)s"
                        " is probably not closed. Correct it and send the file again."
                    )
                    raise Unreadable(message % values)
                yield line, row
                line = reader.line_num + 1
        except (csv.Error, UnicodeError) as error:
            raise wrong_encoding(path, encoding, line=line) from error


def wrong_encoding(path: Path, encoding: str, *, line: int) -> Unreadable:
    values = {"file": path.name, "line": localize(line), "encoding": encoding}
    message = _("%(file)s is not readable as %(encoding)s from line %(line)s on. Save it in UTF-8.")
    return Unreadable(message % values)


def has_swallowed_rows(row: list[str], width: int, separator: str) -> bool:
    """Whether a cell contains whole rows (lines with all separators) and the row looks broken: too few or too many
    cells, or an odd number of quotation marks."""
    if width < 2:
        return False
    for cell in row:
        if "\n" in cell or "\r" in cell:
            holds_rows = any(line.count(separator) >= width - 1 for line in cell.splitlines())
            if holds_rows and (len(row) != width or cell.count('"') % 2):
                return True
    return False
