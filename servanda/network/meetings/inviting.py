"""Invitations to a meeting: sent to addresses of people without an account, sent again, revoked and restored."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings.letters import write_invitation
from servanda.network.meetings.own_registration import participant_of
from servanda.network.meetings.registration import lock_open
from servanda.network.models import Meeting, MeetingInvitation
from servanda.people.models import User
from servanda.trail.models import Event

MOST_AT_ONCE = 100
MOST_INVITATIONS = 2_000


@transaction.atomic
def invite_to_meeting(*, meeting: Meeting, emails: Iterable[str], language: str, by: User) -> int:
    """Send each address that is not invited yet a link; returns how many were sent.

    Raises `FieldRefused` if there are too many, or if all of them are invited already.
    """
    locked = lock_open(meeting)
    wanted = list(dict.fromkeys(email.lower() for email in emails))
    if len(wanted) > MOST_AT_ONCE:
        raise FieldRefused("emails", _("Enter at most %(most)d addresses.") % {"most": MOST_AT_ONCE})
    known = set(locked.invitations.order_by().values_list("email", flat=True))
    new = [email for email in wanted if email not in known]
    if not new:
        raise FieldRefused("emails", _("All of these addresses are invited already."))
    if len(known) + len(new) > MOST_INVITATIONS:
        raise FieldRefused("emails", _("A meeting has at most %(most)d invitations.") % {"most": MOST_INVITATIONS})
    for email in new:
        invite(locked, email, language, by=by)
    Event.record("meeting-invited", locked, by=by, difference={"invitations": [len(known), len(known) + len(new)]})
    return len(new)


def invite(meeting: Meeting, email: str, language: str, *, by: User) -> None:
    """People already registered with this address see their registration when they open the link."""
    invitation = MeetingInvitation(
        meeting=meeting, email=email, language=language, invited_by=by, sent_at=timezone.now()
    )
    invitation.participant = participant_of(meeting, email)
    invitation.save()
    write_invitation(invitation)


@transaction.atomic
def resend_meeting_invitation(*, invitation: MeetingInvitation, by: User) -> None:
    """The link is the same. Raises `Refused` if it is revoked."""
    meeting = lock_open(invitation.meeting)
    locked = MeetingInvitation.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=invitation.pk)
    if locked.revoked_at is not None:
        raise Refused(_("This invitation is revoked. Restore it first."))
    locked.sent_at = timezone.now()
    locked.save(update_fields=["sent_at"])
    write_invitation(locked)
    Event.record("meeting-invitation-resent", meeting, by=by, difference={"invitation": ["", locked.pk]})


@transaction.atomic
def revoke_meeting_invitation(*, invitation: MeetingInvitation, by: User) -> None:
    """The link shows nothing any more; a registration stays. Raises `Refused` if it is revoked."""
    set_revoked(invitation, is_revoked=True)
    Event.record("meeting-invitation-revoked", invitation.meeting, by=by, difference=about(invitation))


@transaction.atomic
def restore_meeting_invitation(*, invitation: MeetingInvitation, by: User) -> None:
    """The link works again. Raises `Refused` if it is not revoked."""
    set_revoked(invitation, is_revoked=False)
    Event.record("meeting-invitation-restored", invitation.meeting, by=by, difference=about(invitation))


def set_revoked(invitation: MeetingInvitation, *, is_revoked: bool) -> None:
    locked = MeetingInvitation.objects.select_for_update().get(pk=invitation.pk)
    if (locked.revoked_at is not None) == is_revoked:
        raise Refused(_("This has already been done."))
    locked.revoked_at = timezone.now() if is_revoked else None
    locked.save(update_fields=["revoked_at"])


def about(invitation: MeetingInvitation) -> dict[str, list]:
    """Without the address: the trail is kept when a person is erased."""
    return {"invitation": ["", invitation.pk]}
