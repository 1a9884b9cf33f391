"""Access keys: with one, a program does for a person what the person may do, and never more."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import ApiToken, User
from servanda.people.notifications.services import house_address, in_language_of
from servanda.people.second_factor import rules as second_factor
from servanda.trail.models import Event

MARK = "srv_"  # so that a key that slipped into a file is found by those who look for such things
SHOWN = 12  # of its characters, to tell one from another
LONGEST = timedelta(days=365)
USUAL = timedelta(days=90)
NOTED_EVERY = timedelta(hours=1)


def digest_of(key: str) -> str:
    """What is kept of a key. With 256 bits of chance in it nobody tries them all: a slow hash, which makes up for
    passwords that can be guessed, would only slow down each request. This one can be looked up."""
    return sha256(key.encode()).hexdigest()


def may_hold(person: User, scope: str) -> bool:
    """A key that writes is for those who may edit; with any other it could only be lost."""
    return can(person, Can.EDIT_REGISTER) if scope == ApiToken.Scope.WRITE else can(person, Can.USE_DESK)


@transaction.atomic
def make_token(*, name: str, scope: str, last_day: date, by: User, origin: str = "") -> tuple[ApiToken, str]:
    """A new key and its row; the key itself is shown to the person now, and known to nobody afterwards. A mail tells
    its owner, who may not be the one at the keyboard. `origin` is that of the page, for the link in the mail."""
    now = timezone.now()
    if not may_hold(by, scope):
        raise Refused(_("Your role does not change records, so your keys only read."))
    if not timezone.localdate() <= last_day <= timezone.localdate() + LONGEST:
        raise Refused(_("A key works for a year at most. Choose an earlier day; you can make a new key then."))
    if ApiToken.objects.usable(on=now).filter(person=by, name=name).exists():
        raise Refused(_("You have a key of this name. Revoke it first, or give the new one another name."))
    key = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=by,
        name=name,
        scope=scope,
        digest=digest_of(key),
        start_of_key=key[:SHOWN],
        created_at=now,
        expires_at=timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min)),
    )
    said = {"scope": ["", scope], "expires_at": ["", token.expires_at.isoformat()]}
    tell_owner(token, origin)
    Event.record("token-made", token, by=by, difference=said, label=name)
    return token, key


def tell_owner(token: ApiToken, origin: str) -> None:
    with in_language_of(token.person):
        body = _(
            "An access key was made with your account.\n\n"
            "Name: %(name)s\nPermission: %(scope)s\nValid until: %(until)s\n\n"
            "If you did not make it, revoke it here and change your password:\n\n%(link)s"
        )
        what = {
            "name": token.name,
            "scope": token.get_scope_display(),
            "until": date_format(timezone.localtime(token.expires_at), "DATETIME_FORMAT"),
            "link": house_address(origin) + reverse("people:tokens"),
        }
        queue_mail(to=token.person.email, subject=_("An access key was made"), body=body % what)


def tokens_within_reach(person: User) -> QuerySet[ApiToken]:
    """Those that a person may revoke: their own, and everybody's for who gives roles."""
    return ApiToken.objects.all() if can(person, Can.GIVE_ROLES) else ApiToken.objects.filter(person=person.pk)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """From now on the key opens nothing."""
    now = timezone.now()
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Refused(_("This key was already revoked."))
    Event.record("token-revoked", token, by=by, label=token.name)


@transaction.atomic
def revoke_tokens(*, tokens: Iterable[ApiToken], by: User) -> int:
    """Revoke several keys of one's own; those that were revoked already stay as they are. Returns how many."""
    chosen = ApiToken.objects.filter(person=by.pk, revoked_at=None, pk__in=[token.pk for token in tokens])
    there = list(chosen.select_for_update().order_by("pk"))
    for token in there:
        revoke_token(token=token, by=by)
    return len(there)


def usable_tokens(person: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.usable(on=timezone.now()).filter(person=person.pk)


def token_of(key: str, *, on: datetime, use: str = ApiToken.Scope.READ) -> ApiToken | None:
    """The row of a key that works at this moment, with its person; its use is noted once an hour at most, and the
    first time within the hour that it writes.

    A key gets nobody around the second factor: without one that their role needs, it opens nothing.
    """
    token = ApiToken.objects.usable(on=on).select_related("person").filter(digest=digest_of(key)).first()
    if token is None or second_factor.is_missing(token.person):
        return None
    is_old = token.last_used_at is None or token.last_used_at <= on - NOTED_EVERY
    if is_old or (use == ApiToken.Scope.WRITE and token.last_use != use):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=on, last_use=use)
    return token
