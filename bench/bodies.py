"""Made documents of monitoring bodies in four languages: States, parties and facts are invented.

The masthead says what each document is; the rest tries to mislead a reader. Some applicants are States or have the
name of one, other documents are cited with their symbols, the dates of hearings, applications and later reports occur
beside that of the document, and parties and third persons ask and recommend.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path

import docx

from servanda.kit.files.pdf import pdf_of

MADE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
VARIANTS = 5  # as many as there are styles of Arabic months
KINDS = {"i": "information", "r": "recommendation", "c": "concern", "o": "obligation"}
WANTED = re.compile(r"^(?P<text>.*)\|(?P<kind>[a-z])(?P<number>\S*)$", re.S)
MARK = re.compile(r"^\s*(?:\(?(?P<mark>\d{1,3}|[a-z]|[ivx]+|[أبج])[.)-]{1,2}|-)\s+")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar-ma": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
    "ar-dz": "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
}
_LEVANT = [
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول"),
    *("تشرين الأول", "تشرين الثاني", "كانون الأول"),
]
_ORDINALS = [
    *("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh"),
    *("Twelfth", "Thirteenth"),
]
_YEARS = {2019: "Nineteen", 2020: "Twenty", 2021: "Twenty-One", 2022: "Twenty-Two", 2023: "Twenty-Three"}


@dataclass(frozen=True, slots=True)
class ExpectedUnit:
    kind: str
    number: str
    text: str
    needs_lead: bool


@dataclass(frozen=True, slots=True)
class MadeDocument:
    family: str
    language: str
    name: str
    symbol: str
    states: tuple[str, ...]
    day: date
    rows: tuple[str, ...]
    wanted: tuple[ExpectedUnit, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.rows)


def country_names() -> dict[str, str]:
    """The invented States by all their names."""
    return {
        names[language]: code for code, names in MADE["states"].items() for language in ("en", "fr", "es", "ar")
    } | {"Ostovar": "OST", "أوستوفار": "OST"}


def documents(language: str, variants: int = VARIANTS) -> Iterator[MadeDocument]:
    for position, form in enumerate(MADE["documents"]):
        if form["language"] == language:
            yield from (made(form, position, variant) for variant in range(variants))


def made(form: dict, position: int, variant: int) -> MadeDocument:
    codes = list(MADE["states"])
    first, second = codes[(position + variant) % 4], codes[(position + variant + 1 + variant % 3) % 4]
    language = form["language"]
    a, b = MADE["states"][first], MADE["states"][second]
    day = date(2019 + variant, 1 + (position * 5 + variant * 7) % 12, 1 + (position + variant) % 13)
    values = {
        "A": first, "B": second, "a": a[language], "b": b[language], "A_UPPER": a[language].upper(),
        "B_UPPER": b[language].upper(), "of_a": a["of_fr" if language == "fr" else "of_es"], "to_a": a["to_ar"],
        "n": 11 + position + variant,
        "day": printed(day, language, variant), "DAY": printed(day, language, variant).upper(),
        "other": printed(day - timedelta(days=403), language, variant),
        "later": printed(day + timedelta(days=811), language, variant),
        "DAY_US": f"{_MONTHS['en'].split()[day.month - 1].upper()} {day.day}, {day.year}", "DAY_WORDS": in_words(day),
    }  # fmt: skip
    symbol = form["symbol"].format(**values)
    rows, wanted = [], []
    for row in form["rows"]:
        match = WANTED.match(row.format(symbol=symbol, **values))
        rows.append(match["text"] if match else row.format(symbol=symbol, **values))
        if match:
            wanted.append(wanted_of(match))
    states = {"": (), "AB": (first, second)}.get(form.get("respondents", form.get("states", "A")), (first,))
    name = f"{form['kind']}-{language}-{position}-{variant}"
    return MadeDocument(form["kind"], language, name, symbol, states, day, tuple(rows), tuple(wanted))


def wanted_of(match: re.Match[str]) -> ExpectedUnit:
    mark = MARK.match(match["text"])
    number = match["number"] or (mark["mark"] or "" if mark else "")
    text = match["text"][mark.end() :] if mark else match["text"]
    return ExpectedUnit(KINDS[match["kind"]], number, text, bool(match["number"]))


def printed(day: date, language: str, variant: int) -> str:
    if language != "ar":
        month = _MONTHS[language].split()[day.month - 1]
        return f"{day.day} de {month} de {day.year}" if language == "es" else f"{day.day} {month} {day.year}"
    egypt, morocco, algeria = (_MONTHS[style].split()[day.month - 1] for style in ("ar", "ar-ma", "ar-dz"))
    levant = _LEVANT[day.month - 1]
    return f"{day.day} {(f'{levant}/{egypt}', morocco, algeria, egypt, levant)[variant]} {day.year}"


def in_words(day: date) -> str:
    month = _MONTHS["en"].split()[day.month - 1]
    return f"{_ORDINALS[day.day - 1]} Day of {month} in the Year Two Thousand and {_YEARS[day.year]}"


def write(document: MadeDocument, folder: Path) -> Path:
    """Variants alternate between text and Word; the last one of every third form is a PDF."""
    position, variant = map(int, document.name.rsplit("-", 2)[1:])
    if variant % 2:
        path = folder / f"{document.name}.docx"
        file = docx.Document()
        for row in document.rows:
            file.add_paragraph(row)
        file.save(str(path))
    elif variant == VARIANTS - 1 and not position % 3:
        path = folder / f"{document.name}.pdf"
        path.write_bytes(pdf_of(page(document)))
    else:
        path = folder / f"{document.name}.txt"
        path.write_text(document.text, encoding="utf-8")
    return path


def page(document: MadeDocument) -> str:
    """The document as HTML. Its running head has the symbol without the last two characters, to mislead."""
    direction = "rtl" if document.language == "ar" else "ltr"
    style = f"""@page{{size:A5;@top-left{{content:"{document.symbol[:-2]}"}}@bottom-center{{content:counter(page)}}}}
      body{{font:15pt "DejaVu Serif","DejaVu Sans",serif}}p{{margin:0 0 14pt}}"""
    rows = "".join(f"<p>{escape(row)}</p>" for row in document.rows)
    return f'<html lang="{document.language}" dir="{direction}"><style>{style}</style><body>{rows}</body></html>'
