"""Finds paragraphs with deadlines: replies on some paragraphs, the next report, dissemination."""

import re
from dataclasses import dataclass
from datetime import date

from servanda.language.documents.dates import days_in
from servanda.language.documents.marks import letter_of, letter_value
from servanda.language.documents.paragraph_kinds import plain

FOLLOW_UP_TITLE = re.compile(
    r"^\W*(?:[A-Zа-яА-Я]\s?[.)]\s*)?(?:follow[- ]?up|suivi|seguimiento|acompanhamento|seguimento|последующ|"
    r"дальнейш|متابعة|المتابعة|后续)\b",
    re.I,
)
DISSEMINATION_TITLE = re.compile(
    r"^\W*(?:[A-Zа-яА-Я]\s?[.)]\s*)?(?:dissemination|diffusion|difusión|divulgación|disseminação|divulgação|"
    r"распространение|نشر|النشر|传播|التعميم)",
    re.I,
)
DISSEMINATION = re.compile(
    r"\bdisseminat\w+|\bmake\b.{0,60}?\bwidely\s+(?:available|known)|\bwidely\s+(?:publici[sz]e|distribute|translat)"
    r"|\bdiffus\w+|\bdifund\w+|\bdivulg\w+|\bdissemin\w+|распростран\w+|(?:نشر|تعميم|بنشر|بتعميم|تنشر|تعمم)",
    re.I,
)
OBSERVATIONS = re.compile(
    r"concluding\s+observations|observations\s+finales|observaciones\s+finales|observações\s+finais"
    r"|заключительн\w+\s+замечани\w+|الملاحظات\s+الختامية|ملاحظات\w*\s+الختامية|结论性意见"
    r"|present\s+report|présent\s+rapport|presente\s+informe",
    re.I,
)
NEXT_REPORT = re.compile(
    r"(?:next|combined|periodic|subsequent)\s+(?:\w+\s+){0,4}reports?|rapports?\s+(?:\w+\s+){0,3}périodiques?"
    r"|prochain\s+rapport"
    r"|informes?\s+(?:\w+\s+){0,3}periódicos?|próximo\s+(?:informe|relatório)|периодическ\w+\s+доклад|доклад\w*"
    r"|تقرير\w*\s+(?:\w+\s+){0,2}(?:الدوري|المقبل)|تقريرها|定期报告",
    re.I,
)
INFORMATION = re.compile(
    r"\binformation\b|\brenseignements\b|\binformations\b|\binformación\b|\binformações\b|информаци\w+|сведени\w+"
    r"|معلومات|资料",
    re.I,
)
_WORDS = {
    1: "one an? a un une uno una um uma одного года году год سنة واحدة عام واحد",
    2: "two deux dos dois duas двух سنتين عامين",
    3: "three trois tres três трех трёх ثلاث ثلاثة",
    4: "four quatre cuatro quatro четырех أربع أربعة",
    5: "five cinq cinco пяти خمس خمسة",
    6: "six seis шести ست ستة",
    12: "twelve douze doce doze двенадцати اثني",
    18: "eighteen dix-huit dieciocho dezoito восемнадцати ثمانية",
    24: "twenty-four vingt-quatre veinticuatro",
}
NUMBERS = {word: value for value, names in _WORDS.items() for word in names.replace("?", "").split()}
DAYS_OF_MONTH = 30
_COUNT = r"(?P<count>\d{1,3}|[\w-]+)(?:\s*\(\d{1,2}\))?"
_UNIT_NAMES = (
    r"(?P<unit>years?|months?|days|jours|días|dias|дней|дня|يوما|يوم|années?|anos?|ans?|mois|años?|meses|mes"
    r"|год\w*|лет|месяц\w*|سنوات|سنة|عام|أعوام|شهرا?|أشهر)(?!\w)"
)
WITHIN = (
    re.compile(rf"\bwithin\s+(?:a\s+period\s+of\s+|the\s+next\s+)?{_COUNT}\s+{_UNIT_NAMES}", re.I),
    re.compile(rf"\bdans\s+(?:un\s+délai\s+(?:de\s+|d\s?[’']\s?)|les\s+)?{_COUNT}\s+{_UNIT_NAMES}", re.I),
    re.compile(
        rf"\b(?:en\s+(?:el|un)|dentro\s+de(?:l|\s+un)?)\s+(?:plazo\s+(?:máximo\s+)?de\s+)?{_COUNT}\s+{_UNIT_NAMES}",
        re.I,
    ),
    re.compile(
        rf"\b(?:no|num|dentro\s+d[eo])\s+(?:um\s+)?(?:prazo\s+(?:máximo\s+)?de\s+)?{_COUNT}\s+{_UNIT_NAMES}", re.I
    ),
    re.compile(rf"\bв\s+течение\s+(?:{_COUNT}\s+)?{_UNIT_NAMES}", re.I),
    re.compile(
        rf"(?:في\s+غضون|خلال|في\s+ظرف)\s+(?:(?P<count>\d{{1,3}}|أربع|ثلاث|خمس|ست|ثلاثة|أربعة|ستة)\s+"
        rf")?{_UNIT_NAMES}(?:\s+(?P<after>واحدة|واحد))?"
    ),
    re.compile(r"(?:في\s+غضون|خلال)\s+(?P<dual>سنتين|عامين)"),
)
BY = re.compile(
    r"(?:\bby\b|\bno\s+later\s+than\b|\bbefore\b|\bd[’']ici(?:\s+(?:au|le))?|\bau\s+plus\s+tard(?:\s+le)?"
    r"|\bavant\s+le|\bpour\s+le"
    r"|\ba\s+más\s+tardar(?:\s+el)?|\bantes\s+del?|\bpara\s+el|\bel\b|\baté(?:\s+(?:o|ao))?|\ble\b|\bк\b|\bдо\b"
    r"|не\s+позднее|بحلول|قبل|أقصاه|في\s+موعد)"
    r"(?:\s+(?:dia|día|\w+\s+deadline\s+of))?\W*$",
    re.I,
)
SHORT_TITLE = 3  # words
NAMED = re.compile(
    r"(?:\bparagraph(?:s|es|e)?|\bparas?\.|\bpárrafos?|\bpárrs?\.|\bparágrafos?|\bpunto?s?\b|\bparágs?\.|пункт\w*"
    r"|п?п\.|الفقرات|الفقرتين|الفقرة|فقرة|فقرات|第)\s*"
    r"(?P<list>\d{1,3}(?:[\s,;()\w\u0600-\u06ff-]|\.(?=\d))*)",
    re.I,
)
ONE_NAMED = re.compile(
    r"(?<![\da-zA-Z/-])(\d{1,3})(?![\d/%])\s*((?:\(?\s?[^\W\d_]{1,3}\s?\)(?:\s*(?:,|to|and|à|et|y|e|a|и|و)\s*)?)*)"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline: the words of the document, and their meaning as months from its adoption, or as a date."""

    words: str
    months: int = 0
    day: date | None = None


def deadline_of(text: str) -> Deadline | None:
    """The first deadline of a paragraph; a date counts only after a word such as "by"."""
    text = plain(text)
    for pattern in WITHIN:
        if (match := pattern.search(text)) and (months := months_of(match)):
            return Deadline(match[0].strip(), months)
    for printed in days_in(text):
        if BY.search(text[max(0, printed.start - 40) : printed.start]):
            return Deadline(text[printed.start : printed.end], day=printed.day)
    return None


def months_of(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("dual"):
        return 24
    unit = (groups.get("unit") or "").lower()
    printed = (groups.get("count") or "").lower()
    count = int(printed) if printed.isdecimal() else NUMBERS.get(printed, 0 if printed else 1)
    if unit.startswith(("day", "jour", "día", "dia", "дн", "يوم")):
        return max(1, round(count / DAYS_OF_MONTH))
    is_month = unit.startswith(("month", "mois", "mes", "месяц", "شهر", "أشهر"))
    return count if is_month else count * 12


def is_dissemination(text: str, headings: tuple[str, ...] = ()) -> bool:
    """Whether a paragraph requests the dissemination of the observations themselves."""
    text = plain(text)
    titled = bool(headings and DISSEMINATION_TITLE.match(headings[-1]))
    return bool(DISSEMINATION.search(text)) and (
        bool(OBSERVATIONS.search(text)) or (titled and is_short(headings[-1]))
    )


def is_short(title: str) -> bool:
    """Whether a title is short: "Follow-up and dissemination", not "Dissemination of the Convention and training"."""
    return len(title.split()) <= SHORT_TITLE


def is_follow_up(text: str, headings: tuple[str, ...] = ()) -> bool:
    """Whether a paragraph requests a reply on other paragraphs by a deadline."""
    text = plain(text)
    titled = bool(headings and FOLLOW_UP_TITLE.match(headings[-1]))
    has_term = deadline_of(text) is not None
    return has_term and bool(INFORMATION.search(text)) and (titled or bool(named_paragraphs(text)))


def is_next_report(text: str) -> bool:
    deadline = deadline_of(text)
    return deadline is not None and deadline.day is not None and NEXT_REPORT.search(plain(text)) is not None


def named_paragraphs(text: str) -> list[str]:
    """The paragraphs that a text refers to: "paragraphs 9 (a), 21 and 31 above" gives 9(a), 21, 31."""
    numbers: dict[str, None] = {}
    for run in NAMED.finditer(plain(text)):
        for reference in ONE_NAMED.finditer(run["list"]):
            letters = [letter_value(sign) for sign in re.findall(r"([^\W\d_]{1,3})\s?\)", reference[2])]
            places = [f"{reference[1]}({letter_of(value)})" for value in letters if value]
            numbers.update(dict.fromkeys(places or [reference[1]]))
    return list(numbers)
