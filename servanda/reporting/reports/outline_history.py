"""What a report was like, recorded at each change of its outline and of the sources of its endnotes. It is read by
`rebuilding`."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Model, QuerySet
from django.utils import timezone

from servanda.reporting.models import CitedSource, OutlinedSection, Report, ReportSection

OF_SECTION = ("key", "place", "depth", "heading", "content", "facts", "is_counted", "institution_id")
OF_SOURCE = ("number", "source", "object_id", "citation", "address")


def record_outline(report: Report) -> None:
    """Record what has changed in the sections of the report, their order, headings and institutions. Services that
    change any of these call it last, with the report locked."""
    sections = report.sections.defer("text")
    new = [OutlinedSection(report=report, section=section, **values_of(section, OF_SECTION)) for section in sections]
    replace_current(report.outlined.current(), new, (*OF_SECTION, "section_id"))


def record_sources(section: ReportSection) -> None:
    """Record what has changed in the sources of the endnotes of the section, which is locked."""
    new = [CitedSource(section=section, **values_of(row, OF_SOURCE)) for row in section.quotations.all()]
    replace_current(section.cited.current(), new, OF_SOURCE)


def replace_current(current: QuerySet, new: Iterable[OutlinedSection | CitedSource], names: Sequence[str]) -> None:
    """End the current rows that differ, and add those that are new."""
    value_of = row_of(names)
    before = {value_of(row): row.pk for row in current}
    added = [row for row in new if before.pop(value_of(row), None) is None]
    now = timezone.now()
    if before:
        current.filter(pk__in=before.values()).update(until=now)
    for row in added:
        row.since = now
    current.model._default_manager.bulk_create(added)


def row_of(names: Sequence[str]) -> Callable[[Model], tuple]:
    return lambda row: tuple(getattr(row, name) for name in names)


def values_of(row: Model, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}
