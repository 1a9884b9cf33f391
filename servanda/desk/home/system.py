"""The state of the installation, for administrators: accounts, mails that were not sent, the worker, backups."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.home.items import Item
from servanda.jobs.made_backups import MadeBackups
from servanda.jobs.models import RunningWorker
from servanda.people.access import Can, can
from servanda.people.models import AccountState, User
from servanda.people.notifications.unsent_mails import UnsentMail, describe, unsent_mails

MOST_MAILS = 5


@dataclass(frozen=True, slots=True)
class SystemState:
    accounts: int
    invited: int
    mails: list[UnsentMail]  # the newest
    unsent: int
    worker_seen_at: datetime | None
    worker_runs: bool
    backups: MadeBackups


def system_state(user: User, *, on: datetime) -> SystemState | None:
    """None for everyone who does not run the installation."""
    if not can(user, Can.EDIT_INSTANCE):
        return None
    people = User.objects.visible_to(user)
    invited = people.in_state(AccountState.INVITED).order_by().values("pk")
    accounts = people.order_by().aggregate(
        active=Count("pk", filter=Q(is_active=True)), invited=Count("pk", filter=Q(pk__in=invited))
    )
    unsent = unsent_mails()
    newest = list(unsent[:MOST_MAILS])
    seen_at = RunningWorker.objects.aggregate(last=Max("seen_at"))["last"]
    return SystemState(
        accounts=accounts["active"],
        invited=accounts["invited"],
        mails=describe(newest),
        unsent=unsent.order_by().count() if len(newest) == MOST_MAILS else len(newest),
        worker_seen_at=seen_at,
        worker_runs=seen_at is not None and seen_at >= on - RunningWorker.SILENCE,
        backups=MadeBackups.read(),
    )


def old_backup(state: SystemState | None, *, on: datetime) -> list[Item]:
    """The last backup as an overdue item; none while it is recent. The first one is a sentence of the panel."""
    if state is None or (last := state.backups.last) is None or not state.backups.is_too_old(on=on):
        return []
    day, kind = timezone.localdate(last), _("Last backup")
    return [Item(kind, "", "", "", None, day, "#system", _("View the command"))]
