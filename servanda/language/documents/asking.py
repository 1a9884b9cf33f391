"""Whether a paragraph of a list asks for an answer, or only speaks of the reply and of what the committee does."""

from servanda.language.documents.paragraph_kinds import sentences
from servanda.language.documents.question_words import ASKS, OF_COMMITTEE, PROCEDURE, QUESTION_SIGN


def asks(text: str) -> bool:
    """Whether a paragraph asks for an answer in substance, and not for the reply as such."""
    first = text.split("\n")[0]
    if QUESTION_SIGN.search(text) or not speaks_of_procedure(first):
        return ASKS.search(text) is not None
    return any(ASKS.search(part) and not speaks_of_procedure(part) for part in sentences(first))


def speaks_of_procedure(line: str) -> bool:
    """What the committee did is procedure unless the line asks for something before it says so."""
    asked = ASKS.search(line)
    return any(
        asked is None or match.start() < asked.start() or not OF_COMMITTEE.fullmatch(match[0])
        for match in PROCEDURE.finditer(line)
    )
