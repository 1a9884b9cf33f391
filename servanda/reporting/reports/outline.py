"""The sections of a report that was started: add one, rename it, remove an empty one, divide one by the labels of a
taxonomy or by clusters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.proceedings.clearance import services as clearing
from servanda.recommendations.models import Cluster, ClusterMember, Tagging
from servanda.reporting.models import Report, ReportSection, SectionTranslation
from servanda.reporting.models.templates import DEEPEST
from servanda.reporting.reports.order import end_of
from servanda.reporting.reports.outline_history import record_outline
from servanda.reporting.reports.scope import records_of
from servanda.reporting.reports.services import lock_report, save
from servanda.sources.printed.texts import typed_label
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term

MOST_SECTIONS = 120
MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A label or a cluster by which a section can be divided, and how many records of the report have it."""

    subject: Term | Cluster
    count: int

    def __str__(self) -> str:
        return f"{self.subject} ({self.count})"


def taxonomies_of(report: Report, user: User) -> list[Taxonomy]:
    """Those of which records in the scope have a label, in the order of the vocabulary: themes come first."""
    return list(Taxonomy.objects.filter(pk__in=labels_in(report, user).values("term__taxonomy")))


def labels_in(report: Report, user: User) -> QuerySet[Tagging]:
    """The labels of records in the scope by which lists can be filtered; no suggestions."""
    inside = records_of(report, user).order_by().values("pk")
    rows = Tagging.objects.current().exclude(origin=Tagging.Origin.MACHINE).filter(recommendation__in=inside)
    return rows.filter(term__taxonomy__is_facet=True, term__is_artefact=False).order_by()


def labels_of(report: Report, taxonomy: Taxonomy, user: User) -> list[Part]:
    """The labels of this taxonomy that records in the scope have, the most frequent first."""
    rows = labels_in(report, user).filter(term__taxonomy=taxonomy)
    counted = rows.order_by().values("term").annotate(count=Count("recommendation", distinct=True))
    counts = {row["term"]: row["count"] for row in counted.order_by("-count", "term")[:MOST_PARTS]}
    return parts_of(Term.objects.filter(pk__in=counts), counts)


def clusters_of(report: Report, user: User) -> list[Part]:
    inside = records_of(report, user).order_by().values("pk")
    rows = ClusterMember.objects.current().filter(recommendation__in=inside)
    rows = rows.filter(cluster__in=Cluster.objects.visible_to(user).order_by().values("pk"))
    counted = rows.order_by().values("cluster").annotate(count=Count("recommendation", distinct=True))
    counts = {row["cluster"]: row["count"] for row in counted.order_by("-count", "cluster")[:MOST_PARTS]}
    return parts_of(Cluster.objects.filter(pk__in=counts), counts)


def parts_of(rows: QuerySet, counts: dict[int, int]) -> list[Part]:
    parts = [Part(row, counts[row.pk]) for row in rows]
    return sorted(parts, key=lambda part: (-part.count, str(part.subject)))


@transaction.atomic
def add_report_section(*, report: Report, heading: str, after: ReportSection | None, by: User) -> ReportSection:
    """A section behind another one and all below it, on its level and with its kinds of facts; first without one.

    Raises `FieldRefused` without a heading.
    """
    locked = lock_report(report, by=by)
    made = new_section(locked, required_heading(heading), like=after)
    sections = list(locked.sections.all())
    place = 0
    if after is not None:
        place = end_of(sections, next(place for place, row in enumerate(sections) if row.pk == after.pk))
    put_in(locked, sections, place, [made])
    Event.record("report-section-added", made, by=by)
    return made


@transaction.atomic
def rename_report_section(*, section: ReportSection, heading: str, by: User) -> None:
    """Raises `FieldRefused` without a heading."""
    report = lock_report(section.report, by=by)
    locked = ReportSection.objects.select_for_update().get(pk=section.pk, report=report)
    before, locked.heading = locked.heading, required_heading(heading)
    if before == locked.heading:
        return
    locked.version += 1
    locked.save(update_fields=["heading", "version"])
    record_outline(report)
    clearing.reopen(report.clearance)
    save(report)
    Event.record("report-section-renamed", locked, by=by, difference={"heading": [before, locked.heading]})


