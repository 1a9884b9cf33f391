"""The symbol of a document, as its masthead or running head prints it; never one that it cites."""

import re
from collections.abc import Iterable

from servanda.kit.patterns import lazy_pattern
from servanda.sources.documents.letters.heads import head_of, reference_in
from servanda.sources.documents.masthead import Masthead, is_cited, opens_row, without_references

_TREATIES = r"(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)"
_PART = r"[A-Z0-9][A-Za-z0-9.-]*"
TREATY = lazy_pattern(
    rf"\b{_TREATIES}\s?/(?:C|CO|OP|SP)(?:\s?/{_PART})+|\bE/C\.12(?:\s?/{_PART})+|\bHRI/[A-Z]+(?:/{_PART})+"
)
COUNCIL = lazy_pattern(r"\bA/(?:HRC/(?:WG\.6/|WGAD/)?)?\d{1,4}/(?:[A-Z]{3}/)?\d{1,4}(?:/(?:Add|Rev|Corr)\.\s?\d+)*")
MINISTERS = lazy_pattern(r"\bCM/(?:Del/Dec|Notes|ResDH|Inf|Rec)[/\w().-]*\d\w*(?:[/.-]\w+)*\)?(?:/?H\d+-\d+\w*)?")
DISTRIBUTED = lazy_pattern(r"\bDH-DD\s?\(\d{4}\)\s?\d+\w*")
TORTURE = lazy_pattern(r"\bCPT(?:/Inf)?\s?\(\d{4}\)\s?\d+(?:\s[-–]\s[Pp]art\b)?")
EUROPE = lazy_pattern(
    r"\b(?:GREVIO|GRETA|ECRI|CRI|Greco\w*|MIN-LANG)(?:/Inf)?\s?\(\d{4}\)\s?\d+|\bACFC/(?:OP|SR)\S*\d+|\bIC-CP/Inf\s?\(\d{4}\)\s?\d+|\bCP(?:/Rec)?\s?\(\d{4}\)\s?\d+"
)
AMERICAN = lazy_pattern(r"\bOEA/Ser\.?\s?L/V/II\.?\s?\d*\.?\s*,?\s*Doc\.?\s?\d+")
REPORT = lazy_pattern(
    r"\b(?:report|informe|relat[oó]rio|rapport)\s+(?:no\.?|n\s?[.°ºo]+\.?|núm\.?|#)\s?\d{1,3}/\d{2,4}", re.I
)
RESOLUTION = lazy_pattern(
    r"\b(?:resolution|resolución|resolução|résolution)\s+(?:no\.?\s*)?\d{1,3}/(?:19|20)\d\d", re.I
)
SERIES_C = lazy_pattern(r"\bSer(?:ies|ie|\.)\s+C\s+(?:no\.?|n[°ºo]\.?|núm\.?)\s?\d+", re.I)
AFRICAN_COURT = lazy_pattern(r"\[\d{4}\]\s+AfCHPR\s+\d+")
_NUMBER_SIGN = r"(?:no\.?|nos\.?|n\s?[.°ºo]+s?\.?|núms?\.?|nums?\.?|رقم|أرقام)"
_AND_MORE = (
    r"(?P<numbers>\d{1,5}/\d{2,4}(?:\s*(?:,|;|-|–|&|and|et|y|e|و|to|à)\s*(?:(?:and|et)\s+)?"
    rf"(?:{_NUMBER_SIGN}\s*)?\d{{1,5}}/\d{{2,4}})*)"
)
APPLICATION = lazy_pattern(
    rf"\b(?:applications?|requêtes?|demandas?|pedidos?|queixas?|petição(?:\s+inicial)?|petições(?:\s+iniciais)?|الدعوى|الدعاوى|الطلب|العريضة)\s*{_NUMBER_SIGN}?\s*{_AND_MORE}",
    re.I,
)
COMPLAINT = lazy_pattern(
    rf"\b(?:complaints?|réclamations?|reclamaci[oó]n(?:es)?|الشكوى)\s*{_NUMBER_SIGN}?\s*{_AND_MORE}", re.I
)
COMMUNICATION = lazy_pattern(
    rf"(?:\b(?:communications?|comunicaci[oó]n(?:es)?|comunicaç(?:ão|ões)|البلاغ|البلاغات|الرسالة)\s*{_NUMBER_SIGN}?\s*"
    rf"|(?:^|\n)\W*){_AND_MORE}",
    re.I,
)
# Older letters have files of the mandates between: "UA Housing (2000-9) G/SO 214 (53-24) TST 3/2014".
LETTER = lazy_pattern(
    r"\b(?P<kind>AL|JAL|UA|JUA|OL|JOL|OTH)\s+(?:(?:G/SO|[A-Z][a-z])[^\n]{2,200}?(?:\)|/\d)\s+)?"
    r"(?P<file>[A-Z]{3}\s+\d{1,3}/(?:19|20)\d\d)\b(?!\s*[-–]\s*\d)"
)
LETTER_REFERENCE = lazy_pattern(
    r"(?:^|\n)\W*(?:(?:our\s+|votre\s+|nuestra\s+)?(?:ref(?:erence)?|réf(?:érence)?|referencia"
    r"|referência|المرجع|الإشارة|مرجع)"
    rf"\W{{0,6}})?{LETTER.pattern}",
    re.I,
)
URGENT_ACTION = lazy_pattern(r"\bCED(?:/[A-Za-z.-]+)*/UA(?:/[\w.-]+)*?/\d+(?:/\d+)*")
URGENT_ACTION_NUMBER = lazy_pattern(
    r"\b(?:urgent\s+action|acción\s+urgente|action\s+en\s+urgence|(?:ال)?إجراء\s+(?:ال)?عاجل)\s+(?:no\.?|núm\.?|n[°ºo]|رقم)\s?\d+/\d{4}",
    re.I,
)
EARLY_WARNING = lazy_pattern(r"\b(?:TESPRDD/)?CERD(?:/[\w.-]+)*/EWUAP?(?:/[\w.-]+(?:\s+[Ss]ession)?)*?/(?:19|20)\d\d")
UNITED_NATIONS = (TREATY, COUNCIL)
ALL = (TREATY, COUNCIL, MINISTERS, DISTRIBUTED, TORTURE, EUROPE, AMERICAN, REPORT, SERIES_C, AFRICAN_COURT)
OF_FAMILY: dict[str, tuple[re.Pattern[str], ...]] = {
    "sp-letter": (LETTER,),
    "urgent-action": (URGENT_ACTION, URGENT_ACTION_NUMBER),
    "early-warning": (EARLY_WARNING,),
    "cm-decision": (MINISTERS, DISTRIBUTED),
    "cm-notes": (MINISTERS,),
    "cm-communication": (DISTRIBUTED,),
    "cpt": (TORTURE,),
    "spt": (TREATY,),
    "grevio": (EUROPE,),
    "greta": (EUROPE,),
    "ecri": (EUROPE,),
    "fcnm": (EUROPE,),
    "ecrml": (EUROPE,),
    "ecsr": (COMPLAINT,),
    "ecthr": (APPLICATION,),
    "iacthr": (SERIES_C,),
    "afchpr": (AFRICAN_COURT, APPLICATION),
    "iachr": (REPORT, RESOLUTION, AMERICAN),
    "achpr-decision": (COMMUNICATION,),
    "achpr": (),
    "other": ALL,
    "summary": ALL,
}
COMPLAINT_NAME = "Complaint No."
NAMED = {id(APPLICATION): "Application No.", id(COMPLAINT): COMPLAINT_NAME, id(COMMUNICATION): "Communication"}
COUNTRY = lazy_pattern(
    r"/(?:C|C\.12|OP)/(?:OP[A-Z]+/)?(?P<iso>[A-Z]{3})/|^A/HRC/WG\.6/\d+/(?P<upr>[A-Z]{3})/"
    r"|^(?:[A-Z]{2,3} )?(?P<letter>[A-Z]{3}) \d+/\d"
)
PAGE_BESIDE = lazy_pattern(r"(?:^\d{1,3}\s+|\s+\d{1,3}$|\*+$)")


