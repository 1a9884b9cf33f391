import uuid

from django.db import migrations, models


def give_keys(apps, schema_editor):
    for row in apps.get_model("network", "CooperationEvaluation").objects.filter(key=None).iterator():
        row.key = uuid.uuid4()
        row.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("network", "0001_squashed_0019_network_assesses")]

    operations = [
        migrations.AddField(
            model_name="cooperationevaluation",
            name="key",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
