"""A sheet of institutions in an imported workbook: its columns, and what is written and undone of it."""

from collections.abc import Mapping, Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from servanda.intake.columns.kinds import Choices, Column, SheetContext, SheetRow
from servanda.intake.columns.lists import ListedRow
from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
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

MOST_ROWS = 1_000  # written in one transaction, during which other writers wait


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
        created = Institution.objects.filter(pk__in=created_ids(batch))
        edited = [str(institution) for institution in created if institution.history.count() > 1]
        changed = {
            str(filled.institution)
            for filled in FilledInstitution.objects.filter(batch=batch).select_related("institution")
            if values_of(filled.institution).get(filled.field, "") != filled.value
        }
        obstacles = [
            (_("Institutions of this import were edited: %(names)s."), edited),
            (_("Details that this import added to institutions were changed later: %(names)s."), changed),
        ]
        return [sentence % {"names": in_one_line(names)} for sentence, names in obstacles if names]

    def undo(self, batch: Batch, *, by: User | None) -> None:
        empty_filled(batch, by=by)
        created = Institution.objects.filter(pk__in=created_ids(batch))
        inner = (
            Institution.objects.filter(parent__in=created).exclude(pk__in=created).values_list("parent_id", flat=True)
        )
        elsewhere = used(created, Institution, {BroughtInstitution, Institution}) | set(inner)
        if elsewhere:
            names = [str(institution) for institution in created.filter(pk__in=elsewhere)]
            sentence = _("Institutions of this import are used elsewhere: %(names)s.")
            raise Refused(sentence % {"names": in_one_line(names)})
        pks = list(created.values_list("pk", flat=True))
        BroughtInstitution.objects.filter(batch=batch, is_listed=True).delete()
        Institution.objects.filter(pk__in=pks).update(parent=None)
        Institution.objects.filter(pk__in=pks).delete()


PERSON = gettext_lazy("Person: not imported with this sheet")


def branches() -> Choices:
    return [(code, str(label)) for code, label in Institution.Branch.choices]


def created_ids(batch: Batch) -> list[int]:
    listed = BroughtInstitution.objects.filter(batch=batch, is_listed=True)
    return list(listed.values_list("institution_id", flat=True))


def create_listed(decisions: Sequence[Decision], *, batch: Batch, by: User | None) -> dict[int, Institution]:
    """Create parents before their parts. Returns institutions by the `id()` of their entry."""
    made: dict[int, Institution] = {}
    waiting = [decision for decision in decisions if decision.entry.institution is None]
    while waiting:
        ready = [
            decision for decision in waiting if not isinstance(decision.parent, Entry) or id(decision.parent) in made
        ]
        for decision in ready:
            parent = made[id(decision.parent)] if isinstance(decision.parent, Entry) else decision.parent
            made[id(decision.entry)] = create_institution(by=by, **description(decision, parent))
        waiting = [decision for decision in waiting if id(decision.entry) not in made]
    BroughtInstitution.objects.bulk_create(
        BroughtInstitution(batch=batch, institution=institution, is_listed=True) for institution in made.values()
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
    """Fill empty fields of existing institutions, and save which for the undo."""
    filled = []
    for decision in decisions:
        institution = decision.entry.institution
        if institution is None or not (decision.details or decision.parent):
            continue
        details = dict(decision.details)
        if isinstance(decision.parent, Institution):
            details["parent"] = str(decision.parent.pk)
        fill(institution, details, by=by)
        filled += [
            FilledInstitution(batch=batch, institution=institution, field=name, value=value)
            for name, value in details.items()
        ]
    FilledInstitution.objects.bulk_create(filled)


def fill(institution: Institution, details: Mapping[str, str], *, by: User | None) -> None:
    """Set these fields; "" empties a field."""
    now = Institution.objects.get(pk=institution.pk)
    data = getattr(now.name, "data", now.name)
    names = dict(data) if isinstance(data, dict) else {"": str(data or "")}
    entered = {name.removeprefix("name."): value for name, value in details.items() if name.startswith("name.")}
    names = {language: name for language, name in (names | entered).items() if name}
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
    for filled in FilledInstitution.objects.filter(batch=batch).select_related("institution"):
        by_institution.setdefault(filled.institution, {})[filled.field] = ""
    FilledInstitution.objects.filter(batch=batch).delete()
    for institution, details in by_institution.items():
        fill(institution, details, by=by)
