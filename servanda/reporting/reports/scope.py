"""The records that a report is about."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict

from servanda.people.models import User
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.models import ClusterMember
from servanda.recommendations.records.as_of import end_of
from servanda.reporting.facts.registry import FactContext
from servanda.reporting.models import Report, ReportSection


def end_of_facts(report: Report) -> datetime | None:
    """The end of the day of its facts; None if its facts are those of today."""
    return end_of(report.facts_on) if report.facts_on else None


def context_of(
    section: ReportSection, user: User, *, as_of: datetime | None, is_of_period: bool = False
) -> FactContext:
    """With `is_of_period`, the facts are only those of the period of the report."""
    report = section.report
    start, end = (report.start, report.end) if is_of_period else (None, None)
    return FactContext(user, records_of(report, user, as_of=as_of), section, as_of, start, end)


def records_of(report: Report, user: User, *, as_of: datetime | None = None) -> QuerySet:
    """The records in the scope of the report that this person sees: of its review, its cluster and its filter.
    Without any of these, all of the body of its obligation. `as_of` is the moment at which they were in the cluster.
    """
    audience = audience_of(user)
    records = audience.visible
    if report.query:
        facets = facets_for(user, audience)
        filters = read_filter(QueryDict(report.query.removeprefix("?")), facets)
        records = narrow(audience, filters, facets)
    if report.review_id:
        records = records.filter(review=report.review_id)
    if report.cluster_id:
        members = members_of(report, as_of).filter(cluster=report.cluster_id)
        records = records.filter(pk__in=members.values("recommendation"))
    if report.obligation and not (report.query or report.review_id or report.cluster_id):
        records = records.filter(body=report.obligation.body_id)
    return records


def members_of(report: Report, as_of: datetime | None) -> QuerySet[ClusterMember]:
    """Of a cluster that was made after that moment, those of today: it had none then."""
    rows = ClusterMember.objects.all()
    is_older = bool(as_of and report.cluster and report.cluster.created_at <= as_of)
    return rows.at(as_of) if is_older else rows.current()
