"""How well documents are read: numbers, lettered items, kinds, flags by language and format; regional samples.

Reads ../shared/data beside the project, each document as a whole, as the product does. Units are matched by number. A
kind is right when a demand is recognised as one, a report or dissemination that is due as an obligation, and nothing
else as either: UHRI does not distinguish concerns from observations.
"""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.bodies import VARIANTS
from bench.shared import DATA

NEEDS_DATABASE = False
TINY = {"variants": 1}  # as text; a document of each language is read as Word and as PDF besides
LANGUAGES = ("en", "es", "fr", "ar", "ru")
BAR, ARABIC_PDF_BAR = 0.98, 0.95
LIKE_THE_LIST = 0.85  # the Commission's list cuts some texts at a footnote
DOTS = 150  # to the inch, of a scan
SAME = 0.98  # least likeness of a text that counts as right


@dataclass(slots=True)
class Score:
    counts: Counter = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def share(self, name: str) -> float:
        """F1 of what was found beside what was wanted."""
        both = self.counts[f"{name} found"] + self.counts[f"{name} wanted"]
        return 2 * self.counts[f"{name} right"] / both if both else 1.0


def score_document(document, path: Path, score: Score) -> None:
    from servanda.sources.documents.reader import read_document

    units = read_document(path).units
    wanted = {unit.number: unit for unit in document.wanted}
    by_number: dict[str, list] = {}
    for unit in units:
        if unit.number not in wanted and unit.paragraph in document.led and not unit.letter:
            continue  # a concern before the lead of a list, which in UHRI is part of the list
        by_number.setdefault(unit.number, []).append(unit)
    for number in wanted.keys() | by_number.keys():
        name = "items" if "(" in number else "numbers"
        score.counts[f"{name} wanted"] += number in wanted
        score.counts[f"{name} found"] += len(by_number.get(number, []))
        score.counts[f"{name} right"] += number in wanted and number in by_number
        if number not in wanted or number not in by_number:
            score.misses.append(f"{path.name} {number or '-'}: {'not found' if number in wanted else 'not wanted'}")
            continue
        check_unit(wanted[number], by_number[number], path.name, score)


def check_unit(expected, units: list, name: str, score: Score) -> None:
    kinds = {unit.kind.value for unit in units}
    is_right = is_right_kind(expected.kind, kinds)
    score.counts["kinds wanted"] += 1
    score.counts["kinds found"] += 1
    score.counts["kinds right"] += is_right
    if not is_right:
        score.misses.append(
            f"{name} {expected.number}: {sorted(kinds)}, wanted {expected.kind}: {expected.text[:300]}"
        )
    text = letters(" ".join(unit.text for unit in units))
    score.counts["texts wanted"] += 1
    score.counts["texts found"] += 1
    same = text == letters(expected.text) or alike(text, letters(expected.text)) >= SAME
    score.counts["texts right"] += same
    if not same:
        score.misses.append(
            f"{name} {expected.number}: text {text[:80]} … {text[-40:]}, wanted {letters(expected.text)[:80]}"
        )
    for flag in ("follow_up", "dissemination"):
        has_flag = any(getattr(unit, flag) for unit in units)
        score.counts["flags wanted"] += getattr(expected, flag)
        score.counts["flags found"] += has_flag and getattr(expected, flag)
        score.counts["flags right"] += has_flag and getattr(expected, flag)
        # Real texts may ask for it too, so this is no error.
        score.counts["also flagged"] += has_flag and not getattr(expected, flag)
        if has_flag != getattr(expected, flag):
            score.misses.append(f"{name} {expected.number}: {flag} {has_flag}: {expected.text[:200]}")


def is_right_kind(expected: str, kinds: set[str]) -> bool:
    if expected == "obligation":
        return kinds == {"obligation"}
    if expected == "recommendation":
        return "recommendation" in kinds
    return not kinds & {"recommendation", "obligation"}


def letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def alike(first: str, second: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(first, second) / 100


def as_scan(document, path: Path) -> None:
    """Write a PDF of page images with the text that Tesseract recognises in them."""
    from pypdfium2 import PdfDocument

    from bench.observations import as_pdf
    from servanda.sources.files.pdf_process import POINTS
    from servanda.sources.files.scans import recognised

    as_pdf(document, path)
    printed = PdfDocument(path)
    pages = [page.render(scale=DOTS / POINTS, grayscale=True).to_pil() for page in printed]
    printed.close()
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS)
    path.write_bytes(recognised(path, LANGUAGES))


def report_scans(report: Callable[..., None], folder: Path, misses: list[str]) -> None:
    from bench.observations import documents
    from servanda.sources.files import scans

    if scans.program() is None:
        report("scans: tesseract", "not installed", "")
        return
    for language in LANGUAGES:
        document, score, start = next(iter(documents(DATA, language))), Score(), time.perf_counter()
        path = folder / f"{language}-scan.pdf"
        as_scan(document, path)
        score_document(document, path, score)
        misses += score.misses
        for name in ("numbers", "items", "kinds", "texts"):
            report(f"{language} one scan: {name}, {score.counts[f'{name} wanted']} wanted", score.share(name), "")
        report(f"{language} one scan: seconds", time.perf_counter() - start, "")


