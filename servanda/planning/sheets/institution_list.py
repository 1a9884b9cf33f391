"""A sheet of institutions in an imported workbook: its columns, and what is written and undone of it."""

from collections.abc import Mapping, Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from servanda.intake.columns.kinds import Choices, Column, SheetContext, SheetRow
from servanda.intake.columns.lists import ListedRow
from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.institutions.services import Description, create_institution, edit_institution
from servanda.people.models import Institution, User
from servanda.people.versioning import version_of
from servanda.planning.models import BroughtInstitution, FilledInstitution
from servanda.planning.sheets.apply_undo import in_one_line, used
from servanda.planning.sheets.institutions import Directory
from servanda.planning.sheets.listed_cells import Deciding, Decision, propose_branch, values_of
from servanda.planning.sheets.listed_headers import suggest_institutions
from servanda.planning.sheets.listed_institutions import (
    ADDRESS,
    CODE,
    EMAIL,
    KIND,
    LISTED,
    NAME,
    PARENT,
    PEOPLE,
    PHONE,
    Entry,
)
from servanda.sources.sheets.column_names import LANGUAGES

MOST_ROWS = 1_000  # they are written in one transaction, for which others wait


class InstitutionList:
    """The institutions of a workbook, created or matched before its recommendations name them."""

    code = LISTED
    label = gettext_lazy("Institutions")
    needed = NAME
    most = MOST_ROWS

    def columns(self) -> Sequence[Column]:
        names = [
            Column(
                f"{NAME} {language}",
                format_lazy(gettext_lazy("Name of the institution in language “{code}”"), code=language),
            )
            for language in LANGUAGES
        ]
        people = [
            Column(code, format_lazy("{label} {number}", label=PERSON, number=number) if number > 1 else PERSON)
            for number, code in enumerate(PEOPLE, 1)
        ]
        return [
            Column(NAME, gettext_lazy("Name of the institution")),
            *names,
            Column(CODE, gettext_lazy("Abbreviation of the institution")),
            Column(KIND, gettext_lazy("Branch of the institution"), choices=branches, propose=propose_branch),
            Column(PARENT, gettext_lazy("The institution is part of")),
            Column(EMAIL, gettext_lazy("E-mail address of the institution")),
            Column(PHONE, gettext_lazy("Telephone of the institution")),
            Column(ADDRESS, gettext_lazy("Postal address of the institution")),
            *people,
        ]

    def suggest(self, sheet: str, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
        return suggest_institutions(sheet, values)

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[ListedRow]:
        return Deciding(Directory(context), context).rows() if rows else []

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        deciding = Deciding(Directory(context), context)
        deciding.rows()
        made = create_listed(deciding.decisions, batch=context.batch, by=context.by)
        fill_listed(deciding.decisions, made, batch=context.batch, by=context.by)

    def why_not_undone(self, batch: Batch) -> list[str]:
        mine = Institution.objects.filter(pk__in=brought(batch))
        edited = [str(one) for one in mine if one.history.count() > 1]
        changed = {
            str(one.institution)
            for one in FilledInstitution.objects.filter(batch=batch).select_related("institution")
            if values_of(one.institution).get(one.field, "") != one.value
        }
        found = [
            (_("Institutions of this import were edited: %(names)s."), edited),
            (_("What this import added to institutions was changed since: %(names)s."), changed),
        ]
        return [sentence % {"names": in_one_line(names)} for sentence, names in found if names]

    def undo(self, batch: Batch, *, by: User | None) -> None:
        empty_filled(batch, by=by)
        mine = Institution.objects.filter(pk__in=brought(batch))
        inner = Institution.objects.filter(parent__in=mine).exclude(pk__in=mine).values_list("parent_id", flat=True)
        elsewhere = used(mine, Institution, {BroughtInstitution, Institution}) | set(inner)
        if elsewhere:
            names = [str(one) for one in mine.filter(pk__in=elsewhere)]
            sentence = _("Institutions of this import are used elsewhere: %(names)s.")
            raise Refused(sentence % {"names": in_one_line(names)})
        pks = list(mine.values_list("pk", flat=True))
        BroughtInstitution.objects.filter(batch=batch, is_listed=True).delete()
        Institution.objects.filter(pk__in=pks).update(parent=None)
        Institution.objects.filter(pk__in=pks).delete()


PERSON = gettext_lazy("Person: not imported here")


def branches() -> Choices:
    return [(code, str(label)) for code, label in Institution.Branch.choices]


def brought(batch: Batch) -> list[int]:
    listed = BroughtInstitution.objects.filter(batch=batch, is_listed=True)
    return list(listed.values_list("institution_id", flat=True))


def create_listed(decisions: Sequence[Decision], *, batch: Batch, by: User | None) -> dict[int, Institution]:
    """Each after the one that it is part of; by the identity of its row."""
    made: dict[int, Institution] = {}
    waiting = [one for one in decisions if one.entry.institution is None]
    while waiting:
        ready = [one for one in waiting if not isinstance(one.parent, Entry) or id(one.parent) in made]
        for one in ready:
            parent = made[id(one.parent)] if isinstance(one.parent, Entry) else one.parent
            made[id(one.entry)] = create_institution(by=by, **description(one, parent))
        waiting = [one for one in waiting if id(one.entry) not in made]
    BroughtInstitution.objects.bulk_create(
        BroughtInstitution(batch=batch, institution=one, is_listed=True) for one in made.values()
    )
    return made


def description(decision: Decision, parent: Institution | None) -> Description:
    return {
        "code": decision.new_code,
        "name": LazyI18nString(decision.entry.names),
        "branch": decision.branch,
        "level": Institution.Level.NATIONAL,
        "parent": parent,
        "email": decision.details.get("email", ""),
        "phone": decision.details.get("phone", ""),
        "address": decision.details.get("address", ""),
        "active_from": None,
    }


def fill_listed(
    decisions: Sequence[Decision], made: Mapping[int, Institution], *, batch: Batch, by: User | None
) -> None:
    """Fill what is empty of institutions that the register has, and remember it for undo."""
    filled = []
    for one in decisions:
        institution = one.entry.institution
        if institution is None or not (one.details or one.parent):
            continue
        details = dict(one.details)
        if isinstance(one.parent, Institution):
            details["parent"] = str(one.parent.pk)
        fill(institution, details, by=by)
        filled += [
            FilledInstitution(batch=batch, institution=institution, field=name, value=value)
            for name, value in details.items()
        ]
    FilledInstitution.objects.bulk_create(filled)


def fill(institution: Institution, details: Mapping[str, str], *, by: User | None) -> None:
    """Give these fields their values, "" to empty one again."""
    now = Institution.objects.get(pk=institution.pk)
    data = getattr(now.name, "data", now.name)
    names = dict(data) if isinstance(data, dict) else {"": str(data or "")}
    given = {name.removeprefix("name."): value for name, value in details.items() if name.startswith("name.")}
    names = {language: name for language, name in (names | given).items() if name}
    parent = now.parent
    if "parent" in details:
        parent = Institution.objects.get(pk=details["parent"]) if details["parent"] else None
    edit_institution(
        institution=now,
        seen=version_of(now),
        by=by,
        code=now.code,
        name=names[""] if list(names) == [""] else LazyI18nString(names),
        branch=now.branch,
        level=now.level,
        parent=parent,
        email=details.get("email", now.email),
        phone=details.get("phone", now.phone),
        address=details.get("address", now.address),
        active_from=now.active_from,
    )


def empty_filled(batch: Batch, *, by: User | None) -> None:
    by_institution: dict[Institution, dict[str, str]] = {}
    for one in FilledInstitution.objects.filter(batch=batch).select_related("institution"):
        by_institution.setdefault(one.institution, {})[one.field] = ""
    FilledInstitution.objects.filter(batch=batch).delete()
    for institution, details in by_institution.items():
        fill(institution, details, by=by)
