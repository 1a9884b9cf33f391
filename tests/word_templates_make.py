"""Word templates for tests: files as Word would save them, from the paragraphs that they have."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from servanda.people.access import Role
from servanda.people.models import User
from servanda.reporting.models import WordTemplate
from servanda.reporting.word_templates import services
from servanda.reporting.word_templates.example import write_example
from tests import make

WHOLE = ("{{ title }}", "{{ status }}", "{{ contents }}", "{{ text }}", "{{ matrix }}")


def word_file(*paragraphs: str, edit: Callable | None = None) -> bytes:
    """A file with these paragraphs. `edit` gets the document of python-docx before it is saved."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if edit:
        edit(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def with_parts(content: bytes, parts: dict[str, Callable[[bytes], bytes] | bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            change = parts.get(name)
            data = old.read(name)
            new.writestr(name, change(data) if callable(change) else change or data)
        for name in {*parts} - {*old.namelist()}:
            new.writestr(name, parts[name])
    return made.getvalue()


def example() -> bytes:
    with write_example(at=timezone.now()) as file:
        return file.read()


def added(content: bytes | None = None, *, name: str = "Ministry", language: str = "", by: User) -> WordTemplate:
    file = SimpleUploadedFile("ours.docx", example() if content is None else content)
    return services.add_word_template(name=name, language=language, file=file, by=by)


def administrator() -> User:
    return make.user(Role.ADMINISTRATOR)
