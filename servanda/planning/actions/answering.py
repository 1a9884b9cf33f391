"""The records and clusters that an action answers: add and remove them."""

from collections.abc import Sequence

from django.db import transaction

from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.planning.actions.services import answers_difference, link, link_cluster, lock
from servanda.planning.models import Action
from servanda.recommendations.models import Cluster, Recommendation
from servanda.trail.models import Event


@transaction.atomic
def answer_recommendations(*, action: Action, recommendations: Sequence[Recommendation], by: User) -> int:
    """Add records that the action answers, and return how many were added.

    Raises `Refused` if none is new, or if the lead may not read one of them.
    """
    action = lock(action, by=by)
    answered_already = set(action.answers.values_list("recommendation_id", flat=True))
    new = [record for record in recommendations if record.pk not in answered_already]
    if not new:
        raise Refused(_("The action already addresses this record. Enter the reference of another record."))
    link(action, new, by=by)
    Event.record("action-answers-records", action, by=by, difference=answers_difference([], new))
    return len(new)


@transaction.atomic
def stop_answering(*, action: Action, recommendation: Recommendation, by: User) -> None:
    """Remove a record that the action answers. Raises `Refused` if it does not."""
    action = lock(action, by=by)
    deleted, _by_model = action.answers.filter(recommendation=recommendation).delete()
    if not deleted:
        raise Refused(_("The action does not address this record."))
    Event.record("action-answers-no-longer", action, by=by, difference=answers_difference([recommendation], []))


@transaction.atomic
def answer_cluster(*, action: Action, cluster: Cluster, by: User) -> None:
    """Add a cluster that the action answers: its present members, and those that join later.

    Raises `Refused` if this person may not see the cluster, or if the action answers it already.
    """
    action = lock(action, by=by)
    link_cluster(action, cluster, by=by)
    Event.record("action-answers-cluster", action, by=by, difference={"clusters": ["", cluster.name]})


@transaction.atomic
def stop_answering_cluster(*, action: Action, cluster: Cluster, by: User) -> None:
    """Remove a cluster that the action answers; records that it names stay. Raises `Refused` if it does not."""
    action = lock(action, by=by)
    deleted, _by_model = action.cluster_answers.filter(cluster=cluster).delete()
    if not deleted:
        raise Refused(_("The action does not address this cluster."))
    Event.record("action-leaves-cluster", action, by=by, difference={"clusters": [cluster.name, ""]})
