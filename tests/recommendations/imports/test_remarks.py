"""A report with a gap, refused recommendations and comments, from the file to the preview and the register."""

import pytest

from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Position
from tests.importing_make import bring, receive
from tests.sources.reports_make import report_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]

REPORT = (
    report_text(  # of a day that has passed
        "60. The recommendations below did not enjoy the support of Slovenia, which offered the following comments:\n"
        "60.1 Abolish the fee for schools (Peru);\nThe fee is a matter of the municipalities.\n"
        "60.2 Close the camp (Norway);\n60.4 Sign the treaty (Spain)."
    )
    .replace("2030", "2020")
    .encode()
)


def test_a_missing_number_is_a_remark_on_the_row_before_it_and_refuses_nothing():
    batch = receive(REPORT, "report.txt")
    pipeline.preview_batch(batch)
    rows = {row.where: (row.verdict, row.reason) for row in batch.rows.all()}
    assert rows == {
        "paragraph 60.1": ("new", ""),
        "paragraph 60.2": ("new", "60.3 is missing after this recommendation."),
        "paragraph 60.4": ("new", ""),
    }


def test_refused_recommendations_are_noted_in_the_register_with_the_comment_of_the_state():
    bring(REPORT, "report.txt")
    positions = dict(Position.objects.current().values_list("recommendation__paragraph", "comment"))
    assert positions == {"60.1": "The fee is a matter of the municipalities.", "60.2": "", "60.4": ""}
    assert set(Position.objects.current().values_list("stand", flat=True)) == {"noted"}
