"""What a printed name means: every spelling of every country, body and term, in memory for one import."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from servanda.vocab.models import Body, Country, CountryAlias, ShortName, Term, UprSession
from servanda.vocab.state_names import (
    names_beside,
    names_in_list,
    runs_of_names,
    state_key,
    state_keys,
    without_notes,
)

ID_SCHEMES = {"uhri-theme-id": "uhri-theme", "uhri-group-id": "uhri-group", "sdg-id": "sdg"}
OLDER_WORDS = {"uhri-theme": "upr-theme"}  # lists of today still carry themes of the code before it
NOBODY = {("uhri-group", "general")}  # what older lists print where no group is meant
PLACEHOLDERS = {
    "ISO3": r"([A-Z]{3})",
    "n": r"\d+(?:[-–]\d+)*",
    "year": r"\d{4}",
    "any": r".*",
}
PLACEHOLDER = re.compile(r"\\\{(?:(ISO3|n|year|any)|(\d{1,3})\\-(\d{1,3}))\\\}")
BLANKS = re.compile(r"\s+")
# Titles of women who hold a mandate, folded, and the ones in the vocabulary.
TITLES = (
    ("relatora especial", "relator especial"),
    ("rapporteuse speciale", "rapporteur special"),
    ("experta independiente", "experto independiente"),
    ("experte independante chargee", "expert independant charge"),
    ("experte independante", "expert independant"),
    ("perita independente", "perito independente"),
    ("المقررة الخاصة المعنية", "المقرر الخاص المعني"),
    ("الخبيرة المستقلة المعنية", "الخبير المستقل المعني"),
)
# Short names of mandates as letters write them, folded, and the codes in the vocabulary.
SHORT_MANDATES = (
    ("special rapporteur on ", "sr "),
    ("independent expert on ", "ie "),
    ("working group on ", "wg "),
)
BEFORE_SUBJECT = re.compile(r"^(?:the )?(?:(?:human )?rights? (?:to|of) )?(?:the )?")


@lru_cache(maxsize=32_768)
def fold(name: str) -> str:
    """A name as it is compared: without case, accents, stars, double blanks and a leading article."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = BLANKS.sub(" ", plain.replace("*", "").replace("&", " and ")).strip(" .;,")
    return plain.removeprefix("the ")


def of_mandate(folded: str) -> str:
    """The name of a mandate, whoever holds it."""
    for held, title in TITLES:
        if folded.startswith(held):
            return title + folded.removeprefix(held)
    return folded


def code_of_mandate(folded: str) -> str:
    """The code of a mandate that is named shortly: "Special Rapporteur on torture" is "SR Torture"; otherwise ""."""
    for office, code in SHORT_MANDATES:
        if folded.startswith(office):
            return code + BEFORE_SUBJECT.sub("", folded.removeprefix(office))
    return ""


def spellings(label) -> Iterable[str]:
    data = getattr(label, "data", label)
    return data.values() if isinstance(data, dict) else [data]


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A symbol pattern with {ISO3}, {n}, {year}, {any} and ranges such as {2-18}; a bar separates alternatives."""
    return re.compile("|".join(PLACEHOLDER.sub(placeholder, re.escape(part)) for part in pattern.split("|")))


def placeholder(match: re.Match[str]) -> str:
    if match[1]:
        return PLACEHOLDERS[match[1]]
    return f"(?:{'|'.join(map(str, range(int(match[2]), int(match[3]) + 1)))})(?!\\d)"


def state_in(match: re.Match[str]) -> str:
    """The State's code at the place of {ISO3} in the alternative that matched."""
    return next(filter(None, match.groups()), "")


