"""Files of UPR Info: their rows meet the recommendations that other documents brought."""

import csv
import io
import json
from pathlib import Path

import pytest

from servanda.intake.models import Batch
from servanda.recommendations.imports import mapping, pipeline
from servanda.recommendations.models import SourceRecord
from tests import make
from tests.importing_make import bring, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def test_the_index_and_upr_info_meet_in_the_same_recommendations(shared_data):
    """Truth: 77 pairs of one recommendation in both; each row of UPR Info must be proposed for its record."""
    index = json.loads((shared_data / "recs/uhri_818_six_languages/export_shape_en.json").read_text(encoding="utf-8"))
    pairs = csv_rows(shared_data / "recs/links/uhri818_to_upr_info.csv")
    linked = {pair["annotation_id"] for pair in pairs}
    bring(json.dumps([record for record in index if record["AnnotationId"] in linked]).encode())
    wanted = {pair["rec_id"]: pair["annotation_id"] for pair in pairs}
    rows = [
        row
        for path in sorted((shared_data / "recs/upr_info").glob("upr_info_cycle*.csv"))
        for row in csv_rows(path)
        if row["rec_id"] in wanted
    ]
    assert len(rows) == 77
    batch = receive(as_csv(rows), "upr-info.csv")
    upr_info_mapping(batch)
    pipeline.preview_batch(batch)
    codes = dict(SourceRecord.objects.values_list("external_id", "recommendation__code"))
    expected = [codes[wanted[row["rec_id"]]] for row in rows]
    found = list(batch.rows.values_list("verdict", "code", "summary", "reason"))
    wrong = [(*row, code) for row, code in zip(found, expected, strict=True) if row[:2] != ("proposed", code)]
    assert wrong == [], repr(wrong)


def test_upr_info_meets_the_paragraphs_of_a_report(shared_data):
    """Truth: rows of UPR Info linked by exact text with paragraphs of Afghanistan's report of 2014."""
    links = csv_rows(shared_data / "recs/links/upr_info_to_paragraph.csv")
    paragraphs = {link["rec_id"]: link["para"] for link in links if link["symbol"] == "A/HRC/26/4"}
    bring((shared_data / "documents/upr_wg_reports/AFG_2014.pdf").read_bytes(), "report.pdf")
    rows = [row for row in csv_rows(shared_data / "recs/upr_info/upr_info_cycle2.csv") if row["rec_id"] in paragraphs]
    batch = receive(as_csv(rows), "upr-info.csv")
    upr_info_mapping(batch)
    pipeline.preview_batch(batch)
    found = list(batch.rows.values_list("verdict", "code"))
    expected = [("proposed", f"AFG-UPR-2-{paragraphs[row['rec_id']]}") for row in rows]
    wrong = [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]
    assert len(rows) > 150
    assert len(wrong) <= 0.02 * len(rows), wrong


def csv_rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(rows: list[dict]) -> bytes:
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()


def upr_info_mapping(batch: Batch) -> None:
    columns = {
        "text": "text",
        "country": "sur_iso3",
        "recommending": "smr_iso3",
        "cycle": "cycle",
        "session": "session",
        "position": "response",
        "label upr-info-issue": "issues",
        "label action-category": "action",
        "external upr-info": "rec_id",
    }
    mapping.save_mapping(
        batch=batch,
        sender="UPR Info",
        separator=";",
        encoding="",
        columns=columns,
        constants={"body": "UPR"},
        by=make.user("coordinator"),
    )
