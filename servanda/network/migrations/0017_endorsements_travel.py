import uuid

from django.db import migrations, models
from django.db.models import Q


def give_keys(apps, _schema_editor):
    Endorsement = apps.get_model("network", "Endorsement")
    for row in Endorsement.objects.only("pk").iterator():
        Endorsement.objects.filter(pk=row.pk).update(key=uuid.uuid4())


class Migration(migrations.Migration):

    dependencies = [
        ("network", "0016_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="endorsement",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="endorsement",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="receivedendorsement",
            name="origin",
            field=models.URLField(blank=True, editable=False, max_length=500, verbose_name="origin"),
        ),
        migrations.AddField(
            model_name="receivedendorsement",
            name="received_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="received on"),
        ),
        migrations.AddField(
            model_name="receivedendorsement",
            name="is_unsigned",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="receivedendorsement",
            constraint=models.UniqueConstraint(
                condition=~Q(origin=""), fields=["origin"], name="one_endorsement_of_an_origin"
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedendorsement",
            constraint=models.CheckConstraint(
                condition=Q(origin="") | Q(received_on__isnull=False), name="a_received_endorsement_has_its_date"
            ),
        ),
    ]
