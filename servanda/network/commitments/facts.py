"""Commitments as facts of reports: what was agreed, what each voice says about it, and what is planned.

A section of the report on the Declaration is named after its conclusion and draws on that alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.network.commitments.services import declaration
from servanda.network.models import Commitment
from servanda.people.versioning import changed_since
from servanda.planning.earlier import as_they_were
from servanda.planning.models import ActionRecommendation
from servanda.progress.models import Voice
from servanda.recommendations.models import Recommendation
from servanda.recommendations.pages.detail import heading_of, with_heading
from servanda.reporting.facts.actions import actions
from servanda.reporting.facts.assessments import assessments
from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource

CONCLUSION = "conclusion-"  # begins the key of a section on one conclusion of the Declaration
PRIORITIES, DECISIONS = "priorities", "decisions"  # keys of sections on the action plan, and on what meetings decided


@dataclass(slots=True)
class Followed:
    """The assessments and actions of one record."""

    record: Recommendation
    statuses: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)


def commitments(context: FactContext) -> QuerySet:
    """Those that belong to the section, in the order of their numbers: all, or those in a scope that was chosen; none
    that was agreed after the period of the report."""
    report, rows = context.section.report, Commitment.objects.visible_to(context.user)
    if report.end:
        rows = rows.exclude(recommendation__date__gt=report.end)
    if report.query or report.review_id or report.cluster_id:
        rows = rows.filter(recommendation__in=context.records.order_by().values("pk"))
    if context.as_of:
        rows = rows.filter(recommendation__created_at__lte=context.as_of)
    rows = rows.filter(of_section(context.section.key))
    return rows.select_related("owner", "recommendation").order_by("recommendation__order_key", "pk")


def of_section(key: str) -> Q:
    first, *others = (document["source"] for document in declaration()["documents"])
    if key.startswith(CONCLUSION):
        return Q(source=first, recommendation__paragraph=key.removeprefix(CONCLUSION))
    if key == PRIORITIES:
        return Q(source__in=others)
    return ~Q(source__in=[first, *others]) if key == DECISIONS else Q()


def commitment_facts(rows: Iterable[Commitment], context: FactContext) -> list[Fact]:
    rows = list(rows)
    followed = followed_up(rows, context)
    changed = changed_since(Recommendation, "commitment-edited", context.as_of) if context.as_of else set()
    for row in rows:
        if row.recommendation_id in changed:  # what they were on the day of the facts is not kept
            row.owner, row.due_on = None, None
    return [fact_of(row, followed[row.recommendation_id]) for row in rows]


def followed_up(rows: list[Commitment], context: FactContext) -> dict[int, Followed]:
    """The latest published assessment of each assessor, and the visible actions, by record."""
    keys = [row.recommendation_id for row in rows]
    records = with_heading(Recommendation.every_kind.filter(pk__in=keys))
    found = {record.pk: Followed(record) for record in records}
    about = FactContext(context.user, Recommendation.every_kind.filter(pk__in=keys), context.section, context.as_of)
    latest = list(assessments(about))
    for voice in Voice:
        for row in latest:
            if row.voice == voice:
                status = f"{row.get_voice_display()}: {row.grade.label} ({in_words(row.date)})"
                found[row.recommendation_id].statuses.append(status)
    planned = {action.pk: action for action in as_they_were(list(actions(about)), context.as_of, context.user)}
    links = ActionRecommendation.objects.filter(action__in=planned, recommendation__in=keys).order_by("action__code")
    for action, record in links.values_list("action", "recommendation"):
        title = f"{planned[action].title} ({planned[action].get_status_display()})"
        found[record].actions.append(title)
    return found


def fact_of(row: Commitment, known: Followed) -> Fact:
    heading = heading_of(known.record)
    text = heading.text if heading else row.recommendation.code
    return Fact(
        key=str(row.pk),
        title=f"{row.recommendation.code}: {row.get_wording_display()}",
        text=" ".join([text, *details_of(row, known)]),
        citation=cited(row.get_wording_display(), row.source),
        address=reverse("desk:record", args=[row.recommendation.code]),
        day=row.recommendation.date,
        language=heading.language if heading else "",
    )


def details_of(row: Commitment, known: Followed) -> list[str]:
    """Sentences on the owner, the deadline, the status and the planned actions."""
    none = _("No assessment has been published.")
    owner = [_("Mechanism: %(name)s.") % {"name": row.owner}] if row.owner else []
    day = date_format(row.due_on, "DATE_FORMAT") if row.due_on else ""
    due = [_("Deadline: %(day)s.") % {"day": day}] if day else []
    statuses = [f"{status}." for status in known.statuses] or [none]
    planned = [_("Actions: %(titles)s.") % {"titles": "; ".join(known.actions)}] if known.actions else []
    return [*owner, *due, *statuses, *planned]


SOURCE = FactSource(
    code="commitments",
    label=gettext_lazy("Commitments"),
    rows=commitments,
    facts=commitment_facts,
    covered=None,
    is_drafted=True,
    is_drafted_alone=True,
)
