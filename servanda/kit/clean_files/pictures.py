"""Pictures inside documents: metadata of cameras and programs is removed, the pixels stay."""

import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from servanda.kit.clean_files.parts import NotCleaned, Reason

MOST_PIXELS = 50_000_000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
JP2_BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
END, SCAN, ADOBE, COMMENT = 0xD9, 0xDA, 0xEE, 0xFE
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
DRAWN = ("GIF", "BMP", "TIFF")  # decoded and written again as PNG


def cleaned(data: bytes) -> tuple[str, bytes]:
    """Its file ending and its content; raises `NotCleaned` for drawings (EMF, WMF, SVG) and unknown formats."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", jpeg(data)
    if data.startswith(PNG):
        return "png", png(data)
    return redrawn(data)


def jpeg(data: bytes) -> bytes:
    """Only tables, frames and scans: no EXIF, IPTC, XMP, thumbnails or comments, and nothing after the end marker."""
    clean_segments = list(segments(data))
    if not any(segment[1:2] and segment[1] in FRAMES for segment in clean_segments):
        raise NotCleaned(Reason.DAMAGED)
    return b"".join([b"\xff\xd8", *clean_segments, b"\xff\xd9"])


def segments(data: bytes) -> Iterator[bytes]:
    """Those that are kept. Of a truncated picture, what there is: programs show that part too."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotCleaned(Reason.DAMAGED)
        marker = data[at + 1]
        if marker == END:
            return
        if marker == 0xFF:  # fill
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end < at + 4 or end > len(data):
            raise NotCleaned(Reason.DAMAGED)
        if segment := as_kept(marker, data[at + 2 : end]):
            yield segment
        at = end
        if marker == SCAN:
            at = end_of_scan(data, end)
            yield data[end:at]


def as_kept(marker: int, segment: bytes) -> bytes:
    start = bytes([0xFF, marker])
    if marker == 0xE0 and segment[2:7] == b"JFIF\0" and len(segment) >= 16:
        return start + b"\x00\x10" + segment[2:14] + b"\0\0"  # without its thumbnail
    if marker == ADOBE and segment[2:7] == b"Adobe":
        return start + b"\x00\x0e" + segment[2:14]
    if 0xE0 <= marker <= 0xEF or marker == COMMENT or 0xF0 <= marker <= 0xFD:
        return b""
    return start + segment


def end_of_scan(data: bytes, at: int) -> int:
    while (marker_at := data.find(b"\xff", at)) >= 0 and marker_at + 1 < len(data):
        if data[marker_at + 1] != 0 and not 0xD0 <= data[marker_at + 1] <= 0xD7 and data[marker_at + 1] != 0xFF:
            return marker_at
        at = marker_at + 1 if data[marker_at + 1] == 0xFF else marker_at + 2
    return len(data)


def png(data: bytes) -> bytes:
    chunks, at = [PNG], len(PNG)
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            break
        if name in PNG_CHUNKS:
            chunks.append(data[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            return b"".join(chunks)
    raise NotCleaned(Reason.DAMAGED)


def jpeg_2000(data: bytes) -> bytes:
    """As PDF files embed it: without the boxes that hold XML or were added by programs."""
    if not data.startswith(JP2):
        if data.startswith(b"\xff\x4f\xff\x51"):
            raise NotCleaned(Reason.PICTURE)  # a bare code stream: comments in those are not handled
        raise NotCleaned(Reason.DAMAGED)
    boxes, at = [], 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        size = int.from_bytes(data[at + 8 : at + 16]) if length == 1 else length or len(data) - at
        if size < 8 or at + size > len(data):
            raise NotCleaned(Reason.DAMAGED)
        if name in JP2_BOXES:
            boxes.append(without_comments(data[at : at + size]) if name == b"jp2c" else data[at : at + size])
        at += size
    return b"".join(boxes)


def without_comments(stream: bytes) -> bytes:
    """Blank the text of comments. Only markers before the first tile have a length and can be skipped."""
    blanked = bytearray(stream)
    at = stream.find(b"\xff\x4f\xff\x51") + 2
    while 2 <= at < len(blanked) - 4 and blanked[at] == 0xFF and blanked[at + 1] != 0x90:
        length = int.from_bytes(blanked[at + 2 : at + 4])
        if blanked[at + 1] == 0x64:
            blanked[at + 6 : at + 2 + length] = b" " * max(0, length - 4)
        at += 2 + length
    return bytes(blanked)


def redrawn(data: bytes) -> tuple[str, bytes]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(data), formats=DRAWN) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotCleaned(Reason.TOO_LARGE)
                plain = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as problem:
        raise NotCleaned(Reason.PICTURE) from problem
    plain.info = {}
    content = BytesIO()
    plain.save(content, "PNG")
    return "png", content.getvalue()
