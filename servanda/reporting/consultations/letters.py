"""Mails of consultations, each in the language of its reader."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.people.access import Can, can
from servanda.people.models import Appointment, Instance, Notification, User
from servanda.people.notifications.services import in_language_of, notify, origin_for_links
from servanda.progress.rounds.days import local, local_day
from servanda.reporting.models import Consultation, ConsultationComment
from servanda.trail.models import Event

Kind = Notification.Kind
WEEK = timedelta(days=7)
FIRST_HOUR = 7  # in the time zone of the mechanism


def invited_people(consultation: Consultation) -> list[User]:
    """The people invited by name, and the current contributors of the invited institutions. People whose appointment
    has ended are left out."""
    by_name = consultation.invitations.order_by().values("person")
    places = consultation.institutions.order_by().values("institution")
    of_places = Appointment.objects.current(on=timezone.localdate()).filter(
        institution__in=places, function=Appointment.Function.CONTRIBUTOR
    )
    invited = Q(pk__in=by_name) | Q(pk__in=of_places.order_by().values("person"))
    people = User.objects.filter(invited, is_active=True).order_by("pk")
    return [person for person in people if can(person, Can.CONTRIBUTE)]


def announce(consultation: Consultation, *, by: User | None, to: Sequence[User] | None = None) -> None:
    """Notify those invited, or only some of them, that the draft is open."""
    people = invited_people(consultation) if to is None else to
    if consultation.announced_at is None:
        consultation.announced_at = timezone.now()
        consultation.save(update_fields=["announced_at"])
    notify(people=people, kind=Kind.CONSULTATION_OPENED, thing=consultation, by=by, label=consultation.title)
    write_letters(consultation, people, Kind.CONSULTATION_OPENED)


def announce_consultations(*, now: datetime) -> int:
    """Send the invitations to consultations that were due to open; returns the number of consultations."""
    due = Consultation.objects.open(on=local_day(now)).filter(announced_at=None)
    return sum(announce_planned(consultation) for consultation in due)


@transaction.atomic
def announce_planned(consultation: Consultation) -> bool:
    """Locked, so that two workers do not send the same mail."""
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if locked.announced_at is not None or not locked.is_opened or locked.withdrawn_at is not None:
        return False
    announce(locked, by=None)
    Event.record("consultation-opened", locked, difference={"until": ["", str(locked.ends_on)]})
    return True


def write_letters(consultation: Consultation, people: Iterable[User], kind: str) -> None:
    for person in people:
        with in_language_of(person):
            subject, body = opened(consultation) if kind == Kind.CONSULTATION_OPENED else closing(consultation)
            queue_mail(to=person.email, subject=subject, body=body % values(consultation, person))


def opened(consultation: Consultation) -> tuple[str, str]:
    subject = _("Your comments on a draft: %(title)s") % {"title": consultation.title}
    body = _(
        "Dear %(name)s,\n\n%(instance)s invites you to comment on a draft report: %(title)s.\n\nComments can be sent "
        "until the end of %(day)s. Each one receives a reply.\n\nRead the draft:\n%(link)s\n"
    )
    return subject, body


def closing(consultation: Consultation) -> tuple[str, str]:
    subject = _("Comments are possible for one more week: %(title)s") % {"title": consultation.title}
    body = _(
        "Dear %(name)s,\n\nthe consultation of %(instance)s on a draft report closes at the end of %(day)s: "
        "%(title)s.\n\nUntil then you can send comments, and change or withdraw those that have no reply yet:\n"
        "%(link)s\n"
    )
    return subject, body


def write_reply_letter(comment: ConsultationComment) -> None:
    """To the author, if they have an account."""
    person = comment.author
    if person is None or not person.is_active or not can(person, Can.CONTRIBUTE):
        return
    with in_language_of(person):
        subject = _("A reply to your comment: %(title)s") % {"title": comment.consultation.title}
        body = _(
            "Dear %(name)s,\n\n%(instance)s replied to your comment on a draft report: %(title)s.\n\n"
            "Read the reply:\n%(link)s\n"
        )
        queue_mail(to=person.email, subject=subject, body=body % values(comment.consultation, person))


def values(consultation: Consultation, person: User) -> dict[str, object]:
    return {
        "name": person,
        "instance": Instance.current(),
        "title": consultation.title,
        "day": date_format(consultation.ends_on, "DATE_FORMAT"),
        "link": origin_for_links("") + consultation.get_absolute_url(),
    }


def remind_of_consultations(*, now: datetime) -> int:
    """Remind all invited people once, in the last week; returns the number of consultations. No reminder is sent for
    consultations of a week or less."""
    if local(now).hour < FIRST_HOUR:
        return 0
    on = local_day(now)
    due = Consultation.objects.open(on=on).filter(reminded_at=None, ends_on__lte=on + WEEK)
    return sum(remind_of(consultation, now=now) for consultation in due)


@transaction.atomic
def remind_of(consultation: Consultation, *, now: datetime) -> bool:
    """Locked, so that two workers do not send the same mail."""
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if locked.reminded_at is not None or locked.opened_at is None or not locked.is_opened:
        return False
    locked.reminded_at = timezone.now()
    locked.save(update_fields=["reminded_at"])
    if locked.ends_on - local_day(locked.opened_at) <= WEEK:
        return False
    people = invited_people(locked)
    notify(people=people, kind=Kind.CONSULTATION_CLOSES, thing=locked, by=None, label=locked.title)
    write_letters(locked, people, Kind.CONSULTATION_CLOSES)
    return True
