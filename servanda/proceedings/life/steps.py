"""Take the next step of a proceeding, or return it to an earlier one."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.models import Proceeding, TakenStep
from servanda.proceedings.rules import lock, lock_kept, refuse_unless_running, save_version
from servanda.progress.updates.permissions import WRITERS, appointed_to
from servanda.sources.printed.reasons import required_reason

SHARED = "shared"  # from this step on, institutions are asked for their drafts


@transaction.atomic
def take_step(*, proceeding: Proceeding, step: str, on: date, seen: int, by: User) -> None:
    """Take a step that follows the present one, on this date.

    Raises `Refused` and names what is missing; `ChangedMeanwhile` if it was changed since the person was shown it.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    following = [next_step.code for next_step in proceeding.following]
    if step not in following:
        raise Refused(_("This step does not follow the present one. Reload the page."))
    refuse_impossible_date(proceeding, on)
    if missing := missing_for(proceeding, step):
        raise Refused(" ".join(found.sentence for found in missing))
    before, proceeding.step = proceeding.step, step
    TakenStep.objects.create(proceeding=proceeding, step=step, on=on, by=by)
    save_version(proceeding, "proceeding-step-taken", by=by, difference={"step": [before, step], "on": ["", str(on)]})
    if step == SHARED:
        ask_for_drafts(proceeding, by=by)


@transaction.atomic
def return_step(*, proceeding: Proceeding, step: str, reason: str, seen: int, by: User) -> None:
    """Return to an earlier step with a reason; a closed proceeding is reopened in this way."""
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    refuse_if_changed(proceeding.version, seen, overwriting_conflict(proceeding.reference))
    if step not in [earlier.code for earlier in proceeding.kind_facts.before(proceeding.step)]:
        raise Refused(_("Choose an earlier step."))
    before, proceeding.step = proceeding.step, step
    proceeding.erased_at = None  # data entered from now on have not been erased
    reason = required_reason(reason)
    today = timezone.localdate()
    TakenStep.objects.create(proceeding=proceeding, step=step, on=today, by=by, is_return=True, reason=reason)
    save_version(
        proceeding, "proceeding-returned", by=by, difference={"step": [before, step], "reason": ["", reason]}
    )


def refuse_impossible_date(proceeding: Proceeding, on: date) -> None:
    if on > timezone.localdate():
        raise FieldRefused("on", _("The date must be today or in the past."))
    last = proceeding.steps.filter(is_return=False).order_by("-pk").first()
    if last is not None and on < last.on and not proceeding.steps.filter(is_return=True, pk__gt=last.pk).exists():
        raise FieldRefused("on", _("The date is before the date of the present step."))


def ask_for_drafts(proceeding: Proceeding, *, by: User) -> None:
    """Notify the focal points of the institutions named, as far as they are appointed for one of its bodies."""
    bodies = proceeding.body_codes()
    for named in proceeding.named.select_related("institution__parent"):
        people = appointed_to(named.institution, WRITERS, bodies=bodies)
        kind = Notification.Kind.REPLY_ASKED
        notify(people=people, kind=kind, thing=proceeding, by=by, label=proceeding.reference)
