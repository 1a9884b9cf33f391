"""Finds dates in texts: month names of seven languages, five Arabic naming systems, and dates in words."""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from servanda.kit.patterns import lazy_pattern

MONTH_NAMES = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    # Arabic, with normalised alif: Egypt and the Gulf, United Nations, Morocco, Algeria and Tunisia
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس ابريل مايو يونيه يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس ابريل ماي يونيو يوليوز غشت شتنبر اكتوبر نونبر دجنبر",
    "جانفي فيفري مارس افريل ماي جوان جويلية اوت سبتمبر اكتوبر نوفمبر ديسمبر",
)
LEVANT = (
    *("كانون الثاني", "شباط", "اذار", "نيسان", "ايار", "حزيران", "تموز", "اب", "ايلول"),
    *("تشرين الاول", "تشرين الثاني", "كانون الاول"),
)
MONTHS = {name: place for names in MONTH_NAMES for place, name in enumerate(names.split(), 1)}
MONTHS |= {name: place for place, name in enumerate(LEVANT, 1)}
MONTHS |= {"sept": 9, "setiembre": 9, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "janv": 1, "févr": 2, "avr": 4}
MONTHS |= {"juil": 7, "déc": 12, "fev": 2, "dez": 12}
ALIF = str.maketrans("أإآٱ", "اااا")  # one letter for one, so that positions stay the same
FIRST_YEAR, LAST_YEAR = 1945, 2099

