"""All that an answer says, so that two answers can be compared and a word be looked for."""

import io
import re
import zipfile

import pypdfium2
from django.http import HttpResponse
from lxml import html

# Made anew for each answer: the token against forged forms, the second in which a workbook was written, the request;
# what stands before each of them, and after it.
MADE_ANEW = {
    'name="csrfmiddlewaretoken" value="': '"',
    'name="once" value="': '"',
    'name="form_key" value="': '"',
    'W3CDTF">': "<",
    'request-id">': "<",
}
COMES_OF_IT = {"Expires", "Set-Cookie", "Content-Length", "X-Request-ID"}


def body_of(answer: HttpResponse) -> bytes:
    """The whole body; read to the end, the test client closes what it was read from, and not the database."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def source_of(answer: HttpResponse) -> str:
    """The source of a page on one line, each run of white space as one blank."""
    return " ".join(body_of(answer).decode().split())


def tight_source_of(answer: HttpResponse) -> str:
    """The source of a page without any white space beside a tag."""
    return re.sub(r" ?([<>]) ?", r"\1", source_of(answer))


def notices_of(answer: HttpResponse) -> list[str]:
    """What the page tells of a deed: the words of each notice that is announced."""
    found = html.fromstring(answer.content).xpath(
        "//div[@class='messages']//p | //p[contains(@class, 'notice') and @role]"
    )
    return [" ".join(element.text_content().split()) for element in found]


def opened(body: bytes) -> str:
    """A body as text; the files of an archive one after the other, of a PDF the words."""
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    if body.startswith(b"%PDF"):
        return text_of_pdf(body)
    return body.decode(errors="replace")


def text_of_pdf(body: bytes) -> str:
    """The words on its pages, and what the file tells of itself."""
    with pypdfium2.PdfDocument(body) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
        return "\n".join([*pages, *pdf.get_metadata_dict().values()])


def said(answer: HttpResponse) -> str:
    """Status, head and body, without what is made anew for each answer."""
    return said_of(answer, body_of(answer))


def said_of(answer: HttpResponse, body: bytes) -> str:
    """The same of an answer whose body has been read."""
    text = without_what_is_made_anew(opened(body))
    head = {name: value for name, value in answer.headers.items() if name not in COMES_OF_IT}
    return f"{answer.status_code} {head}\n{text}"


def without_what_is_made_anew(text: str) -> str:
    for start, end in MADE_ANEW.items():
        first, *others = text.split(start)
        text = start.join([first, *(end + other.partition(end)[2] for other in others)])
    return text
