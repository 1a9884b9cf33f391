"""Fields of Word: those that print the author are left out, those that point elsewhere keep what they show."""

import re
from dataclasses import dataclass, field
from typing import Any

from servanda.kit.clean_files.parts import drop, is_web_address

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OF_AUTHOR = {"AUTHOR", "LASTSAVEDBY", "USERNAME", "USERINITIALS", "USERADDRESS", "FILENAME", "TEMPLATE", "COMMENTS"}
OF_PROPERTY = {"INFO", "DOCPROPERTY", "DOCVARIABLE"}
UNNAMED = {"title", "subject", "pages", "words", "numpages", "numwords", "numchars", "createdate", "savedate"}
STAY = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "NOTEREF", "SEQ", "STYLEREF", "EQ"}
STAY |= {"SYMBOL", "LISTNUM", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "=", "TC", "XE", "INDEX", "RD"}
WORD = re.compile(r"\s*(=|[A-Za-z]+)")
ARGUMENT = re.compile(r'\s*\S+\s+(?:"([^"]*)"|(\S+))')


@dataclass
class Field:
    instruction: str = ""
    is_shown: bool = False  # behind its separator
    marks: list[Any] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)


def clean_fields(root: Any) -> None:
    for simple in [*root.iter(f"{W}fldSimple")]:
        match fate(simple.get(f"{W}instr") or ""):
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
        for one in [*run]:
            if one.tag == f"{W}fldChar":
                turn(stack, one)
            elif stack and one.tag != f"{W}rPr":
                note(stack, one)
    for unfinished in stack:
        for mark in unfinished.marks:
            drop(mark)


def turn(stack: list[Field], mark: Any) -> None:
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        stack.append(Field())
    if not stack:
        return drop(mark)
    stack[-1].marks.append(mark)
    stack[-1].is_shown = stack[-1].is_shown or kind == "separate"
    if kind == "end":
        settle(stack.pop(), stack)
    return None


def note(stack: list[Field], one: Any) -> None:
    innermost = stack[-1]
    if innermost.is_shown:
        innermost.shown.append(one)
        return
    innermost.marks.append(one)
    if one.tag in (f"{W}instrText", f"{W}t"):
        for around in stack:
            if not around.is_shown:
                around.instruction += one.text or ""


def settle(done: Field, stack: list[Field]) -> None:
    becomes = fate(done.instruction)
    gone = {"forgotten": [*done.marks, *done.shown], "unlinked": done.marks}.get(becomes, [])
    for one in gone:
        drop(one)
    if stack and becomes != "forgotten":  # what is left of it belongs to the field around it
        rest = done.shown if becomes == "unlinked" else [*done.marks, *done.shown]
        (stack[-1].shown if stack[-1].is_shown else stack[-1].marks).extend(rest)


def fate(instruction: str) -> str:
    """Whether a field is `forgotten` with what it shows, `unlinked`, or stays."""
    word = found[1].upper() if (found := WORD.match(instruction)) else ""
    argument = (given[1] or given[2] or "") if (given := ARGUMENT.match(instruction)) else ""
    if word in OF_AUTHOR or (word in OF_PROPERTY and argument.lower() not in UNNAMED):
        return "forgotten"
    if word in STAY or (word == "HYPERLINK" and (argument == "\\l" or is_web_address(argument))):
        return "stays"
    return "unlinked"


def unwrap(element: Any) -> None:
    """Its children stand where it stood."""
    parent, at = element.getparent(), element.getparent().index(element)
    for number, child in enumerate([*element]):
        parent.insert(at + number, child)
    drop(element)
