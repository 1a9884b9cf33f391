"""The full-text index: the tokens of each row, as a recommendation, stored with the means of each engine.

`servanda.language` decides what a token is and what a query means; the engines only compare tokens and their
positions, so SQLite and PostgreSQL find the same rows. The order of results is that of the register.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import batched

from django.db import NotSupportedError, connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from servanda.kit.patterns import lazy_pattern
from servanda.language.words.search_query import Query, to_fts5, to_tsquery
from servanda.language.words.tokens import BREAK

ROWS_AT_ONCE = 1000
_AMONG = {
    "sqlite": " AND rowid IN (SELECT value FROM json_each(%s))",
    "postgresql": " AND {key} = ANY(SELECT value::bigint FROM json_array_elements_text(%s))",
}
_UP_TO = {"sqlite": " AND rowid <= %s", "postgresql": " AND {key} <= %s"}

# PostgreSQL's limits for one record; beyond them it silently drops tokens or refuses the row.
MOST_PLACES = 16_383
MOST_PLACES_OF_A_TOKEN = 255
MOST_BYTES = 900_000

_not_plain = lazy_pattern(r"[^0-9a-z\x80-\U0010ffff]")


@dataclass(frozen=True)
class SearchTable:
    """The index of one kind of rows: a table of tokens under the ids of these rows."""

    name: str
    key: str  # the column of the ids, in PostgreSQL

    @property
    def create(self) -> dict[str, list[str]]:
        # The `ascii` tokenizer of FTS5 splits at ASCII punctuation and spaces only, which no token contains.
        return {
            "sqlite": [
                f"CREATE VIRTUAL TABLE {self.name}"
                " USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii')"
            ],
            "postgresql": [
                f"CREATE TABLE {self.name} ({self.key} bigint PRIMARY KEY, tokens tsvector NOT NULL)",
                f"CREATE INDEX {self.name}_tokens ON {self.name} USING gin (tokens)",
            ],
        }

    @property
    def drop(self) -> str:
        return f"DROP TABLE IF EXISTS {self.name}"

    @property
    def _write(self) -> str:
        if connection.vendor == "sqlite":
            return f"INSERT OR REPLACE INTO {self.name} (rowid, tokens) VALUES (%s, %s)"
        return (
            f"INSERT INTO {self.name} ({self.key}, tokens)"
            " SELECT id, line::tsvector FROM unnest(%s::bigint[], %s::text[]) AS given (id, line)"
            f" ON CONFLICT ({self.key}) DO UPDATE SET tokens = EXCLUDED.tokens"
        )

    @property
    def _matching(self) -> str:
        if connection.vendor == "sqlite":
            return f"SELECT rowid AS id FROM {self.name} WHERE {self.name} MATCH %s"
        return f"SELECT {self.key} AS id FROM {self.name} WHERE tokens @@ %s::tsquery"

    def write(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        """Replace the tokens of rows, given by id; a row without texts gets an empty entry.

        Raises `ValueError` for strings that are no tokens.
        """
        with connection.cursor() as cursor:
            for batch in batched(rows, ROWS_AT_ONCE):
                latest = {pk: _within_limits(tokens) for pk, tokens in batch}
                if connection.vendor == "sqlite":
                    cursor.executemany(self._write, [(pk, _plain(tokens)) for pk, tokens in latest.items()])
                else:
                    lines = [_with_places(_plain(tokens)) for tokens in latest.values()]
                    cursor.execute(self._write, [list(latest), lines])

    def remove(self, ids: Iterable[int]) -> None:
        column = "rowid" if connection.vendor == "sqlite" else self.key
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {self.name} WHERE {column} = %s", [(pk,) for pk in ids])

    def matching(self, query: Query) -> RawSQL:
        """The ids of matching rows, for `filter(pk__in=matching(query))`."""
        return RawSQL(self._matching, [_rendered(query)])

    def first_matching(self, query: Query, most: int) -> RawSQL:
        """The lowest ids of matching rows; fast even where the query matches half of the index."""
        return RawSQL(f"{self._matching} ORDER BY id LIMIT {int(most)}", [_rendered(query)])

    def matching_among(self, query: Query, ids: Collection[int]) -> RawSQL:
        """Which of a few rows match; fast even where the query matches half of the index."""
        among = _AMONG[connection.vendor].format(key=self.key)
        return RawSQL(self._matching + among, [_rendered(query), json.dumps(list(ids))])

    def matching_up_to(self, query: Query, last: int) -> set[int]:
        """The ids of matching rows up to the id `last`."""
        with connection.cursor() as cursor:
            cursor.execute(self._matching + _UP_TO[connection.vendor].format(key=self.key), [_rendered(query), last])
            return {pk for (pk,) in cursor.fetchall()}


RECORDS = SearchTable("recommendations_search", "recommendation_id")
write, remove, matching = RECORDS.write, RECORDS.remove, RECORDS.matching
matching_among, matching_up_to = RECORDS.matching_among, RECORDS.matching_up_to


class SearchIndexOperation(Operation):
    """Creates the index in a migration, with the SQL of the engine."""

    def __init__(self, name: str = RECORDS.name, key: str = RECORDS.key) -> None:
        self.table = SearchTable(name, key)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The index is not a model, so the state does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "sqlite" and sqlite3.sqlite_version_info < (3, 43):
            raise NotSupportedError(
                _(
                    "Search needs SQLite 3.43 or newer; version %(version)s is installed. Install a newer version, "
                    "or use PostgreSQL."
                )
                % {"version": sqlite3.sqlite_version}
            )
        for statement in self.table.create[vendor]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(self.table.drop, params=None)

    def describe(self) -> str:
        return f"Create the full-text index {self.table.name}"


def _rendered(query: Query) -> str:
    return to_fts5(query) if connection.vendor == "sqlite" else to_tsquery(query)


def _plain(tokens: list[str]) -> str:
    if unfit := _not_plain.search("".join(tokens)):
        raise ValueError(f"{unfit[0]!r} is no part of a token: tokens come from servanda.language.words.tokens")
    return " ".join(tokens)


def _with_places(line: str) -> str:
    return " ".join([f"'{token}':{place}" for place, token in enumerate(line.split(" "), 1)])


def _within_limits(tokens: list[str]) -> list[str]:
    """The same limits for both engines, so that they find the same very long records."""
    placed = tokens if tokens[:1] == [BREAK] else [BREAK, *tokens]
    if len(placed) <= MOST_PLACES_OF_A_TOKEN:
        return placed
    kept_tokens, occurrences, size = [], Counter[str](), 0
    for token in placed[:MOST_PLACES]:
        occurrences[token] += 1
        size += len(token.encode()) + 8
        if size > MOST_BYTES:
            break
        kept_tokens.append(token if occurrences[token] <= MOST_PLACES_OF_A_TOKEN else BREAK)
    return kept_tokens
