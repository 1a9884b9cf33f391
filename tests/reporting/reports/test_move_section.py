"""Sections of a report move past their neighbours of the same level, with what is below their headings."""

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.reporting.reports.order import move_section
from servanda.trail.models import Event
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def report(coordinator):
    """The chapters A (with A1 and A2) and B."""
    template = reports_make.template("Report", "A", "A1", "A2", "B")
    template.sections.filter(key__in=["a1", "a2"]).update(depth=2)
    return reports_make.report(coordinator, template=template)


def order_of(report) -> list[str]:
    return [section.heading for section in report.sections.all()]


def move(report, key: str, by, *, is_up: bool) -> list[str]:
    move_section(section=report.sections.get(key=key), is_up=is_up, by=by)
    return order_of(report)


def test_a_chapter_moves_with_all_below_its_heading(report, coordinator):
    assert move(report, "b", coordinator, is_up=True) == ["B", "A", "A1", "A2"]
    assert move(report, "b", coordinator, is_up=False) == ["A", "A1", "A2", "B"]
    assert Event.objects.filter(action="report-section-moved").count() == 2


def test_a_section_stays_below_its_heading(report, coordinator):
    assert move(report, "a2", coordinator, is_up=True) == ["A", "A2", "A1", "B"]
    for key, is_up in (("a2", True), ("a1", False), ("a", True), ("b", False)):
        with pytest.raises(Refused, match="cannot be moved further"):
            move(report, key, coordinator, is_up=is_up)


def test_only_those_who_edit_reports_move_sections(report):
    with pytest.raises(Refused, match="permission to edit reports"):
        move(report, "b", make.user(Role.FOCAL_POINT, make.institution()), is_up=True)
    assert order_of(report) == ["A", "A1", "A2", "B"]
