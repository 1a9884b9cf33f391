"""Which institution a name in a spreadsheet means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz, process

from servanda.intake.columns.kinds import CREATE, Choices, Column, SheetContext, entries_of, folded
from servanda.kit.database.sentences import gettext as _
from servanda.people.access import Can, can
from servanda.people.institutions.services import create_institution
from servanda.people.models import Institution, Succession, User
from servanda.planning.sheets.listed_institutions import (
    ABBREVIATION,
    FIRST,
    LISTED,
    LONGEST_NAME,
    Listing,
    free_code,
    names_of,
)

SURE = 94  # of 100, for two names that differ by a typing error; “Health” and “Wealth” have less
APART = 4  # the second best name must score at least this much lower
SIGNS = re.compile(r"\s*(?:[/,،&+]|\s[-–]\s)\s*")
AND = re.compile(r"\s+(?:(?:and|et|y|e|und)\s+|و\s*(?=(?:ال)?(?:وزار|هيئ|مجلس|مديري|لجن|وكال)))", re.I)
ARTICLES = re.compile(r"^(?:the|le|la|les|l['’]|el|los|las|o|a|os|as)\s*\b", re.I)
LAST_WORDS = ("ministry", "council", "office", "agency", "association", "commission", "court", "police", "institute")
LAST = frozenset(LAST_WORDS)


@dataclass(frozen=True, slots=True)
class MeantInstitution:
    """An institution of the register, or one that the import is to create."""

    key: str
    existing: Institution | None = None

    def __str__(self) -> str:
        return str(self.existing) if self.existing else self.key


class Directory:
    """The institutions of today and the names that they have or had, read when first asked; and those that another
    sheet of the same workbook lists."""

    def __init__(self, context: SheetContext | None = None) -> None:
        self.context = context
        self.created: dict[str, str] = {}  # folded name -> name as the file has it

    @cached_property
    def current(self) -> dict[str, Institution]:
        today = timezone.localdate()
        return {
            institution.code: institution
            for institution in Institution.objects.filter(Q(active_to=None) | Q(active_to__gte=today))
        }

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """Folded name or code -> codes of institutions with this name now or before, or of their successors."""
        codes = {institution.pk: institution.code for institution in self.current.values()}
        successors: dict[int, set[str]] = {}
        for former, new in Succession.objects.values_list("predecessor_id", "successor_id"):
            if new in codes:
                successors.setdefault(former, set()).add(codes[new])
        codes_by_name: dict[str, set[str]] = {}
        rows = [*Institution.objects.values_list("pk", "code", "name")]
        rows += [*Institution.history.values_list("id", "code", "name")]
        for pk, code, name in rows:
            meant = {codes[pk]} if pk in codes else successors.get(pk, set())
            for words in (code, *names_of(name)):
                if meant and (key := folded(words)):
                    codes_by_name.setdefault(key, set()).update(meant)
        return codes_by_name

    @cached_property
    def listing(self) -> Listing:
        rows = self.context.listed.get(LISTED, ()) if self.context else ()
        return Listing(rows, self.names, self.current, by=self.context.by if self.context else None)

    @cached_property
    def listed(self) -> dict[str, MeantInstitution]:
        """Folded name or abbreviation -> the institution in the workbook's own list."""
        return {
            alias: MeantInstitution(entry.institution.code, entry.institution)
            if entry.institution
            else MeantInstitution(entry.name)
            for alias, entry in self.listing.by_alias.items()
        }

    def is_listed(self, printed: str) -> bool:
        return folded(printed) in self.listed

    def choices(self) -> list[tuple[str, str]]:
        current = sorted(
            ((code, str(institution)) for code, institution in self.current.items()),
            key=lambda pair: pair[1].casefold(),
        )
        return [*current, (CREATE, _("Create as a new institution"))]

    def propose(self, printed: str, choices: Choices = ()) -> str:
        """The code of the institution with this name, typing errors allowed; "" if unsure."""
        key = folded(printed)
        if exact := self.names.get(key):
            return next(iter(exact)) if len(exact) == 1 else ""
        matches = process.extract(key, self.names.keys(), scorer=fuzz.ratio, limit=5, score_cutoff=SURE - APART)
        near = {code for name, _score, _place in matches for code in self.names[name]}
        is_sure = any(score >= SURE for _name, score, _place in matches)
        return near.pop() if is_sure and len(near) == 1 else ""

    def split(self, printed: str) -> list[str]:
        """The institutions of "MoJ / MoI", cut only where a further one begins: "Ministry of Labour, Family and
        Social Affairs" is one."""
        entries: list[str] = []
        for part in self._cut(printed, SIGNS, is_sign=True):
            entries += self._cut(part, AND, is_sign=False)
        return entries

    def _cut(self, printed: str, between: re.Pattern[str], *, is_sign: bool) -> list[str]:
        if folded(printed) in self.names or self.is_listed(printed):
            return [printed]
        start, entries = 0, []
        for sign in between.finditer(printed):
            before, behind = printed[start : sign.start()].strip(), between.split(printed[sign.end() :])[0]
            if before and self.is_institution(behind, by_last_word=is_sign):
                entries.append(before)
                start = sign.end()
        return [*entries, printed[start:].strip()]

    def is_institution(self, printed: str, *, by_last_word: bool) -> bool:
        """Whether these words look like the name of an institution."""
        words = folded(ARTICLES.sub("", printed)).split()
        is_named = bool(words) and (words[0] in FIRST or (by_last_word and words[-1] in LAST))
        is_called_so = folded(printed) in self.names or self.is_listed(printed)
        is_known = is_called_so and (by_last_word or len(words) > 1)
        return is_named or is_known or bool(ABBREVIATION.match(printed.strip()))

    def entries(self, cell: str, column: str, context: SheetContext) -> list[str]:
        """The names in a cell of a column of institutions."""
        split = Column(column, "", is_list=True, split=lambda printed, _context: self.split(printed))
        return entries_of(split, cell, context)

    def meant(self, printed: str, column: str, context: SheetContext) -> tuple[MeantInstitution | None, str]:
        """The institution, or None and why not."""
        meaning = context.meaning(column, printed)
        if meaning == "":
            return None, _("“%(name)s” is not imported, as chosen on the page of values.") % {"name": printed}
        if meaning == CREATE:
            return self.new(printed, by=context.by)
        if meaning is None and (listed := self.listed.get(folded(printed))):
            return listed, ""
        code = self.propose(printed) if meaning is None else meaning
        if code in self.current:
            return MeantInstitution(code, self.current[code]), ""
        if code:
            return None, _("The institution chosen for “%(name)s” no longer exists.") % {"name": printed}
        sentence = _("No institution is called “%(name)s”. Choose one on the page of values.")
        return None, sentence % {"name": printed}

    def new(self, printed: str, *, by: User | None) -> tuple[MeantInstitution | None, str]:
        exact = self.names.get(folded(printed), set())
        if len(exact) == 1:
            code = next(iter(exact))
            return MeantInstitution(code, self.current[code]), ""
        if listed := self.listed.get(folded(printed)):
            return listed, ""
        if by is not None and not can(by, Can.MANAGE_PEOPLE):
            sentence = _(
                "You do not have permission to create the institution “%(name)s”. Ask the coordinator to create it."
            )
            return None, sentence % {"name": printed}
        if len(printed) > LONGEST_NAME or not folded(printed):
            return None, _("“%(name)s” cannot be used as the name of an institution. Correct it in the file.") % {
                "name": printed[:80]
            }
        return MeantInstitution(self.created.setdefault(folded(printed), printed)), ""


def create_named(wanted: Sequence[MeantInstitution], *, by: User | None) -> dict[str, Institution]:
    """Create the institutions that are not in the register. Returns them by name."""
    taken = {code.casefold() for code in Institution.objects.values_list("code", flat=True)}
    made: dict[str, Institution] = {}
    for institution in wanted:
        if institution.existing is None and institution.key not in made:
            code = free_code(institution.key, taken)
            made[institution.key] = create_institution(
                by=by,
                code=code,
                name=institution.key,
                branch=Institution.Branch.EXECUTIVE,
                level=Institution.Level.NATIONAL,
                parent=None,
                email="",
                phone="",
                address="",
                active_from=None,
            )
    return made
