"""Invented data in the format of ../shared/data, which every bench reads at its tiny size.

A bench that reads a new file of ../shared/data adds it here, so that it runs where that folder is absent.
"""

import csv
import html
import json
import shutil
import zipfile
from itertools import product
from pathlib import Path
from uuid import UUID

from servanda.kit.files.pdf import pdf_of
from tests.paths import SLOVENIA, TRUTH

INVENTED = json.loads((Path(__file__).parent / "data" / "invented.json").read_text(encoding="utf-8"))
DEEDS, THINGS, STATES = INVENTED["deeds"], INVENTED["things"], INVENTED["states"]
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
KINDS = {"demand": "aa43335f", "concern": "3ae2eea6"}  # first digits of UHRI's ids for these two types
PUBLISHED = "2019-12-19T00:00:00"
REVIEWED = ("Slovenia", "SVN", "2013")
REPORT = """A/HRC/99/7
Report of the Working Group on the Universal Periodic Review
Slovenia
Distr.: General
3 March 2013
Original: English
Introduction
1. The Working Group held its fifteenth session. The review of Slovenia was held at the 5th meeting.
II. Conclusions and/or recommendations
99. The following recommendations enjoy the support of Slovenia:
{listed}
Annex
1. Mr. Novak (France);
"""
REGIONAL = {
    "iacthr_judgments_operative": "operative_excerpt",
    "afchpr_judgments_operative": "operative_excerpt",
    "achpr_communications_decisions": "text",
    "coe_cpt_reports": "text",
    "coe_ecsr_decisions_conclusions": "text",
    "coe_hudoc_exec_cm": "text",
}


def write_made_data(folder: Path) -> Path:
    """Write all of it; gives the folder."""
    _write_upr_info(folder / "recs")
    _write_uhri(folder / "recs" / "uhri_818_six_languages")
    _write_reports(folder)
    _write_regional(folder / "regional")
    return folder


def _write_upr_info(folder: Path) -> None:
    rows = [
        {
            "rec_id": f"made-{cycle}-{index}",
            "sur_iso3": code,
            "smr_iso3": STATES[index % len(STATES)][1],
            "text": f"{deed['en'].capitalize()} {thing['en']}, and report on it to the people of {state}",
            "response": "Accepted" if index % 3 else "Noted",
            "action": str(2 + index % 4),
            "issues": thing["issue"],
            "session": str(cycle * 10),
            "cycle": str(cycle),
        }
        for cycle, deeds in ((1, DEEDS[:1]), (2, DEEDS[1:2]))
        for index, ((state, code), deed, thing) in enumerate(product(STATES, deeds, THINGS))
    ]
    for cycle in (1, 2):
        _write_csv(
            folder / "upr_info" / f"upr_info_cycle{cycle}.csv", [row for row in rows if int(row["cycle"]) == cycle]
        )
    _write_csv(folder / "links" / "same_text_several_states.csv", [{"rec_id": row["rec_id"]} for row in rows[::10]])


def _write_uhri(folder: Path) -> None:
    """Concerns about each thing and a demand for each deed, as raw, labelled and exported records."""
    wanted = [*product(["concern"], DEEDS[:1], THINGS), *product(["demand"], DEEDS, THINGS)]
    raw, labelled, exported = [], [], []
    for number, (kind, deed, thing) in enumerate(wanted, 1):
        (state, code), key = STATES[number % len(STATES)], str(UUID(int=number, version=4))
        texts = {language: f"{number}. {_text(kind, deed, thing, language, number)}" for language in LANGUAGES}
        of_document = {"symbol": f"CCPR/C/{code}/CO/9", "annotationType": KINDS[kind]}
        raw.append({"annotationId": key, **of_document, "publicationDate": PUBLISHED, **texts})
        labels = {"themes": [thing["theme"]], "affected_persons": [thing["group"]], "sdgs": [thing["sdg"]]}
        labelled.append({"annotation_id": key, "country_iso3": [code], **labels})
        exported.append(
            {
                "AnnotationId": key,
                "AnnotationType": "- Recommendations" if kind == "demand" else "- Concerns/Observations",
                "Body": "- CCPR",
                "Symbol": of_document["symbol"],
                "DocumentId": str(UUID(int=1000 + number % len(STATES), version=4)),
                "Text": texts["en"],
                "Countries": [state],
                "Regions": [],
                "Themes": labels["themes"],
                "AffectedPersons": labels["affected_persons"],
                "Sdgs": labels["sdgs"],
                "PublicationDate": PUBLISHED,
                "PublicationDateOnUhri": PUBLISHED,
                **{f"Upr{name}": [] for name in ("Cycle", "Session", "Positions", "RecommendingCountry")},
                "UprRecommendingRegions": [],
            }
        )
    _write(folder / "raw_api_records.jsonl", "".join(json.dumps(row) + "\n" for row in raw))
    _write(folder / "labelled.jsonl", "".join(json.dumps(row) + "\n" for row in labelled))
    _write(folder / "export_shape_en.json", json.dumps(exported))


