"""Restricts demands to the operative part of a decision: requests of the parties and of others are not demands."""

import re
from collections.abc import Iterable, Sequence

from servanda.language.documents.paragraph_kinds import Kind
from servanda.language.documents.segments import tidied
from servanda.language.documents.units import Block, Unit

# The sentence with which a committee begins to decide, in decisions with continuous numbering.
DECIDES = re.compile(
    r"\bcommittee\b[^.;]{0,80}?,?\s+acting\s+(?:under|pursuant)\b|\bcomité\b[^.;]{0,80}?,?\s+agissant\s+en\s+(?:vertu|application)\b"
    r"|\bcomité\b[^.;]{0,80}?,?\s+actuando\s+(?:en\s+virtud|de\s+conformidad|con\s+arreglo)\b"
    r"|اللجنة[^.;]{0,80}?(?:إذ\s+تتصرف|وهي\s+تتصرف|متصرف[ةه])|комитет[^.;]{0,80}?действуя\s+в\s+соответствии"
    r"|\bfor\s+these\s+reasons,?\s+the\s+committee\b|\bpar\s+ces\s+motifs,?\s+le\s+comité\b"
    r"|\bpor\s+estas\s+razones,?\s+el\s+comité\b|لهذه\s+الأسباب،?\s+(?:فإن\s+)?اللجنة",
    re.I,
)
PROCEDURE = re.compile(
    r"\b(?:written\s+(?:submissions|observations)|submissions\s+on|observations\s+on|mémoires?|observations\s+écrites"
    r"|alegatos|observaciones\s+escritas)\b",
    re.I,
)
DEPUTIES = re.compile(r"(?P<lead>\b(?:the\s+deputies|les\s+délégués))\s*,?\s*:?\W*$", re.I)


def only_decided(units: Iterable[Unit]) -> list[Unit]:
    """Mark all units before the deciding sentence of the committee as information; all units where there is none."""
    units = list(units)
    places = [place for place, unit in enumerate(units) if DECIDES.search(unit.whole)]
    decided = units[places[-1] :] if places else []
    for unit in units:
        if any(unit is decided_unit for decided_unit in decided) and not PROCEDURE.search(unit.text):
            continue
        unit.kind = Kind.INFORMATION
        unit.follow_up = unit.dissemination = False
    return units


def with_deputies(units: Sequence[Unit], blocks: Sequence[Block]) -> None:
    """Add the subject "The Deputies", which is printed once above the points, to points such as "invited the
    authorities"."""
    matches = (DEPUTIES.search(tidied(block.text)) for block in blocks)
    lead = next((match["lead"] for match in matches if match), "")
    for unit in units:
        if lead and not unit.lead and unit.text[:1].islower():
            unit.lead = lead
