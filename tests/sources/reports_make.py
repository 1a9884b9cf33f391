"""Reports of the UPR Working Group, of Slovenia and made up."""

from servanda.sources.candidates import Candidate
from servanda.sources.readers import working_group
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


def read(body: str) -> list[Candidate]:
    text = f"{HEAD}II. Conclusions and/or recommendations\n{body}\nAnnex\n1. Mr. Novak (France);\n"
    return list(working_group.read_text(text, country_names=NAMES))


def english(items: list[Candidate]) -> dict[str, str]:
    return {item.paragraph: item.texts["en"] for item in items}
