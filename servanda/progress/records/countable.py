"""The assessments, actions, indicators, evidence and updates that a reader may count, by the rules of
`visible_to`."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.models import Action, ActionRecommendation, Indicator, IndicatorRecommendation
from servanda.progress.models import Assessment, AssessmentQuerySet, Evidence, EvidenceRecommendation, LastUpdate
from servanda.progress.models.evidence import came_out
from servanda.progress.updates.inactivity import heard_since, named
from servanda.progress.updates.last_updates import heard_through
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.models import ClusterMember
from servanda.recommendations.records.id_sets import Ids


@dataclass(frozen=True, slots=True)
class CountableRows:
    """Rows with a `recommendation` each, as far as one audience may count them.

    What concerns a cluster appears as a row for each of its present members.
    """

    assessments: AssessmentQuerySet
    actions: QuerySet
    actions_through: QuerySet
    indicators: QuerySet
    evidence: QuerySet
    last_updates: QuerySet
    within: Q

    def with_update(self, *, since: date | None = None) -> Q:
        """The records with a published update, by name or through a cluster."""
        by_name = self.last_updates if since is None else heard_since(self.last_updates, since)
        return named(by_name, heard_through(since=since).filter(self.within))


def countable_rows(
    audience: Audience, user: User | None = None, within: Ids | None = None, moment: datetime | None = None
) -> CountableRows:
    """What this audience may count; on records of which it sees the public side only, what is public. With a moment,
    actions and indicators are those of then."""
    return countable_to(audience.bodies, evidence_read_by(user), within, moment)


def evidence_read_by(user: User | None) -> frozenset[int] | None:
    """The institutions whose evidence a person may read before it is public; None for those who read all."""
    if user is None:
        return frozenset()
    if can(user, Can.READ_EVERYTHING):
        return None
    return frozenset().union(*(scope.institutions for scope in scopes(user, Can.READ_INTERNAL)))


def countable_to(
    bodies: frozenset[str] | None,
    institutions: frozenset[int] | None,
    within: Ids | None = None,
    moment: datetime | None = None,
) -> CountableRows:
    """For those who read these bodies from inside, and unpublished evidence of these institutions; None means all."""
    condition = Q() if within is None else Q(recommendation__in=within)
    evidence = Evidence.objects.kept()
    if institutions is None:
        evidence = evidence.filter(is_submitted=True)
    else:
        public = Q(is_public=True) & came_out()
        evidence = evidence.filter(public | Q(institution__in=institutions))
    answers, abouts = (rows.objects.filter(condition) for rows in (ActionRecommendation, IndicatorRecommendation))
    return CountableRows(
        assessments=Assessment.objects.latest().filter(condition),
        actions=opened(answers, "action", Action.objects.kept_at(moment), bodies),
        actions_through=members_answered(bodies, moment).filter(condition),
        indicators=opened(abouts, "indicator", Indicator.objects.kept_at(moment), bodies),
        evidence=EvidenceRecommendation.objects.filter(condition, evidence__in=evidence.order_by().values("pk")),
        last_updates=LastUpdate.objects.filter(condition),
        within=condition,
    )


def opened(rows: QuerySet, name: str, things: QuerySet, bodies: frozenset[str] | None) -> QuerySet:
    """What is published, and the rest on records whose internal side is open."""
    rows = rows.filter((f"{name}__in", things.order_by().values("pk")))
    if bodies is None:
        return rows
    published = Q((f"{name}__is_published", True))
    return rows.filter(published | Q(recommendation__body__code__in=bodies))


def members_answered(bodies: frozenset[str] | None, moment: datetime | None = None) -> QuerySet:
    """The members of clusters, once for each action on their cluster that this audience may count."""
    to = "cluster__action_answers__action"
    answered = Q((f"{to}__in", Action.objects.kept_at(moment).order_by().values("pk")))
    if bodies is not None:
        answered &= Q((f"{to}__is_published", True)) | Q(recommendation__body__code__in=bodies)
    return ClusterMember.objects.reached().filter(answered).annotate(answer=F(to))
