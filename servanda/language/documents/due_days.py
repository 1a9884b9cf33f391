"""Days by which something is due, as texts name them: "by 1 May 2028", "on 1 May 2028 or earlier", and the day behind
a length: "within two years (that is, by 1 May 2028)"."""

import re
from collections.abc import Iterator
from datetime import date

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import Day, days_in, impossible_days_in, months_in

_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:segunda|terça|quarta|quinta|sexta)-feira"
    r"|(?:ال)(?:اثنين|ثلاثاء|اربعاء|خميس|جمعة|سبت|احد))"
)
_TIME = (
    r"(?:\s+(?:at\s+|à\s+|a\s+las\s+|الساعة\s+)?\d{1,2}(?:[.:h]\d\d)?\s?(?:[ap]\.?m\.?|hours?|hrs|heures?|horas?|h)?"
    r"(?:\s+\([^()]{1,20}\)|\s+[a-z]{2,4})?\s+(?:on|le|du|del?|من))?"
)
# "في موعد أقصاه 1 رمضان 1447 هـ الموافق 18 آذار/مارس 2026": a day of the Islamic calendar before the same day
_HIJRI = (
    r"(?:\s*\d{1,2}\s+(?:محرم|صفر|ربيع\s+(?:الاول|الثاني|الاخر)|جمادى\s+(?:الاولى|الاخرة|الثانية)|رجب|شعبان|رمضان|شوال"
    r"|ذ[وي]\s+(?:القعدة|الحجة))\s+1[34]\d\d\s?(?:ه\w?\b)?\W{0,3}الموافق(?:\s+لـ?)?)?"
)
BY = lazy_pattern(
    r"(?:\bby\b|\b(?:no|not)\s+later\s+than\b|\b(?:on\s+or\s+)?before\b|\bat\s+the\s+latest(?:\s+(?:by|on))?"
    r"|\b(?:has|have|given|extended|deadline|term|period)\W+(?:[\w-]+\W+){0,4}until\b"
    r"|\bdue\s+(?:to\s+be\s+submitted\s+)?(?:on|by|date\s+of)?|\bin\s+principle\W{1,2}on\b|\bdeadline(?:\s+of"
    r"|\s+is|\s*:)?"
    r"|\bd[’']ici(?:\s+(?:au|le|à))?|\bau\s+plus\s+tard(?:\s+(?:le|au))?|\bavant\s+le|\bpour\s+le|\bfixe\s+au|\b(?:avez"
    r"|dispose\w*|prolong\w+|reporté\w*|délai)\W+(?:[\w’']+\W+){0,4}jusqu[’']\s?au"
    r"|\b(?:prévue?s?|attendue?s?|fixée?s?|arrivant\s+à\s+échéance|échéance\s+(?:est\s+)?fixée)\s+(?:au|le|pour\s+le)"
    r"|\ba\s+más\s+tardar(?:\s+(?:el|para\s+el))?|\bantes\s+del?|\bpara\s+el|\b(?:tiene|dispone|plazo"
    r"|prorrog\w+)\W+(?:\w+\W+){0,4}hasta\s+el|\bpresentar(?:se)?\s+el|\ben\s+princip(?:io|e)\W{1,2}(?:el|le)"
    r"|\b(?:soumis|présenté)e?s?\s+(?:en\s+principe\s+)?le|موعد\s+تقديم\S*(?:\s+\S+){0,4}?\s+في"
    r"|(?:من\s+حيث\s+المبدا|مبدئيا)\W{1,2}(?:\S+\s){0,6}?في"
    r"|\b(?:vence|previst[oa]|fijad[oa])\s+(?:para\s+)?el"
    r"|\baté(?:\s+(?:o|ao))?|\bo\s+mais\s+tardar(?:\s+(?:em|até|a))?|\bk\b|\bк\b|\bдо\b|не\s+позднее"
    r"|(?<!\w)[وفل]?(?:بحلول|قبل)|اقصاه"
    r"|في\s+موعد|لا\s+يتجاوز|لا\s+يتعدى)"
    rf"{_TIME}(?:\s+(?:próximo|dia|día|يوم|تاريخ|the\s+(?:extended\s+)?deadline\s+of|close\s+of\s+business\s+on))?"
    rf"(?:\s+{_WEEKDAY})?{_HIJRI}\W*$",
    re.I,
)
# Behind a day: "on 30 March 2029 or earlier", "le 30 mars 2029 au plus tard".
BY_BEHIND = lazy_pattern(
    r"^\s*[,،(]?\s*(?:or\s+(?:before|earlier|sooner)|at\s+the\s+(?:very\s+)?latest|ou\s+(?:avant|plus\s+tôt)"
    r"|au\s+plus\s+tard|as\s+the\s+(?:\w+\s+)?date|comme\s+(?:la\s+)?date|como\s+(?:la\s+)?(?:fecha|data)"
    r"|(?:года\s+)?в\s+качестве\s+даты|موعدا"
    r"|o\s+antes|a\s+más\s+tardar|como\s+(?:máximo|muy\s+tarde)|ou\s+antes|o\s+mais\s+tardar|или\s+ранее|не\s+позднее"
    r"|او\s+قبل|(?:ك|ب)حد\s+اقصى|على\s+(?:ابعد|اقصى)\s+تقدير|على\s+الاكثر)(?!\w)",
    re.I,
)
# "The Committee sets 3 May 2016 as the date for the submission of the next report."
DATE_SET = lazy_pattern(
    r"\b(?:sets|(?:has|have)\s+set|decides\s+to\s+set|fixes|has\s+fixed|fixe|a\s+fixé|fija|ha\s+fijado|establece|fixa|устанавливает)\b[^.;]{0,80}?"
    r"\b(?:date|échéance|fecha|data|даты)\b[^.;]{0,80}?\b(?:periodic|next|périodiques?|prochain|periódicos?|próximo|периодическ\w+|следующ\w+)\b"
    r"|(?<!\w)[وف]?[تي]حدد\s[^.؛]{0,80}?موعدا\s[^.؛]{0,80}?(?:ال)?تقر",
    re.I,
)
BEFORE_IN_CHINESE = lazy_pattern(r"^\s*(?:或)?(?:之前|以前|前)")
BY_MONTH = lazy_pattern(
    r"(?:\bby(?:\s+the\s+end\s+of)?|\bdue\s+(?:to\s+be\s+submitted\s+)?(?:in|by|for)|\b(?:no"
    r"|not)\s+later\s+than(?:\s+the\s+end\s+of)?|\bbefore(?:\s+the\s+end\s+of)?"
    r"|\bd[’']ici(?:\s+(?:à|(?:à\s+)?fin|(?:à\s+)?la\s+fin\s+(?:du\s+mois\s+)?(?:de|d[’'])))?|\bavant\s+fin"
    r"|\bau\s+plus\s+tard\s+(?:en"
    r"|fin)|\bavant\s+la\s+fin\s+(?:du\s+mois\s+)?(?:de|d[’'])"
    r"|\b(?:prévue?s?|attendue?s?|soumise?s?|présentée?s?)\s+(?:pour|en)|\béchéance\s+est\s+(?:fixée\s+(?:à|en)\s+)?"
    r"|\ba\s+más\s+tardar\s+(?:en|a\s+fin(?:es|ales)\s+de)|\bantes\s+de\s+(?:que\s+termine\s+|fin(?:es"
    r"|ales)\s+de\s+)?"
    r"|\b(?:presentar(?:se)?|previst[oa]s?|vence)\s+(?:en|para)|\baté(?:\s+(?:o\s+)?(?:fim|final)\s+de)?"
    r"|(?<!\w)(?:بحلول(?:\s+(?:نهاية|شهر|نهاية\s+شهر))?|قبل\s+نهاية|المقرر\s+تقديم\w*\s+في"
    r"|(?:يحين|يحل)\s+موعد\w*\s+(?:تقديم\w*\s+)?في|الواجب\s+تقديم\w*\s+في))"
    r"\W*$",
    re.I,
)
END_OF_YEAR = lazy_pattern(
    r"(?:\b(?:by|before|no\s+later\s+than)\s+the\s+end\s+of|\b(?:d[’']ici\s+(?:à\s+)?"
    r"|avant\s+)la\s+fin\s+de(?:\s+l[’']année)?"
    r"|\b(?:antes\s+de|a\s+más\s+tardar\s+a|para)\s+(?:fin(?:es|ales)|que\s+termine)\s+(?:de\s+)?"
    r"|\baté\s+(?:o\s+)?(?:fim|final)\s+de"
    r"|(?<!\w)(?:بحلول|قبل)\s+نهاية\s+(?:عام|سنة))\s*(?P<year>20\d\d)(?!\d)",
    re.I,
)

