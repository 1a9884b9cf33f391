"""Numbers and dates are written as readers of each language write them; in Arabic with the digits of UN documents."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

import servanda
from servanda.intake.places import shown_place
from servanda.people.access import Role
from servanda.recommendations.models import SavedView, TextVersion
from tests import make

ARABIC_INDIC = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")
COUNTED = (
    "{% load i18n %}{% blocktranslate count total=number %}{{ total }} record{% plural %}"
    "{{ total }} records{% endblocktranslate %}"
)


def rendered(language: str, source: str, **context: object) -> str:
    with translation.override(language):
        return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "whole", "fraction"),
    [
        ("en", "1,234,567", "2.5"),
        ("es", "1\xa0234\xa0567", "2,5"),
        ("fr", "1\xa0234\xa0567", "2,5"),
        ("pt", "1.234.567", "2,5"),
        ("ar", "1,234,567", "2.5"),
    ],
)
def test_numbers_are_grouped_and_divided_as_in_the_language(language, whole, fraction):
    assert rendered(language, "{{ number }}", number=1234567) == whole
    assert rendered(language, "{{ number|floatformat }}", number=2.5) == fraction


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,400 records"),
        ("es", "1\xa0400 fichas"),
        ("fr", "1\xa0400 fiches"),
        ("pt", "1.400 fichas"),
        ("ar", "1,400 بطاقة"),
    ],
)
def test_a_counted_sentence_has_the_plural_and_the_number_of_its_language(language, written):
    assert rendered(language, COUNTED, number=1400) == written


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "25 November 2026", "25 Nov 2026"),
        ("es", "25 de noviembre de 2026", "25/11/2026"),
        ("fr", "25 novembre 2026", "25/11/2026"),
        ("pt", "25 de novembro de 2026", "25/11/2026"),
        ("ar", "25 تشرين الثاني/نوفمبر 2026", "25/11/2026"),
    ],
)
def test_a_day_is_written_as_in_the_language(language, long, short):
    day = date(2026, 11, 25)
    assert rendered(language, '{{ day|date:"DATE_FORMAT" }}', day=day) == long
    assert rendered(language, '{{ day|date:"SHORT_DATE_FORMAT" }}', day=day) == short


def test_the_first_day_of_a_month_has_an_ordinal_in_french_only():
    written = {language: rendered(language, "{{ day }}", day=date(2025, 3, 1)) for language in ("en", "es", "fr")}
    assert written == {"en": "1 March 2025", "es": "1 de marzo de 2025", "fr": "1er mars 2025"}
    assert rendered("fr", '{{ day|date:"DATE_FORMAT" }}', day=date(2025, 3, 21)) == "21 mars 2025"


@pytest.mark.django_db
def test_a_number_that_a_browser_reads_is_not_grouped(client):
    person = make.user(Role.COORDINATOR)
    SavedView.objects.create(pk=1234, owner=person, name="Mine", query="stand=noted")
    client.force_login(person)
    shown = client.get(reverse("desk:register")).content.decode()
    assert 'id="rename-1234"' in shown
    assert "1,234" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["list", "panel", "record", "desk list", "desk record"])
def test_arabic_pages_keep_symbols_left_to_right_and_use_the_digits_of_the_un(client, page):
    record = make.recommendation("Ratify.", year=2023)
    TextVersion.objects.create(recommendation=record, language="ar", text="التصديق.")
    if page.startswith("desk"):
        client.force_login(make.user(Role.COORDINATOR))
    room = "desk" if page.startswith("desk") else "portal"
    url = reverse("desk:record" if room == "desk" else "portal:recommendation", args=[record.code])
    panel = reverse("portal:recommendation_panel", args=[record.code])
    address = {"list": reverse(f"{room}:register"), "panel": panel}.get(page.removeprefix("desk "), url)
    headers = {"accept-language": "ar", **({"hx-request": "true"} if page == "panel" else {})}
    shown = client.get(address, headers=headers).content.decode()
    assert ARABIC_INDIC.findall(shown) == []
    symbol = record.code if page.endswith("list") else record.document.symbol
    assert f'<bdi dir="ltr" class="code">{symbol}</bdi>' in shown


def test_every_number_goes_through_the_formats_of_the_language():
    source = Path(servanda.__file__).parent
    grouped = [path for path in source.rglob("*.py") if re.search(r"\{[^{}\"]+:,\}", path.read_text())]
    scripted = [path for path in (source / "static" / "js").glob("*.js") if "toLocaleString" in path.read_text()]
    assert grouped + scripted == []


@pytest.mark.parametrize(
    ("language", "row"),
    [("en", "row 1,400"), ("es", "fila 1\xa0400"), ("pt", "linha 1.400"), ("fr", "ligne 1\xa0400")],
)
def test_the_place_of_a_row_is_counted_as_the_reader_writes_numbers(language, row):
    with translation.override(language):
        assert shown_place("row 1400") == row
    assert shown_place("paragraph 1400") == "paragraph 1400"


def test_commas_and_colons_are_those_of_the_language():
    templates = Path(servanda.__file__).parent / "templates"
    written = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}|\{#.*?#\}", re.DOTALL)
    bare = re.compile(r'\|join:", "|\}\}(?:</bdi>)?, \{\{|\}\}: (?:\{\{|<)')
    pages = [
        path for path in templates.rglob("*.html") if path.name != "status_mark.html"
    ]  # drawn once for each mark
    assert [path.name for path in pages if bare.search(written.sub("", path.read_text()))] == []
