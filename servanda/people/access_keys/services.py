"""Make, revoke and check access keys, with which programs act for a person, within that person's rights."""

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
from servanda.people.notifications.services import in_language_of, origin_for_links
from servanda.people.second_factor import rules as second_factor
from servanda.trail.models import Event

MARK = "srv_"  # lets secret scanners find a key that was committed by mistake
SHOWN = 12  # first characters, by which keys are told apart
LONGEST = timedelta(days=365)
USUAL = timedelta(days=90)
NOTED_EVERY = timedelta(hours=1)


def digest_of(key: str) -> str:
    """The stored hash of a key. A fast hash is enough, as keys have 256 random bits; slow hashes protect passwords
    that can be guessed, and would slow down every request."""
    return sha256(key.encode()).hexdigest()


def may_hold(person: User, scope: str) -> bool:
    """Keys that write are only for those who may edit the register."""
    return can(person, Can.EDIT_REGISTER) if scope == ApiToken.Scope.WRITE else can(person, Can.USE_DESK)


@transaction.atomic
def make_token(*, name: str, scope: str, last_day: date, by: User, origin: str = "") -> tuple[ApiToken, str]:
    """Create a key, and return its row and the key itself, which is shown once and not stored.

    The owner is notified by mail, in case it was not them; `origin` is the address of the page, for the link in the
    mail. Raises `Refused` if the person may not hold such a key, for a day that is too late, or if the name is in
    use.
    """
    now = timezone.now()
    if not may_hold(by, scope):
        raise Refused(_("Your role cannot change records, so your keys are read-only."))
    if not timezone.localdate() <= last_day <= timezone.localdate() + LONGEST:
        raise Refused(_("Enter a date within one year from today."))
    if ApiToken.objects.usable(on=now).filter(person=by, name=name).exists():
        raise Refused(_("You already have a key of this name. Revoke it, or enter another name."))
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
    difference = {"scope": ["", scope], "expires_at": ["", token.expires_at.isoformat()]}
    tell_owner(token, origin)
    Event.record("token-made", token, by=by, difference=difference, label=name)
    return token, key


def tell_owner(token: ApiToken, origin: str) -> None:
    with in_language_of(token.person):
        body = _(
            "An access key was created with your account.\n\nName: %(name)s\nPermission: %(scope)s\nValid until: "
            "%(until)s\n\nIf you did not create it, revoke it and change your password:\n\n%(link)s"
        )
        what = {
            "name": token.name,
            "scope": token.get_scope_display(),
            "until": date_format(timezone.localtime(token.expires_at), "DATETIME_FORMAT"),
            "link": origin_for_links(origin) + reverse("people:tokens"),
        }
        queue_mail(to=token.person.email, subject=_("An access key was created"), body=body % what)


def tokens_within_reach(person: User) -> QuerySet[ApiToken]:
    """The keys that a person may revoke: their own, and all keys for those who give roles."""
    return ApiToken.objects.all() if can(person, Can.GIVE_ROLES) else ApiToken.objects.filter(person=person.pk)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """Revoke a key at once. Raises `Refused` if it is revoked already."""
    now = timezone.now()
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Refused(_("This key has already been revoked."))
    Event.record("token-revoked", token, by=by, label=token.name)


@transaction.atomic
def revoke_tokens(*, tokens: Iterable[ApiToken], by: User) -> int:
    """Revoke several of one's own keys, and return how many were revoked."""
    chosen = ApiToken.objects.filter(person=by.pk, revoked_at=None, pk__in=[token.pk for token in tokens])
    locked = list(chosen.select_for_update().order_by("pk"))
    for token in locked:
        revoke_token(token=token, by=by)
    return len(locked)


def usable_tokens(person: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.usable(on=timezone.now()).filter(person=person.pk)


def token_of(key: str, *, on: datetime, use: str = ApiToken.Scope.READ) -> ApiToken | None:
    """The row of a valid key, with its person; None if it is not valid. Its use is recorded at most once an hour, and
    at the first write in the hour.

    A key does not bypass the second factor: it is invalid if the person's role needs one that they do not have.
    """
    token = ApiToken.objects.usable(on=on).select_related("person").filter(digest=digest_of(key)).first()
    if token is None or second_factor.is_missing(token.person):
        return None
    is_old = token.last_used_at is None or token.last_used_at <= on - NOTED_EVERY
    if is_old or (use == ApiToken.Scope.WRITE and token.last_use != use):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=on, last_use=use)
    return token
