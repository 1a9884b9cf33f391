"""Slovenia's recommendations set into the shapes of other senders; run it to write tests/fixtures/sources again.

Texts, States, positions and labels are those of OHCHR's thematic lists. The ids are made up: UHRI has others.
"""

import csv
import json
import re
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import xlsxwriter

from tests.paths import SOURCES, TRUTH

REVIEWS = {
    2: {"symbol": "A/HRC/28/15", "date": "2014-12-10", "session": 20},
    3: {"symbol": "A/HRC/43/15", "date": "2019-12-19", "session": 34},
    4: {"symbol": "A/HRC/59/15", "date": "2025-03-24", "session": 48},
}
GROUP_HEADINGS = ("Affected persons:", "Groups of Persons:")
SMALL = 40
UPR_INFO_HEADERS = [
    *("To", "To-Rgrp", "To-Org", "Text", "From", "From-Rgrp", "From-Org"),
    *("Response", "Action", "Issue", "Session"),
]
XLSX_HEADERS = (
    ("Text", "Text"),
    ("Countries Concerned", "Countries"),
    ("Reccomending Body", "Body"),
    ("Document Symbol", "Symbol"),
    ("Themes", "Themes"),
    ("Affected Persons", "AffectedPersons"),
    ("Sdgs", "Sdgs"),
    ("Document Publication Date", "PublicationDate"),
    ("UPR Reccomending States", "UprRecommendingCountry"),
    ("UPR Position", "UprPositions"),
    ("Type", "AnnotationType"),
    ("OHCHR Annotation Id", "AnnotationId"),
    ("UPR Session", "UprSession"),
    ("Regions Concerned", "Regions"),
    ("Recommending Regions", "UprRecommendingRegions"),
    ("Date of publication on UHRI", "PublicationDateOnUhri"),
)


def truth(cycle: int) -> list[dict]:
    path = TRUTH / f"upr{cycle}-thematic-list.truth.json"
    return json.loads(path.read_text(encoding="utf-8"))


def made_up_id(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, "servanda-fixture/" + "/".join(map(str, parts))))


def uhri_records(cycle: int) -> list[dict]:
    """Every recommendation of a cycle under the keys of the JSON export."""
    return [uhri_record(row, cycle) for row in truth(cycle)]


def uhri_record(row: dict, cycle: int) -> dict:
    review = REVIEWS[cycle]
    themes, groups = divided(row["labels"])
    return {
        "AffectedPersons": groups,
        "AnnotationId": made_up_id(cycle, row["para"]),
        "AnnotationType": "- Recommendations",
        "Body": "- UPR",
        "Countries": ["Slovenia"],
        "DocumentId": made_up_id(review["symbol"]),
        "PublicationDate": f"{review['date']}T00:00:00",
        "PublicationDateOnUhri": "2025-07-01T10:53:45.827" if cycle == 4 else "",
        "Regions": ["Eastern Europe "],
        "Sdgs": [label for label in row["sdg_or_comment"] if label],
        "Symbol": review["symbol"],
        "Text": f"{row['para']} {row['text']};",
        "Themes": themes,
        "UprCycle": cycle,
        "UprPositions": [row["position"]],
        "UprRecommendingCountry": recommending(row["text"]),
        "UprRecommendingRegions": [],
        "UprSession": [f"{review['session']}th Session"],
    }


def divided(labels: list[str]) -> tuple[list[str], list[str]]:
    place = next((labels.index(heading) for heading in GROUP_HEADINGS if heading in labels), len(labels))
    return labels[:place], labels[place + 1 :]


def recommending(text: str) -> list[str]:
    """The States in the parentheses that close a text: "(Maldives) (Iran (Islamic Republic of), Peru)"."""
    depth, start = 0, len(text)
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0 and text[place] not in "() .;":
            break
        start = place
    closing = re.sub(r"(?<=\w )\((?=Bolivarian|Islamic|Plurinational)([^()]*)\)", r"[\1]", text[start:])
    names = re.split(r"[(),;]| and (?!Northern|Herzegovina)", closing)
    kept = (name.strip() for name in names if name.strip(" .") and not name.isupper() and "No. " not in name)
    return [name.replace("[", "(").replace("]", ")") for name in kept]


