"""Legal holds: one locked row, a proceeding or an obligation, is protected from erasure until it is released."""

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.models import LegalHold, Proceeding
from servanda.proceedings.models.retention import LegalHoldQuerySet
from servanda.sources.models import Obligation
from servanda.sources.printed.reasons import required_reason
from servanda.trail.models import Event


def open_holds(row: Proceeding | Obligation) -> LegalHoldQuerySet:
    holds = LegalHold.objects.open()
    return holds.filter(proceeding=row) if isinstance(row, Proceeding) else holds.filter(obligation=row)


def place_hold(row: Proceeding | Obligation, *, reason: str, by: User) -> LegalHold:
    """Raises `Refused` if there is a hold, or without a reason."""
    if open_holds(row).exists():
        raise Refused(_("%(what)s is under a legal hold already.") % {"what": row})
    hold = LegalHold(reason=required_reason(reason), placed_by=by, placed_at=timezone.now())
    if isinstance(row, Proceeding):
        hold.proceeding = row
    else:
        hold.obligation = row
    hold.save()
    Event.record("legal-hold-placed", row, by=by, difference={"reason": ["", hold.reason]})
    return hold


def release_hold(row: Proceeding | Obligation, *, reason: str, by: User) -> None:
    """Raises `Refused` without a hold, or without a reason."""
    hold = open_holds(row).first()
    if hold is None:
        raise Refused(_("%(what)s is not under a legal hold.") % {"what": row})
    hold.release_reason = required_reason(reason)
    hold.released_by, hold.released_at = by, timezone.now()
    hold.save()
    Event.record("legal-hold-released", row, by=by, difference={"reason": ["", hold.release_reason]})
