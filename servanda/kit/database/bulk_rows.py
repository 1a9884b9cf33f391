"""Many rows into one table at once, past the object layer: an import writes millions of them."""

from collections.abc import Iterable, Sequence

from django.db import connection, models


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Insert rows that give the named fields; every other field takes its default, the same for all rows.

    Values are those of the database (keys of foreign keys, dates as dates). No history, no `save()`.
    """
    rows = list(rows)
    if not rows:
        return
    fields = {field.name: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in names]
    others = [field for field in fields.values() if field not in given and not field.primary_key]
    fixed = tuple(default_of(field) for field in others)
    columns = [str(field.column) for field in (*given, *others)]
    if connection.vendor == "postgresql":
        copy_rows(model, columns, rows, fixed)
    else:
        execute_rows(model, columns, rows, fixed)


def default_of(field: models.Field) -> object:
    """The value that a new row gets; "now" for the fields that remember when it was written."""
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


def count_anew(written: Iterable[type[models.Model]]) -> None:
    """Let PostgreSQL count tables that many rows were written into. It does so by itself within minutes; until then
    it takes them for empty, and what is asked right after an import can take many times as long."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in written)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def next_keys(model: type[models.Model], number: int) -> list[int]:
    """Primary keys that no other row has or will get; call it in the transaction that uses them."""
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