@transaction.atomic
def remove_report_section(*, section: ReportSection, by: User) -> None:
    """Raises `Refused` for a section that was written, commented on or consulted on, or that has sections below."""
    report = lock_report(section.report, by=by)
    sections = list(report.sections.select_for_update())
    locked = next((row for row in sections if row.pk == section.pk), None)
    if locked is None:
        raise Refused(_("Another user has just done this."))
    if end_of(sections, sections.index(locked)) > sections.index(locked) + 1:
        raise Refused(_("There are sections below this one. Remove them first."))
    if is_in_use(locked) or len(sections) == 1:
        raise Refused(_("Only a section without text, earlier versions, questions and comments can be removed."))
    Event.record("report-section-removed", report, by=by, difference={"heading": [locked.heading, ""]})
    locked.delete()
    record_outline(report)
    clearing.reopen(report.clearance)
    save(report)


def is_in_use(section: ReportSection) -> bool:
    used = (section.versions, section.questions, section.notes, section.consulted, section.returned_notes)
    return bool(section.text) or any(rows.exists() for rows in used)


@transaction.atomic
def divide_report_section(*, section: ReportSection, subjects: Sequence[Term | Cluster], by: User) -> int:
    """Add a section below for each of these labels or clusters, about the records that have it, with its part of the
    words. Labels and clusters that have a section already are left out. Returns how many were added.

    Raises `Refused` without any, below the deepest level, or for more sections than a report has.
    """
    report = lock_report(section.report, by=by)
    if section.depth >= DEEPEST:
        raise Refused(_("There is no level of headings below this section."))
    themes = set(report.sections.values_list("theme", flat=True))
    clusters = set(report.sections.values_list("cluster", flat=True))
    wanted = [row for row in subjects if row.pk not in (themes if isinstance(row, Term) else clusters)]
    if not wanted:
        raise Refused(_("Select at least one that has no section yet."))
    sections = list(report.sections.all())
    if len(sections) + len(wanted) > MOST_SECTIONS:
        raise Refused(_("A report has at most %(most)d sections.") % {"most": MOST_SECTIONS})
    with translation.override(report.language):
        made = [part_section(report, section, subject) for subject in wanted]
    place = next(place for place, row in enumerate(sections) if row.pk == section.pk)
    divide_share(sections[place], made)
    put_in(report, sections, end_of(sections, place), made)
    named = ", ".join(row.heading for row in made)
    Event.record("report-section-divided", section, by=by, difference={"sections": ["", named[:2000]]})
    return len(made)


def divide_share(section: ReportSection, made: Sequence[ReportSection]) -> None:
    """Each part has an equal part of the share of the words; the section keeps one if it has a text of its own."""
    if not section.share:
        return
    rows = [section, *made] if section.text.strip() else made
    each, rest = divmod(section.share, len(rows))
    section.share = None
    for place, row in enumerate(rows):
        row.share = each + (place < rest) or None
    section.save(update_fields=["share"])


def part_section(report: Report, section: ReportSection, subject: Term | Cluster) -> ReportSection:
    made = new_section(report, typed_label(str(subject))[:300], like=section)
    made.depth = section.depth + 1
    if isinstance(subject, Term):
        made.theme = subject
    else:
        made.cluster = subject
    return made


def new_section(report: Report, heading: str, *, like: ReportSection | None) -> ReportSection:
    made = ReportSection(report=report, heading=heading, content="text")
    if like is not None and like.content != "matrix":
        made.depth, made.facts, made.is_counted = like.depth, like.facts, like.is_counted
    return made


def put_in(report: Report, sections: list[ReportSection], place: int, made: Iterable[ReportSection]) -> None:
    """Save the new sections at this place, each with a key of its own unless it has that of a template, and with rows
    for each language of the report."""
    keys, number = {row.key for row in sections}, len(sections) + 1
    rows = list(made)
    for row in rows:
        while f"section-{number}" in keys:
            number += 1
        row.key = row.key or f"section-{number}"
        keys.add(row.key)
    sections[place:place] = rows
    for position, row in enumerate(sections, 1):
        row.place = position
    ReportSection.objects.bulk_create(rows)
    ReportSection.objects.bulk_update([row for row in sections if row not in rows], ["place"])
    for into in report.translations.all():
        SectionTranslation.objects.bulk_create(SectionTranslation(into=into, section=row) for row in rows)
    record_outline(report)
    clearing.reopen(report.clearance)
    save(report)


def required_heading(heading: str) -> str:
    if not (text := typed_label(heading)[:300]):
        raise FieldRefused("heading", _("Enter a heading."))
    return text
