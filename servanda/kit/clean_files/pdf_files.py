"""PDF: what its pages show, written anew; neither its history nor anything that no page shows comes along.

Of a page its content stays, with what it is drawn with. Forms are printed into it. Comments, properties, attachments,
bookmarks, tags, programs and former versions stay behind; links to pages on the web are written anew.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from servanda.kit.clean_files import pictures
from servanda.kit.clean_files.parts import NotCleaned, Reason, is_web_address

BOXES = {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"}
PAGE = BOXES | {"/Type", "/Parent", "/Resources", "/Contents", "/Group"}
PAGES = BOXES | {"/Type", "/Parent", "/Kids", "/Count", "/Resources"}
CATALOG = {"/Type", "/Pages", "/Lang", "/OCProperties"}
LAYER = {"/Type", "/Name"}
RESOURCES = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/Properties", "/ProcSet"}
STREAM = {"/Length", "/Filter", "/DecodeParms", "/DL", "/Type", "/Subtype", "/OC"}
FORM = STREAM | {"/FormType", "/BBox", "/Matrix", "/Resources", "/Group"}
IMAGE = STREAM | {"/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent", "/Mask", "/ImageMask", "/Matte"}
IMAGE |= {"/Decode", "/Interpolate", "/SMask", "/SMaskInData"}
FORGOTTEN = {"/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/Alternates", "/AF", "/StructParent", "/Thumb"}
FORGOTTEN |= {"/StructParents", "/UsageRights", "/Usage"}
STRINGS = {"/Registry", "/Ordering", "/ActualText", "/Lang", "/Name", "/URI", "/FontFamily", "/CharSet", "/Panose"}
MARKED = {"/MCID", "/ActualText", "/Lang", "/Type", "/Subtype"}
NAMED = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/Properties", "/CharProcs"}
SPACES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
# A comment, a dictionary that is more than the number of a mark, a picture in JPEG: only then it is taken apart.
TELLS = re.compile(rb"%|<<(?!\s*/MCID\s+\d+\s*>>)|/DCT")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
MOST_PAGES = 5_000


def cleaned(path: Path) -> bytes:
    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                raise NotCleaned(Reason.LOCKED)
            if not 0 < len(pdf.pages) <= MOST_PAGES:
                raise NotCleaned(Reason.DAMAGED)
            print_forms(pdf)
            keep_what_is_shown(pdf)
            Cleaning(pdf).walk(pdf.Root)
            return written_anew(pdf)
    except pikepdf.PasswordError as problem:
        raise NotCleaned(Reason.LOCKED) from problem
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError) as problem:
        raise NotCleaned(Reason.DAMAGED) from problem


def written_anew(pdf: pikepdf.Pdf) -> bytes:
    """Only what the pages reach is written; the mark of identity is made from the content."""
    pdf.remove_unreferenced_resources()
    content = BytesIO()
    pdf.save(content, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return content.getvalue()


def print_forms(pdf: pikepdf.Pdf) -> None:
    """What was filled in becomes part of its page; what was remarked on it, and who signed it, does not."""
    form = pdf.Root.get("/AcroForm", Dictionary())
    if "/XFA" in form:
        raise NotCleaned(Reason.UNKNOWN)
    for page in pdf.pages:
        notes = [note for note in page.obj.get("/Annots", []) if isinstance(note, Dictionary)]
        fields = [note for note in notes if note.get("/Subtype") == Name.Widget and kind_of(note) != "/Sig"]
        links = [link for note in notes if (link := link_of(note)) is not None]
        page.obj.Annots = Array(fields)
        page.obj.LinksOfOurs = Array(links)
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")


def kind_of(field: Object) -> str:
    for _level in range(20):
        if "/FT" in field:
            return str(field.FT)
        if "/Parent" not in field:
            return ""
        field = field.Parent
    return ""


def link_of(note: Object) -> Object | None:
    if note.get("/Subtype") != Name.Link or "/URI" not in note.get("/A", Dictionary()):
        return None
    address = str(note.A.URI)
    if not is_web_address(address):
        return None
    corners = Array([float(corner) for corner in note.Rect][:4])
    action = Dictionary(S=Name.URI, URI=String(address))
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=corners, Border=Array([0, 0, 0]), A=action)


def keep_what_is_shown(pdf: pikepdf.Pdf) -> None:
    for key in [*pdf.trailer.keys()]:
        if key not in ("/Root", "/Size"):
            del pdf.trailer[key]
    limit_keys(pdf.Root, CATALOG)
    if not LANGUAGE.fullmatch(str(pdf.Root.get("/Lang", "en"))):
        del pdf.Root.Lang
    if "/OCProperties" in pdf.Root:
        pdf.Root.OCProperties = plain_layers(pdf.Root.OCProperties)
    for page in pdf.pages:
        links = page.obj.get("/LinksOfOurs")
        limit_keys(page.obj, PAGE)
        if links is not None and len(links):
            page.obj.Annots = links


def plain_layers(layers: Object) -> Object:
    """Which of them are shown, and not what they are called."""
    for number, layer in enumerate(layers.OCGs, 1):
        limit_keys(layer, LAYER)
        layer.Name = String(f"{number}")
    shown = layers.get("/D", Dictionary())
    chosen = {key: shown[key] for key in ("/BaseState", "/ON", "/OFF") if key in shown}
    return Dictionary(OCGs=layers.OCGs, D=Dictionary(chosen))


def limit_keys(thing: Object, keys: set[str]) -> None:
    for key in [*thing.keys()]:
        if key not in keys:
            del thing[key]


class Cleaning:
    """Each object that is reached from the catalogue, once."""

    def __init__(self, pdf: pikepdf.Pdf):
        self.pdf = pdf
        self.seen: set[tuple[int, int]] = set()

    def walk(self, root: Object) -> None:
        waiting: list[tuple[Object, bool]] = [(root, False)]
        while waiting:
            thing, is_list_of_names = waiting.pop()
            if thing.is_indirect:
                if thing.objgen in self.seen:
                    continue
                self.seen.add(thing.objgen)
            if isinstance(thing, Array):
                waiting += [(one, False) for one in self.elements(thing)]
                continue
            if not is_list_of_names:
                self.clean(thing)
            waiting += self.values(thing, is_list_of_names=is_list_of_names)

    def elements(self, thing: Object) -> list[Object]:
        for number in range(len(thing)):
            if (space := plain_space(thing[number])) is not None:
                thing[number] = space
        return [one for one in thing.as_list() if isinstance(one, Dictionary | Array | Stream)]

    def values(self, thing: Object, *, is_list_of_names: bool) -> list[tuple[Object, bool]]:
        found: list[tuple[Object, bool]] = []
        for key in [*thing.keys()]:
            value = thing[key]
            if key == "/Parent" and thing.get("/Type") not in (Name.Page, Name.Pages):
                del thing[key]
            elif (space := plain_space(value)) is not None:
                thing[key] = space
            elif isinstance(value, Dictionary | Array | Stream):
                found.append((value, key in NAMED and not is_list_of_names and isinstance(value, Dictionary)))
        return found

    def clean(self, thing: Object) -> None:
        limit_known(thing)
        for key in [*thing.keys()]:
            if key in FORGOTTEN or (isinstance(thing[key], String) and key not in STRINGS):
                del thing[key]
        kind = str(thing.get("/Subtype", ""))
        if thing.get("/Type") == Name.Page:
            self.clean_page(thing)
        elif isinstance(thing, Stream) and kind == "/Image":
            clean_picture(self.pdf, thing)
        elif isinstance(thing, Stream) and (kind == "/Form" or "/PatternType" in thing):
            clean_content(thing)
        elif kind == "/Type3":
            for drawn in thing.get("/CharProcs", Dictionary()).values():
                clean_content(drawn)

    def clean_page(self, page: Object) -> None:
        if "/Contents" not in page:
            return
        streams = page.Contents.as_list() if isinstance(page.Contents, Array) else [page.Contents]
        content = b"\n".join(stream.read_bytes() for stream in streams)
        page.Contents = self.pdf.make_stream(plain_content(content, page))


def limit_known(thing: Object) -> None:
    """What has a fixed set of entries loses all others."""
    kind = str(thing.get("/Subtype", ""))
    if isinstance(thing, Stream) and kind in ("/Form", "/Image"):
        limit_keys(thing, FORM if kind == "/Form" else IMAGE)
    elif thing.get("/Type") == Name.Pages:
        limit_keys(thing, PAGES)
    if isinstance(thing.get("/Resources"), Dictionary):
        limit_keys(thing.Resources, RESOURCES)


def plain_space(value: Any) -> Object | None:
    """A profile of colours names the screen or printer that it is of: the plain space of as many colours."""
    if not isinstance(value, Array) or len(value) < 2 or value[0] != Name.ICCBased:
        return None
    return SPACES.get(int(value[1].get("/N", 3)), Name.DeviceRGB)


def clean_content(stream: Object) -> None:
    content = stream.read_bytes()
    stream.write(plain_content(content, stream))


def plain_content(content: bytes, stream: Object) -> bytes:
    """Without comments, and of marks only what says how the text is read."""
    if not TELLS.search(content):
        return content
    instructions = []
    for one in pikepdf.parse_content_stream(stream):
        if isinstance(one, pikepdf.ContentStreamInlineImage):
            if any(name in ("/DCTDecode", "/DCT") for name in map(str, one.iimage.filters)):
                raise NotCleaned(Reason.PICTURE)
        elif str(one.operator) in ("BDC", "DP"):
            for operand in one.operands:
                if isinstance(operand, Dictionary):
                    limit_keys(operand, MARKED)
        instructions.append(one)
    return pikepdf.unparse_content_stream(instructions)


def clean_picture(pdf: pikepdf.Pdf, picture: Object) -> None:
    """JPEG files lie in a PDF as the camera wrote them."""
    found = picture.get("/Filter", Array())
    filters: list[Any] = list(found.as_list()) if isinstance(found, Array) else [found]
    if not filters or filters[-1] not in (Name.DCTDecode, Name.JPXDecode):
        return
    content, settings = picture.read_raw_bytes(), picture.get("/DecodeParms")
    if len(filters) > 1:
        content = pdf.make_stream(content, Filter=Array(filters[:-1])).read_bytes()
        settings = settings[-1] if isinstance(settings, Array) else None
    is_jpeg = filters[-1] == Name.DCTDecode
    content = pictures.jpeg(content) if is_jpeg else pictures.jpeg_2000(content)
    picture.write(content, filter=filters[-1], decode_parms=settings if isinstance(settings, Dictionary) else None)
