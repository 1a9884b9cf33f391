"""How many faults planted in real reports of the Working Group the preview notices, and how often it is wrong.

Reads ../shared/data beside the project. A fault counts as noticed when the preview has a new remark on the
recommendation with the fault or on its neighbour.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.extraction import REPORTS, SLOVENIA, country_names, read_texts
from servanda.sources.candidates import Candidate, Kind, Unreadable
from servanda.sources.upr import thematic_list, working_group

NEEDS_DATABASE = False
SEED = 17
TINY = {"planted": 1}
KINDS = ("number removed", "text cut", "numbers swapped")
LEAST_WORDS = 8  # of a text that is cut
OF_THE_LIST = ("paragraph", "text")  # fields of the remarks on numbers and ends
NUMBER_BEFORE = re.compile(r"(?P<number>\d{1,3}(?:\s?\.\s?\d{1,3})?)(?P<sign>[.)]?\s*)$")

# Correct remarks on unchanged reports: each was looked up, and the report really prints it so.
TRUE_REMARKS = {
    "AUS_2011": {"86.75": "printed 85.75"},
    "AUT_2011": {"92.2": "ends with OP-CAT behind its States"},
    "COG_2009": {"80": "printed without a number"},
    "GNQ_2010": {"72": "printed without a number"},
    "GMB_2010": {"97.60": "names no State"},
    "JPN_2012": {"147.18": "printed 146.18", "147.116": "printed 146.116"},
    "KHM_2014": {"118.109": "printed 118.09"},
    "PHL_2012": {"129.16": "goes on in a new paragraph"},
    "JAM_2011": {"99.17": "the end of a footnote was printed below it"},
    "BLR_2010": {"98.4": "ends with the Protocol behind its States"},
}


@dataclass(frozen=True, slots=True)
class Planted:
    text: str
    rows: tuple[int, ...]  # of the recommendations with the fault, in the report as it was


def plant(text: str, candidates: Sequence[Candidate], kind: str, chance: random.Random) -> Planted | None:
    """The report with one fault of this kind; None when it has no recommendation where it can be planted."""
    rows = [row for row, item in enumerate(candidates) if item.kind == Kind.RECOMMENDATION]
    chance.shuffle(rows)
    for row in rows:
        changed = changed_text(text, candidates, row, kind, chance)
        if changed is not None:
            return Planted(changed, (row, row + 1) if kind == "numbers swapped" else (row,))
    return None


def changed_text(
    text: str, candidates: Sequence[Candidate], row: int, kind: str, chance: random.Random
) -> str | None:
    location = place_of(text, candidates[row])
    if location is None:
        return None
    number, start, end = location
    if kind == "number removed":
        return text[: number.start()] + text[start:]
    if kind == "text cut":
        return cut(text, start, end, chance)
    following = place_of(text, candidates[row + 1]) if row + 1 < len(candidates) else None
    if following is None or list_of(candidates[row]) != list_of(candidates[row + 1]):
        return None
    other = following[0]
    return (
        text[: number.start("number")]
        + other["number"]
        + text[number.end("number") : other.start("number")]
        + number["number"]
        + text[other.end("number") :]
    )


def place_of(text: str, item: Candidate) -> tuple[re.Match[str], int, int] | None:
    """Its printed number, and where its text begins and ends; None if it has several lines or is not unique."""
    lines = [line for line in item.raw.removeprefix(item.paragraph).split("\n") if line.strip()]
    if len(lines) != 1 or text.count(lines[0].strip()) != 1:
        return None
    start = text.index(lines[0].strip())
    number = NUMBER_BEFORE.search(text, max(0, start - 20), start)
    return (number, start, start + len(lines[0].strip())) if number else None


def list_of(item: Candidate) -> str:
    return item.paragraph.split(".")[0]


def cut(text: str, start: int, end: int, chance: random.Random) -> str | None:
    """Without some of its last words, so that the rest does not end like a whole text; None if it is too short."""
    words = [word.end() for word in re.finditer(r"\S+", text[start:end])]
    offsets = [offset for offset in words[3:-1] if text[start + offset - 1] not in ").;"]
    if len(words) < LEAST_WORDS or not offsets:
        return None
    return text[: start + chance.choice(offsets)] + text[end:]


def remarks(candidates: Sequence[Candidate]) -> Counter[tuple[str, str]]:
    return Counter(
        (item.paragraph, problem.message)
        for item in candidates
        for problem in item.problems
        if problem.field in (*OF_THE_LIST, "recommending")
    )


def is_noticed(before: Sequence[Candidate], after: Sequence[Candidate], rows: tuple[int, ...]) -> bool:
    """Whether a remark is new, on a recommendation with the fault, on its neighbour or on one made by the fault."""
    near = {before[row].paragraph for row in range(max(0, rows[0] - 1), min(rows[-1] + 2, len(before)))}
    near |= {item.paragraph for item in after if list_of(item) == list_of(before[rows[0]])} - {
        item.paragraph for item in before
    }
    return any(number in near for number, _message in (remarks(after) - remarks(before)))


def read(text: str, names: Mapping[str, str], name: str = "text") -> list[Candidate]:
    try:
        return list(working_group.read_text(text, country_names=names, name=name))
    except Unreadable:
        return []


def on_lists(candidates: Sequence[Candidate]) -> dict[str, list[str]]:
    """The remarks on numbers and ends, by recommendation."""
    return {
        item.paragraph: messages
        for item in candidates
        if (messages := [problem.message for problem in item.problems if problem.field in OF_THE_LIST])
    }


def run(report: Callable[..., None], *, planted: int = 50) -> None:
    names = country_names()
    texts = dict(read_texts())
    as_they_are = {name: candidates for name, text in texts.items() if (candidates := read(text, names, name))}
    report_false_alarms(report, "texts", as_they_are)
    files = [*REPORTS.glob("*.pdf"), *(SLOVENIA / f"{name}.pdf" for name in OF_SLOVENIA)]
    printed = {path.stem: list(working_group.read(path, country_names=names)) for path in files if path.exists()}
    report_false_alarms(report, "PDF", printed)
    listed = {
        path.stem: list(thematic_list.read(path, country_names=names)) for path in SLOVENIA.glob("c*hematic*.docx")
    }
    report_false_alarms(report, "thematic lists", listed)
    report_planted(report, texts, as_they_are, names, wanted=planted)


OF_SLOVENIA = ("c1_g1012465", "c2_g1423930", "c3_g1934994", "c4_g2502644")


def report_false_alarms(report: Callable[..., None], label: str, reports: Mapping[str, list[Candidate]]) -> None:
    alarms = {
        f"{name} {number}": messages
        for name, candidates in reports.items()
        for number, messages in on_lists(candidates).items()
    }
    true = {alarm for alarm in alarms if alarm.split()[1] in TRUE_REMARKS.get(alarm.split()[0], {})}
    count = sum(item.kind == Kind.RECOMMENDATION for candidates in reports.values() for item in candidates)
    report(f"{label}: {len(reports)} with recommendations", count, "")
    report(f"{label}: recommendations with a remark on the list", len(alarms), "")
    report(f"{label}: of these, looked up and so printed", len(true), "")
    for alarm in sorted(alarms.keys() - true):
        report(f"  {alarm}", alarms[alarm][0][:60], "")
    false = len(alarms) - len(true)
    report(f"{label}: false alarms", false, "at most 1 in 1,000", ok=false <= count / 1000)


def report_planted(
    report: Callable[..., None],
    texts: Mapping[str, str],
    as_they_are: Mapping[str, list[Candidate]],
    names: Mapping[str, str],
    *,
    wanted: int,
) -> None:
    chance = random.Random(SEED)
    order = sorted(as_they_are)
    chance.shuffle(order)
    planted, noticed = Counter[str](), Counter[str]()
    for name in order:
        if planted.total() == wanted:
            break
        kind = KINDS[planted.total() % len(KINDS)]
        fault = plant(texts[name], as_they_are[name], kind, chance)
        if fault is None:
            continue
        planted[kind] += 1
        after = read(fault.text, names, name)
        if is_noticed(as_they_are[name], after, fault.rows):
            noticed[kind] += 1
        else:
            report(f"  {name}: {kind}", as_they_are[name][fault.rows[0]].paragraph, "not told")
    for kind in KINDS:
        report(f"{kind}: told of {planted[kind]}", noticed[kind], "", ok=None)
    report(f"planted: told of {planted.total()}", noticed.total(), f"{wanted}", ok=noticed.total() == wanted)
