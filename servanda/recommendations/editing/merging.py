"""Merges several records that turn out to be one.

A merge is stored as a batch, so that undoing it removes exactly its rows.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.copying import copy_to_survivor, delete_copies, has_reply_since
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.positions import update_stand
from servanda.recommendations.editing.publicity import is_open, is_signed_and_public
from servanda.recommendations.editing.structure import lock_kept
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Link, Recommendation

MERGE = "merge"  # the shape of such a batch


@transaction.atomic
def merge_recommendations(*, into: Recommendation, others: Sequence[Recommendation], by: User) -> Recommendation:
    """Merge records: the survivor gets what it lacks, and the addresses of the others redirect to it.

    Raises `Refused`.
    """
    survivor = lock_kept(into)
    if not others:
        raise Refused(_("Enter the reference of at least one record to merge into this one."))
    for absorbed in others:
        absorb(survivor, lock_kept(absorbed), by)
    update_stand(survivor)
    codes = ", ".join(absorbed.code for absorbed in others)
    save_version(survivor, "recommendations-merged", by=by, difference={"merged": [codes, survivor.code]})
    reindex([survivor.pk])
    return survivor


def absorb(survivor: Recommendation, absorbed: Recommendation, by: User) -> None:
    if absorbed.pk == survivor.pk:
        raise Refused(_("A record cannot be merged into itself."))
    if absorbed.country_id != survivor.country_id or absorbed.body_id != survivor.body_id:
        raise Refused(
            _("%(code)s was made by another body or to another State. Link the two instead.")
            % {"code": absorbed.code}
        )
    if would_expose(survivor, absorbed):
        raise Refused(
            _(
                "The merge would show the content of %(code)s to more people. Set the same confidentiality for "
                "both records first."
            )
            % {"code": absorbed.code}
        )
    if not is_open(survivor) and is_signed_and_public(absorbed):
        sentence = _(
            "%(code)s has a published assessment signed by an accredited institution. Publish %(into)s first, "
            "or merge in the other direction."
        )
        raise Refused(sentence % {"code": absorbed.code, "into": survivor.code})
    merge = Batch.objects.create(
        shape=MERGE, name=absorbed.code, state=Batch.State.APPLIED, applied_at=timezone.now(), created_by=by
    )
    copy_to_survivor(absorbed, survivor, merge)
    absorbed.merged_into = survivor
    save_version(absorbed, "recommendation-merged-away", by=by, difference={"merged_into": ["", survivor.code]})
    Link.objects.get_or_create(
        from_recommendation=survivor,
        to_recommendation=absorbed,
        relation=Link.Relation.MERGED_FROM,
        defaults={"said_by": by},
    )


def would_expose(survivor: Recommendation, absorbed: Recommendation) -> bool:
    """Whether the survivor can be seen by people who may not see the absorbed record."""
    levels = list(Recommendation.Confidentiality.values)
    if absorbed.confidentiality != survivor.confidentiality:
        return levels.index(absorbed.confidentiality) > levels.index(survivor.confidentiality)
    is_restricted = absorbed.confidentiality == Recommendation.Confidentiality.RESTRICTED
    return is_restricted and not set(absorbed.restricted_to.all()) >= set(survivor.restricted_to.all())


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Undo the merge of a record; what the survivor got from it is removed. Raises `Refused`."""
    absorbed = lock(recommendation)
    if absorbed.merged_into is None:
        raise Refused(_("This record is not merged into another one."))
    survivor = lock(absorbed.merged_into)
    merge = Batch.objects.get(shape=MERGE, name=absorbed.code, state=Batch.State.APPLIED)
    if has_reply_since(merge, absorbed):
        sentence = _("A reply to the body was recorded on %(code)s after the merge. Remove it first.")
        raise Refused(sentence % {"code": survivor.code})
    Batch.objects.filter(pk=merge.pk).update(state=Batch.State.UNDONE)
    delete_copies(merge)
    Link.objects.filter(
        from_recommendation=survivor, to_recommendation=absorbed, relation=Link.Relation.MERGED_FROM
    ).delete()
    absorbed.merged_into = None
    save_version(absorbed, "recommendation-unmerged", by=by, difference={"merged_into": [survivor.code, ""]})
    update_stand(survivor)
    save_version(survivor, "recommendations-unmerged", by=by, difference={"merged": [absorbed.code, ""]})
    reindex([survivor.pk, absorbed.pk])
    return absorbed
