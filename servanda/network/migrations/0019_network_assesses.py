"""The network assesses the commitments of its members, like other bodies whose records are followed up."""

from django.db import migrations


def let_the_network_assess(apps, schema_editor):
    apps.get_model("vocab", "Body").objects.filter(code="NMIRF-NET").update(assesses=True)


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0018_shared_endorsements"),
        ("vocab", "0001_squashed_0003_names_of_objects"),
    ]

    operations = [migrations.RunPython(let_the_network_assess, migrations.RunPython.noop)]
