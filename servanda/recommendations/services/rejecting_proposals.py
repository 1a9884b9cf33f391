"""Proposed clusters of which a person says that they are none: remembered, and taken back."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.models import Recommendation, RejectedProposal
from servanda.recommendations.services.clustering import LONGEST_NAME, codes_of
from servanda.recommendations.services.keeping import hold_all
from servanda.sources.readers.clean import clean_label
from servanda.trail.models import Event


@transaction.atomic
def reject_cluster_proposal(*, records: Sequence[Recommendation], name: str, by: User) -> RejectedProposal:
    """Say that records do not belong together as a whole; each two of them may still be alike."""
    pks = {record.pk for record in records}
    if len(pks) < 2:
        raise Refused(_("Choose at least two records."))
    hold_all(pks)
    if has_rejected(pks):
        raise Refused(_("Somebody has already said so."))
    rejected = RejectedProposal.objects.create(name=clean_label(name)[:LONGEST_NAME], rejected_by=by)
    rejected.records.set(pks)
    Event.record("cluster-rejected", rejected, by=by, difference={"members": [codes_of(records), ""]})
    return rejected


def has_rejected(pks: set[int]) -> bool:
    """Whether it stands that exactly these records are no cluster."""
    holding = RejectedProposal.objects.standing().filter(records=min(pks))
    return any(set(one.records.values_list("pk", flat=True)) == pks for one in holding)


@transaction.atomic
def propose_cluster_again(*, rejected: RejectedProposal, by: User) -> None:
    """Take back that records are no cluster: from then on they may be proposed again."""
    held = RejectedProposal.objects.select_for_update().get(pk=rejected.pk)
    if held.taken_back_at:
        raise Refused(_("Somebody has already said so."))
    held.taken_back_at = timezone.now()
    held.save(update_fields=["taken_back_at"])
    Event.record("cluster-proposed-again", held, by=by)
