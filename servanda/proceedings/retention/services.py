"""Set retention periods; place and release legal holds."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed
from servanda.proceedings.models import LegalHold, Proceeding, RetentionPeriod
from servanda.proceedings.models.retention import LONGEST
from servanda.proceedings.retention.holds import place_hold, release_hold
from servanda.proceedings.retention.periods import known_periods
from servanda.proceedings.rules import refuse_unless_running
from servanda.trail.models import Event

type Periods = Mapping[str, int | None]


def present_periods() -> dict[str, int]:
    """Years by kind; a kind that is missing keeps its personal data for ever."""
    return dict(RetentionPeriod.objects.values_list("kind", "years"))


@transaction.atomic
def set_retention_periods(*, periods: Periods, seen: Periods, by: User) -> None:
    """Set the years of each kind; None keeps the data. Nothing is erased by this.

    `seen` are the years that the person was shown. Raises `ChangedMeanwhile` if they were changed since, and
    `FieldRefused` for an impossible number.
    """
    if not can(by, Can.EDIT_INSTANCE):
        raise Refused(_("Only an administrator can do this."))
    list(RetentionPeriod.objects.select_for_update().order_by("pk"))
    before = present_periods()
    sentence = _(
        "Another user changed the periods while you were editing. Their periods are shown below. Enter your changes"
        " again."
    )
    refuse_if_changed(before, given(seen), sentence)
    after = given(periods)
    for kind, years in after.items():
        if kind not in known_periods() or not 1 <= years <= LONGEST:
            raise FieldRefused(kind, _("Enter a number between 1 and %(most)d.") % {"most": LONGEST})
    if before == after:
        return
    RetentionPeriod.objects.exclude(kind__in=after).delete()
    for kind, years in after.items():
        RetentionPeriod.objects.update_or_create(kind=kind, defaults={"years": years})
    difference = {
        kind: [before.get(kind, ""), after.get(kind, "")]
        for kind in known_periods()
        if before.get(kind) != after.get(kind)
    }
    Event.record("retention-periods-set", by=by, difference=difference)


def given(periods: Periods) -> dict[str, int]:
    return {kind: years for kind, years in periods.items() if years is not None}


@transaction.atomic
def place_legal_hold(*, proceeding: Proceeding, reason: str, by: User) -> LegalHold:
    """Block the erasure of personal data. Raises `Refused` if there is a hold, or if they were erased."""
    proceeding = lock_any(proceeding, by=by)
    if proceeding.erased_at:
        raise Refused(_("The personal data of %(what)s have already been erased.") % {"what": proceeding})
    return place_hold(proceeding, reason=reason, by=by)


@transaction.atomic
def release_legal_hold(*, proceeding: Proceeding, reason: str, by: User) -> None:
    """Allow the erasure again. Raises `Refused` without a hold."""
    release_hold(lock_any(proceeding, by=by), reason=reason, by=by)


def lock_any(proceeding: Proceeding, *, by: User) -> Proceeding:
    """The present row, also a closed or withdrawn one: holds protect these in the first place.

    Raises `Refused` without the permission.
    """
    refuse_unless_running(by)
    return Proceeding.objects.select_for_update(of=("self",)).get(pk=proceeding.pk)
