"""Bulk inserts that bypass the ORM: an import writes millions of rows."""

from collections.abc import Iterable, Sequence

from django.db import connection, models


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Insert rows that give the named fields; every other field takes its default, the same for all rows.

    Values are those of the database (primary keys for foreign keys, dates as dates). No history is written, and
    `save()` is not called.
    """
    rows = list(rows)
    if not rows:
        return
    fields = {field.name: field for field in model._meta.concrete_fields}
    given_fields = [fields[name] for name in names]
    other_fields = [field for field in fields.values() if field not in given_fields and not field.primary_key]
    fixed = tuple(default_of(field) for field in other_fields)
    columns = [str(field.column) for field in (*given_fields, *other_fields)]
    if connection.vendor == "postgresql":
        copy_rows(model, columns, rows, fixed)
    else:
        execute_rows(model, columns, rows, fixed)


def default_of(field: models.Field) -> object:
    """The value that a new row gets; the current time for `auto_now` and `auto_now_add` fields."""
    value = field.pre_save(field.model(), add=True)
    return field.get_db_prep_save(value, connection)


def execute_rows(model: type[models.Model], columns: Sequence[str], rows: list[tuple], fixed: tuple) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})",
            [row + fixed for row in rows],
        )


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: list[tuple], fixed: tuple) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row + fixed)


def analyze_tables(models_written: Iterable[type[models.Model]]) -> None:
    """Update PostgreSQL's statistics of tables into which many rows were written. It does so by itself within
    minutes; until then it plans queries as if the tables were empty, which can make them many times slower."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models_written)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def next_keys(model: type[models.Model], number: int) -> list[int]:
    """Primary keys that no other row has or will get; call this in the transaction that uses them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, model._meta.pk.column, number],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + number))
