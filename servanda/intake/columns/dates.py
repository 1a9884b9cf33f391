"""A day as people write it in a spreadsheet, in five languages."""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, timedelta

from servanda.intake.columns.kinds import folded

MONTHS = (
    ("january", "jan", "janvier", "janv", "enero", "ene", "janeiro", "يناير", "كانون الثاني", "جانفي"),
    ("february", "feb", "fevrier", "fevr", "fev", "febrero", "fevereiro", "فبراير", "شباط", "فيفري"),
    ("march", "mar", "mars", "marzo", "marco", "مارس", "آذار"),
    ("april", "apr", "avril", "avr", "abril", "abr", "أبريل", "إبريل", "نيسان", "أفريل"),
    ("may", "mai", "mayo", "maio", "مايو", "أيار", "ماي"),
    ("june", "jun", "juin", "junio", "junho", "يونيو", "حزيران", "جوان", "يونيه"),
    ("july", "jul", "juillet", "juil", "julio", "julho", "يوليو", "تموز", "جويلية", "يوليوز", "يوليه"),
    ("august", "aug", "aout", "agosto", "ago", "أغسطس", "آب", "أوت", "غشت"),
    ("september", "sep", "sept", "septembre", "septiembre", "setembro", "set", "سبتمبر", "أيلول", "شتنبر"),
    ("october", "oct", "octobre", "octubre", "outubro", "out", "أكتوبر", "تشرين الأول"),
    ("november", "nov", "novembre", "noviembre", "novembro", "نوفمبر", "تشرين الثاني", "نونبر"),
    ("december", "dec", "decembre", "diciembre", "dic", "dezembro", "dez", "ديسمبر", "كانون الأول", "دجنبر"),
)
MONTH_OF = {folded(name): number for number, names in enumerate(MONTHS, 1) for name in names}
ENDS = (
    *("end", "of", "late", "by", "before", "year", "fin", "de", "l", "annee", "avant", "finales", "final", "fines"),
    *(
        "ano",
        "antes",
        "fim",
        "finais",
        "do",
        "ate",
        "a",
        "hasta",
        "au",
        "d",
        "ici",
        "jusqu",
        "le",
        "until",
        "no",
        "later",
    ),
    *("than", "the", "del", "el", "نهاية", "آخر", "أواخر", "عام", "سنة", "متم", "قبل", "من", "في", "شهر"),
)
END_WORDS = {folded(word) for word in ENDS}
MIDDLES = {folded(word) for word in ("mid", "mi", "milieu", "mediados", "meados", "middle", "منتصف")}
ORDINALS = {
    1: ("i", "primer", "primero", "primeiro", "premier", "first", "الأول", "الأولى"),
    2: ("ii", "segundo", "second", "deuxieme", "الثاني", "الثانية"),
    3: ("iii", "tercer", "tercero", "terceiro", "third", "troisieme", "الثالث"),
    4: ("iv", "cuarto", "quarto", "fourth", "quatrieme", "الرابع"),
}
DIGIT_OF = {folded(word): str(number) for number, words in ORDINALS.items() for word in words}
_NTH = r"([1-4])(?: ?(?:er|ere|e|eme|st|nd|rd|th|o|ro|do))?"
QUARTER = re.compile(rf"(?:q|t|trimestre|trim|quarter|الربع) ?([1-4])|{_NTH} ?(?:trimestre|trim|quarter)")
HALF = re.compile(r"(?:s|h|semestre|sem|half|النصف) ?([12])|" + _NTH.replace("4", "2") + " ?(?:semestre|sem|half)")
YEAR = re.compile(r"(?:19|20)\d\d")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.]+)?")
NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: [\d:.]+)?")
SHORT_YEAR = re.compile(r"([^\W\d]{3,})\.?[-/ ’']+(\d{2})")  # "dez/25", "Jun-26"
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
ROMAN_MONTH = re.compile(r"(\d{1,2})[-/. ]{1,2}([ivx]{1,4})[-/. ]{1,2}(\d{4})", re.IGNORECASE)  # "08.XI.2023"
_TO = "[-–—/]|to|and|au|à|et|al|a|y|e|إلى|و"
DAYS = re.compile(rf"(\d{{1,2}})\s*(?:{_TO})\s*\d{{1,2}}(?=[\s.]+[^\W\d]{{2}})")  # "12-13 Nov 2024"
DAY_OF_MONTH = re.compile(
    r"(?<!\d)\d{1,2}(?:er|st|nd|rd|th|º|o)?(?: de | )(?!trim|quart|sem)[^\W\d]{3,}"
)  # "24 March"
SERIAL = re.compile(r"([2-8]\d{4})(?:\.\d+)?")
DAY_ZERO = date(1899, 12, 30)  # day 0 of spreadsheets, whose year 1900 has a day too many
YEARS = range(1950, 2101)
MONTHS_A_YEAR, EXAMPLES = 12, 3  # dates that are shown with the remark on their order


@dataclass(slots=True)
class DateOrder:
    """How the dates of a file are read that can be read in two ways, such as 03/04/2025, and how many there are."""

    month_first: bool = False
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def read(self, first: int, second: int, printed: str) -> tuple[int, int]:
        """Day and month."""
        self.count += 1
        if len(self.examples) < EXAMPLES and printed not in self.examples:
            self.examples.append(printed)
        return (second, first) if self.month_first else (first, second)


