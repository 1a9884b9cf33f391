from datetime import datetime

import pytest
from django import forms
from django.forms import ModelChoiceField
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from servanda.kit.templatetags.pages import (
    badge,
    code,
    folded_chips,
    label_chips,
    langtext,
    language_name,
    number_cells,
    percentage,
    web_link,
)
from servanda.vocab.models import Body


def test_a_symbol_reads_left_to_right_inside_arabic():
    assert code("A/HRC/59/15") == '<bdi dir="ltr" class="code">A/HRC/59/15</bdi>'


@pytest.mark.parametrize("address", ["https://example.org/a?b", "HTTP://example.org", "ftp://example.org"])
def test_an_address_on_the_web_is_a_link(address):
    assert web_link("<b>", address) == f'<a href="{address}" rel="noopener noreferrer nofollow">&lt;b&gt;</a>'


@pytest.mark.parametrize("address", ["javascript:ran=1", " JavaScript:ran=1//https://a", "data:,a", ""])
def test_an_address_that_is_no_place_of_the_web_is_plain_text(address):
    page = "{% load pages %}{% web_link address %}<bdi>{{ address }}</bdi>{% endweb_link %}"
    assert Template(page).render(Context({"address": address})) == f"<bdi>{address}</bdi>"


@pytest.mark.parametrize(("language", "shown"), [("en", "1,333%"), ("fr", "1\xa0333\xa0%"), ("pt", "1.333\xa0%")])
def test_a_percentage_has_the_mark_between_thousands_of_the_language(language, shown):
    with translation.override(language):
        assert percentage(1333) == shown


def test_no_symbol_prints_nothing():
    assert code("") == ""
    assert code(None) == ""


def test_zero_is_a_number_and_is_printed():
    assert code(0) == '<bdi dir="ltr" class="code">0</bdi>'


def test_a_text_says_its_language_and_cannot_carry_markup():
    assert langtext("<b>Ratifier</b>", "fr") == (
        '<span class="langtext" lang="fr" dir="auto">&lt;b&gt;Ratifier&lt;/b&gt;</span>'
    )


def test_a_text_of_unknown_language_claims_none():
    assert "lang=" not in langtext("Ratify")


def test_a_language_is_named_in_the_language_of_the_page():
    with translation.override("fr"):
        assert [language_name(code) for code in ("ar", "sl", "zh")] == ["arabe", "slovène", "chinois"]
    with translation.override("pt"):
        assert language_name("en") == "inglês"
    with translation.override("en"):
        assert language_name("zh") == "Chinese"


def test_an_unknown_language_keeps_its_code():
    assert language_name("xx") == "xx"


def test_arabic_dates_put_the_day_first():
    with translation.override("ar"):
        assert date_format(datetime(2026, 11, 25, 14, 7), "SHORT_DATETIME_FORMAT") == "25/11/2026 14:07"
        assert date_format(datetime(2026, 11, 25, 14, 7), "DATETIME_FORMAT").endswith("2026، 14:07")


def test_no_short_english_date_gives_the_month_as_a_number():
    with translation.override("en"):
        assert date_format(datetime(2026, 4, 3, 14, 7), "SHORT_DATETIME_FORMAT") == "3 Apr 2026, 14:07"
        assert date_format(datetime(2026, 4, 3), "SHORT_DATE_FORMAT") == "3 Apr 2026"


def test_an_empty_choice_has_words_that_all_our_languages_have():
    field = ModelChoiceField(Body.objects.none())
    assert dict(field.choices) == {"": "Choose one"}


def test_a_label_that_comes_again_in_another_language_says_who_set_it_in_that():
    labels = [{"label": "<b>Housing</b>", "origin": "machine"}]
    english = label_chips(labels)
    with translation.override("es"):
        spanish = label_chips(labels)
    assert "automatic suggestion" in english
    assert "sugerencia automática" in spanish
    assert "<b>" not in english


def test_folded_suggestions_repeat_neither_origin_nor_picture():
    folded = folded_chips([{"label": "<b>Housing</b>", "origin": "machine"}, {"label": "Water", "origin": "machine"}])
    assert folded == "".join(
        f'<li><span class="chip chip-machine">{label}</span></li>'
        for label in ("&lt;b&gt;Housing&lt;/b&gt;", "Water")
    )


def test_a_badge_of_a_row_is_that_of_the_part():
    drawn = render_to_string("parts/badge.html", {"value": "noted", "label": "Noted <soon>"})
    assert badge("noted", "Noted <soon>") == drawn
    assert "Noted &lt;soon&gt;" in drawn
    assert badge("noted", "Notée") != drawn


class ChoosingForm(forms.Form):
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(choices=[("c", "C")], widget=forms.CheckboxSelectMultiple)
    title = forms.CharField()


def test_a_fault_of_radio_buttons_and_checkboxes_leads_to_the_first_of_them():
    form = ChoosingForm({})
    listed = render_to_string("parts/error_list.html", {"form": form})
    for target in ("id_kind_0", "id_parts_0", "id_title"):
        assert f'href="#{target}"' in listed
        assert f'id="{target}"' in str(form)


def test_numbers_of_a_row_lead_to_their_lists_unless_they_are_nought():
    cells = [
        {"label": "Started", "count": 3, "href": "?a=1&b=2"},
        {"label": "<Not>", "count": 0, "href": "?c=3"},
        {"label": "Done", "count": 1200},
    ]
    drawn = number_cells(cells, "Prisons & police")
    assert (
        '<a href="?a=1&amp;b=2">3<span class="visually-hidden"> (Prisons &amp; police · Started)</span></a>' in drawn
    )
    assert '<td class="number nought" data-label="&lt;Not&gt;">0</td>' in drawn
    assert '<td class="number" data-label="Done">1,200</td>' in drawn
