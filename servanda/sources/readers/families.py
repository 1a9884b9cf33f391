"""What kind of document a file is, by what its first page says: the body, the layout, the symbol, the day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from servanda.language.follow_up import DAY, MONTHS
from servanda.language.marks import number_of
from servanda.language.units import Block, Layout
from servanda.sources.readers.states import folded

COVER_BLOCKS = 45
COVER_CHARACTERS = 6000
LEAST_TITLE, MOST_TITLE = 20, 300


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of document; `body` is empty where the symbol tells it."""

    code: str
    name: object
    body: str
    layout: Layout
    told_by: re.Pattern[str]


def _told(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


FAMILIES = (
    Family(
        "general-comment",
        _("General comment or general recommendation"),
        "",
        Layout.INFORMATION,
        _told(
            r"(?:^|\n)\W*(?:joint\s+)?general\s+(?:comment|recommendation)s?\s+no",
            r"(?:^|\n)\W*observation\s+générale\s+(?:conjointe\s+)?n",
            r"(?:^|\n)\W*recommandation\s+générale\s+n",
            r"(?:^|\n)\W*(?:observación|recomendación)\s+general\s+(?:conjunta\s+)?n",
            r"(?:^|\n)\W*замечани[ея]\s+общего\s+порядка\s+№",
            r"(?:^|\n)\W*общая\s+рекомендация\s+№",
            r"(?:^|\n)\W*(?:التعليق\s+العام|التوصية\s+العامة)",
            r"/GC/\d",
        ),
    ),
    Family(
        "concluding-observations",
        _("Concluding observations of a treaty body"),
        "",
        Layout.PARAGRAPHS,
        _told(
            r"(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)/C/(?:[A-Z]+/)?[A-Z]{3}/CO/\d",
            r"E/C\.12/[A-Z]{3}/CO/\d",
            r"concluding\s+observations\s+(?:on|of)",
            r"observations\s+finales\s+(?:concernant|sur|du)",
            r"observaciones\s+finales\s+(?:sobre|del)",
            r"observações\s+finais\s+(?:sobre|do)",
            r"заключительные\s+замечания",
            r"ملاحظات\s+ختامية|الملاحظات\s+الختامية",
        ),
    ),
    Family(
        "cm-decision",
        _("Decision or notes of the Committee of Ministers, action plan or report"),
        "ECtHR-CM",
        Layout.PARAGRAPHS,
        _told(
            r"CM/(?:Del/Dec|Notes|ResDH)\W?\(?\d",
            r"DH-DD\(\d{4}\)\d",
            r"ministers.\s+deputies",
            r"délégués\s+des\s+ministres",
        ),
    ),
    Family(
        "cpt",
        _("Report of the CPT"),
        "CPT",
        Layout.PARAGRAPHS,
        _told(
            r"CPT/Inf\s?\(",
            r"prevention\s+of\s+torture\s+and\s+inhuman\s+or\s+degrading.{0,40}\(CPT\)",
            r"prévention\s+de\s+la\s+torture.{0,60}\(CPT\)",
        ),
    ),
    Family("grevio", _("Report of GREVIO"), "GREVIO", Layout.PARAGRAPHS, _told(r"\bGREVIO\b")),
    Family("greta", _("Report of GRETA"), "GRETA", Layout.PARAGRAPHS, _told(r"\bGRETA\b")),
    Family("ecri", _("Report of ECRI"), "ECRI", Layout.PARAGRAPHS, _told(r"\bECRI\b")),
    Family(
        "ecsr",
        _("Conclusions or decision of the European Committee of Social Rights"),
        "ECSR",
        Layout.PARAGRAPHS,
        _told(r"european\s+committee\s+of\s+social\s+rights", r"comité\s+européen\s+des\s+droits\s+sociaux"),
    ),
    Family(
        "iacthr",
        _("Judgment or order of the Inter-American Court"),
        "IACtHR",
        Layout.OPERATIVE,
        _told(
            r"corte\s+interamericana\s+de\s+derechos\s+humanos",
            r"inter-?american\s+court\s+of\s+human\s+rights",
            r"\bcorte\s+idh\b",
        ),
    ),
    Family(
        "afchpr",
        _("Judgment of the African Court"),
        "AfCHPR",
        Layout.OPERATIVE,
        _told(r"african\s+court\s+on\s+human\s+and\s+peoples", r"\bAfCHPR\b", r"cour\s+africaine\s+des\s+droits"),
    ),
    Family(
        "iachr",
        _("Report of the Inter-American Commission"),
        "IACHR",
        Layout.OPERATIVE,
        _told(
            r"inter-?american\s+commission\s+on\s+human\s+rights",
            r"comisión\s+interamericana\s+de\s+derechos\s+humanos",
            r"comissão\s+interamericana",
            r"OEA/Ser\.L/V/II",
            r"\bla\s+CIDH\b|\bthe\s+IACHR\b",
        ),
    ),
    Family(
        "achpr",
        _("Concluding observations or decision of the African Commission"),
        "ACHPR",
        Layout.PARAGRAPHS,
        _told(r"african\s+commission\s+on\s+human\s+and\s+peoples", r"commission\s+africaine\s+des\s+droits"),
    ),
    Family(
        "visit-report",
        _("Report of a special procedure on a visit"),
        "",
        Layout.PARAGRAPHS,
        _told(
            r"report\s+of\s+the\s+(?:special\s+rapporteur|independent\s+expert|working\s+group)",
            r"rapport\s+(?:du|de\s+la|de\s+l.)\s*(?:rapporteur|expert|groupe\s+de\s+travail)",
            r"informe\s+(?:del|de\s+la)\s+(?:relator|expert|grupo\s+de\s+trabajo)",
            r"доклад\s+(?:специальн|независим|рабочей\s+группы)",
            r"تقرير\s+(?:المقرر|الخبير|الفريق\s+العامل)",
            r"\bvisit\s+to\b|\bvisita\s+a\b|\bvisite\s+(?:en|au)\b",
        ),
    ),
)
OTHER = Family("other", _("Another document"), "", Layout.PARAGRAPHS, re.compile("(?!)"))
BY_CODE = {family.code: family for family in (*FAMILIES, OTHER)}

SYMBOLS = (
    re.compile(
        r"\b(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)/C/[A-Z0-9]+(?:/[A-Z0-9.-]+)+"
        r"|\bE/C\.12/[A-Z0-9]+(?:/[A-Z0-9.-]+)+"
    ),
    re.compile(r"\bA/(?:HRC/)?\d{1,3}/\d{1,4}(?:/Add\.\s?\d+)?"),
    re.compile(r"\bCM/(?:Del/Dec|Notes|ResDH)[/\w().-]+|\bDH-DD\(\d{4}\)\d+\w*"),
    re.compile(r"\bCPT/Inf\s?\(\d{4}\)\s?\d+"),
    re.compile(r"\b(?:GREVIO|GRETA|ECRI|CRI)(?:/Inf)?\s?\(\d{4}\)\s?\d+"),
    re.compile(r"\bOEA/Ser\.L/V/II\.?\s?\d*\.?\s*Doc\.?\s?\d+"),
    re.compile(r"\b(?:Report|Informe|Relatório|Rapport)\s+(?:No\.?|n[°º]\.?)\s?\d{1,3}/\d{2,4}"),
    re.compile(r"\bSer(?:ies|ie)\s+C\s+(?:No\.?|n[°º]\.?)\s?\d+"),
    re.compile(r"\[\d{4}\]\s+AfCHPR\s+\d+"),
)
COUNTRY_IN_SYMBOL = re.compile(r"/C(?:\.12)?/(?:OP[A-Z]+/)?(?P<iso>[A-Z]{3})/")


@dataclass(slots=True)
class Cover:
    """What the first page tells; every part may be empty, and a person mends it."""

    family: Family
    symbol: str = ""
    title: str = ""
    state: str = ""
    adopted: date | None = None


def read_cover(blocks: Sequence[Block], furniture: str, names: Mapping[str, str]) -> Cover:
    """`furniture` is what stands in headers and footers; `names` folded spellings of States and their codes."""
    rows = [block.text.strip() for block in blocks[:COVER_BLOCKS] if block.text.strip()]
    first = "\n".join(rows)[:COVER_CHARACTERS]
    printed = f"{furniture}\n{first}"
    family = family_of(printed)
    symbol = symbol_of(printed)
    return Cover(family, symbol, title_of(rows, family), state_of(symbol, rows, names), day_of(first))


def family_of(printed: str) -> Family:
    return next((family for family in FAMILIES if family.told_by.search(printed)), OTHER)


def symbol_of(printed: str) -> str:
    for pattern in SYMBOLS:
        if found := pattern.search(printed):
            return re.sub(r"\s+", " ", found[0]).strip(" .-*")
    return ""


def title_of(rows: Sequence[str], family: Family) -> str:
    """The first row that names the kind of document in words; a numbered paragraph that mentions it is no title."""
    titles = [row for row in rows if LEAST_TITLE < len(row) < MOST_TITLE and not number_of(row)]
    return next((row for row in titles if family.told_by.search(row)), titles[0] if titles else "")


def is_symbol(text: str) -> bool:
    """Whether a line holds a symbol and nothing else but the number of a page."""
    plain = re.sub(r"(?:^\d{1,3}\s+|\s+\d{1,3}$|\*+$)", "", text.strip())
    return any(pattern.fullmatch(plain) for pattern in SYMBOLS)


def state_of(symbol: str, rows: Sequence[str], names: Mapping[str, str]) -> str:
    """The State by the symbol, else the first that the first page names."""
    if found := COUNTRY_IN_SYMBOL.search(symbol):
        return found["iso"]
    for row in rows[:25]:
        words = row.split()
        for length in (5, 4, 3, 2, 1):
            for start in range(len(words) - length + 1):
                name = " ".join(words[start : start + length]).strip(' ,.:;*()“”"')
                if name[:1].isupper() and (code := names.get(folded(name))):
                    return code
    return ""


def day_of(first: str) -> date | None:
    """The first day that the cover prints: that of the distribution or of the adoption."""
    for found in DAY.finditer(first):
        try:
            return date(int(found["year"]), MONTHS[found["month"].lower()], int(found["day"]))
        except ValueError:
            continue
    return None