def symbol_of(head: Masthead, family: str) -> str:
    """The symbol of the kind that such a document has; a truncated one is completed from other occurrences."""
    if family == "sp-letter" and (reference := reference_in(head_of(head.opening))):
        return reference
    text = without_references(head.text)
    for pattern in OF_FAMILY.get(family, UNITED_NATIONS):
        alone = [printed for row in head.rows if (printed := alone_in(row, pattern))]
        inside = [
            standardised(match, pattern)
            for match in pattern.finditer(text)
            if not is_cited(text, match.start()) and is_own(text, match, pattern)
        ]
        running = [printed for row in head.edges if (printed := alone_in(row, pattern))]
        if whole := [printed for printed in (*alone, *inside, *running) if is_whole(printed)]:
            return longest_beginning(whole[0], [*alone, *inside] or running)
    return ""


def alone_in(row: str, pattern: re.Pattern[str]) -> str:
    row = row.strip()
    match = pattern.fullmatch(row) or pattern.fullmatch(PAGE_BESIDE.sub("", row))
    return standardised(match, pattern) if match else ""


def standardised(match: re.Match[str], pattern: re.Pattern[str]) -> str:
    """The symbol as printed; numbers of applications, complaints and communications get the same name in all
    languages."""
    if pattern is LETTER:
        return re.sub(r"\s+", " ", f"{match['kind']} {match['file']}")
    if (name := NAMED.get(id(pattern))) is None:
        symbol = re.sub(r"\s+", " ", match[0]).strip(" .-*")
        return re.sub(r"\s?/\s?", "/", symbol) if pattern in UNITED_NATIONS else symbol
    printed = re.sub(rf"(?:{_NUMBER_SIGN})\s*(?=\d)", "", match["numbers"], flags=re.I)
    printed = re.sub(r"\s*(?:,|;|&|\band\b|\bet\b|\by\b|\be\b|و)+\s*(?:and\s+|et\s+)?", ", ", printed)
    return f"{name} {re.sub(r'\s*[-–]\s*', '-', printed)}"[:120].rstrip(", ")


