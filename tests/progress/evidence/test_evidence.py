"""Evidence is looked at before it is kept, kept out of reach, and handed out only to whom it is open."""

import io
import socket
import threading
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from lxml import html
from PIL import Image

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.evidence import services as deeds
from servanda.progress.evidence.services import Described, plain_name
from servanda.progress.models import Evidence, Update
from servanda.progress.updates import services as updating
from servanda.recommendations.models import Recommendation
from tests import assessing_make, make
from tests import progress_make as made
from tests.house.kinds import place
from tests.once import built_once

pytestmark = pytest.mark.django_db
LAW = Described(kind="law", is_public=True)


@built_once
def writer():
    return make.user(Role.FOCAL_POINT, place("mfa"))


@built_once
def draft(writer) -> Update:
    record = make.recommendation()
    make.assignment(record, place("mfa"))
    return made.update(record, place("mfa"), written_by=writer)


def add(draft: Update, by, content, name: str) -> Evidence:
    given = {"recommendations": list(draft.recommendations.all()), "institution": draft.institution, "update": draft}
    return deeds.add_file(file=made.file(content, name), name=name, described=LAW, **given, by=by)


def content_of(kept: Evidence) -> bytes:
    with kept.file.open() as file:
        return file.read()


def archive(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


def photograph(format: str) -> bytes:
    picture, taken = Image.new("RGB", (8, 4), "red"), io.BytesIO()
    about = Image.Exif()
    about[0x0112], about[0x010E] = 6, "Taken in the house of a witness"  # to be turned; and a description
    picture.save(taken, format=format, exif=about)
    return taken.getvalue()


def picture_of_many_scans() -> bytes:
    """A progressive picture whose last scan comes again and again: each takes the time of the whole picture."""
    drawn = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(drawn, format="JPEG", progressive=True)
    content = drawn.getvalue()
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * 200 + content[-2:]


def files_kept() -> set[str]:
    root = Path(default_storage.path("evidence"))
    return {str(path) for path in root.rglob("*") if path.is_file()}


MACROS = archive(**{"[Content_Types].xml": "x", "word/document.xml": "x", "word/vbaProject.bin": "x"})
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_file(types: str = "", relations: str = "") -> bytes:
    """A Word file with these rows in its list of types, and in the relations of a part."""
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{types}</Types>',
        "word/document.xml": "x",
    }
    rows = f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'
    return archive(**parts, **{"word/_rels/settings.xml.rels": rows})


def outside(kind: str, target: str) -> bytes:
    return word_file(
        relations=f'<Relationship Id="r1" Type="{RELATION}/{kind}" Target="{target}" TargetMode="External"/>'
    )


HIDDEN_MACROS = word_file('<Override PartName="/word/a.dat" ContentType="application/vnd.ms-office.vbaProject"/>')
SHEET_MACROS = word_file('<Override PartName="/a.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>')
DOCX = archive(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HARMLESS = [
    ("hyperlink", "https://example.org/"),
    ("image", "https://example.org/a.png"),
    ("attachedTemplate", "file:///C:\\Users\\a\\Letter.dotx"),
    ("attachedTemplate", "Normal.dotm"),
    ("attachedTemplate", "C:\\Letter.dotx"),
]
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<x/>"})


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (b"%PDF-1.7 law", "law.pdf", "application/pdf"),
        (DOCX, "law.docx", WORD),
        *((outside(*relation), "law.docx", WORD) for relation in HARMLESS),
        (ODS, "table.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("Année;Filles\n2025;93\n".encode(), "table.csv", "text/csv"),
    ],
)
def test_what_is_allowed_is_kept_under_a_made_up_name(draft, writer, content, name, mime):
    kept = add(draft, writer, content, name)
    assert (kept.name, kept.mime, kept.size) == (name, mime, len(content))
    assert kept.file.name == f"evidence/{kept.key.hex[:2]}/{kept.key}"
    assert content_of(kept) == content


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "law.pdf", "is empty"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "law.pdf", "Accepted formats: PDF, DOCX"),
        (b" <html><body>", "law.txt", "Accepted formats: PDF, DOCX"),
        (b"MZ\x90\x00", "law.exe", "Accepted formats: PDF, DOCX"),
        (b"%PDF-1.7", "law.exe", "does not match its content. Rename it to end in .pdf"),
        (b"a\0b", "law.txt", "Accepted formats: PDF, DOCX"),
        ("Année".encode("latin-1"), "law.csv", "Accepted formats: PDF, DOCX"),
        (b"\xff\xd8\xff no picture", "law.jpg", "cannot be read as an image or is too large. Save it"),
        (picture_of_many_scans(), "law.jpg", "cannot be read as an image or is too large. Save it"),
        (b"PK\x03\x04 damaged", "law.docx", "is damaged"),
        (archive(**{"a.txt": "a"}), "law.docx", "Accepted formats: PDF, DOCX"),
        (MACROS, "law.docx", "macros"),
        (HIDDEN_MACROS, "law.docx", "macros"),
        (SHEET_MACROS, "law.docx", "macros"),
        (
            outside("attachedTemplate", "https://evil.example/a.dotm"),
            "law.docx",
            "loads “https://evil.example/a.dotm”",
        ),
        (
            outside("oleObject", "mhtml:https://evil.example/a!x"),
            "law.docx",
            "loads “mhtml:https://evil.example/a!x”",
        ),
        (outside("frame", " HTTPS://evil.example/"), "law.docx", "loads “HTTPS://evil.example/”"),
        (word_file(types="<open>"), "law.docx", "is damaged"),
        (b"%PDF-" + b"0" * 1_000_001, "law.pdf", "larger than 1 MB"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name_and_nothing_is_kept(draft, writer, settings, content, name, why):
    settings.EVIDENCE_MB = 1
    before = files_kept()
    with pytest.raises(Refused, match=f"{name}.*{why}|{why}"):
        add(draft, writer, content, name)
    assert not Evidence.objects.exists()
    assert files_kept() == before


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\law\\1.pdf", "1.pdf"),
        ("law\u202efdp.exe", "lawfdp.exe"),
        ("/", "file"),
        ("a" * 400 + ".pdf", "a" * 120 + ".pdf"),
    ],
)
def test_the_name_of_a_file_is_a_name_and_no_path(given, name):
    assert plain_name(given) == name


