"""The values of an obligation, and what the rules forbid about them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.sources.models import Document, Obligation, Review
from servanda.sources.obligations.persons import refuse_responsible
from servanda.sources.printed.texts import clean, clean_label
from servanda.vocab.models import Body, Certainty, Force, Instrument, ObligationKind, ObligationRule

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_CODE = 80
DayFrom = Obligation.DayFrom
Confidentiality = Obligation.Confidentiality
LABELS = ("title", "combined", "paragraph", "words")
PLAIN = (
    *("kind", *LABELS, "clock_on", "due_on", "certainty", "day_from", "force", "word_limit", "language", "note"),
    "confidentiality",
)
LINKED = ("body", "instrument", "rule", "review", "document", "owner", "responsible")


@dataclass(slots=True, frozen=True, kw_only=True)
class ObligationValues:
    """The values of an obligation; without a reference it gets the next free one."""

    body: Body
    kind: str
    code: str = ""
    title: str = ""
    combined: str = ""
    instrument: Instrument | None = None
    rule: ObligationRule | None = None
    review: Review | None = None
    document: Document | None = None
    paragraph: str = ""
    words: str = ""
    clock_on: date | None = None
    due_on: date | None = None
    certainty: str = Certainty.FIXED
    day_from: str = DayFrom.HAND
    force: str = Force.BINDING
    word_limit: int | None = None
    language: str = ""
    owner: Institution | None = None
    responsible: User | None = None
    note: str = ""
    confidentiality: str = Confidentiality.PUBLIC


def lock_obligation(obligation: Obligation, *, by: User, seen: int | None = None) -> Obligation:
    """The present row, locked. Raises `Refused` if it was withdrawn, if it follows a communication, or if this person
    may not edit obligations, and `ChangedMeanwhile` if it was changed since `seen`."""
    refuse_without_permission(by)
    locked = lock_row(obligation)
    refuse_derived(locked)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.code))
    return locked


def lock_row(obligation: Obligation) -> Obligation:
    """The present row, locked, for a caller that has checked who may change it. Raises `Refused` if withdrawn."""
    locked = Obligation.objects.kept().select_for_update().filter(pk=obligation.pk).first()
    if locked is None:
        raise Refused(_("This obligation was withdrawn after you opened this page. No changes were saved."))
    return locked


def refuse_derived(obligation: Obligation) -> None:
    if obligation.is_derived:
        raise Refused(_("This deadline follows a communication or a visit. Change it on the page of that entry."))


def follows_its_records() -> str:
    return _("This obligation is as confidential as its records. Change the confidentiality of the records.")


def refuse_without_permission(by: User) -> None:
    if not can(by, Can.EDIT_OBLIGATIONS):
        raise Refused(_("You do not have permission to change obligations. Contact the coordinator."))


def tidy(values: ObligationValues) -> dict[str, object]:
    """The fields as they are stored, without invisible characters and surrounding blanks."""
    stored = {name: getattr(values, name) for name in (*PLAIN, *LINKED)}
    stored |= {name: clean_label(str(stored[name])) for name in LABELS}
    return stored | {"note": clean(values.note), "language": values.language.strip().lower()}


def refuse_impossible(
    stored: Mapping[str, object], *, present: Obligation | None = None, is_undo: bool = False
) -> None:
    """Raises `FieldRefused` if the values contradict each other, or name an institution that has closed."""
    refuse_impossible_choices(stored)
    due_on, clock_on = stored["due_on"], stored["clock_on"]
    if stored["certainty"] == Certainty.TO_BE_COMMUNICATED and due_on is not None:
        sentence = _(
            "A deadline that is to be communicated has no date yet. If the date is known, choose “Fixed”. Otherwise "
            "remove it; in a spreadsheet, enter a dash (-)."
        )
        raise FieldRefused("certainty", sentence)
    if stored["certainty"] != Certainty.TO_BE_COMMUNICATED and due_on is None and not stays_dateless(stored, present):
        raise FieldRefused("due_on", _("Enter the deadline, or choose “To be communicated”."))
    if isinstance(due_on, date) and isinstance(clock_on, date) and due_on < clock_on and not stored["rule"]:
        raise FieldRefused("due_on", _("Enter a deadline that is not before the start of the time limit."))
    if stored["day_from"] == DayFrom.DOCUMENT and stored["document"] is None and not stored["words"]:
        raise FieldRefused("words", _("Enter the document, or the words in which it sets the deadline."))
    if not is_undo:
        refuse_days_before_treaty(stored, present)
    refuse_closed_owner(stored["owner"], present)
    refuse_foreign_rule(stored)
    person, body = stored["responsible"], stored["body"]
    if isinstance(person, User) and isinstance(body, Body):
        refuse_responsible(person, body, has_institution=stored["owner"] is not None, present=present)


def stays_dateless(stored: Mapping[str, object], present: Obligation | None) -> bool:
    """Whether its document still sets no date, so that its other fields can be edited."""
    facts = ("kind", "day_from", "certainty", "words")
    return (
        present is not None and present.is_dateless and all(stored[name] == getattr(present, name) for name in facts)
    )


def refuse_impossible_choices(stored: Mapping[str, object]) -> None:
    choices = {
        "kind": (ObligationKind, _("Choose a value from the list.")),
        "force": (Force, _("Choose a value from the list.")),
        "certainty": (Certainty, _("Choose a value from the list.")),
        "day_from": (DayFrom, _("Choose a value from the list.")),
        "confidentiality": (Confidentiality, _("Choose a value from the list.")),
    }
    for name, (values, sentence) in choices.items():
        if stored[name] not in values.values:
            raise FieldRefused(name, sentence)


def refuse_closed_owner(owner: object, present: Obligation | None) -> None:
    is_present = present is not None and isinstance(owner, Institution) and present.owner_id == owner.pk
    if isinstance(owner, Institution) and not is_present and not owner.is_active(on=timezone.localdate()):
        sentence = _("%(institution)s no longer exists. Choose its successor.")
        raise FieldRefused("owner", sentence % {"institution": owner})


def refuse_foreign_rule(stored: Mapping[str, object]) -> None:
    rule, body = stored["rule"], stored["body"]
    if isinstance(rule, ObligationRule) and isinstance(body, Body) and rule.body_id not in (None, body.pk):
        raise FieldRefused("rule", _("This rule is about another body. Choose a rule of the same body."))


def refuse_days_before_treaty(stored: Mapping[str, object], present: Obligation | None) -> None:
    """Nothing is due under a treaty that was not in force: of a body with several, the first one counts."""
    entered = [
        name for name in ("due_on", "clock_on") if stored[name] and stored[name] != getattr(present, name, None)
    ]
    instrument = instrument_of(stored) if entered else None
    for name in entered:
        refuse_before_treaty(name, stored[name], instrument)


def instrument_of(stored: Mapping[str, object]) -> Instrument | None:
    instrument, body = stored["instrument"], stored["body"]
    if isinstance(instrument, Instrument) or not isinstance(body, Body):
        return instrument if isinstance(instrument, Instrument) else None
    return body.instruments.order_by(F("in_force_on").asc(nulls_first=True)).first()


def refuse_before_treaty(field: str, day: object, instrument: Instrument | None) -> None:
    """Raises `FieldRefused` for a date before the treaty itself entered into force."""
    if instrument and instrument.in_force_on and isinstance(day, date) and day < instrument.in_force_on:
        sentence = _("This date is before the entry into force (%(instrument)s: %(day)s). Enter a later date.")
        raise FieldRefused(field, sentence % {"instrument": instrument.name, "day": in_words(instrument.in_force_on)})


def refuse_bad_code(code: str) -> None:
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        sentence = _("Enter a reference of at most 80 letters, digits, dots, hyphens and underscores.")
        raise FieldRefused("code", sentence)
    if Obligation.objects.filter(code__iexact=code).exists():
        raise FieldRefused("code", _("This reference is in use or was used before. Enter another one."))


def next_code(confidentiality: str) -> str:
    """The next free reference: O-1, O-2 and so on. If two users save at the same moment, the second has to save
    again. A restricted obligation gets a reference at random: a gap in the numbers would show that it exists."""
    if confidentiality == Confidentiality.RESTRICTED:
        return f"C-{secrets.token_hex(5).upper()}"
    numbered = Obligation.objects.exclude(confidentiality=Confidentiality.RESTRICTED).filter(
        code__regex=r"^O-\d{1,9}$"
    )
    last = numbered.order_by("-pk").values_list("code", flat=True).first()
    number = int(last.removeprefix("O-")) + 1 if last else 1
    while Obligation.objects.filter(code__iexact=f"O-{number}").exists():
        number += 1
    return f"O-{number}"


def facts(obligation: Obligation) -> dict[str, str]:
    """The values as text, for the trail."""
    plain = {name: "" if (value := getattr(obligation, name)) is None else str(value) for name in PLAIN}
    links = {name: str(getattr(getattr(obligation, name), "code", "")) for name in ("body", "instrument", "rule")}
    links |= {"owner": obligation.owner.code if obligation.owner else ""}
    links |= {"responsible": str(obligation.responsible_id or "")}  # no name: the trail is kept after an erasure
    links |= {"review": str(obligation.review or ""), "document": str(obligation.document or "")}
    return {"code": obligation.code, **plain, **links}
