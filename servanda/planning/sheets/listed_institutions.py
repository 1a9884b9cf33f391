"""The institutions that a sheet of a workbook lists, each matched with the register."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.text import slugify

from servanda.intake.columns.kinds import SheetRow, folded
from servanda.kit.database.sentences import gettext as _
from servanda.language.words.identify import identify
from servanda.people.access import Can, can
from servanda.people.models import Instance, Institution, User
from servanda.sources.sheets.column_names import LANGUAGES

LISTED = "institutions"
NAME, CODE, KIND, PARENT = "institution name", "institution code", "institution kind", "institution parent"
EMAIL, PHONE, ADDRESS = "institution e-mail", "institution telephone", "institution address"
PEOPLE = ("institution person", "institution person 2", "institution person 3")
LONGEST_NAME = 200
LONGEST_CODE = 40
MOST_LANGUAGE = 400  # characters of names from which the language of a column is identified
IN_BRACKETS = re.compile(r"(?P<name>.*\S)\s*[(\[]\s*(?P<code>[^()\[\]]{2,12}?)\s*[)\]]")
ABBREVIATION = re.compile(r"(?=(?:.*[A-ZÀ-Ý]){2})[A-ZÀ-Ý][\w.-]{0,9}$")
FIRST_WORDS = (
    *("ministry", "ministries", "minister", "min", "department", "office", "agency", "council", "commission"),
    *("committee", "secretariat", "directorate", "institute", "ministere", "departement", "agence", "conseil"),
    *("direction", "delegation", "inspection", "ministerio", "departamento", "oficina", "agencia", "consejo"),
    *("comision", "secretaria", "direccion", "instituto", "fiscalia", "defensoria", "conselho", "comissao"),
    *("direcao", "gabinete", "inspecao", "inspeccion", "procuradoria", "provedor", "ombudsman", "tribunal"),
    *(
        "وزارة",
        "وزاره",
        "هيئة",
        "الهيئة",
        "مجلس",
        "المجلس",
        "مديرية",
        "المديرية",
        "لجنة",
        "اللجنة",
        "وكالة",
        "الوكالة",
    ),
    *("النيابة", "المندوبية", "مندوبية", "رئاسة"),
)
FIRST = frozenset(map(folded, FIRST_WORDS))


@dataclass(slots=True)
class Entry:
    """One row of the sheet: its names, and the institution of the register if there is one."""

    row: SheetRow
    names: dict[str, str]  # language -> name
    code: str  # as the file has it
    aliases: set[str] = field(default_factory=set)  # folded
    institution: Institution | None = None
    first: "Entry | None" = None  # an earlier row about the same institution
    refusal: str = ""

    @property
    def name(self) -> str:
        return next(iter(self.names.values()), "")


class Listing:
    """The rows of the sheet, each matched with the register and with the rows before it."""

    def __init__(
        self,
        rows: Sequence[SheetRow],
        names: Mapping[str, set[str]],
        current: Mapping[str, Institution],
        *,
        by: User | None,
    ):
        self.entries: list[Entry] = []
        self.by_alias: dict[str, Entry] = {}
        self.language = ""
        if not rows:
            return
        self.known, self.current = names, current
        self.may_create = by is None or can(by, Can.MANAGE_PEOPLE)
        self.language = language_of(rows)
        for row in rows:
            entry = read_entry(row, self.language)
            entry.refusal = self._place(entry)
            self.entries.append(entry)
            if not (entry.refusal or entry.first):
                for alias in entry.aliases:
                    self.by_alias.setdefault(alias, entry)

    def _place(self, entry: Entry) -> str:
        """Find the institution in the register or an earlier row. Returns why the row is refused, or ""."""
        if not entry.names:
            return _("Enter the name of the institution.")
        if any(len(name) > LONGEST_NAME for name in entry.names.values()):
            return _("The name of the institution is longer than 200 characters. Shorten it in the file.")
        keys = {folded(name) for name in entry.names.values()}
        earlier = next((self.by_alias[key] for key in sorted(keys) if key in self.by_alias), None)
        if earlier:
            entry.first = earlier
            return ""
        if entry.code and (other := self.by_alias.get(folded(entry.code))):
            sentence = _(
                "“%(code)s” is the abbreviation in %(where)s too. Enter a separate one for each institution."
            )
            return sentence % {"code": entry.code, "where": other.row.where}
        return self._find(entry)

    def _find(self, entry: Entry) -> str:
        by_code = self.known.get(folded(entry.code), set()) if entry.code else set()
        by_name = {code for alias in entry.aliases - {folded(entry.code)} for code in self.known.get(alias, ())}
        codes = (by_name & by_code) or by_name or by_code
        if by_name and by_code and not by_name & by_code:
            sentence = _("The name is that of %(name)s, the abbreviation that of %(other)s. Correct one of them.")
            return sentence % {"name": self._called(by_name), "other": self._called(by_code)}
        if len(codes) > 1:
            return _("Several institutions have this name: %(names)s. Enter the abbreviation of one of them.") % {
                "names": self._called(codes)
            }
        if codes:
            entry.institution = self.current[next(iter(codes))]
            return "" if by_name else self._contradiction(entry, entry.institution)
        if not self.may_create:
            return _("You do not have permission to create institutions. Ask the coordinator to import this sheet.")
        return ""

    def _contradiction(self, entry: Entry, institution: Institution) -> str:
        """Why an institution with this abbreviation is another: its name in the same language differs."""
        present = by_language(institution, self.language)
        if any(language in present for language in entry.names):
            sentence = _(
                "In the register, “%(code)s” is the abbreviation of %(name)s. Correct the abbreviation or the name."
            )
            return sentence % {"code": entry.code, "name": institution}
        return ""

    def _called(self, codes: set[str]) -> str:
        return ", ".join(sorted(str(self.current[code]) for code in codes))


def read_entry(row: SheetRow, language: str) -> Entry:
    printed = {
        code.removeprefix(NAME).strip() or language: row.says(code) for code in sorted(row.cells) if is_name(code)
    }
    names, code = {}, row.says(CODE)
    for lang, whole in printed.items():
        name, abbreviation = without_abbreviation(whole, code)
        code = code or abbreviation
        if folded(name):
            names[lang] = name
    entry = Entry(row, names, code)
    keys = {folded(name) for name in names.values()}
    both = {f"{key} {folded(code)}" for key in keys} | {f"{folded(code)} {key}" for key in keys} if code else set()
    entry.aliases = (keys | both | {folded(code)}) - {""}
    return entry


def is_name(code: str) -> bool:
    return code == NAME or code.startswith(f"{NAME} ")


def without_abbreviation(whole: str, code: str) -> tuple[str, str]:
    """ "Ministry of Justice (MJ)" without its abbreviation, and that; other words in brackets belong to the name."""
    match = IN_BRACKETS.fullmatch(whole)
    if match and (folded(match["code"]) == folded(code) if code else ABBREVIATION.fullmatch(match["code"])):
        return match["name"].strip(), match["code"]
    return whole, ""


def language_of(rows: Sequence[SheetRow]) -> str:
    """The language of a column of names whose header does not say it."""
    own = Instance.current().language_codes() or [settings.LANGUAGE_CODE]
    names = " ".join(row.says(NAME) for row in rows)[:MOST_LANGUAGE]
    return identify(names, among=tuple(dict.fromkeys([*own, *LANGUAGES])), likely=own) or own[0]


def names_of(name: object) -> list[str]:
    """The name in every language that it has."""
    data = getattr(name, "data", name)
    return [str(text) for text in data.values()] if isinstance(data, dict) else [str(data or "")]


def by_language(institution: Institution, language: str) -> dict[str, str]:
    """Its names by language; a name without a language is in the language of the list."""
    data = getattr(institution.name, "data", institution.name)
    names = dict(data) if isinstance(data, dict) else {"": str(data or "")}
    plain = names.pop("", "")
    return {code: str(name) for code, name in ({language: plain} | names).items() if name}


def code_for(entry: Entry, taken: set[str]) -> str:
    """The abbreviation of the file if it is valid; otherwise one made from the name."""
    plain = unicodedata.normalize("NFKD", entry.code).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Za-z0-9_-]+", "", plain)[:LONGEST_CODE]
    if code and code.casefold() not in taken:
        taken.add(code.casefold())
        return code
    latin = next((name for name in entry.names.values() if slugify(name)), entry.name)
    return free_code(latin, taken)


def free_code(name: str, taken: set[str]) -> str:
    """An abbreviation that no other institution has."""
    return numbered_code(slugify(name)[: LONGEST_CODE - 5].strip("-") or "institution", taken)


def numbered_code(stem: str, taken: set[str]) -> str:
    """The stem, or with the first number from 2 that is free; the code is taken from then on."""
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    taken.add(code)
    return code
