"""A sheet first, and then the report with the same recommendations: nothing is doubled without a proposal."""

import csv
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servanda.intake.models import Batch, MappedColumn, SenderMapping
from servanda.language.comparison.likeness import normal
from servanda.recommendations.imports import pipeline, row_decisions
from servanda.recommendations.imports.judging import Judge
from servanda.recommendations.imports.reading import RowReader
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Review
from tests import make
from tests.importing_make import bring_document, receive, uhri, uhri_record
from tests.paths import SLOVENIA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]

COLUMNS = ("text", "country", "cycle", "recommending")
SYMBOL = "A/HRC/59/15"
SCHOOLS = "Made up for a test: build schools in the valleys."
REPORTS = 10
ALIKE = 90  # letters


def bring_sheet(rows: list[tuple]) -> Batch:
    """Rows of text, State, cycle and recommending States of one ministry, without symbol and paragraph."""
    content = io.StringIO()
    csv.writer(content).writerows([COLUMNS, *rows])
    mapping, is_new = SenderMapping.objects.get_or_create(sender="Ministry")
    if is_new:
        columns = [MappedColumn(mapping=mapping, field=name, header=name) for name in COLUMNS]
        MappedColumn.objects.bulk_create([*columns, MappedColumn(mapping=mapping, field="body", constant="UPR")])
    batch = receive(content.getvalue().encode(), "sheet.csv")
    pipeline.use_mapping(batch=batch, mapping=mapping)
    pipeline.claim(batch, accept_refused=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def previewed(content: bytes, name: str = "file") -> Batch:
    batch = receive(content, name)
    pipeline.preview_batch(batch)
    return batch


def applied_as(decision: str, batch: Batch) -> None:
    by = make.user("coordinator")
    numbers = batch.rows.filter(verdict="proposed").values_list("number", flat=True)
    row_decisions.decide_rows(batch=batch, numbers=list(numbers), decision=decision, by=by)
    pipeline.start_applying(batch=batch, by=by, accept_refused=True, publish=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()


def of_the_review(number: int, text: str = SCHOOLS, state: str = "Chile", **changes) -> dict:
    """A row of the index with symbol and paragraph, as a report has them."""
    known = {"Body": "- UPR", "Symbol": SYMBOL, "UprCycle": "4", "UprRecommendingCountry": [state]}
    return uhri_record(number, Text=f"140.{number} {text}", **known | changes)


def verdicts(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.rows.values_list("verdict", "code"))


@pytest.mark.database
def test_a_report_that_comes_after_the_sheet_proposes_its_records_and_gives_them_their_paragraphs():
    from_report = bring_document("upr4-report.pdf")
    rows = [
        (
            record.texts.current().get().text,
            "Slovenia",
            4,
            "; ".join(state.country.name.data["en"] for state in record.recommending.all()),
        )
        for record in Recommendation.objects.filter(kind="recommendation")
    ]
    pipeline.undo_batch(batch=from_report, by=make.user("coordinator"))
    bring_sheet(rows)
    assert Recommendation.objects.exclude(paragraph="").count() == 0
    report = previewed((SLOVENIA / "upr4-report.pdf").read_bytes(), "upr4-report.pdf")
    proposed = report.rows.filter(verdict="proposed")
    assert (proposed.count(), proposed.values("code").distinct().count()) == (len(rows), len(rows))
    before = Recommendation.objects.count()
    applied_as("same", report)
    assert Recommendation.objects.count() == before + report.rows.filter(verdict="new").count()
    placed = Recommendation.objects.exclude(paragraph="").filter(document__symbol=SYMBOL)
    assert placed.count() == Recommendation.objects.count()
    addendum = previewed((SLOVENIA / "upr4-addendum.pdf").read_bytes(), "upr4-addendum.pdf")
    assert set(addendum.rows.values_list("verdict", flat=True)) == {"changed"}
    pipeline.undo_batch(batch=report, by=make.user("coordinator"))
    assert Recommendation.objects.filter(document=None, paragraph="").count() == len(rows)


def test_two_rows_in_the_same_words_are_not_proposed_for_one_record():
    bring_sheet([(SCHOOLS, "Slovenia", 4, "Chile"), (f"{SCHOOLS} ", "Slovenia", 4, "Peru")])
    peru, chile = of_the_review(1, state="Peru"), of_the_review(2)
    assert [code for _verdict, code in verdicts(previewed(uhri(peru, chile)))] == [
        Recommendation.objects.get(recommending__country__code=code).code for code in ("PER", "CHL")
    ]
    equal = previewed(uhri(of_the_review(3), of_the_review(4, state="Spain")))
    assert len({code for _verdict, code in verdicts(equal)}) == 2


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (of_the_review(1, SCHOOLS.replace("build", "close")), "new"),
        (of_the_review(1, UprCycle="3", Symbol="A/HRC/43/8"), "new"),
        (of_the_review(1, Countries=["Chile"], Symbol="A/HRC/58/9"), "new"),
        (of_the_review(1, SCHOOLS.replace("schools in", "schools in all")), "proposed"),
        (of_the_review(1, state="Spain"), "proposed"),
    ],
)
def test_only_a_near_equal_text_of_the_same_review_is_proposed(row, verdict):
    bring_sheet([(SCHOOLS, "Slovenia", 4, "Chile")])
    assert [found for found, _code in verdicts(previewed(uhri(row)))] == [verdict]


