"""Recognises the kind of a document from its masthead, and reads the facts of its cover."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import number_of
from servanda.language.documents.units import Block, Layout
from servanda.sources.documents.addressed_state import names_in, states_of
from servanda.sources.documents.document_date import day_of
from servanda.sources.documents.families import BY_CODE, FAMILIES, ON_URGENT_ACTIONS, OTHER, SUMMARY
from servanda.sources.documents.family import Family
from servanda.sources.documents.letters.calls import is_public_call
from servanda.sources.documents.letters.heads import IS_REPLY, is_of_letter
from servanda.sources.documents.masthead import Masthead, is_cited, masthead_of, opens_row, without_references
from servanda.sources.documents.symbols import COMMUNICATION, country_in, symbol_of

LEAST_TITLE, LEAST_TITLE_IN_CHINESE, MOST_TITLE = 20, 6, 300
HAN = lazy_pattern("[\u4e00-\u9fff]")
PRESENTED_WITHIN = 600
IS_SUMMARY = lazy_pattern(r"^\W*(?:(?:executive\s+)?summary|résumé|resumen(?:\s+ejecutivo)?|ملخص|موجز)\W*$", re.I)
WITH_OWN_LISTS, TITLE_BELOW = {"achpr", "iachr", "ecsr"}, 200
OF_EXPERT = lazy_pattern(
    r"report\s+of\s+the\s+(?:special|independent|working)|rapport\s+(?:du|de\s+la|de\s+l.)\s*(?:rapporteu|expert|groupe)"
    r"|informe\s+(?:del|de\s+la)\s+(?:relator|expert|grupo)|تقرير\s+(?:المقرر|الخبير|الفريق)",
    re.I,
)


@dataclass(slots=True)
class Cover:
    """Facts from the masthead; each may be missing, and a person corrects them."""

    family: Family
    symbol: str = ""
    title: str = ""
    states: list[str] = field(default_factory=list)
    adopted: date | None = None

    @property
    def state(self) -> str:
        return self.states[0] if self.states else ""


def read_cover(blocks: Sequence[Block], furniture: str, names: Mapping[str, str], family: str = "") -> Cover:
    """Read the masthead. `furniture` is the text of headers and footers, `names` maps folded names of States to
    codes."""
    head = masthead_of(blocks, furniture)
    kind = BY_CODE[family] if family else family_of_masthead(head)
    symbol = symbol_of(head, kind.code)
    in_symbol = country_in(symbol, names.values())
    states = [in_symbol] if in_symbol else states_of_kind(head, names, kind)
    return Cover(kind, symbol, title_of(head.rows, kind), states, day_of(head, kind.code))


def states_of_kind(head: Masthead, names: Mapping[str, str], kind: Family) -> list[str]:
    """The States of the document; below a title that names the State, other States put questions to it."""
    if kind.code == "advance-questions":
        titles = (row for row in head.rows if kind.matches(row))
        if asked := [named.code for title in titles for named in names_in(title, names)]:
            return asked
    return states_of(head, names, is_case=kind.is_case)


def family_of_masthead(head: Masthead) -> Family:
    if head.rows and IS_SUMMARY.match(head.rows[0]):
        return SUMMARY
    if is_public_call(head.opening):
        return BY_CODE["questionnaire"]
    if is_of_letter(head.opening):
        return BY_CODE["sp-letter"]
    edges = "\n".join(head.edges)
    family = family_of(head.text) if head.text else OTHER
    if family == OTHER or not first_marked(head.text):
        family = first_marked(edges) or (family if family != OTHER else family_of(edges))
    return family if family != OTHER else family_presented(head)


def family_presented(head: Masthead) -> Family:
    """The family of a document without a masthead, which may name its body in its first sentences."""
    text = "\n".join(row for row in head.blocks if row not in head.rows)[:PRESENTED_WITHIN]
    return first_worded(text, [family for family in FAMILIES if family.body], above=head.text)


def family_of(printed: str) -> Family:
    """The family whose symbol comes first, or else the one whose words do. Summaries name themselves."""
    if is_public_call(printed.split("\n")):
        return BY_CODE["questionnaire"]
    if is_of_letter(printed.split("\n")):
        return BY_CODE["sp-letter"]
    printed = without_references(printed)
    if SUMMARY.words.search(printed):
        return SUMMARY
    if marked := first_marked(printed):
        return marked
    first = first_worded(printed, FAMILIES)
    return BY_CODE["achpr-decision"] if is_on_communication(printed, first) else first


def first_worded(printed: str, families: Sequence[Family], *, above: str = "") -> Family:
    is_reply = any(IS_REPLY.search(row) for row in printed.split("\n")[:12])
    if is_reply or ON_URGENT_ACTIONS.search(f"{above}\n{printed}"):
        families = [family for family in families if family.code != "urgent-action"]
    places = {family: match.start() for family in families if (match := family.words.search(printed))}
    first = min(places, key=lambda family: places[family], default=OTHER)
    if first.code in WITH_OWN_LISTS:
        below = (family for family in places if family.layout == Layout.QUESTIONS)
        first = next((family for family in below if places[family] - places[first] < TITLE_BELOW), first)
    if first.code == "visit-report" and not OF_EXPERT.search(printed):
        return next((family for family in places if family.code in ("cpt", "spt")), first)
    return first


def is_on_communication(printed: str, family: Family) -> bool:
    """Whether a document of the African Commission is a decision on a communication, whose number is in its title."""
    return family.code == "achpr-decision" or (
        family.code == "achpr" and any(map(names_communication, printed.split("\n")))
    )


def names_communication(row: str) -> bool:
    """Whether a row begins with, or contains before a dash, a communication: "Communication 313/05 – A v.
    Testland"."""
    match = COMMUNICATION.search(row.strip())
    return match is not None and (not match.start() or row.strip()[match.end() :].lstrip()[:1] in tuple("-–—:"))


def first_marked(printed: str) -> Family | None:
    places = {
        family: match.start()
        for family in FAMILIES
        for match in family.marks.finditer(printed)
        if not is_cited(printed, match.start())
        and not printed[: match.start()].rstrip().endswith("(")
        and (family.body or opens_row(printed, match.start()))
    }
    return min(places, key=lambda family: places[family], default=None)


# "CASE OF A v. TESTLAND": between two names, not "v." of a volume or "c." of a paragraph.
PARTIES = lazy_pattern(
    r"^(?:(?:the\s+)?(?:case|matter)\s+of|in\s+the\s+matter\s+of|(?:l[’'])?affaire|(?:el\s+)?caso|(?:ال)?قضية)\s.*\S\s+"
    r"(?:v\.?s?\.?|versus|c\.|contre|contra|against|ضد)\s+[^\W\d]",
    re.I,
)


def least_title(row: str) -> int:
    return LEAST_TITLE_IN_CHINESE if HAN.match(row) else LEAST_TITLE


def title_of(rows: Sequence[str], family: Family) -> str:
    """In a case its name; otherwise the first row with the words of the family, or else with its symbol, or else the
    first possible title. Numbered paragraphs are none."""
    if family.is_case and (name := name_of_case(rows)):
        return name
    titles = [row for row in rows if least_title(row) < len(row) < MOST_TITLE and not number_of(row)]
    worded = (row for row in titles if family.words.search(row))
    return next(worded, next(filter(family.matches, titles), titles[0] if titles else ""))


def name_of_case(rows: Sequence[str]) -> str:
    """The first row with the parties in it; empty where they stand in rows of their own."""
    named = (row.strip() for row in rows if len(row) < MOST_TITLE and not number_of(row))
    return next((row for row in named if PARTIES.search(row)), "")