@pytest.mark.parametrize(("format", "name"), [("JPEG", "house.jpg"), ("PNG", "house.png")])
def test_a_picture_stands_upright_and_has_forgotten_where_it_was_taken(draft, writer, format, name):
    kept = add(draft, writer, photograph(format), name)
    content = content_of(kept)
    assert b"witness" not in content
    picture = Image.open(io.BytesIO(content))
    assert (picture.size, dict(picture.getexif())) == ((4, 8), {})


def test_what_all_files_of_an_institution_may_weigh_is_limited(draft, writer, settings):
    settings.EVIDENCE_QUOTA_MB = 1
    add(draft, writer, b"%PDF-" + b"0" * 600_000, "one.pdf")
    with pytest.raises(Refused, match="all files together"):
        add(draft, writer, b"%PDF-" + b"1" * 600_000, "two.pdf")


def test_a_file_whose_row_is_refused_leaves_nothing_behind(draft, writer):
    before = files_kept()
    Update.objects.filter(pk=draft.pk).update(state=Update.State.SUBMITTED)
    with pytest.raises(Refused, match="Evidence can no longer be added: this update was"):
        add(draft, writer, b"%PDF-1.7", "law.pdf")
    assert files_kept() == before


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://example.org/a", "https://me@example.org", "//x", "file:///etc"]
)
def test_a_link_leads_to_a_page_and_nowhere_else(draft, writer, link):
    with pytest.raises(Refused, match="https://"):
        deeds.add_link(link=link, described=LAW, recommendations=[], update=draft, by=writer)


def test_an_address_that_is_no_place_of_the_web_is_shown_as_its_title_only():
    evidence = Evidence(title="Decree", kind="law", stance="supports", link="javascript:ran=1")
    shown = html.fromstring(render_to_string("progress/evidence/_evidence.html", {"evidence": evidence}))
    assert shown.text_content().split() == ["Decree", "Law", "or", "regulation"]
    assert shown.xpath("//a") == []


