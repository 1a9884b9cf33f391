"""Members of the network: steps of a membership, contact persons, and the rules of the network."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import MechanismProfile, MemberContact, MembershipStep, NetworkRule
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

CONTACT = ("name", "function", "email", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleValues:
    text: str
    language: str
    source: str
    agreed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactValues:
    name: str
    function: str = ""
    email: str = ""
    language: str = ""


def current_rule(subject: str) -> NetworkRule | None:
    return NetworkRule.objects.filter(subject=subject).order_by("-number").first()


@transaction.atomic
def set_rule(*, subject: str, values: RuleValues, seen: int | None, by: User | None) -> None:
    """Add a version of a rule. `seen` is the number of the version that the person was shown, 0 for none.

    Raises `ChangedMeanwhile` if another user saved one since, and `FieldRefused` without a text or a source.
    """
    current = NetworkRule.objects.select_for_update().filter(subject=subject).order_by("-number").first()
    number = current.number if current else 0
    label = str(NetworkRule.Subject(subject).label)
    refuse_if_changed(number, seen, overwriting_conflict(label))
    text, source = clean(values.text), clean_label(values.source)
    if not text:
        raise FieldRefused("text", _("Enter the text of the rule."))
    if not source:
        raise FieldRefused("source", _("Enter where it was agreed: a declaration, a meeting, a plan."))
    made = NetworkRule(subject=subject, number=number + 1, text=text, source=source, by=by)
    made.language, made.agreed_on = values.language, values.agreed_on
    made.save()
    Event.record("network-rule-set", made, by=by, difference={"text": [current.text if current else "", text]})


def latest_step(profile: MechanismProfile) -> MembershipStep | None:
    return MembershipStep.objects.newest_first().filter(profile=profile).first()


def possible_steps(profile: MechanismProfile) -> list[str]:
    """The kinds of steps that can follow the latest one."""
    latest = latest_step(profile)
    return [str(kind) for kind in MembershipStep.AFTER[latest.kind if latest else ""]]


@transaction.atomic
def record_membership(
    *, profile: MechanismProfile, kind: str, day: date, reason: str, by: User | None
) -> MembershipStep:
    """Record the next step of a membership.

    Raises `FieldRefused` for a kind that cannot follow the latest step, for a day before it or in the future, and
    without a reason.
    """
    locked = lock_profile(profile)
    latest = latest_step(locked)
    if kind not in possible_steps(locked):
        raise FieldRefused("kind", _("This step cannot follow the latest one. Reload the page."))
    if day > timezone.localdate():
        raise FieldRefused("day", _("The date must be today or in the past."))
    if latest and day < latest.day:
        raise FieldRefused("day", _("Enter a date that is not before the latest step."))
    if not (why := clean(reason)):
        raise FieldRefused("reason", _("Enter a reason."))
    step = MembershipStep.objects.create(profile=locked, kind=kind, day=day, reason=why, by=by)
    difference = {"step": ["", kind], "day": ["", day.isoformat()], "reason": ["", why]}
    Event.record("membership-recorded", locked, by=by, difference=difference)
    return step


@transaction.atomic
def undo_membership(*, step: MembershipStep, by: User) -> None:
    """Take the latest step back. Raises `Refused` for an earlier one."""
    profile = lock_profile(step.profile)
    latest = latest_step(profile)
    if latest is None or latest.pk != step.pk:
        raise Refused(_("Only the latest step can be undone."))
    latest.withdrawn_at = timezone.now()
    latest.save(update_fields=["withdrawn_at"])
    Event.record("membership-undone", profile, by=by, difference={"step": [latest.kind, ""]})


@transaction.atomic
def restore_membership(*, step: MembershipStep, by: User) -> None:
    """Record an undone step again. Raises `Refused` if it no longer follows the latest one."""
    profile = lock_profile(step.profile)
    locked = MembershipStep.objects.get(pk=step.pk)
    latest = latest_step(profile)
    is_next = locked.kind in possible_steps(profile) and not (latest and latest.day > locked.day)
    if locked.withdrawn_at is None or not is_next:
        raise Refused(_("This step can no longer follow the latest one."))
    locked.withdrawn_at = None
    locked.save(update_fields=["withdrawn_at"])
    Event.record("membership-recorded", profile, by=by, difference={"step": ["", locked.kind]})


@transaction.atomic
def add_contact(*, profile: MechanismProfile, values: ContactValues, by: User | None) -> MemberContact:
    """Raises `FieldRefused` without a name."""
    locked = lock_profile(profile)
    contact = MemberContact(profile=locked, added_by=by)
    set_contact(contact, values)
    Event.record("member-contact-added", locked, by=by, difference={"contact": ["", contact.pk]})
    return contact


@transaction.atomic
def edit_contact(*, contact: MemberContact, values: ContactValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since, and `FieldRefused` without a name."""
    locked = lock_contact(contact)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.name))
    before = [getattr(locked, name) for name in CONTACT]
    locked.version += 1
    set_contact(locked, values)
    if before != [getattr(locked, name) for name in CONTACT]:
        Event.record("member-contact-edited", locked.profile, by=by, difference={"contact": ["", locked.pk]})


def set_contact(contact: MemberContact, values: ContactValues) -> None:
    for name in CONTACT:
        setattr(contact, name, clean_label(getattr(values, name)))
    if not contact.name:
        raise FieldRefused("name", _("Enter a name."))
    contact.save()


@transaction.atomic
def end_contact(*, contact: MemberContact, by: User) -> None:
    """They are no longer written to. Raises `Refused` if this has been done."""
    locked = lock_contact(contact)
    if locked.ended_at is not None:
        raise Refused(_("This has already been done."))
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    Event.record("member-contact-ended", locked.profile, by=by, difference={"contact": [locked.pk, ""]})


@transaction.atomic
def restore_contact(*, contact: MemberContact, by: User) -> None:
    """Raises `Refused` if they are a contact person."""
    locked = lock_contact(contact)
    if locked.ended_at is None:
        raise Refused(_("This has already been done."))
    locked.ended_at = None
    locked.save(update_fields=["ended_at"])
    Event.record("member-contact-added", locked.profile, by=by, difference={"contact": ["", locked.pk]})


def record_download(*, by: User) -> None:
    """Leave a line in the trail about the list of members that left as a file."""
    Event.record("members-downloaded", by=by)


def lock_profile(profile: MechanismProfile) -> MechanismProfile:
    return MechanismProfile.objects.select_for_update().get(pk=profile.pk)


def lock_contact(contact: MemberContact) -> MemberContact:
    lock_profile(contact.profile)
    return MemberContact.objects.select_related("profile").get(pk=contact.pk)
