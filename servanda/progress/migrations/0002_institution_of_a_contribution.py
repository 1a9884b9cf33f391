import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0006_speaks_for"),
        ("progress", "0001_squashed_0007_name_of_answer_sheets"),
    ]

    operations = [
        migrations.AddField(
            model_name="contribution",
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
