"""Mails about meetings, and the signed link by which a person without an account registers."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.network.models import Meeting, MeetingInvitation, MeetingParticipant
from servanda.people.models import Instance, User
from servanda.people.notifications.services import in_language_of, origin_for_links
from servanda.progress.rounds.days import local

signer = Signer(salt="servanda.network.meeting_invitations", sep=".")


def token_of(invitation: MeetingInvitation) -> str:
    """What its link ends with. It cannot be guessed, nor read from a copy of the database."""
    return signer.sign(invitation.key.hex)


def key_in(token: str) -> UUID | None:
    """The key of an invitation, None for a token that this system did not sign."""
    try:
        return UUID(signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def link_of(invitation: MeetingInvitation) -> str:
    return origin_for_links("") + reverse("portal:meeting_invitation", args=[token_of(invitation)])


def write_invitation(invitation: MeetingInvitation) -> None:
    meeting = invitation.meeting
    with translation.override(language_of(invitation)):
        subject = _("Invitation to a meeting: %(title)s") % {"title": meeting.title}
        body = _(
            "Hello,\n\n%(instance)s invites you to this meeting: %(title)s.\n\nIt begins on %(day)s (%(zone)s).\n\n"
            "Register, or withdraw later, on this page. It needs no account:\n%(link)s\n\nThe link is meant for you. "
            "Do not pass it on.\n"
        )
        queue_mail(to=invitation.email, subject=subject, body=body % values(meeting, link_of(invitation)))


def write_place_letter(participant: MeetingParticipant) -> None:
    """To a person from the waiting list who has a place now, if they have an account or an invitation."""
    meeting = participant.meeting
    if not participant.email:
        return
    person = User.objects.filter(is_active=True, email__iexact=participant.email).first()
    invitation = MeetingInvitation.objects.open().filter(participant=participant).first()
    if person:
        with in_language_of(person):
            write_place(meeting, to=person.email, link=origin_for_links("") + meeting.get_absolute_url())
    elif invitation:
        with translation.override(language_of(invitation)):
            write_place(meeting, to=invitation.email, link=link_of(invitation))


def write_place(meeting: Meeting, *, to: str, link: str) -> None:
    subject = _("You have a place: %(title)s") % {"title": meeting.title}
    body = _(
        "Hello,\n\nyou were on the waiting list of this meeting, and now have a place: %(title)s.\n\nIt begins on "
        "%(day)s (%(zone)s).\n\nIf you cannot come, withdraw your registration here:\n%(link)s\n\n%(instance)s\n"
    )
    queue_mail(to=to, subject=subject, body=body % values(meeting, link))


def write_reminder(meeting: Meeting, person: User) -> None:
    with in_language_of(person):
        remind(meeting, name=str(person), to=person.email, link=origin_for_links("") + meeting.get_absolute_url())


def write_reminder_by_link(invitation: MeetingInvitation) -> None:
    with translation.override(language_of(invitation)):
        link = link_of(invitation)
        remind(invitation.meeting, name=str(invitation.participant), to=invitation.email, link=link)


def remind(meeting: Meeting, *, name: str, to: str, link: str) -> None:
    subject = _("Reminder of a meeting: %(title)s") % {"title": meeting.title}
    body = _(
        "Dear %(name)s,\n\nyou are registered for this meeting: %(title)s.\n\nIt begins on %(day)s "
        "(%(zone)s).\n\nAgenda and papers:\n%(link)s\n\n%(instance)s\n"
    )
    queue_mail(to=to, subject=subject, body=body % (values(meeting, link) | {"name": name}))


def language_of(invitation: MeetingInvitation) -> str:
    return invitation.language if invitation.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def values(meeting: Meeting, link: str) -> dict[str, object]:
    instance = Instance.current()
    return {
        "instance": instance,
        "title": meeting.title,
        "day": date_format(local(meeting.begins_at), "DATETIME_FORMAT"),
        "zone": instance.time_zone,
        "link": link,
    }
