import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0004_order_of_dates"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="takes_comments",
            field=models.BooleanField(default=False, verbose_name="import comments in cells as notes"),
        ),
        migrations.CreateModel(
            name="CellComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(blank=True, max_length=120, verbose_name="sheet")),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("column", models.CharField(max_length=200, verbose_name="column")),
                ("author", models.CharField(blank=True, max_length=100, verbose_name="author")),
                ("text", models.TextField(verbose_name="comment")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cell_comments", to="intake.batch"
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
