"""Accounts: edit, change the role, close, reopen, and emergency access."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.kit.refusal import Refused
from servanda.people.access import OFFICES, ROLES, Can, Role, can
from servanda.people.models import AccountState, Notification, User, new_stamp
from servanda.people.notifications.services import in_language_of, notify
from servanda.trail.models import Event

LONGEST_EMERGENCY = 4
account_closed = Signal()  # with `user`: rooms above forget what works without a log-in


@transaction.atomic
def edit_own_account(*, by: User, **new: object) -> User:
    """Edit one's own name, phone number, language, absence, and how often notifications are mailed: the fields of
    `AccountForm`."""
    person = User.objects.select_for_update().get(pk=by.pk)
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    for field, value in new.items():
        setattr(person, field, value)
    person.save(update_fields=list(new))
    Event.record("account-edited", person, by=by, difference={"fields": ["", ", ".join(changed)]})
    return person


def fold_first_steps(*, by: User, is_folded: bool) -> None:
    """Hide the first steps on one's desk, or show them again. Not recorded: it concerns no one else."""
    User.objects.filter(pk=by.pk).update(hides_first_steps=is_folded)


def choose_machine_labels(*, by: User, are_hidden: bool) -> None:
    """Hide or show machine suggestions in the register. Not recorded either."""
    User.objects.filter(pk=by.pk).update(hides_machine_labels=are_hidden)


@transaction.atomic
def change_role(*, person: User, role: str, by: User) -> User:
    """Give a role in the mechanism, or remove it; the person is logged out everywhere.

    Raises `Refused` for one's own role, for a role beyond one's own, and for the last administrator.
    """
    person = locked(person)
    refuse_oneself(person, by)
    refuse_role_beyond_ones_own(role, by)
    refuse_role_beyond_ones_own(person.role, by)
    if role != Role.ADMINISTRATOR:
        refuse_last_administrator(person)
    before, person.role = person.role, role
    person.save(update_fields=["role"])
    end_sessions(person)
    notify(people=[person], kind=Notification.Kind.ROLE_CHANGED, thing=person, by=by)
    Event.record("role-changed", person, by=by, difference={"role": [before, role]})
    return person


@transaction.atomic
def close_account(*, person: User, by: User) -> User:
    """Close an account: its sessions, access keys and calendar address end. What the person did stays, and it can be
    reopened.

    Raises `Refused` for one's own account, an account that is not open, and the last administrator.
    """
    person = locked(person)
    refuse_oneself(person, by)
    if person.state != AccountState.ACTIVE:
        raise Refused(_("This account is not active, so it cannot be closed."))
    refuse_last_administrator(person)
    person.is_active, person.emergency_until = False, None
    person.accepted_at = person.accepted_at or timezone.now()
    person.save(update_fields=["is_active", "emergency_until", "accepted_at"])
    person.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    end_sessions(person)
    account_closed.send(sender=User, user=person)
    Event.record("account-closed", person, by=by)
    return person


@transaction.atomic
def let_back_in(*, person: User, by: User) -> User:
    """Reopen a closed account, with the same password and second factor. Raises `Refused` if it is not closed."""
    person = locked(person)
    if person.state != AccountState.CLOSED:
        raise Refused(_("Only a closed account can be reopened."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    Event.record("account-opened-again", person, by=by)
    return person


@transaction.atomic
def give_emergency_access(*, person: User, hours: int, reason: str) -> datetime:
    """Make a person administrator for a few hours; only from the command line. All administrators are notified.

    Raises `Refused` for another number of hours, without a reason, or for an account that is not open.
    """
    person = locked(person)
    if not 1 <= hours <= LONGEST_EMERGENCY:
        raise Refused(_("Emergency access lasts one to four hours."))
    refuse_without_reason(reason)
    if person.state != AccountState.ACTIVE:
        raise Refused(_("This account is not open. Invite the person, or enter an open account."))
    person.emergency_until = until = timezone.now() + timedelta(hours=hours)
    person.save(update_fields=["emergency_until"])
    mail_emergency_access(person, until, reason)
    difference = {"until": ["", until.isoformat(timespec="seconds")], "reason": ["", reason]}
    Event.record("emergency-access-given", person, difference=difference)
    return until


@transaction.atomic
def reset_second_factor(*, person: User, reason: str) -> int:
    """Remove a lost second factor; only from the command line. The owner and all administrators are notified.

    Returns how many devices and lists of codes were removed. Raises `Refused` without a reason, or if there are none.
    """
    person = locked(person)
    refuse_without_reason(reason)
    factors = Authenticator.objects.filter(user=person)
    count = factors.count()
    if not count:
        raise Refused(_("This person has not set up two-step verification."))
    factors.delete()
    end_sessions(person)
    mail_second_factor_reset(person, reason)
    Event.record("second-factor-reset", person, difference={"reason": ["", reason]})
    return count


def locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def end_sessions(person: User) -> None:
    """Log the person out everywhere: sessions with an old stamp are invalid."""
    person.session_stamp = new_stamp()
    person.save(update_fields=["session_stamp"])
    for session in UserSession.objects.filter(user=person):
        session.end()


def refuse_oneself(person: User, by: User) -> None:
    if person.pk == by.pk:
        raise Refused(_("You cannot do this with your own account. Ask another administrator."))


def refuse_last_administrator(person: User) -> None:
    """Raises `Refused` for the last administrator. All of them are locked in a fixed order, so that two
    administrators cannot remove each other at the same moment."""
    administrators = User.objects.administrators().select_for_update().order_by("pk")
    if list(administrators.values_list("pk", flat=True)) == [person.pk]:
        raise Refused(_("This is the last administrator. Assign the role to another person first."))


def refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Enter a reason. It is recorded and sent to the administrators by e-mail."))


def mail_emergency_access(person: User, until: datetime, reason: str) -> None:
    for reader in people_to_notify(person):
        with in_language_of(reader):
            body = _(
                "%(person)s has administrator rights until %(until)s (UTC). They were granted on the command "
                "line of the server, for this reason:\n\n%(reason)s\n\nIf you were not aware of this, contact your "
                "system administrator."
            )
            what = {"person": person, "until": date_format(until, "DATETIME_FORMAT"), "reason": reason}
            queue_mail(to=reader.email, subject=_("Emergency access granted"), body=body % what)


def mail_second_factor_reset(person: User, reason: str) -> None:
    for reader in people_to_notify(person):
        with in_language_of(reader):
            body = _(
                "Two-step verification of %(person)s was removed on the command line of the server, for this "
                "reason:\n\n%(reason)s\n\nFor the next log-in, only the password is needed. Two-step verification "
                "can then be set up again. If you were not aware of this, contact your system administrator."
            )
            queue_mail(
                to=reader.email,
                subject=_("Two-step verification removed"),
                body=body % {"person": person, "reason": reason},
            )


def people_to_notify(person: User) -> list[User]:
    """The person and every administrator, each once."""
    return [person, *User.objects.administrators().exclude(pk=person.pk)]


def refuse_role_beyond_ones_own(role: str, by: User | None) -> None:
    """Raises `Refused` for a role that comes with appointments, and unless this person may give roles and has all
    permissions of the role."""
    if not role or by is None:
        return
    if role not in OFFICES:
        raise Refused(_("This role requires an appointment. Choose an institution and a function instead."))
    if not can(by, Can.GIVE_ROLES) or not all(can(by, permission) for permission in ROLES[Role(role)]):
        raise Refused(
            _(
                "You do not have permission to assign this role. Ask an administrator, or invite the person without "
                "it."
            )
        )
