import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0005_replies_in_clearance"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="speaks_for",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.institution",
            ),
        ),
    ]
