"""The fields of a Word template, and what else its text may contain.

What is not on the lists here is refused before anything is filled. Nothing of Django is imported: the process that
fills templates starts with this.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

TEXT, PLACE = "text", "place"  # at a place, what the report writes itself is inserted instead of the field


class Rows(NamedTuple):
    """A list, and the fields of each of its rows."""

    fields: Mapping[str, str]


type Shape = str | Rows | Mapping[str, str]
SIMPLE = ("title", "state", "body", "obligation", "review", "period", "language", "date", "words", "status")
PLACES = ("contents", "text", "matrix")
LISTS = {
    "sections": {"number": TEXT, "heading": TEXT, "depth": TEXT, "text": PLACE},
    "facts": {"label": TEXT, "value": TEXT},
    "notes": {"number": TEXT, "text": TEXT},
}
FIELDS: Mapping[str, Shape] = {
    **dict.fromkeys(SIMPLE, TEXT),
    **dict.fromkeys(PLACES, PLACE),
    **{name: Rows(fields) for name, fields in LISTS.items()},
}
LOOP = dict.fromkeys(("index", "index0", "revindex", "first", "last", "length"), TEXT)
FILTERS = ("upper", "lower", "title", "capitalize", "trim", "length", "default")
DEEPEST = 2  # loops in loops
LONGEST_QUOTE = 60
UNKNOWN, FORBIDDEN, LIST, NO_LIST, SYNTAX = "unknown", "forbidden", "list", "no-list", "syntax"


class Fault(NamedTuple):
    """What is wrong with a template, the kind of part that has it, and the text around it."""

    kind: str
    part: str
    near: str
    name: str = ""


def faults_in(xml: str, part: str, environment: Environment) -> list[Fault]:
    """`xml` has each paragraph on a line of its own, with its tags in one piece."""
    lines = xml.split("\n")
    try:
        tree = environment.parse(xml)
    except TemplateSyntaxError as problem:
        return [Fault(SYNTAX, part, quote_of(lines, problem.lineno), problem.message or "")]
    check = Check()
    check.visit_all(tree.body, FIELDS)
    return [Fault(kind, part, quote_of(lines, line), name) for kind, line, name in check.found]


def quote_of(lines: Sequence[str], number: int) -> str:
    """The text of a line without its XML."""
    pieces = "".join(piece.partition(">")[2] for piece in f">{lines[number - 1]}".split("<"))
    words = " ".join(pieces.split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"


class Check:
    """Walks through what a template says. Only the nodes that are named here are allowed."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int, str]] = []
        self.depth = 0

    def fault(self, kind: str, node: nodes.Node, name: str) -> None:
        self.found.append((kind, node.lineno, name))

    def visit_all(self, among: Sequence[nodes.Node], names: Mapping[str, Shape]) -> None:
        for node in among:
            self.visit(node, names)

    def visit(self, node: nodes.Node, names: Mapping[str, Shape]) -> None:
        match node:
            case nodes.Output():
                for expression in node.nodes:
                    if not isinstance(expression, nodes.TemplateData):
                        self.printed(expression, names)
            case nodes.If():
                self.shape_of(node.test, names)
                self.visit_all([*node.body, *node.elif_, *node.else_], names)
            case nodes.For():
                self.loop(node, names)
            case nodes.Scope():  # has no line of its own
                self.visit_all(node.body, names)
            case _:
                self.fault(FORBIDDEN, node, word_of(node))

    def printed(self, expression: nodes.Node, names: Mapping[str, Shape]) -> None:
        shape = self.shape_of(expression, names)
        if shape is not None and not isinstance(shape, str):
            self.fault(LIST, expression, dotted(expression))

    def loop(self, node: nodes.For, names: Mapping[str, Shape]) -> None:
        rows = self.shape_of(node.iter, names)
        if node.recursive or not isinstance(node.target, nodes.Name) or self.depth == DEEPEST:
            return self.fault(FORBIDDEN, node, "for")
        if not isinstance(rows, Rows):
            if rows is not None:
                self.fault(NO_LIST, node, dotted(node.iter))
            return None
        inner = {**names, node.target.name: rows.fields, "loop": LOOP}
        self.depth += 1
        if node.test is not None:
            self.shape_of(node.test, inner)
        self.visit_all(node.body, inner)
        self.depth -= 1
        return self.visit_all(node.else_, names)

    def shape_of(self, node: nodes.Node, names: Mapping[str, Shape]) -> Shape | None:
        """What an expression is; None after a fault."""
        match node:
            case nodes.Const():
                return TEXT
            case nodes.Name():
                return self.known(names, node.name, node)
            case nodes.Getattr() | nodes.Getitem():
                return self.attribute(node, names)
            case nodes.Filter():
                return self.filtered(node, names)
            case nodes.Not() | nodes.And() | nodes.Or() | nodes.Compare() | nodes.CondExpr():
                for child in node.iter_child_nodes():
                    self.shape_of(child.expr if isinstance(child, nodes.Operand) else child, names)
                return TEXT
            case _:
                self.fault(FORBIDDEN, node, word_of(node))
                return None

    def known(self, names: Mapping[str, Shape], name: str, node: nodes.Node) -> Shape | None:
        if name not in names:
            self.fault(UNKNOWN, node, dotted(node))
        return names.get(name)

    def attribute(self, node: nodes.Getattr | nodes.Getitem, names: Mapping[str, Shape]) -> Shape | None:
        of = self.shape_of(node.node, names)
        if of is None:
            return None
        key = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        if isinstance(of, Rows | str) or not isinstance(key, str):
            self.fault(UNKNOWN, node, dotted(node))
            return None
        return self.known(of, key, node)

    def filtered(self, node: nodes.Filter, names: Mapping[str, Shape]) -> Shape | None:
        plain = all(isinstance(argument, nodes.Const) for argument in node.args)
        if node.name not in FILTERS or node.node is None or not plain or node.kwargs or node.dyn_args:
            self.fault(FORBIDDEN, node, f"|{node.name}")
            return None
        self.shape_of(node.node, names)
        return TEXT


def dotted(node: nodes.Node | None) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{dotted(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{dotted(node.node)}.{getattr(node.arg, 'value', '…')}"
        case _:
            return word_of(node)


def word_of(node: nodes.Node | None) -> str:
    """What a template has there, by the name of its statement or operation."""
    if isinstance(node, nodes.Call):
        return f"{dotted(node.node)}()"
    if isinstance(node, nodes.EvalContextModifier):
        return "autoescape"
    return repr(node.value) if isinstance(node, nodes.Const) else type(node).__name__.lower()
