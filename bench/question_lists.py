"""Made lists of issues, lists prior to reporting and questionnaires in six languages, with the questions in them.

Layouts and texts are ours, in the forms of published documents; the State is invented. What must be found is noted
while the rows are made, without a look at the reader. Documents of `HELD_BACK` were not looked at while it was tuned.
"""

import html
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from servanda.kit.files.pdf import pdf_of

TEXTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
HELD_BACK_LANGUAGE, HELD_BACK_SENDERS = "ru", {"crpd-loipr", "crpd-loi-again"}
RIGHT_TO_LEFT = {"ar"}
HAN = "一二三四五六七八九十"
ABJAD = "أبجدهوز"
LATIN = "abcdefg"
CYRILLIC = "абвгдеж"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class ExpectedQuestion:
    number: str
    text: str
    articles: str | None = ""  # None: the reader is not asked about them here


@dataclass(frozen=True, slots=True)
class Row:
    """A printed paragraph with its mark, a heading, a row of a table, or a footnote."""

    text: str
    mark: str = ""
    kind: str = "text"  # "heading", "text", "item", "table", "footnote"
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class MadeList:
    sender: str
    language: str
    symbol: str
    rows: list[Row] = field(default_factory=list)
    wanted: list[ExpectedQuestion] = field(default_factory=list)
    is_noisy: bool = False

    @property
    def name(self) -> str:
        return f"{self.sender} {self.language}"

    @property
    def is_held_back(self) -> bool:
        return self.language == HELD_BACK_LANGUAGE or self.sender in HELD_BACK_SENDERS


def made_lists() -> Iterator[MadeList]:
    """One document of each sender in each language."""
    for language in LANGUAGES:
        for sender in SENDERS:
            yield SENDERS[sender](sender, language)


def begun(sender: str, language: str, title: str, symbol: str = "", committee: str = "") -> MadeList:
    texts = TEXTS[language]
    made = MadeList(sender, language, symbol)
    made.rows += [Row(row) for row in ([symbol] if symbol else [])]
    made.rows += [Row(row) for row in (texts["distribution"] if symbol else [])]
    made.rows += [Row(texts["committee"][committee], kind="heading")] if committee else []
    made.rows.append(Row(texts["title"][title].format(state=texts["state"]), kind="heading"))
    return made


def letters(language: str) -> str:
    return {"ar": ABJAD, "ru": CYRILLIC}.get(language, LATIN)


def paragraph_mark(number: str, language: str, form: str = "usual") -> str:
    if form == "word":
        return f"{TEXTS[language]['word']} {number}."
    if form == "bracket":
        return f"{number})"
    if form == "both":
        return f"({number})"
    if language == "ar":
        return f"{number.translate(ARABIC_DIGITS) if form == 'digits' else number}-"
    if language == "zh" and form == "digits":
        return f"{number.translate(WIDE_DIGITS)}．"
    return f"{number}."


def item_mark(place: int, language: str) -> str:
    sign = letters(language)[place]
    return f"{sign})" if language in ("fr", "ru", "es") else f"({sign})"


def add_question(
    made: MadeList, place: int, number: str, *, form: str = "usual", articles: str | None = "", is_asked: bool = True
) -> None:
    """A question of the texts with its items, as the paragraph with this number."""
    text, items = TEXTS[made.language]["questions"][place]
    made.rows.append(Row(text, paragraph_mark(number, made.language, form)))
    whole = text
    for nth, item in enumerate(items):
        mark = item_mark(nth, made.language)
        made.rows.append(Row(item, mark, "item"))
        whole += f"\n{mark} {item}"
    if is_asked:
        made.wanted.append(ExpectedQuestion(number, whole, articles))


