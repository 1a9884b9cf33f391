"""The clusters with recommendations of the bodies of a dialogue, and their newest updates."""

from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.people.models import User
from servanda.proceedings.models import Proceeding
from servanda.progress.models import Update
from servanda.recommendations.models import Cluster, ClusterMember, Recommendation

MOST_CLUSTERS = 40
MOST_UPDATES = 3  # of one cluster, the newest ones
LONGEST = 600


@dataclass(slots=True)
class ClusterSummary:
    """A cluster, how many recommendations of the bodies it has, and the newest published updates on them."""

    cluster: Cluster
    number: int
    updates: list[Update] = field(default_factory=list)

    def in_words(self) -> str:
        count = ngettext("%(count)d recommendation of the body", "%(count)d recommendations of the body", self.number)
        lines = [count % {"count": self.number}]
        lines += [line_of(update) for update in self.updates]
        if not self.updates:
            lines.append(_("No published update yet."))
        return "\n".join(lines)


def line_of(update: Update) -> str:
    day = date_format(update.published_at, "DATE_FORMAT") if update.published_at else ""
    text = " ".join(update.text.split())
    return f"– {update.institution}, {day}: {text[:LONGEST]}"


def clusters_of_dialogue(proceeding: Proceeding, user: User) -> list[ClusterSummary]:
    """The clusters with recommendations of the bodies of this dialogue, those with most of them first. What is
    restricted in the register stays out of it."""
    records = Recommendation.objects.visible_to(user).listed().filter(body__in=proceeding.bodies.all())
    members = ClusterMember.objects.reached().filter(recommendation__in=records.order_by().values("pk"))
    by_cluster: dict[int, list[int]] = {}
    for cluster, record in members.order_by("cluster", "recommendation").values_list("cluster", "recommendation"):
        by_cluster.setdefault(cluster, []).append(record)
    clusters = Cluster.objects.visible_to(user).in_bulk(list(by_cluster))
    first = sorted(clusters.values(), key=lambda cluster: (-len(by_cluster[cluster.pk]), cluster.name))
    return [summary_of(cluster, by_cluster[cluster.pk]) for cluster in first[:MOST_CLUSTERS]]


def summary_of(cluster: Cluster, records: list[int]) -> ClusterSummary:
    updates = Update.objects.not_closed().filter(abouts__recommendation__in=records).distinct()
    newest = updates.select_related("institution").order_by("-published_at", "-pk")[:MOST_UPDATES]
    return ClusterSummary(cluster, len(records), list(newest))