def scanner(answer: bytes) -> str:
    """A daemon that answers one request; where it listens."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening, listening.accept()[0] as asked:
            heard = b""
            while not heard.endswith(b"\0\0\0\0"):
                heard += asked.recv(65_536)
            assert heard.startswith(b"zINSTREAM\0")
            asked.sendall(answer + b"\0")

    threading.Thread(target=serve, daemon=True).start()
    return f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"stream: Eicar FOUND", "was not saved: the virus scanner found a threat."),
        (b"INSTREAM size limit exceeded. ERROR", "could not"),
    ],
)
def test_what_the_scanner_finds_is_not_kept(draft, writer, settings, answer, why):
    settings.CLAMD = scanner(answer)
    with pytest.raises(Refused, match=why):
        add(draft, writer, b"%PDF-1.7", "law.pdf")


def test_what_the_scanner_passes_is_kept_and_without_an_answer_nothing_is(draft, writer, settings):
    settings.CLAMD = scanner(b"stream: OK")
    add(draft, writer, b"%PDF-1.7", "law.pdf")
    settings.CLAMD = "/nowhere/clamd.sock"
    with pytest.raises(Refused, match="does not respond"):
        add(draft, writer, b"%PDF-1.7", "law.pdf")


@pytest.mark.database
def test_evidence_comes_out_with_its_update_and_not_before(draft, writer):
    kept = add(draft, writer, b"%PDF-1.7", "law.pdf")
    coordinator, outsider = make.user(Role.COORDINATOR), make.user(Role.READER, place("moj"))

    def seen() -> list[bool]:
        return [
            Evidence.objects.visible_to(person).filter(pk=kept.pk).exists()
            for person in (writer, coordinator, outsider)
        ] + [Evidence.objects.public().exists()]

    assert seen() == [True, False, False, False]
    updating.submit_update(update=draft, by=writer)
    assert seen() == [True, True, False, False]
    Update.objects.filter(pk=draft.pk).update(state=Update.State.VALIDATED)
    updating.publish_update(update=draft, by=coordinator)
    assert seen() == [True, True, True, True]
    Recommendation.objects.update(confidentiality="restricted")
    assert seen() == [False, True, False, False]
    Recommendation.objects.update(confidentiality="public")
    deeds.withdraw_evidence(evidence=kept, reason="It names a child.", by=coordinator)
    assert seen() == [False, False, False, False]


def test_evidence_that_was_handed_in_is_changed_by_the_coordinator_alone(draft, writer):
    kept = add(draft, writer, b"%PDF-1.7", "law.pdf")
    better = Described(kind="decision", title="Decision 7")
    deeds.edit_evidence(evidence=kept, described=better, by=writer)
    with pytest.raises(Refused, match="You do not have permission to change this evidence."):
        deeds.edit_evidence(evidence=kept, described=better, by=make.user(Role.FOCAL_POINT, place("moj")))
    updating.submit_update(update=draft, by=writer)
    with pytest.raises(Refused, match="You do not have permission to change this evidence."):
        deeds.withdraw_evidence(evidence=kept, reason="No.", by=writer)
    deeds.withdraw_evidence(evidence=kept, reason="Wrong year.", by=make.user(Role.COORDINATOR))
    kept.refresh_from_db()
    assert (kept.title, kept.withdrawal_reason) == ("Decision 7", "Wrong year.")


def test_evidence_stays_with_the_institution_when_the_person_who_added_it_leaves(draft, writer):
    kept = add(draft, writer, b"%PDF-1.7 law", "law.pdf")
    colleague = make.user(Role.FOCAL_POINT, place("mfa"))
    writer.appointments.update(end=date(2026, 1, 31))
    make.appointment(writer, place("moj"))
    moved = User.objects.get(pk=writer.pk)
    assert not Evidence.objects.visible_to(moved).exists()
    assert Evidence.objects.visible_to(colleague).get() == kept


@pytest.mark.parametrize("closed", [{"confidentiality": "internal"}, {"confidentiality": "restricted"}])
def test_evidence_on_a_public_and_a_closed_record_is_not_public(closed):
    shown = assessing_make.evidence(make.recommendation(), is_public=True)
    assert Evidence.objects.public().get() == shown
    shown.abouts.create(recommendation=make.recommendation(**closed))
    assert not Evidence.objects.public().exists()
    assert not Evidence.objects.visible_to(make.user(Role.READER, place("moj"))).exists()


def test_evidence_on_a_record_that_is_not_published_yet_comes_out_with_it():
    record = make.recommendation(is_published=False)
    shown = assessing_make.evidence(record, is_public=True)
    assert not Evidence.objects.public().exists()
    Recommendation.objects.filter(pk=record.pk).update(is_published=True)
    assert Evidence.objects.public().get() == shown


def test_a_withdrawn_file_still_counts_for_what_all_files_of_an_institution_may_weigh(draft, writer, settings):
    settings.EVIDENCE_QUOTA_MB = 1
    kept = add(draft, writer, b"%PDF-" + b"0" * 600_000, "one.pdf")
    deeds.withdraw_evidence(evidence=kept, reason="Wrong year.", by=writer)
    with pytest.raises(Refused):
        add(draft, writer, b"%PDF-" + b"1" * 600_000, "two.pdf")


def test_an_appointment_for_some_bodies_opens_evidence_on_their_records_alone(draft, writer):
    about_upr = made.evidence(draft, writer)
    crc = make.recommendation(body=make.body("CRC"), review=None)
    about_crc = made.evidence(made.update(crc, draft.institution, written_by=writer), writer)
    limited = make.user(Role.PUBLIC)
    make.appointment(limited, draft.institution, "principal", bodies="CRC")
    assert set(Evidence.objects.visible_to(writer)) == {about_upr, about_crc}
    assert set(Evidence.objects.visible_to(limited)) == {about_crc}
