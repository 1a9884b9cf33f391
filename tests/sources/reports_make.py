"""Reports of the UPR Working Group, of Slovenia and made up."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from servanda.sources.candidates import Candidate
from servanda.sources.upr import working_group
from tests.paths import SLOVENIA

NAMES = {
    "Algeria": "DZA", "Argentina": "ARG", "Bolivia (Plurinational State of)": "BOL", "Bosnia and Herzegovina": "BIH",
    "Brazil": "BRA", "Côte d’Ivoire": "CIV", "Croatia": "HRV", "Egypt": "EGY", "France": "FRA", "Iran": "IRN",
    "Islamic Republic of Iran": "IRN", "Mexico": "MEX", "Norway": "NOR", "Paraguay": "PRY", "Peru": "PER",
    "Philippines": "PHL", "Slovakia": "SVK", "Slovenia": "SVN", "Spain": "ESP", "State of Palestine": "PSE",
    "Palestine": "PSE", "Trinidad and Tobago": "TTO", "Ukraine": "UKR", "Uruguay": "URY",
    "United Kingdom of Great Britain and Northern Ireland": "GBR", "Venezuela, Bolivarian Republic of": "VEN",
}  # fmt: skip


HEAD = """A/HRC/99/7
Report of the Working Group on the Universal Periodic Review
Slovenia
Distr.: General
3 March 2030
Original: English
Introduction
1. The Working Group held its fifty-second session. The review of Slovenia was held at the 5th meeting.
"""


def report(name: str) -> list[Candidate]:
    return list(working_group.read(SLOVENIA / name, country_names=NAMES))


def report_text(body: str) -> str:
    return f"{HEAD}II. Conclusions and/or recommendations\n{body}\nAnnex\n1. Mr. Novak (France);\n"


def read(body: str) -> list[Candidate]:
    return list(working_group.read_text(report_text(body), country_names=NAMES))


def english(items: list[Candidate]) -> dict[str, str]:
    return {item.paragraph: item.texts["en"] for item in items}


def add_numbering(document: Document) -> None:
    """A list of two levels that starts at 60: "60." and "60.1", as Word counts it."""
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, start, text in ((0, 60, "%1."), (1, 1, "%1.%2"))
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
