"""The assessments, actions, indicators, evidence and updates that a reader may count, by the rules of
`visible_to`."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import User
from servanda.planning.models import (
    Action,
    ActionInstitution,
    ActionQuerySet,
    ActionRecommendation,
    Indicator,
    IndicatorQuerySet,
    IndicatorRecommendation,
)
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
    actions and indicators are those of then; what was withdrawn since is for those who read everything."""
    return countable_to(audience.bodies, own_scopes(user), within, moment)


type Own = tuple[Scope, ...] | None


def own_scopes(user: User | None) -> Own:
    """For which institutions a person reads evidence before it is public, and actions that are restricted to those
    that take part; None for those who read all."""
    if user is None:
        return ()
    return None if can(user, Can.READ_EVERYTHING) else tuple(scopes(user, Can.READ_INTERNAL))


def countable_to(
    bodies: frozenset[str] | None, own: Own, within: Ids | None = None, moment: datetime | None = None
) -> CountableRows:
    """For those who read these bodies from inside, and what is closed to others within these scopes; None means
    all."""
    condition = Q() if within is None else Q(recommendation__in=within)
    evidence = Evidence.objects.kept()
    if own is None:
        evidence = evidence.filter(is_submitted=True)
    else:
        public = Q(is_public=True) & came_out()
        institutions = frozenset[int]().union(*(scope.institutions for scope in own))
        evidence = evidence.filter(public | Q(institution__in=institutions))
    answers, abouts = (rows.objects.filter(condition) for rows in (ActionRecommendation, IndicatorRecommendation))
    actions, indicators = (kept_for(own, rows, moment) for rows in (Action.objects.all(), Indicator.objects.all()))
    about_indicators = Q(indicator__in=indicators.values("pk")) & opened("indicator", bodies)
    return CountableRows(
        assessments=Assessment.objects.latest().filter(condition),
        actions=answers.filter(about("action", actions, own) & opened("action", bodies)),
        actions_through=members_answered(actions, own, bodies).filter(condition),
        indicators=abouts.filter(about_indicators),
        evidence=EvidenceRecommendation.objects.filter(condition, evidence__in=evidence.order_by().values("pk")),
        last_updates=LastUpdate.objects.filter(condition),
        within=condition,
    )


def kept_for(own: Own, rows: ActionQuerySet | IndicatorQuerySet, moment: datetime | None) -> QuerySet:
    """Those of the moment; the ones that were withdrawn since only for those who read everything."""
    rows = rows.kept_at(moment)
    return (rows if own is None else rows.kept()).order_by()


def about(name: str, actions: QuerySet, own: Own) -> Q:
    """The condition for rows about one of these actions; about a restricted one, for those who take part in it."""
    if own is None:
        return Q((f"{name}__in", actions.values("pk")))
    condition = Q((f"{name}__in", actions.filter(is_restricted=False).values("pk")))
    for scope in own:
        parts = ActionInstitution.objects.filter(institution__in=scope.institutions).values("action")
        theirs = Q((f"{name}__in", actions.filter(is_restricted=True, pk__in=parts).values("pk")))
        condition |= theirs & Q(recommendation__body__code__in=scope.bodies) if scope.bodies else theirs
    return condition


def opened(name: str, bodies: frozenset[str] | None) -> Q:
    """The condition for what is published, and for the rest on records whose internal side is open."""
    if bodies is None:
        return Q()
    return Q((f"{name}__is_published", True)) | Q(recommendation__body__code__in=bodies)


def members_answered(actions: QuerySet, own: Own, bodies: frozenset[str] | None) -> QuerySet:
    """The members of clusters, once for each action on their cluster that this audience may count."""
    to = "cluster__action_answers__action"
    answered = about(to, actions, own) & opened(to, bodies)
    return ClusterMember.objects.reached().filter(answered).annotate(answer=F(to))
