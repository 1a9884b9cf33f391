from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0003_received_evaluations")]

    operations = [
        migrations.AddField(
            model_name="receivedendorsement",
            name="is_invented",
            field=models.BooleanField(default=False, editable=False, verbose_name="invented"),
        ),
        migrations.AddField(
            model_name="receivedevaluation",
            name="is_invented",
            field=models.BooleanField(default=False, editable=False, verbose_name="invented"),
        ),
    ]
