"""The register in figures: each number is that of the list it leads to."""

import pytest
from django.http import QueryDict
from django.utils import translation

from servanda.intake.models import Batch
from servanda.recommendations.filters.audiences import audience_of, everybody
from servanda.recommendations.filters.facets import desk_facets, public_facets
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.models import RecommendingState, Tagging
from servanda.recommendations.register.figures import MOST, overview_of, shown_overview
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def register():
    goal = make.term("16", taxonomy="sdg", order=1)
    target = make.term("16.2", taxonomy="sdg", order=2, parent=goal)
    themes = [make.term("Health"), make.term("Education")]
    make.term("Reservations", is_artefact=True)
    for number in range(6):
        record = make.recommendation(
            paragraph=str(number),
            code=f"record-{number}",
            stand=["supported", "noted", ""][number % 3],
            kind=["recommendation", "pledge"][number // 4],
            year=[2010, 2014, None][number // 2],
            is_published=number != 5,
        )
        if number:
            Tagging.objects.create(recommendation=record, term=target)
            Tagging.objects.create(recommendation=record, term=themes[number % 2])
            Tagging.objects.create(recommendation=record, term=themes[0])
    RecommendingState.objects.create(recommendation=record, country=make.country("HRV", "Croatia"))


def rows(figure) -> list[tuple[str, int]]:
    return [(row.key, row.count) for row in figure.rows]


def test_each_row_and_number_leads_to_a_list_of_as_many_records(register):
    for audience, facets in [
        (everybody(), public_facets()),
        (audience_of(person := make.user("coordinator")), desk_facets(person)),
    ]:
        page = shown_overview(overview_of(audience, facets), base="/o/", register="")
        shown = [row for figure in page["figures"] for row in figure["rows"]]
        shown += [number for number in page["numbers"] if number["href"]]
        assert len(shown) > 10
        for row in shown:
            asked = read_filter(QueryDict(row["href"].removeprefix("?")), facets)
            assert asked.chosen, row
            assert not asked.notes
            assert narrow(audience, asked, facets).count() == row["count"], row


def test_a_person_inside_counts_more_than_the_public(register):
    person = make.user("reader")
    inside, outside = overview_of(audience_of(person), desk_facets(person)), overview_of(everybody(), public_facets())
    assert (inside.numbers[0].count, outside.numbers[0].count) == (6, 5)


def test_a_number_of_many_records_has_their_kind_in_the_plural(register):
    make.recommendation(kind="other")
    make.recommendation(kind="observation")
    numbers = overview_of(everybody(), public_facets()).numbers
    assert [(number.label, number.count) for number in numbers[1:5]] == [
        ("Recommendations", 4),
        ("Concern or observation", 1),
        ("Voluntary pledge", 1),
        ("Other record", 1),
    ]


def test_what_is_not_public_changes_no_figure(register):
    before = overview_of(everybody(), public_facets())
    hidden = Batch.objects.create(name="list", sha256="1", state=Batch.State.APPLYING)
    for fields in ({"is_published": False}, {"confidentiality": "internal"}, {"added_by": hidden}):
        record = make.recommendation(year=1999, stand="pending", **fields)
        Tagging.objects.create(recommendation=record, term=make.term("Health"))
    assert overview_of(everybody(), public_facets()) == before


def test_years_go_forward_positions_keep_their_order_and_themes_go_by_number(register):
    overview = overview_of(everybody(), public_facets())
    assert rows(overview.figure("year")) == [("2010", 2), ("2014", 2), ("-", 1)]
    assert rows(overview.figure("stand")) == [("supported", 2), ("noted", 2), ("-", 1)]
    assert rows(overview.figure("theme")) == [("Health", 4), ("Education", 2), ("-", 1)]


def test_goals_are_counted_with_their_targets_and_targets_not_beside_them(register):
    assert rows(overview_of(everybody(), public_facets()).figure("sdg")) == [("16", 4), ("-", 1)]


def test_only_the_most_frequent_themes_are_shown_and_the_others_counted():
    for number in range(MOST + 3):
        for _again in range(2 if number > 2 else 1):
            Tagging.objects.create(recommendation=make.recommendation(), term=make.term(f"Theme {number:02}"))
    figure = overview_of(everybody(), public_facets()).figure("theme")
    assert [row.key for row in figure.rows] == [f"Theme {number:02}" for number in range(3, MOST + 3)]
    assert figure.left_out == 3


def test_a_figure_without_records_is_not_shown():
    make.recommendation()
    make.term()
    assert {figure.key for figure in overview_of(everybody(), public_facets()).figures} == {"body", "review"}


def test_the_words_for_a_picture_name_what_is_most(register):
    figure = overview_of(everybody(), public_facets()).figure("theme")
    assert [part for part in ("3 bars", "Health (4)", "Education (2)") if part not in figure.description] == []


def test_the_address_of_a_picture_names_the_language_of_the_page(register):
    with translation.override("ar"):
        page = shown_overview(overview_of(everybody(), public_facets()), base="/o/", register="/r/")
    assert page["figures"][0]["image_url"] == "/o/body.svg?language=ar"
