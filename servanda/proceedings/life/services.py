"""Proceedings: add, edit, withdraw, restore."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import attribute, difference_of
from servanda.proceedings.contents.owners import drop_owner_out_of_sight
from servanda.proceedings.kinds import kinds
from servanda.proceedings.models import CaseFacts, Proceeding, TakenStep
from servanda.proceedings.obligations import follow_proceeding
from servanda.proceedings.rules import lock, lock_kept, refuse_unless_running, save_version, set_deadline
from servanda.sources.models import DocumentReading, Obligation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event
from servanda.vocab.models import Body

TEXTS = ("other_addressees", "note")  # confidential: the trail records that they changed, not what they contain


class ReferenceUsed(FieldRefused):
    """The reference is that of another entry of this kind, `taken`."""

    def __init__(self, taken: Proceeding):
        sentence = _("%(reference)s was already entered. Open that entry, or correct the reference.")
        super().__init__("reference", sentence % {"reference": taken.reference})
        self.taken = taken


@dataclass(frozen=True, kw_only=True)
class ProceedingValues:
    """What a person enters about a letter. Without a deadline, that of the rule applies, if there is one."""

    kind: str
    reference: str
    sort: str
    title: str
    bodies: Sequence[Body]
    sent_on: date | None
    received_on: date
    due_on: date | None = None
    owner: User | None = None
    other_addressees: str = ""
    alleges_reprisals: bool = False
    note: str = ""


@transaction.atomic
def add_proceeding(
    *,
    values: ProceedingValues,
    obligation: Obligation | None = None,
    reading: DocumentReading | None = None,
    by: User,
) -> Proceeding:
    """Enter a letter. `obligation` is its deadline, if that is in the list already; `reading` is its document, if
    that was read.

    Raises `Refused` (or `FieldRefused`) for a reference used twice or impossible dates.
    """
    refuse_unless_running(by)
    if values.kind not in kinds():
        raise FieldRefused("kind", _("Choose a kind from the list."))
    kind = kinds()[values.kind]
    proceeding = Proceeding(kind=kind.code, step=kind.first.code, obligation=obligation, reading=reading)
    proceeding.created_by = by
    set_facts(proceeding, values)
    attribute(proceeding, by=by, reason="proceeding-added")
    save_with_reference(proceeding)
    if kind.is_case:
        CaseFacts.objects.create(proceeding=proceeding)
    proceeding.bodies.set(values.bodies)
    TakenStep.objects.create(proceeding=proceeding, step=kind.first.code, on=values.received_on, by=by)
    follow_proceeding(proceeding, by=by)
    difference = {name: ["", value] for name, value in facts(proceeding).items() if value}
    Event.record("proceeding-added", proceeding, by=by, difference=difference)
    return proceeding


@transaction.atomic
def edit_proceeding(*, proceeding: Proceeding, values: ProceedingValues, seen: int, by: User) -> Proceeding:
    """Edit the facts of the letter; its kind stays. `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` (or `FieldRefused`) as in `add_proceeding`.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    before = facts(proceeding)
    set_facts(proceeding, values)
    proceeding.bodies.set(values.bodies)
    for question in proceeding.questions.exclude(owner=None).prefetch_related("question__institutions"):
        drop_owner_out_of_sight(question)
    if difference := difference_of(before, facts(proceeding)):
        refuse_used_reference(proceeding)
        save_version(proceeding, "proceeding-edited", by=by, difference=difference)
    return proceeding


@transaction.atomic
def withdraw_proceeding(*, proceeding: Proceeding, reason: str, by: User) -> None:
    """Withdraw with a reason; nothing is deleted.

    Raises `Refused` without the permission, and `FieldRefused` without a reason.
    """
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    proceeding.withdrawn_at, proceeding.withdrawn_reason = timezone.now(), required_reason(reason)
    save_version(proceeding, "proceeding-withdrawn", by=by)


@transaction.atomic
def restore_proceeding(*, proceeding: Proceeding, by: User) -> None:
    refuse_unless_running(by)
    proceeding = Proceeding.objects.select_for_update(of=("self",)).get(pk=proceeding.pk)
    if proceeding.withdrawn_at is None:
        raise Refused(_("%(what)s is not withdrawn.") % {"what": proceeding})
    proceeding.withdrawn_at, proceeding.withdrawn_reason, proceeding.erased_at = None, "", None
    save_version(proceeding, "proceeding-restored", by=by)


