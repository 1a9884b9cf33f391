"""What was done about records as far as one reader may count it: assessments, actions, indicators, evidence, updates.

The rules are those of `visible_to` of each model."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.models import Action, ActionRecommendation, Indicator, IndicatorRecommendation
from servanda.progress.models import Assessment, AssessmentQuerySet, Evidence, EvidenceRecommendation, LastUpdate
from servanda.progress.models.evidence import came_out
from servanda.progress.updates.inactivity import heard_since, named
from servanda.progress.updates.last_updates import heard_through
from servanda.recommendations.counting.counts import Audience
from servanda.recommendations.models import ClusterMember
from servanda.recommendations.records.id_sets import Ids


@dataclass(frozen=True, slots=True)
class CountableRows:
    """Rows that say something of records, as far as one audience may count them; each names its record.

    What is said of a cluster stands in rows of its members, as they are now.
    """

    assessments: AssessmentQuerySet
    actions: QuerySet
    actions_through: QuerySet
    indicators: QuerySet
    evidence: QuerySet
    last_updates: QuerySet
    here: Q

    def heard(self, *, since: date | None = None) -> Q:
        """The records of which something was heard, by name or through a cluster."""
        by_name = self.last_updates if since is None else heard_since(self.last_updates, since)
        return named(by_name, heard_through(since=since).filter(self.here))


def said_to(audience: Audience, user: User | None = None, within: Ids | None = None) -> CountableRows:
    """By the rules of `visible_to` of each; on a record that a reader sees from outside, only what is public."""
    here = Q() if within is None else Q(recommendation__in=within)
    evidence = Evidence.objects.kept()
    if user is not None and can(user, Can.READ_EVERYTHING):
        evidence = evidence.filter(is_submitted=True)
    else:
        own = [scope.institutions for scope in scopes(user, Can.READ_INTERNAL)] if user else []
        public = Q(is_public=True) & came_out()
        evidence = evidence.filter(public | Q(institution__in=frozenset().union(*own)))
    return CountableRows(
        assessments=Assessment.objects.latest().filter(here),
        actions=opened(ActionRecommendation.objects.filter(here), "action", Action.objects.kept(), audience),
        actions_through=members_answered(audience).filter(here),
        indicators=opened(
            IndicatorRecommendation.objects.filter(here), "indicator", Indicator.objects.kept(), audience
        ),
        evidence=EvidenceRecommendation.objects.filter(here, evidence__in=evidence.order_by().values("pk")),
        last_updates=LastUpdate.objects.filter(here),
        here=here,
    )


def opened(rows: QuerySet, name: str, things: QuerySet, audience: Audience) -> QuerySet:
    """What is published, and the rest on records whose internal side is open."""
    rows = rows.filter((f"{name}__in", things.order_by().values("pk")))
    if audience.bodies is None:
        return rows
    published = Q((f"{name}__is_published", True))
    return rows.filter(published | Q(recommendation__body__code__in=audience.bodies))


def members_answered(audience: Audience) -> QuerySet:
    """The members of clusters, once for each action on their cluster that this audience may count."""
    to = "cluster__action_answers__action"
    answered = Q((f"{to}__in", Action.objects.kept().order_by().values("pk")))
    if audience.bodies is not None:
        answered &= Q((f"{to}__is_published", True)) | Q(recommendation__body__code__in=audience.bodies)
    return ClusterMember.objects.reached().filter(answered).annotate(answer=F(to))
