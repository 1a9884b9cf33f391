"""The State that a document is addressed to: in a case the respondent, never the applicant; otherwise from the
title."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import days_in
from servanda.sources.documents.masthead import Masthead, is_cited
from servanda.sources.printed.states import folded

LONGEST_NAME = 6  # words
AGAINST = lazy_pattern(
    r"(?<=[\s)\].,»”\"’'*])(?:v\.?\s?s?\.?|versus|c\.|c/|contre|contra|against|ضد|على)(?=[\s*])|\s/\s?|(?<=\w)/(?=[A-Z])",
    re.I,
)
STATE_PARTY = lazy_pattern(
    r"\b(?:respondent\s+states?|(?:the\s+)?states?\s+part(?:y|ies)(?:\s+concerned)?|états?\s+parties?(?:\s+concernés?)?"
    r"|états?\s+défendeurs?|estados?\s+partes?|estados?\s+demandados?|estados?\s+denunciados?"
    r"|gouvernements?\s+défendeurs?)\s*:"
    r"|(?:الدول[ةه]\s+الطرف|الدول[ةه]\s+المدعى\s+عليها|الدول[ةه]\s+المشتكى\s+منها)\s*:",
    re.I,
)
LODGED_AGAINST = lazy_pattern(
    r"\b(?:lodged|brought|filed|submitted|directed)\b.{0,200}?\bagainst\b|\bdirigée?s?\s+contre\b|\bcontra\s+el\s+estado\b"
    r"|\bcontra\s+la\s+república\b|(?:المقدمة?|المرفوعة?)\s.{0,200}?\sضد",
    re.I,
)
_ARTICLES = r"(?:(?:(?:the|la|le|les|el|los|las|o|a|al|du|de|del|des|of)\s+|[ld][’']\s*)*)"
BEFORE_STATE = lazy_pattern(
    rf"^[\W_]*{_ARTICLES}(?:(?:(?:respondent\s+)?(?:state|government|estado|gobierno|état|gouvernement|governo)"
    rf"|دول[ةه]|حكوم[ةه])\s+)?{_ARTICLES}",
    re.I,
)
OFFICIAL = lazy_pattern(
    r"^(?:(?:federal|united|islamic|arab|democratic|people[’']?s|socialist|federative|plurinational|bolivarian"
    r"|hashemite|co-?operative|oriental|great|grand|independent|former|fédérale|unie|islamique|arabe|démocratique"
    r"|populaire|islámica|árabe|democrática|popular|bolivariana|plurinacional)\s++)*+"
    r"(?:republic|kingdom|state|commonwealth|principality|union|duchy|sultanate|république|royaume|état|principauté"
    r"|union|duché|república|reino|estado|principado|mancomunidad|جمهوري[ةه]|مملك[ةه]|المملك[ةه]|دول[ةه])\s*"
    r"(?:(?:fédérale|unie|islamique|arabe|démocratique|populaire|federal|islámica|árabe|democrática|popular|bolivariana"
    r"|plurinacional)\s*)*(?:of|de|du|des|del|d[’'])?\s*(?:(?:the|la|les|l[’'])\s*)?",
    re.I,
)
JOINS = lazy_pattern(r"^\s*(?:,|;|and|et|y|e|&|و|,\s*and)\s*", re.I)
TOKEN = lazy_pattern(r"[^\s/,;:()\[\]«»“”\"|*]+")
ELIDED = lazy_pattern(r"^(?:[dl]|qu)[’']", re.I)
ARABIC_PREFIXES = ("وال", "بال", "لل", "و", "ب", "ل", "ك", "ف")
OF_STATE = lazy_pattern(
    r"\b(?:reports?\s+(?:submitted\s+by|of)|observations\s+(?:on|concerning|relating\s+to)|visit\s+to|mission\s+to"
    r"|rapports?\s+(?:périodiques?\s+)?(?:du|de\s+la|de\s+l|des|de|d)|concernant|visite\s+(?:en|au|aux|à)"
    r"|mission\s+(?:en|au|aux|à)|informes?\s+(?:peri[oó]dicos?\s+)?(?:combinados\s+)?(?:\w+\s+){0,6}de(?:l|\s+la|\s+los)?"
    r"|visita\s+(?:a|al)|misi[oó]n\s+(?:a|al)|sobre|by\s+the\s+government\s+of|to\s+the\s+government\s+of"
    r"|au\s+gouvernement\s+d|al\s+gobierno\s+d|communication\s+(?:from|de))"
    r"|(?:تقرير|التقرير|التقارير|زيارة|زيارته|زيارتها|بعثة|بعثته|بعثتها|بشأن)",
    re.I,
)
PLACE = lazy_pattern(
    r"\b(?:done|held|taken|adopted|meeting|sitting|session|hecho|dado|celebrad[oa]|fait|tenue?|réuni\w*|strasbourg"
    r"|geneva|genève|ginebra|banjul|arusha|niamey|washington|san\s+josé|new\s+york)\b|المعقودة|جنيف|بانجول|أروشا",
    re.I,
)
MOST_AFTER = 220  # characters after "v." in which respondents are looked for


@dataclass(frozen=True, slots=True)
class NamedState:
    """A State named in a text, with its position."""

    code: str
    start: int
    end: int


def states_of(head: Masthead, names: Mapping[str, str], *, is_case: bool) -> list[str]:
    """Codes of the States that the document is addressed to; empty where the masthead does not tell."""
    codes = respondents(head, names)
    if codes or is_case:
        return codes
    return states_of_title(head, names)


def respondents(head: Masthead, names: Mapping[str, str]) -> list[str]:
    """States after the first "v." of the masthead, or else after "State party:" or "lodged against"."""
    text = head.text
    for pattern in (AGAINST, STATE_PARTY, LODGED_AGAINST):
        for sign in pattern.finditer(text):
            if pattern is AGAINST and is_cited(text, text.rfind("\n", 0, sign.start()) + 1):
                continue
            if codes := states_at(text[sign.end() : sign.end() + MOST_AFTER], names):
                return codes
    return []


def states_at(text: str, names: Mapping[str, str]) -> list[str]:
    """States at the very start of a text, joined by commas or "and"."""
    codes: list[str] = []
    while True:
        lead_in = BEFORE_STATE.match(text)
        remaining = text[lead_in.end() :] if lead_in else text
        state = name_at(remaining, names)
        if state is None:
            official = OFFICIAL.match(remaining)
            remaining = remaining[official.end() :] if official else remaining
            state = name_at(remaining, names) if official else None
        if state is None:
            return codes
        if state.code not in codes:
            codes.append(state.code)
        remaining = remaining[state.end :]
        join = JOINS.match(remaining)
        if join is None:
            return codes
        text = remaining[join.end() :]


def name_at(text: str, names: Mapping[str, str]) -> NamedState | None:
    """The longest name of a State at the beginning of a text."""
    tokens: list[re.Match[str]] = []
    for token in TOKEN.finditer(text):
        if len(tokens) == LONGEST_NAME or (tokens and text[tokens[-1].end() : token.start()].strip()):
            break
        tokens.append(token)
    if not tokens or (tokens[0].start() and text[: tokens[0].start()].strip()):
        return None
    for count in range(len(tokens), 0, -1):
        if count > 1 and JOINS.fullmatch(tokens[count - 1][0]):
            continue  # "Testland and": the conjunction is not part of the name
        end = tokens[count - 1].end()
        for form in forms_of(text[tokens[0].start() : end]):
            if code := names.get(folded(form)):
                return NamedState(code, tokens[0].start(), end)
    return None


def forms_of(printed: str) -> Iterator[str]:
    """The name as printed, and without elided articles and prefixes: "d’Albanie", "للسنغال"."""
    printed = printed.strip(" .,:;*'’‘`–-")
    if not printed or not (printed[0].isupper() or "\u0600" <= printed[0] <= "\u06ff" or ELIDED.match(printed)):
        return
    yield printed
    if ELIDED.match(printed):
        yield ELIDED.sub("", printed)
    if printed.lower().endswith(("’s", "'s")):
        yield printed[:-2]
    yield from arabic_forms(printed)


def arabic_forms(printed: str) -> Iterator[str]:
    for prefix in ARABIC_PREFIXES:
        if printed.startswith(prefix) and len(printed) > len(prefix) + 2:
            bare = printed.removeprefix(prefix)
            yield bare
            yield f"ال{bare}"


def names_in(text: str, names: Mapping[str, str]) -> Iterator[NamedState]:
    """Every State named in a text, with the longest name at each position."""
    end = 0
    for token in TOKEN.finditer(text):
        if token.start() < end:
            continue
        if state := name_at(text[token.start() :], names):
            end = token.start() + state.end
            yield NamedState(state.code, token.start(), end)


def states_of_title(head: Masthead, names: Mapping[str, str]) -> list[str]:
    """The State in a row of its own, or else after "report of" or "visit to", or else the first that is no venue."""
    rows = [row for row in head.rows if not is_place(row)]
    for row in rows:
        if len(row) < 80 and (codes := states_at(row, names)) and is_only_a_name(row, names):
            return codes[:1]
    for row in rows:
        for sign in OF_STATE.finditer(row):
            if codes := states_at(row[sign.end() :].lstrip("’' "), names):
                return codes
            if near := next(names_in(row[sign.end() :], names), None):
                return [near.code]
    return [state.code for row in rows for state in names_in(row, names)][:1]


def is_only_a_name(row: str, names: Mapping[str, str]) -> bool:
    """Whether the row is only the name of a State: "ECUADOR", "The Republic of Kenya", "Greece: visit 2023"."""
    state = next(names_in(row, names), None)
    remaining = row[state.end :].strip(" *.:)") if state else row
    return (
        not remaining
        or re.match(r"^(?:ad\s+hoc\s+)?(?:\d{4}\s+)?(?:periodic\s+)?visits?\b.{0,20}$", remaining, re.I) is not None
    )


def is_place(row: str) -> bool:
    """Whether a row tells where and when something was done, so that a State in it is not the one addressed."""
    return bool(PLACE.search(row)) and (next(days_in(row), None) is not None or "session" in row.lower())
