"""What one row of the spreadsheet does, by the rules of the pages; the trail gets one line for all rows."""

import json
import re
from collections import Counter
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from i18nfield.strings import LazyI18nString

from servanda.intake.models import StagedRow
from servanda.intake.people_sheets.columns import COLUMNS_OF_FIELDS, INSTITUTIONS, NAME_IN, PEOPLE
from servanda.intake.sheets.kinds import Run, SheetKind
from servanda.intake.sheets.reading import CellRefused, Row
from servanda.intake.sheets.rows import parents_first, write_or_refuse
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined
from servanda.people.appointments import services as appointments
from servanda.people.institutions import services as institutions
from servanda.people.institutions.saving import save_attributed
from servanda.people.institutions.services import names_of
from servanda.people.invitations.services import send_letter
from servanda.people.models import AccountState, Appointment, Instance, Institution, User
from servanda.people.versioning import difference_of

LONGEST_NAME = 200
Verdict = StagedRow.Verdict


@dataclass
class Step:
    """One thing that a row made or changed, with its fields before and after."""

    thing: str
    pk: int
    is_new: bool
    fields: dict[str, list]


@dataclass
class Outcome:
    verdict: str = Verdict.UNCHANGED
    steps: list[Step] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass
class PeopleSheetContext:
    """What exists already, read once, and what the rows have added so far."""

    by: User
    reason: str  # in the history of fields
    language: str
    tree: dict[int, int | None]
    institutions: dict[str, Institution]
    people: dict[str, User]
    seen: set[str] = field(default_factory=set)  # addresses of earlier rows
    newcomers: list[User] = field(default_factory=list)
    edited: set[int] = field(default_factory=set)  # people whose appointments were changed
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, run: Run) -> "PeopleSheetContext":
        tree = institutions.locked_tree()
        return cls(
            by=run.by,
            reason=run.reason,
            language=(Instance.current().language_codes() or [settings.LANGUAGE_CODE])[0],
            tree=tree,
            institutions={place.code.lower(): place for place in Institution.objects.select_related("parent")},
            people={person.email.lower(): person for person in User.objects.all()},
        )


def write_rows(kind: SheetKind, rows: list[Row], run: Run) -> list[StagedRow]:
    """Institutions first, each after the one that it is part of, then the people; in the order of the file.

    With `invite` among the options, everyone new gets a letter.
    """
    context = PeopleSheetContext.of(run)
    tables = {name: [row for row in rows if row.table == name] for name in (INSTITUTIONS, PEOPLE)}
    ordered = parents_first(tables[INSTITUTIONS], parent="part of", known=context.institutions)
    staged = [write_row(kind, row, context) for row in ordered]
    staged += [write_row(kind, row, context) for row in tables[PEOPLE]]
    appointments.end_sessions_without_standing(sorted(context.edited))
    invited = context.newcomers if run.options.get("invite") else []
    for person in invited:
        send_letter(person, by=run.by, origin=run.origin)
    run.figures = {name: ["", number] for name, number in context.counts.items()}
    run.figures["invitations"] = ["", len(invited)]
    return staged


def write_row(kind: SheetKind, row: Row, context: PeopleSheetContext) -> StagedRow:
    staged = StagedRow(where=row.where, code=row.cells.get("code", ""), summary=summary_of(row))

    def write() -> None:
        outcome = (write_institution if row.table == INSTITUTIONS else write_person)(row, context)
        staged.verdict, staged.reason = outcome.verdict, joined(outcome.remarks)
        steps = [asdict(step) for step in outcome.steps]
        staged.difference = json.dumps(steps, ensure_ascii=False, default=str)
        context.counts.update(f"{step.thing} {'made' if step.is_new else 'changed'}" for step in outcome.steps)

    return write_or_refuse(kind, staged, write)


def summary_of(row: Row) -> str:
    shown = ["name"] if row.table == INSTITUTIONS else ["name", "e-mail", "institution", "function"]
    return " · ".join(row.cells[column] for column in shown if row.cells.get(column))


