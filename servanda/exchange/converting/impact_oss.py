"""The tables of IMPACT OSS, each a CSV file with its name in one folder.

Column names and values are those of its server's schema of October 2025 (repository impactoss/impactoss-server) and
of the forms of its client (impactoss/impactoss-client). Drafts and archived rows are left out, because only published
parts are exchanged. Taxonomies are recognised by the titles with which the server is set up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from servanda.exchange.converting.objects import Converted, Origin, convert_rows, keep_valid
from servanda.exchange.format.kinds import KINDS, id_of
from servanda.kit.files import plain_text
from servanda.kit.refusal import Unreadable
from servanda.sources.candidates import Candidate, Label, PrintedPosition, Problem, Stand
from servanda.sources.printed.texts import clean
from servanda.sources.printed.values import whole_date

type Row = Mapping[str, str]

BODY, CYCLE, STATE, STATUS = "Human rights body", "Cycle", "Recommending state", "Progress status"
SCHEMES = {"Human rights issue": "uhri-theme", "Affected persons": "uhri-group", "SDGs": "sdg"}
SUPPORT = {"2": Stand.SUPPORTED, "1": Stand.PARTLY, "0": Stand.NOTED}
ACCEPTED = {True: Stand.SUPPORTED, False: Stand.NOTED}  # before there was a level of support
STATUSES = {"in preparation": "planned", "in progress": "in-progress", "completed": "completed"}
TRUE, FALSE = {"t", "true", "1"}, {"f", "false", "0"}
LONGEST_TITLE = 1000
NEEDED = {  # columns, by table
    "taxonomies": ("id", "title"),
    "categories": ("id", "title", "taxonomy_id"),
    "recommendations": ("id", "title", "reference"),
    "recommendation_categories": ("recommendation_id", "category_id"),
    "measures": ("id", "title", "reference"),
    "measure_categories": ("measure_id", "category_id"),
    "recommendation_measures": ("recommendation_id", "measure_id"),
}


@dataclass(frozen=True)
class Tables:
    folder: Path

    def rows(self, name: str, *, is_needed: bool = False) -> list[Row]:
        """With empty cells where a row is shorter than the others. Raises `Unreadable` for a needed table without a
        file, for a file that is no CSV, and for one without a needed column."""
        path = self.folder / f"{name}.csv"
        if not path.is_file():
            if is_needed:
                raise Unreadable(_("There is no file %(file)s in the folder.") % {"file": path.name})
            return []
        encoding = plain_text.encoding_of(path)
        lines = plain_text.rows(path, encoding, plain_text.separator_of(path, encoding) or ",")
        header = next(lines, (1, []))[1]
        if not header and not is_needed:
            return []
        if missing := [column for column in NEEDED.get(name, ()) if column not in header]:
            sentence = _("%(file)s has no column “%(column)s”.")
            raise Unreadable(sentence % {"file": path.name, "column": missing[0]})
        empty = dict.fromkeys(header, "")
        return [empty | dict(zip(header, cells, strict=False)) for _line, cells in lines if any(cells)]

    @cached_property
    def categories(self) -> dict[str, Row]:
        titles = {row["id"]: row["title"] for row in self.rows("taxonomies")}
        rows = self.rows("categories")
        return {row["id"]: {**row, "taxonomy": titles.get(row.get("taxonomy_id", ""), "")} for row in rows}

    def categories_by(self, name: str, column: str) -> dict[str, list[Row]]:
        """The categories of each row of a table, through its table of links."""
        found = defaultdict(list)
        for link in self.rows(name):
            if category := self.categories.get(link.get("category_id", "")):
                found[link.get(column, "")].append(category)
        return found

    @cached_property
    def recommendations(self) -> list[Row]:
        return self.rows("recommendations", is_needed=True)

    @cached_property
    def measures(self) -> list[Row]:
        return self.rows("measures")


def convert_impact_oss(folder: Path, *, origin: Origin, body: str = "") -> Converted:
    """Recommendations and actions. `body` is that of recommendations without a category of a body.

    Raises `Unreadable`.
    """
    tables = Tables(folder)
    done = convert_rows(candidates(tables, body), origin)
    published = {value["code"] for value in done.objects}
    done.objects += actions(tables, published, origin, done)
    done.notes.update(left_out(tables))
    keep_valid(done)
    return done


def is_published(row: Row) -> bool:
    return row.get("draft", "") not in TRUE and row.get("is_archive", "") not in TRUE


def left_out(tables: Tables) -> Iterator[str]:
    for rows, sentence in (
        (tables.recommendations, _("Recommendations that are drafts or archived")),
        (tables.measures, _("Actions that are drafts or archived")),
    ):
        yield from (sentence for row in rows if not is_published(row))
    yield from (_("Indicators, which have no unit there") for _row in tables.rows("indicators"))
    yield from (_("Progress reports, which have no kind in the format") for _row in tables.rows("progress_reports"))


def candidates(tables: Tables, body: str) -> Iterator[tuple[str, Candidate]]:
    """In the order of the table; the place of a row is its reference."""
    categories = tables.categories_by("recommendation_categories", "recommendation_id")
    for row in filter(is_published, tables.recommendations):
        yield clean(row["reference"]), candidate(row, categories.get(row["id"], []), tables, body)


def candidate(row: Row, categories: list[Row], tables: Tables, body: str) -> Candidate:
    problems: list[Problem] = []
    text = clean(row.get("description", "")) or clean(row["title"])
    bodies, day = body_and_day(categories, tables)
    found = Candidate(
        where=clean(row["reference"]) or f"#{row['id']}",
        raw="",
        body=next(iter(bodies), body),
        other_bodies=bodies[1:],
        texts={"": text} if text else {},
        published=whole_date(day, "date", problems),
        recommending=[clean(category["title"]) for category in categories if category["taxonomy"] == STATE],
        position=position_of(row),
        labels=list(labels(categories)),
        problems=problems,
    )
    if not text:
        problems.append(Problem("text", _("The record has no text.")))
    return found


def body_and_day(categories: list[Row], tables: Tables) -> tuple[list[str], str]:
    """Names of the body, the short one first, and the day of its cycle, which is a child of the body."""
    cycles = [category for category in categories if category["taxonomy"] == CYCLE]
    parents = [tables.categories.get(cycle.get("parent_id", "")) for cycle in cycles]
    bodies = [category for category in [*categories, *filter(None, parents)] if category["taxonomy"] == BODY]
    names = [clean(name) for row in bodies for name in (row.get("short_title", ""), row["title"]) if name.strip()]
    return list(dict.fromkeys(names)), next((day for cycle in cycles if (day := cycle.get("date", ""))), "")


def position_of(row: Row) -> PrintedPosition | None:
    """The level of support where there is one, else whether the recommendation was accepted."""
    accepted = row.get("accepted", "")
    stand = SUPPORT.get(row.get("support_level", ""))
    if stand is None and accepted in TRUE | FALSE:
        stand = ACCEPTED[accepted in TRUE]
    return PrintedPosition(stand, comment=clean(row.get("response", ""))) if stand else None


def labels(categories: list[Row]) -> Iterator[Label]:
    for category in categories:
        if scheme := SCHEMES.get(category["taxonomy"]):
            name = category.get("reference", "") if scheme == "sdg" else category["title"]
            yield Label(scheme, clean(name or category["title"]))


def actions(tables: Tables, published: set[str], origin: Origin, done: Converted) -> Iterator[dict[str, Any]]:
    categories = tables.categories_by("measure_categories", "measure_id")
    references = {row["id"]: clean(row["reference"]) for row in tables.recommendations}
    served = defaultdict(list)
    for link in tables.rows("recommendation_measures"):
        if (code := references.get(link["recommendation_id"])) in published:
            served[link["measure_id"]].append(code)
    for row in filter(is_published, tables.measures):
        names = [clean(category["title"]) for category in categories[row["id"]] if category["taxonomy"] == STATUS]
        status = next((STATUSES[name.casefold()] for name in names if name.casefold() in STATUSES), "")
        if not status:
            done.notes[_("Actions without a known status, written as planned")] += 1
        yield action(row, status or "planned", served[row["id"]], origin, done)


def action(row: Row, status: str, codes: list[str], origin: Origin, done: Converted) -> dict[str, Any]:
    problems: list[Problem] = []
    code = clean(row["reference"]) or f"measure-{clean(row['id'])}"
    due = whole_date(row.get("target_date", ""), "target_date", problems)
    if problems:
        done.notes[_("Target dates that are not dates")] += 1
    value = {
        "id": id_of(KINDS["action"], code, origin.site),
        "type": "Action",
        "code": code,
        "title": clean(row["title"])[:LONGEST_TITLE],
        "status": status,
        "recommendations": codes,
    }
    return value | ({"due_on": due.isoformat()} if due else {})
