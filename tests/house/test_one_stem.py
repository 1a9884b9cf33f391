"""One stem: the name of an address is the name of its view, and of the template that it shows."""

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path
from django.views.i18n import set_language

from tests.house.addresses import ADDRESSES, THIRD_PARTY, our_patterns

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parents[2] / "servanda"
TEMPLATES = ROOT / "templates"

# Pages without an address of their own name, and who shows them.
SHARED = {
    "portal/recommendation_withdrawn.html": "recommendation, when it is no longer public",
    "desk/clusters/cluster_form.html": "make_cluster and add_members",
    "desk/consultations/consultation_form.html": "every deed on a consultation that asks for something",
    "desk/consultations/answer_comment.html": "reply_consultation_comment and withhold_consultation_comment",
    "desk/contributions/answer_contribution.html": "every answer to a contribution",
    "desk/plans/action_form.html": "every deed on an action that asks for something",
    "desk/plans/plan_form.html": "add_plan and edit_plan",
    "desk/bulk/bulk_deeds.html": "the first step of bulk_edit",
    "desk/bulk/bulk_preview.html": "the third step of bulk_edit",
    "desk/imports/import.html": "show_import: `import` is no name for a function",
    "desk/indicators/indicator_form.html": "every deed on an indicator or its values that asks for something",
    "desk/network/profile_form.html": "every deed on a profile or what belongs to it that asks for something",
    "desk/practices/practice_form.html": "every deed on a practice that asks for something",
    "desk/obligations/obligation_form.html": "every deed on an obligation that asks for something",
    "desk/proceedings/proceeding_form.html": "every deed on a communication that asks for something",
    "desk/questions/question_form.html": "edit_question and set_question_links",
    "desk/record/record_form.html": "every deed on a record that asks for something",
    "desk/assessments/scale_form.html": "add_scale and add_grade",
    "desk/record/record_labels.html": "add_labels: the list of labels with its form",
    "desk/record/record_withdrawn.html": "record, when it has gone",
    "desk/updates/update_form.html": "every deed on an update or its evidence that asks for something",
    "desk/updates/words_kept.html": "keeps_words: what somebody wrote who may write no longer",
    "portal/parts.html": "parts: its address is there in development only",
    "people/institutions/institution_form.html": "every deed on an institution or an appointment",
    "desk/treaties/remove.html": "remove_treaty and remove_reservation ask first",
    "desk/treaties/treaty_form.html": "every deed on a treaty or a reservation",
    "desk/reports/report_form.html": "add_report, edit_report and withdraw_report",
    "desk/reports/template_form.html": "add_report_template, copy_report_template and edit_report_template",
    "desk/reports/template_section.html": "add_template_section and edit_template_section",
    "vocab/delete.html": "every deletion asks first",
    "vocab/rules/rule_form.html": "add_rule and edit_rule",
    "vocab/vocabulary_form.html": "every deed on a word of the vocabulary",
}


def unlike(patterns: Iterator) -> list[str]:
    """Addresses whose name is not that of their view."""
    found = [(name, getattr(pattern.callback, "__name__", "")) for name, pattern in patterns]
    return [f"{name} is the view {view}" for name, view in found if name.rpartition(":")[2] != view]


def templates_named(module: Path) -> set[str]:
    """The templates that a module of views names."""
    named = [node.value for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Constant)]
    return {value for value in named if isinstance(value, str) and value.endswith(".html")}


def templates_of(view: Callable) -> set[str]:
    """The templates that the body of one view names itself."""
    inner = view
    while hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    tree = ast.parse(Path(inner.__code__.co_filename).read_text())
    bodies = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == inner.__name__]
    named = [node.value for body in bodies for node in ast.walk(body) if isinstance(node, ast.Constant)]
    return {value for value in named if isinstance(value, str) and value.endswith(".html")}


def name_of(page: str) -> str:
    """The address, `room:page`, that the template `room/page.html` or `room/wing/page.html` belongs to."""
    room, *_wing, file = page.split("/")
    return f"{room}:{file.removesuffix('.html')}"


def astray(name: str, view: Callable, pages: set[str]) -> bool:
    """Whether a view leaves the template of its own name aside."""
    own = {page for page in pages if name_of(page) == name}
    return bool(own) and not own & templates_of(view)


def is_there(template: str) -> bool:
    return (TEMPLATES / template).is_file()


def pages_of(rooms: Iterable[str]) -> set[str]:
    files = [file for room in rooms for file in (TEMPLATES / room).rglob("[!_]*.html")]
    return {str(file.relative_to(TEMPLATES)) for file in files}


def pages_without_an_address(pages: set[str]) -> set[str]:
    return {page for page in pages if name_of(page) not in ADDRESSES} - set(SHARED)


def test_each_address_is_named_like_its_view():
    assert unlike(our_patterns()) == []


def test_a_name_unlike_its_view_is_seen():
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted = [path("planted/", show, name="planted")]
    assert unlike(our_patterns(planted, "desk")) == ["desk:planted is the view show"]


def test_each_view_shows_the_template_of_its_name_where_there_is_one():
    patterns = list(our_patterns())
    pages = pages_of({name.partition(":")[0] for name, _pattern in patterns})
    assert [name for name, pattern in patterns if astray(name, pattern.callback, pages)] == []


def test_a_view_that_leaves_its_template_aside_is_seen():
    def about(request: HttpRequest) -> str:
        return "portal/home.html"

    assert astray("portal:about", about, {"portal/about.html"})
    assert astray("portal:about", about, {"portal/words/about.html"})
    assert not astray("portal:about", about, set())


def test_each_page_has_an_address_or_a_reason():
    pages = pages_of({name.partition(":")[0] for name in ADDRESSES})
    assert len(pages) > len(SHARED)
    assert pages_without_an_address(pages) == set()
    assert set(SHARED) - pages == set()


def test_a_page_that_nothing_leads_to_is_seen():
    assert pages_without_an_address({"portal/home.html", "portal/planted.html"}) == {"portal/planted.html"}


def test_each_template_that_a_view_names_is_there():
    modules = [
        module for room in ("desk", "portal", "exchange", "people", "vocab") for module in (ROOT / room).rglob("*.py")
    ]
    assert {name for module in modules for name in templates_named(module) if not is_there(name)} == set()


@pytest.mark.parametrize("prefix", THIRD_PARTY)
def test_a_name_of_a_third_party_leads_out_of_the_house(prefix):
    everything = [pattern for pattern in walk(get_resolver().url_patterns) if str(pattern.name).startswith(prefix)]
    assert everything != []
    assert [pattern.name for pattern in everything if module_of(pattern.callback).startswith("servanda")] == []


def walk(patterns: list) -> Iterator:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern


def module_of(view: Callable) -> str:
    return getattr(view, "view_class", view).__module__


def test_the_view_of_a_third_party_is_told_by_its_module():
    assert module_of(set_language) == "django.views.i18n"
