"""Finds terms in texts of bodies: "within one year of notification", "by 1 May 2028", and what starts their clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from servanda.kit.days import end_of_term
from servanda.language.documents.claimants import is_of_claimants
from servanda.language.documents.dates import ALIF, days_in
from servanda.language.documents.due_days import day_behind, days_due_in, impossible_days_due_in
from servanda.language.documents.paragraph_kinds import plain


class Length(StrEnum):
    """The unit in which the length of a term is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Clock(StrEnum):
    """What a term is counted from, where the text states it; the values are those of `ObligationRule.Trigger`."""

    ISSUED = "issued"  # the document itself: its adoption, date or delivery
    LETTER = "letter"
    RECEIPT = "receipt"
    NOTIFICATION = "notification"
    FINALITY = "finality"
    LIST_OF_ISSUES = "list-of-issues"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term: the words of the document, and their meaning as a length from a start, or as a date, which comes first
    where the document gives both. A day that no calendar has is neither."""

    words: str
    start: int = 0
    end: int = 0
    count: int = 0
    length: Length | None = None
    day: date | None = None
    clock: Clock = Clock.UNKNOWN
    every: int = 0  # months after which it is due again

    def due_after(self, start: date) -> date:
        """The deadline if the clock starts on a day."""
        return self.day or (later(start, self.count, self.length) if self.length else start)


def later(start: date, count: int, length: str) -> date:
    """The day so many units after another; hours count as started days, working days as Mondays to Fridays."""
    if length in (Length.MONTHS, Length.YEARS):
        return end_of_term(start, count * (12 if length == Length.YEARS else 1))
    if length == Length.WORKING_DAYS:
        day, remaining = start, count
        while remaining:
            day += timedelta(days=1)
            remaining -= day.weekday() < 5
        return day
    days = {Length.HOURS: -(-count // 24), Length.WEEKS: 7 * count}.get(Length(length), count)
    return start + timedelta(days=days)


_NAMES = {
    1: "one an a un une una uno um uma одного одной года году واحد واحدة 一",
    2: "two deux dos dois duas двух 两 二",
    3: "three trois tres três трех трёх ثلاث ثلاثة 三",
    4: "four quatre cuatro quatro четырех اربع اربعة 四",
    5: "five cinq cinco пяти خمس خمسة 五",
    6: "six seis шести ست ستة 六",
    7: "seven sept siete sete семи سبع سبعة",
    8: "eight huit ocho oito восьми ثمان ثماني ثمانية",
    9: "nine neuf nueve nove девяти تسع تسعة",
    10: "ten dix diez dez десяти عشر عشرة 十",
    12: "twelve douze doce doze двенадцати",
    14: "fourteen quatorze catorce",
    15: "fifteen quinze quince пятнадцати",
    16: "sixteen seize dieciséis dezesseis",
    18: "eighteen dix-huit dieciocho dezoito восемнадцати",
    20: "twenty vingt veinte vinte двадцати عشرين عشرون",
    21: "veintiún",
    24: "vingt-quatre veinticuatro",
    30: "thirty trente treinta trinta тридцати ثلاثين ثلاثون",
    40: "forty quarante cuarenta quarenta сорока اربعين اربعون",
    45: "quarante-cinq",
    48: "quarante-huit",
    50: "fifty cinquante cincuenta cinquenta пятидесяти خمسين خمسون",
    60: "sixty soixante sesenta sessenta шестидесяти ستين ستون 六十",
    70: "seventy setenta سبعين سبعون",
    80: "eighty quatre-vingts quatre-vingt ochenta oitenta ثمانين ثمانون",
    90: "ninety quatre-vingt-dix noventa девяноста تسعين تسعون",
    100: "hundred cent ciento cento ста مائة مئة",
}
NUMBERS = {word: value for value, words in _NAMES.items() for word in words.split()} | {
    "اثني": 2,
    "اثنا": 2,
    "اثنتي": 2,
}
_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_IN_WORDS = rf"(?:{_WORD})(?!\w)(?:(?:[\s-]+(?:(?:and|et|y|e)\s+)?|\s+و)(?:{_WORD})(?!\w)){{0,3}}"
_COUNT = rf"(?P<count>\d{{1,3}}|{_IN_WORDS})(?:\s*\([^()]{{1,24}}\))?"
_UNITS = {
    Length.HOURS: r"hours?|heures?|horas?|час\w*|ساع(?:ة|ات)|小时",
    Length.WORKING_DAYS: r"(?:working|business)\s+days?|jours\s+ouvr\w+|días\s+hábiles|dias\s+úteis|рабочих\s+дней"
    r"|(?:ايام|يوم)\s+عمل|个?工作日",
    Length.DAYS: r"days?|jours?|días?|dias?|дн\w+|день|يوما?|ايام|天|日",
    Length.WEEKS: r"weeks?|semaines?|semanas?|недел\w+|اسبوعا?|اسابيع|周|星期",
    Length.MONTHS: r"months?|mois|meses|mes|mês|месяц\w*|شهرا?|اشهر|شهور|个月",
    Length.YEARS: r"years?|années?|ans?|años?|anos?|год\w*|лет|سن(?:ة|وات)|عاما?|اعوام|年",
}
_UNIT = "|".join(
    rf"(?P<{length.name.lower()}>{names})"
    for length, names in ((length, _UNITS[length]) for length in (Length.WORKING_DAYS, *_UNITS) if length in _UNITS)
    if length != Length.WORKING_DAYS
)
_UNIT = rf"(?:(?P<working_days>{_UNITS[Length.WORKING_DAYS]})|{_UNIT})"
_SHORT_OF = r"(?:calendar|consecutive|full|clear|whole|further|prochaine?s|próxim[oa]s)\s+"
_LONG = rf"{_COUNT}[\s-]+(?:{_SHORT_OF})?{_UNIT}(?!\w)"
_PERIOD = r"(?:time[\s-]?(?:limit|frame)|period|term|deadline|delay)"
_PLAZO = r"(?:plazo|término|per[íi]odo)"
WITHIN = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\bwithin\s+(?:(?:a|the)\s+)?(?:(?:maximum|further"
        rf"|strict)\s+)?(?:{_PERIOD}\s+(?:of\s+(?:no\s+more\s+than\s+|at\s+most\s+)?"
        rf"|not\s+exceeding\s+)|(?:next|first)\s+|maximum\s+of\s+|no\s+more\s+than\s+|at\s+most\s+)?{_LONG}",
        rf"\b(?:(?:no|not)\s+(?:later|more)\s+than|at\s+the\s+latest)\s+{_LONG}(?=\s+(?:after|from|following|of|hence)\b)",
        rf"\b(?:has|have|is\s+given|given|granted|grants?|sets?|set|fix(?:es|ed)?|of)\s+(?:a"
        rf"|the)\s+{_PERIOD}\s+of\s+{_LONG}",
        rf"\b(?:dans|sous|en)\s+(?:(?:un|le)\s+délai\s+(?:(?:maximal|maximum|supplémentaire)\s+)?(?:de\s+|d[’']\s?"
        rf"|n[’']excédant\s+pas\s+|ne\s+dépassant\s+pas\s+)|les\s+(?:prochaines?\s+)?)?{_LONG}",
        rf"\bbefore\s+the\s+(?:expiry|end)\s+of\s+(?:a|the)\s+{_PERIOD}\s+of\s+{_LONG}",
        rf"\bavant\s+(?:l[’']expiration|la\s+fin)\s+d(?:[’']un|u)\s+délai\s+de\s+{_LONG}",
        rf"\bantes\s+de(?:l\s+vencimiento|\s+que\s+(?:venza|expire|transcurra))\s+(?:de\s+)?(?:un|el|del)\s+{_PLAZO}\s+de\s+{_LONG}",
        rf"(?<!\w)قبل\s+(?:انقضاء|انتهاء)\s+(?:مهلة|مدة|فترة|اجل)\s+(?:{_COUNT}\s+)?{_UNIT}(?!\w)",
        rf"\b(?:d[’']ici\s+(?:à\s+)?|(?:dispose(?:nt)?|disposera)\s+d[’']un\s+délai\s+de\s+){_LONG}",
        rf"\bau\s+plus\s+tard\s+{_LONG}(?=\s+(?:après|à\s+compter|suivant))",
        rf"\b(?:en|dentro\s+de|con)l?\s+(?:el\s+|un\s+)?{_PLAZO}\s+(?:(?:máximo|improrrogable|perentorio)\s+)?"
        rf"(?:de\s+|no\s+mayor\s+(?:a|de)\s+|que\s+no\s+(?:exceda|excederá)\s+(?:de\s+"
        rf"|los\s+)?)?(?:hasta\s+)?{_LONG}",
        rf"\b(?:dentro\s+de|en)\s+(?:l[oa]s\s+)?(?:próxim[oa]s\s+)?{_LONG}(?<!años)",
        rf"\bdentro\s+de\s+(?:l[oa]s\s+)?(?:próxim[oa]s\s+)?{_LONG}",
        rf"\ba\s+más\s+tardar\s+(?:en\s+)?{_LONG}(?=\s+(?:después|desde|contad|a\s+partir|tras))",
        rf"\b(?:grant|give)(?:s|ing)?\s+(?:it|the\s+state(?:\s+of\s+[\w-]{{2,30}})?)\s+(?:a\s+{_PERIOD}\s+of\s+)?{_LONG}(?=\s+to\b)",
        rf"\b(?:otorg|conced)\w*\s+(?:al\s+estado\s+)?(?:un\s+)?{_PLAZO}\s+de\s+{_LONG}",
        rf"\baccord\w+\s+(?:à\s+l[’']état\s+)?un\s+délai\s+de\s+{_LONG}",
        rf"\btiene\s+(?:un\s+)?{_PLAZO}\s+de\s+{_LONG}",
        rf"\b(?:no|num|em|dentro\s+d[eo])\s+(?:um\s+)?prazo\s+(?:máximo\s+)?(?:de\s+"
        rf"|não\s+superior\s+a\s+)(?:até\s+)?{_LONG}",
        rf"\b(?:dentro\s+de|em\s+até|nos\s+próximos)\s+{_LONG}",
        rf"\b(?:в\s+течение|в\s+срок\s+до|не\s+позднее\s+(?:чем\s+)?через)\s+(?:{_COUNT}\s+)?{_UNIT}(?!\w)",
        rf"(?<!\w)[وفب]?(?:في\s+غضون|خلال|في\s+ظرف|في\s+اجل|في\s+مهلة|في\s+مدة)\s+(?:(?:فترة|مدة|مهلة|اجل)\s+)?"
        rf"(?:(?:لا\s+[تي]تجاوز|اقصاه[ا]?|لا\s+[تي]زيد\s+(?:على|عن)|لا\s+[تي]تعدى|قدره[ا]?)\s+)?(?:"
        rf"(?P<dual>يومين|اسبوعين|شهرين|سنتين|عامين)(?!\w)(?:\s*\([^()]{{1,12}}\))?"
        rf"|(?:(?:ال\s?ـ?\s?)?{_COUNT}\s+)?{_UNIT}(?!\w)(?:\s+(?:واحدة|واحد)(?!\w))?)",
        rf"在?(?P<count>\d{{1,3}}|[一二两三四五六七八九十]+)\s*{_UNIT}(?:之内|以内|内)",
    )
)
LENGTH = re.compile(rf"(?<![\w/.-]){_LONG}", re.I)
NEAR = 40  # characters between a term and its repetition that are kept in its words
ONE_YEAR = re.compile(
    r"(?:\bdans\s+l[’']année\s+(?:qui\s+suit|suivant|à\s+compter)|\bdentro\s+del\s+año\s+(?:siguiente"
    r"|posterior|contado))(?=(?P<rest>[^,;.]{0,80}))",
    re.I,
)
_DUALS = {"يومين": Length.DAYS, "اسبوعين": Length.WEEKS, "شهرين": Length.MONTHS}
_LINK = (
    r"(?:of|from|after|following|as\s+of|as\s+from|starting\s+from|counted\s+from|(?:with\s+effect|to\s+run"
    r"|running)\s+from|since|upon"
    r"|à\s+compter\s+d\w+|à\s+partir\s+d\w+|suivant|après|depuis|qui\s+sui(?:t|vent)|dès"
    r"|contad[oa]s?\s+(?:a\s+partir\s+)?(?:de(?:sde)?l?|da)|a\s+(?:partir|contar)\s+d\w+|desde"
    r"|siguientes?\s+(?:al?|de)|después\s+de|posterior(?:es)?\s+al?"
    r"|subsiguientes?|tras|após|seguintes?\s+[àa]|contados?\s+d\w+|с\s+(?:момента|даты|дня)|со\s+дня|после"
    r"|(?:ابتداء|اعتبارا|تحتسب|تسري|يحتسب)\w*\s+من|بعد|من|تلي|تلو|التالية\s+ل)"
)
_STARTS = (
    (
        Clock.LIST_OF_ISSUES,
        r"list\s+of\s+issues|liste\s+(?:de\s+points|préalable)|lista\s+de\s+cuestiones|قائمة\s+(?:ال)?مسائل",
    ),
    (Clock.NOTIFICATION, r"notif\w+|signif(?:ication|ié)\w*|اخطار\w*|تبليغ\w*|ابلاغ\w*|اشعار\w*|تبلغ\w*|уведомл\w+"),
    (Clock.FINALITY, r"final\b|définiti\w+|definitiv\w+|firmeza|quede?\s+firme|نهائي\w*|окончательн\w+"),
    (
        Clock.RECEIPT,
        r"rece(?:ipt|iv\w+|ption|pción|bid\w+|bimento|ção)|réception|recepci\w+|recibo|reçu\w*"
        r"|(?:ال)?استلام\w*|(?:ال)?تسلم\w*|تلقي\w*|получени\w+",
    ),
    (
        Clock.LETTER,
        r"(?:this|the\s+present|our)\s+(?:letter|communication|urgent\s+appeal)|(?:la|cette)\s+(?:présente"
        r"|lettre|communication)"
        r"(?!\s+(?:observation|décision|sentence))|(?:la\s+presente|esta)\s+(?:carta|comunicación)?"
        r"|(?:d[ae]\s+presente|desta)\s+(?:carta|comunicação)"
        r"|(?:هذه\s+)?(?:الرسالة|المراسلة|البلاغ|الكتاب)|transmi\w+|date\s+of\s+(?:the\s+)?(?:letter|transmittal)",
    ),
    (
        Clock.ISSUED,
        r"adopt\w+|aprobaci\w+|adopción|adoção|aprovação|publicat?\w+|deliver\w+|pronounc\w+|prononcé"
        r"|اعتماد\w*|صدور\w*|تاريخ\s+هذ\w+"
        r"|(?:date\s+of\s+)?(?:this|the\s+present)\s+(?:judg\w+|decision|order|document)|принят\w+"
        r"|(?:el|la)\s+presente\s+(?:sentencia|decisión)|(?:du|de\s+la)\s+présente?\s+(?:arrêt|décision|ordonnance)",
    ),
)
AFTER = re.compile(rf"^\s*(?:\([^()]{{0,30}}\)\s*)?[,،]?\s*(?:à\s+)?{_LINK}(?!\w)(?P<rest>.{{0,110}})", re.I | re.S)
BEFORE = re.compile(rf"(?:\b|(?<!\w)){_LINK}(?!\w)(?P<rest>[^.;]{{0,70}})[,،]\s*(?:[\w’']+\W+){{0,4}}$", re.I)
# "recognized the competence of the Committee, which wishes to receive from the State party, within 180 days"
WISHES = re.compile(r"\b(?:wish\w*|would\s+like|souhait\w+|dese\w+)\b|(?<!\w)[وف]?تود(?!\w)", re.I)
EVERY = re.compile(
    rf"(?:\bevery|\btou(?:s|tes)\s+les|\bchaque|\bcada|\bкаждые|(?<!\w)[وف]?(?:كل|ب?معدل\s+كل))\s+"
    rf"(?:(?P<dual>شهرين|سنتين|عامين)(?!\w)|(?:{_COUNT}\s+)?{_UNIT}(?!\w))",
    re.I,
)
FIRST = re.compile(
    r"\b(?:first|initial|premi(?:er|ère)|primer[oa]?|inicial|primeir[oa]|перв\w+)\b|(?<!\w)(?:ال)?اول(?:ى)?(?!\w)",
    re.I,
)
_REPORT = r"(?=\s+(?:\w+\s+)?(?:reports?|basis|information|updates?))"
# The months between two of what is due so often.
INTERVALS = tuple(
    (months, re.compile(pattern, re.I))
    for months, pattern in (
        (2, r"\bbi-?monthly\b|\bbimestriel\w*|\bbimestral\w*|\bevery\s+(?:other|second)\s+month\b"),
        (3, r"\bquarterly\b|\btrimestriel\w*|\btrimestral\w*|(?<!\w)(?:كل\s+)?ربع\s+سنوي\w*|(?<!\w)فصليا"),
        (
            6,
            r"\b(?:twice\s+(?:a|per)\s+year|(?:semi-?|bi)annual(?:ly)?|half-yearly|deux\s+fois\s+par\s+an"
            r"|semestriel\w*"
            r"|semestral\w*|(?:dos\s+veces\s+al\s+año|duas\s+vezes\s+por\s+ano))\b|مرتين\s+(?:في\s+السنة|سنويا"
            r"|كل\s+سنة)|نصف\s+سنوي\w*",
        ),
        (1, rf"\bmonthly\b(?:{_REPORT}|(?<=thereafter\smonthly))|\bmensuellement\b|\bmensualmente\b|(?<!\w)شهريا"),
        (
            12,
            rf"\b(?:annually|(?:every|each|once\s+a)\s+year|yearly|(?<!its\s)(?<!the\s)(?-i:annual){_REPORT}|annuellement"
            rf"|(?:un|des)\s+rapports?\s+annuels?|anualmente"
            r"|(?<!su\s)(?<!el\s)(?<!los\s)(?<!sus\s)informes?\s+anual(?:es)?)\b|(?<!\w)سنويا|(?<!\w)تقري?را?\s+سنوي\w*",
        ),
    )
)
# Between a term and what is due again: "…, and thereafter", "and then"; behind that: "thereafter", "par la suite".
_THEREAFTER = (
    r"(?:thereafter|subsequently|afterwards|then|après\s+cela|par\s+la\s+suite|ensuite|puis|posteriormente|después|luego|en\s+adelante"
    r"|em\s+seguida|depois|по\s+истечении|затем|بعد\s+ذلك|بعدها)"
)
AND_THEN = re.compile(
    rf"(?:\b(?:and|et|y|e|и)\s|(?<!\w)و|(?<!\w){_THEREAFTER})\W*(?:{_THEREAFTER}\W*)?"
    r"(?:(?:an?|un)\s+)?(?:(?:further|subsequent|progress)\s+)?(?:(?:reports?|informes?|rapports?)\s+)?$",
    re.I,
)
THEN_BEFORE = re.compile(
    rf"(?<!\w)و?{_THEREAFTER}\W*(?:(?:an?|un|des|de)\s+)?(?:(?:informes?|rapports?|relat[óo]rios?|تقارير|تقريرا?)\s+)?$",
    re.I,
)
THEN_BEHIND = re.compile(
    rf"(?:\W+(?:reports?|updates?|basis|information))?\W+(?:{_THEREAFTER}(?!\w)|until\b|jusqu[’']|hasta\b)", re.I
)
# Beside an interval, the report that is due so often.
REPORT_BEHIND = re.compile(r"\W+(?:[\w-]+\s+)?(?:reports?|updates?|information|basis)\b", re.I)
REPORT_LATER = re.compile(  # "every six months, the State shall submit a report"
    r"\W+(?:(?!and\b|et\b|y\b|و)[\w’'-]+\s+){0,6}?(?:reports?|informes?|rapports?|relat[óo]rios?|تقري?ر\w*|تقارير)(?!\w)",
    re.I,
)
REPORT_BEFORE = re.compile(
    r"\b(?:report\w*|inform\w*|rapports?|relat[óo]rios?|rend\w+\s+compte)\b[^.;]{0,80}$|(?:تقري?ر|تقارير|تبلغ|ابلاغ)[^.؛]{0,80}$",
    re.I,
)
STARTING = re.compile(
    r"\b(?:starting|beginning|commencing|as)\s+(?:on|of|from|with)\W*$|\bà\s+(?:compter|partir)\s+du\W*$"
    r"|\ba\s+(?:partir|contar)\s+del\W*$"
    r"|\bdesde\s+el\W*$|(?:ابتداء|اعتبارا)\s+من\W*$",
    re.I,
)


def terms_in(text: str) -> list[Term]:
    """All terms of a paragraph in order; a date counts only after a word such as "by"."""
    flat = plain(text).translate(ALIF)
    terms = [term for pattern in WITHIN for match in pattern.finditer(flat) if (term := measured(match, flat))]
    terms += [
        Term(match[0], match.start(), match.end(), 1, Length.YEARS, clock=first_start(match["rest"]))
        for match in ONE_YEAR.finditer(flat)
    ]
    terms = [with_day_behind(term, flat) for term in terms]
    terms += [Term("", due.start, due.end, day=due.day) for due in days_due_in(flat)]
    terms += [Term("", start, end) for start, end in impossible_days_due_in(flat)]
    ordered: list[Term] = []
    terms = [term for term in terms if not is_of_claimants(flat, term.start)]
    for term in sorted(terms, key=lambda term: (term.start, -term.end)):
        if not ordered or term.start >= ordered[-1].end:
            ordered.append(term)
    return list(repeated(ordered, flat, plain(text)))


def lengths_in(text: str) -> list[Term]:
    """Every length of a text, whatever stands before it: "sixty days from today", "a period of 60 days"."""
    flat = plain(text).translate(ALIF)
    found = [term for match in LENGTH.finditer(flat) if (term := measured(match, flat))]
    return [replace(term, words=plain(text)[term.start : term.end].strip()) for term in found]


def with_day_behind(term: Term, flat: str) -> Term:
    """The term with the day that stands behind its length: "within two years (that is, by 12 May 2028)"."""
    behind = day_behind(flat, term.end)
    return replace(term, end=behind.end, day=behind.day) if behind else term


def measured(match: re.Match[str], flat: str) -> Term | None:
    groups = match.groupdict()
    if dual := groups.get("dual"):
        count, length = 2, _DUALS.get(dual, Length.YEARS)
    else:
        count = number_in(groups.get("count") or "")
        length = next(unit for unit in Length if groups.get(unit.name.lower()))
    return (
        Term(match[0], match.start(), match.end(), count, length, clock=clock_of(flat, match.start(), match.end()))
        if count
        else None
    )


def number_in(printed: str) -> int:
    """The value of "60", "sixty", "one hundred and eighty", "اثني عشر"; 1 where nothing is printed."""
    if not printed:
        return 1
    if printed.isdecimal():
        return int(printed)
    total = 0
    words = (
        re.findall(rf"(?:{_WORD})(?!\w)", printed.lower()) if printed.lower() not in NUMBERS else [printed.lower()]
    )
    for word in words:
        value = NUMBERS[word]
        total = max(total, 1) * 100 if value == 100 and total < 10 else total + value
    return total


def clock_of(flat: str, start: int, end: int) -> Clock:
    """What starts the clock of a term, by the words behind it, or else those of the clause before it."""
    if after := AFTER.match(flat[end : end + 140]):
        return first_start(re.split(r"[,;،؛.]", after["rest"], maxsplit=1)[0])
    before = BEFORE.search(flat[max(0, start - 120) : start])
    return first_start(WISHES.split(before["rest"])[0]) if before else Clock.UNKNOWN


def first_start(words: str) -> Clock:
    places = {
        clock: match.start()
        for clock, pattern in _STARTS
        if (match := re.search(rf"(?<!\w)(?:[وبل]?ال|[بل])?(?:{pattern})", words, re.I))
    }
    if Clock.LIST_OF_ISSUES in places:  # "receipt of the list of issues"
        return Clock.LIST_OF_ISSUES
    if len(places) > 1:  # "from the date on which this judgment is notified"
        places.pop(Clock.ISSUED, None)
    return min(places, key=lambda clock: places[clock], default=Clock.UNKNOWN)


def repeated(terms: list[Term], flat: str, printed: str) -> Iterator[Term]:
    """The terms with their words, and with the interval of "and every six months thereafter"."""
    for place, term in enumerate(terms):
        limit = terms[place + 1].start if place + 1 < len(terms) else len(flat)
        words, again = printed[term.start : term.end].strip(), again_behind(flat[term.end : limit])
        if again is None:
            yield replace(term, words=words, every=every_before(terms, term, flat))
            continue
        months, start, end = again
        between = printed[term.end : term.end + start] if start <= NEAR else " … "
        yield replace(term, words=f"{words}{between}{printed[term.end + start : term.end + end]}", every=months)


def again_behind(words: str) -> tuple[int, int, int] | None:
    """The months after which a term before these words is due again: "and every six months", "and annually
    thereafter", but not "with quarterly statistics"."""
    again = again_in(words)
    if again is None:
        return None
    before, behind = words[: again[1]], words[again[2] :]
    if THEN_BEFORE.search(before) or THEN_BEHIND.match(behind):
        return again
    return again if AND_THEN.search(before) and EVERY.match(words, again[1]) else None


