"""From an address to the rows of the list."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation

from servanda.intake.models import Batch
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.audiences import Audience, audience_of, everybody
from servanda.recommendations.filters.facets import desk_facets, public_facets
from servanda.recommendations.filters.query import read_filter
from servanda.recommendations.models import Recommendation, RecommendingState, Tagging, TextVersion
from servanda.recommendations.register.listing import list_register
from servanda.recommendations.register.rows import as_row, with_parts
from servanda.sources.models import Review
from tests import make

pytestmark = pytest.mark.django_db


def listed(query: str = "", *, machine: bool = False):
    return list_register(QueryDict(query), everybody(), public_facets(), machine=machine)


def codes(listing) -> list[str]:
    return [row.record.code for _heading, rows in listing.groups for row in rows]


def paragraphs(query: str = "") -> list[str]:
    return [row.record.paragraph for _heading, rows in listed(query).groups for row in rows]


def tag(record, label="Right to education", **fields):
    return Tagging.objects.create(recommendation=record, term=make.term(label), **fields)


def test_records_stand_in_the_order_in_which_a_person_counts():
    for paragraph in ("140.10", "140.2", "140.1"):
        make.recommendation(paragraph=paragraph)
    assert paragraphs() == ["140.1", "140.2", "140.10"]


def test_several_values_of_one_filter_widen_and_several_filters_narrow():
    make.recommendation(paragraph="1", stand="supported", kind="recommendation")
    make.recommendation(paragraph="2", stand="noted", kind="recommendation")
    make.recommendation(paragraph="3", stand="noted", kind="pledge")
    assert paragraphs("stand=noted&stand=supported") == ["1", "2", "3"]
    assert paragraphs("stand=noted&kind=pledge") == ["3"]


def test_a_dash_finds_the_records_without_a_value():
    tag(make.recommendation(paragraph="1", stand="noted", year=2020))
    make.recommendation(paragraph="2", language="")
    for key in ("theme", "stand", "year", "language"):
        assert paragraphs(f"{key}=-") == ["2"], key
    assert paragraphs("stand=-&stand=noted") == ["1", "2"]


def test_a_label_that_only_the_machine_suggests_is_no_label():
    tag(make.recommendation(paragraph="1"), origin=Tagging.Origin.MACHINE)
    assert paragraphs("theme=Right to education") == []
    assert paragraphs("theme=-") == ["1"]


def test_a_theme_finds_also_what_is_labelled_with_something_under_it():
    axis = make.term("Axis", taxonomy="plan")
    sub_axis = make.term("Sub-axis", taxonomy="plan", parent=axis)
    measure = make.term("Measure", taxonomy="plan", parent=sub_axis)
    for paragraph, term in (("1", axis), ("2", sub_axis), ("3", measure)):
        Tagging.objects.create(recommendation=make.recommendation(paragraph=paragraph), term=term)
    assert paragraphs("plan=Axis") == ["1", "2", "3"]
    assert paragraphs("plan=Sub-axis") == ["2", "3"]
    assert paragraphs("plan=Measure") == ["3"]


def test_a_national_taxonomy_may_bear_the_name_of_another_filter():
    tag_of_own = make.term("North", taxonomy="country")
    Tagging.objects.create(recommendation=make.recommendation(paragraph="1"), term=tag_of_own)
    make.recommendation(paragraph="2")
    assert paragraphs("taxonomy-country=North") == ["1"]


def test_a_review_is_found_by_body_and_cycle_or_year():
    crc = make.body("CRC", "treaty-body")
    review = Review.objects.create(body=crc, country=make.country(), year=2016)
    make.recommendation(paragraph="1", body=crc, review=review, year=2016)
    make.recommendation(paragraph="2")
    assert paragraphs("review=CRC-2016") == ["1"]
    assert paragraphs("review=UPR-4") == ["2"]


@pytest.mark.database
def test_a_record_that_concerns_several_states_is_found_under_each():
    shared = make.recommendation(paragraph="1")
    shared.also_concerns.add(make.country("HRV", "Croatia"))
    other = Review.objects.create(body=make.body(), country=make.country("HRV", "Croatia"), cycle=3)
    make.recommendation(paragraph="2", country=make.country("HRV", "Croatia"), review=other)
    listing = listed("country=HRV")
    assert [row.record.paragraph for _heading, rows in listing.groups for row in rows] == ["2", "1"]
    numbers = {option["key"]: option["count"] for option in facet(listing, "country")["options"]}
    assert numbers == {"HRV": 2, "SVN": 1}


def facet(listing, key):
    return next(facet for facet in listing.facets if facet["key"] == key)


def test_words_find_their_other_forms_and_a_minus_leaves_out():
    kept = make.recommendation("Ratify the Convention on torture", paragraph="1")
    left = make.recommendation("Ratify the Convention on children", paragraph="2")
    reindex([kept.pk, left.pk])
    assert paragraphs("q=ratifying") == ["1", "2"]
    assert paragraphs("q=ratify -torture") == ["2"]


def test_what_makes_no_sense_is_left_out_and_said():
    make.recommendation(paragraph="1")
    listing = listed("thema=x&body=XX&body=-&sort=colour&page=%00&size=7&q=...&stand=noted'--&by=__class__")
    assert codes(listing) == ["SVN-UPR-4-1"]
    assert listing.filters.notes[:4] == (
        "“XX” is not a value of “Body” and was ignored.",
        "“-” is not a value of “Body” and was ignored.",
        "“noted'--” is not a value of “Position of the State” and was ignored.",
        "“thema” is not a filter of this list.",
    )
    assert len(listing.filters.notes) == 5
    assert listing.page.paginator.per_page == 25


def test_an_address_is_written_in_its_shortest_form():
    make.recommendation(stand="noted")
    asked = read_filter(QueryDict("page=3&sort=document&size=25&q=+a++b+&stand=noted&nonsense=1"), public_facets())
    assert asked.address() == "?q=a+b&stand=noted"


def test_only_what_is_offered_on_the_desk_can_be_asked_for_there():
    batch = Batch.objects.create(name="list.docx", sha256="0", state=Batch.State.APPLIED)
    make.recommendation(paragraph="1", added_by=batch)
    make.recommendation(paragraph="2", is_published=False)
    coordinator = make.user("coordinator")
    audience, facets = audience_of(coordinator), desk_facets(coordinator)
    for query, found in (
        (f"batch={batch.key}", 1),
        ("batch=-", 1),
        ("published=no", 1),
        ("confidentiality=public", 2),
    ):
        assert list_register(QueryDict(query), audience, facets, machine=True).page.paginator.count == found, query
    assert listed(f"batch={batch.key}").filters.notes == ("“batch” is not a filter of this list.",)


def test_pages_follow_one_another_and_the_last_is_the_nearest_there_is():
    for number in range(30):
        make.recommendation(paragraph=f"1.{number}")
    assert len(paragraphs("size=25")) == 25
    assert paragraphs("size=25&page=2") == ["1.25", "1.26", "1.27", "1.28", "1.29"]
    assert paragraphs("size=25&page=99") == paragraphs("size=25&page=2")


@pytest.mark.database
@pytest.mark.parametrize(
    ("sort", "expected"),
    [("newest", ["2", "1", "3"]), ("oldest", ["1", "2", "3"]), ("reference", ["1", "2", "3"])],
)
def test_a_list_can_be_sorted_and_records_without_a_date_come_last(sort, expected):
    make.recommendation(paragraph="1", date=date(2010, 1, 1))
    make.recommendation(paragraph="2", date=date(2020, 1, 1))
    make.recommendation(paragraph="3")
    assert paragraphs(f"sort={sort}") == expected


@pytest.mark.database
@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("body", ["UPR"]),
        ("review", ["UPR, cycle 4"]),
        ("stand", ["Supported", "No position recorded"]),
        ("theme", ["Right to education", "No theme"]),
    ],
)
def test_a_list_can_be_put_under_headings(by, headings):
    make.recommendation(paragraph="1")
    tag(make.recommendation(paragraph="2", stand="supported"))
    assert [heading for heading, _rows in listed(f"by={by}").groups] == headings


@pytest.mark.database
def test_headings_of_one_list_do_not_depend_on_the_lists_asked_before():
    for paragraph, label in (("1", "Right to health"), ("2", "Right to education"), ("3", "Right to health")):
        tag(make.recommendation(paragraph=paragraph), label)
    everything = Audience("everything", Recommendation.objects.all())
    for audience in (everything, everybody(), everything):
        groups = list_register(QueryDict("by=theme"), audience, public_facets(), machine=False).groups
        found = [(heading, [row.record.paragraph for row in rows]) for heading, rows in groups]
        assert found == [("Right to education", ["2"]), ("Right to health", ["1", "3"])]


def test_the_text_is_in_the_language_of_the_page_where_there_is_one():
    record = make.recommendation("Protect them.")
    TextVersion.objects.create(recommendation=record, language="fr", text="Protégez-les.", is_machine=True)
    with translation.override("fr"):
        row = listed().groups[0][1][0]
    assert (row.text, row.language, row.is_machine) == ("Protégez-les.", "fr", True)
    with translation.override("ar"):
        row = listed().groups[0][1][0]
    assert (row.text, row.language) == ("Protect them.", "en")


def test_a_long_text_is_cut_and_says_so():
    make.recommendation("a" * 400)
    assert listed().groups[0][1][0].text == "a" * 300 + "…"


def test_a_person_who_sets_a_label_counts_before_the_source():
    record = make.recommendation()
    for origin in ("machine", "source", "person"):
        tag(record, origin=origin)
    assert [label["origin"] for label in listed(machine=True).groups[0][1][0].labels] == ["person"]


def test_what_the_machine_suggests_is_shown_only_where_it_is_asked_for():
    tag(make.recommendation(), origin="machine")
    assert listed().groups[0][1][0].labels == []
    assert [label["origin"] for label in listed(machine=True).groups[0][1][0].labels] == ["machine"]


def test_a_row_names_everything_that_is_published_of_a_record():
    record = make.recommendation("Protect them.", paragraph="140.1", stand="noted", date=date(2025, 6, 1), year=2025)
    RecommendingState.objects.create(recommendation=record, country=make.country("FRA", "France"))
    tag(record)
    tag(record, "Health", origin="machine")
    row = as_row(with_parts(Recommendation.objects.all()).get())
    assert row == {
        "code": "SVN-UPR-4-140.1",
        "kind": "recommendation",
        "country": "SVN",
        "body": "UPR",
        "cycle": 4,
        "year": 2025,
        "document": "A/HRC/59/15",
        "paragraph": "140.1",
        "date": "2025-06-01",
        "language": "en",
        "stand": "noted",
        "national_code": "",
        "articles": "",
        "territory": "",
        "texts": [{"language": "en", "text": "Protect them.", "is_original": True, "is_machine": False}],
        "recommending": ["FRA"],
        "labels": [
            {"taxonomy": "theme", "code": "Right to education", "label": "Right to education", "origin": "source"}
        ],
    }


def test_a_row_names_the_body_with_the_cycle_of_its_review_or_the_year():
    crc = make.body("CRC", "treaty-body")
    third = Review.objects.create(body=make.body(), country=make.country(), cycle=3)
    make.recommendation(review=third)
    make.recommendation(body=crc, review=None, year=2020)
    make.recommendation(body=crc, review=None, year=None)
    assert sorted(row.origin for row in listed().rows()) == ["CRC", "CRC, 2020", "UPR, cycle 3"]
