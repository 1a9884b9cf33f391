"""Templates that can be read line by line: lines of one width, and a file of its own only for what pages share."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parents[2] / "servanda"
TEMPLATES = ROOT / "templates"
WIDTH = 118  # the line length of ruff and djlint, in pyproject.toml
# Fragments that one page includes, and that stay in files of their own.
APART = {
    "desk/documents/_document_unit.html": "the page would have more than 200 lines",
    "desk/imports/_import_actions.html": "the page would have more than 200 lines",
    "desk/imports/_import_incoming.html": "the page would have more than 200 lines",
    "desk/imports/_import_proposals.html": "the page would have more than 200 lines",
    "desk/hand_over/_hand_over_open.html": "the page would have more than 200 lines",
    "desk/home/_brief_body.html": "the page would have more than 200 lines",
    "desk/home/_system_state.html": "the page would have more than 200 lines",
    "desk/home/_work_to_do.html": "the page would have more than 200 lines",
    "desk/plans/_action_answers.html": "the page would have more than 200 lines",
    "desk/obligations/_obligation_facts.html": "the page would have more than 200 lines",
    "desk/obligations/_obligation_steps.html": "the page would have more than 200 lines",
    "desk/plans/_action_facts.html": "the page would have more than 200 lines",
    "desk/proceedings/_case.html": "the page would have more than 200 lines",
    "desk/proceedings/_dialogue.html": "the page would have more than 200 lines",
    "desk/proceedings/_visit.html": "the page would have more than 200 lines",
    "desk/proceedings/_earlier_submissions.html": "the page would have more than 200 lines",
    "desk/proceedings/_proceeding_answers.html": "the page would have more than 200 lines",
    "desk/proceedings/_proceeding_questions.html": "the page would have more than 200 lines",
    "desk/proceedings/_proceeding_reply.html": "the page would have more than 200 lines",
    "desk/proceedings/_proceeding_side.html": "the page would have more than 200 lines",
    "desk/proceedings/_promised_measures.html": "the page would have more than 200 lines",
    "desk/reports/_translated_paragraphs.html": "the page would have more than 200 lines",
    "desk/record/_record_notes.html": "the page would have more than 200 lines",
    "desk/record/_record_updates.html": "the page would have more than 200 lines",
    "desk/reports/_clearance.html": "the page would have more than 200 lines",
    "desk/sheets/_sheet_actions.html": "what can be done with a spreadsheet of any kind, apart from how it is shown",
    "desk/updates/_update_review.html": "the page would have more than 200 lines",
}
# "room/page.html" or "room/page.html#part", in a template or in Python.
NAMED = re.compile(r'"([\w/]+\.html)(?:#(\w+))?"')
LOOP = re.compile(r"\{% for ([\w, ]+) in ")
DRAWN_HERE = re.compile(r"\{% partial (\w+) %\}")
# From 1,000 on, a number that people read has a separator, which no address, field or id may have.
KEY_AS_READ = re.compile(r"\{\{ *[\w.]*\b(?:pk|section\.version) *\}\}")
# Django reads a tag that does not end in its line as text, and shows it.
BROKEN_TAG = re.compile(r"\{\{(?!.*\}\})[^}]*$|\{%(?!.*%\})[^%]*$")
# With a direction of its own, a Latin value of an Arabic page is at the left edge, far from its label: <bdi> inside.
OWN_EDGE = re.compile(r"<(?:dt|dd|td|th)\b[^>]*\bdir=\"auto\"")
ENGLISH = {"api/documentation.html", "portal/parts.html"}  # pages for programmers, in English only
PUNCTUATION = re.compile(r"[,;:](?=\s|$|\0)")
TAGS = r"\{\{.*?\}\}|\{%.*?%\}"
TRANSLATED = re.compile(
    r"\{% blocktranslate\b.*?endblocktranslate %\}|\{% comment %\}.*?endcomment %\}|\{#.*?#\}"
    r"|<(?P<raw>style|script|code|pre)\b.*?</(?P=raw)>",
    re.DOTALL,
)
MARKUP = re.compile(rf'{TRANSLATED.pattern}|{TAGS}|<(?:{TAGS}|"(?:{TAGS}|[^"])*"|[^<>"])*>', re.DOTALL)
SPOKEN = re.compile(rf'\b(?:title|alt|aria-label|data-label)="((?:{TAGS}|[^"{{])*)"')
DEFINED_HERE = re.compile(r"\{% partialdef (\w+)")


def name_of(template: Path) -> str:
    return str(template.relative_to(TEMPLATES))


def pages() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def too_long(name: str, template: str) -> list[str]:
    """The lines that are wider than a line of code, each with the place where it stands."""
    lines = enumerate(template.splitlines(), 1)
    return [f"{name}:{number} has {len(line)} characters" for number, line in lines if len(line) > WIDTH]


def users() -> dict[str, set[str]]:
    """Who names each template or part of one: templates and modules by their paths."""
    found = defaultdict(set)
    for file in [*pages(), *ROOT.rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        for template, part in NAMED.findall(text):
            found[f"{template}#{part}" if part else template].add(str(file.relative_to(ROOT)))
    return found


def test_no_line_of_a_template_is_longer_than_a_line_of_code():
    assert [fault for page in pages() for fault in too_long(name_of(page), page.read_text(encoding="utf-8"))] == []


def test_a_long_line_is_found():
    line = '<p class="soft">' + "long " * 30
    assert too_long("portal/a.html", f"<h1>a</h1>\n{line}\n") == ["portal/a.html:2 has 166 characters"]


def unnamed(template: str) -> list[str]:
    """Loops whose variable is `one`: a reader of the template does not see what it is."""
    return [names for names in LOOP.findall(template) if "one" in names.replace(",", "").split()]


def values_at_the_far_edge(name: str, template: str) -> list[str]:
    return [f"{name}:{number}" for number, line in enumerate(template.splitlines(), 1) if OWN_EDGE.search(line)]


def test_a_value_in_another_script_begins_at_the_edge_of_its_label():
    found = [
        fault for page in pages() for fault in values_at_the_far_edge(name_of(page), page.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_cell_that_turns_to_the_direction_of_its_value_is_found():
    page = '<dd dir="auto">{{ note }}</dd>\n<dd><bdi>{{ note }}</bdi></dd>\n<th scope="row" dir="auto">'
    assert values_at_the_far_edge("page.html", page) == ["page.html:1", "page.html:3"]


def own_punctuation(name: str, template: str) -> list[str]:
    """Lines with a comma or colon that no translator can change; Arabic has a comma of its own."""
    bare = TRANSLATED.sub(blank, template)
    spoken = [found for found in SPOKEN.finditer(bare) if PUNCTUATION.search(MARKUP.sub("\0", found[1]))]
    numbers = {bare.count("\n", 0, found.start()) + 1 for found in spoken}
    lines = enumerate(MARKUP.sub(blank, bare).split("\n"), 1)
    numbers |= {number for number, line in lines if PUNCTUATION.search(line)}
    return [f"{name}:{number}" for number in sorted(numbers)]


def blank(markup: re.Match) -> str:
    return re.sub(r"[^\n]", "\0", markup[0])


def test_commas_and_colons_are_those_of_the_language_of_the_page():
    texts = [(name_of(page), page.read_text(encoding="utf-8")) for page in pages() if name_of(page) not in ENGLISH]
    assert [line for name, text in texts for line in own_punctuation(name, text)] == []


def test_punctuation_that_no_translator_can_change_is_found():
    page = [
        "{{ body }}, {{ year }}",
        "{{ label }}{% colon %} {{ value }}",
        "{% blocktranslate %}{{ name }}, {{ year }}{% endblocktranslate %}",
        '<b title="{{ label }}: {{ value }}" style="color: red">a</b>',
        "{{ label }}:",
        '<option value="{{ place }}:{{ key }}">a</option>',
    ]
    assert own_punctuation("page.html", "\n".join(page)) == ["page.html:1", "page.html:4", "page.html:5"]


def keys_as_read(name: str, template: str) -> list[str]:
    return [f"{name}: {found}" for found in KEY_AS_READ.findall(template)]


def broken_tags(name: str, template: str) -> list[str]:
    return [f"{name}:{number}" for number, line in enumerate(template.splitlines(), 1) if BROKEN_TAG.search(line)]


def test_no_tag_is_broken_over_two_lines():
    found = [
        broken_tag for page in pages() for broken_tag in broken_tags(name_of(page), page.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_tag_that_is_broken_over_two_lines_is_found():
    page = '<a href="mailto:?body={{\n  address|urlencode }}">{{ whole }}</a>\n{% if a %}{% include\n "b.html" %}'
    assert broken_tags("page.html", page) == ["page.html:1", "page.html:3"]


def test_no_key_is_written_as_a_number_that_people_read():
    found = [fault for page in pages() for fault in keys_as_read(name_of(page), page.read_text(encoding="utf-8"))]
    assert found == []


def test_a_key_that_is_written_as_people_read_it_is_found():
    page = '<input value="{{ row.pk }}"><input value="{{ row.pk|stringformat:"d" }}">'
    assert keys_as_read("page.html", page) == ["page.html: {{ row.pk }}"]


def test_each_loop_of_a_template_names_what_it_shows():
    assert {name_of(page) for page in pages() if unnamed(page.read_text(encoding="utf-8"))} == set()


def test_a_loop_that_does_not_name_what_it_shows_is_found():
    assert unnamed("{% for one, total in rounds %}{% for phone in phones %}") == ["one, total"]


def test_each_part_that_a_template_draws_is_defined_in_it():
    texts = {name_of(page): page.read_text(encoding="utf-8") for page in pages()}
    missing = {name: set(DRAWN_HERE.findall(text)) - set(DEFINED_HERE.findall(text)) for name, text in texts.items()}
    assert {name: parts for name, parts in missing.items() if parts} == {}


def test_each_template_and_part_that_is_named_elsewhere_is_there():
    named = users()
    assert len(named) > 500
    for name in named:
        get_template(name)


@pytest.mark.parametrize("name", ["base.html#planted", "parts/planted.html"])
def test_a_template_or_part_that_is_not_there_is_found(name):
    with pytest.raises(TemplateDoesNotExist):
        get_template(name)


def test_each_part_that_a_template_defines_is_drawn():
    named = set(users())
    for page in pages():
        text = page.read_text(encoding="utf-8")
        parts = set(DEFINED_HERE.findall(text)) - set(DRAWN_HERE.findall(text))
        assert [part for part in parts if f"{name_of(page)}#{part}" not in named] == []


def test_a_fragment_of_one_page_of_the_desk_is_in_the_template_of_that_page():
    used = users()
    alone = {name_of(page) for page in (TEMPLATES / "desk").rglob("_*.html") if len(used[name_of(page)]) < 2}
    assert alone == set(APART)
