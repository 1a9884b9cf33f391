"""What of a decision is decided: what the parties asked for and what others recommended before it is no demand."""

import re
from collections.abc import Iterable, Sequence

from servanda.language.documents.paragraph_kinds import Kind
from servanda.language.documents.segments import tidied
from servanda.language.documents.units import Block, Unit

# The sentence from which on a committee speaks for itself, in decisions that are numbered all through.
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
    """Units before the sentence in which the committee decides only inform; all of them where it is not found."""
    units = list(units)
    places = [place for place, unit in enumerate(units) if DECIDES.search(unit.whole)]
    decided = units[places[-1] :] if places else []
    for unit in units:
        if any(unit is one for one in decided) and not PROCEDURE.search(unit.text):
            continue
        unit.kind = Kind.INFORMATION
        unit.follow_up = unit.dissemination = False
    return units


def with_deputies(units: Sequence[Unit], blocks: Sequence[Block]) -> None:
    """ "invited the authorities to act" is understood with who did: "The Deputies", printed once above the points."""
    found = (DEPUTIES.search(tidied(block.text)) for block in blocks)
    lead = next((match["lead"] for match in found if match), "")
    for unit in units:
        if lead and not unit.lead and unit.text[:1].islower():
            unit.lead = lead
