"""Are terms, days and references read right? Points of real judgments, made letters and made judgments, beside the
dumbest way: the first "within N months" of the English or Spanish text."""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.shared import DATA
from tests.language.documents.terms_of_judgments import points_of_judgments
from tests.sources.judgments_make import made_judgments
from tests.sources.letters_make import HELD_BACK, SEEN, MadeLetter, made_letters

NEEDS_DATABASE = False
TINY: dict[str, int] = {}
BAR = 0.95
HALVES = (SEEN, HELD_BACK)
WITHIN = re.compile(r"within (?:\w+ \()?(\d+)\)? (days|months|years)", re.I)
Result = tuple[str, bool, bool, str]  # the fact, whether ours and the dumbest way are right, and what was read


def run(report: Callable[..., None]) -> None:
    """Each set is measured as a whole against its bar, and the half that was held back apart."""
    sets: dict[str, dict[str, list[Result]]] = {"real points": {half: list(real_points(half)) for half in HALVES}}
    with tempfile.TemporaryDirectory() as folder:
        sets["made letters"] = {half: list(letters(half, Path(folder))) for half in HALVES}
        sets["made judgments"] = {half: list(judgments(half, Path(folder))) for half in HALVES}
    for name, halves in sets.items():
        rows = [row for half in HALVES for row in halves[half]]
        for fact in dict.fromkeys(row[0] for row in rows):
            share = share_of(rows, fact, place=1)
            count = sum(row[0] == fact for row in rows)
            report(f"{name}: {fact}, {count}", share, f"at least {BAR}", ok=share >= BAR)
            report(f"{name}: {fact}, held back", share_of(halves[HELD_BACK], fact, place=1), "")
            report(f"{name}: {fact}, the dumbest way", share_of(rows, fact, place=2), "")
    for name, halves in sets.items():
        for fact, is_right, _simple, read in (row for half in HALVES for row in halves[half]):
            if not is_right:
                report(f"wrong: {name}, {fact}", read, "")


def share_of(rows: list[Result], fact: str, *, place: int) -> float:
    """Nothing is wrong where a half has no such fact."""
    of_fact = [row[place] for row in rows if row[0] == fact]
    return sum(map(bool, of_fact)) / len(of_fact) if of_fact else 1.0


def first_within(text: str) -> tuple[int, str] | None:
    match = WITHIN.search(text)
    return (int(match[1]), match[2].lower()) if match else None


def real_points(half: str) -> Iterator[Result]:
    """The points of which one has a term, apart from those without."""
    from servanda.language.documents.duties import duty_of
    from servanda.language.documents.terms import terms_in

    if not (DATA / "regional" / "afchpr_judgments_operative.jsonl").exists():
        return
    for point in points_of_judgments(DATA / "regional"):
        if point.is_held_back != (half == HELD_BACK):
            continue
        read = [
            (term.count, str(term.length or ""), str(term.clock), str(duty_of(point.text, term)), term.every)
            for term in terms_in(point.text)
        ]
        simple = first_within(point.text)
        wanted = [term[:2] for term in point.terms]
        fact = "points with a term" if point.terms else "points without a term"
        yield fact, read == point.terms, ([simple] if simple else []) == wanted, f"{point.name}: {read}"


def letters(half: str, folder: Path) -> Iterator[Result]:
    from servanda.sources.documents.reader import read_document

    for letter in made_letters(half):
        path = folder / "letter.txt"
        path.write_text("\n\n".join(letter.rows), encoding="utf-8")
        reading = read_document(path)
        reply = next((unit.deadline for unit in reading.units if unit.duty), None)
        deadline = reply and (reply.day or (reply.count, str(reply.length)))
        simple = simply_read(letter)
        yield "days", reading.adopted == letter.day, simple["day"] == letter.day, f"{letter.name}: {reading.adopted}"
        is_right, is_simple = reading.symbol == letter.reference, simple["reference"] == letter.reference
        yield "references", is_right, is_simple, f"{letter.name}: {reading.symbol}"
        yield "terms", deadline == letter.deadline, simple["term"] == letter.deadline, f"{letter.name}: {deadline}"
        questions = Counter(unit.kind for unit in reading.units)["question"]
        facts = (reading.title, len(reading.mandates), questions)
        wanted = (letter.subject, letter.mandates, letter.questions)
        yield "subject, mandates and questions", facts == wanted, False, f"{letter.name}: {facts}"


def simply_read(letter: MadeLetter) -> dict[str, object]:
    """The first day, the first "AL XXX 1/2026" and the first "within N months"."""
    from servanda.language.documents.dates import days_in

    text = "\n".join(letter.rows)
    reference = re.search(r"\bAL [A-Z]{3} \d+/\d{4}", text)
    return {
        "day": next((found.day for found in days_in(text)), None),
        "reference": reference[0] if reference else "",
        "term": first_within(text),
    }


def judgments(half: str, folder: Path) -> Iterator[Result]:
    from servanda.language.documents.dates import days_in
    from servanda.sources.documents.reader import read_document

    for judgment in made_judgments(half):
        path = folder / "judgment.txt"
        path.write_text("\n\n".join(judgment.rows), encoding="utf-8")
        reading = read_document(path)
        first = next((found.day for found in days_in("\n".join(judgment.rows))), None)
        yield "days", reading.adopted == judgment.day, first == judgment.day, f"{judgment.name}: {reading.adopted}"
        units = {unit.number: unit for unit in reading.units}
        for point in judgment.points:
            unit = units.get(point.mark)
            term = unit.deadline if unit else None
            read: tuple | None = None
            if term:
                length = (term.count, str(term.length), str(term.clock), term.every)
                read = (term.day.isoformat(), term.every) if term.day else length
            duty = str(unit.duty) if unit and unit.duty else None
            wanted = (*point.term, 0) if point.term and len(point.term) == 1 else point.term
            simple = first_within(point.text)
            is_simple = simple == (point.term[:2] if point.term and len(point.term) > 2 else point.term)
            is_right = (read, duty) == (wanted, point.duty)
            yield "terms", is_right, is_simple, f"{judgment.name}, point {point.mark}: {read} {duty}"
