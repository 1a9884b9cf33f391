"""Files of a report: small ones at once, others by the worker, for the person who asked for them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from docx import Document

from servanda.people.access import Role
from servanda.reporting.downloads import services
from servanda.reporting.models import ReportDownload
from servanda.reporting.reports import services as writing
from servanda.trail.models import Event
from tests import make, reports_make

pytestmark = pytest.mark.django_db
State = ReportDownload.State
LONG = "word " * 8_000  # four seconds as PDF


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def report(coordinator):
    made = reports_make.report(coordinator)
    section = made.sections.get(key="method")
    writing.write_section(section=section, text=LONG, seen=1, by=coordinator)
    return made


def ask(client, report, format: str):
    return client.get(reverse("desk:report_file", args=[report.key, format]))


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_file_that_takes_long_is_made_by_the_worker(client, report, coordinator):
    answer = ask(client, report, "pdf")
    download = ReportDownload.objects.get()
    assert answer["Location"] == download.get_absolute_url()
    assert "File is being created" in text_of(client.get(answer["Location"]))
    progress = reverse("desk:report_download_progress", args=[download.key])
    file = reverse("desk:downloaded_report", args=[download.key])
    assert client.get(progress).status_code == 204
    assert client.get(file).status_code == 404
    services.make_report_download.call(str(download.key))
    assert client.get(progress)["HX-Refresh"] == "true"
    assert file in text_of(client.get(download.get_absolute_url()))
    answer = client.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert ".pdf" in answer["Content-Disposition"]
    assert Event.objects.get(action="report-downloaded").difference == '{"format": ["", "pdf"]}'


def test_asking_again_leads_to_the_file_that_is_being_made(client, report, coordinator):
    assert ask(client, report, "pdf")["Location"] == ask(client, report, "pdf")["Location"]
    assert ReportDownload.objects.count() == 1


def test_a_small_file_comes_at_once(client, report, coordinator):
    assert b"".join(ask(client, report, "docx").streaming_content).startswith(b"PK")
    assert not ReportDownload.objects.exists()


def test_another_person_cannot_fetch_it(client, report, coordinator):
    ask(client, report, "pdf")
    download = ReportDownload.objects.get()
    services.make_report_download.call(str(download.key))
    make.signed_in(client, Role.ADMINISTRATOR)
    assert client.get(download.get_absolute_url()).status_code == 404
    assert client.get(reverse("desk:downloaded_report", args=[download.key])).status_code == 404


def test_a_person_who_lost_access_gets_the_reason_and_no_file(client, report, coordinator):
    download = services.start_report_download(report=report, format="pdf", by=make.user(Role.READER))
    services.make_report_download.call(str(download.key))
    download.refresh_from_db()
    assert (download.state, download.problem) == (State.FAILED, "You no longer have access to this report.")
    assert not download.file


def test_a_file_with_a_section_that_was_taken_away_is_no_longer_given(client, coordinator):
    here, report = make.institution(), reports_make.report(coordinator)
    report.sections.update(institution=here)
    writer = make.signed_in(client, Role.FOCAL_POINT, institution=here)
    download = services.start_report_download(report=report, format="md", by=writer)
    services.make_report_download.call(str(download.key))
    address = reverse("desk:downloaded_report", args=[download.key])
    assert client.get(address).status_code == 200
    report.sections.filter(key="method").update(institution=None)
    assert client.get(address).status_code == 404


def test_a_job_that_is_given_up_says_so(client, report, coordinator):
    ask(client, report, "pdf")
    download = ReportDownload.objects.get()
    services.give_up_report_download.call(str(download.key))
    page = text_of(client.get(download.get_absolute_url()))
    assert "The file could not be created." in page
    assert "Try again" in page


def test_files_are_deleted_after_a_day(report, coordinator):
    download = services.start_report_download(report=report, format="md", by=coordinator)
    services.make_report_download.call(str(download.key))
    download.refresh_from_db()
    name = download.file.name
    services.sweep_report_downloads(on=timezone.now())
    assert default_storage.exists(name)
    services.sweep_report_downloads(on=timezone.now() + timedelta(days=1, minutes=1))
    assert not default_storage.exists(name)
    assert not ReportDownload.objects.exists()


def test_page_numbers_in_the_contents_are_left_to_the_worker(client, report, coordinator, monkeypatch):
    """LibreOffice is another program; its own test is in test_page_numbers."""
    monkeypatch.setattr("servanda.desk.reports.downloading.can_count_pages", lambda: True)
    monkeypatch.setattr("servanda.reporting.downloads.services.pages_of_headings", lambda _document, _at: [7, 8])
    address = reverse("desk:report_file", args=[report.key, "docx"])
    assert "Location" in client.get(f"{address}?pages")
    download = ReportDownload.objects.get()
    services.make_report_download.call(str(download.key))
    file = client.get(reverse("desk:downloaded_report", args=[download.key])).getvalue()
    body = Document(BytesIO(file)).element.body
    contents = body.xpath('.//w:p[starts-with(w:pPr/w:pStyle/@w:val, "TOC")]')
    assert ["".join(line.itertext())[-1] for line in contents] == ["7", "8"]
