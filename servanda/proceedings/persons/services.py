"""Persons concerned: each reading, and each change, is a line of the trail that names the letter and no person."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.proceedings.models import PersonConcerned, Proceeding
from servanda.proceedings.persons.naming import refuse_published
from servanda.proceedings.rules import lock_kept, refuse_erased, refuse_held
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

FIELDS = ("role", "name", "details", "consents", "consent_source", "outcome", "outcome_note")


@dataclass(frozen=True, kw_only=True)
class PersonValues:
    role: str
    name: str
    details: str = ""
    consents: bool = False
    consent_source: str = ""
    outcome: str = PersonConcerned.Outcome.UNKNOWN
    outcome_note: str = ""


@transaction.atomic
def read_persons(*, proceeding: Proceeding, by: User) -> list[PersonConcerned]:
    """The persons concerned, for a page that shows who they are. Raises `Refused` without the permission."""
    refuse_unless_reading(by)
    persons = list(PersonConcerned.objects.visible_to(by).filter(proceeding=proceeding))
    if persons:
        Event.record("identities-read", proceeding, by=by)
    return persons


@transaction.atomic
def add_person_concerned(*, proceeding: Proceeding, values: PersonValues, by: User) -> PersonConcerned:
    """Add a person. Raises `FieldRefused` for a consent without its source, and for the name of a person without
    consent that is published already."""
    refuse_unless_reading(by)
    proceeding = lock_kept(proceeding)
    refuse_erased(proceeding)
    person = PersonConcerned(proceeding=proceeding)
    set_values(person, values)
    person.save()
    Event.record("person-concerned-added", proceeding, by=by)
    return person


@transaction.atomic
def edit_person_concerned(*, person: PersonConcerned, values: PersonValues, seen: int, by: User) -> None:
    """Edit a person. Raises `ChangedMeanwhile` if another person has saved since, `Refused` if erased, and
    `FieldRefused` as `add_person_concerned`."""
    person = lock_person(person, by=by)
    refuse_if_changed(person.version, seen, overwriting_conflict())
    set_values(person, values)
    person.version += 1
    person.save()
    Event.record("person-concerned-edited", person.proceeding, by=by)


@transaction.atomic
def erase_person_concerned(*, person: PersonConcerned, reason: str, by: User) -> None:
    """Erase what identifies the person for good; the row stays, so that their number and role still count.

    Raises `Refused` under a legal hold.
    """
    person = lock_person(person, by=by)
    refuse_held(person.proceeding)
    reason = required_reason(reason)
    forget_person(person)
    Event.record("person-concerned-erased", person.proceeding, by=by, difference={"reason": ["", reason]})


def forget_person(person: PersonConcerned) -> None:
    person.name = person.details = person.consent_source = person.outcome_note = ""
    person.consents, person.erased_at = False, timezone.now()
    person.version += 1
    person.save()


def set_values(person: PersonConcerned, values: PersonValues) -> None:
    if values.consents and not clean_label(values.consent_source):
        raise FieldRefused("consent_source", _("Enter the source of the consent."))
    before = (person.name, person.consents)
    for name in FIELDS:
        value = getattr(values, name)
        setattr(person, name, clean(value) if isinstance(value, str) else value)
    if (person.name, person.consents) != before:
        refuse_published(person)


def lock_person(person: PersonConcerned, *, by: User) -> PersonConcerned:
    refuse_unless_reading(by)
    lock_kept(person.proceeding)
    locked = PersonConcerned.objects.select_for_update(of=("self",)).select_related("proceeding").get(pk=person.pk)
    if locked.erased_at:
        raise Refused(_("This person has been erased. No changes were made."))
    return locked


def refuse_unless_reading(by: User) -> None:
    if not can(by, Can.READ_IDENTITIES):
        raise Refused(_("You do not have permission to see who the persons concerned are."))
