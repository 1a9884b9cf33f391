"""Which records an update covers, by name or through a cluster, and which items of a round that answers."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.progress.models import InputItem, InputRequest, Update, UpdateCluster, UpdateRecommendation
from servanda.recommendations.models import Cluster, ClusterMember, Recommendation
from servanda.sources.models import Question


def linked_to(update: Update) -> list[int]:
    return list(update.abouts.values_list("recommendation", flat=True))


def records_of(update: Update) -> list[Recommendation]:
    return list(Recommendation.objects.filter(pk__in=linked_to(update)).select_related("body"))


def covered_records(update: Update) -> list[Recommendation]:
    """The records that it names, and the present members of its clusters."""
    clusters = update.cluster_abouts.values("cluster")
    reached = ClusterMember.objects.reached().filter(cluster__in=clusters).values_list("recommendation", flat=True)
    return list(Recommendation.objects.filter(pk__in={*linked_to(update), *reached}))


def link_cluster(update: Update, cluster: Cluster, *, by: User) -> None:
    """Add a cluster to an update.

    Raises `Refused` if this person may not see the cluster, if the update names a restricted record (which shares its
    text with nothing else), or if the cluster is linked already.
    """
    refuse_answer(update)
    if not Cluster.objects.visible_to(by).filter(pk=cluster.pk).exists():
        raise Refused(_("This cluster no longer exists. Choose another one, or enter the references of its records."))
    if any(record.confidentiality == Recommendation.Confidentiality.RESTRICTED for record in records_of(update)):
        raise Refused(_("This update concerns a restricted record. Write a separate update for the cluster."))
    if update.cluster_abouts.filter(cluster=cluster).exists():
        raise Refused(_("This update is already shown on this cluster. Choose another cluster."))
    UpdateCluster.objects.create(update=update, cluster=cluster, added_by=by)


def refuse_answer(update: Update) -> None:
    """Raises `Refused` for an answer to a question, which only those see whom the question names."""
    if update.question_id is not None:
        raise Refused(_("This is the answer to a question. Write a separate update on records."))


def settle_items(update: Update, records: Sequence[Recommendation] | None = None) -> None:
    """Mark the items of the round as answered or open: an item is answered as long as a submitted update covers it.

    Pass `records` when the update has just stopped covering them; otherwise those that it covers now are checked.
    """
    if update.request_id is None:
        return
    handed_in = Update.objects.kept().filter(request=update.request_id).exclude(state__in=Update.EDITABLE)
    if update.question_id is not None:
        item = InputItem.objects.filter(request=update.request_id, question=update.question_id)
        if handed_in.filter(question=update.question_id).exists():
            item.filter(answered_at=None).update(answered_at=timezone.now())
        else:
            item.update(answered_at=None)
        return
    by_name = UpdateRecommendation.objects.filter(update__in=handed_in).values("recommendation")
    clusters = UpdateCluster.objects.filter(update__in=handed_in).values("cluster")
    through = ClusterMember.objects.reached().filter(cluster__in=clusters).values("recommendation")
    answered = Q(recommendation__in=by_name) | Q(recommendation__in=through)
    items = InputItem.objects.filter(request=update.request_id, recommendation__in=records or covered_records(update))
    items.filter(answered, answered_at=None).update(answered_at=timezone.now())
    items.exclude(answered).update(answered_at=None)


def open_request(
    institution: Institution, records: Sequence[Recommendation], question: Question | None = None
) -> InputRequest | None:
    """The open request that an update on these records, or on the question, answers, even if it was not started from
    that request."""
    about = Q(recommendation__in=records) if question is None else Q(question=question)
    items = InputItem.objects.filter(about, request__institution=institution, answered_at=None)
    requests = InputRequest.objects.open().filter(institution=institution, items__in=items)
    return requests.order_by("due_on", "pk").first()
