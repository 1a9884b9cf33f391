"""Cases: set their facts, and the entries of their course."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import difference_of
from servanda.proceedings.cases.referral import refuse_contradicted_clock, refuse_early_referral
from servanda.proceedings.models import CaseEntry, CaseFacts, Proceeding
from servanda.proceedings.rules import lock, lock_kept, save_version, set_deadline
from servanda.sources.printed.texts import clean, clean_label

DATES = ("decided_on", "notified_on", "final_on")
Standing = CaseFacts.Standing


class EntryValues(NamedTuple):
    """One line of the course; `pk` is that of a line that exists."""

    type: str
    on: date
    reference: str = ""
    note: str = ""
    pk: int | None = None


@transaction.atomic
def set_case(*, proceeding: Proceeding, seen: int, by: User, **facts: Any) -> None:
    """Set the facts of a case (`CaseFacts.FACTS`); what is not given is emptied.

    A deadline that no document sets follows the rule of the body. Raises `ChangedMeanwhile` if the case was changed
    since `seen`, and `FieldRefused` for dates that contradict each other or a suspension, or facts that its body does
    not know.
    """
    proceeding = lock_case(proceeding, by=by, seen=seen)
    case = CaseFacts.objects.get(proceeding=proceeding)
    before = described(case)
    for name in CaseFacts.FACTS:
        setattr(case, name, facts.get(name) or (None if name in (*DATES, "leading_case") else ""))
    for name in ("applicants", "agent", "articles"):
        setattr(case, name, clean_label(getattr(case, name)))
    refuse_facts_of_other_bodies(proceeding, case)
    refuse_impossible_dates(case)
    refuse_impossible_group(proceeding, case)
    refuse_contradicted_clock(proceeding, case)
    case.save()
    case.proceeding = proceeding  # so that the dates just set start the clock of the rule
    if proceeding.due_from in ("", *Proceeding.BY_RULE):
        set_deadline(proceeding, None)
    if difference := difference_of(before, described(case)):
        save_version(proceeding, "case-set", by=by, difference=difference)


@transaction.atomic
def set_course(*, proceeding: Proceeding, entries: Sequence[EntryValues], seen: int, by: User) -> None:
    """Replace the entries of the course of a case.

    Raises `ChangedMeanwhile` if the case was changed since `seen`, and `Refused` for an entry in the future or of a
    type that the body does not know, or if a suspension of the time limit starts after the referral to the court.
    """
    proceeding = lock_case(proceeding, by=by, seen=seen)
    present = {row.pk: row for row in proceeding.entries.all()}
    for row in entries:
        refuse_impossible_entry(proceeding, row, present.get(row.pk or 0))
    refuse_early_referral(proceeding, entries)
    before = len(present)
    proceeding.entries.exclude(pk__in=[row.pk for row in entries if row.pk in present]).delete()
    for row in entries:
        entry = present.get(row.pk or 0) or CaseEntry(proceeding=proceeding)
        entry.type, entry.on = row.type, row.on
        entry.reference, entry.note = clean_label(row.reference), clean(row.note)
        entry.save()
    save_version(proceeding, "case-course-set", by=by, difference={"entries": [before, len(entries)]})


def refuse_impossible_entry(proceeding: Proceeding, row: EntryValues, present: CaseEntry | None) -> None:
    is_kept = present is not None and present.type == row.type  # also of a type that is no longer offered
    if row.type not in proceeding.kind_facts.entries and not is_kept:
        raise Refused(_("Choose a type of entry that belongs to this body."))
    if row.on > timezone.localdate() and row.type != "hearing":
        raise Refused(_("Only a hearing can have a date in the future."))


def lock_case(proceeding: Proceeding, *, by: User, seen: int | None = None) -> Proceeding:
    if not lock_kept(proceeding).kind_facts.is_case:
        raise Refused(_("This is not a case."))
    return lock(proceeding, by=by, seen=seen)


def refuse_facts_of_other_bodies(proceeding: Proceeding, case: CaseFacts) -> None:
    special = {"notified_on", "final_on", "standing", "leading_case", "supervision"} - proceeding.kind_facts.fields
    for name in special:
        if getattr(case, name):
            raise FieldRefused(name, _("The body of this case does not use this. Leave it empty."))


def refuse_impossible_dates(case: CaseFacts) -> None:
    for name in DATES:
        if (value := getattr(case, name)) and value > timezone.localdate():
            raise FieldRefused(name, _("The date must be today or in the past."))
    for name in ("notified_on", "final_on"):
        value = getattr(case, name)
        if value and case.decided_on is None:
            raise FieldRefused("decided_on", _("Enter the date of the judgment, decision or Views."))
        if value and case.decided_on and value < case.decided_on:
            raise FieldRefused(name, _("The date is before that of the document. Enter a later date."))


def refuse_impossible_group(proceeding: Proceeding, case: CaseFacts) -> None:
    """A group has one leading case, which is of the same body and leads itself."""
    if case.leading_case is None:
        return
    if case.standing != Standing.REPETITIVE:
        raise FieldRefused("leading_case", _("Only a repetitive case belongs to the group of a leading case."))
    leading = leading_cases(proceeding).filter(pk=case.leading_case.pk)
    if not leading.exists():
        raise FieldRefused("leading_case", _("Choose a leading case of the same body."))


def leading_cases(proceeding: Proceeding) -> QuerySet[Proceeding]:
    """The leading cases whose group this case can join."""
    kept = Proceeding.objects.kept().filter(kind=proceeding.kind, case__standing=Standing.LEADING)
    return kept.exclude(pk=proceeding.pk)


def described(case: CaseFacts) -> dict[str, str]:
    """The facts for the trail, without pseudonym and name."""
    values = {name: str(getattr(case, name) or "") for name in CaseFacts.FACTS}
    return values | {name: str(len(getattr(case, name)) or "") for name in ("applicants", "agent")}
