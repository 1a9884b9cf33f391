"""A started report whose template was changed: sections with other guidance or kinds of facts, and further ones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.reporting.facts.registry import labels_of
from servanda.reporting.models import Report, ReportSection, TemplateSection
from servanda.reporting.models.templates import plain
from servanda.reporting.reports.order import end_of
from servanda.reporting.reports.outline import MOST_SECTIONS, put_in
from servanda.reporting.reports.outline_history import record_outline
from servanda.reporting.reports.services import COPIED, lock_report
from servanda.trail.models import Event


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section of the report, and the section of the template that it was made from."""

    section: ReportSection
    template: TemplateSection

    @property
    def has_other_guidance(self) -> bool:
        return plain(self.section.guidance) != plain(self.template.guidance)

    @property
    def facts_added(self) -> list[str]:
        return labels_of(set(self.template.fact_codes) - set(self.section.fact_codes))

    @property
    def facts_removed(self) -> list[str]:
        return labels_of(set(self.section.fact_codes) - set(self.template.fact_codes))

    @property
    def is_change(self) -> bool:
        has_other_facts = set(self.section.fact_codes) != set(self.template.fact_codes)
        return self.has_other_guidance or has_other_facts


def template_changes(report: Report, sections: Iterable[ReportSection]) -> list[SectionChange]:
    """Those of these sections, in their order. Headings, order and shares of a started report are its own."""
    rows = {row.key: row for row in report.template.outline}
    pairs = (SectionChange(section, rows[section.key]) for section in sections if section.key in rows)
    return [pair for pair in pairs if pair.is_change]


def sections_not_in(report: Report) -> list[TemplateSection]:
    """The sections of the template that the report does not have: newer ones, and those that were removed."""
    keys = set(report.sections.values_list("key", flat=True))
    return [row for row in report.template.outline if row.key not in keys]


@transaction.atomic
def use_current_template(*, report: Report, sections: Collection[str], added: Collection[str] = (), by: User) -> None:
    """Give these sections the guidance and the kinds of facts that their template has now, and add those sections of
    the template that the report does not have; texts, headings, order and shares of its sections stay.

    Raises `Refused` if the template no longer differs in any of them, or for more sections than a report has.
    """
    locked = lock_report(report, by=by)
    changes = template_changes(locked, locked.sections.filter(key__in=sections))
    missing = [row for row in sections_not_in(locked) if row.key in added]
    if not changes and not missing:
        raise Refused(_("These sections already have the guidance and facts of the template."))
    if missing and locked.sections.count() + len(missing) > MOST_SECTIONS:
        raise Refused(_("A report has at most %(most)d sections.") % {"most": MOST_SECTIONS})
    use_changes(locked, changes, by=by)
    for row in missing:
        add_from_template(locked, row, by=by)


def use_changes(locked: Report, changes: Iterable[SectionChange], *, by: User) -> None:
    for change in changes:
        change.section.guidance, change.section.facts = change.template.guidance, change.template.facts
        change.section.save(update_fields=["guidance", "facts"])
    record_outline(locked)
    if named := ", ".join(change.section.heading for change in changes):
        Event.record("report-template-used", locked, by=by, difference={"sections": ["", named[:2000]]})


def add_from_template(report: Report, row: TemplateSection, *, by: User) -> None:
    """Behind the section that precedes it in the template, and all below that one; at the end without one."""
    sections = list(report.sections.all())
    places = {section.key: place for place, section in enumerate(sections)}
    keys = [other.key for other in report.template.outline]
    earlier = [places[key] for key in keys[: keys.index(row.key)] if key in places]
    place = len(sections)
    if earlier:
        is_below = sections[earlier[-1]].depth < row.depth
        place = earlier[-1] + 1 if is_below else end_of(sections, earlier[-1])
    with translation.override(report.language):
        made = ReportSection(report=report, heading=str(row.heading)[:300])
    for name in COPIED:
        if name != "place":
            setattr(made, name, getattr(row, name))
    put_in(report, sections, place, [made])
    Event.record("report-section-added", made, by=by)
