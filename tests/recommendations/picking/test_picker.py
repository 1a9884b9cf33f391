"""Records are chosen in a form by words, by reference or by pasting, and nothing that was typed is lost meanwhile."""

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation
from i18nfield.strings import LazyI18nString
from lxml import html

from servanda.people.access import Role
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import MOST_PICKED, PicksRecords, RecordsField, codes_in, offer_records
from servanda.recommendations.picking.queries import MOST_FOUND, choices_of, find_records
from tests import make

pytestmark = pytest.mark.django_db


class Form(PicksRecords, forms.Form):
    title = forms.CharField()
    codes = RecordsField()

    def __init__(self, *args, records=None, **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, Recommendation.objects.all() if records is None else records)


def sent(**values) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def indexed(text: str = "Protect the rights of every person.", **fields) -> Recommendation:
    record = make.recommendation(text, **fields)
    reindex([record.pk])
    return record


def page_of(form: Form) -> html.HtmlElement:
    return html.fromstring(f"<div>{form['codes']}</div>")


def values(page: html.HtmlElement, where: str) -> list[str]:
    return page.xpath(f"{where}//input[@type='checkbox'][@checked]/@value")


@pytest.mark.parametrize("typed", ["A-1 B-2", "A-1,B-2", "A-1\nB-2", "A-1، B-2", "A-1; B-2 A-1", "\0A-1\0B-2"])
def test_references_may_be_separated_in_each_usual_way(typed):
    assert codes_in([typed]) == ["A-1", "B-2"]


def test_records_that_are_selected_and_pasted_come_in_the_order_in_which_they_were_named():
    first, second, third = (make.recommendation() for _number in range(3))
    form = Form(sent(title="Water", codes=[third.code, f"{first.code}, {second.code}"]))
    assert form.is_valid()
    assert form.cleaned_data["codes"] == [third, first, second]


@pytest.mark.parametrize("number", [1, 12])
def test_all_chosen_records_are_counted_also_those_that_are_folded(number):
    records = [make.recommendation() for _number in range(number)]
    page = page_of(Form(sent(title="x", codes=[record.code for record in records])))
    assert page.xpath("//*[@data-count]/text()") == [str(number)]


def test_a_wrong_reference_is_named_and_stays_to_be_corrected():
    record = make.recommendation()
    form = Form(sent(title="Water", codes=[record.code, "XYZ-9"]))
    assert not form.is_valid()
    [error] = form.errors["codes"]
    assert "XYZ-9" in error
    assert record.code not in error
    page = page_of(form)
    assert values(page, "//ul[@data-chosen]") == [record.code]
    assert page.xpath("//textarea")[0].text.strip() == "XYZ-9"
    assert page.xpath("//details[@open]/textarea")


def test_without_a_record_the_sentence_says_what_to_do():
    form = Form(sent(title="Water", codes=""))
    assert form.errors == {"codes": ["Select at least one record."]}


def test_the_button_for_a_search_checks_nothing_and_keeps_what_was_typed_and_selected():
    chosen, hit = make.recommendation(), indexed("Protect the zorbatrix.")
    form = Form(sent(title="", codes=[chosen.code], codes_words="zorbatrix", codes_search="1"))
    assert (form.is_valid(), form.errors, form.is_searching) == (False, {}, True)
    page = page_of(form)
    assert values(page, "//ul[@data-chosen]") == [chosen.code]
    assert page.xpath("//*[@data-found]//input[@type='checkbox']/@value") == [hit.code]
    assert page.xpath("//input[@type='search'][@autofocus]/@value") == ["zorbatrix"]


def test_enter_in_the_search_searches_and_the_next_button_saves():
    record = indexed("Protect the zorbatrix.")
    words = {"title": "Water", "codes_words": "zorbatrix"}
    assert Form(sent(**words)).is_searching
    form = Form(sent(**words, codes_asked="zorbatrix", codes=record.code))
    assert form.is_valid()
    assert form.cleaned_data["codes"] == [record]


def test_more_than_two_hundred_records_are_chosen_at_once(django_assert_max_num_queries):
    records = [make.recommendation() for _number in range(230)]
    form = Form(sent(title="Water", codes=[record.code for record in records]))
    with django_assert_max_num_queries(1):
        assert form.is_valid()
    assert form.cleaned_data["codes"] == records
    with django_assert_max_num_queries(3):
        page = page_of(form)
    assert values(page, "") == [record.code for record in records]
    assert len(values(page, "//ul[@data-chosen]")) == 10
    assert "220 more records selected" in page.text_content()


def test_more_than_the_most_are_refused_with_one_sentence_and_nothing_is_looked_up(django_assert_num_queries):
    codes = [f"A-{number}" for number in range(MOST_PICKED + 1)]
    with django_assert_num_queries(0):
        form = Form(sent(title="Water", codes="\n".join(codes)))
        assert form.errors == {"codes": ["Select at most 500 records at once."]}
        assert page_of(form).xpath("//textarea")[0].text.split() == codes


def test_a_search_finds_words_and_beginnings_of_references_and_shows_the_text():
    record = indexed("Protect the zorbatrix.")
    indexed("Protect the children.")
    for typed in ("zorbatrix", record.code, record.code.lower()):
        [found] = find_records(typed, Recommendation.objects.all()).choices
        assert (found.code, found.text) == (record.code, "Protect the zorbatrix.")
    start = record.code.rpartition("-")[0]
    assert len(find_records(start, Recommendation.objects.all()).choices) == 2


def test_a_search_costs_the_same_for_few_and_many_and_shows_the_first(django_assert_max_num_queries):
    indexed("Protect the zorbatrix.")
    with django_assert_max_num_queries(6) as few:
        find_records("zorbatrix", Recommendation.objects.all())
    for _number in range(MOST_FOUND + 4):
        indexed("Protect the zorbatrix.")
    with django_assert_max_num_queries(len(few)):
        found = find_records("zorbatrix", Recommendation.objects.all())
    assert (len(found.choices), found.has_more) == (MOST_FOUND, True)


@pytest.mark.database
@pytest.mark.parametrize("odd", ["", " ", "\0", '"', "-x", "%", "\\", "NEAR(", "人权", "é" * 900, "a " * 99, "_"])
def test_odd_words_are_answered(odd):
    record = indexed()
    assert {hit.code for hit in find_records(odd, Recommendation.objects.all()).choices} <= {record.code}


def test_hidden_records_are_neither_found_nor_chosen_nor_told_from_missing_ones():
    shown = indexed("Protect the zorbatrix.", is_published=True)
    hidden = indexed("Protect the zorbatrix.", confidentiality="restricted")
    outsider = make.user(Role.FOCAL_POINT, institution=make.institution("health"))
    visible = Recommendation.objects.opened_to(outsider)
    for typed in ("zorbatrix", hidden.code, hidden.code.rpartition("-")[0]):
        assert hidden.code not in [hit.code for hit in find_records(typed, visible).choices]
    assert [hit.code for hit in find_records("zorbatrix", visible).choices] == [shown.code]
    answers = []
    for code in (hidden.code, "XYZ-9"):
        form = Form(sent(title="Water", codes=code), records=visible)
        assert not form.is_valid()
        answers.append((str(form.errors) + str(form["codes"])).replace(code, "?"))
    assert answers[0] == answers[1]


def test_a_choice_names_its_body_in_the_language_of_the_reader():
    record = make.recommendation()
    record.body.short_name = LazyI18nString({"en": "UPR", "es": "EPU"})
    record.body.save()
    with translation.override("es"):
        (choice,) = choices_of(Recommendation.objects.all()).values()
        assert str(choice.body) == "EPU"
