"""A scan made readable by tesseract, where the operator has installed it; without it nothing of this is offered.

Looked for in several languages at once, a word of one becomes a word of another, and a page takes longer. So the
first page tells the language of the rest.
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
from django.utils.translation import gettext as _

from servanda.language.words.identify import identify
from servanda.sources.candidates import Unreadable
from servanda.sources.files import pdf

MOST_PAGES = 80
MOST_SECONDS = 900  # for a file; a page takes some five seconds
MOST_SECONDS_A_PAGE = 120
SCALE = 3.0  # 216 points to the inch: enough for print of ten points
MOST_PIXELS = 30_000_000
LOOKED_AT = 5
one_thread_at_a_time = RLock()  # two threads in pdfium end the process; what is opened here tesseract has made
LANGUAGES = {"en": "eng", "es": "spa", "fr": "fra", "pt": "por", "ar": "ara", "ru": "rus", "sl": "slv"}


def program() -> str | None:
    return shutil.which("tesseract")


def is_scan(path: Path) -> bool:
    """Whether a PDF has pages, and no letter on the first of them."""
    try:
        return pdf.is_scan(path, first=LOOKED_AT)
    except Unreadable:
        return False


def recognised(path: Path, languages: Iterable[str]) -> bytes:
    """The same pages with their text behind the picture. `Unreadable` says in plain words why there are none."""
    tesseract = program()
    if tesseract is None:
        raise Unreadable(_("The program that recognises text is not installed here. Ask the operator."))
    known = installed(tesseract, languages)
    end = time.monotonic() + MOST_SECONDS
    pages = pdf.pages(path)
    if pages > MOST_PAGES:
        sentence = _("%(file)s has %(pages)s pages; at most %(most)s are recognised. Please send the part needed.")
        raise Unreadable(sentence % {"file": path.name, "pages": pages, "most": MOST_PAGES})
    with_text, spoken = [], known
    for number in range(pages):
        if time.monotonic() > end:
            raise Unreadable(_("%(file)s takes too long to be recognised. Please split it.") % {"file": path.name})
        picture = picture_of(path, number + 1)
        if not number and len(known) > 1:
            spoken = language_of(read_page(tesseract, picture, known, path.name), known)
        with_text.append(read_page(tesseract, picture, spoken, path.name))
    return joined(with_text, path.name)


def joined(pages: Iterable[bytes], name: str) -> bytes:
    """One PDF of several."""
    content = BytesIO()
    try:
        with one_thread_at_a_time, pypdfium2.PdfDocument.new() as made:
            for page in pages:
                with pypdfium2.PdfDocument(page) as one:
                    made.import_pages(one)
            made.save(content)
    except pypdfium2.PdfiumError as problem:
        raise Unreadable(_("The pages of %(file)s could not be read.") % {"file": name}) from problem
    return content.getvalue()


def language_of(page: bytes, known: list[str]) -> list[str]:
    """The language of a page, out of those that the program knows; all of them where it cannot be told."""
    try:
        with one_thread_at_a_time, pypdfium2.PdfDocument(page) as with_text:
            text = with_text[0].get_textpage().get_text_range()
    except pypdfium2.PdfiumError:
        return known
    told = identify(text, among=known)
    return [told] if told else known


def installed(tesseract: str, languages: Iterable[str]) -> list[str]:
    """The languages asked for that the program knows; English, which comes with it, where it knows none of them."""
    listed = subprocess.run(  # a list of arguments, no shell, nothing of a person in it
        [tesseract, "--list-langs"], capture_output=True, text=True, check=False, timeout=MOST_SECONDS_A_PAGE
    )
    there = set(listed.stdout.split())
    return [one for one in languages if LANGUAGES.get(one) in there] or ["en"]


def picture_of(path: Path, number: int) -> bytes:
    most = {"scale": SCALE, "width": MOST_PIXELS, "height": MOST_PIXELS, "pixels": MOST_PIXELS}
    return pdf.picture(path, number, seconds=pdf.MOST_SECONDS, **most, optimize=False)


def read_page(tesseract: str, picture: bytes, languages: list[str], name: str) -> bytes:
    try:
        done = subprocess.run(  # a list of arguments, no shell; the picture is ours, and its only input
            [tesseract, "stdin", "stdout", "-l", "+".join(LANGUAGES[one] for one in languages), "pdf"],
            input=picture,
            capture_output=True,
            check=False,
            timeout=MOST_SECONDS_A_PAGE,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads wait for each other longer than they work
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Unreadable(_("A page of %(file)s could not be recognised.") % {"file": name}) from problem
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise Unreadable(_("A page of %(file)s could not be recognised.") % {"file": name})
    return done.stdout
