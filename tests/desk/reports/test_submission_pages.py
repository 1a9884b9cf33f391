"""From the report to its public page: sent for clearance, cleared, submitted, published, cited."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.reporting.models import ReportSnapshot
from servanda.reporting.reports import services as writing
from servanda.reporting.submissions import clearance, making
from tests import make, obligation_make, reports_make
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    coordinator = make.user(Role.COORDINATOR)
    due = obligation_make.obligation("Mid-term report", kind="mid-term")
    made = reports_make.report(coordinator, obligation=due)
    for section in made.sections.all():
        writing.write_section(section=section, text="Two words.", seen=1, by=coordinator)
    return made


def text_of(answer) -> str:
    return answer.content.decode()


def submitted(client, report) -> ReportSnapshot:
    """Through the pages, with a colleague of the writer."""
    steps = {"steps": "Legal service"}
    client.post(reverse("desk:start_report_clearance", args=[report.key]), steps)
    client.post(reverse("desk:clear_report", args=[report.key]))
    client.post(reverse("desk:submit_report", args=[report.key]), {"submitted_on": "2026-01-02"})
    snapshot = report.snapshots.get()
    making.make_submitted_files.call(str(snapshot.key))
    return snapshot


def test_from_the_report_to_its_public_page(client, report):
    make.signed_in(client, Role.COORDINATOR)
    assert "Send for clearance" in text_of(client.get(report.get_absolute_url()))
    form = text_of(client.get(reverse("desk:start_report_clearance", args=[report.key])))
    assert "Authorities\nLegal service\nMinister\nTranslation" in form
    snapshot = submitted(client, report)
    page = text_of(client.get(report.get_absolute_url()))
    assert snapshot.files.get(format="docx").sha256 in page
    answer = client.get(reverse("desk:submitted_file", args=[snapshot.key, "docx"]))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    public = reverse("portal:submitted_report", args=[snapshot.key])
    assert client.get(public).status_code == 404
    page = text_of(client.post(reverse("desk:publish_submitted_report", args=[snapshot.key]), follow=True))
    assert "Report published." in page
    client.logout()
    page = text_of(client.get(public))
    assert f"http://testserver{public}" in page
    assert snapshot.files.get(format="pdf").sha256 in page
    file = client.get(reverse("portal:submitted_report_file", args=[snapshot.key, "pdf"]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert "Our report" in text_of(client.get(reverse("portal:submitted_reports")))
    assert "Submitted reports" not in text_of(client.get(reverse("portal:letters")))


def test_a_report_to_clear_is_counted_and_listed_for_whoever_clears_it(client, report):
    sender = report.sections.first().changed_by
    clearance.start_report_clearance(report=report, steps=["Minister"], by=sender)
    client.force_login(sender)
    assert tiles_on_desk(client)["reports_to_clear"].count == 0
    make.signed_in(client, Role.COORDINATOR)
    tile = tiles_on_desk(client)["reports_to_clear"]
    assert tile.count == 1
    page = text_of(client.get(tile.href))
    assert report.get_absolute_url() in page.partition('id="to-clear"')[2].partition("</section>")[0]


def test_progress_asks_again_until_the_files_are_kept(client, report):
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:start_report_clearance", args=[report.key]), {"steps": "Minister"})
    client.post(reverse("desk:clear_report", args=[report.key]))
    client.post(reverse("desk:submit_report", args=[report.key]), {"submitted_on": "2026-01-02"})
    snapshot = report.snapshots.get()
    progress = reverse("desk:submission_progress", args=[snapshot.key])
    assert "Files are being created" in text_of(client.get(report.get_absolute_url()))
    assert client.get(progress).status_code == 204
    making.make_submitted_files.call(str(snapshot.key))
    assert client.get(progress)["HX-Refresh"] == "true"


def test_a_submitted_report_is_offered_for_submission_again_but_not_as_the_next_step(client, report):
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:start_report_clearance", args=[report.key]), {"steps": "Minister"})
    client.post(reverse("desk:clear_report", args=[report.key]))
    deed = reverse("desk:submit_report", args=[report.key])
    assert f'<a class="btn btn-primary" href="{deed}">' in text_of(client.get(report.get_absolute_url()))
    client.post(deed, {"submitted_on": "2026-01-02"})
    assert deed not in text_of(client.get(report.get_absolute_url()))  # the files are being created
    making.make_submitted_files.call(str(report.snapshots.get().key))
    page = text_of(client.get(report.get_absolute_url()))
    assert f'<a class="btn btn-quiet" href="{deed}">Submit again</a>' in " ".join(page.split()).replace("> ", ">")
    writing.write_section(
        section=report.sections.first(), text="Three more words.", seen=2, by=report.sections.first().changed_by
    )
    client.post(reverse("desk:start_report_clearance", args=[report.key]), {"steps": "Minister"})
    client.post(reverse("desk:clear_report", args=[report.key]))
    assert f'<a class="btn btn-primary" href="{deed}">' in text_of(client.get(report.get_absolute_url()))


def test_an_uncleared_report_is_not_submitted(client, report):
    make.signed_in(client, Role.COORDINATOR)
    answer = client.post(reverse("desk:submit_report", args=[report.key]), {"submitted_on": "2026-01-02"})
    assert answer.status_code == 422
    assert "has not been cleared yet" in text_of(answer)


def test_a_report_is_returned_with_a_reason(client, report):
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:start_report_clearance", args=[report.key]), {"steps": "Minister"})
    answer = client.post(reverse("desk:return_report", args=[report.key]), {"reason": "Name the law."}, follow=True)
    assert "Report returned." in text_of(answer)
    assert "Name the law." in text_of(answer)


def test_files_of_unpublished_reports_are_hidden_from_the_public(client, report):
    make.signed_in(client, Role.COORDINATOR)
    snapshot = submitted(client, report)
    client.logout()
    assert client.get(reverse("portal:submitted_report_file", args=[snapshot.key, "docx"])).status_code == 404
    assert "No reports published yet" in text_of(client.get(reverse("portal:submitted_reports")))
