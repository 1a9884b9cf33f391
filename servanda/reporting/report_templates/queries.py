"""Templates as pages show them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from servanda.reporting.facts.registry import labels_of
from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.models.templates import HEAD

WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A section, its place among those that are not left out, and what it asks for."""

    section: TemplateSection
    place: int
    words: int | None
    facts: list[str]


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A part of the original that a newer version changed: what this copy has, and what is shipped now."""

    key: str
    label: str
    local: str
    shipped: str


def find_templates() -> QuerySet[ReportTemplate]:
    sections = Count("sections", filter=Q(sections__is_dropped=False))
    rows = ReportTemplate.objects.select_related("body", "copied_from").annotate(section_count=sections)
    return rows.prefetch_related("copied_from__sections").order_by("is_retired", "order", "code")


def outline_of(template: ReportTemplate) -> list[OutlineRow]:
    return [
        OutlineRow(section, place, words_of(section, template.word_limit), labels_of(section.fact_codes))
        for place, section in enumerate(template.outline, start=1)
    ]


def words_of(section: TemplateSection, limit: int | None) -> int | None:
    """The words that the section may have by its share of the limit."""
    return round(limit * section.share / WHOLE) if limit and section.share and section.is_counted else None


def total_share(template: ReportTemplate) -> int:
    return sum(section.share or 0 for section in template.outline if section.is_counted)


def changed_parts(template: ReportTemplate) -> list[ChangedPart]:
    if template.copied_from is None or not template.changed_facts:
        return []
    local = {section.key: section for section in template.outline}
    shipped = {section.key: section for section in template.copied_from.outline}
    return [part_of(key, template, local.get(key), shipped.get(key)) for key in template.changed_facts]


def part_of(
    key: str, template: ReportTemplate, local: TemplateSection | None, shipped: TemplateSection | None
) -> ChangedPart:
    if key == HEAD and template.copied_from is not None:
        return ChangedPart(key, _("General"), general(template), general(template.copied_from))
    return ChangedPart(key, str(shipped or local or key), shown(local), shown(shipped))


def general(template: ReportTemplate) -> str:
    parts = [str(template.word_limit or ""), str(template.counts), str(template.note), template.source]
    return "\n".join(filter(None, parts))


def shown(section: TemplateSection | None) -> str:
    if section is None:
        return ""
    share = f"{section.share}%" if section.share else ""
    parts = [str(section.heading), str(section.guidance), share, section.get_content_display()]
    return "\n".join(filter(None, [*parts, ", ".join(labels_of(section.fact_codes)), section.source]))
