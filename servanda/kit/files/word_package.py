"""A Word file written part by part, as XML: long documents through the objects of python-docx take a minute.

The body is written in pieces as they come, so that a table of 1,000 rows needs the memory of one of them.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from servanda.kit.files.word import NOT_IN_XML

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMESPACES = (
    f'xmlns:w="{MAIN}" xmlns:r="{RELATIONS}" xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main"'
    f' xmlns:pic="{DRAWING}/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
COPY_PROPERTY = "ServandaCopy"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # of all entries, so that equal contents give equal bytes
STYLES = Path(__file__).parent / "word_styles.xml"


class Properties(NamedTuple):
    title: str
    author: str
    language: str
    at: datetime
    copy: str = ""  # which copy of the document this is, for whoever reads it when it comes back


class WordPackage(AbstractContextManager):
    """Use it in `with`; then `file` holds the finished file."""

    def __init__(self, properties: Properties) -> None:
        self.file = BytesIO()
        self.properties = properties
        self._zip = ZipFile(self.file, "w", ZIP_DEFLATED)
        self._relations: dict[tuple[str, str, bool], str] = {}
        self._overrides: list[tuple[str, str]] = []
        self._pictures = 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._zip.close()
        self.file.seek(0)

    def __enter__(self) -> Self:
        return self

    def add_part(self, name: str, kind: str, xml: str) -> str:
        """A part beside the body, such as the endnotes; returns the key of its relation. `kind` is the name of the
        type of the relation, such as "endnotes"."""
        self._write(f"word/{name}", HEAD + xml)
        self._overrides.append((f"/word/{name}", f"{TYPE}.{kind}+xml"))
        return self._relate(kind, name)

    def add_picture(self, content: bytes) -> str:
        """Returns the key of its relation."""
        self._pictures += 1
        name = f"media/image{self._pictures}.png"
        self._write(f"word/{name}", content)
        return self._relate("image", name)

    def add_link(self, address: str) -> str:
        """Returns the key of the relation to an address of the web; the same for the same address."""
        return self._relate("hyperlink", address, is_external=True)

    def write_body(self, pieces: Iterable[str]) -> None:
        """Pictures and links may be added while the pieces are made."""
        with BytesIO() as body:
            body.write(f"{HEAD}<w:document {NAMESPACES}><w:body>".encode())
            for piece in pieces:
                body.write(piece.encode())
            body.write(b"</w:body></w:document>")
            self._write("word/document.xml", body.getbuffer())
        self._overrides.append(("/word/document.xml", f"{TYPE}.document.main+xml"))

    def _relate(self, kind: str, target: str, *, is_external: bool = False) -> str:
        return self._relations.setdefault((kind, target, is_external), f"rId{len(self._relations) + 1}")

    def _write(self, name: str, content: str | bytes | memoryview) -> None:
        entry = ZipInfo(name, EARLIEST)
        entry.compress_type = ZIP_DEFLATED
        self._zip.writestr(entry, content)

    def _finish(self) -> None:
        relations = "".join(
            f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target={attribute(target)}'
            f"{' TargetMode="External"' if is_external else ''}/>"
            for (kind, target, is_external), key in self._relations.items()
        )
        self._write("word/_rels/document.xml.rels", relationships(relations))
        main = (
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties"'
            ' Target="docProps/core.xml"/>'
        )
        overrides = [*self._overrides, ("/docProps/core.xml", CORE)]
        if self.properties.copy:
            main += f'<Relationship Id="rId3" Type="{RELATIONS}/custom-properties" Target="docProps/custom.xml"/>'
            self._write("docProps/custom.xml", HEAD + custom_properties(self.properties.copy))
            overrides.append(("/docProps/custom.xml", CUSTOM))
        self._write("_rels/.rels", relationships(main))
        self._write("docProps/core.xml", HEAD + core_properties(self.properties))
        types = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
        self._write(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="png" ContentType="image/png"/>{types}</Types>',
        )


def relationships(rows: str) -> str:
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def core_properties(properties: Properties) -> str:
    at = properties.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{text(properties.title)}</dc:title><dc:creator>{text(properties.author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified>'
        f"<dc:language>{text(properties.language)}</dc:language></cp:coreProperties>"
    )


def custom_properties(copy: str) -> str:
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{COPY_PROPERTY}">'
        f"<vt:lpwstr>{text(copy)}</vt:lpwstr></property></Properties>"
    )


def text(words: str) -> str:
    """Escaped, without the signs that XML cannot hold."""
    return escape(NOT_IN_XML.sub("", words))


def attribute(words: str) -> str:
    """The same with quotation marks around it."""
    return quoteattr(" ".join(NOT_IN_XML.sub("", words).split()))


def field(instruction: str, result: str, *, is_dirty: bool = False) -> str:
    """A field that Word computes, with the runs that it shows until then. Word updates dirty ones when it opens the
    file."""
    dirty = ' w:dirty="true"' if is_dirty else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{dirty}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {text(instruction)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
