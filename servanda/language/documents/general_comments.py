"""Finds general comments and general recommendations cited in texts, with number, year and committee."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import ascii_digits

FARTHEST = 160  # characters after a plural head within which a second number may follow


class Kind(StrEnum):
    COMMENT = "general-comment"
    RECOMMENDATION = "general-recommendation"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation; `body` is a code, or empty where neither the text nor the document tells the committee."""

    kind: Kind
    number: int
    year: int = 0
    body: str = ""


# Only these two committees publish general recommendations, and no general comments except joint ones.
RECOMMENDING = {"CEDAW", "CERD"}
_COMMENT = (
    r"general\s+comments?|observaci(?:ón|ones)\s+general(?:es)?|observations?\s+générales?"
    r"|coment[áa]rios?\s+gera(?:l|is)|observaç(?:ão|ões)\s+gera(?:l|is)|замечани\w+\s+общего\s+порядка"
    r"|تعليق\w*\s+(?:ال)?عام\w*"
)
_RECOMMENDATION = (
    r"general\s+recommendations?|recomendaci(?:ón|ones)\s+general(?:es)?|recommandations?\s+générales?"
    r"|recomendaç(?:ão|ões)\s+gera(?:l|is)|общ\w+\s+рекомендаци\w+|توصي\w*\s+(?:ال)?عام\w*"
)
_SIGN = r"(?:nos?\.?|nr\.?|núms?\.?|n\.?\s?[º°oᵒ]s?|№№?|رقما?|رقمي)"
_DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9]"
_ONE = rf"(?P<n>{_DIGIT}{{1,2}})(?!{_DIGIT})(?:\s*\((?P<y>{_DIGIT}{{4}})\))?"
_JOINT = r"(?:\s+(?:conjunt[ao]s?|conjointes?|المشتركة?))?"
HEAD = lazy_pattern(
    rf"(?:(?P<comment>{_COMMENT})|(?P<recommendation>{_RECOMMENDATION})){_JOINT}\s*,?\s*{_SIGN}?\s*{_ONE}", re.I
)
NEXT = lazy_pattern(rf"\s*(?:,|/|;|\band\b|\by\b|\bet\b|\be\b|\bи\b|\bو)+\s*(?:{_SIGN}\s*)?{_ONE}", re.I)
LATER = lazy_pattern(rf"[^.;]{{0,{FARTHEST}}}?(?:,|\band\b|\by\b|\bet\b|\be\b|\bи\b|و)\s*{_SIGN}\s*{_ONE}", re.I)
OF = lazy_pattern(r"[^.;:]{0,25}?(?:committee|comit[éê]|комитет\w*|لجنة)\s(?P<name>[^.;:]{0,90})", re.I)
COMMITTEES = {
    "CCPR": r"^derechos\s+humanos|^d[eo]s?\s+d[ie]reitos\s+humanos|^de\s+derechos\s+humanos"
    r"|^des\s+droits\s+de\s+l.homme|^по\s+правам\s+человека|بحقوق\s+الإنسان",
    "CEDAW": r"discrimination\s+against\s+women|discriminación\s+contra\s+la\s+mujer|à\s+l.égard\s+des\s+femmes"
    r"|discriminação\s+contra\s+a|в\s+отношении\s+женщин|التمييز\s+ضد\s+المرأة",
    "CERD": r"racial|raciale|расовой|التمييز\s+العنصري",
    "CESCR": r"economic,\s+social|económicos,\s+sociales|économiques,\s+sociaux|econ[óô]micos,\s+sociais"
    r"|экономическим,\s+социальным|الاقتصادية\s+والاجتماعية",
    "CAT": r"^(?:against|contra\s+la|contre\s+la|contra\s+a|против)\s+(?:tort|пыток)|مناهضة\s+التعذيب",
    "CRPD": r"disabilities|discapacidad|handicap|deficiência|инвалид|ذوي\s+الإعاقة",
    "CMW": r"migrant\s+workers|trabajadores\s+migra|travailleurs\s+migrants|trabalhadores\s+migrantes|мигрант"
    r"|العمال\s+المهاجرين",
    "CED": r"enforced\s+disappearance|desapariciones?\s+forzadas?|disparitions?\s+forcées?"
    r"|desaparecimentos?\s+forçados?|насильственны|الاختفاء\s+القسري",
    "CRC": r"rights\s+of\s+the\s+child|derechos\s+del\s+niño|droits\s+de\s+l.enfant|direitos\s+da\s+criança"
    r"|правам\s+реб[её]нка|حقوق\s+الطفل",
}
NAMED = {code: lazy_pattern(pattern, re.I) for code, pattern in COMMITTEES.items()}
BEFORE = lazy_pattern(r"human\s+rights\s+committee(?:['’]s)?\s+(?:joint\s+)?$", re.I)
AFTER = lazy_pattern(r"\s*+,?\s*+of\s+the\s+human\s+rights\s+committee", re.I)
SYMBOL = lazy_pattern(r"^(CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)/|^E/C\.12/")


