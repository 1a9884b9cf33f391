"""The file of a record that is not published: who gets it, and what it holds for each of them."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.recommendations.models import Position
from servanda.trail.models import Event
from tests import make, progress_make

pytestmark = pytest.mark.django_db
SECRET = "quetzalcoatlus"


@pytest.fixture
def ministry():
    return make.institution("moj", name="Ministry of Justice")


@pytest.fixture
def record(ministry):
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    make.country("SVN", "Slovenia")
    record = make.recommendation("Ratify the Convention.", is_published=False, stand="noted")
    Position.objects.create(recommendation=record, stand="noted", date=date(2025, 3, 1), comment="At once.")
    Position.objects.create(recommendation=record, stand="supported", is_draft=True, comment=SECRET)
    make.assignment(record, ministry, due_on=date(2027, 5, 4))
    progress_make.update(record, ministry, state="published", text="A law is in force.", published_at=timezone.now())
    return record


def fetch(client, record, format: str, language: str = "en"):
    return client.get(reverse("desk:record_file", args=[record.code, format]), headers={"accept-language": language})


def lines(answer) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(b"".join(answer.streaming_content))).paragraphs]


def test_the_title_block_says_that_it_is_not_published_and_gives_the_address_of_the_desk(client, record):
    make.signed_in(client, Role.COORDINATOR)
    answer = fetch(client, record, "docx")
    assert record.code in answer["Content-Disposition"]
    found = lines(answer)
    assert found[:4] == [
        "Office",
        "Ratify the Convention.",
        "Not published",
        "Draft: contains positions that are not decided.",
    ]
    for fact in ("State\tSlovenia", "Lead institution\tMinistry of Justice", "Deadline\t4 May 2027"):
        assert fact in found
    assert {"At once.", SECRET, "A law is in force."} <= set(found)
    assert found[-1] == f"http://testserver{reverse('desk:record', args=[record.code])}"
    assert not any(record.get_absolute_url() in line for line in found if "/desk/" not in line)


def test_each_reader_gets_what_they_may_see(client, record):
    make.signed_in(client, Role.READER)
    found = "\n".join(lines(fetch(client, record, "docx")))
    assert "At once." in found
    assert SECRET not in found
    assert "Draft" not in found


def test_the_pdf_holds_the_same(client, record):
    make.signed_in(client, Role.COORDINATOR)
    sheets = pypdfium2.PdfDocument(b"".join(fetch(client, record, "pdf").streaming_content))
    text = sheets[0].get_textpage().get_text_range()
    for words in ("Not published", "Ratify the Convention.", "Slovenia", "Supported", "1 / 1", "/desk/register/"):
        assert words in text


def test_who_may_not_see_the_record_gets_no_file(client, record):
    record.confidentiality = "restricted"
    record.save()
    for role, status in ((Role.READER, 404), (Role.FOCAL_POINT, 404), (Role.CONTRIBUTOR, 403)):
        make.signed_in(client, role)
        assert fetch(client, record, "docx").status_code == status
    make.signed_in(client, Role.COORDINATOR)
    assert fetch(client, record, "odt").status_code == 404


def test_a_published_record_has_its_public_file(client):
    record = make.recommendation("Ratify.")
    make.signed_in(client, Role.COORDINATOR)
    assert fetch(client, record, "pdf").url == reverse("portal:recommendation_file", args=[record.code, "pdf"])


def test_the_page_of_the_record_leads_to_the_file_that_exists(client, record):
    make.signed_in(client, Role.COORDINATOR)
    published = make.recommendation("Ratify.")
    for shown, name in ((record, "desk:record_file"), (published, "portal:recommendation_file")):
        for page in ("desk:record", "desk:record_follow_up"):
            source = client.get(reverse(page, args=[shown.code])).content.decode()
            assert f'href="{reverse(name, args=[shown.code, "docx"])}"' in source
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    assert reverse("portal:recommendation_file", args=[record.code, "pdf"]) not in page
    assert f'data-copy="http://testserver{reverse("desk:record", args=[record.code])}"' in page


def test_a_download_is_recorded_and_asking_for_the_head_is_not(client, record):
    person = make.signed_in(client, Role.COORDINATOR)
    client.head(reverse("desk:record_file", args=[record.code, "docx"]))
    assert not Event.objects.filter(action="record-downloaded").exists()
    fetch(client, record, "docx")
    assert Event.objects.get(action="record-downloaded").actor == person
