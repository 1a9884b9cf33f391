"""Dialogues: set the delegation and the speaking points, or begin these with what the register holds."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.proceedings.dialogues.register import clusters_of_dialogue
from servanda.proceedings.models import Delegate, Proceeding, SpeakingPoint
from servanda.proceedings.rules import lock, lock_kept, save_version
from servanda.sources.printed.texts import clean, clean_label


class DelegateValues(NamedTuple):
    name: str
    role: str = ""
    institution: Institution | None = None
    languages: str = ""
    is_head: bool = False


class PointValues(NamedTuple):
    """A subject with what is said on it; `pk` is that of a row that exists, which keeps its cluster."""

    title: str
    text: str = ""
    institution: Institution | None = None
    pk: int | None = None


@transaction.atomic
def set_delegation(*, proceeding: Proceeding, delegates: Sequence[DelegateValues], seen: int, by: User) -> None:
    """Replace the delegation.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `Refused` for two heads or an institution that is
    not named.
    """
    proceeding = lock_dialogue(proceeding, by=by, seen=seen)
    if sum(row.is_head for row in delegates) > 1:
        raise Refused(_("Choose one head of delegation."))
    refuse_unnamed(proceeding, [row.institution for row in delegates])
    before = proceeding.delegates.count()
    proceeding.delegates.all().delete()
    for place, row in enumerate(delegates):
        Delegate.objects.create(
            proceeding=proceeding,
            name=clean_label(row.name),
            role=clean_label(row.role),
            institution=row.institution,
            languages=clean_label(row.languages),
            is_head=row.is_head,
            place=place,
        )
    save_version(proceeding, "delegation-set", by=by, difference={"delegates": [before, len(delegates)]})


@transaction.atomic
def set_points(*, proceeding: Proceeding, points: Sequence[PointValues], seen: int, by: User) -> None:
    """Replace the speaking points; rows that exist keep the cluster from which they began.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `Refused` for an institution that is not named.
    """
    proceeding = lock_dialogue(proceeding, by=by, seen=seen)
    refuse_unnamed(proceeding, [row.institution for row in points])
    present = {row.pk: row for row in proceeding.points.all()}
    proceeding.points.exclude(pk__in=[row.pk for row in points if row.pk in present]).delete()
    for place, row in enumerate(points):
        point = present.get(row.pk or 0) or SpeakingPoint(proceeding=proceeding)
        point.title, point.text, point.place = clean_label(row.title), clean(row.text), place
        point.institution = row.institution
        point.save()
    save_version(proceeding, "points-set", by=by, difference={"points": [len(present), len(points)]})


@transaction.atomic
def add_points_from_register(*, proceeding: Proceeding, by: User) -> int:
    """Begin a speaking point for each cluster with recommendations of the bodies; return how many were added.

    Raises `Refused` if the register has no cluster of theirs that is not among the points already.
    """
    proceeding = lock_dialogue(proceeding, by=by)
    present = set(proceeding.points.exclude(cluster=None).values_list("cluster", flat=True))
    found = [held for held in clusters_of_dialogue(proceeding, by) if held.cluster.pk not in present]
    if not found:
        raise Refused(_("The register has no further cluster with recommendations of these bodies."))
    place = proceeding.points.count()
    SpeakingPoint.objects.bulk_create(
        SpeakingPoint(
            proceeding=proceeding,
            cluster=held.cluster,
            title=held.cluster.name,
            text=held.in_words(),
            place=place + number,
        )
        for number, held in enumerate(found)
    )
    save_version(proceeding, "points-set", by=by, difference={"points": [place, place + len(found)]})
    return len(found)


def refuse_unnamed(proceeding: Proceeding, places: Sequence[Institution | None]) -> None:
    named = set(proceeding.named.values_list("institution_id", flat=True))
    for place in places:
        if place is not None and place.pk not in named:
            raise Refused(_("%(institution)s is not named here. Name it first.") % {"institution": place})


def lock_dialogue(proceeding: Proceeding, *, by: User, seen: int | None = None) -> Proceeding:
    if not lock_kept(proceeding).kind_facts.is_dialogue:
        raise Refused(_("This is not a dialogue."))
    return lock(proceeding, by=by, seen=seen)
