"""Profiles of mechanisms: add, edit, enter facts, publish, withdraw, restore; and keep what another system sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import MechanismProfile, ProfileFact
from servanda.network.profiles.fields import fields_by_code
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event
from servanda.vocab.models import Country


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileValues:
    country: Country
    name: str
    is_own: bool = False
    is_invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValues:
    value: str = ""
    since: date | None = None
    source: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.value


@transaction.atomic
def add_profile(*, values: ProfileValues, by: User | None) -> MechanismProfile:
    """Raises `FieldRefused` without a name, or if our own mechanism already has a profile."""
    profile = MechanismProfile(version=0)
    set_values(profile, values)
    with refuse_second_own_profile():
        save_version(profile, "profile-added", by=by, difference={})
    return profile


@transaction.atomic
def edit_profile(*, profile: MechanismProfile, values: ProfileValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since, and `Refused` for a received one."""
    locked = lock_editable(profile)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.name))
    before = values_in_trail(locked)
    set_values(locked, values)
    if difference := difference_of(before, values_in_trail(locked)):
        with refuse_second_own_profile():
            save_version(locked, "profile-edited", by=by, difference=difference)


def set_values(profile: MechanismProfile, values: ProfileValues) -> None:
    if not (name := clean_label(values.name)):
        raise FieldRefused("name", _("Enter the name of the mechanism."))
    profile.country, profile.name = values.country, name
    profile.is_own, profile.is_invented = values.is_own, values.is_invented


def values_in_trail(profile: MechanismProfile) -> dict[str, object]:
    return {
        "country": profile.country.code,
        "name": profile.name,
        "is_own": profile.is_own,
        "is_invented": profile.is_invented,
    }


