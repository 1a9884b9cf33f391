"""Comments, suggestions and tasks: read by those who read the section, closed by one of them, never by two."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting import personal_data
from servanda.reporting.models import ReportSection, SectionNote
from servanda.reporting.notes import services
from servanda.reporting.notes.queries import people_for, threads_on
from servanda.reporting.notes.services import NoteValues
from servanda.reporting.reports.services import write_section
from servanda.trail.models import Event
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def ministry():
    return make.institution("ministry")


@built_once
def focal_point(ministry):
    return make.user(Role.FOCAL_POINT, ministry)


@built_once
def section(coordinator, ministry) -> ReportSection:
    made = reports_make.assigned(reports_make.report(coordinator), "method", ministry, coordinator)
    return write_section(section=made, text="One two. Three.", seen=made.version, by=coordinator)


def noted(section, by, **values) -> SectionNote:
    given = {"text": "Which figure is this?"} | values
    return services.add_section_note(section=section, values=NoteValues(**given), by=by)


def suggested(section, by, passage: str = "two", replacement: str = "2") -> SectionNote:
    return noted(section, by, kind="suggestion", text="", passage=passage, replacement=replacement)


def test_a_suggestion_that_is_not_accepted_is_declined(section, coordinator, client):
    note = suggested(section, coordinator)
    client.force_login(coordinator)
    address = reverse("desk:resolve_section_note", args=[section.report.key, section.key, note.pk])
    page = client.post(address, follow=True).content.decode()
    assert "Suggestion declined. The text was not changed." in page
    note.refresh_from_db()
    assert (note.outcome_label, note.get_outcome_display()) == ("Declined", "Resolved")
    other = noted(section, coordinator)
    services.resolve_section_note(note=other, by=coordinator)
    other.refresh_from_db()
    assert other.outcome_label == "Resolved"


def test_a_long_reply_is_refused_and_not_cut(section, coordinator):
    note = noted(section, coordinator)
    with pytest.raises(FieldRefused, match="at most 10000 characters"):
        services.reply_section_note(note=note, text="Of 2025. " * 2_000, by=coordinator)
    assert not note.replies.exists()


def test_a_thread_is_answered_resolved_and_reopened(section, coordinator, focal_point):
    note = noted(section, focal_point)
    services.reply_section_note(note=note, text="Of 2025.", by=coordinator)
    services.resolve_section_note(note=note, by=coordinator)
    with pytest.raises(Refused):
        services.resolve_section_note(note=note, by=focal_point)
    with pytest.raises(Refused):
        services.reply_section_note(note=note, text="Too late.", by=focal_point)
    services.reopen_section_note(note=note, by=focal_point)
    thread = threads_on(section, coordinator)[0]
    assert (thread.is_open, [reply.text for reply in thread.replies.all()]) == (True, ["Of 2025."])
    actions = list(
        Event.objects.filter(action__startswith="report-note").order_by("pk").values_list("action", flat=True)
    )
    assert actions == ["report-note-added", "report-note-added", "report-note-closed", "report-note-reopened"]


def test_an_accepted_suggestion_changes_the_text_as_a_new_version(section, coordinator, focal_point):
    note = suggested(section, focal_point)
    stored = services.accept_suggestion(note=note, seen=section.version, by=coordinator)
    assert stored.text == "One 2. Three."
    assert stored.versions.count() == 2
    note.refresh_from_db()
    assert (note.outcome, note.closed_by) == ("accepted", coordinator)
    with pytest.raises(Refused):
        services.reopen_section_note(note=note, by=coordinator)


def test_a_suggestion_is_not_accepted_twice_or_over_another_change(section, coordinator, focal_point):
    note = suggested(section, focal_point)
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        services.accept_suggestion(note=note, seen=section.version - 1, by=coordinator)
    changed = write_section(section=section, text="Another text.", seen=section.version, by=focal_point)
    with pytest.raises(Refused, match="no such passage"):
        services.accept_suggestion(note=note, seen=changed.version, by=coordinator)
    note.refresh_from_db()
    assert note.is_open


@pytest.mark.parametrize("passage", ["", "   ", "seven", "e"])
def test_a_suggestion_is_for_one_passage_of_the_text(section, focal_point, passage):
    with pytest.raises(FieldRefused):
        suggested(section, focal_point, passage)
    assert not SectionNote.objects.exists()


def test_a_comment_cannot_be_accepted_and_needs_a_text(section, coordinator):
    note = noted(section, coordinator)
    with pytest.raises(Refused):
        services.accept_suggestion(note=note, seen=section.version, by=coordinator)
    with pytest.raises(FieldRefused):
        noted(section, coordinator, text="  ")


def test_a_task_is_on_the_desk_of_its_person_until_it_is_done(section, coordinator, focal_point):
    due = timezone.localdate() + timedelta(days=3)
    note = noted(section, coordinator, kind="task", text="Add the figure.", owner=focal_point, due_on=due)
    assert list(SectionNote.objects.tasks_of(focal_point)) == [note]
    assert not SectionNote.objects.tasks_of(coordinator).exists()
    services.resolve_section_note(note=note, by=focal_point)
    assert not SectionNote.objects.tasks_of(focal_point).exists()


def test_a_task_is_for_a_person_who_reads_the_section(section, coordinator, focal_point):
    outsider = make.user(Role.FOCAL_POINT, make.institution("elsewhere"))
    for owner in (None, outsider):
        with pytest.raises(FieldRefused):
            noted(section, coordinator, kind="task", owner=owner)
    assert {coordinator, focal_point} <= set(people_for(section))
    assert outsider not in people_for(section)


def test_others_neither_read_nor_write(section, coordinator, focal_point):
    note = noted(section, focal_point)
    outsider = make.user(Role.FOCAL_POINT, make.institution("elsewhere"))
    assert not SectionNote.objects.visible_to(outsider).exists()
    for action in (services.resolve_section_note, services.reopen_section_note):
        with pytest.raises(Refused):
            action(note=note, by=outsider)
    with pytest.raises(Refused):
        services.reply_section_note(note=note, text="Mine.", by=outsider)
    with pytest.raises(Refused):
        noted(section, outsider)


def test_a_person_takes_along_their_comments_and_tasks(section, coordinator, focal_point):
    noted(section, focal_point, text="A comment.")
    noted(section, coordinator, kind="task", text="A task.", owner=focal_point)
    assert [row["text"] for row in personal_data.notes(focal_point)] == ["A comment.", "A task."]


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("comment", {"due_on": timezone.localdate}, "due_on"),
        ("suggestion", {"due_on": timezone.localdate}, "due_on"),
        ("comment", {"replacement": lambda: "2"}, "replacement"),
    ],
)
def test_what_a_kind_does_not_keep_is_refused_at_its_field(section, coordinator, kind, values, field):
    entered = {name: value() for name, value in values.items()}
    with pytest.raises(FieldRefused) as refusal:
        noted(section, coordinator, kind=kind, passage="two", **entered)
    assert refusal.value.field == field
    assert not SectionNote.objects.exists()


def test_a_comment_for_a_person_is_refused_at_the_person(section, coordinator, focal_point):
    with pytest.raises(FieldRefused) as refusal:
        noted(section, coordinator, owner=focal_point)
    assert refusal.value.field == "owner"
