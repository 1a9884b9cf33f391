"""Invitations by mail, with a link that works once."""

import secrets
from datetime import date
from typing import NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from servanda.jobs.services import queue_mail
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access_keys.services import digest_of
from servanda.people.accounts.services import refuse_role_beyond_ones_own
from servanda.people.appointments.services import appoint_person
from servanda.people.institutions.saving import refuse_hand_on_accredited
from servanda.people.models import AccountState, Instance, Institution, Invitation, Notification, User
from servanda.people.notifications.services import in_language_of, notify, origin_for_links
from servanda.trail.models import Event


class FirstAppointment(TypedDict):
    """The appointment that comes with an invitation; the keys are arguments of `appoint_person`."""

    institution: Institution
    function: str
    act: str
    start: date
    end: date | None
    bodies: str


class Invited(NamedTuple):
    """The invitation with its link, which is not stored."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    language: str = "",
    role: str = "",
    appointment: FirstAppointment | None = None,
    by: User | None,
    origin: str = "",
) -> Invited:
    """Create an account that cannot be used yet, and mail its owner the link to set it up.

    `origin` is the address under which the inviter sees the pages, used unless the setting names another. Without
    `by`, the operator invites on the command line, and may give any role. Raises `Refused` if the address has an
    account, or the role or the appointment is not allowed.
    """
    email = email.strip().lower()
    refuse_known_address(email)
    refuse_role_beyond_ones_own(role, by)
    person = User(email=email, name=name, language=language, role=role, is_active=False)
    person.is_demonstration = Instance.current().is_demonstration  # everyone invited to a demonstration belongs to it
    person.password = make_password(None)
    person.save()
    if appointment is not None:
        appoint_person(person=person, **appointment, by=by)
    invited = send_letter(person, by=by, origin=origin)
    Event.record("person-invited", person, by=by, difference={"role": ["", role]} if role else None)
    return invited


def refuse_known_address(email: str) -> None:
    known = User.objects.filter(email=email).first()
    if known is None:
        return
    if known.state == AccountState.INVITED:
        raise Refused(
            _("This person has already been invited. To resend the invitation, open their page under People.")
        )
    raise Refused(_("This person already has an account. Search for the address under People."))


@transaction.atomic
def resend_invitation(*, person: User, by: User | None, origin: str = "") -> Invited:
    """Send a new link; earlier ones become invalid. Raises `Refused` if the invitation was accepted."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.state != AccountState.INVITED:
        raise Refused(_("This person has already accepted the invitation."))
    end_open_invitations(person)
    invited = send_letter(person, by=by, origin=origin)
    Event.record("invitation-sent-again", person, by=by)
    return invited


@transaction.atomic
def revoke_invitation(*, person: User, by: User | None) -> None:
    """Invalidate the link; another can be sent later. Raises `Refused` if no invitation is open."""
    person = User.objects.select_for_update().get(pk=person.pk)
    for appointment in person.appointments.all():
        refuse_hand_on_accredited(appointment, by=by)
    if not end_open_invitations(person):
        raise Refused(_("This person has no open invitation."))
    Event.record("invitation-revoked", person, by=by)


@transaction.atomic
def accept_invitation(*, key: str, name: str, language: str, password: str) -> User:
    """Open the account with the password that its owner chose; the link becomes invalid.

    Raises `Refused` if the link is invalid already.
    """
    invitation = open_invitation(key, is_for_use=True)
    if invitation is None:
        raise Refused(_("This link no longer works."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    person = invitation.person
    person.name, person.language = name, language
    person.is_active, person.accepted_at = True, invitation.accepted_at
    person.set_password(password)
    person.save(update_fields=["name", "language", "is_active", "accepted_at", "password"])
    notify(people=[invitation.invited_by], kind=Notification.Kind.INVITATION_ACCEPTED, thing=person, by=person)
    Event.record("invitation-accepted", person, by=person)
    return person


def open_invitation(key: str, *, is_for_use: bool = False) -> Invitation | None:
    """The open invitation of a key. Always one query, so that the time does not reveal whether a link existed."""
    invitations = Invitation.objects.open(on=timezone.now()).filter(
        digest=digest_of(key), person__is_active=False, person__accepted_at=None, person__erased_at=None
    )
    if is_for_use:
        invitations = invitations.select_for_update(of=("self", "person"))
    return invitations.select_related("person").first()


def end_open_invitations(person: User) -> int:
    now = timezone.now()
    return Invitation.objects.open(on=now).filter(person=person).update(revoked_at=now)


def send_letter(person: User, *, by: User | None, origin: str) -> Invited:
    key, now = secrets.token_urlsafe(32), timezone.now()
    invitation = Invitation.objects.create(
        person=person,
        digest=digest_of(key),
        invited_by=by,
        created_at=now,
        expires_at=now + Invitation.LASTS,
    )
    link = origin_for_links(origin) + reverse("people:accept_invitation", args=[key])
    with in_language_of(person):
        write_letter(invitation, link)
    return Invited(invitation, link)


def write_letter(invitation: Invitation, link: str) -> None:
    instance, person = Instance.current(), invitation.person
    ends = timezone.localtime(invitation.expires_at, ZoneInfo(instance.time_zone))
    body = _(
        "Hello %(name)s,\n\nyou are invited to %(instance)s, the system for following up human rights "
        "recommendations. Open this link and choose a password:\n\n%(link)s\n\nThe link works once, until "
        "%(until)s (%(zone)s). If it has expired, ask for a new one. If you did not expect this e-mail, ignore "
        "it. No account will be opened."
    )
    what = {
        "name": person.name,
        "instance": instance,
        "link": link,
        "until": date_format(ends, "DATETIME_FORMAT"),
        "zone": instance.time_zone,
    }
    queue_mail(to=person.email, subject=_("Your invitation"), body=body % what)