def set_facts(proceeding: Proceeding, values: ProceedingValues) -> None:
    refuse_impossible(proceeding, values)
    proceeding.reference = clean_label(values.reference)
    proceeding.title, proceeding.sort = clean_label(values.title), values.sort
    proceeding.sent_on, proceeding.received_on = values.sent_on, values.received_on
    proceeding.owner = values.owner
    proceeding.other_addressees, proceeding.note = clean(values.other_addressees), clean(values.note)
    proceeding.alleges_reprisals = values.alleges_reprisals
    set_deadline(proceeding, values.due_on)


def refuse_impossible(proceeding: Proceeding, values: ProceedingValues) -> None:
    if not clean_label(values.reference):
        raise FieldRefused("reference", _("Enter the reference of the letter."))
    if not clean_label(values.title):
        raise FieldRefused("title", _("Enter the subject."))
    if values.sort not in proceeding.kind_facts.sorts:
        raise FieldRefused("sort", _("Choose a type of letter that belongs to this kind."))
    refuse_other_bodies(proceeding, values)
    if values.received_on > timezone.localdate():
        raise FieldRefused("received_on", _("The date must be today or in the past."))
    if values.sent_on and values.received_on < values.sent_on:
        sentence = _("The letter was received before its date. Correct one of the two.")
        raise FieldRefused("received_on", sentence)
    if values.due_on and values.due_on < (values.sent_on or values.received_on):
        raise FieldRefused("due_on", _("The deadline is before the letter. Correct one of the two."))


def refuse_other_bodies(proceeding: Proceeding, values: ProceedingValues) -> None:
    """A rule of one body is for its proceedings only."""
    takes = proceeding.kind_facts.takes
    if wrong := [body for body in values.bodies if not takes(body.code, body.kind, values.sort)]:
        sentence = _("%(body)s does not belong to this type.")
        raise FieldRefused("bodies", sentence % {"body": wrong[0].name})


def refuse_used_reference(proceeding: Proceeding) -> None:
    """“al svn 01/2026” is the reference AL SVN 1/2026. Two that were entered before that was noticed stay."""
    if Proceeding.objects.filter(pk=proceeding.pk, reference=proceeding.reference).exists():
        return
    others = Proceeding.objects.filter(kind=proceeding.kind, reference__iregex=same_reference(proceeding.reference))
    if taken := others.exclude(pk=proceeding.pk).first():
        raise ReferenceUsed(taken)


def same_reference(reference: str) -> str:
    """The pattern of a reference in whatever case, with or without zeros before its numbers and blanks between its
    parts: “AL SVN 1 / 2026”. Only between two numbers a blank counts."""
    pattern, before = "", ""
    for part in re.findall(r"\d+|[^\W\d]+|[^\w\s]", reference):
        if before:
            pattern += r"\s+" if part.isdigit() and before.isdigit() else r"\s*"
        pattern += f"0*{part.lstrip('0') or '0'}" if part.isdigit() else re.escape(part)
        before = part
    return f"^{pattern}$"


def save_with_reference(proceeding: Proceeding) -> None:
    refuse_used_reference(proceeding)
    try:
        with transaction.atomic():
            proceeding.save()
    except IntegrityError:  # by another user, in the same moment
        refuse_used_reference(proceeding)
        raise


def facts(proceeding: Proceeding) -> dict[str, object]:
    """The values for the trail; for confidential texts, only their length."""
    values: dict[str, object] = {
        name: str(getattr(proceeding, name) or "") for name in Proceeding.FACTS if name not in TEXTS
    }
    values |= {name: len(getattr(proceeding, name)) for name in TEXTS if getattr(proceeding, name)}
    values["owner"] = proceeding.owner_id or ""
    values["alleges_reprisals"] = proceeding.alleges_reprisals
    if proceeding.pk:
        values["bodies"] = ", ".join(proceeding.bodies.order_by("code").values_list("code", flat=True))
    return values
