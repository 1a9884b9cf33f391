"""Fields of Word: those that print the author are removed; those that point to other files keep only their text."""

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
    match = ARGUMENT.match(instruction)
    argument = (match[1] or match[2] or "") if match else ""
    if word in OF_AUTHOR or (word in OF_PROPERTY and argument.lower() not in UNNAMED):
        return "forgotten"
    if word in STAY or (word == "HYPERLINK" and (argument == "\\l" or is_web_address(argument))):
        return "stays"
    return "unlinked"


def unwrap(element: Any) -> None:
    """Replace the element by its children."""
    parent, at = element.getparent(), element.getparent().index(element)
    for number, child in enumerate([*element]):
        parent.insert(at + number, child)
    drop(element)
