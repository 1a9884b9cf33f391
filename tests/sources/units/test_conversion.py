"""Files of older kinds, converted by the worker where the program for it is installed."""

import os
import shutil
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from servanda.intake.models import Batch
from servanda.kit.files.programs import Bounds
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.recommendations import tasks
from servanda.recommendations.imports import pipeline
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import detect
from servanda.sources.documents.reader import read_document
from servanda.sources.files import old_formats
from servanda.sources.models import DocumentReading
from servanda.sources.units.conversion import convert_to_word
from servanda.sources.units.reading import read_into_units
from servanda.trail.models import Event
from tests import make
from tests.sources import documents_make

CONVERTED = Path(__file__).parents[2] / "fixtures" / "converted"
KINDS = ["doc", "odt", "rtf"]
GIVEN = 'while [ "$1" != --outdir ]; do shift; done\n'
MAKES = f'{GIVEN}mkdir -p "$2"\ncp \'{CONVERTED / "listed.docx"}\' "$2/source.docx"\n'


def put(folder: Path, monkeypatch, words: str) -> None:
    """In the place of the program, and found where it would be found."""
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{words}")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture
def office(tmp_path, monkeypatch):
    """It writes down what it was asked, in which environment, and with which profile."""
    text = f"echo \"$@\" > '{tmp_path}/asked'\nenv > '{tmp_path}/told'\n"
    profile = f"cp \"$HOME/profile/user/registrymodifications.xcu\" '{tmp_path}/profile'\n"
    put(tmp_path / "office", monkeypatch, text + profile + MAKES)


@pytest.fixture
def no_office(monkeypatch):
    monkeypatch.setattr(old_formats, "program", lambda: None)


@pytest.fixture
def by(client):
    make.country()
    return make.signed_in(client, Role.COORDINATOR)


def sent(kind: str, by, name: str = "") -> Batch:
    with (CONVERTED / f"listed.{kind}").open("rb") as content:
        return pipeline.receive_file(file=File(content), name=name or f"listed.{kind}", by=by)


@pytest.mark.parametrize("kind", KINDS)
def test_the_content_says_what_is_to_be_converted_and_not_the_name(tmp_path, office, kind):
    path = shutil.copyfile(CONVERTED / f"listed.{kind}", tmp_path / "report.pdf")
    assert detect(path) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_program_a_sentence_says_what_to_do(no_office, kind):
    with pytest.raises(Unreadable, match="is an old Word document, an OpenDocument text or RTF, and"):
        detect(CONVERTED / f"listed.{kind}")


def test_numbers_and_items_come_out_of_what_was_converted():
    units = read_document(CONVERTED / "listed.docx").units
    assert [unit.number for unit in units] == documents_make.NUMBERS
    assert [unit.kind.value for unit in units] == documents_make.KINDS


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_sent_is_converted_and_then_read_like_any_other(client, by, office, kind):
    with (CONVERTED / f"listed.{kind}").open("rb") as content:
        file = SimpleUploadedFile(f"listed.{kind}", content.read())
    answer = client.post(reverse("desk:receive_files"), {"files": [file]}, follow=True)
    assert "The file is being converted" in answer.content.decode()
    batch = Batch.objects.get()
    original = Path(batch.file.path)
    tasks.convert_import.func(str(batch.key))
    batch.refresh_from_db()
    assert (batch.shape, batch.state, batch.name) == ("document", "uploaded", f"listed.{kind}")
    assert Path(batch.file.path).name == "listed.docx"
    assert not original.exists()
    assert Event.objects.filter(action="import-converted").count() == 1
    read_into_units(batch)
    numbers = DocumentReading.objects.get(batch=batch).units.values_list("number", flat=True)
    assert list(numbers) == documents_make.NUMBERS


@pytest.mark.django_db
def test_the_program_is_told_only_what_it_needs_and_follows_no_address(by, office, tmp_path, monkeypatch):
    monkeypatch.setenv("SERVANDA_SECRET_KEY", "the secret")
    convert_to_word(sent("rtf", by, "; touch owned $(id) .rtf"))
    asked, told, profile = ((tmp_path / name).read_text() for name in ("asked", "told", "profile"))
    assert "--headless --norestore --nolockcheck" in asked
    assert "--infilter=Rich Text Format" in asked
    assert "-env:UserInstallation=file:///" in asked
    assert "owned" not in asked
    assert "the secret" not in told
    for name in ("DisableMacrosExecution", "DisableActiveContent", "BlockUntrustedRefererLinks"):
        assert f'oor:name="{name}" oor:op="fuse"><value>true<' in profile
    assert not Path(told.split("HOME=")[1].split("\n")[0]).exists()


FAILURES = {
    "it crashes": ("kill -SEGV $$", "could not be converted"),
    "it makes nothing and says that all is well": ("exit 0", "could not be converted"),
    "it points to a file of ours": (f'{GIVEN}mkdir -p "$2"; ln -s /etc/passwd "$2/source.docx"', "could not be"),
    "it makes an empty file": (f'{GIVEN}mkdir -p "$2"; : > "$2/source.docx"', "is empty"),
    "it makes no DOCX": (f'{GIVEN}mkdir -p "$2"; echo PK-no > "$2/source.docx"', "damaged or incomplete"),
    "it takes too long": ("sleep 60", "takes too long to be converted"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "message"), FAILURES.values(), ids=FAILURES)
