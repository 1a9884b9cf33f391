"""The pages of reports: a coordinator starts one, an institution writes its section, nothing of others is seen."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from servanda.people.access import Role
from servanda.recommendations.models import Tagging
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports import services
from servanda.reporting.reports.forms import AssignmentForm, ReportForm, SectionForm
from servanda.reporting.reports.queries import find_reports
from servanda.reporting.submissions.clearance import gaps_of
from servanda.reporting.translations.forms import ReportTranslationForm
from servanda.sources.models import Review
from servanda.trail.models import Event
from tests import make, obligation_make, progress_make, reports_make
from tests.desk.tiles import tiles_on_desk
from tests.house.page_forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    return person


@pytest.fixture
def ministry():
    return make.institution("ministry")


def text_of(answer) -> str:
    return answer.content.decode()


def address(section: ReportSection, name: str = "write_section", **query) -> str:
    return reverse(f"desk:{name}", args=[section.report.key, section.key])


def test_a_coordinator_starts_a_report_from_its_obligation(client, coordinator):
    due = obligation_make.obligation("Mid-term report", kind="mid-term")
    template = reports_make.template("Mid-term report", kinds="mid-term")
    page = text_of(client.get(reverse("desk:add_report"), {"obligation": due.code}))
    assert f'<option value="{template.pk}" selected>' in page
    form = {"title": "Our report", "obligation": due.pk, "template": template.pk, "language": "en"}
    answer = client.post(reverse("desk:add_report"), form, follow=True)
    assert "Report started." in text_of(answer)
    assert Report.objects.get().sections.count() == 2
    assert "Our report" in text_of(client.get(due.get_absolute_url()))


def test_the_next_step_of_a_report_is_its_first_section_without_a_text(client, coordinator):
    report = reports_make.report(coordinator)
    first, second = report.sections.all()
    for section in (first, second):
        link = f'<a class="btn btn-primary" href="{address(section)}">Write the next section</a>'
        assert link in text_of(client.get(report.get_absolute_url()))
        services.write_section(section=section, text="Two words", seen=1, by=coordinator)
    page = text_of(client.get(report.get_absolute_url()))
    assert "Write the next section" not in page
    assert re.search(r'class="btn btn-primary no-print"[^>]*>Read the report<', page)


def test_the_editor_saves_and_counts_without_script(client, coordinator):
    section = reports_make.report(coordinator, word_limit=3).sections.get(key="method")
    ReportSection.objects.update(share=100)
    answer = client.post(address(section), {"text": "Four words are saved.", "seen": "1"}, follow=True)
    assert "4 of 3 words" in text_of(answer)
    assert "over the limit" in text_of(answer)


def test_a_preview_counts_the_words_that_it_shows(client, coordinator):
    section = reports_make.report(coordinator, word_limit=10).sections.get(key="method")
    services.write_section(section=section, text="Two words", seen=1, by=coordinator)
    ReportSection.objects.filter(pk=section.pk).update(share=50)
    page = text_of(client.post(address(section), {"text": "Now these are five words.", "seen": "2", "preview": "1"}))
    assert "5 of 5 words" in page
    assert "5 of 10 words" in page
    section.refresh_from_db()
    assert section.words == 2


def test_autosave_answers_with_the_words(client, coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    answer = client.post(address(section), {"text": "Two words", "seen": "1", "autosave": "1"}).json()
    assert answer["seen"] == 2
    assert answer["saved"].endswith("2 words")
    answer = client.post(address(section), {"text": "Older page", "seen": "1", "autosave": "1"})
    assert answer.status_code == 409
    assert "Another user changed this" in answer.json()["refused"]


def test_autosave_answers_with_the_warnings_of_the_section_and_the_whole_report(client, coordinator):
    section = reports_make.report(coordinator, word_limit=10).sections.get(key="method")
    ReportSection.objects.filter(pk=section.pk).update(share=20)
    ReportSection.objects.filter(report=section.report, key="chapters").update(words=7)
    assert "Whole report: 7 of 10 words" in shown_words(text_of(client.get(address(section))))
    form = {"text": "Four words are saved.", "seen": "1", "autosave": "1"}
    answer = client.post(address(section), form).json()
    assert answer["saved"].endswith("4 of 2 words over the limit")
    words = shown_words(answer["lengths"])
    assert words == "4 of 2 words (200%) over the limit Whole report: 11 of 10 words (110%) over the limit"
    ministry = make.institution("ministry")
    reports_make.assigned(section.report, "method", ministry, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    assert "Whole report" not in client.post(address(section), form | {"seen": answer["seen"]}).json()["lengths"]


def shown_words(page: str) -> str:
    return " ".join(strip_tags(page).split())


def test_the_preview_saves_nothing(client, coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    page = text_of(client.post(address(section), {"text": "**Bold**", "seen": "1", "preview": "1"}))
    assert "<strong>Bold</strong>" in page
    section.refresh_from_db()
    assert section.text == ""


def test_a_conflict_shows_the_difference_and_keeps_what_was_typed(client, coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    services.write_section(section=section, text="Theirs is saved.", seen=1, by=make.user(Role.COORDINATOR))
    answer = client.post(address(section), {"text": "Mine is saved.", "seen": "1"})
    assert answer.status_code == 409
    assert "Another user saved this section while you were editing" in text_of(answer)
    assert "Mine is saved.</textarea>" in text_of(answer)
    client.post(address(section), {"text": "Mine is saved.", "seen": "2"})
    section.refresh_from_db()
    assert section.text == "Mine is saved."


def test_a_text_that_is_too_long_is_refused_and_not_cut(client, coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    assert "maxlength" not in text_of(client.get(address(section))).partition("<textarea")[2].partition(">")[0]
    text = "word " * 40_001
    answer = client.post(address(section), {"text": text, "seen": "1"})
    assert answer.status_code == 422
    assert "The text is too long: at most 200000 characters." in text_of(answer)
    assert f"{text}</textarea>" in text_of(answer)
    section.refresh_from_db()
    assert section.text == ""


def test_a_fact_is_quoted_with_a_link_to_its_source(client, coordinator, ministry):
    record = make.recommendation()
    update = progress_make.update(record, ministry, state="published", text="We built it.", written_by=coordinator)
    template = reports_make.template("Report", "Method")
    template.sections.update(facts="updates evidence")
    due = obligation_make.obligation(body=record.body)
    section = reports_make.report(coordinator, template=template, obligation=due).sections.get()
    assert "We built it." in text_of(client.get(address(section)))
    form = {"text": "So far.", "seen": "1", "quote": f"updates:{update.pk}"}
    page = text_of(client.post(address(section), form, follow=True))
    section.refresh_from_db()
    assert section.text == "So far.\n\n> We built it. [^1]\n"
    assert reverse("desk:update", args=[update.pk]) in page
    answer = client.post(address(section), {"text": "So far.", "seen": "2", "quote": "updates:999999"})
    assert "no longer available" in text_of(answer)


@pytest.mark.database
def test_gaps_are_named(client, coordinator):
    record = make.recommendation()
    template = reports_make.template("Report", "Method")
    template.sections.update(facts="updates")
    due = obligation_make.obligation(body=record.body)
    section = reports_make.report(coordinator, template=template, obligation=due).sections.get()
    assert "Records without facts in the scope of this report: 1 of 1." in text_of(client.get(address(section)))


def test_an_institution_sees_its_section_and_nothing_of_the_others(client, ministry):
    by = make.user(Role.COORDINATOR)
    report = reports_make.report(by, title="The whole report")
    section = reports_make.assigned(report, "method", ministry, by)
    other = report.sections.get(key="chapters")
    services.write_section(section=other, text="Not for them.", seen=other.version, by=by)
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    assert "The whole report" in text_of(client.get(reverse("desk:reports")))
    for page in (report.get_absolute_url(), reverse("desk:report_text", args=[report.key])):
        shown = text_of(client.get(page))
        assert "Method" in shown
        assert "Chapters" not in shown
        assert "Not for them." not in shown
    assert client.get(address(other)).status_code == 404
    assert client.get(address(section)).status_code == 200
    assert client.post(address(section), {"text": "Ours.", "seen": section.version}).status_code == 302


def test_what_an_institution_fetches_does_not_depend_on_other_sections(client, ministry):
    by = make.user(Role.COORDINATOR)
    report = reports_make.report(by)
    section = reports_make.assigned(report, "method", ministry, by)
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    pages = [reverse("desk:reports"), report.get_absolute_url(), address(section)]
    before = [without_keys(text_of(client.get(page))) for page in pages]
    other = report.sections.get(key="chapters")
    services.write_section(section=other, text="A new text of many words.", seen=other.version, by=by)
    reports_make.report(by, title="Another report")
    assert [without_keys(text_of(client.get(page))) for page in pages] == before


def without_keys(page: str) -> str:
    """Without what differs at each request: the tokens of forms, and the number of the request."""
    return "\n".join(line for line in page.splitlines() if "csrf" not in line and "form_key" not in line)


def test_versions_are_compared_word_by_word_and_restored(client, coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    services.write_section(section=section, text="One two.", seen=1, by=make.user(Role.COORDINATOR))
    services.write_section(section=section, text="One three.", seen=2, by=coordinator)
    page = text_of(client.get(address(section, "section_versions")))
    assert "<del>two</del>" in page
    assert "<ins>three</ins>" in page
    client.post(reverse("desk:restore_section_version", args=[section.report.key, section.key, 1]))
    section.refresh_from_db()
    assert section.text == "One two."


def test_sections_are_assigned_on_one_page(client, coordinator, ministry):
    report = reports_make.report(coordinator)
    section = report.sections.get(key="method")
    form = {
        "seen": str(report.version),
        f"institution-{section.pk}": ministry.pk,
        f"due_on-{section.pk}": "2027-01-31",
    }
    assert client.post(reverse("desk:assign_sections", args=[report.key]), form).status_code == 302
    section.refresh_from_db()
    assert (section.institution, str(section.due_on)) == (ministry, "2027-01-31")
    assert "Last change: 1 section" in text_of(client.get(reverse("desk:assign_sections", args=[report.key])))
    undo = reverse("desk:undo_assignment", args=[report.key, report.assignments.get().change])
    assert "Assignment undone." in text_of(client.post(undo, follow=True))
    section.refresh_from_db()
    assert section.institution is None


def test_sections_of_an_institution_are_counted_and_listed_on_its_desk(client, coordinator, ministry):
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    ReportSection.objects.filter(report=report, key="method").update(due_on="2026-01-31")
    assert "report_sections" not in tiles_on_desk(client)
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    tile = tiles_on_desk(client)["report_sections"]
    assert (tile.count, tile.note, tile.href) == (1, "overdue: 1", f"{reverse('desk:reports')}#sections")
    page = text_of(client.get(reverse("desk:reports")))
    assert 'id="sections"' in page
    assert address(report.sections.get(key="method")) in page


def test_sections_that_are_not_listed_are_counted(client, coordinator, ministry, monkeypatch):
    monkeypatch.setattr("servanda.desk.reports.reports.ON_A_PAGE", 1)
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    assert "once these are written" not in text_of(client.get(reverse("desk:reports")))
    reports_make.assigned(report, "chapters", ministry, coordinator)
    assert "1 more section appears here once these are written." in text_of(client.get(reverse("desk:reports")))


@pytest.mark.parametrize("number", [3, 40])
def test_the_editor_and_the_report_cost_the_same_number_of_queries_for_many_sections(
    client, coordinator, number, django_assert_max_num_queries
):
    template = reports_make.template("Report", *(f"Section {place}" for place in range(number)))
    template.sections.update(facts="updates actions evidence")
    report = reports_make.report(coordinator, template=template, obligation=obligation_make.obligation())
    for page in (report.get_absolute_url(), address(report.sections.first()), reverse("desk:reports")):
        with django_assert_max_num_queries(20):
            assert client.get(page).status_code == 200


def test_a_coordinator_moves_a_section(client, coordinator):
    report = reports_make.report(coordinator)
    move = reverse("desk:move_section", args=[report.key, "chapters"])
    answer = client.post(move, {"direction": "up"}, follow=True)
    assert "Section moved." in text_of(answer)
    assert [section.key for section in report.sections.all()] == ["chapters", "method"]
    assert "cannot be moved further" in text_of(client.post(move, {"direction": "up"}, follow=True))


def test_a_report_is_downloaded_as_word_with_a_line_in_the_trail(client, coordinator):
    report = reports_make.report(coordinator)
    answer = client.get(reverse("desk:report_file", args=[report.key, "docx"]))
    assert answer["Content-Disposition"].endswith('.docx"')
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert Event.objects.filter(action="report-downloaded").count() == 1
    assert client.get(reverse("desk:report_file", args=[report.key, "exe"])).status_code == 404
    refused = client.get(reverse("desk:report_file", args=[report.key, "xlsx"]), follow=True)
    assert "no matrix of recommendations" in text_of(refused)


def test_hints_on_markdown_keep_arabic_words_in_their_places(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    with translation.override("ar"):
        hint = str(SectionForm(section=section).fields["text"].help_text)
    assert '<code dir="ltr">[<bdi>رابط</bdi>](<bdi>عنوان</bdi>)</code>' in hint


def test_a_section_of_an_institution_that_no_longer_exists_is_marked(client):
    coordinator = make.signed_in(client, "coordinator")
    ministry = make.institution("ministry")
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    assert "no longer exists" not in client.get(report.get_absolute_url()).content.decode()
    type(ministry).objects.filter(pk=ministry.pk).update(active_to=timezone.localdate() - timedelta(days=1))
    assert "no longer exists" in client.get(report.get_absolute_url()).content.decode()


def test_facts_of_a_date_to_come_are_refused_and_a_saved_date_passes(coordinator):
    tomorrow = timezone.localdate() + timedelta(days=1)
    report = reports_make.report(coordinator)
    entered = {"title": "Ours", "view": "", "seen": report.version, "facts_on": tomorrow}
    assert "facts_on" in ReportForm(entered, user=coordinator, report=report).errors
    report.facts_on = tomorrow
    assert "facts_on" not in ReportForm(entered, user=coordinator, report=report).errors


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (10, False), (11, True)])
def test_the_deadline_of_a_section_lies_between_today_and_that_of_the_report(coordinator, days, is_refused):
    today = timezone.localdate()
    report = reports_make.report(coordinator)
    report.obligation = obligation_make.obligation("Mid-term report", due_on=today + timedelta(days=10))
    sections = list(report.sections.all())
    name = f"due_on-{sections[0].pk}"
    day = today + timedelta(days=days)
    form = AssignmentForm({"seen": "1", name: day}, report=report, sections=sections)
    assert (name in form.errors) is is_refused
    sections[0].due_on = day
    assert name not in AssignmentForm({"seen": "1", name: day}, report=report, sections=sections).errors


def test_the_deadline_of_a_translation_is_not_in_the_past(coordinator):
    yesterday = timezone.localdate() - timedelta(days=1)
    report = reports_make.report(coordinator)
    assert "due_on" in ReportTranslationForm({"language": "fr", "due_on": yesterday}, report=report).errors


def test_the_list_counts_the_sections_that_block_clearance(coordinator):
    report = reports_make.report(coordinator)
    report.sections.filter(key="chapters").update(content="questions")
    assert find_reports(coordinator).get().empty_sections == len(gaps_of(report)) == 2
    report.sections.filter(key="chapters").update(depth=2)
    assert find_reports(coordinator).get().empty_sections == len(gaps_of(report)) == 1


def test_the_page_of_a_report_shows_its_review(client, coordinator):
    report = reports_make.report(coordinator)
    review = Review.objects.create(body=make.body("CRC", "treaty-body"), country=make.country(), year=2026)
    Report.objects.update(review=review)
    assert f"<dd>{review}</dd>" in text_of(client.get(report.get_absolute_url()))


def test_what_the_report_leaves_out_is_said_above_the_text(client, coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    assert "left out" not in text_of(client.get(address(section)))
    services.write_section(section=section, text="![A chart](https://example.org/p.png)", seen=1, by=coordinator)
    page = text_of(client.get(address(section)))
    assert "1 picture is left out of the report. Describe it in words." in page


# The outline


def test_sections_are_added_renamed_divided_and_removed_on_pages(client, coordinator):
    record = make.recommendation()
    Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="person")
    report = reports_make.report(coordinator, review=record.review)
    pages = {name: partial(reverse, f"desk:{name}_report_section") for name in ("add", "rename", "divide", "remove")}
    add = pages["add"](args=[report.key])
    assert add in text_of(client.get(report.get_absolute_url()))
    client.post(add, form_of(client.get(add).content) | {"heading": "Outlook", "after": "chapters"})
    made = report.sections.get(heading="Outlook")
    client.post(pages["rename"](args=[report.key, made.key]), {"heading": "Priorities"})
    divide = pages["divide"](args=[report.key, made.key])
    assert "Health (1)" in text_of(client.get(divide))
    assert "No record of the report is in a cluster" in text_of(client.get(divide, {"by": "clusters"}))
    theme = report.sections.model._meta.get_field("theme").related_model.objects.get()
    assert "1 section added." in text_of(client.post(divide, {"parts": [theme.pk]}, follow=True))
    assert [row.heading for row in report.sections.all()] == ["Method", "Chapters", "Priorities", "Health"]
    assert client.post(divide, {"parts": ["9" * 40]}).status_code == 422
    remove = pages["remove"](args=[report.key, report.sections.get(theme=theme).key])
    client.post(remove)
    assert "Health" not in [row.heading for row in report.sections.all()]