def every_before(terms: list[Term], term: Term, flat: str) -> int:
    """The months of an interval before the only term of a text: "a report every six months, the first of them within
    one year"; 0 if that is not what it says."""
    before = flat[: term.start]
    again = again_in(before) if len(terms) == 1 else None
    if again is None or not is_of_report(before, again[1], again[2]):
        return 0
    if not FIRST.search(before[again[2] :] + flat[term.start : term.end + NEAR]):
        return 0
    return again[0]


def is_of_report(flat: str, start: int, end: int) -> bool:
    """Whether an interval is that of a report: "quarterly reports", "report every two months"."""
    if REPORT_BEHIND.match(flat, end) or REPORT_BEFORE.search(flat[start:end]):
        return True
    if EVERY.match(flat, start) and REPORT_LATER.match(flat, end):
        return True
    return REPORT_BEFORE.search(flat[max(0, start - 120) : start]) is not None


def again_in(words: str) -> tuple[int, int, int] | None:
    """The months after which a term is due again, and where the text states that."""
    match = EVERY.search(words)
    if match is None:
        found = [(months, *match.span()) for months, pattern in INTERVALS if (match := pattern.search(words))]
        return min(found, key=lambda again: again[1], default=None)
    groups = match.groupdict()
    dual = groups.get("dual")
    count = 2 if dual else number_in(groups.get("count") or "")
    if groups.get("years") or dual in ("سنتين", "عامين"):
        return count * 12, match.start(), match.end()
    return (count, match.start(), match.end()) if groups.get("months") or dual else None


def interval_in(text: str) -> Term | None:
    """The interval of a report that is due "every two months" without a first term, and the day on which it "
    "starts."""
    flat, printed = plain(text).translate(ALIF), plain(text)
    if (again := again_in(flat)) is None:
        return None
    months, start, end = again
    first = next((day for day in days_in(flat) if STARTING.search(flat[max(0, day.start - 40) : day.start])), None)
    if first is None:
        return Term(printed[start:end], start, end, months, Length.MONTHS, every=months)
    words = f"{printed[start:end]} … {printed[first.start : first.end]}"
    return Term(words, start, end, day=first.day, every=months)
