"""What the cells of a column of positions mean: as saved for the sender, or clear from the words."""

from collections.abc import Mapping

from servanda.intake.columns.kinds import LONGEST_VALUE, NOT_CHOSEN, folded, not_known, value_key
from servanda.sources.candidates import Candidate, Kind, PrintedPosition, Problem, Stand
from servanda.sources.printed.texts import clean
from servanda.sources.printed.values import kind_of, single, stand_of

YES = {folded(word) for word in ("yes", "y", "oui", "o", "si", "sí", "s", "sim", "نعم")}
NO = {folded(word) for word in ("no", "n", "non", "não", "لا")}


def propose_stand(printed: str) -> str:
    """The position that a cell probably means, or ""; "yes" and "no" are proposed for a person to confirm."""
    return str(stand_of(printed) or plain_answer(printed) or "")


def plain_answer(printed: str) -> Stand | None:
    words = folded(printed)
    if words in YES:
        return Stand.SUPPORTED
    return Stand.NOTED if words in NO else None


def is_about_acceptance(header: str) -> bool:
    """Whether "yes" in this column can only mean that the State supports the recommendation."""
    title = header.rpartition(": ")[2]
    return Stand.SUPPORTED in (stand_of(title), stand_of(folded(title)))


def read_position(found: Candidate, values: Mapping[str, str], header: str, meanings: Mapping[str, str]) -> None:
    """The kind of a row and the position of the State; UPR Info prints "Voluntary Pledge" in place of a position.

    `meanings` are those saved for the values of this sender, by their key; "" for a value to be left out.
    """
    if values.get("kind", "").strip():
        found.kind = kind_of(values["kind"], "kind", found.problems)
    printed = single(values.get("position", ""))
    if kind_of(printed, "position", []) == Kind.PLEDGE:
        found.kind = Kind.PLEDGE
        found.recommending = [state for state in found.recommending if state not in found.countries]
        return
    found.printed_position = printed
    if not printed:
        return
    meaning = meanings.get(value_key(printed)) if len(printed) <= LONGEST_VALUE else None
    if meaning is None:
        meaning = stand_of(printed) or (plain_answer(printed) if is_about_acceptance(header) else None)
    if meaning and meaning in Stand:
        found.position = PrintedPosition(Stand(meaning), printed, comment=clean(values.get("position comment", "")))
        return
    sentence = NOT_CHOSEN % {"value": printed} if meaning == "" else not_known(printed)
    found.problems.append(Problem("position", sentence, fatal=False))