IN_PRINCIPLE = lazy_pattern(
    r"\bin\s+principle\b|\ben\s+principe\b|\b(?:en\s+principio|em\s+princípio)\b|в\s+принципе|من\s+حيث\s+المبدا"
    r"|مبدئيا|原则上",
    re.I,
)
SENTENCE_END = lazy_pattern(r"(?<![ap]\.m)[.;؛。](?=\s|$)")

# "within two years of the adoption of these observations (12 May 2028)", "…, that is, by 12 May 2028".
_UNTIL = (
    r"(?:in\sany\s(?:event|case)|at\sthe\slatest|by|before|(?:no|not)\slater\sthan|au\splus\stard|d[’']ici|avant|jusqu[’']"
    r"|a\smás\stardar|antes\sdel?|hasta|até|o\smais\stardar|к|до|не\sпозднее|بحلول|قبل|في\sموعد|اقصاه|لا\sيتجاوز)"
)
_ON = r"(?:on|le|au|el|em|o|في|يوم)"
_WORDED = rf"(?:(?:{_UNTIL}|{_ON})\W{{1,3}}){{0,4}}"
# A day in parentheses without "by" is that of what stands before it: of an Act where no words of the document do.
_OWN = (
    r"(?:these|this|the\spresent|ces|cette|(?:les|la|des|du)\sprésente?s?|estas?|(?:las?|los)\spresentes?|(?:d?as)\spresentes"
    r"|هذه|الملاحظات\sالختامي[ةه])"
)
_EXPLAINS = (
    r"(?:that\sis(?:\sto\ssay)?|i\.\s?e\.|namely|c[’']est-à-dire|soit|à\ssavoir|es\sdecir|esto\ses|o\ssea|a\ssaber"
    r"|isto\sé|ou\sseja|то\sесть|т\.\s?е\.|اي)"
)
_AND = (
    r"(?:(?:and|et|y|e|и)\s|و)?(?=(?:in\sany\s(?:event|case)|by|before|no|not|at|d[’']ici|avant|au\splus|a\smás"
    r"|antes|até|o\smais|к|до|не|بحلول|قبل|في\sموعد)(?!\w))"
)
_FROM = r"(?:(?!\b(?:and|et|y|e)\b)[^.;:,،()]){0,130}?"
BEHIND_LENGTH = lazy_pattern(
    rf"{_FROM}(?:\s?[,،(–—-]\s?{_EXPLAINS}\s?,?\s?{_WORDED}|\s?\(\s?(?:{_ON}\W{{1,3}})?{_UNTIL}\W{{1,3}}{_WORDED}|(?:\s?[,،(]\s?|\s){_AND}{_WORDED})",
    re.I,
)
BARE = lazy_pattern(
    rf"(?:\s?|{_FROM}(?<!\w){_OWN}(?!\w){_FROM}\s?)\(\s?(?:{_ON}\W{{1,3}}){{0,2}}",
    re.I,
)
MOST_BETWEEN = 200