_NAME = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?:(?P<month>{_NAME})\.?(?:\s?[/(]\s?(?:{_NAME})\)?)?)"
_YEAR = r"(?P<year>\d{4})(?!\d)"
IN_WORDS = lazy_pattern(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s?(?:er|st|nd|rd|th|[ºª°]|\.º)?[\s-]+(?:(?:day\s+)?of\s+|(?:d[ií]as\s+)?(?:d(?:el|o)\s+m[eê]s\s+)?de\s+"
    rf"|من\s+)?{_MONTH}(?!\w)[\s-]*[,،]?\s*"
    rf"(?:of\s+|de\s+|del\s+(?:año\s+)?|سنة\s+|عام\s+)?{_YEAR}",
    re.I,
)
MONTH_FIRST = lazy_pattern(rf"(?<!\w){_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+){_YEAR}", re.I)
IN_NUMBERS = lazy_pattern(
    rf"(?<![\d/.-])(?P<day>\d{{1,2}})(?P<sign>[/.-]|\s/\s)(?P<number>\d{{1,2}})(?P=sign){_YEAR}(?![\d/-])"
)
ISO = lazy_pattern(r"(?<![\w/-])(?P<year>\d{4})(?P<sign>[/-])(?P<number>\d{2})(?P=sign)(?P<day>\d{2})(?![\d/-])")
CHINESE = lazy_pattern(r"(?<!\d)(?P<year>\d{4})\s?年\s?(?P<number>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日")
IN_SIGNS = (IN_WORDS, MONTH_FIRST, IN_NUMBERS, ISO, CHINESE)
MONTH_ALONE = lazy_pattern(rf"(?<!\w){_MONTH}\s*,?\s*(?:de\s+|del\s+|سنة\s+|عام\s+)?{_YEAR}", re.I)

_AGAIN = _MONTH.replace("?P<month>", "?P<month_first>")
WITHOUT_YEAR = lazy_pattern(
    rf"(?<![\w/.-])(?:(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|[ºª°]|\.º)?\s+(?:(?:day\s+)?of\s+|de\s+|من\s+)?{_MONTH}"
    rf"|{_AGAIN}\s+(?P<day_behind>\d{{1,2}})(?:st|nd|rd|th)?)(?!\w|\s*[,،]?\s*\d)",
    re.I,
)

# A date in words, as in the closing formula of judgments of the African Court.
_ENGLISH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
_ENGLISH += " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
_FRENCH = "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième"
_FRENCH += " treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième"
ORDINALS = {name: place for names in (_ENGLISH, _FRENCH) for place, name in enumerate(names.split(), 1)}
ORDINALS |= {"thirtieth": 30, "trentième": 30, "trente-et-unième": 31, "thirty-first": 31, "vingt-et-unième": 21}
ORDINALS |= {f"twenty-{name}": 20 + place for place, name in enumerate(_ENGLISH.split()[:9], 1)}
ORDINALS |= {f"vingt-{name}": 20 + place for place, name in enumerate(_FRENCH.split()[:9], 1)}
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_ONES += " eighteen nineteen"
_UNS = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
_UNS += " dix-neuf"
CARDINALS = {name: place for names in (_ONES, _UNS) for place, name in enumerate(names.split(), 1)}
CARDINALS |= {"twenty": 20, "thirty": 30, "forty": 40, "vingt": 20, "trente": 30, "quarante": 40}
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
SPELT = lazy_pattern(
    rf"(?<![\w-])(?P<day>{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th)?)\s+(?:day|jour)\s+"
    r"(?:of(?:\s+the\s+month\s+of)?|du\s+mois\s+de|du\s+mois\s+d[’']|de|d[’'])"
    rf"\s*(?P<month>{_NAME}),?\s+(?:(?:in|of)\s+the\s+year(?:\s+of)?|(?:en|de)\s+l[’']an(?:née)?)\s+"
    r"(?:two\s+thousand|twenty(?=\s+twenty)|deux\s+mille)(?:\s+and)?(?P<year>(?:[\s-]+\w+){0,3})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date and its position in the text."""

    day: date
    start: int
    end: int


def days_in(text: str) -> Iterator[Day]:
    """All dates with a year in order; of "21 to 24 March 2025" the last."""
    flat = text.translate(ALIF)
    days = [read(match) for pattern in IN_SIGNS for match in pattern.finditer(flat)]
    days += [spelt(match) for match in SPELT.finditer(flat)]
    last = 0
    for found_day in sorted((day for day in days if day), key=lambda day: day.start):
        if found_day.start >= last:
            yield found_day
            last = found_day.end


def days_without_year(text: str, *, behind: date) -> Iterator[Day]:
    """Days of a month without a year, as the first such day behind another: "before the 14th of May"."""
    flat = text.translate(ALIF)
    taken = [(day.start, day.end) for day in days_in(flat)]
    for match in WITHOUT_YEAR.finditer(flat):
        if any(start <= match.start() < end for start, end in taken):
            continue
        groups = match.groupdict()
        month = MONTHS[" ".join((groups["month"] or groups["month_first"]).lower().split())]
        for year in (behind.year, behind.year + 1):
            with suppress(ValueError):
                day = date(year, month, int(groups["day"] or groups["day_behind"]))
                if day > behind:
                    yield Day(day, match.start(), match.end())
                    break


def impossible_days_in(text: str) -> Iterator[tuple[int, int]]:
    """Where the text has a date that no calendar has, such as 29 February 2027."""
    flat = text.translate(ALIF)
    for match in (match for pattern in IN_SIGNS for match in pattern.finditer(flat)):
        if read(match) is None and FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            yield match.start(), match.end()


def months_in(text: str) -> Iterator[Day]:
    """All months with a year that are not part of a date, each as its last day."""
    dates = [(found.start, found.end) for found in days_in(text)]
    for match in MONTH_ALONE.finditer(text.translate(ALIF)):
        if any(start <= match.start() < end for start, end in dates):
            continue
        year, month = int(match["year"]), MONTHS[" ".join(match["month"].lower().split())]
        if FIRST_YEAR <= year <= LAST_YEAR:
            yield Day(date(year, month, monthrange(year, month)[1]), match.start(), match.end())


def read(match: re.Match[str]) -> Day | None:
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else MONTHS[" ".join(groups["month"].lower().split())]
    year = int(groups["year"])
    if FIRST_YEAR <= year <= LAST_YEAR:
        with suppress(ValueError):
            return Day(date(year, month, int(groups["day"])), match.start(), match.end())
    return None


def spelt(match: re.Match[str]) -> Day | None:
    year_words = re.split(r"[\s-]+", match["year"].lower().strip())
    tens = [CARDINALS[word] for word in takewhile(CARDINALS.__contains__, filter(None, year_words))]
    printed = match["day"].lower()
    day = ORDINALS.get(printed) or int(printed.rstrip("stndrh"))
    with suppress(ValueError):
        year = 2000 + sum(tens[:2])
        return Day(date(year, MONTHS[match["month"].lower()], day), match.start(), match.end())
    return None
