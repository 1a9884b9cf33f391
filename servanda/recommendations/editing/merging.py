"""Several records that turn out to be one.

A merge is kept as a batch, so that undoing it takes back exactly its rows.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.copying import copy_to_survivor, has_reply_since, take_back
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.positions import settle_stand
from servanda.recommendations.editing.publicity import is_open, is_signed_and_public
from servanda.recommendations.editing.structure import hold_kept
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Link, Recommendation

MERGE = "merge"  # the shape of such a batch


@transaction.atomic
def merge_recommendations(*, into: Recommendation, others: Sequence[Recommendation], by: User) -> Recommendation:
    """Make several records one: the survivor gets what it lacks, the addresses of the others lead to it."""
    survivor = hold_kept(into)
    if not others:
        raise Refused(_("Give the reference of at least one record to merge into this one."))
    for other in others:
        absorb(survivor, hold_kept(other), by)
    settle_stand(survivor)
    codes = ", ".join(other.code for other in others)
    save_version(survivor, "recommendations-merged", by=by, difference={"merged": [codes, survivor.code]})
    reindex([survivor.pk])
    return survivor


def absorb(survivor: Recommendation, other: Recommendation, by: User) -> None:
    if other.pk == survivor.pk:
        raise Refused(_("A record cannot be merged into itself."))
    if other.country_id != survivor.country_id or other.body_id != survivor.body_id:
        raise Refused(
            _("%(code)s was made by another body or to another State. Link the two instead.") % {"code": other.code}
        )
    if is_opened_by(survivor, other):
        raise Refused(
            _("What %(code)s says would be seen by more people. Give both records the same confidentiality first.")
            % {"code": other.code}
        )
    if not is_open(survivor) and is_signed_and_public(other):
        sentence = _(
            "%(code)s carries an assessment that an accredited institution published on its own signature. Publish"
            " %(into)s first, or merge the other way round."
        )
        raise Refused(sentence % {"code": other.code, "into": survivor.code})
    merge = Batch.objects.create(
        shape=MERGE, name=other.code, state=Batch.State.APPLIED, applied_at=timezone.now(), created_by=by
    )
    copy_to_survivor(other, survivor, merge)
    other.merged_into = survivor
    save_version(other, "recommendation-merged-away", by=by, difference={"merged_into": ["", survivor.code]})
    Link.objects.get_or_create(
        from_recommendation=survivor,
        to_recommendation=other,
        relation=Link.Relation.MERGED_FROM,
        defaults={"said_by": by},
    )


def is_opened_by(survivor: Recommendation, other: Recommendation) -> bool:
    """Whether more people may see the survivor than the record that it takes in."""
    levels = list(Recommendation.Confidentiality.values)
    if other.confidentiality != survivor.confidentiality:
        return levels.index(other.confidentiality) > levels.index(survivor.confidentiality)
    is_restricted = other.confidentiality == Recommendation.Confidentiality.RESTRICTED
    return is_restricted and not set(other.restricted_to.all()) >= set(survivor.restricted_to.all())


@transaction.atomic
def unmerge_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Make a merged record one of its own again; the survivor gives back what came from it."""
    held = lock(recommendation)
    if held.merged_into is None:
        raise Refused(_("This record is not merged into another one."))
    survivor = lock(held.merged_into)
    merge = Batch.objects.get(shape=MERGE, name=held.code, state=Batch.State.APPLIED)
    if has_reply_since(merge, held):
        sentence = _("A reply to the body was recorded on %(code)s after the merge. Take it back first.")
        raise Refused(sentence % {"code": survivor.code})
    Batch.objects.filter(pk=merge.pk).update(state=Batch.State.UNDONE)
    take_back(merge)
    Link.objects.filter(
        from_recommendation=survivor, to_recommendation=held, relation=Link.Relation.MERGED_FROM
    ).delete()
    held.merged_into = None
    save_version(held, "recommendation-unmerged", by=by, difference={"merged_into": [survivor.code, ""]})
    settle_stand(survivor)
    save_version(survivor, "recommendations-unmerged", by=by, difference={"merged": [held.code, ""]})
    reindex([survivor.pk, held.pk])
    return held