class Lookup:
    """Names and symbols of an import, looked up in dictionaries that a few queries fill once."""

    def __init__(self):
        self.country_codes: dict[int, str] = {}
        self.countries: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        self._learn_countries()
        self.body_codes: dict[int, str] = {}
        self.short_names: dict[int, ShortName] = {}
        self.bodies: dict[str, int] = {}
        self.bodies_with_positions: set[int] = set()
        self.patterns: list[tuple[re.Pattern[str], int]] = []
        self.symbols: dict[str, tuple[int | None, str]] = {}  # a cache: an import repeats few symbols
        self._learn_bodies()
        self.terms: dict[tuple[str, str], tuple[int, ...]] = {}
        self._learn_terms()
        sessions = list(UprSession.objects.all())
        self.cycles = {session.number: session.cycle for session in sessions}
        self.session_ids = {session.uhri_id: session.number for session in sessions if session.uhri_id}

    def _learn_countries(self) -> None:
        # Countries and terms are read as values: making objects took half the time of a small import.
        for pk, code, iso2, uhri_id, label in Country.objects.values_list("pk", "code", "iso2", "uhri_id", "name"):
            self.country_codes[pk] = code
            self.codes[code] = pk
            if iso2:
                self.codes.setdefault(iso2, pk)
            if uhri_id:
                self.codes[uhri_id] = pk
            for name in spellings(label):
                self._learn_name(name, pk)
        # Oldest first: the first spelling wins, so a country's own outranks those of later versions of the product.
        for name, pk in CountryAlias.objects.order_by("pk").values_list("name", "country_id"):
            self._learn_name(name, pk)

    def _learn_name(self, name: str, country: int) -> None:
        if key := state_key(name):
            self.countries.setdefault(key, country)

    def _learn_bodies(self) -> None:
        for body in Body.objects.all():
            self.body_codes[body.pk] = body.code
            self.short_names[body.pk] = body.short
            if body.takes_positions:
                self.bodies_with_positions.add(body.pk)
            names = [*spellings(body.name), *spellings(body.short_name)]
            for name in [body.code, body.uhri_id, *names, *body.aliases.splitlines()]:
                if name:
                    self.bodies.setdefault(fold(name), body.pk)
            if body.symbol_pattern:
                self.patterns.append((compile_pattern(body.symbol_pattern), body.pk))

    def _learn_terms(self) -> None:
        by_taxonomy = {taxonomy: scheme for scheme, taxonomy in ID_SCHEMES.items()}
        synonyms: dict[tuple[str, str], tuple[int, ...]] = {}
        columns = ("pk", "taxonomy__code", "code", "label", "synonyms", "external_id")
        for pk, taxonomy, code, label, names, external_id in Term.objects.order_by("pk").values_list(*columns):
            for name in filter(None, [code, *spellings(label)]):
                self.terms.setdefault((taxonomy, fold(name)), (pk,))
            for name in names.splitlines():
                key = taxonomy, fold(name)
                synonyms[key] = (*synonyms.get(key, ()), pk)
            if external_id and taxonomy in by_taxonomy:
                self.terms[by_taxonomy[taxonomy], fold(external_id)] = (pk,)
        self.terms = synonyms | self.terms
        for scheme, older in OLDER_WORDS.items():
            again = {(scheme, name): terms for (taxonomy, name), terms in self.terms.items() if taxonomy == older}
            self.terms = again | self.terms
        self.terms |= dict.fromkeys(NOBODY, ())

    def country(self, printed: str) -> int | None:
        """A country by any of its names, its ISO codes, or its id at UHRI."""
        for code in (printed.strip(), without_notes(printed)):
            if code in self.codes:
                return self.codes[code]
        for key in state_keys(printed):
            if key in self.countries:
                return self.countries[key]
        beside = {self.country(name) for name in names_beside(printed)}
        return beside.pop() if len(beside) == 1 else None

    def countries_of(self, printed: str) -> list[tuple[str, int | None]]:
        """The States of a cell like "Peru, Chile and Spain", with their names; None if not known."""
        if (whole := self.country(printed)) is not None:
            return [(printed, whole)]
        states: list[tuple[str, int | None]] = []
        for part in names_in_list(printed):
            joined = self._joined(part)
            states += joined if any(pk for _name, pk in joined) else [(part, None)]
        return states if any(pk for _name, pk in states) else [(printed, None)]

    def _joined(self, printed: str) -> list[tuple[str, int | None]]:
        """The States of "Chile and Spain". Where an "and" can be part of a name, the longer name wins."""
        runs = runs_of_names(printed)
        states: list[tuple[str, int | None]] = []
        place = 0
        while place < len(runs):
            known = [(name, pk) for name in runs[place] if (pk := self.country(name)) is not None]
            states.append(known[0] if known else (runs[place][-1], None))
            place += len(runs[place]) - runs[place].index(states[-1][0])
        return states

    def body(self, printed: str) -> int | None:
        folded = fold(printed)
        names = (folded, of_mandate(folded), code_of_mandate(folded))
        return next((self.bodies[name] for name in names if name in self.bodies), None)

    def body_of_symbol(self, symbol: str) -> tuple[int | None, str]:
        """The body that uses such symbols, and the State's code where the symbol has one."""
        if symbol not in self.symbols:
            self.symbols[symbol] = self._read_symbol(symbol)
        return self.symbols[symbol]

    def _read_symbol(self, symbol: str) -> tuple[int | None, str]:
        for pattern, body in self.patterns:
            if match := pattern.match(symbol):
                return body, state_in(match)
        return None, ""

    def terms_named(self, scheme: str, printed: str) -> tuple[int, ...] | None:
        """The terms that a printed label stands for: usually one, sometimes two, and none if it names no one.

        None if the label is not known.
        """
        return self.terms.get((scheme, fold(printed)))

    def cycle_of(self, session: int) -> int | None:
        return self.cycles.get(session)


def country_names() -> dict[str, str]:
    """The code of the country by each of its spellings, to recognise States in parentheses."""
    names = dict(CountryAlias.objects.values_list("name", "country__code"))
    for code, label in Country.objects.values_list("code", "name"):
        names.update(dict.fromkeys(spellings(label), code))
    return names