_order: ContextVar[DateOrder | None] = ContextVar("order of dates", default=None)


@contextmanager
def dates_in_order(order: DateOrder) -> Iterator[DateOrder]:
    """Read dates in this order, and count those that can be read in two ways."""
    token = _order.set(order)
    try:
        yield order
    finally:
        _order.reset(token)


def in_order(first: int, second: int, printed: str) -> tuple[int, int]:
    """Day and month of two numbers of a date. With full stops, the day comes first in every language."""
    order = _order.get()
    is_clear = first == second or max(first, second) > MONTHS_A_YEAR or "." in printed
    return (first, second) if order is None or is_clear else order.read(first, second, printed)


def read_due_date(printed: str) -> date | None:
    """The last day of what is written: “fin 2025” and “2025” are the last day of that year; None if unreadable."""
    plain = " ".join(with_latin_digits(printed).split()).strip(" .")
    try:
        day = from_numbers(plain) or from_roman(plain) or from_words(folded(plain))
    except (ValueError, OverflowError):
        return None
    return day if day and day.year in YEARS else None


def read_exact_day(printed: str) -> date | None:
    """The day, if it can be read in one way only: None for a month, a year, or 03/04/2025."""
    plain = " ".join(with_latin_digits(printed).split()).strip(" .")
    if (match := NUMBERS.fullmatch(plain)) and "." not in plain and max(int(match[1]), int(match[2])) <= 12:
        return None
    names_a_day = ISO.fullmatch(plain) or match or ROMAN_MONTH.fullmatch(plain) or DAY_OF_MONTH.search(plain)
    return read_due_date(plain) if names_a_day else None


def read_first_day(printed: str) -> date | None:
    """The first of several days of one month, such as “12-13 Nov 2024” or “3 to 14 March 2025”; else None."""
    single, number = DAYS.subn(r"\1", with_latin_digits(printed), count=1)
    return read_due_date(single) if number else None


def with_latin_digits(printed: str) -> str:
    """Replace Arabic-Indic digits by Latin ones, and remove marks of direction."""
    signs = (str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in printed)
    return "".join(sign for sign in signs if unicodedata.category(sign) != "Cf")


def from_numbers(plain: str) -> date | None:
    while (parts := re.split(r"[\s’']+", plain, maxsplit=1))[1:] and folded(parts[0]) in END_WORDS:
        plain = parts[1]  # "até 30/06/2026"
    if match := ISO.fullmatch(plain):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMBERS.fullmatch(plain):
        day, month = in_order(int(match[1]), int(match[2]), plain)
        year = int(match[3])
        if month > 12:  # 12/31/2025 can be read in one way only
            day, month = month, day
        return date(year if year > 99 else 2000 + year, month, day)
    if match := MONTH_AND_YEAR.fullmatch(plain):
        return last_day(int(match[2]), int(match[1]))
    if (match := SHORT_YEAR.fullmatch(plain)) and (named_month := MONTH_OF.get(folded(match[1]))):
        return last_day(2000 + int(match[2]), named_month)
    if match := SERIAL.fullmatch(plain):
        return DAY_ZERO + timedelta(days=int(match[1]))
    return None


def from_roman(plain: str) -> date | None:
    match = ROMAN_MONTH.fullmatch(plain)
    if match is None or match[2].casefold() not in ROMAN_MONTHS:
        return None
    return date(int(match[3]), ROMAN_MONTHS.index(match[2].casefold()) + 1, int(match[1]))


def from_words(words: str) -> date | None:
    years = YEAR.findall(words)
    if len(years) != 1:
        return None
    year, rest = int(years[0]), " ".join(YEAR.sub(" ", words).split())
    part = " ".join(DIGIT_OF.get(word, word) for word in rest.split() if word not in END_WORDS)
    if match := QUARTER.fullmatch(part):
        return last_day(year, 3 * int(match[1] or match[2]))
    if match := HALF.fullmatch(part):
        return last_day(year, 6 * int(match[1] or match[2]))
    if rest in MIDDLES:
        return last_day(year, 6)
    return from_parts(year, rest)


def from_parts(year: int, rest: str) -> date | None:
    """A day and a month, a month, or nothing beside the year but words like “end of”."""
    for name in sorted(MONTH_OF, key=len, reverse=True):
        if f" {name} " in f" {rest} ":
            others = without_month(f" {rest} ", MONTH_OF[name]).split()
            days = [match[1] for word in others if (match := re.fullmatch(r"(\d{1,2})(?:er|st|nd|rd|th|o)?", word))]
            others = [word for word in others if not word[0].isdigit() and word not in END_WORDS]
            if others or len(days) > 1:
                return None
            return date(year, MONTH_OF[name], int(days[0])) if days else last_day(year, MONTH_OF[name])
    return date(year, 12, 31) if set(rest.split()) <= END_WORDS else None


def without_month(words: str, month: int) -> str:
    """Without the names of the month, of which the United Nations print two in Arabic: “آذار/مارس”."""
    names = (name for name, number in MONTH_OF.items() if number == month)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(f" {name} ", " ", 1)
    return words


def last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
