"""The full-text index: the tokens of each recommendation, stored with the means of each engine.

`servanda.language` decides what a token is and what a query means; the engines only compare tokens and their
positions, so SQLite and PostgreSQL find the same recommendations. The order of results is that of the register.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import batched

from django.db import NotSupportedError, connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from servanda.language.words.search_query import Query, to_fts5, to_tsquery
from servanda.language.words.tokens import BREAK

ROWS_AT_ONCE = 1000
# The `ascii` tokenizer of FTS5 splits at ASCII punctuation and spaces only, which no token contains.
CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE recommendations_search"
        " USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii')"
    ],
    "postgresql": [
        "CREATE TABLE recommendations_search (recommendation_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX recommendations_search_tokens ON recommendations_search USING gin (tokens)",
    ],
}
DROP = "DROP TABLE IF EXISTS recommendations_search"
_WRITE = {
    "sqlite": "INSERT OR REPLACE INTO recommendations_search (rowid, tokens) VALUES (%s, %s)",
    "postgresql": (
        "INSERT INTO recommendations_search (recommendation_id, tokens)"
        " SELECT id, line::tsvector FROM unnest(%s::bigint[], %s::text[]) AS given (id, line)"
        " ON CONFLICT (recommendation_id) DO UPDATE SET tokens = EXCLUDED.tokens"
    ),
}
_REMOVE = {
    "sqlite": "DELETE FROM recommendations_search WHERE rowid = %s",
    "postgresql": "DELETE FROM recommendations_search WHERE recommendation_id = %s",
}
_MATCHING = {
    "sqlite": "SELECT rowid AS id FROM recommendations_search WHERE recommendations_search MATCH %s",
    "postgresql": "SELECT recommendation_id AS id FROM recommendations_search WHERE tokens @@ %s::tsquery",
}
_AMONG = {
    "sqlite": " AND rowid IN (SELECT value FROM json_each(%s))",
    "postgresql": " AND recommendation_id = ANY(SELECT value::bigint FROM json_array_elements_text(%s))",
}
_UP_TO = {"sqlite": " AND rowid <= %s", "postgresql": " AND recommendation_id <= %s"}

# PostgreSQL's limits for one record; beyond them it silently drops tokens or refuses the row.
MOST_PLACES = 16_383
MOST_PLACES_OF_A_TOKEN = 255
MOST_BYTES = 900_000

_not_plain = re.compile(r"[^0-9a-z\x80-\U0010ffff]")


class SearchIndexOperation(Operation):
    """Creates the index in a migration, with the SQL of the engine."""

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
        for statement in CREATE[vendor]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(DROP, params=None)

    def describe(self) -> str:
        return "Create the full-text index of recommendations"


def write(rows: Iterable[tuple[int, list[str]]]) -> None:
    """Replace the tokens of recommendations, given by id; a record without texts gets an empty entry.

    Raises `ValueError` for strings that are no tokens.
    """
    with connection.cursor() as cursor:
        for batch in batched(rows, ROWS_AT_ONCE):
            latest = {pk: _within_limits(tokens) for pk, tokens in batch}
            if connection.vendor == "sqlite":
                cursor.executemany(_WRITE["sqlite"], [(pk, _plain(tokens)) for pk, tokens in latest.items()])
            else:
                lines = [_with_places(_plain(tokens)) for tokens in latest.values()]
                cursor.execute(_WRITE["postgresql"], [list(latest), lines])


def remove(ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_REMOVE[connection.vendor], [(pk,) for pk in ids])


def matching(query: Query) -> RawSQL:
    """The ids of matching recommendations, for `filter(pk__in=matching(query))`."""
    return RawSQL(_MATCHING[connection.vendor], [_rendered(query)])


def matching_among(query: Query, ids: Collection[int]) -> RawSQL:
    """Which of a few recommendations match; fast even where the query matches half of the register."""
    return RawSQL(_MATCHING[connection.vendor] + _AMONG[connection.vendor], [_rendered(query), json.dumps(list(ids))])


def matching_up_to(query: Query, last: int) -> set[int]:
    """The ids of matching recommendations up to the id `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHING[connection.vendor] + _UP_TO[connection.vendor], [_rendered(query), last])
        return {pk for (pk,) in cursor.fetchall()}


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
