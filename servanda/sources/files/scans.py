"""Recognises the text of scans with tesseract, where the operator has installed it.

With several languages at once, tesseract mistakes words of one for those of another and takes longer. So the language
is identified on the first page and used for the others.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from threading import RLock

import pypdfium2

from servanda.kit.database.sentences import gettext as _
from servanda.language.words.identify import identify
from servanda.sources.candidates import Unreadable
from servanda.sources.files import pdf

MOST_PAGES = 80
MOST_SECONDS = 900  # for a file; a page takes some five seconds
MOST_SECONDS_A_PAGE = 120
SCALE = 3.0  # 216 dots per inch: enough for print of ten points
MOST_PIXELS = 30_000_000
LOOKED_AT = 5
one_thread_at_a_time = (
    RLock()
)  # pdfium crashes with two threads; only files made by tesseract are opened in this process
LANGUAGES = {"en": "eng", "es": "spa", "fr": "fra", "pt": "por", "ar": "ara", "ru": "rus", "sl": "slv"}


def program() -> str | None:
    return shutil.which("tesseract")


def is_scan(path: Path) -> bool:
    """Whether a PDF has pages but no text on the first ones."""
    try:
        return pdf.is_scan(path, first=LOOKED_AT)
    except Unreadable:
        return False


def recognised(path: Path, languages: Iterable[str]) -> bytes:
    """The same pages with recognised text behind the pictures. Raises `Unreadable`."""
    tesseract = program()
    if tesseract is None:
        raise Unreadable(_("The program that recognises text is not installed. Contact your system administrator."))
    usable = installed(tesseract, languages)
    end = time.monotonic() + MOST_SECONDS
    pages = pdf.pages(path)
    if pages > MOST_PAGES:
        sentence = _(
            "%(file)s has %(pages)s pages; text is recognised on at most %(most)s. Send only the part that is needed."
        )
        raise Unreadable(sentence % {"file": path.name, "pages": pages, "most": MOST_PAGES})
    with_text, read_in = [], usable
    for number in range(pages):
        if time.monotonic() > end:
            raise Unreadable(_("Text recognition of %(file)s takes too long. Split it.") % {"file": path.name})
        picture = picture_of(path, number + 1)
        if not number and len(usable) > 1:
            read_in = language_of(read_page(tesseract, picture, usable, path.name), usable)
        with_text.append(read_page(tesseract, picture, read_in, path.name))
    return joined(with_text, path.name)


def joined(pages: Iterable[bytes], name: str) -> bytes:
    """Join PDFs. Raises `Unreadable`."""
    content = BytesIO()
    try:
        with one_thread_at_a_time, pypdfium2.PdfDocument.new() as document:
            for page in pages:
                with pypdfium2.PdfDocument(page) as source:
                    document.import_pages(source)
            document.save(content)
    except pypdfium2.PdfiumError as problem:
        raise Unreadable(_("The pages of %(file)s could not be read.") % {"file": name}) from problem
    return content.getvalue()


def language_of(page: bytes, candidates: list[str]) -> list[str]:
    """The language of a page among the candidates; all of them where it cannot be identified."""
    try:
        with one_thread_at_a_time, pypdfium2.PdfDocument(page) as with_text:
            text = with_text[0].get_textpage().get_text_range()
    except pypdfium2.PdfiumError:
        return candidates
    language = identify(text, among=candidates)
    return [language] if language else candidates


def installed(tesseract: str, languages: Iterable[str]) -> list[str]:
    """Those of the languages that are installed; English, which always is, where there are none."""
    listed = subprocess.run(  # a list of arguments, no shell, nothing of a person in it
        [tesseract, "--list-langs"], capture_output=True, text=True, check=False, timeout=MOST_SECONDS_A_PAGE
    )
    codes = set(listed.stdout.split())
    return [language for language in languages if LANGUAGES.get(language) in codes] or ["en"]


def picture_of(path: Path, number: int) -> bytes:
    most = {"scale": SCALE, "width": MOST_PIXELS, "height": MOST_PIXELS, "pixels": MOST_PIXELS}
    return pdf.picture(path, number, seconds=pdf.MOST_SECONDS, **most, optimize=False)


def read_page(tesseract: str, picture: bytes, languages: list[str], name: str) -> bytes:
    try:
        result = subprocess.run(  # a list of arguments, no shell; the picture is ours, and its only input
            [tesseract, "stdin", "stdout", "-l", "+".join(LANGUAGES[language] for language in languages), "pdf"],
            input=picture,
            capture_output=True,
            check=False,
            timeout=MOST_SECONDS_A_PAGE,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # with several threads it takes longer
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Unreadable(_("The text of a page of %(file)s could not be recognised.") % {"file": name}) from problem
    if result.returncode or not result.stdout.startswith(b"%PDF"):
        raise Unreadable(_("The text of a page of %(file)s could not be recognised.") % {"file": name})
    return result.stdout
