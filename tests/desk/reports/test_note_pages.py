"""Pages of comments, suggestions and tasks on a section."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.reporting.models import ReportSection, SectionNote
from servanda.reporting.notes import services
from servanda.reporting.notes.tables import cells_of
from servanda.reporting.reports.services import write_section
from servanda.trail.models import Event
from tests import make, reports_make
from tests.desk.reports.test_report_pages import address, text_of
from tests.desk.tiles import tiles_on_desk
from tests.reporting.notes.test_notes import noted, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def focal_point():
    return make.user(Role.FOCAL_POINT, make.institution("ministry"))


@pytest.fixture
def section(coordinator, focal_point) -> ReportSection:
    place = make.institution("ministry")
    made = reports_make.assigned(reports_make.report(coordinator), "method", place, coordinator)
    return write_section(section=made, text="One two. Three.", seen=made.version, by=coordinator)


def about(note: SectionNote, name: str) -> str:
    return reverse(f"desk:{name}", args=[note.section.report.key, note.section.key, note.pk])


def sent(client, section, **fields):
    key = text_of(client.get(address(section, "add_section_note"))).partition('name="form_key" value="')[2][:36]
    return client.post(address(section, "add_section_note"), {"form_key": key} | fields, follow=True)


def test_a_comment_is_written_answered_and_resolved(client, coordinator, section):
    assert "No comments yet" in text_of(client.get(address(section, "section_notes")))
    assert "Which figure?" in text_of(sent(client, section, kind="comment", text="Which figure?"))
    note = SectionNote.objects.get()
    assert "Comments and tasks (1)" in " ".join(text_of(client.get(address(section))).split())
    client.post(about(note, "reply_section_note"), {"text": "Of 2025."})
    assert "Of 2025." in text_of(client.get(address(section, "section_notes")))
    assert "Resolved" in text_of(client.post(about(note, "resolve_section_note"), follow=True))
    assert "Resolved" not in text_of(client.post(about(note, "reopen_section_note"), follow=True))


def test_a_suggestion_is_accepted_by_those_who_write(client, coordinator, section):
    sent(client, section, kind="suggestion", passage="two", replacement="2")
    note = SectionNote.objects.get()
    page = text_of(client.post(about(note, "accept_suggestion"), {"seen": section.version}, follow=True))
    assert "Suggestion accepted." in page
    section.refresh_from_db()
    assert section.text == "One 2. Three."
    assert "Undone" not in page


def test_a_form_with_a_fault_keeps_what_was_typed(client, coordinator, section):
    page = text_of(sent(client, section, kind="suggestion", passage="seven", replacement="My new text"))
    assert "no such passage" in page
    assert "My new text" in page


def test_the_task_of_a_person_is_counted_and_listed_on_their_desk(client, coordinator, section, focal_point):
    late = timezone.localdate() - timedelta(days=1)
    noted(section, coordinator, kind="task", text="Add the figure.", owner=focal_point, due_on=late)
    assert tiles_on_desk(client)["report_tasks"].count == 0
    client.force_login(focal_point)
    tile = tiles_on_desk(client)["report_tasks"]
    assert (tile.count, tile.note) == (1, "overdue: 1")
    page = text_of(client.get(reverse("desk:reports")))
    assert "Add the figure." in page
    assert "overdue" in page


def test_who_saved_a_short_time_ago_is_told_to_the_other(client, coordinator, section, focal_point):
    client.force_login(focal_point)
    assert "may still be writing" in text_of(client.get(address(section)))
    ReportSection.objects.update(changed_at=timezone.now() - timedelta(minutes=11))
    assert "may still be writing" not in text_of(client.get(address(section)))
    client.force_login(coordinator)
    ReportSection.objects.update(changed_at=timezone.now())
    assert "may still be writing" not in text_of(client.get(address(section)))


@pytest.mark.database
def test_comments_of_other_sections_are_not_found(client, coordinator, section, focal_point):
    other = section.report.sections.get(key="chapters")
    note = noted(other, coordinator)
    client.force_login(focal_point)
    assert client.get(address(other, "section_notes")).status_code == 404
    for name in ("reply_section_note", "resolve_section_note", "reopen_section_note", "accept_suggestion"):
        assert client.post(about(note, name), {"text": "x"}).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_threads_cost_the_same_number_of_queries(client, coordinator, section, number, django_assert_max_num_queries):
    for _thread in range(number):
        noted(section, coordinator)
    suggested(section, coordinator)
    with django_assert_max_num_queries(20):
        assert client.get(address(section, "section_notes")).status_code == 200


def listed(client, section, **query) -> str:
    return text_of(client.get(reverse("desk:report_notes", args=[section.report.key]), query))


def test_all_comments_and_tasks_of_a_report_are_listed_and_narrowed(client, coordinator, section, focal_point):
    late = timezone.localdate() - timedelta(days=1)
    noted(section, coordinator, kind="task", text="Add the figure.", owner=focal_point, due_on=late)
    noted(section, focal_point, text="Which law?")
    closed = noted(section.report.sections.get(key="chapters"), coordinator, text="Too long.")
    services.resolve_section_note(note=closed, by=coordinator)
    page = listed(client, section)
    places = [page.index(words) for words in ("Add the figure.", "Which law?", "Too long.")]
    assert places == sorted(places)
    assert "overdue" in page
    assert "Too long." not in listed(client, section, state="open")
    assert "Which law?" not in listed(client, section, state="closed")
    assert "Which law?" not in listed(client, section, kind="task")
    assert "Which law?" not in listed(client, section, mine="mine")
    client.force_login(focal_point)
    page = listed(client, section)
    assert "Which law?" in page
    assert "Too long." not in page


def test_a_report_without_comments_leads_to_its_sections(client, coordinator, section):
    assert "No comments" in listed(client, section)


def test_filters_that_no_comment_matches_can_be_cleared(client, coordinator, section):
    noted(section, coordinator)
    page = listed(client, section, state="closed")
    assert "No matching comments" in page
    assert f'href="{reverse("desk:report_notes", args=[section.report.key])}"' in page
    assert "Open a section to comment on it" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_comments_costs_the_same_number_of_queries(
    client, coordinator, section, number, django_assert_max_num_queries
):
    for _note in range(number):
        noted(section, coordinator)
    with django_assert_max_num_queries(14):
        listed(client, section)


@pytest.mark.database
def test_the_list_is_downloaded_with_replies_as_it_is_filtered(client, coordinator, focal_point, section):
    note = noted(section, coordinator, text="=1+1")
    services.reply_section_note(note=note, text="Of 2025.", by=coordinator)
    noted(section, coordinator, kind="task", text="Ask the Office.", owner=focal_point)
    report = section.report
    page = text_of(client.get(reverse("desk:report_notes", args=[report.key]), {"kind": "comment"}))
    address_of_file = reverse("desk:report_notes_export", args=[report.key, "csv"])
    assert f'{address_of_file}?kind=comment"' in page
    lines = b"".join(client.get(address_of_file, {"kind": "comment"})).decode()
    assert "'=1+1" in lines
    assert "Of 2025." in lines
    assert "Ask the Office." not in lines
    assert Event.objects.filter(action="report-notes-downloaded").count() == 1
    workbook = client.get(reverse("desk:report_notes_export", args=[report.key, "xlsx"]))
    assert b"".join(workbook).startswith(b"PK")
    assert client.get(reverse("desk:report_notes_export", args=[report.key, "exe"])).status_code == 404


def test_a_file_of_many_comments_costs_as_many_queries_as_one_of_few(client, coordinator, section):
    found = SectionNote.objects.filter(parent=None).order_by("pk").select_related("section__report", "by")
    counts = []
    for _time in range(2):
        for number in range(5):
            note = noted(section, coordinator, text=str(number))
            services.reply_section_note(note=note, text="Yes.", by=coordinator)
        with CaptureQueriesContext(connection) as queries:
            assert len(list(cells_of(found, coordinator))) in {5, 10}
        counts.append(len(queries))
    assert counts[0] == counts[1]
