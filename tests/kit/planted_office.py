"""Office files made by hand, with a name planted in each place that tells of an author."""

import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document
from PIL import Image
from PIL.PngImagePlugin import PngInfo

NAME = "Zylphia"  # in no dictionary, font or library
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SPACES = f"""{W} {R} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
 xmlns:zz="http://example.org/{NAME}" mc:Ignorable="w14 zz" """
BY = f'w:id="7" w:author="{NAME}" w:date="2026-01-01T00:00:00Z"'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def archive(parts: dict[str, bytes | str], *, comment: bytes = b"") -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
        made.comment = comment
    return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as found:
        return {part.filename: found.read(part) for part in found.infolist()}


def png() -> bytes:
    png_info, content = PngInfo(), BytesIO()
    png_info.add_text("Author", NAME)
    png_info.add_itxt("XML:com.adobe.xmp", f"<x>{NAME}</x>")
    Image.new("RGB", (4, 4), "red").save(content, "PNG", pnginfo=png_info)
    return content.getvalue() + NAME.encode()


def jpeg() -> bytes:
    exif, content = Image.Exif(), BytesIO()
    exif[0x013B] = exif[0x8298] = NAME
    Image.new("RGB", (16, 16), "blue").save(content, "JPEG", exif=exif, comment=NAME.encode())
    plain = content.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x10\x1c\x02\x50\0\x07" + NAME.encode()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<dc:creator>" + NAME.encode()
    extra = b"".join(
        bytes([0xFF, mark]) + (len(data) + 2).to_bytes(2) + data for mark, data in ((0xED, iptc), (0xE1, xmp))
    )
    assert plain[2:4] == b"\xff\xe0"
    return plain[:20] + extra + plain[20:] + NAME.encode()


def tiff() -> bytes:
    content = BytesIO()
    Image.new("RGB", (4, 4), "green").save(content, "TIFF", tiffinfo={315: NAME, 270: NAME})
    return content.getvalue()


def gif() -> bytes:
    content = BytesIO()
    Image.new("P", (4, 4)).save(content, "GIF", comment=NAME.encode())
    return content.getvalue()


def relations(*lines: tuple[str, str, str]) -> str:
    made = "".join(
        f'<Relationship Id="{key}" Type="{TYPE}{kind}" Target="{target}"'
        f"{' TargetMode="External"' if '://' in target else ''}/>"
        for key, kind, target in lines
    )
    return f'<Relationships xmlns="{PACKAGE}relationships">{made}</Relationships>'


def types(kinds: dict[str, str]) -> str:
    lines = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    ends = {"xml": "application/xml", "rels": "application/vnd.openxmlformats-package.relationships+xml"}
    ends |= {ending: f"image/{ending}" for ending in ("png", "jpeg", "tiff", "gif")}
    defaults = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in ends.items())
    return f'<Types xmlns="{PACKAGE}content-types">{defaults}{lines}</Types>'


def field(instruction: str, shown: str) -> str:
    """A field whose marks stand in several runs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{shown}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def picture(key: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="1" name="{NAME}.jpg" title="{NAME}" '
        f'descr="C:\\Users\\{NAME}\\ramp.jpg"/><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="1" name="{NAME}.jpg"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{key}">'
        f'<a:extLst><a:ext uri="{{1}}">{NAME}</a:ext></a:extLst></a:blip></pic:blipFill><pic:spPr/></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


BODY = f"""<!-- {NAME} --><?{NAME} {NAME}?>
<w:p w:rsidR="00AB" w14:paraId="1234"><w:pPr><w:pPrChange {BY}><w:pPr/></w:pPrChange></w:pPr>
{run("The school ")}<w:ins {BY}>{run("still ")}<w:del {BY}><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:ins>
<w:del {BY}><w:r><w:delText>{NAME} never</w:delText></w:r></w:del>
<w:r><w:rPr><w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange></w:rPr><w:t>has no ramp.</w:t></w:r>
<w:commentRangeStart w:id="3"/>{run(" See")}<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>
<w:r><w:footnoteReference w:id="2"/></w:r><w:del {BY}><w:r><w:footnoteReference w:id="3"/></w:r></w:del></w:p>
<w:p><w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>{run("First half, ")}</w:p><w:p>{run("second half.")}</w:p>
<w:p><w:moveFrom {BY}>{run("moved")}</w:moveFrom><w:moveTo {BY}>{run("Moved.")}</w:moveTo></w:p>
<w:p>{field("AUTHOR", NAME)}{field("PAGE", "4")}{field('DOCPROPERTY "Manager"', NAME)}{field("DATE", "May")}
{field(f'HYPERLINK "file:///C:/Users/{NAME}/a.docx"', "annex")}
{field(f'HYPERLINK \\l "a" "file:///C:/Users/{NAME}/x"', "")}{field(f'RD "C:\\\\Users\\\\{NAME}\\\\b.docx"', "")}
{field(f'HYPERLINK \\l "a" \\o "\\\\\\\\server\\\\{NAME}"', "")}{field(f'TOC \\b "C:/{NAME}"', "")}
<w:fldSimple w:instr=" LASTSAVEDBY "><w:r><w:t>{NAME}</w:t></w:r></w:fldSimple></w:p>
<w:p><w:hyperlink r:id="rOut" w:tooltip="{NAME}">{run(" our page")}</w:hyperlink><w:hyperlink
 r:id="rDisk">{run(" disk")}</w:hyperlink></w:p>