@contextmanager
def refuse_second_own_profile() -> Iterator[None]:
    """Raises `FieldRefused` where a second profile would be that of our own mechanism."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise FieldRefused("is_own", _("Another profile is already that of your own mechanism.")) from error


@transaction.atomic
def set_facts(
    *, profile: MechanismProfile, facts: Mapping[str, FactValues], seen: int | None, by: User | None
) -> None:
    """Enter values for fields; a changed fact replaces the former one, which stays in the history.

    Raises `ChangedMeanwhile` if another user saved it since, and `Refused` for a received profile, or for a field
    that this system counts itself.
    """
    locked = lock_editable(profile)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.name))
    for code in facts:
        if not fields_by_code()[code].is_entered(is_own=locked.is_own):
            raise Refused(_("This value is computed by the system."))
    if difference := replace_facts(locked, facts, by=by):
        save_version(locked, "profile-facts-set", by=by, difference=difference)


def replace_facts(profile: MechanismProfile, facts: Mapping[str, FactValues], *, by: User | None) -> dict[str, list]:
    """Returns the values that changed, before and after."""
    current = {fact.field: fact for fact in profile.facts.current()}
    changed = {code: values for code, values in facts.items() if values != values_of(current.get(code))}
    profile.facts.current().filter(field__in=changed).update(replaced_at=timezone.now())
    ProfileFact.objects.bulk_create(
        ProfileFact(profile=profile, field=code, value=values.value, since=values.since, source=values.source, by=by)
        for code, values in changed.items()
        if not values.is_empty
    )
    return {code: [values_of(current.get(code)).value, values.value] for code, values in changed.items()}


def values_of(fact: ProfileFact | None) -> FactValues:
    return FactValues(value=fact.value, since=fact.since, source=fact.source) if fact else FactValues()


@transaction.atomic
def publish_profile(*, profile: MechanismProfile, by: User) -> None:
    """Raises `Refused` if it is published already, or was received."""
    locked = lock_editable(profile)
    if locked.is_published:
        raise Refused(_("This has already been done."))
    locked.is_published = True
    save_version(locked, "profile-published", by=by, difference={"is_published": [False, True]})


@transaction.atomic
def unpublish_profile(*, profile: MechanismProfile, by: User) -> None:
    """Raises `Refused` if it is not published, or was received."""
    locked = lock_editable(profile)
    if not locked.is_published:
        raise Refused(_("This has already been done."))
    locked.is_published = False
    save_version(locked, "profile-unpublished", by=by, difference={"is_published": [True, False]})


@transaction.atomic
def withdraw_profile(*, profile: MechanismProfile, reason: str, by: User) -> None:
    """Remove it from all lists. Raises `FieldRefused` without a reason."""
    locked = lock(profile)
    withdraw(locked, "profile-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_profile(*, profile: MechanismProfile, by: User) -> None:
    """Raises `Refused` if it is not withdrawn, or if another profile is that of our own mechanism by now."""
    locked = MechanismProfile.objects.select_for_update().get(pk=profile.pk)
    with refuse_second_own_profile():
        restore(locked, "profile-restored", by=by)


@transaction.atomic
def receive_profile(
    *,
    origin: str,
    values: ProfileValues,
    facts: Mapping[str, FactValues],
    on: date,
    by: User | None,
    is_unsigned: bool = False,
) -> MechanismProfile:
    """Keep the profile that another system published at the address `origin` and a person accepted; the same one
    again replaces what was received before. Fields that this version does not know are left out."""
    profile = MechanismProfile.objects.select_for_update().filter(origin=origin).first()
    if profile is None:
        profile = MechanismProfile(origin=origin, version=0)
    profile.country, profile.name, profile.is_invented = values.country, values.name, values.is_invented
    profile.received_on, profile.is_unsigned = on, is_unsigned
    profile.withdrawn_at, profile.withdrawn_reason = None, ""
    save_version(profile, "profile-received", by=by, difference={"origin": ["", origin]})
    known = only_known(facts)
    left_out = profile.facts.current().exclude(field__in=known).values_list("field", flat=True)
    replace_facts(profile, known | dict.fromkeys(left_out, FactValues()), by=by)
    return profile


@transaction.atomic
def named_profile(*, origin: str, values: ProfileValues, on: date) -> MechanismProfile:
    """The received profile at this address; one that has only a name where its own object has not been accepted."""
    found = MechanismProfile.objects.filter(origin=origin).first()
    return found or receive_profile(origin=origin, values=values, facts={}, on=on, by=None)


@transaction.atomic
def delete_received_profiles(*, origins: Sequence[str]) -> None:
    """Delete profiles that a peer withdrew, with their facts. A profile to which our own entries refer keeps its name
    and is marked as withdrawn."""
    for profile in MechanismProfile.objects.select_for_update().filter(origin__in=origins).exclude(origin=""):
        profile.facts.all().delete()
        if is_referred_to(profile):
            profile.withdrawn_at, profile.withdrawn_reason = timezone.now(), _("Its sender withdrew it.")
            save_version(profile, "profile-deleted", by=None, difference={})
        else:
            Event.record("profile-deleted", label=profile.name)
            profile.delete()


@transaction.atomic
def delete_unused_profiles(*, origins: Iterable[str]) -> None:
    """Delete received profiles that have only a name and to which nothing refers any more."""
    for profile in MechanismProfile.objects.filter(origin__in=list(origins)).exclude(origin=""):
        if not profile.facts.exists() and not is_referred_to(profile):
            profile.delete()


def is_referred_to(profile: MechanismProfile) -> bool:
    """Whether anything but its facts names the profile."""
    related = (relation for relation in profile._meta.related_objects if relation.related_model is not ProfileFact)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: profile}).exists() for relation in related
    )


def only_known(facts: Mapping[str, FactValues]) -> dict[str, FactValues]:
    fields = fields_by_code()
    return {code: values for code, values in facts.items() if code in fields and not fields[code].is_own}


def lock(profile: MechanismProfile) -> MechanismProfile:
    """Raises `Refused` for a withdrawn one."""
    locked = MechanismProfile.objects.select_for_update(of=("self",)).select_related("country").get(pk=profile.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This profile is withdrawn. Restore it first."))
    return locked


def lock_editable(profile: MechanismProfile) -> MechanismProfile:
    locked = lock(profile)
    if locked.is_received:
        raise Refused(_("Another system sent this profile. It can only be changed there."))
    return locked


def record_download(*, by: User, profiles: Iterable[MechanismProfile]) -> None:
    """Leave a line in the trail about a list of profiles that left as a file."""
    names = [profile.name for profile in profiles]
    Event.record("profiles-downloaded", by=by, label=", ".join(names)[:200])
