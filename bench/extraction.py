"""How well the readers take recommendations out of UN documents; `python -m bench.extraction` names every miss.

Reads ../shared/data beside the project. A recommendation counts by its number; its States are right when the
set of their ISO codes equals the set in the truth, over all rows that the truth cuts one number into.
"""

import csv
import json
import re
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import django.conf

from bench.shared import DATA, ROOT

NEEDS_DATABASE = False
TINY: dict[str, int] = {}  # the invented data are one report and one list
REPORTS = DATA / "documents" / "upr_wg_reports"
SLOVENIA = DATA / "documents" / "slovenia_upr"
EARLY = ("2008", "2009")
LANGUAGES = ("en", "es", "fr", "pt", "ar", "ru", "zh")
if not django.conf.settings.configured:
    django.conf.settings.configure(USE_I18N=False)

from servanda.sources.candidates import Candidate, Kind, Unreadable  # noqa: E402 -- the settings come first
from servanda.sources.printed.references import expanded  # noqa: E402 -- the settings come first
from servanda.sources.printed.states import folded, folded_names  # noqa: E402 -- the settings come first
from servanda.sources.upr import thematic_list, working_group  # noqa: E402 -- the settings come first

Truth = dict[str, set[str]]  # number -> ISO codes of its States
JOINED = "the truth joins it to the number before"

# Numbers that the report prints and the truth lacks or has elsewhere; each was looked up in the report.
ADJUDICATED = {
    "AFG_2014": ("136.50", JOINED),
    "BEN_2012": ("108.92", JOINED),
    "COD_2014": ("134.93", JOINED),
    "COG_2009": ("80", "printed without a number below paragraph 80"),
    "DNK_2011": ("106.41", JOINED),
    "ERI_2014": ("122.78, 122.94", JOINED),
    "EST_2011": ("77.5", JOINED),
    "KHM_2014": ("118.109", "printed 118.09 between 118.108 and 118.110"),
    "NZL_2014": ("128.85, 128.117", JOINED),
    "PRT_2014": ("127.55", JOINED),
    "SGP_2011": ("96.6", JOINED),
    "SVK_2014": ("110.44", JOINED),
    "SOM_2011": ("98.27, 98.61", JOINED),
    "TGO_2011": ("100.55", JOINED),
    "VNM_2014": ("143.85", JOINED),
    "AUS_2011": ("86.75", "printed 85.75 between 86.74 and 86.76"),
    "BRN_2014": ("113.6-113.189", "the truth ends at 113.5"),
    "GNQ_2010": ("72", "printed without a number below paragraph 72"),
    "GMB_2010": ("97.46-97.61", "left out of the truth"),
    "JPN_2012": ("147.18, 147.116", "printed 146.18 and 146.116 in the list of paragraph 147"),
    "SDN_2011": ("83.10, 83.42, 85.1-85.4", f"two: {JOINED}; 85: put forward to South Sudan, left out of the truth"),
    "YEM_2014": ("115.94, 115.155-115.166, 117.1-117.25", f"115.94: {JOINED}; else it ends at 115.154"),
}


