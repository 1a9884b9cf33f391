"""The page of one cluster: its records with positions and statuses, actions and updates."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from servanda.desk.record.access import SignedIn
from servanda.planning.actions.listing import BY_CODE
from servanda.planning.models import Action, ActionRecommendation
from servanda.progress.models import Update
from servanda.progress.records.columns import BESIDE_PUBLIC, statuses_of
from servanda.recommendations.clusters.comparing import first_texts
from servanda.recommendations.clusters.proposals import draft_of
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.models import Cluster, ClusterMember, Recommendation, Stand, TextVersion

MOST_SHOWN = 200
MOST_ACTIONS = 50
MOST_UPDATES = 20


@dataclass(slots=True)
class MemberRow:
    """One record of the cluster."""

    member: ClusterMember
    record: Recommendation
    text: TextVersion | None
    statuses: list[tuple[str, str]]


def read_cluster(cluster: Cluster, user) -> dict:
    """Everything on the page that this person may see, in a constant number of queries."""
    visible = Recommendation.objects.visible_to(user).annotate(**BESIDE_PUBLIC)
    members = {member.recommendation_id: member for member in cluster.members.current()}
    members_seen = (
        visible.filter(pk__in=members).select_related("body", "review").order_by("body__code", "order_key", "pk")
    )
    records = list(members_seen[:MOST_SHOWN])
    texts = first_texts(records)
    former = cluster.members.exclude(left_at=None).filter(recommendation__in=visible).select_related("recommendation")
    answering = ActionRecommendation.objects.filter(recommendation__in=[record.pk for record in records])
    actions = Action.objects.visible_to(user)
    on_cluster = actions.filter(cluster_answers__cluster=cluster)
    on_records = actions.filter(pk__in=answering.values("action")).exclude(pk__in=on_cluster.values("pk"))
    updates = Update.objects.visible_to(user).filter(cluster_abouts__cluster=cluster)
    return {
        "cluster": cluster,
        "lines": [
            MemberRow(members[record.pk], record, texts.get(record.pk), statuses_of(record)) for record in records
        ],
        "more": max(len(members) - len(records), 0) if len(records) == MOST_SHOWN else 0,
        "counts": counts_of(records),
        "actions": list(on_cluster.order_by(*BY_CODE)[:MOST_ACTIONS]),
        "actions_on_records": list(on_records.order_by(*BY_CODE)[:MOST_ACTIONS]),
        "updates": list(updates.select_related("institution").order_by("-changed_at", "-pk")[:MOST_UPDATES]),
        "draft": draft_of(records, texts),
        "former": list(former.order_by("recommendation__order_key", "pk")[:MOST_SHOWN]),
    }


def counts_of(records: Iterable[Recommendation]) -> dict[str, list[tuple[str, int]]]:
    """Counts by body, cycle, language and position, the most frequent first."""
    records = list(records)
    return {
        "bodies": Counter(str(record.body.name) for record in records).most_common(),
        "cycles": Counter(review_of(record) for record in records if record.review).most_common(),
        "languages": Counter(record.language for record in records if record.language).most_common(),
        "positions": Counter(str(Stand(record.stand).label) for record in records if record.stand).most_common(),
    }


def review_of(record: Recommendation) -> str:
    review = record.review
    return str(review_title(record.body.short, review.cycle, review.year)) if review else ""


def find_cluster(request: SignedIn, key: object) -> Cluster:
    return get_object_or_404(Cluster.objects.visible_to(request.user), key=key)
