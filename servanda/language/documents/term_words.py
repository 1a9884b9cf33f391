"""Words of terms: numbers, units of time, what a term is counted from, and what is repeated."""

import re
from enum import StrEnum

from servanda.kit.patterns import lazy_pattern


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
WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_IN_WORDS = rf"(?:{WORD})(?!\w)(?:(?:[\s-]+(?:(?:and|et|y|e)\s+)?|\s+و)(?:{WORD})(?!\w)){{0,3}}"
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
    lazy_pattern(pattern, re.I)
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
LENGTH = lazy_pattern(rf"(?<![\w/.-]){_LONG}", re.I)
NEAR = 40  # characters between a term and its repetition that are kept in its words
ONE_YEAR = lazy_pattern(
    r"(?:\bdans\s+l[’']année\s+(?:qui\s+suit|suivant|à\s+compter)|\bdentro\s+del\s+año\s+(?:siguiente"
    r"|posterior|contado))(?=(?P<rest>[^,;.]{0,80}))",
    re.I,
)
DUALS = {"يومين": Length.DAYS, "اسبوعين": Length.WEEKS, "شهرين": Length.MONTHS}
_LINK = (
    r"(?:of|from|after|following|as\s+of|as\s+from|starting\s+from|counted\s+from|(?:with\s+effect|to\s+run"
    r"|running)\s+from|since|upon"
    r"|à\s+compter\s+d\w+|à\s+partir\s+d\w+|suivant|après|depuis|qui\s+sui(?:t|vent)|dès"
    r"|contad[oa]s?\s+(?:a\s+partir\s+)?(?:de(?:sde)?l?|da)|a\s+(?:partir|contar)\s+d\w+|desde"
    r"|siguientes?\s+(?:al?|de)|después\s+de|posterior(?:es)?\s+al?"
    r"|subsiguientes?|tras|após|seguintes?\s+[àa]|contados?\s+d\w+|с\s+(?:момента|даты|дня)|со\s+дня|после"
    r"|(?:ابتداء|اعتبارا|تحتسب|تسري|يحتسب)\w*\s+من|بعد|من|تلي|تلو|التالية\s+ل)"
)
STARTS = (
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
AFTER = lazy_pattern(rf"^\s*(?:\([^()]{{0,30}}\)\s*)?[,،]?\s*(?:à\s+)?{_LINK}(?!\w)(?P<rest>.{{0,110}})", re.I | re.S)
BEFORE = lazy_pattern(rf"(?:\b|(?<!\w)){_LINK}(?!\w)(?P<rest>[^.;]{{0,70}})[,،]\s*(?:[\w’']+\W+){{0,4}}$", re.I)
# "recognized the competence of the Committee, which wishes to receive from the State party, within 180 days"
WISHES = lazy_pattern(r"\b(?:wish\w*|would\s+like|souhait\w+|dese\w+)\b|(?<!\w)[وف]?تود(?!\w)", re.I)
EVERY = lazy_pattern(
    rf"(?:\bevery|\btou(?:s|tes)\s+les|\bchaque|\bcada|\bкаждые|(?<!\w)[وف]?(?:كل|ب?معدل\s+كل))\s+"
    rf"(?:(?P<dual>شهرين|سنتين|عامين)(?!\w)|(?:{_COUNT}\s+)?{_UNIT}(?!\w))",
    re.I,
)
FIRST = lazy_pattern(
    r"\b(?:first|initial|premi(?:er|ère)|primer[oa]?|inicial|primeir[oa]|перв\w+)\b|(?<!\w)(?:ال)?اول(?:ى)?(?!\w)",
    re.I,
)
_REPORT = r"(?=\s+(?:\w+\s+)?(?:reports?|basis|information|updates?))"
# The months between two of what is due so often.
INTERVALS = tuple(
    (months, lazy_pattern(pattern, re.I))
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
AND_THEN = lazy_pattern(
    rf"(?:\b(?:and|et|y|e|и)\s|(?<!\w)و|(?<!\w){_THEREAFTER})\W*(?:{_THEREAFTER}\W*)?"
    r"(?:(?:an?|un)\s+)?(?:(?:further|subsequent|progress)\s+)?(?:(?:reports?|informes?|rapports?)\s+)?$",
    re.I,
)
THEN_BEFORE = lazy_pattern(
    rf"(?<!\w)و?{_THEREAFTER}\W*(?:(?:an?|un|des|de)\s+)?(?:(?:informes?|rapports?|relat[óo]rios?|تقارير|تقريرا?)\s+)?$",
    re.I,
)
THEN_BEHIND = lazy_pattern(
    rf"(?:\W+(?:reports?|updates?|basis|information))?\W+(?:{_THEREAFTER}(?!\w)|until\b|jusqu[’']|hasta\b)", re.I
)
# Beside an interval, the report that is due so often.
REPORT_BEHIND = lazy_pattern(r"\W+(?:[\w-]+\s+)?(?:reports?|updates?|information|basis)\b", re.I)
REPORT_LATER = lazy_pattern(  # "every six months, the State shall submit a report"
    r"\W+(?:(?!and\b|et\b|y\b|و)[\w’'-]+\s+){0,6}?(?:reports?|informes?|rapports?|relat[óo]rios?|تقري?ر\w*|تقارير)(?!\w)",
    re.I,
)
REPORT_BEFORE = lazy_pattern(
    r"\b(?:report\w*|inform\w*|rapports?|relat[óo]rios?|rend\w+\s+compte)\b[^.;]{0,80}$|(?:تقري?ر|تقارير|تبلغ|ابلاغ)[^.؛]{0,80}$",
    re.I,
)
STARTING = lazy_pattern(
    r"\b(?:starting|beginning|commencing|as)\s+(?:on|of|from|with)\W*$|\bà\s+(?:compter|partir)\s+du\W*$"
    r"|\ba\s+(?:partir|contar)\s+del\W*$"
    r"|\bdesde\s+el\W*$|(?:ابتداء|اعتبارا)\s+من\W*$",
    re.I,
)
