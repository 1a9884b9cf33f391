"""Checks objects of the exchange format and names each fault in plain words, object by object and field by field."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from jsonschema_rs import Draft202012Validator, ValidationError

from servanda.exchange.format.kinds import KIND_OF_TYPE, ExchangeKind
from servanda.exchange.format.reading import objects_in
from servanda.exchange.format.schemas import schema_of
from servanda.kit import hidden_characters
from servanda.kit.patterns import lazy_pattern

MOST_NAMED = 300  # problems that are listed; of each object after them only the first is looked for
MOST_OF_ONE = 30  # problems that are named of one object
MOST_VALUES = 100_000  # of one object: a report with all its files has fewer
MOST_EXPLORED = 20_000  # values of wrong objects in which every problem is looked for: the library makes all at once
LONGEST_SHOWN = 120
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Control characters, marks that turn the direction of the text around them, and characters that no one sees.
CONTROL = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
IN_NAMES = f"[{CONTROL}{hidden_characters.TURNING}{hidden_characters.IN_NAMES}]"
HIDDEN = lazy_pattern(f"{IN_NAMES}|{hidden_characters.MISPLACED}|{hidden_characters.MISPLACED_JOINERS}")
# Documents of the United Nations in Arabic isolate numbers, and texts from pages of the web have marks where a line
# may break; tag characters and selectors spell a second text that only programs read.
HIDDEN_IN_TEXTS = lazy_pattern(f"[{CONTROL}\u202a-\u202e]|{hidden_characters.SECOND_TEXT}")
TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")
SUSPICIOUS = lazy_pattern(f"{HIDDEN.pattern}|{TAG.pattern}")
PRINTED = lazy_pattern(f"[{hidden_characters.FILLERS}{hidden_characters.SELECTORS}]")  # as `str.isprintable` has it
MOST_CHARACTERS = 3  # that one sentence names
TEXTS = {
    *("text", "definition", "formula", "comment", "note", "reason", "words"),
    *("problem", "context", "result", "failures", "background", "materials"),
}


class Fault(NamedTuple):
    """What is wrong at one place."""

    number: int  # of the object in the file, from 1
    id: str
    field: str  # as texts[0].language; empty for the whole object
    sentence: str


@dataclass(slots=True)
class Findings:
    """What a file contains, and what is wrong in it."""

    objects: Counter[str] = field(default_factory=Counter)  # by type
    wrong: int = 0  # objects
    faults: list[Fault] = field(default_factory=list)
    more: int = 0  # faults that are not listed; at least so many

    @property
    def total(self) -> int:
        return self.objects.total()

    @property
    def is_valid(self) -> bool:
        return not self.wrong

    def add(self, faults: Sequence[Fault]) -> None:
        self.wrong += bool(faults)
        listed = faults[: MOST_NAMED - len(self.faults)]
        self.faults += listed
        self.more += len(faults) - len(listed)


def check_file(content: bytes) -> Findings:
    """Check all objects of a file. Raises `Unreadable`."""
    findings = Findings()
    checks = FileChecks()
    for number, value in enumerate(objects_in(content), 1):
        findings.objects[type_of(value)] += 1
        findings.add([Fault(number, shown_id(value), at, sentence) for at, sentence in checks.faults_of(value)])
    return findings


class FileChecks:
    """The checks of one object, and those against the objects before it: one origin, and each id once.

    A file made of faults costs no more than one of valid objects: see the limits above.
    """

    def __init__(self) -> None:
        self.origin = ""
        self.ids: set[str] = set()
        self.named = 0
        self.left = MOST_EXPLORED

    def faults_of(self, value: Any) -> Iterator[tuple[str, str]]:
        """A field and a sentence for each fault, as far as the limits allow; none only where the object is valid."""
        faults = self.every_fault(value)
        for fault in islice(faults, MOST_OF_ONE if self.named < MOST_NAMED else 1):
            self.named += 1
            yield fault
        if self.named < MOST_NAMED and next(faults, None):
            yield "", _("This object has more problems. First correct those listed.")

    def every_fault(self, value: Any) -> Iterator[tuple[str, str]]:
        kind = KIND_OF_TYPE.get(type_of(value))
        if kind is None:
            types = ", ".join(KIND_OF_TYPE)
            yield "type", _("Use one of these types: %(types)s.") % {"types": types}
            return
        size = size_of(value)
        if size > MOST_VALUES:
            yield "", _("The object has more than %(most)s values. Divide it.") % {"most": localize(MOST_VALUES)}
            return
        yield from self.schema_faults(kind, value, size)
        yield from hidden_faults(value)
        if isinstance(value.get("id"), str):
            yield from self.id_faults(kind, value)

    def schema_faults(self, kind: ExchangeKind, value: dict[str, Any], size: int) -> Iterator[tuple[str, str]]:
        validator = validator_of(kind.code)
        if validator.is_valid(value):
            return
        if size > self.left or self.named >= MOST_NAMED:
            errors: Iterable[ValidationError] = first(validator, value)
        else:
            self.left -= size
            errors = validator.iter_errors(value)
        yield from ((path_of(error.instance_path), sentence_of(error)) for error in errors)

    def id_faults(self, kind: ExchangeKind, value: dict[str, Any]) -> Iterator[tuple[str, str]]:
        identity, code = value["id"], value.get("code")
        origin = origin_of_id(identity)
        if origin is None:
            yield (
                "id",
                _(
                    "The id must be an https address with its host in lower case, without user, usual port, query "
                    "and fragment."
                ),
            )
        elif isinstance(code, str) and not unicodedata.is_normalized("NFC", code):
            yield "code", _("Write accents as one character with their letter (Unicode NFC), so that codes compare.")
        elif isinstance(code, str) and not ends_with(identity, kind, code):
            ending = f"/{kind.code}/{quote(code, safe='')}"
            yield "id", _("The id must end with the kind and the code: %(ending)s.") % {"ending": ending[:200]}
        elif self.origin and origin != self.origin:
            message = _("All ids of a file must begin with the same origin. The first one is %(origin)s.")
            yield "id", message % {"origin": self.origin}
        elif identity.removesuffix("/") in self.ids:
            yield "id", _("This id is in the file more than once.")
        else:
            self.origin = origin
            self.ids.add(identity.removesuffix("/"))


def type_of(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) and kind in KIND_OF_TYPE else ""


def shown_id(value: Any) -> str:
    identity = value.get("id") if isinstance(value, dict) else None
    return HIDDEN.sub("", identity)[:LONGEST_SHOWN] if isinstance(identity, str) else ""


def origin_of(identity: str) -> str | None:
    """The origin of an id, without the usual port, or None where it is not an address of the kind that is allowed."""
    try:
        parts = urlsplit(identity)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc or "\\" in identity)
    is_plain = is_plain and identity.isascii() and identity.isprintable() and " " not in identity
    is_plain = (
        is_plain and not parts.netloc.endswith(":") and not UPWARDS.intersection(unquote(parts.path).split("/"))
    )
    is_plain = is_plain and not host.endswith(".")  # the same host for who resolves it, another one for who compares
    netloc = parts.netloc.lower().removesuffix(f":{USUAL_PORTS.get(parts.scheme)}")
    return f"{parts.scheme}://{netloc}" if host and is_safe and is_plain else None


UPWARDS = {".", ".."}
USUAL_PORTS = {"https": 443, "http": 80}


def origin_of_id(identity: str) -> str | None:
    """As `origin_of`, and None for another spelling of an origin: an object has one id."""
    origin = origin_of(identity)
    return origin if origin and identity.startswith(f"{origin}/") else None


def ends_with(identity: str, kind: ExchangeKind, code: str) -> bool:
    return identity.removesuffix("/").endswith(f"/{kind.code}/{quote(code, safe='')}")


@cache
def validator_of(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(kind), validate_formats=True)


def first(validator: Draft202012Validator, value: Any) -> Iterator[ValidationError]:
    """Only the first problem, for which the library does not look at the rest."""
    try:
        validator.validate(value)
    except ValidationError as error:
        yield error


def size_of(value: Any) -> int:
    """How many values are inside, at any depth; counted a little beyond `MOST_VALUES` at most."""
    count, left = 0, [value]
    while left and count <= MOST_VALUES:
        inside = left.pop()
        if isinstance(inside, dict | list):
            count += len(inside)
            left += inside.values() if isinstance(inside, dict) else inside
    return count


def path_of(parts: Sequence[str | int]) -> str:
    """As a person writes it: texts[0].language."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return HIDDEN.sub("", path.removeprefix("."))[:LONGEST_SHOWN]


