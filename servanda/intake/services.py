"""Services on files for other rooms: notify the sender, and hand over the files that wait for a decision."""

from servanda.intake.models import Batch
from servanda.people.models import Notification, User
from servanda.people.notifications.services import notify

WAITING = (Batch.State.UPLOADED, Batch.State.PREVIEWING, Batch.State.PREVIEWED)


def hand_over_imports(*, person: User, to: User) -> int:
    """Give the undecided files of this person to another person. Returns how many there were."""
    return Batch.objects.filter(created_by=person, state__in=WAITING).update(created_by=to)


def tell_sender(batch: Batch, kind: Notification.Kind) -> None:
    """Notify the sender of a file of the outcome of its processing in the background."""
    notify(people=[batch.created_by], kind=kind, thing=batch, by=None, label=batch.name)
