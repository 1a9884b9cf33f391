"""143.30, typed as a number, arrives from a spreadsheet as 143.3: told, never corrected silently."""

import pytest

from servanda.people.models import Instance
from servanda.recommendations.imports import mapping, pipeline
from servanda.recommendations.models import Recommendation
from tests.importing_make import receive
from tests.sheets_make import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
HEAD = ["Para", "Recommendation", "Symbol", "Country"]
COLUMNS = {"paragraph": "Para", "text": "Recommendation", "symbol": "Symbol", "country": "Country"}


def remarks(paragraphs: list[object]) -> list[tuple[str, str]]:
    """The places and the remarks on paragraphs, of rows of one review with these paragraphs."""
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en"})
    rows = [
        [number, f"Build school number {place} in the valley.", "A/HRC/43/15", "SVN"]
        for place, number in enumerate(paragraphs, 1)
    ]
    batch = receive(workbook({"List": [HEAD, *rows]}), "list.xlsx")
    mapping.save_mapping(batch=batch, sender="Ministry", columns=COLUMNS, constants={}, by=None)
    pipeline.preview_batch(batch)
    assert batch.state == batch.State.PREVIEWED, batch.message
    assert not Recommendation.objects.exists()
    return list(batch.remarks.filter(field="paragraph").order_by("pk").values_list("places", "message"))


def whole(numbers) -> list[str]:
    return [f"143.{number}" for number in numbers]


def test_a_number_in_the_place_of_one_with_a_zero_is_told_with_its_row():
    found = remarks([*map(float, whole(range(1, 30))), 143.3, 143.31])
    assert [places for places, _message in found] == ["row 11", "row 21", "row 31"]
    assert found[2][1] == (
        "Paragraph 143.3 may be 143.30: spreadsheets drop the last zero of a number."
        " Check the number, and format the column as text."
    )


def test_a_number_that_comes_twice_beside_its_neighbours_is_told_once():
    found = remarks([*whole([3, 29, 31, 32]), "143.3"])
    assert found == [("row 6", found[0][1])]
    assert "may be 143.30" in found[0][1]


@pytest.mark.parametrize(
    "paragraphs",
    [
        whole(range(1, 32)),
        whole([1, 2, 3, 4, 5]),
        whole([29, 3, 30, 31]),
        whole([3, 3]),
        ["7", "8", "9"],
    ],
)
def test_numbers_that_can_be_right_are_not_told(paragraphs):
    assert remarks(paragraphs) == []