def type_names(types: Sequence[str]) -> str:
    names = {
        "string": _("text"),
        "number": _("number"),
        "integer": _("whole number"),
        "boolean": _("true or false"),
        "array": pgettext("type of a value", "list"),
        "object": pgettext("type of a value", "object"),
        "null": "null",
    }
    return " / ".join(names.get(name, name) for name in types)


def listed_types(types: Any) -> list[str]:
    return list(types) if isinstance(types, list | tuple) else [str(types)]


def limit_of(error: ValidationError) -> Any:
    """What the schema asks for: the missing key, the types, the values, the pattern, the number."""
    return next(iter(error.kind.as_dict().values()))


def required(error: ValidationError) -> str:
    return _("Add the key “%(key)s”.") % {"key": limit_of(error)}


def wrong_type(error: ValidationError) -> str:
    return _("Expected: %(types)s.") % {"types": type_names(listed_types(limit_of(error)))}


def not_among(error: ValidationError) -> str:
    options = ", ".join(str(option) or "“”" for option in limit_of(error))
    return _("Use one of these values: %(values)s.") % {"values": options}


def wrong_date(_error: ValidationError) -> str:
    return _("Enter the date as YYYY-MM-DD, for example 2026-01-31.")


SENTENCES: dict[str, Callable[[ValidationError], str]] = {
    "required": required,
    "type": wrong_type,
    "enum": not_among,
    "format": wrong_date,
    "pattern": lambda error: _("The value does not have the expected form: %(form)s") % {"form": limit_of(error)},
    "maxLength": lambda error: _("Shorten the text to %(most)d characters.") % {"most": limit_of(error)},
    "minLength": lambda _error: _("Enter a text."),
    "maxItems": lambda error: _("The list may have at most %(most)d entries.") % {"most": limit_of(error)},
    "minItems": lambda _error: _("Add at least one entry."),
}