def is_own(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Whether the symbol is the document's own: "the fifth report of Testland (CCPR/C/TST/5)" is another document,
    but application numbers are in brackets as well."""
    if id(pattern) in NAMED:
        return True
    in_brackets = text[: match.start()].rstrip().endswith("(")
    return not in_brackets and (pattern not in UNITED_NATIONS or opens_row(text, match.start()))


def is_whole(symbol: str) -> bool:
    """Whether a symbol is complete: its last part has a number, or is the State of an older one ("CCPR/C/SVN/CO" is
    not)."""
    last = symbol.rsplit("/", 1)[-1]
    return any(sign.isdigit() for sign in last) or re.search(r"/CO/\d+/[A-Z]{2,5}$", symbol) is not None


def longest_beginning(symbol: str, candidates: Iterable[str]) -> str:
    return max((candidate for candidate in candidates if candidate.startswith(symbol)), key=len, default=symbol)


def is_symbol(text: str) -> bool:
    """Whether a line contains only a symbol and perhaps a page number."""
    text = text.strip()
    plain = PAGE_BESIDE.sub("", text)
    return any(pattern.fullmatch(text) or pattern.fullmatch(plain) for pattern in ALL)


def country_in(symbol: str, codes: Iterable[str]) -> str:
    """The code of the State in a symbol; if `codes` are given, only one of them."""
    match = COUNTRY.search(symbol)
    code = (match["iso"] or match["upr"] or match["letter"]) if match else ""
    known_codes = set(codes)
    return code if not known_codes or code in known_codes else ""
