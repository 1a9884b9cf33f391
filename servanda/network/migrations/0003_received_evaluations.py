import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0002_evaluations_between_systems")]

    operations = [
        migrations.AlterModelOptions(
            name="cooperationevaluation",
            options={
                "verbose_name": "evaluation of a cooperation",
                "verbose_name_plural": "evaluations of cooperation",
            },
        ),
        migrations.AlterField(
            model_name="cooperationevaluation",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="release",
            name="kind",
            field=models.CharField(
                choices=[
                    ("request", "Requests for assistance"),
                    ("offer", "Offers of assistance"),
                    ("meeting", "Meetings"),
                    ("training", "Training"),
                    ("evaluation", "Evaluations of assistance"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="ReceivedEvaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("requester", "The mechanism that asked"), ("provider", "The mechanism that helped")],
                        max_length=9,
                        verbose_name="side",
                    ),
                ),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Not useful"), (2, "Of some use"), (3, "Useful"), (4, "Very useful")],
                        verbose_name="usefulness",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="evaluation")),
                ("sender", models.CharField(max_length=200, verbose_name="sender")),
                ("day", models.DateField(verbose_name="date")),
                ("origin", models.URLField(editable=False, max_length=500, unique=True, verbose_name="origin")),
                ("received_on", models.DateField(editable=False, verbose_name="received on")),
                ("is_unsigned", models.BooleanField(default=False, editable=False)),
                (
                    "cooperation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="received_evaluations",
                        to="network.cooperation",
                    ),
                ),
            ],
            options={"ordering": ["-side", "day", "pk"]},
        ),
    ]