def score_language(language: str, kind: str, folder: Path) -> tuple[Score, float]:
    from bench.observations import as_docx, as_pdf, documents

    score, seconds = Score(), 0.0
    for document in documents(DATA, language):
        path = folder / f"{language}-{document.place}.{kind}"
        (as_pdf if kind == "pdf" else as_docx)(document, path)
        start = time.perf_counter()
        score_document(document, path, score)
        seconds += time.perf_counter() - start
        score.counts["files"] += 1
    return score, seconds


REGIONAL = {
    "iacthr_judgments_operative": ("operative_excerpt", "Corte Interamericana de Derechos Humanos"),
    "afchpr_judgments_operative": ("operative_excerpt", "African Court on Human and Peoples' Rights"),
    "achpr_communications_decisions": ("text", "African Commission on Human and Peoples' Rights"),
    "coe_cpt_reports": ("text", ""),
    "coe_ecsr_decisions_conclusions": ("text", ""),
    "coe_hudoc_exec_cm": ("text", ""),
}


def read_text(text: str, folder: Path, names: Mapping[str, str] | None = None):
    from servanda.sources.candidates import Unreadable
    from servanda.sources.documents.reader import read_document

    path = folder / "regional.txt"
    path.write_text(text, encoding="utf-8")
    try:
        return read_document(path, country_names=names)
    except Unreadable:
        return None


def rows_of(name: str) -> list[dict]:
    path = DATA / "regional" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def report_regional(report: Callable[..., None], folder: Path, misses: list[str]) -> None:
    """How many recommendations of the Commission's list are found, and how many units other bodies' texts give."""
    listed_number = found_number = 0
    for row in rows_of("iachr_merits_reports"):
        head = f"Inter-American Commission on Human Rights\n{row['report_number']}\n\n"
        reading = read_text(head + row["operative_excerpt"], folder)
        texts = [letters(unit.text) for unit in reading.units] if reading else []
        for wanted in row["recommendations"]:
            listed_number += 1
            is_found = any(alike(letters(wanted), text) >= LIKE_THE_LIST for text in texts)
            found_number += is_found
            if not is_found:
                misses.append(f"IACHR {row['report_number']}: not found: {wanted[:120]}")
    report(f"IACHR: recommendations found, {listed_number} listed", found_number, "")
    for name, (key, head) in REGIONAL.items():
        readings = [read_text(f"{head}\n\n{row[key]}", folder) for row in rows_of(name)]
        kinds = Counter(unit.kind.value for reading in readings if reading for unit in reading.units)
        read = sum(reading is not None for reading in readings)
        report(f"{name}: texts with units, of {len(readings)}", read, "")
        report(f"{name}: recommendations among {kinds.total()} units", kinds["recommendation"], "")


def report_facts(report: Callable[..., None], folder: Path, misses: list[str], variants: int = VARIANTS) -> None:
    """Made documents always; real ones when ../shared/data is there."""
    from bench.document_facts import report_made, report_real

    report_made(report, folder, misses, variants)
    if DATA.exists():
        report_real(report, lambda text, names: read_text(text, folder, names), rows_of, misses)


def run(report: Callable[..., None], *, variants: int = VARIANTS) -> None:
    """With so many variants of each made document."""
    misses: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        report_facts(report, Path(folder), misses, variants)
        for language in LANGUAGES:
            for kind in ("docx", "pdf"):
                score, seconds = score_language(language, kind, Path(folder))
                misses += score.misses
                bar = ARABIC_PDF_BAR if (language, kind) == ("ar", "pdf") else BAR
                for name in ("numbers", "items", "kinds", "texts", "flags"):
                    share, wanted = score.share(name), score.counts[f"{name} wanted"]
                    judged = {"ok": share >= bar} if name in ("numbers", "items", "kinds") else {}
                    shown = f"at least {bar}" if judged else ""
                    report(f"{language} {kind}: {name}, {wanted} wanted", share, shown, **judged)
                report(f"{language} {kind}: real texts also flagged", score.counts["also flagged"], "")
                report(f"{language} {kind}: seconds a document", seconds / score.counts["files"], "")
        report_scans(report, Path(folder), misses)
        report_regional(report, Path(folder), misses)
    if "--misses" in sys.argv:
        sys.stdout.write("\n".join(misses) + "\n")


if __name__ == "__main__":
    import django.conf

    django.conf.settings.configure(USE_I18N=False)
    if "--only" in sys.argv:
        LANGUAGES = tuple(sys.argv[sys.argv.index("--only") + 1].split(","))

    def print_figure(what: str, value: float | str, bar: str = "", *, ok: bool | None = None) -> None:
        shown = value if isinstance(value, str) else f"{value:.4f}"
        sys.stdout.write(f"{what:<60}{shown:>9}  {bar}  {'' if ok is None else ok}\n")

    if "--facts" in sys.argv:
        misses: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            report_facts(print_figure, Path(folder), misses)
        sys.stdout.write("\n".join(misses) + "\n")
    else:
        run(print_figure)