def cited_in(text: str, *, symbol: str = "", body: str = "") -> list[Cited]:
    """Citations, each once, in the order of the text. Without a named committee they are assigned to the document's
    own, if that publishes this kind."""
    own = body or body_of_symbol(symbol)
    citations: dict[Cited, None] = {}
    for head in HEAD.finditer(text):
        kind = Kind.COMMENT if head["comment"] else Kind.RECOMMENDATION
        numbers = list(numbers_from(head, text))
        owner = body_named(text, head.start(), numbers[-1][2]) or (own if writes(own, kind) else "")
        citations.update((Cited(kind, number, year, owner), None) for number, year, _end in numbers)
    return list(citations)


def merge_citations(citations: Iterable[Cited]) -> list[Cited]:
    """Merge the citations of several texts of one record: a missing year or committee is taken from another text."""
    merged: list[Cited] = []
    for citation in citations:
        place = next((at for at, earlier in enumerate(merged) if can_be_same(citation, earlier)), None)
        if place is None:
            merged.append(citation)
        else:
            merged[place] = replace(
                merged[place], year=merged[place].year or citation.year, body=merged[place].body or citation.body
            )
    return merged


def can_be_same(first: Cited, second: Cited) -> bool:
    same_year = first.year == second.year or not (first.year and second.year)
    same_body = first.body == second.body or not (first.body and second.body)
    return (first.kind, first.number) == (second.kind, second.number) and same_year and same_body


# As documents print them; of several numbers only the first is next to the words.
WORDS = {
    Kind.COMMENT: (
        *("general comment No. {}", "observación general núm. {}", "observation générale no {}"),
        *("observation générale n° {}", "comentário geral n.º {}", "التعليق العام رقم {}"),
        *("замечание общего порядка № {}", "general comments Nos. {}", "observaciones generales núms. {}"),
        "observations générales nos {}",
    ),
    Kind.RECOMMENDATION: (
        *("general recommendation No. {}", "recomendación general núm. {}", "recommandation générale no {}"),
        *("recommandation générale n° {}", "recomendação geral n.º {}", "التوصية العامة رقم {}"),
        *("общая рекомендация № {}", "general recommendations Nos. {}", "recomendaciones generales núms. {}"),
        "recommandations générales nos {}",
    ),
}


def search_query_for(cited: Cited) -> str:
    """A search query for texts in the register that cite it, and for its own document."""
    phrases = [words.format(cited.number) for words in WORDS[cited.kind]]
    if cited.body:
        phrases.append(f"{'E/C.12' if cited.body == 'CESCR' else f'{cited.body}/C'}/GC/{cited.number}")
    return " OR ".join(f'"{phrase}"' for phrase in phrases)


def body_of_symbol(symbol: str) -> str:
    match = SYMBOL.match(symbol)
    return (match[1] or "CESCR") if match else ""


def writes(body: str, kind: Kind) -> bool:
    return body in COMMITTEES and (body in RECOMMENDING) == (kind == Kind.RECOMMENDATION)


def numbers_from(head: re.Match[str], text: str) -> Iterator[tuple[int, int, int]]:
    """Number, year and end position of each: "Nos. 19 (1992) and 35 (2017)", "No. 14 (2000) on this and No. 22"."""
    match: re.Match[str] | None = head
    while match is not None:
        yield int(ascii_digits(match["n"])), int(ascii_digits(match["y"] or "0")), match.end()
        end = match.end()
        stop = another.start() if (another := HEAD.search(text, end)) else len(text)
        match = NEXT.match(text, end, stop) or LATER.match(text, end, stop)
        if match is not None and not match["y"]:
            match = None  # without a year it may be the number of a paragraph or article


def body_named(text: str, start: int, end: int) -> str:
    """The committee, if it is named directly before or after."""
    if BEFORE.search(text, max(0, start - 40), start) or AFTER.match(text, end):
        return "CCPR"
    match = OF.match(text, end)
    name = match["name"] if match else ""
    return next((code for code, pattern in NAMED.items() if pattern.search(name)), "")
