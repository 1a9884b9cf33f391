"""Move an update to another state, with its line in the trail and its notifications."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import Instance, Notification, User
from servanda.people.notifications.services import notify
from servanda.planning.assignments.services import coordinators
from servanda.progress.models import Update, UpdateStep
from servanda.progress.updates.coverage import linked_to
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.progress.updates.permissions import those_who_may

State, Kind = Update.State, Notification.Kind


CODES_NAMED = 5


def lock(update: Update) -> Update:
    """The present row, locked until the transaction ends. Raises `Refused` if it was withdrawn."""
    updates = Update.objects.select_for_update(of=("self",)).select_related("institution", "written_by")
    locked = updates.get(pk=update.pk)
    if locked.withdrawn_at:
        raise Refused(_("This update has been withdrawn. No changes were made."))
    return locked


def trail_label(update: Update) -> str:
    """Name it by its institution and records, or its question: not everyone who reads the trail may read its
    text."""
    if update.question is not None:
        return f"{update.institution.code}: {update.question.reference}"
    codes = list(update.abouts.order_by("recommendation__order_key").values_list("recommendation__code", flat=True))
    listed = ", ".join(codes[:CODES_NAMED]) + (" …" if len(codes) > CODES_NAMED else "")
    return f"{update.institution.code}: {listed}" if listed else update.institution.code


def refuse_unless(update: Update, *states: str) -> None:
    if update.state in states:
        return
    sentences = {
        State.DRAFT: _("This update is a draft that has not been submitted."),
        State.SUBMITTED: _("This update has been submitted and is awaiting the validating authority."),
        State.VALIDATED: _("This update has been approved and is awaiting the coordinator."),
        State.RETURNED: _("This update has been returned to the institution for changes."),
        State.PUBLISHED: _("This update has been published."),
    }
    raise Refused(f"{sentences[State(update.state)]} {_('No changes were made.')}")


def refuse_unless_coordinator(by: User) -> None:
    if not can(by, Can.PUBLISH_UPDATE):
        raise Refused(_("Only the coordinator can do this."))


def move(update: Update, state: str, *, by: User | None, reason: str = "") -> None:
    update.state = state
    update.version += 1
    update.save()
    UpdateStep.objects.create(update=update, state=state, by=by, reason=reason)


def pass_on(update: Update, *, by: User | None) -> None:
    """Mark as validated, and publish if the instance requires no further step.

    `by` is None if validation is a step that the instance leaves out.
    """
    move(update, State.VALIDATED, by=by)
    if Instance.current().updates_need_publication:
        notify_of(update, Kind.UPDATE_VALIDATED, coordinators(), by=by)
    else:
        publish(update, by=None)


def publish(update: Update, *, by: User | None) -> None:
    update.published_at = timezone.now()
    move(update, State.PUBLISHED, by=by)
    keep_last_updates(linked_to(update))
    people = those_who_may(Can.WRITE_UPDATE, update) if update.on_behalf else writer_of(update)
    notify_of(update, Kind.UPDATE_PUBLISHED, people, by=by)


def notify_of(update: Update, kind: Notification.Kind, people: Sequence[User | None], *, by: User | None) -> None:
    notify(people=people, kind=kind, thing=update, by=by, label=trail_label(update))


def writer_of(update: Update) -> list[User]:
    """Whoever wrote it, unless their appointment has ended or been limited since, so that they do not see it."""
    writer = update.written_by
    return [writer] if writer is not None and is_seen_by(writer, update) else []


def is_seen_by(person: User, update: Update) -> bool:
    """Everyone sees what is public, and the database is asked that more quickly than what this person sees."""
    this_update = Update.objects.filter(pk=update.pk)
    return this_update.public().exists() or this_update.visible_to(person).exists()