<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/><w:tag w:val="{NAME}"/><w:dataBinding
 w:xpath="/ns1:coreProperties[1]/ns0:creator[1]"
 w:storeItemID="1"/></w:sdtPr><w:sdtContent><w:p>{run(NAME)}</w:p></w:sdtContent></w:sdt>
<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run("In a control.")}</w:p></w:sdtContent></w:sdt>
<w:p><w:smartTag w:element="{NAME}"><w:smartTagPr><w:attr w:name="x"
 w:val="{NAME}"/></w:smartTagPr>{run("Clever.")}</w:smartTag
>
<zz:odd>{NAME}</zz:odd>{picture("rPng")}{picture("rJpeg")}{picture("rTiff")}{picture("rGif")}
<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:pict><v:shape id="s" alt="C:/{NAME}/a.png"><v:imagedata r:id="rPng"
 o:title="{NAME}" r:href="rDisk"/><o:signatureline o:suggestedsigner="{NAME}"/></v:shape></w:pict></w:r>
<w:permStart w:id="1" w:ed="{NAME}"/><w:permEnd w:id="1"/></w:p>
<w:tbl><w:tr><w:trPr><w:del {BY}/></w:trPr><w:tc><w:p><w:del
 {BY}><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:p></w:tc>
</w:tr><w:tr><w:trPr><w:ins {BY}/></w:trPr><w:tc><w:p>{run("A cell.")}</w:p></w:tc></w:tr></w:tbl>
<w:sectPr><w:headerReference w:type="default" r:id="rHead"/></w:sectPr>"""
SHOWN = [
    "The school still has no ramp. See",
    "First half, second half.",
    "Moved.",
    "4Mayannex",
    " our page disk",
    "",
    "In a control.",
    "Clever.",
]


def docx(*, body: str = BODY, more: dict[str, bytes | str] | None = None) -> bytes:
    note = f'<w:footnote w:id="{{}}"><w:p w:rsidR="00"><w:ins {BY}>{{}}</w:ins>{{}}</w:p></w:footnote>'
    gone = f"<w:del {BY}><w:r><w:delText>{NAME}</w:delText></w:r></w:del>"
    notes = note.format("2", run("A note."), gone) + note.format("3", run(NAME), "")
    person = f"<w15:people xmlns:w15='http://schemas.microsoft.com/office/word/2012/wordml'>{NAME}</w15:people>"
    styles = f'<w:styles {W}><w:style w:styleId="a" w:type="paragraph"><w:name w:val="Normal"/><w:rsid w:val="00AB"/>'
    settings = f"""<w:settings {SPACES}><w:attachedTemplate r:id="rT"/><w:rsids><w:rsid w:val="00AB"/></w:rsids>
