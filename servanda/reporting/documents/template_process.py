"""A process that fills one Word template and exits; `filling` starts it with limits.

It prints the filled file, or what is wrong with the template as JSON. It is given texts, numbers and lists of them,
no objects. What it prints is cleaned again, as the template was when it was stored.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from servanda.kit.clean_files import words
from servanda.kit.clean_files.parts import parsed
from servanda.reporting.documents.template_fields import FILTERS, SYNTAX, Fault, faults_in, quote_of

FAULTY = 4  # exit code
MOST_FAULTS = 20
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
MARKS = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
KIND = re.compile(r"/(document|header|footer|footnotes)\d*\.xml")
MISPLACED, UNFINISHED, BROKEN, NOT_FILLED = "misplaced", "unfinished", "broken", "not-filled"


class Faulty(Exception):
    def __init__(self, faults: list[Fault]):
        super().__init__(faults)
        self.faults = faults


class Template(DocxTemplate):
    """Its library repairs XML that a misplaced loop breaks, and loses what does not fit; here it is refused. It also
    turns signs such as `{_{` in values into others, and lines into breaks; here values stay as they are."""

    def render_xml_part(self, src_xml: str, part: Any, context: Mapping, jinja_env: Environment | None = None) -> str:
        assert jinja_env is not None
        xml = jinja_env.from_string(src_xml).render(context)
        try:
            etree.fromstring(xml.encode())
        except etree.XMLSyntaxError as problem:
            raise Faulty([Fault(BROKEN, kind_of(part), "")]) from problem
        return xml


def kind_of(part: Any) -> str:
    found = KIND.fullmatch(str(part.partname).replace("/word/", "/"))
    return found[1] if found else "other"


def environment() -> Environment:
    """Nothing but the filters on the list can be called."""
    made = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


def filled(path: Path, values: Mapping[str, Any]) -> bytes:
    template, jinja = Template(path), environment()
    template.render_init()
    if faults := [*faults_of(template, jinja)]:
        raise Faulty(faults)
    try:
        template.render(values, jinja, autoescape=True)
    except TemplateError as problem:
        raise Faulty([Fault(SYNTAX, "document", "", str(problem))]) from problem
    with TemporaryDirectory() as folder:
        place = Path(folder) / "filled.docx"
        template.save(place)
        return words.cleaned(place)


def faults_of(template: Template, jinja: Environment) -> Iterator[Fault]:
    for part in template.docx.part.package.iter_parts():
        if not str(part.partname).endswith(".xml"):
            continue
        kind = kind_of(part)
        if kind == "other":
            if TAG.search(part.blob.decode("utf-8", "ignore")):
                yield Fault(NOT_FILLED, str(part.partname).rpartition("/")[2], "")
            continue
        root = parsed(part.blob)
        if misplaced := [*outside_of_text(root, kind)]:
            yield from misplaced
            continue
        xml = re.sub(r"<w:p([ >])", r"\n<w:p\1", template.patch_xml(source_of(template, part, kind)))
        yield from faults_in(xml, kind, jinja)


def source_of(template: Template, part: Any, kind: str) -> str:
    """Exactly what the library fills."""
    if kind == "document":
        return template.get_xml()
    return part.blob.decode() if kind == "footnotes" else template.get_part_xml(part)


def outside_of_text(root: Any, kind: str) -> Iterator[Fault]:
    """Tags that are in something else than the text of one paragraph, where Word would read what is filled in as an
    instruction."""
    for element in root.iter(etree.Element):
        inside = [value for value in element.attrib.values() if TAG.search(value)]
        if element.tag != f"{W}t" and MARKS.search(element.text or ""):
            inside.append(element.text)
        yield from (Fault(MISPLACED, kind, quote_of([value], 1)) for value in inside)
    for paragraph in root.iter(f"{W}p"):
        text = "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))
        if MARKS.search(TAG.sub("", text)):
            yield Fault(UNFINISHED, kind, quote_of([text.replace("<", " ")], 1))


def main(template: str, values: str) -> int:
    try:
        sys.stdout.buffer.write(filled(Path(template), json.loads(Path(values).read_text())))
    except Faulty as problem:
        sys.stdout.write(json.dumps(list(dict.fromkeys(problem.faults))[:MOST_FAULTS]))
        return FAULTY
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
