"""PDF: rewritten from what its pages show, without its history and without anything that no page shows.

The content of each page stays, with the resources that draw it. Form fields are flattened into it. Comments,
properties, attachments, bookmarks, tags, programs and former versions are dropped; links to web pages are rebuilt.
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
# A comment, a dictionary that holds more than the id of a mark, an inline JPEG: only such content has to be parsed.
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
            flatten_forms(pdf)
            keep_shown_content(pdf)
            Cleaning(pdf).walk(pdf.Root)
            return rewritten(pdf)
    except pikepdf.PasswordError as problem:
        raise NotCleaned(Reason.LOCKED) from problem
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError) as problem:
        raise NotCleaned(Reason.DAMAGED) from problem


def rewritten(pdf: pikepdf.Pdf) -> bytes:
    """Only objects that the pages reach are written; the document id is computed from the content."""
    pdf.remove_unreferenced_resources()
    content = BytesIO()
    pdf.save(content, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return content.getvalue()


def flatten_forms(pdf: pikepdf.Pdf) -> None:
    """Draw filled-in form fields into their pages; annotations and signatures are dropped.

    Raises `NotCleaned` for XFA forms.
    """
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


def keep_shown_content(pdf: pikepdf.Pdf) -> None:
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
    """The layers and which of them are shown, without their names."""
    for number, layer in enumerate(layers.OCGs, 1):
        limit_keys(layer, LAYER)
        layer.Name = String(f"{number}")
    shown = layers.get("/D", Dictionary())
    chosen = {key: shown[key] for key in ("/BaseState", "/ON", "/OFF") if key in shown}
    return Dictionary(OCGs=layers.OCGs, D=Dictionary(chosen))


def limit_keys(dictionary: Object, keys: set[str]) -> None:
    for key in [*dictionary.keys()]:
        if key not in keys:
            del dictionary[key]


class Cleaning:
    """Cleans every object that can be reached from the catalogue, each once."""

    def __init__(self, pdf: pikepdf.Pdf):
        self.pdf = pdf
        self.visited: set[tuple[int, int]] = set()

    def walk(self, root: Object) -> None:
        waiting: list[tuple[Object, bool]] = [(root, False)]
        while waiting:
            current, is_list_of_names = waiting.pop()
            if current.is_indirect:
                if current.objgen in self.visited:
                    continue
                self.visited.add(current.objgen)
            if isinstance(current, Array):
                waiting += [(element, False) for element in self.elements(current)]
                continue
            if not is_list_of_names:
                self.clean(current)
            waiting += self.values(current, is_list_of_names=is_list_of_names)

    def elements(self, container: Object) -> list[Object]:
        for number in range(len(container)):
            if (space := plain_space(container[number])) is not None:
                container[number] = space
        return [element for element in container.as_list() if isinstance(element, Dictionary | Array | Stream)]

    def values(self, container: Object, *, is_list_of_names: bool) -> list[tuple[Object, bool]]:
        children: list[tuple[Object, bool]] = []
        for key in [*container.keys()]:
            value = container[key]
            if key == "/Parent" and container.get("/Type") not in (Name.Page, Name.Pages):
                del container[key]
            elif (space := plain_space(value)) is not None:
                container[key] = space
            elif isinstance(value, Dictionary | Array | Stream):
                children.append((value, key in NAMED and not is_list_of_names and isinstance(value, Dictionary)))
        return children

    def clean(self, current: Object) -> None:
        limit_known(current)
        for key in [*current.keys()]:
            if key in FORGOTTEN or (isinstance(current[key], String) and key not in STRINGS):
                del current[key]
        kind = str(current.get("/Subtype", ""))
        if current.get("/Type") == Name.Page:
            self.clean_page(current)
        elif isinstance(current, Stream) and kind == "/Image":
            clean_picture(self.pdf, current)
        elif isinstance(current, Stream) and (kind == "/Form" or "/PatternType" in current):
            clean_content(current)
        elif kind == "/Type3":
            for drawn in current.get("/CharProcs", Dictionary()).values():
                clean_content(drawn)

    def clean_page(self, page: Object) -> None:
        if "/Contents" not in page:
            return
        streams = page.Contents.as_list() if isinstance(page.Contents, Array) else [page.Contents]
        content = b"\n".join(stream.read_bytes() for stream in streams)
        page.Contents = self.pdf.make_stream(plain_content(content, page))


def limit_known(current: Object) -> None:
    """Drop unknown entries of dictionaries whose entries are all known."""
    kind = str(current.get("/Subtype", ""))
    if isinstance(current, Stream) and kind in ("/Form", "/Image"):
        limit_keys(current, FORM if kind == "/Form" else IMAGE)
    elif current.get("/Type") == Name.Pages:
        limit_keys(current, PAGES)
    if isinstance(current.get("/Resources"), Dictionary):
        limit_keys(current.Resources, RESOURCES)


def plain_space(value: Any) -> Object | None:
    """The plain colour space that replaces an ICC profile, which names the screen or printer that it was made for."""
    if not isinstance(value, Array) or len(value) < 2 or value[0] != Name.ICCBased:
        return None
    return SPACES.get(int(value[1].get("/N", 3)), Name.DeviceRGB)


def clean_content(stream: Object) -> None:
    content = stream.read_bytes()
    stream.write(plain_content(content, stream))


def plain_content(content: bytes, stream: Object) -> bytes:
    """Without comments; of marked content only what tells how the text is read."""
    if not TELLS.search(content):
        return content
    instructions = []
    for instruction in pikepdf.parse_content_stream(stream):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            if any(name in ("/DCTDecode", "/DCT") for name in map(str, instruction.iimage.filters)):
                raise NotCleaned(Reason.PICTURE)
        elif str(instruction.operator) in ("BDC", "DP"):
            for operand in instruction.operands:
                if isinstance(operand, Dictionary):
                    limit_keys(operand, MARKED)
        instructions.append(instruction)
    return pikepdf.unparse_content_stream(instructions)


def clean_picture(pdf: pikepdf.Pdf, picture: Object) -> None:
    """A PDF embeds JPEG files as the camera wrote them, with their metadata."""
    filter_entry = picture.get("/Filter", Array())
    filters: list[Any] = list(filter_entry.as_list()) if isinstance(filter_entry, Array) else [filter_entry]
    if not filters or filters[-1] not in (Name.DCTDecode, Name.JPXDecode):
        return
    content, settings = picture.read_raw_bytes(), picture.get("/DecodeParms")
    if len(filters) > 1:
        content = pdf.make_stream(content, Filter=Array(filters[:-1])).read_bytes()
        settings = settings[-1] if isinstance(settings, Array) else None
    is_jpeg = filters[-1] == Name.DCTDecode
    content = pictures.jpeg(content) if is_jpeg else pictures.jpeg_2000(content)
    picture.write(content, filter=filters[-1], decode_parms=settings if isinstance(settings, Dictionary) else None)