def write_institution(row: Row, context: PeopleSheetContext) -> Outcome:
    code = row.required("code", _("enter the abbreviation of the institution, for example MOJ."))
    if not re.fullmatch(r"[-a-zA-Z0-9_]+", code):
        raise CellRefused("code", _("use letters without accents, digits, hyphens and underscores only."))
    existing = context.institutions.get(code.lower())
    institution = copy(existing) if existing else Institution(code=code)
    before = {} if existing is None else facts_of_institution(institution)
    institution.name = names(row, institution, context)
    institution.branch = row.choice("branch", Institution.Branch.choices, institution.branch)
    institution.level = row.choice("level", Institution.Level.choices, institution.level)
    institution.email = row.text("e-mail", institution.email)
    institution.phone = row.text("telephone", institution.phone)
    institution.address = row.text("address", institution.address)
    institution.parent = parent(row, institution, context)
    institution.active_from = row.day("exists since", institution.active_from)
    institution.active_to = last_day(row, institution, is_new=existing is None)
    difference = difference_of(before, facts_of_institution(institution))
    if not difference:
        return Outcome()
    refuse_bad_fields(institution, exclude={"name", "parent"})
    institutions.refuse_end_before_beginning(institution)
    if existing is None or existing.parent_id != institution.parent_id:
        institutions.refuse_bad_place(institution, context.tree)
    save_attributed(institution, by=context.by, reason=context.reason)
    context.institutions[code.lower()], context.tree[institution.pk] = institution, institution.parent_id
    step = Step("institution", institution.pk, existing is None, difference)
    return Outcome(Verdict.NEW if existing is None else Verdict.CHANGED, [step])


def facts_of_institution(institution: Institution) -> dict[str, object]:
    ends = institution.active_to
    facts = institutions.facts(institution)
    return {
        **{name: fact for name, fact in facts.items() if name.partition(".")[0] != "name"},
        **{NAME_IN + language: text for language, text in names_of(institution).items()},
        "active_to": ends.isoformat() if ends else "",
    }


def names(row: Row, institution: Institution, context: PeopleSheetContext) -> LazyI18nString | str:
    """The known names, with those in the languages for which the sheet has columns."""
    known = {language or context.language: text for language, text in names_of(institution).items() if text}
    names = {context.language: row.entry("name")}
    names |= {title.removeprefix(NAME_IN): row.entry(title) for title in row.cells if title.startswith(NAME_IN)}
    new = {**known, **{language: text for language, text in names.items() if text is not None}}
    new = {language: text for language, text in new.items() if text}
    if not new:
        raise CellRefused("name", _("enter a value."))
    if longest := next((text for text in new.values() if len(text) > LONGEST_NAME), ""):
        sentence = _("“%(name)s…” is longer than %(most)d characters.")
        raise CellRefused("name", sentence % {"name": longest[:40], "most": LONGEST_NAME})
    if new == known:
        return institution.name
    was_without_language = names_of(institution).get("", "")
    return new[context.language] if was_without_language and [*new] == [context.language] else LazyI18nString(new)


def parent(row: Row, institution: Institution, context: PeopleSheetContext) -> Institution | None:
    code = row.entry("part of")
    if code is None:
        return institution.parent
    return an_institution(row, "part of", context) if code else None


def an_institution(row: Row, column: str, context: PeopleSheetContext) -> Institution:
    code = row.required(column, _("enter the abbreviation of an institution, for example MOJ."))
    if institution := context.institutions.get(code.lower()):
        return institution
    sentence = _(
        "no institution has the abbreviation “%(given)s”. Enter one that is registered or in a valid row of this "
        "file."
    )
    raise CellRefused(column, sentence % {"given": code})


def last_day(row: Row, institution: Institution, *, is_new: bool) -> date | None:
    current = institution.active_to
    wanted = row.day("exists until", current)
    if not is_new and wanted != current:
        sentence = _("close or replace the institution on its own page. Its appointments end at the same time.")
        raise CellRefused("exists until", sentence)
    return wanted