@dataclass(slots=True)
class Score:
    files: int = 0
    truth: int = 0
    found: int = 0
    right: int = 0
    adjudicated: int = 0  # found, not in the truth, but printed in the report
    with_states: int = 0  # right, and the truth names a State
    states: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for name in ("files", "truth", "found", "right", "adjudicated", "with_states", "states"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.misses += other.misses

    def row(self, name: str) -> str:
        precision, recall = self.right / (self.found or 1), self.right / (self.truth or 1)
        adjudicated = (self.right + self.adjudicated) / (self.found or 1)
        states = self.states / (self.with_states or 1)
        counts = f"{name:<28}{self.files:>6}{self.truth:>7}{self.found:>7}"
        return f"{counts}{precision:>11.4f}{adjudicated:>13.4f}{recall:>8.4f}{states:>8.4f}"


def country_names() -> dict[str, str]:
    """ISO codes by the names that the product ships and the spellings of the data folder."""
    names: dict[str, str] = {}
    for row in rows_of(ROOT / "servanda" / "vocab" / "data" / "countries.csv"):
        printed = [*(row[language] for language in LANGUAGES), *row["aliases"].split("|")]
        names.update({name.strip(): row["code"] for name in printed if name.strip()})
    for iso3, aliases in json.loads((DATA / "taxonomies" / "country_aliases.json").read_text()).items():
        names.update(dict.fromkeys(aliases, iso3))
    return names


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def truth_of_records() -> dict[str, Truth]:
    truth: dict[str, Truth] = defaultdict(lambda: defaultdict(set))
    for row in rows_of(DATA / "recs" / "upr_wg_reports_2008_2014" / "records.csv"):
        number = row["para"] or beginning_number(row["text_with_number"])
        if "." in number:
            truth[f"{row['sur_iso3']}_{row['year']}"][without_zero(number)].add(row["smr_iso3"])
    return truth


def beginning_number(text: str) -> str:
    """The truth splits the paragraph 60.26 of a report into "60.26.1", "60.26.2" and so on."""
    match = re.match(r"\s*(\d+\.\d+)", text)
    return match[1] if match else ""


def without_zero(number: str) -> str:
    """The report prints 118.9 where the truth has "118.09"."""
    return ".".join(part.lstrip("0") for part in number.split("."))


def score(name: str, candidates: list[Candidate], truth: Truth, names: Mapping[str, str]) -> Score:
    by_number = {item.paragraph: item for item in candidates if item.kind == Kind.RECOMMENDATION}
    right = by_number.keys() & truth.keys()
    printed = adjudicated(name, by_number)
    result = Score(
        1, len(truth), len(by_number), len(right), len((by_number.keys() - truth.keys()).intersection(printed))
    )
    for number in sorted(right, key=natural):
        codes = {names.get(folded(state), state) for state in by_number[number].recommending}
        wanted = ", ".join(sorted(code for code in truth[number] if code))
        result.with_states += bool(wanted)
        if not wanted:
            continue
        if wanted == ", ".join(sorted(codes)):
            result.states += 1
        else:
            result.misses.append(f"{name} {number}: States {', '.join(sorted(codes))}; truth {wanted}")
    result.misses += [f"{name} {number}: not found" for number in sorted(truth.keys() - right, key=natural)]
    extra = sorted(by_number.keys() - right - printed, key=natural)
    result.misses += [f"{name} {number}: not in truth" for number in extra]
    return result


def adjudicated(name: str, paragraphs: Iterable[str]) -> set[str]:
    numbers = ADJUDICATED.get(name, ("", ""))[0]
    bare = {number for number in numbers.split(", ") if number.isdigit()}
    return bare | set(expanded(numbers, prefixes={number.split(".")[0] for number in paragraphs}))


def natural(number: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", number)]


def read_texts() -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(REPORTS / "all_txt.zip") as archive:
        for name in sorted(archive.namelist()):
            yield Path(name).stem, repaired(archive.read(name).decode("utf-8", errors="replace"))


def repaired(text: str) -> str:
    """Half of the texts were Mac Roman and were decoded as Latin-1: "dÕIvoire" was "d’Ivoire"."""
    if len(re.findall(r"\wÕ\w", text)) < 3:
        return text
    return re.sub(r"[^\x00-\x7f]", lambda sign: sign[0].encode("cp1252", "ignore").decode("mac_roman"), text)


def bench_texts(raw_names: dict[str, str]) -> list[tuple[str, Score]]:
    truth = truth_of_records()
    names = folded_names(raw_names)
    held_out = {
        row["sur_iso3"]
        for row in rows_of(DATA / "taxonomies" / "upr_wg_report_symbols_2008_2014.csv")
        if row["split"] == "heldout"
    }
    groups: dict[str, Score] = defaultdict(Score)
    for stem, text in read_texts():
        if stem not in truth:
            continue
        label = "2008-2009" if stem[-4:] in EARLY else "2010-2014"
        split = "held out" if stem[:3] in held_out else "dev"
        try:
            candidates = list(working_group.read_text(text, country_names=raw_names, name=stem))
        except Unreadable as refusal:
            candidates = []
            groups[f"texts {label} {split}"].misses.append(f"{stem}: refused, {refusal}")
        groups[f"texts {label} {split}"].add(score(stem, candidates, truth[stem], names))
    return sorted(groups.items())


def bench_pdfs(raw_names: dict[str, str]) -> tuple[list[tuple[str, Score]], float]:
    names, groups, slowest = folded_names(raw_names), defaultdict(Score), 0.0
    for path in sorted(REPORTS.glob("*.pdf")):
        truth: Truth = defaultdict(set)
        for row in json.loads(path.with_suffix(".truth.json").read_text())["recommendations"]:
            number = row["para"] or beginning_number(row["text"])
            if "." in number:
                truth[number].update(row["recommending_iso3"])
        start = time.perf_counter()
        candidates = list(working_group.read(path, country_names=raw_names))
        slowest = max(slowest, time.perf_counter() - start)
        group = "PDF 2008-2009 dev" if path.stem[-4:] in EARLY else "PDF 2010-2014 dev"
        groups[group].add(score(path.stem, candidates, truth, names))
    return sorted(groups.items()), slowest


@dataclass(slots=True)
class ListScore:
    """One thematic list compared with its truth, and with the addendum in which the State answered."""

    name: str
    truth: int
    equal: int
    answers: int
    compared: int
    agree: int

    def row(self) -> str:
        return (
            f"{self.name}: {self.equal} of {self.truth} as in truth; "
            f"addendum answers {self.answers}, list agrees on {self.agree} of {self.compared}"
        )


def bench_slovenia(names: dict[str, str]) -> Iterator[ListScore]:
    for addendum, pattern in (
        ("c2_g1504261", "c2_*.docx"),
        ("c3_g2004192", "c3_*.docx"),
        ("c4_g2505828", "c4_upr*.docx"),
    ):
        path = next(SLOVENIA.glob(pattern), None)
        if path is None:
            continue
        listed = list(thematic_list.read(path, country_names=names))
        truth = json.loads(path.with_suffix(".truth.json").read_text())
        equal = sum(
            (item.paragraph, item.texts["en"], item.position.words) == (row["para"], row["text"], row["position"])
            for item, row in zip(listed, truth, strict=True)
            if item.position
        )
        answers = {
            item.paragraph: item for item in working_group.read(SLOVENIA / f"{addendum}.pdf", country_names=names)
        }
        compared = [item for item in listed if item.paragraph in answers and item.position]
        agree = sum(item.position.stand == answers[item.paragraph].position.stand for item in compared)
        yield ListScore(path.name[:2], len(truth), equal, len(answers), len(compared), agree)


def run(report: Callable[..., None]) -> None:
    names = country_names()
    pdfs, slowest = bench_pdfs(names)
    for name, result in [*pdfs, *bench_texts(names)]:
        bar = 0.97 if "2008-2009" in name else 0.99
        raw, recall = result.right / result.found, result.right / result.truth
        precision = (result.right + result.adjudicated) / result.found
        states = result.states / result.with_states
        report(f"{name}, {result.truth:,} numbers: precision, raw", raw, "")
        report(f"{name}: precision, adjudicated", precision, f"at least {bar}", ok=precision >= bar)
        report(f"{name}: recall", recall, f"at least {bar}", ok=recall >= bar)
        report(f"{name}: States right", states, "at least 0.98", ok=states >= 0.98)
    report("slowest PDF, s", slowest, "")
    lists = list(bench_slovenia(names))
    truth, equal = sum(item.truth for item in lists), sum(item.equal for item in lists)
    report("thematic lists: number, text, position as in truth", equal, f"{truth} of 632", ok=equal == truth == 632)


def main() -> None:
    out = sys.stdout.write
    raw_names = country_names()
    pdfs, slowest = bench_pdfs(raw_names)
    texts = bench_texts(raw_names)
    out(f"{'set':<28}{'files':>6}{'truth':>7}{'found':>7}")
    out(f"{'precision':>11}{'adjudicated':>13}{'recall':>8}{'States':>8}\n")
    for name, result in [*pdfs, *texts]:
        out(result.row(name) + "\n")
    out(f"slowest PDF: {slowest:.2f} s\n\nthematic lists and addenda of Slovenia\n")
    for lists in bench_slovenia(raw_names):
        out(f"  {lists.row()}\n")
    out("\nadjudicated: printed in the report, not so in the truth\n")
    for name, (numbers, reason) in ADJUDICATED.items():
        out(f"  {name} {numbers}: {reason}\n")
    out("\nother disagreements with the truth\n")
    for _name, result in [*pdfs, *texts]:
        for miss in result.misses:
            out(f"  {miss}\n")


if __name__ == "__main__":
    main()
