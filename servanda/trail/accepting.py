"""Accept an intended restore. Only this sets anchors aside, and both the trail and the anchors record it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.trail.anchoring import Anchor, append
from servanda.trail.models import Event
from servanda.trail.verifying import compare_with_anchors, walk


def accept_restore(*, reason: str) -> Event:
    """Declare that this copy of the database was restored on purpose, so that the trail continues from here.

    Anchors of entries that this copy does not have are set aside.

    Raises:
        Refused: without a reason, or if the chain itself is broken, which no restored backup explains.
    """
    if not reason.strip():
        raise Refused(_("Enter a reason for the restore. It is recorded in the audit trail."))
    last, fault = walk()
    if fault:
        raise Refused(
            _("%(fault)s A restore does not explain this fault. Restore another backup.") % {"fault": fault}
        )
    comparison = compare_with_anchors(last.sequence)
    first_set_aside = comparison.differs_at
    difference = {"anchors set aside from": ["", first_set_aside or ""]}
    event = Event.record("restore-accepted", label=reason.strip(), difference=difference)
    append(Anchor(timezone.now().isoformat(), event.sequence, event.hash, first_set_aside or event.sequence))
    return event
