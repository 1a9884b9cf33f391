"""A report as it was at an earlier moment: its title, sections, texts and the sources of its endnotes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Min

from servanda.people.models import User
from servanda.reporting.models import CitedSource, OutlinedSection, Quotation, Report, ReportSection, SectionVersion
from servanda.reporting.reports.outline_history import OF_SECTION, OF_SOURCE, values_of
from servanda.trail.models import Event


def outline_known_since(report: Report) -> datetime:
    """When the outline was recorded first: when the report was started, or at its last change before outlines were
    recorded."""
    return report.outlined.aggregate(first=Min("since"))["first"] or report.created_at


def title_at(report: Report, moment: datetime) -> str:
    about = {"object_type": Report._meta.label_lower, "object_id": str(report.pk), "action": "report-edited"}
    later = Event.objects.filter(**about, at__gt=moment).exclude(difference="").order_by("sequence")
    changes = map(json.loads, later.values_list("difference", flat=True))
    return next((change["title"][0] for change in changes if "title" in change), report.title)


def sections_at(report: Report, user: User, moment: datetime) -> list[ReportSection]:
    """The sections of that moment, as far as this person sees them today, with their quotations; they are not saved.
    Before the outline was recorded, those of its first record, with the headings of that moment."""
    first = outline_known_since(report)
    known = max(moment, first)
    rows = report.outlined.at(known).select_related("institution")
    readable = {row.pk: row for row in report.sections.readable_by(user)}
    is_whole = len(readable) == report.sections.count()
    found = (section_of(row, readable, is_whole=is_whole) for row in rows)
    sections = [section for section in found if section is not None]
    set_back_texts(sections, moment)
    set_back_sources(sections, moment, is_known=moment >= first)
    if moment < first:
        set_back_headings(sections, moment)
    return sections


def section_of(row: OutlinedSection, readable: dict[int, ReportSection], *, is_whole: bool) -> ReportSection | None:
    """One that was removed since has a key that no other has; only those who see the whole report see it."""
    section = readable.get(row.section_id or 0)
    if section is None and row.section_id is None and is_whole:
        section = ReportSection(pk=-row.pk)
    if section is None:
        return None
    section.report, section.institution = row.report, row.institution
    for name, value in values_of(row, OF_SECTION).items():
        setattr(section, name, value)
    return section


def set_back_texts(sections: Sequence[ReportSection], moment: datetime) -> None:
    versions = SectionVersion.objects.filter(section__in=[row.pk for row in sections], at__lte=moment)
    rows = versions.order_by("number").values_list("section", "text", "words")
    found = {key: (text, words) for key, text, words in rows}
    for section in sections:
        section.text, section.words = found.get(section.pk, ("", 0))


def set_back_sources(sections: Sequence[ReportSection], moment: datetime, *, is_known: bool) -> None:
    """Give the sections the quotations of that moment, as if they were prefetched. Where they are not known, the
    earliest of each number."""
    rows = CitedSource.objects.filter(section__in=[row.pk for row in sections])
    rows = rows.at(moment) if is_known else rows.order_by("-since", "-pk")
    found: defaultdict[int, dict[int, Quotation]] = defaultdict(dict)
    for row in rows:
        found[row.section_id][row.number] = Quotation(section_id=row.section_id, **values_of(row, OF_SOURCE))
    for section in sections:
        rows_by_number = found[section.pk]
        prefetched = {"quotations": [rows_by_number[number] for number in sorted(rows_by_number)]}
        section._prefetched_objects_cache = prefetched  # type: ignore[attr-defined]  # -- Django reads it


def set_back_headings(sections: Iterable[ReportSection], moment: datetime) -> None:
    by_key = {str(section.pk): section for section in sections}
    of_sections = {"object_type": ReportSection._meta.label_lower, "object_id__in": list(by_key)}
    later = Event.objects.filter(**of_sections, action="report-section-renamed", at__gt=moment)
    for key, difference in later.exclude(difference="").order_by("-sequence").values_list("object_id", "difference"):
        by_key[key].heading = json.loads(difference)["heading"][0]
