"""Share one entry of the network with everyone, or with peers that are members, or with no one."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.refusal import Refused
from servanda.network.models import Assistance, Cooperation, CooperationEvaluation, Course, Meeting, Release
from servanda.people.models import User
from servanda.trail.models import Event

type Entry = Assistance | Meeting | Course | CooperationEvaluation


def find_entry(user: User, kind: str, key: UUID) -> Entry | None:
    """The entry of this kind that this person sees."""
    if kind in Assistance.Kind.values:
        return Assistance.objects.visible_to(user).filter(kind=kind, key=key).first()
    if kind == Release.Kind.EVALUATION:
        seen = Cooperation.objects.visible_to(user).order_by().values("pk")
        found = CooperationEvaluation.objects.filter(cooperation__in=seen, key=key)
        return found.select_related("cooperation__request__mechanism", "cooperation__provider").first()
    if kind == Release.Kind.MEETING:
        return Meeting.objects.visible_to(user).filter(key=key).first()
    return Course.objects.visible_to(user).filter(key=key).first() if kind == Release.Kind.TRAINING else None


def kind_of(entry: Entry) -> str:
    if isinstance(entry, Assistance):
        return entry.kind
    if isinstance(entry, CooperationEvaluation):
        return Release.Kind.EVALUATION
    return Release.Kind.MEETING if isinstance(entry, Meeting) else Release.Kind.TRAINING


def release_of(entry: Entry) -> Release | None:
    return Release.objects.filter(kind=kind_of(entry), key=entry.key).first()


def audience_of(release: Release | None) -> str:
    """For whom an entry is, in words."""
    return str(release.get_audience_display()) if release else pgettext("shared with", "No one")


@transaction.atomic
def share_entry(*, entry: Entry, audience: str, by: User) -> None:
    """Choose who may read it: an audience, or "" for no one. Peers delete what is no longer shared with them.

    Raises `Refused` for what another system sent, and for an evaluation on behalf of another mechanism or of a
    request that this audience may not read.
    """
    if getattr(entry, "is_received", False):
        raise Refused(_("Another system sent this entry. It can only be changed there."))
    if isinstance(entry, CooperationEvaluation):
        refuse_evaluation(entry, audience)
    named: dict[str, Any] = {"kind": kind_of(entry), "key": entry.key}
    former = Release.objects.select_for_update().filter(**named).first()
    before = former.audience if former else ""
    if before == audience:
        return
    if audience:
        Release.objects.update_or_create(**named, defaults={"audience": audience, "by": by})
    else:
        Release.objects.filter(**named).delete()
    Event.record("network-entry-shared", entry, by=by, difference={"audience": [before, audience]})


def refuse_evaluation(evaluation: CooperationEvaluation, audience: str) -> None:
    """Raises `Refused` as `share_entry` does."""
    if evaluation.is_on_behalf:
        raise Refused(_("Only evaluations by our own mechanism are shared."))
    request = evaluation.cooperation.request
    if audience and request.is_received and not request.is_readable_by(audience):
        raise Refused(
            _(
                "The request was received from a feed for members. Share the evaluation with peers that are members: "
                "it contains the address of the request."
            )
        )
    released = Release.objects.keys_for(Release.Kind.REQUEST, *Release.covering(audience))
    if audience and not request.is_received and not released.filter(key=request.key).exists():
        raise Refused(
            _("First share the request with the same peers. The evaluation contains the address of the request.")
        )
