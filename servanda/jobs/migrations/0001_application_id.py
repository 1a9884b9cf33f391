"""Runs before every other migration of Servanda: a database that lacks it was written before version 0.1.0."""

from django.db import migrations

APPLICATION_ID = 0x53727661  # "Srva"


def set_application_id(apps, schema_editor):
    """SQLite keeps in the head of the file whose database it is; a restore looks at it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"PRAGMA application_id = {APPLICATION_ID}")


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunPython(set_application_id, migrations.RunPython.noop, elidable=False)]
