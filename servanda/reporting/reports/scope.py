"""The records that a report is about."""

from datetime import datetime

from django.db.models import Exists, Q, QuerySet
from django.http import QueryDict

from servanda.people.models import User
from servanda.proceedings.models import CaseMeasure
from servanda.recommendations.filters.audiences import Audience, audience_of
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.models import ClusterMember, FollowUp, Position, Recommendation, Stand, Tagging
from servanda.recommendations.records.as_of import end_of
from servanda.reporting.facts.registry import FactContext
from servanda.reporting.models import Report, ReportSection, ReportTemplate
from servanda.sources.models import Obligation
from servanda.vocab.models import ObligationKind

NOTED, PLEDGES = "noted", "pledges"  # keys of sections of the shipped templates
OF_CASES = {ObligationKind.ACTION_PLAN, ObligationKind.COMPLIANCE}


def end_of_facts(report: Report, *, as_of: datetime | None = None) -> datetime | None:
    """The end of the day of its facts, or `as_of` if that is earlier; None if its facts are those of today."""
    moments = [end_of(report.facts_on) if report.facts_on else None, as_of]
    return min(filter(None, moments), default=None)


def context_of(
    section: ReportSection,
    user: User,
    *,
    as_of: datetime | None,
    is_of_period: bool = False,
    is_of_section: bool = False,
) -> FactContext:
    """With `is_of_period`, the facts are only those of the period of the report; with `is_of_section`, only those on
    the records that the section is about."""
    report = section.report
    start, end = (report.start, report.end) if is_of_period else (None, None)
    records = records_of(report, user, as_of=as_of)
    if is_of_section:
        records = records_in(section, records, as_of)
    return FactContext(user, records, section, as_of, start, end)


def records_in(section: ReportSection, records: QuerySet, as_of: datetime | None) -> QuerySet:
    """Those of its theme or cluster; in chapters of the shipped templates, noted ones or pledges."""
    if section.theme_id:
        labels = Tagging.objects.current().exclude(origin=Tagging.Origin.MACHINE).filter(term=section.theme_id)
        records = records.filter(pk__in=labels.order_by().values("recommendation"))
    if section.cluster_id:
        members = ClusterMember.objects.current().filter(cluster=section.cluster_id)
        records = records.filter(pk__in=members.values("recommendation"))
    if section.key == PLEDGES:
        records = records.filter(kind=Recommendation.Kind.PLEDGE)
    if section.key == NOTED:
        decided = Position.objects.filter(is_draft=False, stand__in=(Stand.NOTED, Stand.PARTLY))
        records = records.filter(pk__in=decided.order_by().values("recommendation"))
    return records


def records_of(report: Report, user: User, *, as_of: datetime | None = None) -> QuerySet:
    """The records in the scope of the report that this person sees: of its review, its cluster and its filter, or the
    measures of its case. Without any of these, what its obligation asks about; on cases, the measures; on the
    Marrakech Declaration, the commitments. `as_of` is the moment at which they were in the cluster.
    """
    audience = audience_of(user)
    records = measures_of(report.case_id, audience) if report.case_id else audience.visible
    if report.query:
        facets = facets_for(user, audience)
        filters = read_filter(QueryDict(report.query.removeprefix("?")), facets)
        records = narrow(audience, filters, facets)
    if report.review_id:
        records = records.filter(review=report.review_id)
    if report.cluster_id:
        members = members_of(report, as_of).filter(cluster=report.cluster_id)
        records = records.filter(pk__in=members.values("recommendation"))
    if not (report.query or report.review_id or report.cluster_id or report.case_id):
        if is_of_cases(report.template):
            measures = audience.with_every_kind().visible.filter(kind=Recommendation.Kind.MEASURE)
            records = measures if report.template.body_id is None else measures.filter(body=report.template.body_id)
        if report.template.is_of_declaration:
            records = audience.with_every_kind().visible.filter(kind=Recommendation.Kind.COMMITMENT)
        if report.obligation:
            records = records.filter(asked_about(report.obligation))
    return records


def asked_about(obligation: Obligation) -> Q:
    """Condition for the records that have their deadline from the obligation; without any, for those of the document
    that asks for a follow-up report, and for all of the body of other obligations."""
    is_on_document = obligation.kind == ObligationKind.FOLLOW_UP and obligation.document_id
    condition = Q(document=obligation.document_id) if is_on_document else Q(body=obligation.body_id)
    if not obligation.has_records:
        return condition
    linked = FollowUp.objects.current().filter(obligation=obligation).order_by()
    return Q(pk__in=linked.values("recommendation")) | Q(~Exists(linked)) & condition


def measures_of(case: int, audience: Audience) -> QuerySet:
    """Those ordered in the case, and in the repetitive cases that it leads, as far as the audience sees them."""
    linked = CaseMeasure.objects.filter(Q(proceeding=case) | Q(proceeding__case__leading_case=case)).order_by()
    measures = audience.with_every_kind().visible.filter(kind=Recommendation.Kind.MEASURE)
    return measures.filter(pk__in=linked.values("recommendation"))


def is_of_cases(template: ReportTemplate) -> bool:
    """Whether it reports on what courts and committees ordered in cases. The deadlines of cases are confidential, so
    such a report is on no obligation: its scope are measures."""
    return not OF_CASES.isdisjoint(template.kind_codes)


def members_of(report: Report, as_of: datetime | None) -> QuerySet[ClusterMember]:
    """Of a cluster that was made after that moment, those of today: it had none then."""
    rows = ClusterMember.objects.all()
    is_older = bool(as_of and report.cluster and report.cluster.created_at <= as_of)
    return rows.at(as_of) if is_older else rows.current()
