"""Files of a report: small ones at once, others by the worker, for the person who asked for them."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from docx import Document

from servanda.people.access import Role
from servanda.recommendations.models import Cluster, ClusterMember
from servanda.recommendations.records.as_of import end_of
from servanda.reporting.downloads import services
from servanda.reporting.models import ReportDownload, SectionVersion
from servanda.reporting.reports import outline
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
    made = reports_make.started_earlier(reports_make.report(coordinator))
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


@pytest.mark.parametrize(
    ("chosen", "ending"), [({"language": "ar"}, "/ar/file.pdf"), ({"as_of": end_of(date(2026, 2, 1))}, "=2026-02-01")]
)
def test_trying_again_asks_for_the_same_file(client, report, coordinator, chosen, ending):
    download = services.start_report_download(report=report, format="pdf", **chosen, by=coordinator)
    services.give_up_report_download.call(str(download.key))
    assert f'{ending}">Try again' in text_of(client.get(download.get_absolute_url()))


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


# As of an earlier day


@pytest.fixture
def rewritten(coordinator):
    """A report whose only section was renamed and rewritten since yesterday."""
    made = reports_make.started_earlier(reports_make.report(coordinator))
    section = made.sections.get(key="method")
    writing.write_section(section=section, text="What we wrote first.", seen=1, by=coordinator)
    section.refresh_from_db()
    SectionVersion.objects.update(at=timezone.now() - timedelta(days=2))
    writing.write_section(section=section, text="What we wrote since.", seen=section.version, by=coordinator)
    section.refresh_from_db()
    outline.rename_report_section(section=section, heading="How it was made", by=coordinator)
    return made


def words_of(file: bytes) -> str:
    return "\n".join(row.text for row in Document(BytesIO(file)).paragraphs)


def yesterday() -> str:
    return (timezone.localdate() - timedelta(days=1)).isoformat()


def test_a_file_as_of_a_day_has_the_title_of_that_day(client, coordinator):
    report = reports_make.started_earlier(reports_make.report(coordinator, title="Report of 2025"))
    for title in ("Report of 2026", "Report of 2027"):
        report.refresh_from_db()
        values = reports_make.report_values(report.template, title)
        writing.edit_report(report=report, values=values, seen=report.version, by=coordinator)
    answer = client.get(reverse("desk:report_file", args=[report.key, "md"]), {"on": yesterday()})
    page = client.get(reverse("desk:report_text", args=[report.key]), {"on": yesterday()}).content.decode()
    assert b"".join(answer.streaming_content).decode().startswith("# Report of 2025\n")
    assert "<h1>Report of 2025</h1>" in page


@pytest.mark.parametrize("format", ["md", "html", "docx"])
def test_a_file_as_of_a_day_has_the_texts_and_headings_of_that_day(client, rewritten, format):
    answer = client.get(reverse("desk:report_file", args=[rewritten.key, format]), {"on": yesterday()})
    content = b"".join(answer.streaming_content)
    text = words_of(content) if format == "docx" else content.decode()
    assert ("What we wrote first." in text, "What we wrote since." in text) == (True, False)
    assert ("Method" in text, "How it was made" in text) == (True, False)
    day = timezone.localdate() - timedelta(days=1)
    assert f"Draft as of {date_format(day, 'j F Y')}" in text
    assert f"as-of-{day.isoformat()}.{format}" in answer["Content-Disposition"]
    assert yesterday() in Event.objects.get(action="report-downloaded").difference


def test_a_file_as_of_a_day_is_made_by_the_worker_where_it_takes_long(client, report, coordinator):
    SectionVersion.objects.update(at=timezone.now() - timedelta(days=2))
    address = reverse("desk:report_file", args=[report.key, "pdf"])
    pages = {client.get(address, {"on": on})["Location"] for on in (yesterday(), timezone.localdate().isoformat())}
    pages |= {client.get(address)["Location"], client.get(address, {"on": yesterday()})["Location"]}
    assert len(pages) == ReportDownload.objects.count() == 3
    download = ReportDownload.objects.get(as_of=end_of(date.fromisoformat(yesterday())))
    services.make_report_download.call(str(download.key))
    download.refresh_from_db()
    assert (download.state, download.name.endswith(f"as-of-{yesterday()}.pdf")) == (State.READY, True)
    assert "The report as of" in text_of(client.get(download.get_absolute_url()))


def test_the_page_of_texts_offers_the_files_of_the_chosen_day(client, rewritten):
    page = reverse("desk:report_text", args=[rewritten.key])
    file = reverse("desk:report_file", args=[rewritten.key, "docx"])
    assert f"{file}?on=" not in text_of(client.get(page))
    assert f"{file}?on={yesterday()}" in text_of(client.get(page, {"on": yesterday()}))
    assert f"{page}?on=" in text_of(client.get(rewritten.get_absolute_url()))


def test_a_day_that_has_not_come_yet_is_refused(client, rewritten):
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = client.get(reverse("desk:report_text", args=[rewritten.key]), {"on": later})
    assert page.status_code == 422
    assert "The date must be today or in the past." in text_of(page)
    for day in (later, "2026-02-31", ""):
        assert client.get(reverse("desk:report_file", args=[rewritten.key, "md"]), {"on": day}).status_code == 404


def test_the_matrix_of_a_file_is_that_of_the_day(client, coordinator):
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix")
    record, cluster = make.recommendation("Build schools."), Cluster.objects.create(name="Children")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    report = reports_make.started_earlier(reports_make.report(coordinator, template=template, cluster=cluster))
    address = reverse("desk:report_file", args=[report.key, "md"])
    assert "Build schools." in b"".join(client.get(address).streaming_content).decode()
    assert "Build schools." not in b"".join(client.get(address, {"on": yesterday()}).streaming_content).decode()
