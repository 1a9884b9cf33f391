"""Single things that have a deadline or await a decision, of several kinds in one list, each with one action."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, Expression, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, Coalesce, Left, RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.recommendations.models import TextVersion, by_language
from servanda.sources.models.step_titles import shown_title
from servanda.vocab.models import ObligationKind

OVERDUE, WEEK = "overdue", "week"  # lists of what has a deadline
DAYS = timedelta(days=6)  # today and six more days
MOST = 12  # of one kind in one list
LONGEST_TITLE = 300  # characters that are read of a text
# Kinds of things; those whose key is the code of a record have a text.
ANSWER, RECORD, ACTION, POSITION, REPLY = "answer", "record", "action", "position", "reply"
OBLIGATION, STEP = "obligation", "step"
SECTION, TRANSLATION = "section", "translation"  # of a report
IMPORT, DRAFT, APPROVAL, PUBLICATION = "import", "draft", "approval", "publication"
CONTRIBUTION, REFUSAL, PROPOSAL = "contribution", "refusal", "proposal"
LETTER, PART = "letter", "part"  # a communication; the answer of an institution to one
BY_UUID = frozenset({IMPORT, LETTER, PART, SECTION, TRANSLATION})
OF_RECORDS = frozenset({RECORD, POSITION, REPLY, REFUSAL, PROPOSAL})
WITH_CODE = OF_RECORDS | {ACTION, OBLIGATION, STEP}
PAGES = {
    ANSWER: "desk:round",
    RECORD: "desk:record",
    ACTION: "desk:action",
    POSITION: "desk:settle_position",
    REPLY: "desk:record",
    OBLIGATION: "desk:obligation",
    STEP: "desk:obligation",
    LETTER: "desk:proceeding",
    PART: "desk:proceeding",
    SECTION: "desk:report",
    TRANSLATION: "desk:report_translations",
    IMPORT: "desk:show_import",
    DRAFT: "desk:save_update",
    APPROVAL: "desk:update",
    PUBLICATION: "desk:update",
    CONTRIBUTION: "desk:contribution",
    REFUSAL: "desk:assign_institutions",
    PROPOSAL: "desk:settle_position",
}


class Found(NamedTuple):
    """A row of the combined query: in which list which thing of which institution is, and since or until when."""

    list: str
    kind: str
    key: str
    title: str
    language: str  # of the title, where it is a text; empty for others
    institution: str  # its name as stored, in several languages
    at: str  # date and time as text, which both engines order alike

    @property
    def day(self) -> date:
        return date.fromisoformat(self.at[:10])


@dataclass(frozen=True, slots=True)
class Item:
    kind: object
    code: str  # of a record or an action; empty for others
    title: str
    language: str  # of the title, where it is a text; empty for others
    institution: LazyI18nString | None
    day: date
    href: str
    verb: object


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields of one kind of thing that become the columns of `Found`."""

    key: str
    at: str
    title: str | Expression = ""
    language: str = ""
    institution: str = ""


def first_rows(name: str, kind: str, rows: QuerySet, columns: Columns) -> QuerySet:
    """The first rows of one kind by date."""
    first = rows.order_by(columns.at, "pk").values("pk")[:MOST]
    return with_columns(Value(name, CharField()), kind, rows.model, first, columns)


def first_by_deadline(kind: str, rows: QuerySet, on: date, columns: Columns) -> QuerySet:
    """The first rows of one kind that are overdue on a day, and the first that are due from that day on in a week."""
    is_overdue = Q(**{f"{columns.at}__lt": on})
    in_list = Case(When(is_overdue, then=Value(OVERDUE)), default=Value(WEEK))
    place = Window(RowNumber(), partition_by=in_list, order_by=[columns.at, "pk"])
    due = rows.order_by().filter(**{f"{columns.at}__lte": on + DAYS})
    first = due.annotate(row_place=place).filter(row_place__lte=MOST).values("pk")
    return with_columns(in_list, kind, rows.model, first, columns)


