"""What one row of the spreadsheet does: the rules are those of the pages, the trail gets one line for all rows."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.intake.models import StagedRow
from servanda.intake.people_sheets.reading import INSTITUTIONS, NAME_IN, CellRefused, PeopleSheet, Row
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.appointments import services as appointments
from servanda.people.institutions import services as institutions
from servanda.people.institutions.saving import save_attributed
from servanda.people.institutions.services import names_of
from servanda.people.models import AccountState, Appointment, Instance, Institution, User
from servanda.people.versioning import difference_of

COLUMN_OF = {
    "parent": "part of",
    "active_from": "exists since",
    "active_to": "exists until",
    "email": "e-mail",
    "person": "e-mail",
    "phone": "telephone",
    "start": "from",
    "end": "until",
}
LONGEST_NAME = 200
Verdict = StagedRow.Verdict


@dataclass
class Step:
    """One thing that a row made or changed, with what stood there and what stands now."""

    thing: str
    pk: int
    is_new: bool
    fields: dict[str, list]


@dataclass
class Outcome:
    row: Row
    verdict: str = Verdict.UNCHANGED
    steps: list[Step] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass
class PeopleSheetContext:
    """What is there already, read once, and what the rows have put on it so far."""

    by: User
    reason: str  # in the history of fields
    language: str
    tree: dict[int, int | None]
    institutions: dict[str, Institution]
    people: dict[str, User]
    newcomers: list[User] = field(default_factory=list)
    edited: set[int] = field(default_factory=set)  # people whose appointments were changed


def ground_for(*, by: User, reason: str) -> PeopleSheetContext:
    tree = institutions.locked_tree()
    return PeopleSheetContext(
        by=by,
        reason=reason[:100],
        language=(Instance.current().language_codes() or [settings.LANGUAGE_CODE])[0],
        tree=tree,
        institutions={one.code.lower(): one for one in Institution.objects.select_related("parent")},
        people={one.email.lower(): one for one in User.objects.all()},
    )


def write_rows(sheet: PeopleSheet, ground: PeopleSheetContext) -> list[Outcome]:
    """Institutions first, each after the one that it is part of, then the people; in the order of the file."""
    outcomes = []
    waiting = list(sheet.institutions)
    while waiting:
        codes = {row.cells.get("code", "").lower() for row in waiting}
        ready = [row for row in waiting if not is_below(row, codes, ground)] or waiting
        outcomes += [write_row(row, ground) for row in ready]
        waiting = [row for row in waiting if row not in ready]
    outcomes += [write_row(row, ground) for row in sheet.people]
    appointments.end_sessions_without_standing(sorted(ground.edited))
    return outcomes


def is_below(row: Row, codes: set[str], ground: PeopleSheetContext) -> bool:
    above = row.cells.get("part of", "").lower()
    return above in codes and above not in ground.institutions and above != row.cells.get("code", "").lower()


def write_row(row: Row, ground: PeopleSheetContext) -> Outcome:
    """A row that is refused leaves nothing behind."""
    write = write_institution if row.sheet == INSTITUTIONS else write_person
    try:
        with transaction.atomic():
            return write(row, ground)
    except Refused as refusal:
        return Outcome(row, Verdict.REFUSED, remarks=[sentence_of(refusal)])


def sentence_of(refusal: Refused) -> str:
    if isinstance(refusal, FieldRefused):
        return str(CellRefused(COLUMN_OF.get(refusal.field, refusal.field), refusal))
    return str(refusal)


def write_institution(row: Row, ground: PeopleSheetContext) -> Outcome:
    code = row.required("code")
    held = ground.institutions.get(code.lower())
    thing = copy(held) if held else Institution(code=code)
    before = {} if held is None else facts_of_institution(thing)
    thing.name = names(row, thing, ground)
    thing.branch = choice(row, "branch", Institution.Branch, thing.branch)
    thing.level = choice(row, "level", Institution.Level, thing.level)
    thing.email, thing.phone = row.text("e-mail", thing.email), row.text("telephone", thing.phone)
    thing.address = row.text("address", thing.address)
    thing.parent = parent(row, thing, ground)
    thing.active_from = row.day("exists since", thing.active_from)
    thing.active_to = last_day(row, thing, is_new=held is None)
    difference = difference_of(before, facts_of_institution(thing))
    if not difference:
        return Outcome(row)
    refuse_bad_fields(thing, exclude={"name", "parent"})
    institutions.refuse_end_before_beginning(thing)
    if held is None or held.parent_id != thing.parent_id:
        institutions.refuse_bad_place(thing, ground.tree)
    save_attributed(thing, by=ground.by, reason=ground.reason)
    ground.institutions[code.lower()], ground.tree[thing.pk] = thing, thing.parent_id
    step = Step("institution", thing.pk, held is None, difference)
    return Outcome(row, Verdict.NEW if held is None else Verdict.CHANGED, [step])


def facts_of_institution(institution: Institution) -> dict[str, object]:
    ends = institution.active_to
    facts = institutions.facts(institution)
    return {
        **{name: fact for name, fact in facts.items() if name.partition(".")[0] != "name"},
        **{NAME_IN + language: text for language, text in names_of(institution).items()},
        "active_to": ends.isoformat() if ends else "",
    }


def names(row: Row, institution: Institution, ground: PeopleSheetContext) -> LazyI18nString | str:
    """The name in each language that the sheet has a column for, beside those that stand."""
    known = {language or ground.language: text for language, text in names_of(institution).items() if text}
    given = {ground.language: row.given("name")}
    given |= {title.removeprefix(NAME_IN): row.given(title) for title in row.cells if title.startswith(NAME_IN)}
    new = {**known, **{language: text for language, text in given.items() if text is not None}}
    new = {language: text for language, text in new.items() if text}
    if not new:
        raise CellRefused("name", _("it is empty, and is needed here."))
    if longest := next((text for text in new.values() if len(text) > LONGEST_NAME), ""):
        sentence = _("“%(name)s…” is longer than %(most)d signs.")
        raise CellRefused("name", sentence % {"name": longest[:40], "most": LONGEST_NAME})
    if new == known:
        return institution.name
    was_without_language = names_of(institution).get("", "")
    return new[ground.language] if was_without_language and [*new] == [ground.language] else LazyI18nString(new)


def choice(row: Row, column: str, choices: type, standing: str) -> str:
    """The code of a choice; its label in the language of the page serves too."""
    given = row.given(column)
    if not given:
        return standing
    for value, label in choices.choices:
        if given.lower() in {value, str(label).lower()}:
            return value
    sentence = _("“%(given)s” is not known. Write one of: %(choices)s.")
    raise CellRefused(column, sentence % {"given": given, "choices": ", ".join(choices.values)})


def parent(row: Row, institution: Institution, ground: PeopleSheetContext) -> Institution | None:
    given = row.given("part of")
    if given is None:
        return institution.parent
    return an_institution(row, "part of", ground) if given else None


def an_institution(row: Row, column: str, ground: PeopleSheetContext) -> Institution:
    given = row.required(column)
    if found := ground.institutions.get(given.lower()):
        return found
    sentence = _("no institution has the abbreviation “%(given)s”, here or in a row that can be applied.")
    raise CellRefused(column, sentence % {"given": given})


def last_day(row: Row, institution: Institution, *, is_new: bool) -> date | None:
    standing = institution.active_to
    wanted = row.day("exists until", standing)
    if not is_new and wanted != standing:
        sentence = _("an institution is closed or succeeded on its own page, because appointments end with it.")
        raise CellRefused("exists until", sentence)
    return wanted


def write_person(row: Row, ground: PeopleSheetContext) -> Outcome:
    address = row.required("e-mail").lower()
    held = ground.people.get(address)
    person, outcome = (copy(held), Outcome(row)) if held else (newcomer(address), Outcome(row))
    before = {} if held is None else facts_of_person(person)
    person.name = row.text("name", person.name)
    person.phone, person.language = row.text("telephone", person.phone), a_language(row, person.language)
    difference = difference_of(before, facts_of_person(person))
    if held is not None and difference and held.state != AccountState.INVITED:
        outcome.remarks.append(_("Name, telephone and language stay: people who have come in keep them themselves."))
        person, difference = held, {}
    if difference:
        keep_person(person, held, difference, outcome)
    if appoints(row):
        write_appointment(row, person, ground, outcome)
    # Only now, behind everything that may still be refused.
    if held is None:
        ground.newcomers.append(person)
    ground.people[address] = person
    return outcome


def newcomer(address: str) -> User:
    return User(email=address, is_active=False, password=make_password(None))


def facts_of_person(person: User) -> dict[str, object]:
    return {"email": person.email, "name": person.name, "phone": person.phone, "language": person.language}


def a_language(row: Row, standing: str) -> str:
    given = row.text("language", standing).lower()
    known = [code for code, _label in settings.LANGUAGES]
    if given and given != standing and given not in known:
        sentence = _("“%(given)s” is not known. Write one of: %(choices)s.")
        raise CellRefused("language", sentence % {"given": given, "choices": ", ".join(known)})
    return given


def keep_person(person: User, held: User | None, difference: dict[str, list], outcome: Outcome) -> None:
    refuse_bad_fields(person, exclude={"password", "role"})
    person.save(update_fields=["name", "phone", "language"] if held else None)
    outcome.verdict = Verdict.CHANGED if held else Verdict.NEW
    outcome.steps.append(Step("person", person.pk, held is None, difference))


def appoints(row: Row) -> bool:
    return any(row.given(column) for column in ("institution", "function", "from"))


def write_appointment(row: Row, person: User, ground: PeopleSheetContext, outcome: Outcome) -> None:
    """One appointment is the same person, institution and function from the same day on."""
    row.required("function")
    place = an_institution(row, "institution", ground)
    function = choice(row, "function", Appointment.Function, "")
    start = as_start(row)
    held = person.appointments.filter(institution=place, function=function, start=start).first()
    wanted = held or Appointment(person=person, institution=place, function=function, start=start)
    before = {} if held is None else appointments.facts(wanted)
    wanted.act, wanted.end = row.text("act", wanted.act), row.day("until", wanted.end)
    wanted.bodies = appointments.tidy_bodies(row.text("bodies", wanted.bodies))
    difference = difference_of(before, appointments.facts(wanted))
    if not difference:
        return
    appointments.refuse_closed_account(person)
    refuse_bad_fields(wanted, exclude={"person", "institution"})
    appointments.refuse_misfit(wanted)
    if held is not None:
        wanted.reminded_before = None if "end" in difference else wanted.reminded_before
        ground.edited.add(person.pk)
    save_attributed(wanted, by=ground.by, reason=ground.reason)
    outcome.steps.append(Step("appointment", wanted.pk, held is None, difference))
    if outcome.verdict == Verdict.UNCHANGED:
        outcome.verdict = Verdict.NEW if held is None else Verdict.CHANGED


def as_start(row: Row) -> date:
    row.required("from")
    start = row.day("from")
    if start is None:
        raise CellRefused("from", _("it is empty, and is needed here."))
    return start


def refuse_bad_fields(thing: Institution | User | Appointment, *, exclude: set[str]) -> None:
    """What the forms of the pages would refuse: lengths, addresses, abbreviations."""
    try:
        thing.clean_fields(exclude=exclude)
    except ValidationError as problem:
        name, sentences = next(iter(problem.message_dict.items()))
        raise CellRefused(COLUMN_OF.get(name, name), " ".join(sentences)) from problem
