"""Fields of Word: those that print the author are removed; those that point to other files keep only their text."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from servanda.kit.clean_files.parts import drop, is_web_address

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OF_AUTHOR = {"AUTHOR", "LASTSAVEDBY", "USERNAME", "USERINITIALS", "USERADDRESS", "FILENAME", "TEMPLATE", "COMMENTS"}
OF_PROPERTY = {"INFO", "DOCPROPERTY", "DOCVARIABLE"}
UNNAMED = {"title", "subject", "pages", "words", "numpages", "numwords", "numchars", "createdate", "savedate"}
STAY = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "NOTEREF", "SEQ", "STYLEREF", "EQ"}
STAY |= {"SYMBOL", "LISTNUM", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "=", "TC", "XE", "INDEX"}
WORD = re.compile(r"\s*(=|[A-Za-z]+)")
WORDS = re.compile(r'"([^"]*)"|(\S+)')
BOOKMARK = re.compile(r"#?\w{1,40}$")
ELSEWHERE = re.compile(r"^[A-Za-z]:[\\/]|^\\\\|^/|://|^[a-z]+:")  # a disk, a server, a path, an address


@dataclass
class Field:
    instruction: str = ""
    is_shown: bool = False  # its separator was read: what follows is the text that it shows
    marks: list[Any] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)


def clean_fields(root: Any) -> None:
    for simple in [*root.iter(f"{W}fldSimple")]:
        match treatment_of(simple.get(f"{W}instr") or ""):
            case "forgotten":
                drop(simple)
            case "unlinked":
                unwrap(simple)
            case _:
                for data in [*simple.iterchildren(f"{W}fldData")]:
                    drop(data)
    clean_complex_fields(root)
    for data in [*root.iter(f"{W}fldData")]:
        drop(data)


def clean_complex_fields(root: Any) -> None:
    """A field may begin in one run and end in another, and hold others."""
    stack: list[Field] = []
    for run in [*root.iter(f"{W}r")]:
        for element in [*run]:
            if element.tag == f"{W}fldChar":
                handle_mark(stack, element)
            elif stack and element.tag != f"{W}rPr":
                add_to_field(stack, element)
    for unfinished in stack:
        for mark in unfinished.marks:
            drop(mark)


def handle_mark(stack: list[Field], mark: Any) -> None:
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        stack.append(Field())
    if not stack:
        return drop(mark)
    stack[-1].marks.append(mark)
    stack[-1].is_shown = stack[-1].is_shown or kind == "separate"
    if kind == "end":
        close_field(stack.pop(), stack)
    return None


def add_to_field(stack: list[Field], element: Any) -> None:
    innermost = stack[-1]
    if innermost.is_shown:
        innermost.shown.append(element)
        return
    innermost.marks.append(element)
    if element.tag in (f"{W}instrText", f"{W}t"):
        for around in stack:
            if not around.is_shown:
                around.instruction += element.text or ""


def close_field(field: Field, stack: list[Field]) -> None:
    becomes = treatment_of(field.instruction)
    gone = {"forgotten": [*field.marks, *field.shown], "unlinked": field.marks}.get(becomes, [])
    for element in gone:
        drop(element)
    if stack and becomes != "forgotten":  # what remains of it belongs to the field around it
        remaining = field.shown if becomes == "unlinked" else [*field.marks, *field.shown]
        (stack[-1].shown if stack[-1].is_shown else stack[-1].marks).extend(remaining)


def treatment_of(instruction: str) -> str:
    """Whether a field is `forgotten` together with its text, `unlinked` (only its text stays), or `stays`."""
    word = name[1].upper() if (name := WORD.match(instruction)) else ""
    words = [match[1] if match[1] is not None else match[2] for match in WORDS.finditer(instruction)][1:]
    if word in OF_AUTHOR or (word in OF_PROPERTY and not (words and words[0].lower() in UNNAMED)):
        return "forgotten"
    if word == "HYPERLINK":
        return "stays" if is_harmless_link(words) else "unlinked"
    return "stays" if word in STAY and not any(map(ELSEWHERE.search, words)) else "unlinked"


def is_harmless_link(words: list[str]) -> bool:
    """To the web, or to a bookmark of the same document; with no other address anywhere in it."""
    addresses = [word for word in words if ELSEWHERE.search(word)]
    if not all(map(is_web_address, addresses)):
        return False
    bookmarks = [after for word, after in pairwise(words) if word.lower() == "\\l"]
    return bool(addresses or bookmarks) and all(map(BOOKMARK.match, bookmarks))


def unwrap(element: Any) -> None:
    """Replace the element by its children."""
    parent, at = element.getparent(), element.getparent().index(element)
    for number, child in enumerate([*element]):
        parent.insert(at + number, child)
    drop(element)