def ccpr_loi(sender: str, language: str) -> MadeList:
    """Headings with articles in brackets, continuous numbers, a footnote at the end of the page."""
    made, texts = begun(sender, language, "loi", "CCPR/C/OST/Q/5", "CCPR"), TEXTS[language]
    number = 0
    for (heading, articles), places in zip(texts["headings"], ([0, 3], [1], [5, 9], [2], [6], [4], [8]), strict=True):
        made.rows.append(Row(heading, kind="heading"))
        for place in places:
            number += 1
            add_question(made, place, str(number), articles=articles)
        if number == 3:
            made.rows.append(Row(texts["footnote"], "1", "footnote"))
    return made


def cedaw_loi(sender: str, language: str) -> MadeList:
    """A first paragraph on the replies, chapters, headings without articles, items."""
    made, texts = begun(sender, language, "loi", "CEDAW/C/OST/Q/5", "CEDAW"), TEXTS[language]
    made.rows.append(Row(texts["procedures"][0], paragraph_mark("1", language)))
    number = 1
    for chapter, places in zip(texts["chapters"], ([0, 2, 7], [1, 3, 8, 4]), strict=True):
        made.rows.append(Row(chapter, kind="heading"))
        for place in places:
            number += 1
            add_question(made, place, str(number))
    return made


def crc_loi(sender: str, language: str) -> MadeList:
    """Two paragraphs on the procedure, the second of them in the middle, and digits of the language."""
    made, texts = begun(sender, language, "loi", "CRC/C/OST/Q/5", "CRC"), TEXTS[language]
    made.rows.append(Row(texts["procedures"][0], paragraph_mark("1", language, "digits")))
    made.rows.append(Row(texts["procedures"][1], paragraph_mark("2", language, "digits")))
    for number, place in enumerate([0, 5, 2, 6, 8, 9, 7], 3):
        if number in (5, 8):
            heading, articles = texts["headings"][number - 4]
            made.rows.append(Row(heading, kind="heading"))
        add_question(made, place, str(number), form="digits", articles=articles if number >= 5 else "")
    return made


def cat_loipr(sender: str, language: str) -> MadeList:
    """Headings that are only articles, long paragraphs, two footnotes."""
    made, texts = begun(sender, language, "loipr", "CAT/C/OST/QPR/6", "CAT"), TEXTS[language]
    number = 0
    for (heading, articles), places in zip(
        [texts["headings"][5], texts["headings"][2], texts["headings"][3]], ([1, 0], [3, 9, 8], [2, 6]), strict=True
    ):
        made.rows.append(Row(heading, kind="heading"))
        for place in places:
            number += 1
            add_question(made, place, str(number), articles=articles)
        made.rows.append(Row(texts["footnote"], str(number), "footnote"))
    return made


def crpd_loipr(sender: str, language: str) -> MadeList:
    """Chapters above headings with articles; the layout that was held back."""
    made, texts = begun(sender, language, "loipr", "CRPD/C/OST/QPR/6", "CRPD"), TEXTS[language]
    number = 0
    for chapter, headings, places in zip(
        texts["chapters"], ((0, 1), (3, 5)), (([0, 7], [2]), ([3, 1, 4], [8])), strict=True
    ):
        made.rows.append(Row(chapter, kind="heading"))
        for heading, some in zip(headings, places, strict=True):
            title, articles = texts["headings"][heading]
            made.rows.append(Row(title, kind="heading"))
            for place in some:
                number += 1
                add_question(made, place, str(number), articles=articles)
    return made


def crpd_loi(sender: str, language: str) -> MadeList:
    """Headings of several lengths that wrap anywhere in their articles, numbers with a bracket, an order of questions
    of its own in each document."""
    made, texts = begun(sender, language, "loi", "CRPD/C/OST/Q/2", "CRPD"), TEXTS[language]
    chance = random.Random(made.name)  # noqa: S311 -- test data, not a secret
    places = chance.sample(range(len(texts["questions"])), 9)
    beginnings = [texts["state"], *texts["chapters"], "", texts["committee"]["CRPD"]]
    for nth, place in enumerate(places):
        if nth % 2 == 0:
            heading, articles = chance.choice(texts["headings"])
            before = chance.choice(beginnings).split(". ")[-1]
            made.rows.append(Row(f"{before}: {heading}" if before else heading, kind="heading"))
        add_question(made, place, str(nth + 1), form="bracket", articles=articles)
    return made


