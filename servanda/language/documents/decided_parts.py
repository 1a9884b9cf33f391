"""Restricts demands to the operative part of a decision: requests of the parties and of others are not demands."""

import re
from collections.abc import Iterable, Iterator, Sequence

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import number_of
from servanda.language.documents.paragraph_kinds import Kind, is_demand
from servanda.language.documents.segments import ANNOUNCES, tidied
from servanda.language.documents.units import Block, Unit

# The sentence with which a committee begins to decide, in decisions with continuous numbering.
DECIDES = lazy_pattern(
    r"\bcommittee\b[^.;]{0,80}?,?\s+acting\s+(?:under|pursuant)\b|\bcomité\b[^.;]{0,80}?,?\s+agissant\s+en\s+(?:vertu|application)\b"
    r"|\bcomité\b[^.;]{0,80}?,?\s+actuando\s+(?:en\s+virtud|de\s+conformidad|con\s+arreglo)\b"
    r"|اللجنة[^.;]{0,80}?(?:إذ\s+تتصرف|وهي\s+تتصرف|متصرف[ةه])|комитет[^.;]{0,80}?действуя\s+в\s+соответствии"
    r"|\bacting\s+(?:under|pursuant)\b[^;]{0,240}?,\s+the\s+committee\b"
    r"|\bagissant\s+(?:en\s+(?:vertu|application)|conformément)\b[^;]{0,240}?,\s+le\s+comité\b"
    r"|\bactuando\s+(?:en\s+virtud|de\s+conformidad|con\s+arreglo)\b[^;]{0,240}?,\s+el\s+comité\b"
    r"|(?:إذ|وإذ|وهي)\s+تتصرف\s+بموجب[^؛]{0,240}?،\s+(?:فإن\s+)?(?:ال)?لجنة"
    r"|\bfor\s+these\s+reasons,?\s+the\s+committee\b|\bpar\s+ces\s+motifs,?\s+le\s+comité\b"
    r"|\bpor\s+estas\s+razones,?\s+el\s+comité\b|لهذه\s+الأسباب،?\s+(?:فإن\s+)?اللجنة",
    re.I,
)
# What only a decision says, where the sentence above was not recognised: the remedy, and the time for the reply.
REMEDIES = lazy_pattern(
    r"\bstate\s+party\s+is\s+under\s+an\s+obligation\s+to\s+(?:provide|ensure)\b[^.;]{0,80}?\beffective\s+remedy\b"
    r"|\bl[’']état\s+partie\s+(?:est\s+tenu|a\s+l[’']obligation)\b[^.;]{0,80}?\brecours\s+(?:utile|effectif)\b"
    r"|\bestado\s+parte\s+(?:tiene\s+la\s+obligación|está\s+obligado)\b[^.;]{0,80}?\brecurso\s+(?:efectivo|eficaz|útil)\b"
    r"|государств[\w-]+\s+обязан\w*\b[^.;]{0,80}?эффективн\w+\s+средств\w+\s+правовой\s+защиты"
    r"|الدولة\s+الطرف\s+(?:ملزمة|ملتزمة)[^.؛]{0,80}?سبيلَ?\s+انتصاف\s+فعال"
    r"|\bcommittee\s+wishes\s+to\s+receive\s+from\s+the\s+state\s+party,?\s+within\b"
    r"|\bcomité\s+souhaite\s+recevoir\s+de\s+l[’']état\s+partie,?\s+dans\b|\bcomité\s+desea\s+recibir\s+del\s+estado\s+parte,?\s+en\b"
    r"|комитет\s+хотел\s+бы\s+получить\s+от\s+государств[\w-]+,?\s+в\s+течение"
    r"|تود\s+(?:اللجنة\s+)?أن\s+تتلقى\s+من\s+الدولة\s+الطرف،?\s+(?:في\s+غضون|خلال)",
    re.I,
)
PROCEDURE = lazy_pattern(
    r"\b(?:written\s+(?:submissions|observations)|submissions\s+on|observations\s+on|mémoires?|observations\s+écrites"
    r"|alegatos|observaciones\s+escritas)\b",
    re.I,
)
DEPUTIES = lazy_pattern(r"(?P<lead>\b(?:the\s+deputies|les\s+délégués))\s*,?\s*:?\W*$", re.I)


def only_decided(units: Iterable[Unit]) -> list[Unit]:
    """Mark all units before the deciding sentence of the committee as information; all units where there is none, nor
    a remedy."""
    units = list(units)
    places = [place for place, unit in enumerate(units) if DECIDES.search(unit.whole)]
    places = places or [place for place, unit in enumerate(units) if REMEDIES.search(unit.whole)][:1]
    decided = units[first_of_paragraph(units, places[-1]) :] if places else []
    for unit in units:
        if any(unit is decided_unit for decided_unit in decided) and not PROCEDURE.search(unit.text):
            continue
        unit.kind = Kind.INFORMATION
        unit.follow_up = unit.dissemination = False
    return units


def with_introductions(units: Iterable[Unit], blocks: Sequence[Block]) -> None:
    """Add to items in lower case the paragraph without a number that introduces them: "Recommends that the
    authorities:". They ask for what it asks for."""
    for unit in units:
        if unit.lead or not unit.text[:1].islower():
            continue
        above = next((text for text in texts_above(unit, blocks) if ANNOUNCES.search(text)), "")
        if above and is_demand(without_letter(above)):
            unit.lead, unit.kind = above, Kind.RECOMMENDATION


def texts_above(unit: Unit, blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks above a unit, from the nearest on, up to the first that is neither an item nor introduces any."""
    for block in reversed(blocks[: unit.first]):
        text = tidied(block.text)
        yield text
        if text and not number_of(f"{block.number} {text}".strip()):
            return


def without_letter(text: str) -> str:
    return re.sub(r"^\W*[A-Z]\s?[.)]\s+", "", text)


def first_of_paragraph(units: Sequence[Unit], place: int) -> int:
    """The first item of the paragraph of a unit that has the deciding sentence above it, as all its items do."""
    while place and is_same_paragraph(units[place - 1], units[place]) and DECIDES.search(units[place - 1].whole):
        place -= 1
    return place


def is_same_paragraph(above: Unit, unit: Unit) -> bool:
    return bool(unit.paragraph) and above.paragraph == unit.paragraph


def with_deputies(units: Sequence[Unit], blocks: Sequence[Block]) -> None:
    """Add the subject "The Deputies", which is printed once above the points, to points such as "invited the
    authorities"."""
    matches = (DEPUTIES.search(tidied(block.text)) for block in blocks)
    lead = next((match["lead"] for match in matches if match), "")
    for unit in units:
        if lead and not unit.lead and unit.text[:1].islower():
            unit.lead = lead
