"""Edits of Word files as Word and LibreOffice make them."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from tests.settings import OWN

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{MAIN}}}"
BODY = "word/document.xml"
PROFILE = f"{OWN}/libreoffice"  # one for the process: making it takes LibreOffice as long as saving a file
AUTHOR = f'w:author="Ana Legal" w:date="2026-11-20T09:30:00Z" xmlns:w="{MAIN}"'


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def edited(content: bytes, change: Callable[[etree._Element], None]) -> bytes:
    """The file with its body changed."""
    parts = parts_of(content)
    root = etree.fromstring(parts[BODY])
    change(root.find(f"{W}body"))
    parts[BODY] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(parts)


def paragraph_with(body: etree._Element, words: str) -> etree._Element:
    """The paragraph whose text holds these words, outside the table of contents."""
    return next(
        paragraph
        for paragraph in body.iter(f"{W}p")
        if words in "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
        and not any(around.tag == f"{W}sdt" for around in paragraph.iterancestors())
    )


def replace_words(old: str, new: str) -> Callable[[etree._Element], None]:
    def change(body: etree._Element) -> None:
        for text in paragraph_with(body, old).iter(f"{W}t"):
            text.text = (text.text or "").replace(old, new)

    return change


def run(words: str, *, deleted: bool = False) -> etree._Element:
    made = etree.SubElement(etree.Element(f"{W}x"), f"{W}r")
    text = etree.SubElement(made, f"{W}delText" if deleted else f"{W}t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def tracked(kind: str, *runs: etree._Element, number: int = 900) -> etree._Element:
    made = etree.fromstring(f'<w:{kind} w:id="{number}" {AUTHOR}/>')
    made.extend(runs)
    return made


def track_move(paragraph: etree._Element, kind: str) -> None:
    """Mark a whole paragraph, its end included, as "moveFrom" or "moveTo"."""
    form = paragraph.find(f"{W}pPr")
    if form is None:
        form = etree.Element(f"{W}pPr")
        paragraph.insert(0, form)
    end = form.find(f"{W}rPr")
    end = etree.SubElement(form, f"{W}rPr") if end is None else end
    end.insert(0, tracked(kind))
    for moved in list(paragraph.iter(f"{W}r")):
        change = tracked(kind)
        moved.addprevious(change)
        change.append(moved)


def with_comments(content: bytes, comments: list[tuple[str, str]]) -> bytes:
    """A comment on each paragraph that holds the first text; the second is what the comment says."""
    parts = parts_of(content)
    root = etree.fromstring(parts[BODY])
    rows = []
    for key, (words, text) in enumerate(comments):
        paragraph = paragraph_with(root.find(f"{W}body"), words)
        runs = list(paragraph.iter(f"{W}r"))
        runs[0].addprevious(etree.fromstring(f'<w:commentRangeStart xmlns:w="{MAIN}" w:id="{key}"/>'))
        runs[-1].addnext(etree.fromstring(f'<w:r xmlns:w="{MAIN}"><w:commentReference w:id="{key}"/></w:r>'))
        runs[-1].addnext(etree.fromstring(f'<w:commentRangeEnd xmlns:w="{MAIN}" w:id="{key}"/>'))
        rows.append(
            f'<w:comment w:id="{key}" w:author="Ana Legal" w:initials="AL" w:date="2026-11-20T09:30:00Z">'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>"
        )
    parts[BODY] = etree.tostring(root)
    return add_part(parts, "comments", f'<w:comments xmlns:w="{MAIN}">{"".join(rows)}</w:comments>')


def add_part(parts: dict[str, bytes], kind: str, xml: str) -> bytes:
    parts[f"word/{kind}.xml"] = xml.encode()
    relation = (
        f'<Relationship Id="rId9{len(parts)}" Target="{kind}.xml"'
        f' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )
    name = "word/_rels/document.xml.rels"
    parts[name] = parts[name].replace(b"</Relationships>", relation.encode())
    override = (
        f'<Override PartName="/word/{kind}.xml" ContentType="application/vnd.openxmlformats-officedocument'
        f'.wordprocessingml.{kind}+xml"/></Types>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    return packed(parts)


def saved_by_libreoffice(content: bytes, folder: Path) -> bytes:
    (folder / "report.docx").write_bytes(content)
    program = ["soffice", f"-env:UserInstallation=file://{PROFILE}", "--headless", "--convert-to"]
    program += ["docx:MS Word 2007 XML", "--outdir", str(folder / "saved"), str(folder / "report.docx")]
    subprocess.run(program, check=True, capture_output=True, timeout=100)
    return (folder / "saved" / "report.docx").read_bytes()


def xml(text: str) -> etree._Element:
    """An element of WordprocessingML from its text, with the prefix w."""
    return etree.fromstring(text.replace("<w:", f'<w:x xmlns:w="{MAIN}"><w:', 1) + "</w:x>")[0]