<w:docVars><w:docVar w:name="x" w:val="{NAME}"/></w:docVars><w:mailMerge><w:query w:val="{NAME}"/></w:mailMerge>
<w:defaultTabStop w:val="720"/></w:settings>"""
    head = (
        f"<w:hdr {SPACES}><w:p>{field('AUTHOR', NAME)}{run('A head.')}<w:del {BY}>{run(NAME)}</w:del></w:p></w:hdr>"
    )
    kinds = {"word/document.xml": f"{WORD}document.main+xml", f"word/{NAME}.xml": f"{WORD}header+xml"}
    kinds |= {
        f"word/{part}.xml": f"{WORD}{part}+xml"
        for part in ("styles", "settings", "footnotes", "endnotes", "comments")
    }
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": types(kinds),
        "_rels/.rels": relations(
            ("r1", "officeDocument", "word/document.xml"),
            ("r2", "metadata/core-properties", "docProps/core.xml"),
            ("r3", "metadata/thumbnail", "docProps/thumbnail.jpeg"),
        ),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(
            *(
                (f"r{part}", part, f"{part}.xml")
                for part in ("styles", "settings", "footnotes", "endnotes", "comments")
            ),
            ("rHead", "header", f"{NAME}.xml"),
            ("rPng", "image", f"media/{NAME}.png"),
            ("rJpeg", "image", "media/2.jpeg"),
            ("rTiff", "image", "media/3.tiff"),
            ("rGif", "image", "media/4.gif"),
            ("rOut", "hyperlink", "https://example.org/ramp"),
            ("rDisk", "hyperlink", f"file:///C:/Users/{NAME}/x.docx"),
            ("rPeople", "people", "people.xml"),
            ("rXml", "customXml", "../customXml/item1.xml"),
            ("rGlossary", "glossaryDocument", "glossary/document.xml"),
            ("rWorkbook", "package", "embeddings/book.xlsx"),
        ),
        f"word/media/{NAME}.png": png(),
        "word/media/2.jpeg": jpeg(),
        "word/media/3.tiff": tiff(),
        "word/media/4.gif": gif(),
        "word/styles.xml": f"{styles}</w:style></w:styles>",
        "word/settings.xml": settings,
        "word/_rels/settings.xml.rels": relations(("rT", "attachedTemplate", f"file:///C:/Users/{NAME}/N.dotm")),
        "word/footnotes.xml": f"<w:footnotes {SPACES}>{notes}</w:footnotes>",
        "word/endnotes.xml": f"<w:endnotes {SPACES}>{notes.replace('footnote', 'endnote')}</w:endnotes>",
        "word/comments.xml": f"<w:comments {SPACES}><w:comment {BY}><w:p>{run(NAME)}</w:p></w:comment></w:comments>",
        f"word/{NAME}.xml": head,
        "word/people.xml": person,
        "word/commentsExtended.xml": person,
        "word/glossary/document.xml": f"<w:glossaryDocument {SPACES}><w:p><w:ins {BY}/></w:p></w:glossaryDocument>",
        "word/embeddings/book.xlsx": archive({"docProps/core.xml": NAME}),
        "customXml/item1.xml": f"<x>{NAME}</x>",
        "docProps/core.xml": f"<creator>{NAME}</creator>",
        "docProps/app.xml": f"<Company>{NAME}</Company>",
        "docProps/custom.xml": f"<x>{NAME}</x>",
        "docProps/thumbnail.jpeg": jpeg(),
    }
    return archive(parts | (more or {}), comment=NAME.encode())


def docx_of_library() -> bytes:
    document, content = Document(), BytesIO()
    document.core_properties.author = document.core_properties.last_modified_by = NAME
    document.add_heading("On ramps", 1)
    document.add_paragraph("The school has no ramp.")
    document.add_table(2, 2).cell(0, 0).text = "A cell"
    document.add_picture(BytesIO(jpeg()))
    document.sections[0].header.paragraphs[0].text = "A head"
    document.save(content)
    return content.getvalue()


def texts(content: bytes, place: Path) -> list[str]:
    place.write_bytes(content)
    return [paragraph.text for paragraph in Document(str(place)).paragraphs]


def xlsx(*, more: dict[str, bytes | str] | None = None, in_sheet: str = "") -> bytes:
    main = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {R}'
    workbook = f"""<workbook {main} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" mc:Ignorable="x15ac">
<fileSharing userName="{NAME}"/><workbookPr codeName="{NAME}"/><mc:AlternateContent><mc:Choice Requires="x15">
<x15ac:absPath url="C:\\Users\\{NAME}\\"/></mc:Choice></mc:AlternateContent><sheets><sheet
 name="Ramps" sheetId="1" r:id="rS"/>
</sheets><externalReferences><externalReference r:id="rE"/></externalReferences><definedNames>
<definedName name="far" comment="{NAME}">'C:\\Users\\{NAME}\\[x.xlsx]S'!A1</definedName></definedNames>
<customWorkbookViews><customWorkbookView name="{NAME}" guid="1"/></customWorkbookViews></workbook>"""
    sheet = f"""<worksheet {main}><sheetPr codeName="{NAME}"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>
<c
 r="B1"><f t="shared" si="0" ref="B1:D1">[1]Far!A1</f><v>42</v></c><c r="C1"><f>1+1</f><v>2</v></c>
<c r="D1"><f t="shared" si="0"/><v>7</v></c></row></sheetData>
<scenarios><scenario name="x"
 user="{NAME}" comment="{NAME}"/></scenarios><hyperlinks><hyperlink ref="A1" r:id="rDisk" location="A1"
 tooltip="{NAME}" display="{NAME}"/></hyperlinks>
<pageSetup r:id="rP"/><drawing r:id="rD"/><legacyDrawing r:id="rV"/>{in_sheet}</worksheet>"""
    drawing = f"""<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" {R}><xdr:pic><xdr:nvPicPr>
<xdr:cNvPr id="2" name="{NAME}.png" descr="{NAME}.png"/></xdr:nvPicPr><xdr:blipFill><a:blip
 r:embed="rI"/></xdr:blipFill>