def with_columns(in_list: Expression, kind: str, model: type[Model], chosen: QuerySet, columns: Columns) -> QuerySet:
    """The same columns for each kind, so that one query reads all lists."""
    values = {
        "row_list": in_list,
        "row_kind": Value(kind, CharField()),
        "row_key": as_text(columns.key),
        "row_title": Left(as_text(columns.title), LONGEST_TITLE),
        "row_language": as_text(columns.language),
        "row_institution": as_text(columns.institution),
        "row_at": as_text(columns.at),
    }
    return model._default_manager.filter(pk__in=chosen).order_by().annotate(**values).values_list(*values)


def as_text(column: str | Expression) -> Expression:
    return Coalesce(Cast(column, CharField()), Value("")) if column else Value("", CharField())


def read_lists(sources: Sequence[QuerySet]) -> dict[str, list[Found]]:
    """The first things of each list by date, each thing once, in one query."""
    lists: dict[str, list[Found]] = {}
    if sources:
        first, *others = sources
        found = {Found(*row) for row in (first.union(*others, all=True).order_by() if others else first)}
        for row in sorted(found, key=lambda row: (row.at, row.kind, row.key)):
            lists.setdefault(row.list, []).append(row)
    return lists


def items_of(found: Iterable[Found]) -> list[Item]:
    """Add the texts of records, in one query for all lists of a page."""
    found = list(found)
    codes = {row.key for row in found if row.kind in OF_RECORDS}
    texts: dict[str, list[TextVersion]] = {}
    current = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__code__in=codes)
    for text in current.select_related("recommendation") if codes else []:
        texts.setdefault(text.recommendation.code, []).append(text)
    kinds, verbs = labels_of_kinds(), verbs_of_kinds()
    return [
        Item(
            kind=kinds[row.kind],
            code=row.key if row.kind in WITH_CODE else "",
            title=text.text if text else title_of(row),
            language=text.language if text else row.language,
            institution=LazyI18nString(row.institution) if row.institution else None,
            day=row.day,
            href=reverse(PAGES[row.kind], args=[UUID(row.key) if row.kind in BY_UUID else row.key]),
            verb=verbs[row.kind],
        )
        for row in found
        for text in [next(iter(by_language(texts.get(row.key, []))), None)]
    ]


def title_of(row: Found) -> str:
    """An obligation without a title of its own goes by its kind, whose code stands in its place."""
    if row.kind == STEP:
        return shown_title(row.title)
    return str(dict(ObligationKind.choices).get(row.title, row.title)) if row.kind == OBLIGATION else row.title


def labels_of_kinds() -> dict[str, str]:
    return {
        ANSWER: _("Answer to a round"),
        RECORD: _("Assigned record"),
        ACTION: _("Action"),
        POSITION: _("Position of the State"),
        REPLY: _("Reply to a body"),
        OBLIGATION: _("Obligation"),
        STEP: _("Step towards an obligation"),
        LETTER: _("Reply to a letter or report"),
        PART: _("Contribution to a reply of the State"),
        SECTION: _("Section of a report"),
        TRANSLATION: _("Report to translate"),
        IMPORT: _("Import"),
        DRAFT: _("Update to finish"),
        APPROVAL: _("Update to approve"),
        PUBLICATION: _("Update to publish"),
        CONTRIBUTION: _("Contribution"),
        REFUSAL: _("Refused assignment"),
        PROPOSAL: _("Proposed position"),
    }


def verbs_of_kinds() -> dict[str, str]:
    review, view = _("Review it"), _("View")
    return {
        ANSWER: _("Send reminder"),
        RECORD: view,
        ACTION: view,
        POSITION: _("Set position"),
        REPLY: view,
        OBLIGATION: view,
        STEP: view,
        LETTER: view,
        PART: _("Write the answer"),
        SECTION: _("Write the section"),
        TRANSLATION: _("Translate the report"),
        IMPORT: review,
        DRAFT: _("Continue writing"),
        APPROVAL: review,
        PUBLICATION: review,
        CONTRIBUTION: _("Write an answer"),
        REFUSAL: _("Assign institutions"),
        PROPOSAL: _("Decide"),
    }
