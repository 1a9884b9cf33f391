"""The parts that pages are made of."""

from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

import servanda

PARTS = sorted((Path(servanda.__file__).parent / "templates" / "parts").glob("*.html"))


class LetterForm(forms.Form):
    name = forms.CharField(help_text="As on the letterhead.")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.stem)
def test_a_part_says_at_its_top_what_it_takes(part):
    assert "{#" in part.read_text().splitlines()[0]


def test_a_field_ties_its_help_and_its_error_to_the_input():
    page = render_to_string("parts/field.html", {"field": LetterForm({})["name"]})
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert page.count('id="id_name_error"') == 1


def test_a_field_is_named_by_its_label():
    page = render_to_string("parts/field.html", {"field": LetterForm()["name"]})
    assert '<label for="id_name">Name</label>' in page


def test_a_form_without_faults_has_no_summary_of_them():
    assert "error-summary" not in render_to_string("parts/error_summary.html", {"form": LetterForm({"name": "Ana"})})


def test_a_summary_leads_from_each_fault_to_its_field():
    page = render_to_string("parts/error_summary.html", {"form": LetterForm({})})
    assert '<a href="#id_name">Enter a name.</a>' in page


@pytest.mark.parametrize(
    ("origin", "words"),
    [("source", "in the source"), ("person", "set by a person"), ("machine", "automatic suggestion")],
)
def test_a_label_says_in_words_who_says_so(origin, words):
    page = render_to_string("parts/label_chip.html", {"label": "Right to education", "origin": origin})
    assert words in page
    assert f"chip-{origin}" in page


def test_a_refusal_in_another_language_keeps_its_own_direction():
    with translation.override("ar"):
        page = render_to_string("parts/notice.html", {"text": "Save a.doc as DOCX.", "level": "error"})
    assert "<bdi>Save a.doc as DOCX.</bdi>" in page


def test_progress_without_a_total_claims_no_share():
    page = render_to_string("parts/progress.html", {"label": "Reading", "done": 5, "total": 0})
    assert "<progress" in page
    assert "max=" not in page


def test_progress_counts_in_plain_digits_for_the_browser():
    page = render_to_string("parts/progress.html", {"label": "Reading", "done": 1200, "total": 250_000})
    assert 'max="250000" value="1200"' in page


def test_a_difference_says_before_and_after_in_words():
    changes = [{"label": "Text", "old": "", "new": "<b>Ratify</b>"}]
    page = render_to_string("parts/diff.html", {"changes": changes})
    assert "Before" in page
    assert "(empty)" in page
    assert "&lt;b&gt;Ratify&lt;/b&gt;" in page