def write_person(row: Row, context: PeopleSheetContext) -> Outcome:
    address = row.required("e-mail").lower()
    existing = context.people.get(address)
    person, outcome = (copy(existing), Outcome()) if existing else (newcomer(address), Outcome())
    before = {} if existing is None else facts_of_person(person)
    person.name = row.text("name", person.name)
    person.phone, person.language = row.text("telephone", person.phone), a_language(row, person.language)
    difference = difference_of(before, facts_of_person(person))
    if difference and address in context.seen:
        name = next(iter(difference))
        sentence = _("an earlier row has another value for this person. Enter the same value in both rows.")
        raise CellRefused(COLUMNS_OF_FIELDS.get(name, name), sentence)
    if existing is not None and difference and existing.state != AccountState.INVITED:
        outcome.remarks.append(
            _("Name, telephone and language were not changed: people with an active account edit these themselves.")
        )
        person, difference = existing, {}
    if difference:
        keep_person(person, existing, difference, outcome)
    if appoints(row):
        write_appointment(row, person, context, outcome)
    # Only now, after everything that may still be refused.
    if existing is None:
        context.newcomers.append(person)
    context.people[address] = person
    context.seen.add(address)
    return outcome


def newcomer(address: str) -> User:
    return User(email=address, is_active=False, password=make_password(None))


def facts_of_person(person: User) -> dict[str, object]:
    return {"email": person.email, "name": person.name, "phone": person.phone, "language": person.language}


def a_language(row: Row, current: str) -> str:
    language = row.text("language", current).lower()
    known = [code for code, _label in settings.LANGUAGES]
    if language and language != current and language not in known:
        sentence = _("“%(given)s” is not an allowed value. Enter one of: %(choices)s.")
        raise CellRefused("language", sentence % {"given": language, "choices": ", ".join(known)})
    return language


def keep_person(person: User, existing: User | None, difference: dict[str, list], outcome: Outcome) -> None:
    refuse_bad_fields(person, exclude={"password", "role"})
    person.save(update_fields=["name", "phone", "language"] if existing else None)
    outcome.verdict = Verdict.CHANGED if existing else Verdict.NEW
    outcome.steps.append(Step("person", person.pk, existing is None, difference))


def appoints(row: Row) -> bool:
    return any(row.entry(column) for column in ("institution", "function", "from"))


def write_appointment(row: Row, person: User, context: PeopleSheetContext, outcome: Outcome) -> None:
    """An appointment is identified by person, institution, function and first day."""
    row.required("function")
    place = an_institution(row, "institution", context)
    function = row.choice("function", Appointment.Function.choices)
    start = as_start(row)
    existing = person.appointments.filter(institution=place, function=function, start=start).first()
    wanted = existing or Appointment(person=person, institution=place, function=function, start=start)
    before = {} if existing is None else appointments.facts(wanted)
    wanted.act, wanted.end = row.text("act", wanted.act), row.day("until", wanted.end)
    wanted.bodies = appointments.tidy_bodies(row.text("bodies", wanted.bodies))
    difference = difference_of(before, appointments.facts(wanted))
    if not difference:
        return
    appointments.refuse_closed_account(person)
    refuse_bad_fields(wanted, exclude={"person", "institution"})
    appointments.refuse_misfit(wanted)
    if existing is not None:
        wanted.reminded_before = None if "end" in difference else wanted.reminded_before
        context.edited.add(person.pk)
    save_attributed(wanted, by=context.by, reason=context.reason)
    outcome.steps.append(Step("appointment", wanted.pk, existing is None, difference))
    if outcome.verdict == Verdict.UNCHANGED:
        outcome.verdict = Verdict.NEW if existing is None else Verdict.CHANGED


def as_start(row: Row) -> date:
    row.required("from")
    start = row.day("from")
    if start is None:
        raise CellRefused("from", _("enter a value."))
    return start


def refuse_bad_fields(thing: Institution | User | Appointment, *, exclude: set[str]) -> None:
    """What the forms of the pages would refuse: lengths, addresses, abbreviations."""
    try:
        thing.clean_fields(exclude=exclude)
    except ValidationError as problem:
        name, sentences = next(iter(problem.message_dict.items()))
        raise CellRefused(COLUMNS_OF_FIELDS.get(name, name), joined(sentences)) from problem
