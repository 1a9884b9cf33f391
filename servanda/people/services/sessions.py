"""Browsers in which somebody is logged in, ended by themselves."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from servanda.people.models import User
from servanda.people.services import accounts
from servanda.trail.models import Event


@transaction.atomic
def end_session(*, session: UserSession, by: User) -> None:
    """Log out in one other browser."""
    session.end()
    Event.record("session-ended", by=by)


@transaction.atomic
def end_other_sessions(*, by: User) -> User:
    """Log out in every browser; whoever asks goes on in theirs with the person that is given back."""
    person = User.objects.select_for_update().get(pk=by.pk)
    accounts.end_sessions(person)
    Event.record("other-sessions-ended", by=by)
    return person


@transaction.atomic
def end_sessions(*, by: User) -> None:
    """Log out in every browser, this one included."""
    accounts.end_sessions(User.objects.select_for_update().get(pk=by.pk))
    Event.record("sessions-ended", by=by)