def mandate_questionnaire(sender: str, language: str) -> MadeList:
    """Numbered background and instructions around questions with the word "Question" and a line for the answer."""
    made, texts = begun(sender, language, "questionnaire"), TEXTS[language]
    made.rows.append(Row(texts["background_title"], kind="heading"))
    made.rows += [Row(row, f"{nth}.") for nth, row in enumerate(texts["background"], 1)]
    made.rows.append(Row(texts["questions_title"], kind="heading"))
    for number, place in enumerate([6, 0, 4, 2, 9], 1):
        add_question(made, place, str(number), form="word")
        made.rows += [Row(texts["answer"]), Row("." * 60)]
    made.rows.append(Row(texts["submit_title"], kind="heading"))
    made.rows += [Row(row, f"{nth}.") for nth, row in enumerate(texts["submit"], 1)]
    return made


def council_call(sender: str, language: str) -> MadeList:
    """Numbered headings above questions of two levels, and instructions."""
    made, texts = begun(sender, language, "call"), TEXTS[language]
    made.rows += [Row(row) for row in texts["background"]]
    for nth, (section, places) in enumerate(zip(texts["sections"], ([0, 6], [5, 9, 2], [4]), strict=True), 1):
        made.rows.append(Row(section, f"{nth}."))
        for sub, place in enumerate(places, 1):
            add_question(made, place, f"{nth}.{sub}", form="plain" if language == "ar" else "usual")
    made.rows.append(Row(texts["submit_title"], kind="heading"))
    made.rows += [Row(row) for row in texts["submit"]]
    return made


def table_questionnaire(sender: str, language: str) -> MadeList:
    """A table with numbers, questions and empty cells for the replies."""
    made, texts = begun(sender, language, "table"), TEXTS[language]
    made.rows += [Row(row) for row in texts["background"]]
    made.rows.append(Row("", kind="table", cells=tuple(texts["table_head"])))
    for number, place in enumerate([6, 0, 4, 5, 9, 7], 1):
        text = texts["questions"][place][0]
        made.rows.append(Row("", kind="table", cells=(str(number), text, "")))
        made.wanted.append(ExpectedQuestion(str(number), text))
    return made


def scanned_loi(sender: str, language: str) -> MadeList:
    """A list of issues with the noise of text recognition: wide spaces, stray signs, letters for digits."""
    made = ccpr_loi(sender, language)
    made.is_noisy = True
    return made


SENDERS = {
    "ccpr-loi": ccpr_loi,
    "cedaw-loi": cedaw_loi,
    "crc-loi": crc_loi,
    "cat-loipr": cat_loipr,
    "crpd-loipr": crpd_loipr,
    "crpd-loi": crpd_loi,
    "crpd-loi-again": crpd_loi,  # other questions and headings
    "mandate-questionnaire": mandate_questionnaire,
    "council-call": council_call,
    "table-questionnaire": table_questionnaire,
    "scanned-loi": scanned_loi,
}


def noisy(row: Row, chance: random.Random) -> Row:
    """As text recognition gives a paragraph; the words stay readable."""
    text = "  ".join(part for part in row.text.split("  "))
    words = text.split(" ")
    if len(words) > 8:
        place = chance.randrange(2, len(words) - 2)
        words[place] = f" {words[place]} "
    mark = row.mark
    if mark and chance.random() < 0.3:
        mark = chance.choice([mark.replace("1", "l"), mark.replace(".", " ."), f"· {mark}"])
    return Row(" ".join(words), mark, row.kind, row.cells)


