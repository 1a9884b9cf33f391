"""What becomes of each cell of a sheet of institutions, which never changes what the register already has."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy

from servanda.intake.columns.kinds import NOT_CHOSEN, Cell, Choices, Outcome, SheetContext, folded, not_known
from servanda.intake.columns.lists import ListedRow, Verdict
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.institutions.services import MOST_LEVELS, Tree, line_of, refuse_bad_place
from servanda.people.models import Accreditation, Institution
from servanda.planning.sheets.decisions import CellOutcome, CellOutcomes
from servanda.planning.sheets.institutions import Directory
from servanda.planning.sheets.listed_institutions import (
    ADDRESS,
    CODE,
    EMAIL,
    KIND,
    NAME,
    PARENT,
    PEOPLE,
    PHONE,
    Entry,
    by_language,
    code_for,
    is_name,
)

Branch = Institution.Branch
LONGEST_PHONE = 40
FIELDS = {EMAIL: "email", PHONE: "phone", ADDRESS: "address"}
NOT_HERE = gettext_lazy("People are not imported with this sheet. Add them on the page “People”, “Spreadsheet”.")
BRANCHES = {
    Branch.EXECUTIVE: ("executive", "government", "ministry", "department", "agency", "executif", "gouvernement",
                       "ministere", "departement", "agence", "ejecutivo", "gobierno", "ministerio", "executivo",
                       "governo", "administration", "administracion", "administracao", "السلطة التنفيذية", "حكومة",
                       "وزارة", "قطاع حكومي", "تنفيذية", "وكالة"),
    Branch.LEGISLATURE: ("legislature", "legislative", "parliament", "legislatif", "parlement", "legislativo",
                         "parlamento", "congreso", "congresso", "السلطة التشريعية", "برلمان", "تشريعية"),
    Branch.JUDICIARY: ("judiciary", "judicial", "court", "judiciaire", "justice", "tribunal", "cour", "judicial",
                       "poder judicial", "judiciario", "corte", "السلطة القضائية", "محكمة", "قضائية"),
    Branch.INDEPENDENT: ("independent", "independent body", "nhri", "ombudsman", "independant", "independante",
                         "instance independante", "institution nationale", "indh", "independiente", "inddhh",
                         "independente", "defensoria", "provedor", "مستقلة", "هيئة مستقلة", "مؤسسة مستقلة",
                         "مؤسسة وطنية"),
    Branch.STATISTICS: ("statistics", "statistics office", "statistical office", "statistiques", "estadistica",
                        "estatistica", "instituto de estadistica", "إحصاء", "مكتب الإحصاء"),
}  # fmt: skip
BRANCH_OF = {folded(word): str(code.value) for code, words in BRANCHES.items() for word in words}


def propose_branch(printed: str, choices: Choices = ()) -> str:
    labels = {folded(label): code for code, label in choices}
    key = folded(printed)
    return labels.get(key) or BRANCH_OF.get(key) or (key if key in Branch.values else "")


@dataclass(slots=True)
class Decision:
    """What is to be written for one row."""

    entry: Entry
    new_code: str = ""
    branch: str = Branch.EXECUTIVE
    parent: "Entry | Institution | None" = None
    details: dict[str, str] = field(default_factory=dict)  # field -> value, of a new institution or empty before


class Deciding:
    """Decides row by row, given what the register has now."""

    def __init__(self, directory: Directory, context: SheetContext):
        self.directory, self.context = directory, context
        self.listing = directory.listing
        places = Institution.objects.values_list("pk", "code", "parent_id")
        self.tree: Tree = {pk: parent for pk, _code, parent in places}
        self.taken = {code.casefold() for _pk, code, _parent in places}
        self.parents: dict[int, Entry | Institution] = {}  # of new entries, by identity
        self.accredited: set[int] = set()
        if context.by and not can(context.by, Can.ACCREDIT):
            self.accredited = set(Accreditation.objects.values_list("institution_id", flat=True))
        self.decisions: list[Decision] = []

    def rows(self) -> list[ListedRow]:
        return [self._row(entry) for entry in self.listing.entries]

    def _row(self, entry: Entry) -> ListedRow:
        outcomes = CellOutcomes()
        for column in PEOPLE:
            if entry.row.says(column):
                outcomes[column].reasons.append(str(NOT_HERE))
        if entry.refusal:
            return refused(entry, outcomes)
        if entry.first:
            return self._repeated(entry, entry.first, outcomes)
        decision = Decision(entry)
        self.decisions.append(decision)
        if entry.institution:
            self._compare(decision, entry.institution, outcomes)
            verdict = Verdict.CHANGED if decision.details or decision.parent else Verdict.UNCHANGED
            reason = _("In the register: %(name)s (%(code)s).") % {
                "name": entry.institution, "code": entry.institution.code,
            }  # fmt: skip
        else:
            self._describe(decision, outcomes)
            verdict, reason = Verdict.NEW, ""
        cells = outcomes.cells(entry.row, entry.row.cells)
        problems = [cell.message for cell in cells if cell.outcome == Outcome.LEFT_OUT and cell.column not in PEOPLE]
        return ListedRow(entry.row, verdict, reason, cells, [*self._much_like(entry), *problems])

    def _much_like(self, entry: Entry) -> list[str]:
        if entry.institution:
            return []
        near = {code for name in entry.names.values() if (code := self.directory.propose(name))}
        if not near:
            return []
        names = ", ".join(sorted(str(self.directory.current[code]) for code in near))
        sentence = _(
            "The name resembles %(names)s in the register. If they are the same, correct the name in the file."
        )
        return [sentence % {"names": names}]

    def _repeated(self, entry: Entry, first: Entry, outcomes: CellOutcomes) -> ListedRow:
        where = {"where": first.row.where}
        for column in entry.row.cells:
            if column in PEOPLE:
                continue
            if folded(entry.row.says(column)) == folded(first.row.says(column)):
                outcomes[column].unchanged += 1
            else:
                outcomes[column].reasons.append(
                    _("%(where)s is about the same institution. Enter this value in that row.") % where
                )
        reason = _("The same institution as %(where)s.") % where
        return ListedRow(entry.row, Verdict.UNCHANGED, reason, outcomes.cells(entry.row, entry.row.cells))

    # a new institution

    def _describe(self, decision: Decision, outcomes: CellOutcomes) -> None:
        entry, row = decision.entry, decision.entry.row
        for column in row.cells:
            outcomes[column].imported += is_name(column) and bool(row.says(column))
        decision.new_code = code_for(entry, self.taken)
        if row.says(CODE):
            outcomes[CODE].imported += 1
            if folded(decision.new_code) != folded(entry.code):
                sentence = _("The abbreviation in the register is “%(code)s”.")
                outcomes[CODE].notes.append(sentence % {"code": decision.new_code})
        if branch := self._branch(row.says(KIND), outcomes[KIND]):
            decision.branch = branch
            outcomes[KIND].imported += 1
        if (parent := self._parent(entry, outcomes[PARENT])) and self._fits(entry, parent, outcomes[PARENT]):
            decision.parent = self.parents[id(entry)] = parent
            outcomes[PARENT].imported += 1
        for column, name in FIELDS.items():
            if value := self._detail(row.says(column), column, outcomes[column]):
                decision.details[name] = value
                outcomes[column].imported += 1

    def _branch(self, printed: str, outcome: CellOutcome) -> str:
        if not printed:
            return ""
        meaning = self.context.meaning(KIND, printed)
        branch = propose_branch(printed) if meaning is None else meaning
        if branch in Branch.values:
            return branch
        outcome.reasons.append(NOT_CHOSEN % {"value": printed} if meaning == "" else not_known(printed))
        return ""

    def _parent(self, entry: Entry, outcome: CellOutcome) -> Entry | Institution | None:
        if not (printed := entry.row.says(PARENT)):
            return None
        listed = self.listing.by_alias.get(folded(printed))
        if listed:
            return listed.institution or listed
        if code := self.directory.propose(printed):
            return self.directory.current[code]
        sentence = _("No institution is called “%(name)s”, in the file or in the register.")
        outcome.reasons.append(sentence % {"name": printed})
        return None

    def _fits(self, entry: Entry, parent: Entry | Institution, outcome: CellOutcome) -> bool:
        """Whether the new institution can be part of this one without a circle or too many levels."""
        depth, above = 1, parent
        while isinstance(above, Entry):
            depth += 1
            if above is entry:
                outcome.reasons.append(_("An institution cannot be part of itself."))
                return False
            following = self.parents.get(id(above))
            if following is None:
                break
            above = following
        if isinstance(above, Institution):
            depth += len(line_of(above.pk, self.tree))
            if above.active_to is not None:
                outcome.reasons.append(_("%(institution)s is closed.") % {"institution": above})
                return False
        if depth > MOST_LEVELS:
            outcome.reasons.append(
                _("No more than %(most)s levels of institutions are possible.") % {"most": MOST_LEVELS}
            )
            return False
        return True

    def _detail(self, printed: str, column: str, outcome: CellOutcome) -> str:
        if not printed:
            return ""
        if column == PHONE and len(printed) > LONGEST_PHONE:
            outcome.reasons.append(_("A telephone number has at most 40 characters."))
            return ""
        if column == EMAIL:
            try:
                validate_email(printed)
            except ValidationError:
                outcome.reasons.append(_("“%(value)s” is not an e-mail address.") % {"value": printed})
                return ""
        return printed

    # an institution of the register

    def _compare(self, decision: Decision, institution: Institution, outcomes: CellOutcomes) -> None:
        row, why_not = decision.entry.row, self._why_not_filled(institution)
        self._compare_names(decision, institution, outcomes, why_not)
        self._compare_code(decision.entry, institution, outcomes[CODE])
        self._compare_branch(row.says(KIND), institution, outcomes[KIND])
        self._compare_parent(decision, institution, outcomes[PARENT], why_not)
        for column, name in FIELDS.items():
            printed, now = row.says(column), " ".join(str(getattr(institution, name)).split())
            if printed and folded(printed) == folded(now):
                outcomes[column].unchanged += 1
            elif printed and now:
                outcomes[column].reasons.append(
                    _("The register has “%(value)s”. Change it in the register.") % {"value": now}
                )
            elif value := self._detail(printed, column, outcomes[column]):
                self._fill(decision, name, value, outcomes[column], why_not)

    def _compare_code(self, entry: Entry, institution: Institution, outcome: CellOutcome) -> None:
        if entry.row.says(CODE) and folded(entry.code) == folded(institution.code):
            outcome.unchanged += 1
        elif entry.row.says(CODE):
            sentence = _(
                "The register has the abbreviation “%(code)s”. In this file, “%(printed)s” is recognised too."
            )
            outcome.reasons.append(sentence % {"code": institution.code, "printed": entry.code})

    def _compare_names(
        self, decision: Decision, institution: Institution, outcomes: CellOutcomes, why_not: str
    ) -> None:
        present = by_language(institution, self.listing.language)
        for language, name in decision.entry.names.items():
            column = f"{NAME} {language}" if f"{NAME} {language}" in decision.entry.row.cells else NAME
            if folded(name) in map(folded, present.values()):
                outcomes[column].unchanged += 1
            elif language in present:
                sentence = _("The name in the register is “%(name)s”. Change it on the page of the institution.")
                outcomes[column].reasons.append(sentence % {"name": present[language]})
            else:
                self._fill(decision, f"name.{language}", name, outcomes[column], why_not)

    def _why_not_filled(self, institution: Institution) -> str:
        if not self.listing.may_create:
            return _("You do not have permission to change institutions. Ask the coordinator to import this sheet.")
        if institution.pk in self.accredited:
            return _("This institution is accredited. Ask an administrator to change it.")
        return ""

    def _fill(self, decision: Decision, name: str, value: str, outcome: CellOutcome, why_not: str) -> None:
        if why_not:
            outcome.reasons.append(why_not)
            return
        decision.details[name] = value
        outcome.imported += 1
        outcome.notes.append(_("Empty in the register until now."))

    def _compare_branch(self, printed: str, institution: Institution, outcome: CellOutcome) -> None:
        branch = self._branch(printed, outcome)
        if branch == institution.branch:
            outcome.unchanged += 1
        elif branch:
            now = institution.get_branch_display()
            outcome.reasons.append(_("The register has “%(value)s”. Change it in the register.") % {"value": now})

    def _compare_parent(
        self, decision: Decision, institution: Institution, outcome: CellOutcome, why_not: str
    ) -> None:
        parent = self._parent(decision.entry, outcome)
        if parent is None:
            return
        if isinstance(parent, Institution) and parent.pk == institution.parent_id:
            outcome.unchanged += 1
        elif institution.parent_id:
            now = str(self._institution(institution.parent_id))
            outcome.reasons.append(_("The register has “%(value)s”. Change it in the register.") % {"value": now})
        elif why_not or (why_not := self._bad_place(institution, parent)):
            outcome.reasons.append(why_not)
        else:
            decision.parent = parent
            outcome.imported += 1
            outcome.notes.append(_("Empty in the register until now."))

    def _institution(self, pk: int) -> Institution:
        known = {institution.pk: institution for institution in self.directory.current.values()}
        return known.get(pk) or Institution.objects.get(pk=pk)

    def _bad_place(self, institution: Institution, parent: Entry | Institution) -> str:
        if isinstance(parent, Entry):
            return _(
                "An import cannot place this institution under a new one. Change this on the page of the institution."
            )
        moved = copy(institution)
        moved.parent = parent
        try:
            refuse_bad_place(moved, self.tree)
        except Refused as refusal:
            return str(refusal)
        self.tree[institution.pk] = parent.pk
        return ""


def refused(entry: Entry, outcomes: CellOutcomes) -> ListedRow:
    for column in entry.row.cells:
        if column not in PEOPLE:
            outcomes[column].reasons.append(_("The row is refused."))
    cells: list[Cell] = outcomes.cells(entry.row, entry.row.cells)
    return ListedRow(entry.row, Verdict.REFUSED, entry.refusal, cells)


def values_of(institution: Institution) -> Mapping[str, str]:
    """The fields that an import can fill, by the names of `Decision.details`."""
    data = getattr(institution.name, "data", institution.name)
    names = dict(data) if isinstance(data, dict) else {"": str(data or "")}
    details = {name: str(getattr(institution, name)) for name in FIELDS.values()}
    parent = {"parent": str(institution.parent_id or "")}
    return details | parent | {f"name.{language}": str(name) for language, name in names.items()}
