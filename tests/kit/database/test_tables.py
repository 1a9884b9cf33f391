import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from servanda.kit.database.tables import CreateTables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
KEY = ("id", models.BigAutoField(primary_key=True))
CODE = ("code", models.CharField(max_length=8))


def operations() -> list:
    """Two tables that name each other, with a constraint and an index that are added later."""
    unique = models.UniqueConstraint(fields=["code"], name="one_house_of_a_code")
    indexes = [models.Index(fields=["code"], name="houses_by_code")]
    return [
        migrations.CreateModel("House", [KEY, CODE], {"indexes": indexes}),
        migrations.CreateModel("Room", [KEY, ("house", models.ForeignKey("planted.House", models.CASCADE))]),
        migrations.AddField("House", "first", models.ForeignKey("planted.Room", models.CASCADE, null=True)),
        migrations.AddField("House", "rooms", models.ManyToManyField("planted.Room", related_name="+")),
        migrations.AddConstraint("House", unique),
    ]


def tables() -> dict[str, tuple]:
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name.startswith("planted_")]
        return {name: (columns(cursor, name), constraints(cursor, name)) for name in names}


def columns(cursor, name: str) -> list[tuple[str, bool]]:
    return sorted((row.name, row.null_ok) for row in connection.introspection.get_table_description(cursor, name))


def constraints(cursor, name: str) -> list[tuple]:
    found = connection.introspection.get_constraints(cursor, name).values()
    return sorted((row["columns"], row["unique"], row["index"], row["foreign_key"] or ()) for row in found)


def migrate(steps: list) -> tuple[ProjectState, ProjectState]:
    before = ProjectState()
    state = before.clone()
    for step in steps:
        earlier = state.clone()
        step.state_forwards("planted", state)
        with connection.schema_editor() as editor:
            step.database_forwards("planted", editor, earlier, state)
    return before, state


def test_the_tables_are_those_that_the_operations_make_one_by_one_and_go_again():
    _before, state = migrate(operations())
    one_by_one = tables()
    with connection.schema_editor() as editor:
        for name in ("House", "Room"):
            editor.delete_model(state.apps.get_model("planted", name))
    assert tables() == {}
    together = CreateTables(operations())
    before, state = migrate([together])
    assert tables() == one_by_one
    assert set(one_by_one) == {"planted_house", "planted_house_rooms", "planted_room"}
    with connection.schema_editor() as editor:
        together.database_backwards("planted", editor, state, before)
    assert tables() == {}
