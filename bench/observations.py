"""Concluding observations laid out as the committees print them: the layout is ours, the texts are UHRI's.

Each document has a masthead, chapters, paragraphs numbered through, lettered items, a follow-up and a dissemination
paragraph, page furniture. Odd documents number in Word's lists, even ones type their numbers.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from servanda.kit.files.pdf import pdf_of
from servanda.sources.printed.texts import clean, lift_number

RECORDS_A_DOCUMENT = 26
RECOMMENDATION, CONCERN = "aa43335f", "3ae2eea6"
# Recommendations of UHRI that are something else in Servanda: a report or a dissemination that is due to the body is
# an obligation, and a paragraph that only stresses the importance of all recommendations adds none.
OTHERWISE = {
    "4f4c5d25-e9b9-4e18-91ca-75a921a80025": "obligation",  # CAT/C/AUT/CO/7, 52: the next periodic report
    "263baff0-16e6-4fa9-ab5f-b1069f5fbb64": "dissemination",  # CRC/C/OPAC/MWI/CO/1, 29: of these observations
    "035c8e9e-0dd0-4ca2-8d1d-78bb972f54cd": "information",  # CRPD/C/AGO/CO/1, 59: all recommendations are important
}
RIGHT_TO_LEFT = {"ar"}
NUMBER_SIGN = {"ar": "-"}
LETTERS = {"ar": "أبجدهوزحطيكلمنسعفصقرشت", "en": "abcdefghijklmnopqrstuvwxyz"}
CYRILLIC, MIXED = "абвгдежзиклмнопрстуф", "аbсdеfghijklmnoрqrst"  # MIXED: Latin and Cyrillic, as some typists do
BOTH_BRACKETS = {"en", "ar"}

FIXED = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))  # what every document says


@dataclass(slots=True)
class ExpectedUnit:
    """One unit that must be found: its number, kind and text."""

    number: str
    kind: str  # "recommendation", "concern" for UHRI's concerns and observations, "information", "obligation"
    text: str
    follow_up: bool = False
    dissemination: bool = False


@dataclass(slots=True)
class Row:
    """One printed paragraph without its number and letter, or a heading."""

    text: str
    number: int = 0
    letter: int = 0
    heading: int = 0


@dataclass(slots=True)
class Observations:
    language: str
    place: int
    rows: list[Row] = field(default_factory=list)
    wanted: list[ExpectedUnit] = field(default_factory=list)
    led: set[str] = field(default_factory=set)  # numbers whose lead may contain a concern of its own


def raw_records(data: Path) -> list[dict]:
    path = data / "recs" / "uhri_818_six_languages" / "raw_api_records.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    records = [record for record in records if "/CO/" in record["symbol"]]
    records = [record for record in records if record["annotationType"][:8] in (RECOMMENDATION, CONCERN)]
    return sorted(records, key=lambda record: record["annotationId"])


def documents(data: Path, language: str) -> Iterator[Observations]:
    records = raw_records(data)
    for place, start in enumerate(range(0, len(records), RECORDS_A_DOCUMENT), 1):
        yield observations(records[start : start + RECORDS_A_DOCUMENT], language, place)


def observations(records: list[dict], language: str, place: int) -> Observations:
    made = Observations(language, place)
    fixed = FIXED[language]
    made.rows.append(Row(fixed["title"], heading=1))
    number = 0
    for chapter, name in zip(fixed["chapters"], ("intro", "positive", ""), strict=True):
        made.rows.append(Row(chapter, heading=2))
        if name:
            number += 1
            made.rows.append(Row(fixed[name], number))
            made.wanted.append(ExpectedUnit(str(number), "information", fixed[name]))
    for record in records:
        number = add_record(made, record, number)
    demands = [unit.number for unit in made.wanted if unit.kind == "recommendation"]
    follow_up_numbers = [demands[0], *[demand for demand in demands[1:] if "(" in demand][:1]]
    for unit in made.wanted:
        unit.follow_up = unit.number in follow_up_numbers
    for name, flags in (("follow", (True, False)), ("spread", (False, True))):
        made.rows.append(Row(fixed[f"{name}_title"], heading=3))
        number += 1
        text = fixed[name].format(*(named(demand, language) for demand in follow_up_numbers))
        made.rows.append(Row(text, number))
        made.wanted.append(ExpectedUnit(str(number), "obligation", text, *flags))
    return made


def add_record(made: Observations, record: dict, number: int) -> int:
    """Add a record of UHRI as a numbered paragraph, without its old number and with its heading printed above it."""
    _number, text = lift_number(clean(record.get(made.language) or ""))
    heading, body = "", text
    if "\n" in text and len(text.split("\n")[0]) < 120 and record.get("en", "")[:1].isalpha():
        heading, body = text.split("\n", 1)
    if len(body.split()) < 4:
        return number
    kind = "recommendation" if record["annotationType"].startswith(RECOMMENDATION) else "concern"
    kind = OTHERWISE.get(record["annotationId"], kind)
    is_dissemination = kind == "dissemination"
    lead, items = parted(flat(body), made.language)
    number += 1
    if heading.strip():
        made.rows.append(Row(flat(heading), heading=3))
    made.rows.append(Row(lead, number))
    if not items:
        kind = "obligation" if is_dissemination else kind
        made.wanted.append(ExpectedUnit(str(number), kind, lead, dissemination=is_dissemination))
        return number
    made.led.add(str(number))
    for letter, item in enumerate(items, 1):
        made.rows.append(Row(item, number, letter))
        made.wanted.append(ExpectedUnit(f"{number}({LETTERS['en'][letter - 1]})", kind, item))
    return number


def named(number: str, language: str) -> str:
    """ "24 (b)" as a paragraph of the same document is named in its language."""
    paragraph, _bracket, letter = number.rstrip(")").partition("(")
    position = LETTERS["en"].index(letter) + 1 if letter else 0
    return f"{paragraph} {printed(Row('', 0, position), language)}".strip()


def flat(text: str) -> str:
    return " ".join(re.sub(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text).split())


def parted(text: str, language: str) -> tuple[str, list[str]]:
    """The lead and its items, where the text letters at least two."""
    cuts: list[tuple[int, int]] = []
    position = 0
    for index in range(20):
        letters = "".join(alphabet[index] for alphabet in (*LETTERS.values(), CYRILLIC, MIXED))
        extra = "|إ|ا" if index == 0 else ("|هـ|ﻫ" if index == 4 else "")
        match = re.compile(rf"(?<![\w])\(?[\s\u200c\u200d]*(?:[{letters}]{extra})[\s\u200c\u200d]*\)\s*").search(
            text, position
        )
        if not match or not re.search(r"[:;.,؛،]\s*(?:and|et|y|e|и|و|or)?\s*$", text[: match.start()]):
            break
        cuts.append((match.start(), match.end()))
        position = match.end()
    if len(cuts) < 2:
        return text, []
    ends = [start for start, _end in cuts[1:]] + [len(text)]
    items = [text[end:stop].strip() for (_start, end), stop in zip(cuts, ends, strict=True)]
    lead = text[: cuts[0][0]].strip()
    return (lead, items) if lead and all(items) else (text, [])


def printed(row: Row, language: str) -> str:
    """The number or letter as the committee prints it before a paragraph."""
    if row.letter:
        letter = LETTERS.get(language, LETTERS["en"])[row.letter - 1]
        return f"({letter})" if language in BOTH_BRACKETS else f"{letter})"
    return f"{row.number}{NUMBER_SIGN.get(language, '.')}" if row.number else ""


def as_pdf(made: Observations, path: Path) -> None:
    direction = "rtl" if made.language in RIGHT_TO_LEFT else "ltr"
    rows = "".join(row_html(row, made.language) for row in made.rows)
    style = """@page{size:A4;margin:28mm 25mm;@top-left{content:"CXX/C/TST/CO/5";font:bold 8pt serif}
      @bottom-left{content:counter(page);font-size:8pt}@bottom-right{content:"GE.20-01234";font-size:8pt}}
      body{font:10pt/1.3 "DejaVu Serif","DejaVu Sans",serif}p{margin:0 0 6pt 10mm}p.item{margin-left:18mm}
      h1{font-size:14pt}h2{font-size:12pt}h3{font-size:10pt}"""
    path.write_bytes(
        pdf_of(f'<html lang="{made.language}" dir="{direction}"><style>{style}</style><body>{rows}</body></html>')
    )


def row_html(row: Row, language: str) -> str:
    if row.heading:
        return f"<h{row.heading}>{html.escape(row.text)}</h{row.heading}>"
    kind = ' class="item"' if row.letter else ""
    return f"<p{kind}>{printed(row, language)}&emsp;{html.escape(row.text)}</p>"


def as_docx(made: Observations, path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(10)
    automatic = bool(made.place % 2)
    number_id = with_lists(document, made.language) if automatic else ""
    document.sections[0].header.paragraphs[0].text = "CXX/C/TST/CO/5"
    for row in made.rows:
        if row.heading:
            if row.heading == 3:
                document.add_paragraph().add_run(row.text).bold = True
            else:
                document.add_heading(row.text, row.heading)
            continue
        mark = printed(row, made.language)
        paragraph = document.add_paragraph(row.text if automatic else f"{mark}\t{row.text}")
        if automatic:
            level = 1 if row.letter else 0
            paragraph._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>'
                )
            )
    document.save(str(path))


def with_lists(document, language: str) -> str:
    """A list of the document's own: decimal numbers, and letters of its language below them."""
    root = document.part.numbering_part.element
    letters = "arabicAbjad" if language == "ar" else "lowerLetter"
    sign, pattern = NUMBER_SIGN.get(language, "."), "(%2)" if language in BOTH_BRACKETS else "%2)"
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for level, form, shown in ((0, "decimal", f"%1{sign}"), (1, letters, pattern))
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"
