"""PDF files with a name planted in each place that tells of an author."""

import zlib
from io import BytesIO

import pikepdf
import pypdfium2
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String

from servanda.kit.files.pdf import pdf_of
from tests.kit.planted_office import NAME, jpeg

PAGE = '<html lang="en"><head><title>Ramps</title></head><body><h1>On ramps</h1><p>The school has no ramp.</p></body>'


def plain() -> bytes:
    return pdf_of(PAGE)


def planted() -> bytes:
    """With a former version in front of the present one."""
    with pikepdf.open(BytesIO(plain())) as pdf:
        pdf.docinfo["/Author"] = pdf.docinfo["/Company"] = NAME
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:creator"] = [NAME]
        pdf.attachments["note.txt"] = AttachedFileSpec(pdf, NAME.encode(), filename=f"{NAME}.txt")
        pdf.Root.PieceInfo = pdf.Root.NamesOfAuthors = Dictionary(Author=String(NAME))
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(NAME, 0))
        plant_on_page(pdf, pdf.pages[0].obj)
        pdf.trailer.Jottings = String(NAME)
        content = BytesIO()
        pdf.save(content)
    return with_history(content.getvalue())


def plant_on_page(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    note = {"Type": Name.Annot, "Rect": Array([0, 0, 9, 9]), "T": String(NAME), "Contents": String(NAME)}
    web, disk = (Dictionary(S=Name.URI, URI=String(to)) for to in ("https://example.org/", f"file:///C:/{NAME}"))
    page.Annots = Array(
        [
            pdf.make_indirect(Dictionary(Subtype=Name.Text, **note)),
            pdf.make_indirect(Dictionary(Subtype=Name.Link, A=web, **note)),
            pdf.make_indirect(Dictionary(Subtype=Name.Link, A=disk, **note)),
        ]
    )
    page.PieceInfo = Dictionary(Word=Dictionary(Private=String(NAME)))
    page.Metadata = pdf.make_stream(f"<x>{NAME}</x>".encode(), Type=Name.Metadata, Subtype=Name.XML)
    page.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{NAME}')")))
    picture = pdf.make_stream(jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=16, Height=16)
    picture.ColorSpace = Array([Name.ICCBased, pdf.make_stream(f"profile of {NAME}".encode(), N=3)])
    picture.BitsPerComponent, picture.Filter = 8, Name.DCTDecode
    picture.Metadata = pdf.make_stream(NAME.encode())
    form = pdf.make_stream(b"% " + NAME.encode() + b"\nq Q", Type=Name.XObject, Subtype=Name.Form)
    form.BBox, form.PieceInfo, form.Jottings = Array([0, 0, 9, 9]), Dictionary(A=String(NAME)), String(NAME)
    packed = pdf.make_stream(zlib.compress(jpeg()), Type=Name.XObject, Subtype=Name.Image, Width=16, Height=16)
    packed.ColorSpace, packed.BitsPerComponent = Name.DeviceRGB, 8
    packed.Filter = Array([Name.FlateDecode, Name.DCTDecode])
    page.Resources.XObject = Dictionary(Im1=picture, Im2=packed, Fm1=form)
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(NAME), Usage=Dictionary(A=String(NAME))))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Name=String(NAME), ON=Array([layer])))
    page.Resources.Properties = Dictionary(MC0=layer)
    drawn = f"% {NAME}\n/Artifact <</Author ({NAME})>> BDC /OC /MC0 BDC q /Im1 Do /Im2 Do /Fm1 Do Q EMC EMC"
    page.Contents = Array([page.Contents, pdf.make_stream(drawn.encode())])


def with_history(present: bytes) -> bytes:
    """An object that only a former version shows, and what stands behind the end."""
    former = f"9999 0 obj\n(A former version by {NAME})\nendobj\n".encode()
    at = present.rindex(b"startxref")
    return present[:at] + former + present[at:] + b"\n" + former


def form_filled_in() -> bytes:
    with pikepdf.open(BytesIO(plain())) as pdf:
        drawn = pdf.make_stream(b"BT /F1 12 Tf 0 0 Td (Filled in) Tj ET", Type=Name.XObject, Subtype=Name.Form)
        drawn.BBox = Array([0, 0, 200, 20])
        drawn.Resources = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        )
        boxes = {"Type": Name.Annot, "Subtype": Name.Widget, "Rect": Array([50, 500, 250, 520]), "F": 4}
        text = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String(NAME), V=String("Filled in"), **boxes))
        text.AP = Dictionary(N=drawn)
        signed = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=Dictionary(Name=String(NAME)), **boxes))
        pdf.pages[0].obj.Annots = Array([text, signed])
        pdf.Root.AcroForm = Dictionary(Fields=Array([text, signed]))
        content = BytesIO()
        pdf.save(content)
    return content.getvalue()


def of_a_form_program() -> bytes:
    with pikepdf.open(BytesIO(plain())) as pdf:
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(NAME.encode()))
        content = BytesIO()
        pdf.save(content)
    return content.getvalue()


def drawn_inline() -> bytes:
    """A picture in JPEG in the middle of what draws the page."""
    drawn = b"q BI /W 16 /H 16 /CS /RGB /BPC 8 /F /DCT ID " + jpeg() + b" EI Q"
    with pikepdf.open(BytesIO(plain())) as pdf:
        page = pdf.pages[0].obj
        page.Contents = Array([page.Contents, pdf.make_stream(drawn)])
        content = BytesIO()
        pdf.save(content)
    return content.getvalue()


def encrypted(**passwords: str) -> bytes:
    with pikepdf.open(BytesIO(plain())) as pdf:
        content = BytesIO()
        pdf.save(content, encryption=pikepdf.Encryption(**passwords))
    return content.getvalue()


def text_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]