def test_a_program_that_fails_leaves_a_sentence_and_the_file(client, by, tmp_path, monkeypatch, words, message):
    put(tmp_path / "office", monkeypatch, words)
    seconds = 1 if "takes too long" in message else 20
    monkeypatch.setattr(old_formats, "BOUNDS", Bounds(seconds=seconds, memory=3_000_000_000, file_size=1_000_000))
    batch = sent("doc", by)
    tasks.convert_import.func(str(batch.key))
    batch.refresh_from_db()
    assert (batch.state, batch.shape) == ("failed", "doc")
    assert message in batch.message
    assert Path(batch.file.path).exists()
    assert Notification.objects.filter(kind=Notification.Kind.IMPORT_FAILED, person=by).exists()
    assert message in client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    with pytest.raises(Refused, match="This file has not been converted and cannot be applied."):
        pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=True)


@pytest.mark.django_db
@pytest.mark.parametrize("words", [MAKES, "exit 1"], ids=["converted", "refused"])
def test_what_is_discarded_while_it_is_converted_stays_discarded(by, tmp_path, monkeypatch, words):
    put(tmp_path / "office", monkeypatch, words)
    batch = sent("rtf", by)
    whole = old_formats.run_within

    def discarded_meanwhile(*program, **options):
        pipeline.discard_batch(batch=Batch.objects.get(), by=by)
        return whole(*program, **options)

    monkeypatch.setattr(old_formats, "run_within", discarded_meanwhile)
    tasks.convert_import.func(str(batch.key))
    batch.refresh_from_db()
    assert (batch.state, batch.shape) == ("discarded", "rtf")
    assert [file.name for file in Path(batch.file.path).parent.rglob("*.*")] == ["listed.rtf"]
    assert not Notification.objects.exists()
    assert list(DBTaskResult.objects.values_list("task_path", flat=True)) == []


@pytest.mark.django_db
def test_what_was_converted_goes_through_the_checks_of_any_docx(by, tmp_path, monkeypatch):
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    put(tmp_path / "office", monkeypatch, f'{GIVEN}mkdir -p "$2"; cp \'{bomb}\' "$2/source.docx"')
    batch = sent("odt", by)
    convert_to_word(batch)
    assert (batch.state, "unpacks to 30 MB" in batch.message) == ("failed", True)


@pytest.mark.django_db
def test_the_command_line_converts_at_once(office, tmp_path):
    make.country()
    with pytest.raises(CommandError, match="Check and confirm the content found in this document"):
        call_command("import_file", CONVERTED / "listed.doc")
    assert Batch.objects.get().shape == "document"


@pytest.mark.django_db
def test_the_command_line_says_why_a_file_is_not_converted(tmp_path, monkeypatch):
    make.country()
    put(tmp_path / "office", monkeypatch, "exit 1")
    with pytest.raises(CommandError, match="could not be converted"):
        call_command("import_file", CONVERTED / "listed.doc")


@pytest.mark.django_db
def test_the_command_that_stores_nothing_converts_too(office, capsys):
    call_command("read_document", CONVERTED / "listed.rtf")
    assert "2(a) recommendation" in capsys.readouterr().out


only_where_installed = pytest.mark.skipif(old_formats.program() is None, reason="LibreOffice is not installed")


@only_where_installed
@pytest.mark.parametrize("kind", KINDS)
def test_where_the_program_is_installed_it_is_tried_for_real(kind):
    with old_formats.converted(CONVERTED / f"listed.{kind}", kind) as made:
        assert [unit.number for unit in read_document(made).units] == documents_make.NUMBERS


class Listening(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(404)

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, *_unused):
        pass


@pytest.fixture
def listening():
    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        Listening.asked.clear()
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@only_where_installed
def test_what_a_document_asks_to_be_fetched_is_not(tmp_path, listening):
    """Without the profile that is made for it the program asks for both."""
    path = tmp_path / "fetch.odt"
    size = 'text:anchor-type="as-char" svg:width="1cm" svg:height="1cm"'
    frame = f'<draw:frame {size}><draw:{{}} xlink:href="{{}}"/></draw:frame>'
    linked = "".join(
        f"<text:p>{frame.format(what, f'{listening}/{what}')}</text:p>"
        for what in ("image", "object", "floating-frame")
    )
    with zipfile.ZipFile(CONVERTED / "listed.odt") as sound, zipfile.ZipFile(path, "w") as archive:
        for part in sound.namelist():
            text = sound.read(part)
            if part == "content.xml":
                text = text.replace(b"</office:text>", f"{linked}</office:text>".encode(), 1)
            archive.writestr(part, text)
    with old_formats.converted(path, "odt") as made:
        assert [unit.number for unit in read_document(made).units] == documents_make.NUMBERS
    assert Listening.asked == []
