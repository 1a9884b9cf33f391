"""What institutions reported, as one reader finds it: beside a record, and what waits for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast

from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.progress.models import Evidence, EvidenceRecommendation, Update, UpdateCluster, UpdateRecommendation
from servanda.progress.models.updates import held
from servanda.progress.updates.separation import open_to_publish, open_to_validate
from servanda.recommendations.models import Recommendation

MINE, TO_VALIDATE, TO_PUBLISH = "write", "validate", "publish"
SHOWN = 20
State = Update.State


def waiting_sets(user: User) -> dict[str, Q]:
    """What waits for this person to go on, by what they would do with it; only what they may do at all."""
    sets = {}
    if scopes(user, Can.WRITE_UPDATE):
        sets[MINE] = held(user, Can.WRITE_UPDATE) & Q(state__in=Update.EDITABLE)
    if scopes(user, Can.VALIDATE_UPDATE):
        sets[TO_VALIDATE] = held(user, Can.VALIDATE_UPDATE) & Q(state=State.SUBMITTED) & open_to_validate(user)
    if can(user, Can.PUBLISH_UPDATE):
        sets[TO_PUBLISH] = Q(state=State.VALIDATED) & open_to_publish(user)
    return sets


def with_facts(updates: QuerySet[Update], user: User) -> QuerySet[Update]:
    """With its institution and those of its records and its evidence that this reader may see; three questions."""
    seen = Recommendation.objects.visible_to(user).order_by().values("pk")
    links = UpdateRecommendation.objects.filter(recommendation__in=seen).select_related("recommendation")
    named = Exists(EvidenceRecommendation.objects.filter(evidence=OuterRef("pk")))
    evidence = Evidence.objects.visible_to(user).annotate(names_a_record=named).order_by("pk")
    return updates.select_related("institution").prefetch_related(
        Prefetch("abouts", links.order_by("recommendation__order_key", "pk"), to_attr="links_shown"),
        Prefetch("evidence", evidence, to_attr="evidence_shown"),
    )


@dataclass(slots=True)
class Reported:
    """What stands on the page of one record."""

    own: list[Update]  # drafts and what is on its way, for those who write or approve it
    published: list[Update]
    is_cut: bool
    may_write: bool
    alone: list[Evidence]  # that the coordinator brought beside any update


def reported_on(recommendation: Recommendation, user: User) -> Reported:
    """In two questions: the updates, and the evidence."""
    about = newest_changes(on_record(Update.objects.visible_to(user), recommendation))
    if can(user, Can.READ_EVERYTHING):
        by_cluster = UpdateCluster.objects.on(recommendation).filter(update=OuterRef("pk"))
        about = about.annotate(cluster_name=Subquery(by_cluster.values("cluster__name")[:1]))
    rows = list(about[: SHOWN + 1])
    alone = give_evidence(rows[:SHOWN], recommendation, Evidence.objects.visible_to(user))
    return Reported(
        own=[row for row in rows[:SHOWN] if row.state != State.PUBLISHED],
        published=newest_first(row for row in rows[:SHOWN] if row.state == State.PUBLISHED),
        is_cut=len(rows) > SHOWN,
        may_write=bool(can(user, Can.WRITE_UPDATE)),
        alone=alone,
    )


def published_on(recommendation: Recommendation) -> Reported:
    """What everybody reads beside a record; it has to be a public one, which is not asked again for each update."""
    about = newest_changes(on_record(Update.objects.not_closed(), recommendation))
    rows = list(about[: SHOWN + 1])
    alone = give_evidence(rows[:SHOWN], recommendation, Evidence.objects.public())
    return Reported([], newest_first(rows[:SHOWN]), is_cut=len(rows) > SHOWN, may_write=False, alone=alone)


def on_record(updates: QuerySet[Update], recommendation: Recommendation | QuerySet) -> QuerySet[Update]:
    """Those that name it, and those that reach it through its cluster, which have `is_through`."""
    direct = UpdateRecommendation.objects.filter(recommendation=recommendation)  # type: ignore[misc]  # -- one or several
    clustered = UpdateCluster.objects.on(recommendation)
    # As one set: asked for two, the database walks through all updates in their order.
    found = updates.filter(pk__in=direct.order_by().values("update").union(clustered.order_by().values("update")))
    return found.annotate(is_through=~Exists(direct.filter(update=OuterRef("pk"))))


def newest_changes(updates: QuerySet[Update]) -> QuerySet[Update]:
    return updates.select_related("institution").order_by("-changed_at", "-pk")


def give_evidence(
    updates: Sequence[Update], recommendation: Recommendation, evidence: QuerySet[Evidence]
) -> list[Evidence]:
    """Each update gets its own, in one question for all; what came with none is given back."""
    with_them = Update.evidence.through.objects.filter(update__in=[one.pk for one in updates])
    came_with = [Update.evidence.through.objects, Evidence.contributions.through.objects]
    by_itself = EvidenceRecommendation.objects.filter(recommendation=recommendation)
    for others in came_with:
        by_itself = by_itself.filter(~Exists(others.filter(evidence=OuterRef("evidence"))))
    # Named first, and joined to nothing: else it is asked of all evidence there is whether it belongs here.
    near = evidence.filter(pk__in=with_them.values("evidence").union(by_itself.values("evidence")))
    alone: list[Evidence] = []
    shown: dict[str, list[Evidence]] = {str(one.pk): [] for one in updates}
    for one in near.annotate(of_updates=in_a_line(with_them)).order_by("pk"):
        for pk in (vars(one)["of_updates"] or "").split(","):
            shown.get(pk, alone).append(one)
    for update in updates:
        vars(update)["evidence_shown"] = shown[str(update.pk)]
    return alone


def in_a_line(links: QuerySet) -> Subquery:
    """The numbers of the updates with which one piece of evidence came."""
    of_one = links.filter(evidence=OuterRef("pk")).order_by().values("evidence")
    line = StringAgg(Cast("update_id", TextField()), delimiter=Value(","))
    return Subquery(of_one.annotate(line=line).values("line"))


def newest_first(updates: Iterable[Update]) -> list[Update]:
    return sorted(updates, key=lambda one: (one.published_at, one.pk), reverse=True)


def previous_of(update: Update, user: User) -> Update | None:
    """What the same institution last handed in on any of the same records."""
    earlier = Update.objects.visible_to(user).filter(
        institution=update.institution_id, created_at__lt=update.created_at
    )
    same = UpdateRecommendation.objects.filter(
        recommendation__in=update.abouts.values("recommendation"), update__in=earlier.exclude(state=State.DRAFT)
    )
    found = Update.objects.filter(pk__in=same.values("update")).select_related("institution")
    return found.order_by("-created_at", "-pk").first()


def next_waiting(user: User, *, after: Update | None = None) -> Update | None:
    """What waits longest for this person to approve or publish it, after the one they are looking at."""
    sets = waiting_sets(user)
    wanted = Q(pk__in=[])
    for key in (TO_VALIDATE, TO_PUBLISH):
        wanted |= sets.get(key, Q(pk__in=[]))
    rows = Update.objects.visible_to(user).filter(wanted).order_by("changed_at", "pk")
    if after is not None:
        rows = rows.exclude(pk=after.pk)
    return rows.first()
