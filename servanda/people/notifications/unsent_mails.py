"""E-mails that the mail server refused or never confirmed, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.people.models import User
from servanda.trail.models import Event


@dataclass(frozen=True, slots=True)
class UnsentMail:
    """Who wrote without an account was promised that the address serves for one answer only: it is not shown, nor
    the subject or what the mail server replied, which may repeat it."""

    created_at: datetime
    has_ended: bool  # no further try
    to: str = ""  # empty: an address without an account
    subject: str = ""
    problem: str = ""


def unsent_mails() -> QuerySet[Mail]:
    """The newest first."""
    return Mail.objects.filter(~Q(problem=""), sent_at=None).order_by("-pk")


def describe(mails: Sequence[Mail]) -> list[UnsentMail]:
    """One query, for the accounts of the addresses."""
    addresses = {mail.to.lower() for mail in mails}
    accounts = User.objects.annotate(address=Lower("email")).filter(address__in=addresses) if mails else ()
    known = {account.email.lower() for account in accounts}
    return [
        UnsentMail(mail.created_at, has_ended(mail), mail.to, mail.subject, mail.problem)
        if mail.to.lower() in known
        else UnsentMail(mail.created_at, has_ended(mail))
        for mail in mails
    ]


def has_ended(mail: Mail) -> bool:
    return mail.tries >= Mail.MOST_TRIES


@transaction.atomic
def retry_unsent_mails(*, by: User) -> int:
    """Let the worker try all of them again now, also those that had their last try. Returns their number."""
    number = unsent_mails().order_by().update(tries=0, next_try=timezone.now())
    if number:
        Event.record("unsent-mails-retried", by=by, difference={"number": ["", number]})
    return number
