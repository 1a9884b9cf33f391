"""A model of terms of reference is filled in from a profile; what is unknown stays a visible gap."""

from datetime import date
from io import BytesIO
from itertools import chain

import pytest
from django.http import QueryDict
from django.utils.translation import override
from docx import Document

from servanda.kit.files.paper import write_docx
from servanda.network.profiles.fields import fields_by_code
from servanda.network.profiles.queries import with_facts
from servanda.network.terms_of_reference.model_text import model_text, paper_of
from servanda.network.terms_of_reference.texts import LANGUAGES, PLACEHOLDER, ModelOptions, texts
from tests import network_make

FORMS = ("decree", "terms")
GAPS = {
    "en": "[to be completed: Secretariat]",
    "es": "[por completar: Secretaría]",
    "fr": "[à compléter\N{NO-BREAK SPACE}: Secrétariat]",
    "pt": "[a completar: Secretariado]",
    "ar": "[يُستكمل: الأمانة]",
}


def paragraphs_of_everything():
    for form in texts().forms.values():
        yield from (form.title, *form.opening, *form.closing.paragraphs)
    yield from chain.from_iterable(chapter.paragraphs for chapter in texts().chapters.values())


def test_every_text_has_five_languages_with_the_same_placeholders_and_known_fields():
    known = {*fields_by_code(), *texts().blanks, "name", "country"}
    for paragraph in paragraphs_of_everything():
        written = paragraph.text.data
        assert set(written) == set(LANGUAGES)
        assert len({frozenset(PLACEHOLDER.findall(text)) for text in written.values()}) == 1, written["en"]
        assert set(paragraph.fields) <= known
    titles = [chapter.title.data for chapter in texts().chapters.values()]
    for text in (*titles, *(word.data for word in (*texts().words.values(), *texts().blanks.values()))):
        assert set(text) == set(LANGUAGES)
        assert all(text.values())


def made(form: str, language: str, *chapters: str):
    profile = network_make.profile("Human Rights Commission")
    facts = {"chair": "Minister {posts} of Justice", "composition": "Justice\nHealth", "capacities": "engage consult"}
    network_make.facts(profile, **facts, posts="5", nhri_role="observer")
    query = "&".join([f"form={form}&language={language}", *(f"chapter={code}" for code in chapters)])
    options = ModelOptions.read(QueryDict(query))
    found = with_facts(type(profile).objects.filter(pk=profile.pk)).get()
    return model_text(found, {}, options)


def docx_of(model, language: str):
    with override(language):
        content = write_docx(paper_of(model, address="https://example.org/", on=date(2026, 11, 29)))
    return Document(BytesIO(content))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_the_file_contains_the_facts_and_gaps_and_no_placeholder(form, language):
    document = docx_of(made(form, language), language)
    lines = [paragraph.text for paragraph in document.paragraphs]
    text = "\n".join(lines)
    for fact in ("Human Rights Commission", "Minister {posts} of Justice", "– Health", "5"):
        assert fact in text
    assert GAPS[language] in text
    assert PLACEHOLDER.findall(text.replace("Minister {posts} of Justice", "")) == []
    assert texts().words["status"].localize(language) in lines[:4]
    cells = [cell.text for row in document.tables[-1].rows for cell in row.cells]
    assert any(network_make.SOURCE in cell for cell in cells)


@pytest.mark.django_db
def test_arabic_paragraphs_run_from_right_to_left():
    document = docx_of(made("decree", "ar"), "ar")
    ours = [line for line in document.paragraphs if "الآلية الوطنية للتنفيذ" in line.text]
    assert ours
    assert all(line._p.pPr.find("{*}bidi") is not None for line in ours)
    typed = next(line for line in document.paragraphs if line.text == "– Health")
    assert typed._p.pPr is None or typed._p.pPr.find("{*}bidi") is None


@pytest.mark.django_db
def test_the_day_behind_a_source_in_latin_letters_is_read_as_arabic():
    (table,) = docx_of(made("decree", "ar"), "ar").tables
    sources = [row.cells[2].text for row in table.rows if network_make.SOURCE in row.cells[2].text]
    assert sources
    assert all(f"{network_make.SOURCE}، \u200f" in source for source in sources)


@pytest.mark.django_db
def test_options_of_a_checklist_that_the_profile_lacks_are_left_to_decide():
    model = made("terms", "en", "mandate")
    items = [item for chapter in model.chapters for paragraph in chapter.paragraphs for item in paragraph.items]
    shown = {item.text: item.is_gap for item in items}
    assert shown["Engagement"] is False
    assert shown["[to be decided: Coordination]"] is True


@pytest.mark.django_db
def test_only_the_chosen_chapters_are_there_and_are_numbered():
    model = made("decree", "en", "budget", "mandate")
    assert [chapter.title for chapter in model.chapters] == [
        "Article 1. Mandate",
        "Article 2. Budget",
        "Article 3. Entry into force",
    ]
    assert model.chapters[1].paragraphs[0].text.startswith("1. ")
    assert {fact.label for fact in model.facts} == {"Capacities"}


@pytest.mark.django_db
def test_the_institution_of_human_rights_is_an_observer_and_never_subordinate():
    model = made("terms", "en", "nhri")
    text = model.chapters[0].paragraphs[0].text
    assert "observer" in text
    assert "not subordinate" in text
