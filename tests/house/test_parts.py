"""One library of parts: each is on the page of parts, in every language and theme, and no page copies one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Template
from django.template.loader import render_to_string
from django.test.utils import instrumented_test_render
from django.urls import include, path

import servanda
from servanda.planning.models import Action
from servanda.portal.parts import parts
from servanda.recommendations.models import Recommendation, Stand, Tagging
from servanda.urls import urlpatterns as served

urlpatterns = [path("", include(([path("parts/", parts, name="parts")], "portal_in_development"))), *served]
in_development = pytest.mark.urls(__name__)

# What every page has around its content; it is shown there.
FRAME = {
    "account_switch",
    "footer",
    "header",
    "language_switch",
    "mark",
    "navigation",
    "navigation_link",
    "site_search",
    "theme_switch",
}
TEMPLATES = Path(servanda.__file__).parent / "templates"
PARTS = {path.stem: path for path in (TEMPLATES / "parts").glob("*.html")}
# The class by which a part is known, or its element. Parts that are made of other parts have none of their own.
MARKERS = {
    "alarm": "error-summary",
    "badge": "mark",
    "bell": "bell",
    "breadcrumb": "crumbs",
    "chart_with_table": "chart",
    "chip": "chip",
    "dialog": "dialog",
    "diff": "diff",
    "empty_state": "empty",
    "facet_list": "facet",
    "file_drop": "file-drop",
    "footer": "site-footer",
    "help": "help",
    "list_filters": "list-fold",
    "notice": "notice",
    "page_head": "page-head",
    "pager": "pager",
    "palette": "palette",
    "progress": "progress-line",
    "result_card": "result",
    "result_row": "result-row",
    "search_box": "search",
    "share_bar": "share-bar",
    "shortcut_list": "shortcut-list",
    "side_panel": "side-panel",
    "site_search": "site-search",
    "stat_tile": "tile",
    "stepper": "steps",
    "tabs": "tabs",
    "term": "term",
    "text_language": "text-language",
    "theme_switch": "theme-switch",
    "timeline": "timeline",
}
TABLES = re.compile(r"<table\b[^>]*>\s*(?:<caption)?")
HEADINGS = re.compile(r"<th\b[^>]*>")
SEARCHES = re.compile(r'<form\b[^>]*role="search"(?:{%.*?%}|[^>])*>')
CLASSES = re.compile(r'class="([^"]*)"')
COPIED = re.compile(r"<(dialog|progress)\b")
STOCK = {"alert", "badge", "card", "breadcrumb", "pagination", "modal"}  # Bootstrap's own, for which there are parts


def classes(template: str) -> set[str]:
    return {name for found in CLASSES.findall(template) for name in re.sub(r"{%.*?%}|{{.*?}}", " ", found).split()}


def copies(template: str) -> set[str]:
    """What a template says that only a part may say."""
    return classes(template) & (set(MARKERS.values()) | STOCK) | set(COPIED.findall(template))


@pytest.mark.parametrize(("name", "marker"), MARKERS.items())
def test_a_marker_is_in_its_part(name, marker):
    assert marker in classes(PARTS[name].read_text())


def test_no_page_copies_what_a_part_has():
    pages = [
        page for page in TEMPLATES.rglob("*.html") if page.parent != TEMPLATES / "parts" and page.name != "base.html"
    ]
    found = {str(page.relative_to(TEMPLATES)): copies(page.read_text()) for page in pages}
    assert {name: copied for name, copied in found.items() if copied} == {}
    assert len(pages) > 100


def test_a_copy_is_found():
    assert copies('<p class="soft chip{% if new %} chip-new{% endif %}">') == {"chip"}
    assert copies('<div class="alert alert-warning"><progress max="3"></progress></div>') == {"alert", "progress"}
    assert copies('<ul class="chips"><li class="notices">') == set()


def faults_of_tables(template: str) -> list[str]:
    """Tables without a name, and headings that do not say whether they head a row or a column."""
    tables = [table for table in TABLES.findall(template) if "caption" not in table and "aria-label" not in table]
    return tables + [heading for heading in HEADINGS.findall(template) if "scope=" not in heading]


def test_every_table_has_a_name_and_its_headings_a_direction():
    pages = [page for page in TEMPLATES.rglob("*.html") if not page.name.endswith("_pdf.html")]
    found = {str(page.relative_to(TEMPLATES)): faults_of_tables(page.read_text()) for page in pages}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_table_without_a_name_is_found():
    assert faults_of_tables('<table class="table">\n<thead><tr><th>Day</th>') == ['<table class="table">\n', "<th>"]
    assert faults_of_tables('<table class="table">\n<caption>Days</caption><tr><th scope="row">') == []


def nameless_searches(template: str) -> list[str]:
    """Every page has the search of everything; another one beside it is told apart by its name."""
    return [search for search in SEARCHES.findall(template) if "aria-label=" not in search]


def test_every_search_has_a_name():
    found = {page.name: nameless_searches(page.read_text()) for page in TEMPLATES.rglob("*.html")}
    assert {name: searches for name, searches in found.items() if searches} == {}


def test_a_search_without_a_name_is_found():
    assert nameless_searches('<form role="search" action="/">') == ['<form role="search" action="/">']
    assert nameless_searches('<form role="search" aria-label="Search">') == []


@pytest.mark.django_db
@in_development
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_part_is_shown_in_every_language_and_theme(client, monkeypatch, language, theme):
    monkeypatch.setattr(Template, "_render", instrumented_test_render)  # that of conftest.py tells of no parts
    answer = client.get("/parts/", {"language": language, "theme": theme})
    page = answer.content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert ('dark.css" media="screen"' in page) == (theme == "dark")
    shown = {part.name: [sample for sample in part.samples if sample.strip()] for part in answer.context["parts"]}
    assert set(shown) == set(PARTS)
    assert {name for name, samples in shown.items() if not samples} == FRAME
    assert {Path(template.name or "").stem for template in answer.templates} >= FRAME


@pytest.mark.django_db
def test_the_page_of_parts_is_there_in_development_only(client):
    assert client.get("/parts/").status_code == 404


def shapes(part: str, samples: list[dict]) -> list[tuple[str, str]]:
    """The words and the shape of each, without any colour."""
    drawn = [render_to_string(f"parts/{part}.html", sample) for sample in samples]
    return [
        (re.sub(r"<[^>]+>|\s", "", page), "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))) for page in drawn
    ]


@pytest.mark.parametrize("states", [Stand, Action.Status, Recommendation.Confidentiality])
def test_a_state_has_a_word_and_a_shape_of_its_own(states):
    told = shapes("badge", [{"value": state.value, "label": state.label} for state in states])
    assert all(word and shape for word, shape in told)
    assert len({word for word, _shape in told}) == len({shape for _word, shape in told}) == len(states)


def test_who_set_a_label_is_said_in_words_and_drawn():
    told = shapes("label_chip", [{"label": "Health", "origin": origin} for origin in Tagging.Origin.values])
    assert len({word for word, _shape in told}) == len({shape for _word, shape in told}) == len(Tagging.Origin)