def day_behind(flat: str, end: int) -> Day | None:
    """The day that a text gives in other words for a length which ends there."""
    behind = flat[end : end + MOST_BETWEEN]
    printed = sorted([*days_in(behind), *months_in(behind)], key=lambda day: day.start)
    if not printed or not any(words.fullmatch(behind, 0, printed[0].start) for words in (BEHIND_LENGTH, BARE)):
        return None
    closed = re.compile(r"\s*\)").match(behind, printed[0].end)
    return Day(printed[0].day, end + printed[0].start, end + (closed.end() if closed else printed[0].end))


def is_bare(words: str) -> bool:
    """Whether the words of a time limit end with a date in parentheses that may also be its start."""
    bracket = words.rfind("(")
    printed = next(days_in(words[bracket:]), None) if bracket > 0 else None
    return printed is not None and BARE.fullmatch(words[bracket:], 0, printed.start) is not None


def in_principle(flat: str, start: int) -> bool:
    """Whether the body has still to confirm the day that it names there, by the words of its sentence before it."""
    sentence = max((end.end() for end in SENTENCE_END.finditer(flat, 0, start)), default=0)
    return IN_PRINCIPLE.search(flat, sentence, start) is not None


def days_due_in(flat: str) -> Iterator[Day]:
    """All days, months and years by whose end something is due."""
    yield from (printed for printed in days_in(flat) if is_due_by(flat, printed.start, printed.end))
    for month in months_in(flat):
        if BY_MONTH.search(flat[max(0, month.start - 50) : month.start]):
            yield month
    for match in END_OF_YEAR.finditer(flat):
        yield Day(date(int(match["year"]), 12, 31), match.start(), match.end())


def impossible_days_due_in(flat: str) -> Iterator[tuple[int, int]]:
    """Where something is due by a day that no calendar has, such as 29 February 2027."""
    yield from (place for place in impossible_days_in(flat) if is_due_by(flat, *place))


def is_due_by(flat: str, start: int, end: int) -> bool:
    before, behind = flat[max(0, start - 80) : start], flat[end : end + 50]
    return bool(BY.search(before) or BY_BEHIND.match(behind) or BEFORE_IN_CHINESE.match(behind))
