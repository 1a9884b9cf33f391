"""A report as of an earlier moment has the sections, order, headings and endnote sources of that moment."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import User
from servanda.reporting.documents.contents import document_of
from servanda.reporting.models import CitedSource, OutlinedSection, Quotation, Report, ReportSection
from servanda.reporting.reports import outline, renewing, services, splitting
from servanda.reporting.reports.order import move_section
from servanda.reporting.reports.rebuilding import outline_known_since, sections_at
from servanda.reporting.reports.template_changes import use_current_template
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


class Clock:
    """The time that the services see; each step is an hour."""

    def __init__(self):
        self.time = START

    def step(self) -> datetime:
        """Returns the moment before the step."""
        self.time += HOUR
        return self.time - HOUR / 2


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.time)
    return clock


@pytest.fixture
def report(clock, coordinator) -> Report:
    """The sections A, B and C."""
    return reports_make.report(coordinator, template=reports_make.template("Report", "A", "B", "C"))


def section_of(report: Report, heading: str) -> ReportSection:
    return report.sections.get(heading=heading)


def order_at(report: Report, moment: datetime, by: User) -> list[str]:
    return [f"{section.heading}{section.depth}" for section in sections_at(report, by, moment)]


def test_each_change_of_the_outline_is_undone_in_a_report_as_of_a_moment_before(report, clock, coordinator):
    moments = [clock.step()]
    move_section(section=section_of(report, "C"), is_up=True, by=coordinator)
    moments.append(clock.step())
    outline.remove_report_section(section=section_of(report, "B"), by=coordinator)
    moments.append(clock.step())
    outline.add_report_section(report=report, heading="D", after=section_of(report, "A"), by=coordinator)
    moments.append(clock.step())
    outline.rename_report_section(section=section_of(report, "A"), heading="Method", by=coordinator)
    moments.append(clock.step())
    of_each = ["A1 B1 C1", "A1 C1 B1", "A1 C1", "A1 D1 C1", "Method1 D1 C1"]
    assert [" ".join(order_at(report, moment, coordinator)) for moment in moments] == of_each
    assert [row.heading for row in report.outlined.current()] == ["Method", "D", "C"]


def test_a_change_of_one_section_is_one_row(report, clock, coordinator):
    clock.step()
    outline.rename_report_section(section=section_of(report, "A"), heading="Method", by=coordinator)
    assert report.outlined.count() == 4
    assert report.outlined.get(heading="A").until == clock.time


def test_a_removed_section_is_seen_only_by_those_who_see_the_whole_report(report, clock, coordinator):
    place = make.institution("schools")
    focal = make.user(Role.FOCAL_POINT, place)
    reports_make.assigned(report, "a", place, coordinator)
    before = clock.step()
    outline.remove_report_section(section=section_of(report, "B"), by=coordinator)
    clock.step()
    assert order_at(report, before, focal) == ["A1"]
    assert order_at(report, before, coordinator) == ["A1", "B1", "C1"]


def test_the_institution_and_facts_of_a_section_are_those_of_the_moment(report, clock, coordinator):
    before = clock.step()
    place = make.institution("schools")
    reports_make.assigned(report, "a", place, coordinator)
    report.template.sections.update(facts="updates")
    report.refresh_from_db()
    use_current_template(report=report, sections=["b"], by=coordinator)
    now = clock.step()
    found = [[(row.institution, row.facts) for row in sections_at(report, coordinator, at)] for at in (before, now)]
    assert found == [[(None, "")] * 3, [(place, ""), (None, "updates"), (None, "")]]


def quoted(report: Report, clock: Clock, by: User, text: str = "The law changed.") -> ReportSection:
    section = section_of(report, "A")
    fact, source = reports_make.fact(text), reports_make.source("updates")
    services.quote_fact(section=section, source=source, fact=fact, text="First.", seen=section.version, by=by)
    section.refresh_from_db()
    return section


def citations_at(report: Report, moment: datetime, by: User) -> dict[str, dict[int, str]]:
    sections = sections_at(report, by, moment)
    return {row.heading: {it.number: it.citation for it in row.quotations.all()} for row in sections}


def test_the_source_of_an_endnote_is_that_of_the_moment(report, clock, coordinator):
    empty = clock.step()
    section = quoted(report, clock, coordinator)
    before = clock.step()
    new = reports_make.fact("The law was repealed.", citation="Update, Parliament")
    renewing.renew_quotations(
        section=section, facts={1: new}, text=section.text, seen=section.version, by=coordinator
    )
    renewed = clock.step()
    found = [citations_at(report, moment, coordinator)["A"] for moment in (empty, before, renewed)]
    assert found == [{}, {1: "Update, Ministry"}, {1: "Update, Parliament"}]
    section.refresh_from_db()
    renewing.undo_renewal(section=section, number=1, text=section.text, seen=section.version, by=coordinator)
    assert citations_at(report, renewed, coordinator)["A"] == {1: "Update, Parliament"}
    assert citations_at(report, clock.step(), coordinator)["A"] == {1: "Update, Ministry"}


def test_a_section_is_whole_with_its_endnotes_before_it_was_divided(report, clock, coordinator):
    section = quoted(report, clock, coordinator)
    before = clock.step()
    given = {"number": 1, "heading": "Second", "seen": section.version}
    splitting.split_report_section(section=section, **given, by=coordinator)
    after = clock.step()
    assert citations_at(report, before, coordinator) == {"A": {1: "Update, Ministry"}, "B": {}, "C": {}}
    assert citations_at(report, after, coordinator)["A"] == {}
    assert citations_at(report, after, coordinator)["Second"] == {1: "Update, Ministry"}
    document = document_of(report, coordinator, on=clock.time.date(), as_of=before)
    assert document.notes == ["Update, Ministry"]
    assert "First." in " ".join(block.text for block in document.blocks)


def test_a_word_file_as_of_a_moment_has_removed_sections(client, report, clock, coordinator):
    before = clock.step()
    outline.remove_report_section(section=section_of(report, "B"), by=coordinator)
    clock.step()
    client.force_login(coordinator)
    local = timezone.localtime(before)
    moment = {"on": local.date().isoformat(), "at": local.strftime("%H:%M")}
    for format in ("docx", "md", "html"):
        answer = client.get(reverse("desk:report_file", args=[report.key, format]), moment)
        content = b"".join(answer.streaming_content)
        assert answer.status_code == 200
        assert f"as-of-{local:%H%M-%Y-%m-%d}.{format}" in answer["Content-Disposition"]
        assert format == "docx" or re.search(r"\bB(</h\d>|$)", content.decode(), re.MULTILINE)
    page = client.get(reverse("desk:report_text", args=[report.key]), moment).content.decode()
    assert "<h2>B</h2>" in page
    assert f"docx?on={moment['on']}&amp;at={moment['at'].replace(':', '%3A')}" in page


def test_moments_before_the_report_or_in_the_future_are_refused(client, report, clock, coordinator):
    clock.step()
    client.force_login(coordinator)
    page = reverse("desk:report_text", args=[report.key])
    before = client.get(page, {"on": "2026-03-01"})
    assert "The report was started on" in before.content.decode()
    later = client.get(page, {"on": "2026-03-02", "at": "23:00"})
    assert "The time must be in the past." in later.content.decode()
    assert {before.status_code, later.status_code} == {422}
    assert client.get(reverse("desk:report_file", args=[report.key, "md"]), {"on": "2026-03-01"}).status_code == 404


# Reports from before outlines were recorded


def record_first_outlines() -> None:
    OutlinedSection.objects.all().delete()
    CitedSource.objects.all().delete()
    migration = import_module("servanda.reporting.migrations.0004_outlines_of_earlier_moments")
    migration.record_first_outlines(apps, None)


def test_an_outline_that_never_changed_is_known_since_the_start(report, clock, coordinator):
    quoted(report, clock, coordinator)
    clock.step()
    record_first_outlines()
    assert outline_known_since(report) == report.created_at
    assert citations_at(report, clock.time, coordinator)["A"] == {1: "Update, Ministry"}


def test_an_outline_is_known_since_its_last_change(client, report, clock, coordinator):
    outline.rename_report_section(section=section_of(report, "A"), heading="Method", by=coordinator)
    before = clock.step()
    outline.rename_report_section(section=section_of(report, "Method"), heading="How", by=coordinator)
    move_section(section=section_of(report, "C"), is_up=True, by=coordinator)
    changed = clock.time
    quoted_later = clock.step()
    section = section_of(report, "How")
    fact, source = reports_make.fact(), reports_make.source("updates")
    services.quote_fact(section=section, source=source, fact=fact, text="", seen=section.version, by=coordinator)
    clock.step()
    record_first_outlines()
    assert outline_known_since(report) == changed
    assert order_at(report, before, coordinator) == ["Method1", "C1", "B1"]  # the heading is in the trail
    assert citations_at(report, quoted_later, coordinator)["How"] == {}
    client.force_login(coordinator)
    page = reverse("desk:report_text", args=[report.key])
    sentence = "sources of quotations were first recorded on"
    local = timezone.localtime(before)
    shown = client.get(page, {"on": local.date().isoformat(), "at": local.strftime("%H:%M")})
    assert sentence in shown.content.decode()
    assert sentence not in client.get(page, {"on": local.date().isoformat()}).content.decode()


def test_what_is_recorded_is_what_is_so_now(report, clock, coordinator):
    """After changes of all kinds."""
    section = quoted(report, clock, coordinator)
    outline.add_report_section(report=report, heading="D", after=None, by=coordinator)
    section.refresh_from_db()
    splitting.split_report_section(section=section, number=1, heading="E", seen=section.version, by=coordinator)
    move_section(section=section_of(report, "C"), is_up=True, by=coordinator)
    of_outline = report.outlined.current().values_list("section", "place", "heading", "depth")
    assert list(of_outline) == list(report.sections.values_list("pk", "place", "heading", "depth"))
    of_sources = CitedSource.objects.current().values_list("section", "number", "citation")
    assert set(of_sources) == set(Quotation.objects.values_list("section", "number", "citation"))
