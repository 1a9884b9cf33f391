"""Whoever is refused is told so, and the trail too: at every edge of the house, whatever the refusal undid."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.urls import reverse

import servanda
from servanda.kit.pages.forms import SeenForm
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.requests.refusals import refusals_in_form
from servanda.people.trail_pages.presenter import event_lines
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.models import Tagging
from servanda.trail.models import Event
from servanda.vocab.models import Term
from tests import make
from tests.treaties_make import treaty

ROOT = Path(servanda.__file__).parent
EDGES = ["api/**", "desk/**", "people/**", "portal/**", "vocab/**", "*/management/commands"]
REFUSALS = {"Refused", "ChangedMeanwhile", "FieldRefused", "PermissionDenied"}
KEEPS_IT = {"refuse", "refuse_in_form", "record_refusal", "refused_on_the_command_line", "record", "overtaken"}
KEEPS_IT |= {"record_refused_contribution", "record_denied"}  # without a name
# Handlers that leave no line themselves, and why none is lost.
ELSEWHERE = {
    "jobs/management/commands/backup.py": "it concerns a file of the operator; the database may have no tables yet",
    "jobs/management/commands/restore.py": "there is no trail yet",
    "jobs/management/commands/work.py": "it concerns a directory of the operator, before anything is read from it",
    "people/log_in/single_sign_on.py: pre_social_login": "let_in has recorded it",
    "desk/updates/words_kept.py": "`requires` has recorded it",
    "desk/updates/reviewing.py: entered": "it names the field; the page that calls it records the refusal",
    "desk/bulk/selection.py: preview_or_apply": "the page that calls it says how it is shown, and records it",
}


def handlers(tree: ast.AST) -> Iterator[tuple[str, ast.ExceptHandler]]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.ExceptHandler) and node.type and names(node.type) & REFUSALS:
                yield function.name, node


def names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def called(node: ast.AST) -> set[str]:
    calls = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
    return {getattr(call, "attr", getattr(call, "id", "")) for call in calls}


def silent(source: str) -> list[str]:
    return [name for name, handler in handlers(ast.parse(source)) if not called(handler) & KEEPS_IT]


def edges() -> set[Path]:
    return {path for edge in EDGES for path in ROOT.glob(f"{edge}/*.py")}


def test_every_edge_that_catches_a_refusal_leaves_a_line_in_the_trail():
    lost = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in edges()
        for name in silent(path.read_text())
        if str(path.relative_to(ROOT)) not in ELSEWHERE and f"{path.relative_to(ROOT)}: {name}" not in ELSEWHERE
    ]
    assert lost == []


def test_an_edge_that_keeps_a_refusal_to_itself_is_seen():
    planted = "def edit(request):\n try:\n  deed()\n except Refused as refusal:\n  messages.error(request, refusal)"
    assert silent(planted) == ["edit"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_a_refusal_that_rolls_its_deed_back_is_in_the_trail(client):
    """The line on the deletion is written first, and goes with everything else when the term proves to be in use."""
    term = make.term("Health", taxonomy="national-plan")
    Tagging.objects.create(recommendation=make.recommendation(), term=term)
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    client.post(reverse("vocab:delete_term", args=["national-plan", term.pk]))
    assert Term.objects.filter(pk=term.pk).exists()
    event = Event.objects.exclude(action="logged-in").get()
    assert (event.action, event.actor, event.object_label) == ("refused", person, "delete_term")
    assert "This term is used in" in event.difference
    assert event.sequence == Event.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_page_of_another_role_is_in_the_trail_though_its_answer_is_an_error(client):
    client.force_login(make.user(Role.READER))
    assert client.get(reverse("people:trail")).status_code == 403
    assert Event.objects.filter(action="page-denied", object_label=reverse("people:trail")).count() == 1


@pytest.mark.django_db
def test_a_refusal_on_the_command_line_is_in_the_trail():
    person = make.user("administrator")
    with pytest.raises(CommandError):
        call_command("invite", person.email, name="Ana", role="auditor")
    event = Event.objects.get(action="refused")
    assert (event.actor, event.object_label) == (None, "invite_person")


@pytest.mark.django_db
def test_the_second_of_two_editors_is_in_the_trail(client):
    record = make.recommendation()
    client.force_login(make.user(Role.COORDINATOR))
    page = reverse("desk:write_text", args=[record.code])
    words = {"language": "fr", "form": "full", "source": "national", "text": "Protéger.", "version": record.version}
    client.post(page, words)
    client.post(page, words | {"text": "Protéger les droits."})
    assert list(Event.objects.filter(action="refused").values_list("object_label", flat=True)) == ["write_text"]


@pytest.mark.django_db
def test_the_trail_tells_a_refusal_by_its_reason_and_not_by_a_name_of_the_program():
    reader, person = make.user(Role.AUDITOR), make.user(Role.COORDINATOR)
    reason = {"reason": ["", "Only a draft can be submitted."]}
    Event.record("refused", by=person, label="submit_update", difference=reason)
    [told] = event_lines(Event.objects.filter(action="refused"), to=reader)
    assert told.sentence == f"An action by {person} was refused: Only a draft can be submitted."


class Entered(SeenForm):
    title = forms.CharField(required=False)


@pytest.fixture
def page(rf, db):
    request = rf.post("/desk/")
    request.user = make.user(Role.COORDINATOR)
    return request


def form_with(seen: int) -> Entered:
    form = Entered(QueryDict(f"seen={seen}&title=Mine"))
    assert form.is_valid()
    return form


def test_a_refusal_in_the_block_is_shown_in_the_form_and_recorded(page):
    form = form_with(seen=1)
    with refusals_in_form(page, form, "edit_course"):
        raise FieldRefused("title", "Enter another title.")
    assert form.errors == {"title": ["Enter another title."]}
    event = Event.objects.get(action="refused")
    assert (event.object_label, event.actor) == ("edit_course", page.user)


def test_after_a_conflict_the_next_save_replaces_the_version_that_is_saved_now(page):
    status = treaty(version=7)
    after_conflict, refused_otherwise = form_with(seen=6), form_with(seen=6)
    with refusals_in_form(page, after_conflict, "edit_treaty", edits=status):
        raise ChangedMeanwhile("Another user changed it.")
    with refusals_in_form(page, refused_otherwise, "edit_treaty", edits=status):
        raise Refused("The treaty is locked.")
    assert (after_conflict["seen"].value(), after_conflict["title"].value()) == ("7", "Mine")
    assert refused_otherwise["seen"].value() == "6"


def test_an_error_that_is_no_refusal_leaves_the_block(page):
    with pytest.raises(ZeroDivisionError), refusals_in_form(page, form_with(seen=1), "edit_course"):
        1 / 0  # noqa: B018 -- raises
