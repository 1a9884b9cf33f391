"""PDF files: from a page of HTML, without a network, telling nothing of who made them."""

import pypdfium2
import pytest
from weasyprint.urls import FatalURLFetchingError

from servanda.kit.files.pdf import pdf_of

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def page(body: str, head: str = "<title>Hand-over</title>") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in document)


def test_the_words_of_the_page_can_be_read_in_the_file():
    assert "Protect the rights of every person." in text_of(
        pdf_of(page("<p>Protect the rights of every person.</p>"))
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.png", "file:///etc/hostname", "ftp://127.0.0.1:9/a.png"])
@pytest.mark.parametrize(
    "tag", ['<img src="{}">', '<p style="background: url({})">x</p>', '<link rel="stylesheet" href="{}">']
)
def test_a_document_that_asks_for_something_outside_is_not_made(address, tag):
    with pytest.raises(FatalURLFetchingError):
        pdf_of(page(tag.format(address)))


def test_a_picture_that_is_in_the_document_is_shown():
    (sheet,) = pypdfium2.PdfDocument(pdf_of(page(f'<img src="{PIXEL}">')))
    assert [thing.type for thing in sheet.get_objects()] == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def test_the_file_tells_its_title_and_nothing_of_the_machine_that_made_it():
    about = pypdfium2.PdfDocument(pdf_of(page("<p>x</p>"))).get_metadata_dict(skip_empty=True)
    assert about == {"Title": "Hand-over"}