def rows_of(made: MadeList) -> list[Row]:
    chance = random.Random(made.name)  # noqa: S311 -- test data, not a secret
    return [noisy(row, chance) if row.kind == "text" else row for row in made.rows] if made.is_noisy else made.rows


# Files


def as_pdf(made: MadeList, path: Path) -> None:
    direction = "rtl" if made.language in RIGHT_TO_LEFT else "ltr"
    style = f"""@page{{size:A4;margin:25mm;@top-left{{content:"{made.symbol or "OHCHR"}";font:bold 8pt serif}}
      @bottom-right{{content:counter(page);font-size:8pt}}}}
      body{{font:10pt/1.35 "DejaVu Serif","Noto Naskh Arabic","Noto Serif CJK SC","Noto Sans CJK SC","DejaVu Sans"}}
      p{{margin:0 0 7pt}}p.item{{margin:0 0 6pt 12mm}}h2{{font-size:11pt;margin:8pt 0 5pt}}
      span.footnote{{float:footnote;font-size:7pt}}table{{border-collapse:collapse;width:100%}}
      td{{border:0.5pt solid #999;padding:6pt;vertical-align:top}}"""
    body = "".join(parts_of(rows_of(made)))
    path.write_bytes(
        pdf_of(f'<html lang="{made.language}" dir="{direction}"><style>{style}</style><body>{body}</body></html>')
    )


def parts_of(rows: list[Row]) -> Iterator[str]:
    is_in_table = False
    for row, following in zip(rows, [*rows[1:], Row("")], strict=True):
        if row.kind == "footnote":
            continue  # printed with the paragraph above
        if (row.kind == "table") != is_in_table:
            is_in_table = not is_in_table
            yield "<table>" if is_in_table else "</table>"
        yield row_html(row, following.text if following.kind == "footnote" else "")
    yield "</table>" if is_in_table else ""


def row_html(row: Row, footnote: str) -> str:
    if row.kind == "table":
        widths = ("8%", "62%", "30%")
        cells = zip(row.cells, widths, strict=True)
        return f"<tr>{''.join(f'<td style="width:{width}">{html.escape(cell)}</td>' for cell, width in cells)}</tr>"
    if row.kind == "heading":
        return f"<h2>{html.escape(row.text)}</h2>"
    name = ' class="item"' if row.kind == "item" else ""
    note = f'<span class="footnote">{html.escape(footnote)}</span>' if footnote else ""
    return f"<p{name}>{html.escape(row.mark)}{'&emsp;' if row.mark else ''}{html.escape(row.text)}{note}</p>"


def as_docx(made: MadeList, path: Path) -> None:
    """Typed numbers, or in every second language lists of Word, in which the numbers are not part of the text."""
    document = docx.Document()
    is_automatic = made.language in ("en", "es", "zh") and made.sender in ("ccpr-loi", "cat-loipr", "crpd-loipr")
    number_id = with_lists(document, made.language) if is_automatic else ""
    document.sections[0].header.paragraphs[0].text = made.symbol or "OHCHR"
    table = None
    for row in rows_of(made):
        if row.kind == "table":
            table = table or document.add_table(0, len(row.cells))
            for cell, text in zip(table.add_row().cells, row.cells, strict=True):
                cell.text = text
        elif row.kind == "footnote":
            continue  # a footnote of Word is not in the body
        elif row.kind == "heading":
            document.add_paragraph().add_run(row.text).bold = True
        elif is_automatic and row.mark:
            paragraph = document.add_paragraph(row.text)
            level = 1 if row.kind == "item" else 0
            paragraph._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>'
                )
            )
        else:
            document.add_paragraph(f"{row.mark}\t{row.text}" if row.mark else row.text)
    document.save(str(path))


def with_lists(document, language: str) -> str:
    root = document.part.numbering_part.element
    pattern = "%2)" if language in ("fr", "ru", "es") else "(%2)"
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for level, form, shown in ((0, "decimal", "%1."), (1, "lowerLetter", pattern))
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"