</xdr:pic></xdr:wsDr>"""
    kinds = {"xl/workbook.xml": f"{SHEET}sheet.main+xml", "xl/worksheets/sheet1.xml": f"{SHEET}worksheet+xml"}
    kinds |= {"xl/sharedStrings.xml": f"{SHEET}sharedStrings+xml"}
    kinds |= {"xl/drawings/d.xml": "application/vnd.openxmlformats-officedocument.drawing+xml"}
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": types(kinds),
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations(
            ("rS", "worksheet", "worksheets/sheet1.xml"),
            ("rT", "sharedStrings", "sharedStrings.xml"),
            ("rE", "externalLink", "externalLinks/e.xml"),
            ("rN", "person", "persons/person.xml"),
            ("rC", "connections", "connections.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rDisk", "hyperlink", f"file:///C:/Users/{NAME}/x.docx"),
            ("rP", "printerSettings", "../printerSettings/p.bin"),
            ("rD", "drawing", "../drawings/d.xml"),
            ("rV", "vmlDrawing", "../drawings/v.vml"),
            ("rC", "comments", "../comments1.xml"),
            ("rTc", "threadedComment", "../threadedComments/t.xml"),
        ),
        "xl/drawings/d.xml": drawing,
        "xl/drawings/_rels/d.xml.rels": relations(("rI", "image", "../media/i.png")),
        "xl/media/i.png": png(),
        "xl/sharedStrings.xml": f"<sst {main}><si><t>No ramp</t></si><si><t>{NAME}</t></si></sst>",
        **{
            f"xl/{name}": f"<x>{NAME}</x>"
            for name in (
                "externalLinks/e.xml",
                "persons/person.xml",
                "connections.xml",
                "printerSettings/p.bin",
                "drawings/v.vml",
                "comments1.xml",
                "threadedComments/t.xml",
                "revisions/userNames.xml",
            )
        },
        "docProps/core.xml": NAME,
        "docProps/app.xml": NAME,
    }
    return archive(parts | (more or {}), comment=NAME.encode())


def open_document(mime: str, body: str, *, more: dict[str, bytes | str] | None = None) -> bytes:
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("svg", "svg-compatible"),
            ("meta", "meta"),
        )
    )
    spaces += (
        ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:officeooo="http://openoffice.org/2009/office" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    )
    content = f"<office:document-content {spaces} office:version='1.2'><office:body>{body}</office:body>"
    styles = (
        f"<office:document-styles {spaces}><!-- {NAME} --><text:p>A head<text:author-name>{NAME}</text:author-name>"
    )
    manifest = (
        f"<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><!-- {NAME} -->"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": mime,
        "content.xml": f"{content}</office:document-content>",
        "styles.xml": f"{styles}</text:p></office:document-styles>",
        "meta.xml": f"<x>{NAME}</x>",
        "settings.xml": f"<x>{NAME}</x>",
        "manifest.rdf": f"<x>{NAME}</x>",
        "Thumbnails/thumbnail.png": png(),
        f"Pictures/{NAME}.png": png(),
        "META-INF/manifest.xml": f"{manifest}</manifest:manifest>",
        "META-INF/documentsignatures.xml": f"<x>{NAME}</x>",
    }
    return archive(parts | (more or {}))


ODT_BODY = f"""<office:text><text:tracked-changes><text:changed-region
 text:id="c1"><text:deletion><office:change-info>
<dc:creator>{NAME}</dc:creator></office:change-info><text:p>{NAME}</text:p></text:deletion></text:changed-region>
</text:tracked-changes><text:p officeooo:rsid="00AB" xhtml:about="{NAME}">The school <text:change 
 text:change-id="c1"/>has<office:annotation
><dc:creator>{NAME}</dc:creator><text:p>{NAME}</text:p></office:annotation> no ramp<text:initial-creator
>{NAME}</text:initial-creator
>, written in <text:creation-date>May</text:creation-date>.</text:p><text:p><draw:frame draw:name="{NAME}"><draw:image
 xlink:href="Pictures/{NAME}.png"/><svg:desc>C:/{NAME}/a.png</svg:desc></draw:frame><text:a xlink:href="file:///{NAME}">annex</text:a
><text:sender-lastname>{NAME}</text:sender-lastname></text:p></office:text>"""
ODT_SHOWN = "The school has no ramp, written in May.annex"
ODS_BODY = f"""<office:spreadsheet><table:tracked-changes><dc:creator>{NAME}</dc:creator></table:tracked-changes>
<table:table table:name="Ramps"><table:table-source xlink:href="file:///{NAME}"/><table:table-row><table:table-cell
 office:value-type="string" table:formula="of:=['file:///{NAME}/a.ods'#$S.A1]"><office:annotation><dc:creator
>{NAME}</dc:creator></office:annotation><text:p>No ramp</text:p></table:table-cell></table:table-row></table:table
></office:spreadsheet>"""