def sentence_of(error: ValidationError) -> str:
    """Why a value does not fit; for a rule without a sentence of its own, that of the library, in English."""
    write = SENTENCES.get(error.kind.name)
    return write(error) if write else error.message[:LONGEST_SHOWN]


def hidden_faults(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Faults of texts, also of keys that no schema names: marks that hide what is written, and HTML."""
    if isinstance(value, str):
        if may_hide(value) and SUSPICIOUS.search(value):
            yield from text_faults(value, path)
    elif isinstance(value, dict):
        for key, inside in value.items():
            if may_hide(key) and SUSPICIOUS.search(key):
                yield path_of((*path, key)), _("Remove invisible characters and HTML from the name of the key.")
            yield from hidden_faults(inside, (*path, key))
    elif isinstance(value, list):
        for place, inside in enumerate(value):
            yield from hidden_faults(inside, (*path, place))


def named(characters: Iterable[str]) -> str:
    """With the number and the name that Unicode has for each; control characters have no name."""
    different = list(dict.fromkeys(characters))
    names = (f"U+{ord(one):04X} {unicodedata.name(one, '')}".rstrip() for one in different[:MOST_CHARACTERS])
    return ", ".join([*names, "…"] if len(different) > MOST_CHARACTERS else names)


def may_hide(value: str) -> bool:
    """Whether there can be a fault: what this method calls printable has no mark of direction, no control character,
    and nothing unseen but fillers and selectors, and it reads a text many times as fast as the expression."""
    is_printable = value.replace("\n", "").isprintable()
    return "<" in value or not is_printable or (not value.isascii() and PRINTED.search(value) is not None)


def text_faults(value: str, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    is_text = bool(path) and path[-1] in TEXTS
    if found := (HIDDEN_IN_TEXTS if is_text else HIDDEN).findall(value):
        yield path_of(path), _("Remove the invisible characters: %(characters)s.") % {"characters": named(found)}
    if TAG.search(value):
        yield path_of(path), _("Remove the HTML. Only plain text is allowed.")