def test_a_sender_is_believed_about_its_own_records_and_asked_about_those_of_a_sheet():
    bring_sheet([(SCHOOLS, "Slovenia", 4, "Chile")])
    report = previewed(uhri(of_the_review(1)))
    applied_as("same", report)
    Recommendation.objects.update(paragraph="")
    assert verdicts(previewed(uhri(of_the_review(2, AnnotationId="other")), "again"))[0][0] == "new"
    bring_sheet([(f"{SCHOOLS} Soon.", "Slovenia", 4, "Chile")])
    assert verdicts(previewed(uhri(of_the_review(3, f"{SCHOOLS} Soon.")), "third"))[0][0] == "proposed"


def test_a_paragraph_that_holds_several_recommendations_is_proposed_for_one_of_them():
    roads = "Open the roads to the islands at last."
    bring_sheet([(SCHOOLS, "Slovenia", 4, "Chile"), (roads, "Slovenia", 4, "Peru")])
    both = of_the_review(1, f"{SCHOOLS[:-1]} (Chile); {roads[:-1]} (Peru)")
    assert [verdict for verdict, _code in verdicts(previewed(uhri(both)))] == ["proposed"]


def test_the_number_of_questions_does_not_grow_with_the_reviews():
    def asked(reviews: int) -> int:
        slovenia = make.country()
        for cycle in range(1, reviews + 1):
            Review.objects.get_or_create(body=make.body(), country=slovenia, cycle=cycle, year=0)
            bring_sheet([(f"{SCHOOLS} {cycle}", "Slovenia", cycle, "Chile")])
        placed = [
            of_the_review(cycle, UprCycle=str(cycle), Symbol=f"A/HRC/{cycle}/1") for cycle in range(1, reviews + 1)
        ]
        unplaced = [of_the_review(9 + cycle, UprCycle=str(cycle), Symbol="") for cycle in range(1, reviews + 1)]
        batch = receive(uhri(*placed, *unplaced), "file")
        rows = list(RowReader(batch).rows())
        with CaptureQueriesContext(connection) as captured:
            Judge("uhri").judge(rows)
        return len(captured)

    assert asked(1) == asked(4)


def sheet_rows(shared_data) -> dict[str, list[tuple]]:
    """The recommendations that people cut out of reports by hand, by report, as the sheet of a ministry has them."""
    found: dict[str, list[tuple]] = {}
    with (shared_data / "recs/upr_wg_reports_2008_2014/records.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = row["text_with_number"].removeprefix(row["para"]).strip(" .")
            cycle = 1 if int(row["year"]) < 2012 else 2
            found.setdefault(f"{row['sur_iso3']}_{row['year']}", []).append(
                (text, row["sur_iso3"], cycle, row["smr_iso3"])
            )
    return found


@pytest.mark.timeout(400)
def test_reports_that_come_after_sheets_double_nothing_without_a_proposal(shared_data):
    sheets = sheet_rows(shared_data)
    doubled: dict[str, list[str]] = {}
    with zipfile.ZipFile(shared_data / "documents/upr_wg_reports/all_txt.zip") as reports:
        named = [name for name in sorted(reports.namelist()) if len(sheets.get(name.removesuffix(".txt"), ())) > 20]
        for name in named[::18]:
            bring_sheet(sheets[name.removesuffix(".txt")])
            report = previewed(reports.read(name), name)
            if says_whose_it_is(report):
                doubled[name] = doubled_by(report, sheets[name.removesuffix(".txt")])
    assert len(doubled) >= REPORTS
    assert {name: texts for name, texts in doubled.items() if texts} == {}


def says_whose_it_is(report: Batch) -> bool:
    """A few of the extracted texts lost their first page; of those no one can tell the State."""
    return not report.rows.filter(reason__contains="No State is named").exists()


def doubled_by(report: Batch, rows: list[tuple]) -> list[str]:
    """The rows that begin as a row of the sheet does and that would come in as new records."""
    from_sheet = {normal(text)[:ALIKE] for text, *_others in rows}
    new = report.rows.filter(verdict="new").values_list("summary", flat=True)
    return [text for text in new if normal(text)[:ALIKE] in from_sheet]
