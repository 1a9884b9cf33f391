"""The file of a contributor who hides who they are: cleaned before it is stored, under a name that tells nothing."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.accounts.personal_data import export_personal_data
from servanda.people.models import Instance, User
from servanda.progress.contributions import answering
from servanda.progress.contributions import services as contributing
from servanda.progress.contributions.services import Submission
from servanda.progress.evidence.services import Described
from servanda.progress.models import Contribution, Evidence
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make
from tests.kit import planted_office as office
from tests.kit import planted_pdf as pdf
from tests.kit.planted_office import NAME
from tests.once import built_once

pytestmark = pytest.mark.django_db
DESCRIBED = Described(kind="report", is_public=True)
FILES = {"docx": office.docx, "pdf": pdf.planted, "xlsx": office.xlsx}


@built_once
def record() -> Recommendation:
    return make.recommendation()


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


@built_once
def ombudsman() -> User:
    return made.contributor("ombudsman", name=f"{NAME} Hidden")


def upload(ending: str, content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{NAME}-report.{ending}", content or FILES[ending]())


def contribute(record: Recommendation, by: User, file, **fields) -> Contribution:
    fields = {"text": "No ramp.", "language": "en", "recommendations": [record], "described": DESCRIBED} | fields
    return contributing.contribute(submission=Submission(file=file, **fields), form_key=uuid4(), by=by)


@pytest.fixture
def stored():
    """The content of every file that evidence is kept in since the test began."""
    root = Path(default_storage.location)
    before = set(root.rglob("*"))
    return lambda: [path.read_bytes() for path in set(root.rglob("*")) - before if path.is_file()]


def content_of(evidence: Evidence) -> bytes:
    with evidence.file.open("rb") as file:
        return file.read()


def planted(content: bytes) -> bool:
    parts = [content] + ([*office.parts_of(content).values()] if content.startswith(b"PK") else [])
    return any(NAME.encode() in part for part in parts)


@pytest.mark.database
@pytest.mark.parametrize("ending", FILES)
def test_a_hidden_sender_gives_neither_their_name_nor_that_of_their_file(
    ending, record, ombudsman, coordinator, client, stored
):
    contribution = contribute(record, ombudsman, upload(ending), hides_identity=True)
    file = contribution.evidence.get()
    assert (file.name, file.title) == (f"contribution-{contribution.pk}-1.{ending}",) * 2
    assert not any(planted(content) for content in stored())
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    answer = client.get(reverse("portal:evidence_file", args=[file.key]))
    assert f'filename="contribution-{contribution.pk}-1.{ending}"' in answer["Content-Disposition"]
    assert not planted(b"".join(answer.streaming_content))
    page = client.get(record.get_absolute_url()).content.decode()
    assert f"contribution-{contribution.pk}-1.{ending}" in page
    assert NAME not in page
    trail = "".join(f"{event.object_label}{event.difference}" for event in Event.objects.all())
    assert NAME not in trail


def test_who_does_not_hide_keeps_their_file_and_its_name(record, ombudsman):
    content = office.docx()
    file = contribute(record, ombudsman, upload("docx", content)).evidence.get()
    assert file.name == f"{NAME}-report.docx"
    assert content_of(file) == content


def test_what_cannot_be_cleaned_is_refused_and_nothing_of_it_stays(record, ombudsman, stored):
    with pytest.raises(Refused, match="without a password"):
        contribute(record, ombudsman, upload("pdf", pdf.encrypted(user="", owner="o")), hides_identity=True)
    assert not Contribution.objects.exists()
    assert stored() == []


def test_a_refused_file_leaves_no_name_in_the_trail(record, ombudsman, client):
    client.force_login(ombudsman)
    data = {"records": record.code, "text": "No ramp.", "language": "en", "form_key": uuid4(), "kind": "report"}
    data |= {"stance": "context", "hides_identity": "on", "file": upload("pdf", pdf.encrypted(user="u", owner="o"))}
    page = client.post(reverse("desk:contribute"), data)
    assert (page.status_code, "without a password" in page.content.decode()) == (422, True)
    refused = Event.objects.get(action="contribution-refused")
    assert (refused.actor, refused.difference) == (None, "")


def test_the_form_says_beforehand_what_becomes_of_the_file(ombudsman, client):
    client.force_login(ombudsman)
    page = client.get(reverse("desk:contribute")).content.decode()
    for fact in ("comments and tracked changes are removed", "neutral name", "text itself are not removed"):
        assert fact in page


def test_the_public_form_says_that_names_in_the_text_stay(client):
    Instance.objects.create(takes_public_contributions=True)
    assert "are not removed" in client.get(reverse("portal:contribute")).content.decode()


def test_a_hidden_sender_gets_their_own_file_with_their_own_data(record, ombudsman):
    contribution = contribute(record, ombudsman, upload("docx"), hides_identity=True)
    assert f"contribution-{contribution.pk}-1.docx" in str(export_personal_data(ombudsman))


def earlier(record: Recommendation, by: User, ending: str, content: bytes | None = None) -> Evidence:
    """As it was stored before files were cleaned."""
    contribution = contribute(record, by, upload(ending, content))
    Contribution.objects.filter(pk=contribution.pk).update(hides_identity=True)
    contribution.evidence.update(added_by=None)
    return contribution.evidence.get()


def test_earlier_files_of_hidden_senders_are_cleaned_and_named_anew(
    record, ombudsman, stored, capsys, django_capture_on_commit_callbacks
):
    files = [earlier(record, ombudsman, ending) for ending in FILES]
    open_one = contribute(record, ombudsman, upload("docx")).evidence.get()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clean_hidden_files")
    report = capsys.readouterr().out
    assert report.count(": cleaned") == 3
    assert NAME not in report
    for file in files:
        file.refresh_from_db()
        assert file.name.startswith("contribution-")
        assert file.title == file.name
        content = content_of(file)
        assert not planted(content)
        assert file.size == len(content)
    assert sum(planted(content) for content in stored()) == 1
    open_one.refresh_from_db()
    assert open_one.name == f"{NAME}-report.docx"
    call_command("clean_hidden_files")
    assert ": cleaned" not in capsys.readouterr().out
    assert Event.objects.filter(action="hidden-file-cleaned").count() == 3


def test_an_earlier_file_that_cannot_be_cleaned_is_withdrawn_and_reported(record, ombudsman, capsys):
    file = earlier(record, ombudsman, "pdf", pdf.encrypted(user="", owner="o"))
    call_command("clean_hidden_files")
    assert "withdrawn. Personal details cannot be removed" in capsys.readouterr().out
    file.refresh_from_db()
    assert file.withdrawn_at is not None
    assert NAME not in f"{file.name}{file.title}{file.withdrawal_reason}"
    assert not Evidence.objects.public().exists()
    call_command("clean_hidden_files")
    assert "withdrawn" not in capsys.readouterr().out


def test_an_earlier_file_that_is_gone_is_reported_and_named_anew(record, ombudsman, capsys):
    file = earlier(record, ombudsman, "docx")
    Path(file.file.path).unlink()
    call_command("clean_hidden_files")
    assert "not on the disk" in capsys.readouterr().out
    file.refresh_from_db()
    assert NAME not in f"{file.name}{file.title}"