def _text(kind: str, deed: dict, thing: dict, language: str, number: int) -> str:
    """Every fourth record is a demand with two lettered items."""
    sentence = INVENTED[kind][language]
    if kind == "concern" or number % 4:
        return sentence.format(deed=deed[language], thing=thing[language])
    lead, letters = sentence.partition("{deed}")[0].strip(), "أب" if language == "ar" else "ab"
    items = zip(letters, (thing, THINGS[number % len(THINGS)]), strict=True)
    return f"{lead}: " + " ".join(f"({letter}) {deed[language]} {item[language]};" for letter, item in items)


def _write_reports(folder: Path) -> None:
    """One report of the Working Group, as text and as PDF, and the shortest thematic list of Slovenia."""
    state, code, year = REVIEWED
    stem, truth = f"{code}_{year}", []
    for number, (deed, thing) in enumerate(product(DEEDS, THINGS), 1):
        name, iso3 = STATES[number % 7]  # all before Slovenia, which does not recommend anything to itself
        text = f"99.{number}. {deed['en'].capitalize()} {thing['en']} ({name});"
        truth.append({"para": f"99.{number}", "text": text, "recommending_iso3": [iso3]})
    text = REPORT.format(listed="\n".join(row["text"] for row in truth))
    reports, lists = folder / "documents" / "upr_wg_reports", folder / "documents" / "slovenia_upr"
    _write(reports / f"{stem}.truth.json", json.dumps({"recommendations": truth}))
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    (reports / f"{stem}.pdf").write_bytes(pdf_of(f"<body>{lines}</body>"))
    with zipfile.ZipFile(reports / "all_txt.zip", "w") as archive:
        archive.writestr(f"{stem}.txt", text)
    columns = {"sur_iso3": code, "year": year}
    of_truth = [
        {**columns, "para": row["para"], "smr_iso3": row["recommending_iso3"][0], "text_with_number": row["text"]}
        for row in truth
    ]
    _write_csv(folder / "recs" / "upr_wg_reports_2008_2014" / "records.csv", of_truth)
    taxonomies = folder / "taxonomies"
    _write_csv(taxonomies / "upr_wg_report_symbols_2008_2014.csv", [{**columns, "split": "dev"}])
    _write(taxonomies / "country_aliases.json", json.dumps({code: [state]}))
    lists.mkdir()
    shutil.copy(SLOVENIA / "upr2-thematic-list.docx", lists / "c2_list.docx")
    shutil.copy(SLOVENIA / "upr2-addendum.pdf", lists / "c2_g1504261.pdf")
    shutil.copy(TRUTH / "upr2-thematic-list.truth.json", lists / "c2_list.truth.json")


def _write_regional(folder: Path) -> None:
    deeds = [f"{deed['es'].capitalize()} {THINGS[number]['es']}." for number, deed in enumerate(DEEDS)]
    listed = "\n".join(f"{number}. {deed}" for number, deed in enumerate(deeds, 1))
    head = "La Comisión Interamericana de Derechos Humanos recomendó al Estado:\n\n"
    facts = dict.fromkeys(("state", "country", "respondent_state"), "Perú")
    facts |= {"title": "1/99 Caso Inventado, 3 de febrero de 2020", "date": "2020-02-03", "language": "es"}
    report = {"report_number": "Report No. 1/99", "operative_excerpt": head + listed, "recommendations": deeds}
    _write(folder / "iachr_merits_reports.jsonl", json.dumps(facts | report) + "\n")
    for name, key in REGIONAL.items():
        _write(folder / f"{name}.jsonl", json.dumps(facts | {key: listed}) + "\n")


def _write_csv(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
