"""What institutions reported, as far as one reader may see it: on a record, and in the queues."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast

from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.progress.models import Evidence, EvidenceRecommendation, Update, UpdateCluster, UpdateRecommendation
from servanda.progress.models.updates import permitted_to
from servanda.progress.updates.separation import open_to_publish, open_to_validate
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Question

MINE, TO_VALIDATE, TO_PUBLISH = "write", "validate", "publish"
SHOWN = 20
State = Update.State


def waiting_sets(user: User) -> dict[str, Q]:
    """The updates that wait for this person, by the step that they may take."""
    sets = {}
    if scopes(user, Can.WRITE_UPDATE):
        sets[MINE] = permitted_to(user, Can.WRITE_UPDATE) & Q(state__in=Update.EDITABLE)
    if scopes(user, Can.VALIDATE_UPDATE):
        sets[TO_VALIDATE] = (
            permitted_to(user, Can.VALIDATE_UPDATE) & Q(state=State.SUBMITTED) & open_to_validate(user)
        )
    if can(user, Can.PUBLISH_UPDATE):
        sets[TO_PUBLISH] = Q(state=State.VALIDATED) & open_to_publish(user)
    return sets


def with_facts(updates: QuerySet[Update], user: User) -> QuerySet[Update]:
    """Prefetch the institution, and those records and pieces of evidence that this reader may see. Three queries."""
    visible = Recommendation.every_kind.visible_to(user).order_by().values("pk")
    links = UpdateRecommendation.objects.filter(recommendation__in=visible).select_related("recommendation")
    named = Exists(EvidenceRecommendation.objects.filter(evidence=OuterRef("pk")))
    evidence = Evidence.objects.visible_to(user).annotate(names_a_record=named).order_by("pk")
    related = ("institution", "question__document__body", "question__body", "question__asked_by")
    return updates.select_related(*related).prefetch_related(
        Prefetch("abouts", links.order_by("recommendation__order_key", "pk"), to_attr="links_shown"),
        Prefetch("evidence", evidence, to_attr="evidence_shown"),
    )


@dataclass(slots=True)
class Reported:
    """The updates and the evidence on the page of one record."""

    own: list[Update]  # not yet published, for those who write or approve them
    published: list[Update]
    is_cut: bool
    may_write: bool
    alone: list[Evidence]  # added to the record by the coordinator, without an update


def reported_on(recommendation: Recommendation, user: User) -> Reported:
    """Two queries: one for the updates, one for the evidence."""
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
    """What everyone sees of a record. It must be a public one: that is not checked again for each update."""
    about = newest_changes(on_record(Update.objects.not_closed(), recommendation))
    rows = list(about[: SHOWN + 1])
    alone = give_evidence(rows[:SHOWN], recommendation, Evidence.objects.public())
    return Reported([], newest_first(rows[:SHOWN]), is_cut=len(rows) > SHOWN, may_write=False, alone=alone)


def answers_to(questions: Sequence[Question], user: User) -> dict[int, list[Update]]:
    """By question the answers that this reader may see, by institution, the latest first."""
    answers = Update.objects.visible_to(user).filter(question__in=questions).select_related("institution")
    found: defaultdict[int, list[Update]] = defaultdict(list)
    for answer in answers.order_by("institution__code", "-changed_at", "-pk"):
        found[answer.question_id].append(answer)
    return found


def on_record(updates: QuerySet[Update], recommendation: Recommendation | QuerySet) -> QuerySet[Update]:
    """Updates that name the record, and those on its cluster, which have `is_through` set."""
    direct = UpdateRecommendation.objects.filter(recommendation=recommendation)  # type: ignore[misc]  # -- one or several
    clustered = UpdateCluster.objects.on(recommendation)
    # One UNION: with two conditions, the database scans all updates in their order.
    about = updates.filter(pk__in=direct.order_by().values("update").union(clustered.order_by().values("update")))
    return about.annotate(is_through=~Exists(direct.filter(update=OuterRef("pk"))))


def newest_changes(updates: QuerySet[Update]) -> QuerySet[Update]:
    return updates.select_related("institution").order_by("-changed_at", "-pk")


def give_evidence(
    updates: Sequence[Update], recommendation: Recommendation, evidence: QuerySet[Evidence]
) -> list[Evidence]:
    """Set `evidence_shown` on each update with one query, and return the evidence that came without an update."""
    links = Update.evidence.through.objects.filter(update__in=[update.pk for update in updates])
    all_links = [Update.evidence.through.objects, Evidence.contributions.through.objects]
    by_itself = EvidenceRecommendation.objects.filter(recommendation=recommendation)
    for other_links in all_links:
        by_itself = by_itself.filter(~Exists(other_links.filter(evidence=OuterRef("evidence"))))
    # The keys come first, without a join; otherwise the database checks every piece of evidence there is.
    candidates = evidence.filter(pk__in=links.values("evidence").union(by_itself.values("evidence")))
    alone: list[Evidence] = []
    by_update: dict[str, list[Evidence]] = {str(update.pk): [] for update in updates}
    for piece in candidates.annotate(of_updates=joined_ids(links)).order_by("pk"):
        for pk in (vars(piece)["of_updates"] or "").split(","):
            by_update.get(pk, alone).append(piece)
    for update in updates:
        vars(update)["evidence_shown"] = by_update[str(update.pk)]
    return alone


def joined_ids(links: QuerySet) -> Subquery:
    """The keys of the updates with which a piece of evidence came, separated by commas."""
    same_evidence = links.filter(evidence=OuterRef("pk")).order_by().values("evidence")
    ids = StringAgg(Cast("update_id", TextField()), delimiter=Value(","))
    return Subquery(same_evidence.annotate(line=ids).values("line"))


def newest_first(updates: Iterable[Update]) -> list[Update]:
    return sorted(updates, key=lambda update: (update.published_at, update.pk), reverse=True)


def previous_of(update: Update, user: User) -> Update | None:
    """The latest earlier update of the same institution on any of the same records, or on the same question; drafts
    excluded."""
    earlier = Update.objects.visible_to(user).filter(
        institution=update.institution_id, created_at__lt=update.created_at
    )
    earlier = earlier.exclude(state=State.DRAFT)
    links = UpdateRecommendation.objects.filter(
        recommendation__in=update.abouts.values("recommendation"), update__in=earlier
    )
    candidates = Update.objects.filter(pk__in=links.values("update"))
    if update.question_id is not None:
        candidates = earlier.filter(question=update.question_id)
    candidates = candidates.select_related("institution")
    return candidates.order_by("-created_at", "-pk").first()


def next_waiting(user: User, *, after: Update | None = None) -> Update | None:
    """The update that has waited longest for this person to approve or publish, other than `after`."""
    sets = waiting_sets(user)
    waiting = Q(pk__in=[])
    for key in (TO_VALIDATE, TO_PUBLISH):
        waiting |= sets.get(key, Q(pk__in=[]))
    rows = Update.objects.visible_to(user).filter(waiting).order_by("changed_at", "pk")
    if after is not None:
        rows = rows.exclude(pk=after.pk)
    return rows.first()
