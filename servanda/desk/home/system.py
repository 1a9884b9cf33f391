"""The state of the installation, for administrators: accounts, mails that were not sent, the worker."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from servanda.jobs.models import Mail, RunningWorker
from servanda.people.access import Can, can
from servanda.people.models import AccountState, User

MOST_MAILS = 5


@dataclass(frozen=True, slots=True)
class SystemState:
    accounts: int
    invited: int
    mails: list[Mail]  # the newest that could not be sent
    unsent: int
    worker_seen_at: datetime | None
    worker_runs: bool


def system_state(user: User, *, on: datetime) -> SystemState | None:
    """None for everybody who does not run the installation."""
    if not can(user, Can.EDIT_INSTANCE):
        return None
    people = User.objects.visible_to(user)
    invited = people.in_state(AccountState.INVITED).order_by().values("pk")
    accounts = people.order_by().aggregate(
        active=Count("pk", filter=Q(is_active=True)), invited=Count("pk", filter=Q(pk__in=invited))
    )
    unsent = Mail.objects.filter(~Q(problem=""), sent_at=None)
    seen_at = RunningWorker.objects.aggregate(last=Max("seen_at"))["last"]
    return SystemState(
        accounts=accounts["active"],
        invited=accounts["invited"],
        mails=list(unsent.order_by("-pk")[:MOST_MAILS]),
        unsent=unsent.count(),
        worker_seen_at=seen_at,
        worker_runs=seen_at is not None and seen_at >= on - RunningWorker.SILENCE,
    )
