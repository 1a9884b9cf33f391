"""Every refusal and every notice goes through gettext, so that each person reads it in their own language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Where the words for a person are among the arguments, by the name of what is called.
REFUSALS = {
    "Refused": 0,
    "ChangedMeanwhile": 0,
    "Unreadable": 0,
    "ValidationError": 0,
    "FieldRefused": 1,
    "refuse_if_changed": 2,
    "add_error": 1,
}
NOTICES = {"debug", "info", "success", "warning", "error"}
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^[A-Z“%]\S* \S+", re.DOTALL)  # what a name may stand for: codes and keys are no sentences


def words_for_people(call: ast.Call) -> ast.expr | None:
    """The argument that a person reads, if the call has one."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="messages"), attr=name) if name in NOTICES:
            place = 1
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in REFUSALS:
            place = REFUSALS[name]
        case _:
            return None
    return call.args[place] if len(call.args) > place else None


def untranslated(node: ast.AST) -> Iterator[str]:
    """The literals of an expression outside every call to gettext; what is put into a sentence is no sentence."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in TRANSLATED:
            parts: list[ast.AST] = []
        case ast.BinOp(op=ast.Mod(), left=sentence):
            parts = [sentence]
        case ast.Subscript(value=part) | ast.Call(func=part):
            parts = [part]
        case ast.IfExp(body=body, orelse=otherwise):
            parts = [body, otherwise]
        case ast.Dict(values=parts):
            pass
        case _:
            parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for part in parts:
        yield from untranslated(part)


def assigned(name: str, within: ast.AST) -> Iterator[ast.expr]:
    """What a name stands for: everything that is assigned to it here."""
    for node in ast.walk(within):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(
                    isinstance(part, ast.Name) and part.id == name for place in targets for part in ast.walk(place)
                ):
                    yield value
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                yield value
            case ast.For(target=target, iter=value):
                if any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target)):
                    yield value


def faults(source: str) -> list[str]:
    """Each untranslated text that a person would read, with its line."""
    if not any(name in source for name in [*REFUSALS, "messages."]):
        return []
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    calls = [(node, words_for_people(node)) for node in nodes if isinstance(node, ast.Call)]
    found, inside = [], {function: set(ast.walk(function)) for function in functions}
    for call, argument in calls:
        if argument is None:
            continue
        found += [f"{call.lineno}: {literal}" for literal in untranslated(argument) if WORD.search(literal)]
        around = [function for function in functions if call in inside[function]] or [tree]
        names = {part.id for part in ast.walk(argument) if isinstance(part, ast.Name)}
        for name in names:
            values = [value for scope in around for value in assigned(name, scope)]
            values += [value for node in tree.body for value in assigned(name, node) if isinstance(node, ast.Assign)]
            literals = [literal for value in values for literal in untranslated(value)]
            found += [f"{call.lineno}: {literal}" for literal in literals if SENTENCE.search(literal)]
    return found


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "servanda").iterdir() if path.is_dir()))
def test_no_refusal_and_no_notice_is_a_bare_string(room):
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in sorted((ROOT / "servanda" / room).rglob("*.py"))
        if "migrations" not in path.parts and (wrong := faults(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "raise Refused('Choose another one.')",
        "raise Refused('Choose another ' + name)",
        "raise Refused(f'Choose {name} instead.')",
        "raise Refused('Choose %(name)s.' % {'name': name})",
        "raise FieldRefused('name', 'Enter a name.')",
        "raise Refused(_('Enter a name.') if name else 'Choose one.')",
        "messages.success(request, 'Saved')",
        "messages.error(request, f'{name} is gone.')",
        "form.add_error('day', 'Enter a date.')",
        "def f():\n    sentence = 'Enter a date, %(name)s.'\n    raise Refused(sentence % {'name': name})",
        "def f():\n    for is_odd, why in ((a, 'Enter a date.'),):\n        raise Refused(why)",
        "WHY = 'Enter a date.'\ndef f():\n    raise FieldRefused('day', WHY)",
    ],
)
def test_a_bare_string_is_seen(source):
    assert faults(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "raise Refused(_('Enter a name.'))",
        "raise FieldRefused('name', _('Enter a name.'))",
        "raise Refused(ngettext('%(count)d record', '%(count)d records', count) % {'count': count})",
        "messages.success(request, _('%(what)s saved.') % {'what': thing['some name']})",
        "def f():\n    sentence = _('Enter %(name)s.')\n    raise Refused(sentence % {'name': name})",
        "messages.error(request, str(refusal))",
        "logger.error('Task %s failed.', name)",
    ],
)
def test_what_goes_through_gettext_is_no_fault(source):
    assert faults(source) == []
