"""Single things that have a deadline or await a decision, of several kinds in one list, each with one action."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Expression, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from servanda.kit.database.kept_texts import Text
from servanda.recommendations.models import TextVersion, by_language
from servanda.recommendations.records.sql_text import plain_text_of, read_union
from servanda.sources.models.step_titles import shown_title
from servanda.vocab.models import ObligationKind

OVERDUE, WEEK = "overdue", "week"  # lists of what has a deadline
SHOWN = ("key", "title", "language", "institution", "at")  # columns of `Found`
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

KINDS = {
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
REVIEW, VIEW = _("Review it"), _("View")
VERBS = {
    ANSWER: _("Send reminder"),
    RECORD: VIEW,
    ACTION: VIEW,
    POSITION: _("Set position"),
    REPLY: VIEW,
    OBLIGATION: VIEW,
    STEP: VIEW,
    LETTER: VIEW,
    PART: _("Write the answer"),
    SECTION: _("Write the section"),
    TRANSLATION: _("Translate the report"),
    IMPORT: REVIEW,
    DRAFT: _("Continue writing"),
    APPROVAL: REVIEW,
    PUBLICATION: REVIEW,
    CONTRIBUTION: _("Write an answer"),
    REFUSAL: _("Assign institutions"),
    PROPOSAL: _("Decide"),
}


class Found(NamedTuple):
    """A row of the combined query: which thing of which institution is found, and since or until when."""

    source: int
    key: str
    title: str
    language: str  # of the title, where it is a text; empty for others
    institution: str  # its name as stored, in several languages
    at: str  # date and time as text, which both engines order alike
    kind: str = ""

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


class Part(NamedTuple):
    """The query for one source."""

    kind: str
    list: str
    on: date | None
    text: Text

    def list_of(self, row: Found) -> str:
        if self.on is None:
            return self.list
        return OVERDUE if row.day < self.on else WEEK


class Source(NamedTuple):
    """Things of one kind, for one list, or by their deadline for the two of what has one."""

    kind: str
    rows: QuerySet
    columns: Columns
    list: str = ""
    on: date | None = None  # what is due earlier is overdue

    def part(self, number: int) -> Part:
        """What is read of it: the first rows of each list by date. Columns are converted in the text and not by
        Django, which takes longer to put that together than the database needs to answer it."""
        names = {f"row_{name}": column for name in SHOWN if (column := getattr(self.columns, name))}
        values = ", ".join(converted(f"row_{name}") if f"row_{name}" in names else "''" for name in SHOWN)
        place = "ROW_NUMBER() OVER (PARTITION BY row_at < %s ORDER BY row_at, row_key) AS place"
        rows = plain_text_of(self.rows.values_list(*names.values()))
        placed = f"WITH part({', '.join(names)}) AS ({rows.sql}) SELECT *, {place} FROM part"
        text = Text(
            f"SELECT {number}, {values} FROM ({placed}) AS placed WHERE place <= {MOST}",
            (*rows.params, (self.on or date.min).isoformat()),
        )
        return Part(self.kind, self.list, self.on, text)


def converted(name: str) -> str:
    text = f"COALESCE(CAST({name} AS text), '')"
    return f"substr({text}, 1, {LONGEST_TITLE})" if name == "row_title" else text


def first_rows(name: str, kind: str, rows: QuerySet, columns: Columns) -> Source:
    """The first rows of one kind by date."""
    return Source(kind, rows.order_by(columns.at, "pk")[:MOST], columns, list=name)


def first_by_deadline(kind: str, rows: QuerySet, on: date, columns: Columns) -> Source:
    """The first rows of one kind that are overdue on a day, and the first that are due from that day on in a week."""
    return Source(kind, rows.order_by().filter(**{f"{columns.at}__lte": on + DAYS}), columns, on=on)


def parts_of(sources: Iterable[Source]) -> list[Part]:
    """Without sources that can have no rows."""
    parts: list[Part] = []
    for source in sources:
        with suppress(EmptyResultSet):
            parts.append(source.part(len(parts)))
    return parts


def read_lists(parts: Sequence[Part]) -> dict[str, list[Found]]:
    """The first things of each list by date, each thing once, in one query."""
    lists: dict[str, list[Found]] = {}
    found = {Found(*row, kind=parts[row[0]].kind) for row in read_union([part.text for part in parts])}
    for row in sorted(found, key=lambda row: (row.at, row.kind, row.key)):
        lists.setdefault(parts[row.source].list_of(row), []).append(row)
    return lists


def items_of(found: Iterable[Found]) -> list[Item]:
    """Add the texts of records, in one query for all lists of a page."""
    found = list(found)
    codes = {row.key for row in found if row.kind in OF_RECORDS}
    texts: dict[str, list[TextVersion]] = {}
    current = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__code__in=codes)
    for text in current.select_related("recommendation") if codes else []:
        texts.setdefault(text.recommendation.code, []).append(text)
    return [
        Item(
            kind=KINDS[row.kind],
            code=row.key if row.kind in WITH_CODE else "",
            title=text.text if text else title_of(row),
            language=text.language if text else row.language,
            institution=LazyI18nString(row.institution) if row.institution else None,
            day=row.day,
            href=reverse(PAGES[row.kind], args=[UUID(row.key) if row.kind in BY_UUID else row.key]),
            verb=VERBS[row.kind],
        )
        for row in found
        for text in [next(iter(by_language(texts.get(row.key, []))), None)]
    ]


def title_of(row: Found) -> str:
    """An obligation without a title of its own goes by its kind, whose code stands in its place."""
    if row.kind == STEP:
        return shown_title(row.title)
    return str(dict(ObligationKind.choices).get(row.title, row.title)) if row.kind == OBLIGATION else row.title
