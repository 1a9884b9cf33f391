import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0006_speaks_for"),
        ("reporting", "0015_cases_and_accepted_gaps"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultationcomment",
            name="institution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.institution",
                verbose_name="institution",
            ),
        ),
    ]
