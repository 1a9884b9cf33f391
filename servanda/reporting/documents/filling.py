"""Fills the fields of a Word template of the State, in a process of its own."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import servanda
from servanda.kit.files.programs import Bounds, TookTooLong, run_within
from servanda.kit.files.word import NOT_IN_XML
from servanda.kit.refusal import Refused
from servanda.reporting.documents.blocks import Block, clean
from servanda.reporting.documents.contents import ReportDocument

BOUNDS = Bounds(seconds=20, memory=1_000_000_000, file_size=50_000_000)
PROCESS = "servanda.reporting.documents.template_process"  # not imported: its libraries stay out of this process
AT_ONCE = BoundedSemaphore(2)
ROOT = Path(servanda.__file__).parents[1]
FAULTY = 4  # its exit code
SHOWN = 5  # faults in one sentence
PARTS = {
    "document": gettext_lazy("text"),
    "header": gettext_lazy("header"),
    "footer": gettext_lazy("footer"),
    "footnotes": gettext_lazy("footnotes"),
}


@dataclass(slots=True)
class Marks:
    """What is written where the report itself belongs: words that no one can know before, so that no title of a
    report is taken for one."""

    blocks: dict[str, str] = field(default_factory=dict)  # mark to place, such as "text" or the key of a section

    def mark(self, place: str) -> str:
        mark = token_hex(16)
        self.blocks[mark] = place
        return mark


def fill(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The template with its fields filled in. Raises `Refused` with what is wrong in it, and where."""
    with TemporaryDirectory(prefix="servanda-") as name, AT_ONCE:
        folder = Path(name)
        (folder / "template.docx").write_bytes(template)
        (folder / "values.json").write_text(json.dumps(values))
        # -P: with -m alone, Python looks for modules first in the working directory.
        program = [sys.executable, "-P", "-m", PROCESS, str(folder / "template.docx"), str(folder / "values.json")]
        env = {"PYTHONPATH": str(ROOT), "TMPDIR": name}
        try:
            ended = run_within(program, BOUNDS, folder=folder, env=env)
        except TookTooLong as problem:
            raise Refused(too_much()) from problem
    if ended.code == FAULTY:
        raise Refused(in_words([sentence_of(*fault) for fault in json.loads(ended.output)]))
    if ended.code:
        raise Refused(too_much())
    return ended.output


def too_much() -> str:
    return _("Filling in the Word template takes too much time or memory. Simplify its loops and tables.")


def in_words(sentences: Iterable[str]) -> str:
    found = list(dict.fromkeys(sentences))
    if (more := len(found) - SHOWN) > 0:
        rest = ngettext("%(count)d more problem.", "%(count)d more problems.", more) % {"count": more}
        found = [*found[:SHOWN], rest]
    return " ".join(found)


def sentence_of(kind: str, part: str, near: str, name: str) -> str:
    sentences = {
        "unknown": _("Unknown field “%(name)s” in the %(part)s, at “%(near)s”."),
        "forbidden": _(
            "“%(name)s” in the %(part)s, at “%(near)s”, is not allowed: a template may only contain fields, "
            "conditions, and loops over lists."
        ),
        "list": _("“%(name)s” in the %(part)s, at “%(near)s”, is a list. Write a loop over it."),
        "no-list": _("“%(name)s” in the %(part)s, at “%(near)s”, is not a list. Remove the loop."),
        "syntax": _("The tag in the %(part)s, at “%(near)s”, cannot be read (%(name)s)."),
        "misplaced": _("The tag in the %(part)s, at “%(near)s”, is not in the text of a paragraph. Move it there."),
        "unfinished": _("A tag in the %(part)s, at “%(near)s”, does not end in the same paragraph."),
        "broken": _(
            "A loop or condition in the %(part)s begins inside of something that ends before it. Put its first and "
            "its last tag in paragraphs of their own, with {%%p %%}, or in table rows of their own, with {%%tr %%}."
        ),
        "not-filled": _("There are tags in %(part)s. Only text, headers, footers and footnotes are filled in."),
    }
    return sentences[kind] % {"name": name, "part": PARTS.get(part, part), "near": near}


def values_of(document: ReportDocument, marks: Marks) -> dict[str, Any]:
    """The fields of `template_fields`: texts, numbers, and lists of them."""
    values: dict[str, Any] = {name: plain(value) for name, value in document.named.items()}
    values |= {"title": plain(document.title), "state": plain(document.issuer), "status": plain(document.status)}
    values |= {"date": plain(document.day)}
    values |= {place: marks.mark(place) for place in ("contents", "text", "matrix")}
    values["facts"] = [{"label": plain(label), "value": plain(value)} for label, value in document.facts]
    values["notes"] = [{"number": str(place), "text": plain(note)} for place, note in enumerate(document.notes, 1)]
    values["sections"] = [
        {
            "number": block.number,
            "heading": plain(block.text),
            "depth": block.level,
            "text": marks.mark(f"section {block.anchor}"),
        }
        for block in document.blocks
        if block.anchor
    ]
    return values


def plain(words: object) -> str:
    """One line, without the signs that XML cannot hold or that turn the direction of what is behind them."""
    return " ".join(clean(NOT_IN_XML.sub("", str(words))).split())


def blocks_of_section(blocks: Iterable[Block], key: str) -> list[Block]:
    """The heading of a section, and what is below it up to the next one."""
    found: list[Block] = []
    for block in blocks:
        if block.anchor == key or (found and not block.anchor):
            found.append(block)
        elif found:
            break
    return found
