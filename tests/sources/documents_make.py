"""Small documents of monitoring bodies in all the shapes in which they are sent; the words are ours."""

import zlib
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from servanda.kit.files.pdf import pdf_of
from servanda.sources.files import pdf_process
from tests.sources import reader_that_never_ends

ROWS = (
    ("h", "Concluding observations on the fifth periodic report of Slovenia"),
    ("h", "C. Principal areas of concern and recommendations"),
    ("h", "Hate speech"),
    ("n", "The Committee is concerned at hate speech in the media and at the lack of data on it."),
    ("n", "The Committee recommends that the State party:"),
    ("l", "Adopt a law against hate speech;"),
    ("l", "Collect data on complaints and convictions."),
    ("h", "Follow-up"),
    (
        "n",
        "The Committee requests the State party to provide, within two years, information on the implementation "
        "of the recommendation in paragraph 2 (a) above.",
    ),
    ("h", "Dissemination"),
    (
        "n",
        "The Committee requests the State party to disseminate the present concluding observations widely among "
        "the public and in parliament.",
    ),
)
NUMBERS = ["1", "2(a)", "2(b)", "3", "4"]
KINDS = ["concern", "recommendation", "recommendation", "obligation", "obligation"]
SYMBOL = "CERD/C/SVN/CO/12"


def marked():
    """The rows with the marks that a typist gives them."""
    number = letter = 0
    for kind, text in ROWS:
        if kind == "n":
            number, letter = number + 1, 0
        letter += kind == "l"
        yield kind, {"h": "", "n": f"{number}.", "l": f"({'abc'[letter - 1]})"}[kind], text


def typed_docx(path: Path) -> Path:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = SYMBOL
    for kind, mark, text in marked():
        if kind == "h":
            document.add_paragraph().add_run(text).bold = True
        else:
            document.add_paragraph(f"{mark}\t{text}")
    document.save(str(path))
    return path


def listed_docx(path: Path) -> Path:
    """The numbers are Word's own, in a list of two levels."""
    document = docx.Document()
    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, form, text in ((0, "decimal", "%1."), (1, "lowerLetter", "(%2)"))
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for kind, text in ROWS:
        if kind == "h":
            document.add_heading(text, 2)
            continue
        paragraph = document.add_paragraph(text)
        level = int(kind == "l")
        number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(number))
    document.save(str(path))
    return path


def pdf(path: Path) -> Path:
    tags = {"h": "h3", "n": "p", "l": "p"}
    rows = "".join(f"<{tags[kind]}>{mark} {text}</{tags[kind]}>" for kind, mark, text in marked())
    edges = f'@top-left{{content:"{SYMBOL}"}}@bottom-right{{content:counter(page)}}'
    style = f"@page{{size:A5;{edges}}}body{{font:11pt serif}}"
    path.write_bytes(pdf_of(f"<html lang='en'><style>{style}</style><body>{rows}</body></html>"))
    return path


def text(path: Path) -> Path:
    lines = [f"{mark} {text}".strip() for _kind, mark, text in marked()]
    path.write_text(SYMBOL + "\n\n" + "\n\n".join(lines), encoding="utf-8")
    return path


def page_without_text(path: Path, pages: int = 1) -> Path:
    sheets = '<div style="page-break-after:always"></div>' * pages
    path.write_bytes(pdf_of(f"<html><body>{sheets}</body></html>"))
    return path


def text_pdf(path: Path, pages: Sequence[Sequence[str]]) -> Path:
    """Lines of text on pages, written by hand: a layout engine takes minutes for hundreds of pages."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
    page += b" /Resources << /Font << /F1 3 0 R >> >> >>"
    for place, lines in enumerate(pages):
        shown = b"".join(b"(%b) Tj T*\n" % pdf_string(line) for line in lines)
        text = b"BT /F1 11 Tf 15 TL 72 770 Td\n%bET" % shown
        objects += [page % (5 + 2 * place), b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text)]
    return write_objects(path, objects)


def pdf_string(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def write_objects(path: Path, objects: Sequence[bytes], more: bytes = b"") -> Path:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R %b>>\nstartxref\n%d\n%%%%EOF\n"
    path.write_bytes(content + table + trailer % (size, more, len(content)))
    return path


def locked_pdf(path: Path) -> Path:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >>" % (b"11" * 32, b"22" * 32),
    ]
    return write_objects(path, objects, b"/Encrypt 3 0 R /ID [<00> <00>] ")


def printed_pdf(path: Path, pages, *, size="0 0 612 792", signs=None, pages_said=None) -> Path:
    """A PDF written by hand, with what no program prints: `signs` says what a letter stands for, in UTF-16.

    A page is its lines, or a stream that is drawn as it is.
    """
    signs = {**{code: f"{code:04X}" for code in range(32, 127)}, **(signs or {})}
    table = "\n".join(f"<{code:02X}> <{stands}>" for code, stands in signs.items())
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF>"
        f" endcodespacerange {len(signs)} beginbfchar\n{table}\nendbfchar endcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>"
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", "", font, stream(table)]
    kids = []
    for lines in pages:
        parts.append(lines if isinstance(lines, str) else stream(drawn_lines(lines)))
        shown = f"/MediaBox [{size}] /Resources << /Font << /F1 3 0 R >> >> /Contents {len(parts)} 0 R"
        parts.append(f"<< /Type /Page /Parent 2 0 R {shown} >>")
        kids.append(f"{len(parts)} 0 R")
    parts[1] = f"<< /Type /Pages /Count {pages_said or len(kids)} /Kids [{' '.join(kids)}] >>"
    content, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{part}\nendobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}trailer << /Size {len(parts) + 1} /Root 1 0 R >>\n"
    path.write_text(f"{content}{end}startxref\n{len(content)}\n%%EOF\n", encoding="latin-1")
    return path


def drawn_lines(lines) -> str:
    printed = "".join(f"1 0 0 1 72 {740 - 24 * row} Tm ({line}) Tj " for row, line in enumerate(lines))
    return f"BT /F1 11 Tf {printed} ET"


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries}>>\nstream\n{content}\nendstream"


def swelling_stream(lines, *, millions: int) -> str:
    """A page of a few thousand bytes, with so many millions of blanks behind its lines when it is unpacked twice."""
    packer = zlib.compressobj()
    packed = packer.compress(drawn_lines(lines).encode())
    packed += b"".join(packer.compress(b" " * 1_000_000) for _million in range(millions)) + packer.flush()
    return stream(zlib.compress(packed, 9).decode("latin-1"), "/Filter [/FlateDecode /FlateDecode] ")


def reading_never_ends(monkeypatch):
    """Whatever PDF is read: a real process that waits, so that only the limit of time can end it."""
    monkeypatch.setattr(pdf_process, "__name__", reader_that_never_ends.__name__)