def write_json(path: Path, records: list[dict]) -> None:
    path.write_text(json.dumps(records, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_xlsx(path: Path, records: list[dict], headers: tuple[tuple[str, str], ...] = XLSX_HEADERS) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("Results")
        sheet.write_row(0, 0, [header for header, _key in headers])
        for place, record in enumerate(records, 1):
            sheet.write_row(place, 0, [xlsx_cell(record[key], key) for _header, key in headers])


def xlsx_cell(value: object, key: str) -> object:
    if key.startswith("PublicationDate"):
        return excel_serial(str(value))
    entries = value if isinstance(value, list) else [value]
    prefix = "- " if isinstance(value, list) else ""
    return "\n".join(f"{prefix}{entry}" for entry in entries)


def excel_serial(text: str) -> float | str:
    if not text:
        return ""
    passed = datetime.fromisoformat(text) - datetime(1899, 12, 30)
    return passed.days + passed.seconds / 86400


def api_record(row: dict, cycle: int, order: int) -> dict:
    """The same as the interface gives it. Only the English is real, so no other language is there."""
    record = uhri_record(row, cycle)
    ids = {key: [made_up_id(key, label) for label in record[key]] for key in ("Themes", "AffectedPersons", "Sdgs")}
    return {
        "annotationId": record["AnnotationId"],
        "sectionId": made_up_id("section", cycle),
        "symbol": record["Symbol"],
        "documentId": record["DocumentId"],
        "publicationDate": record["PublicationDate"],
        "annotationType": made_up_id("type", "Recommendations"),
        "countryIds": [made_up_id("country", "Slovenia")],
        "regionIds": [made_up_id("region", "Eastern Europe")],
        "dateFrontEndPublished": "1900-01-01T00:00:00",
        "affectedPersonIds": ids["AffectedPersons"],
        "themesIds": ids["Themes"],
        "sdgsIds": ids["Sdgs"],
        "uprPositionIds": [made_up_id("position", row["position"])],
        "uprSessionIds": [made_up_id("session", cycle)],
        "uprRecommendingCountryIds": [made_up_id("country", name) for name in record["UprRecommendingCountry"]],
        "recommendingRegionIds": None,
        "bodyId": made_up_id("body", "UPR"),
        "uprCycle": made_up_id("cycle", cycle),
        "numberInDocument": order,
        "en": record["Text"],
    }


def upr_info_rows(cycle: int) -> list[list[str]]:
    """The columns of the UPR Info export, one row for each recommending State; no coding of theirs is in it."""
    rows = [UPR_INFO_HEADERS]
    for row in truth(cycle):
        states = recommending(row["text"])
        text = row["text"].partition(f" ({states[0]}")[0] if states else row["text"]
        answer = "Accepted" if row["position"] == "Supported" else row["position"]
        session = str(REVIEWS[cycle]["session"])
        rows += [["Slovenia", "EEG", "EU", text, state, "", "", answer, "", "", session] for state in states]
    return rows


def write_mac_roman(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="mac_roman", newline="") as file:
        csv.writer(file, lineterminator="\r").writerows(rows)


def main() -> None:
    target = SOURCES
    records = uhri_records(4)[:SMALL]
    write_json(target / "uhri_export.json", records)
    write_xlsx(target / "uhri_export.xlsx", records)
    lines = [api_record(row, 4, place) for place, row in enumerate(truth(4)[:SMALL], 1)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (target / "uhri_api.jsonl").write_text(text, encoding="utf-8")
    accented = [row for row in upr_info_rows(2) if any(ord(sign) > 127 for cell in row for sign in cell)]
    write_mac_roman(target / "upr_info_mac_roman.csv", [*upr_info_rows(2)[:21], *accented[:10]])


if __name__ == "__main__":
    main()
