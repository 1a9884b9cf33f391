from django.db import migrations


def mark_received(apps, _schema_editor):
    """What was received of peers whose feed for members is read may be for members only."""
    received = apps.get_model("exchange", "Received").objects.filter(peer__reads_members=True)
    for name in ("Assistance", "Practice"):
        rows = apps.get_model("network", name).objects.exclude(origin="")
        rows.filter(origin__in=received.values("object_id")).update(is_for_members=True)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_digests_of_shared_objects"),
        ("network", "0006_received_for_members"),
    ]

    operations = [migrations.RunPython(mark_received, migrations.RunPython.noop)]
