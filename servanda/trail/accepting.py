"""A restore that was meant: the one way in which anchors are set aside, and it leaves a trace in both places."""

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.trail.anchoring import Anchor, append
from servanda.trail.models import Event
from servanda.trail.verifying import compare_with_anchors, walk


def accept_restore(*, reason: str) -> Event:
    """Say that this copy of the database was restored on purpose: the trail goes on from here.

    Anchors that know entries which this copy does not have are set aside. A chain that is broken in itself
    is no copy that was ever written, and stays refused.
    """
    if not reason.strip():
        raise Refused(_("Say why the backup was restored; the trail keeps it."))
    last, broken = walk()
    if broken:
        raise Refused(_("%(fault)s No restore explains this. Restore another backup.") % {"fault": broken})
    reach = compare_with_anchors(last.sequence)
    aside = reach.differs_at
    difference = {"anchors set aside from": ["", aside or ""]}
    event = Event.record("restore-accepted", label=reason.strip(), difference=difference)
    append(Anchor(timezone.now().isoformat(), event.sequence, event.hash, aside or event.sequence))
    return event
