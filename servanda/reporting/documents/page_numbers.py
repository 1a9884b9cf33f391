"""The pages of the headings in the Word file, for its table of contents, where LibreOffice is installed.

Word computes them when it opens the file. LibreOffice and the viewers of telephones do not: without these numbers
they show none. Pages of the PDF would be those of another layout, so the Word file itself is laid out once.
"""

import logging
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from servanda.kit.files.programs import Bounds, TookTooLong, run_within
from servanda.reporting.documents.contents import ReportDocument
from servanda.reporting.documents.files import docx
from servanda.reporting.documents.word_blocks import in_contents
from servanda.reporting.documents.word_frame import CONTENTS_LEVELS
from servanda.sources.files.old_formats import program, write_profile

logger = logging.getLogger(__name__)
BOUNDS = Bounds(seconds=120, memory=3_000_000_000, file_size=200_000_000)


def can_count_pages() -> bool:
    return program() is not None


def pages_of_headings(document: ReportDocument, at: datetime) -> list[int]:
    """One for each entry of the table of contents; none where they cannot be found out."""
    entries = [block for block in (*document.blocks, *document.annexes) if in_contents(block)]
    office = program()
    if office is None or not entries:
        return []
    with TemporaryDirectory(prefix="servanda-") as name, closing(docx(document, at)) as file:
        folder = Path(name)
        (folder / "report.docx").write_bytes(file.read())
        write_profile(folder / "profile")
        command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--nolockcheck", "--nologo", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder)]
        command.append(str(folder / "report.docx"))
        try:
            run_within(command, BOUNDS, folder=folder, env={"HOME": str(folder), "TMPDIR": str(folder)})
        except TookTooLong:
            logger.warning("LibreOffice took too long to lay out a report; its contents have no page numbers.")
            return []
        found = outline_of(folder / "report.pdf")
    return found if len(found) == len(entries) else []


def outline_of(path: Path) -> list[int]:
    """The pages of the bookmarks of a PDF, from 1, as deep as the table of contents; none if it was not made."""
    if not path.is_file():
        return []
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        places = [row.get_dest() for row in pdf.get_toc() if row.level < CONTENTS_LEVELS]
        return [place.get_index() + 1 for place in places if place is not None]
