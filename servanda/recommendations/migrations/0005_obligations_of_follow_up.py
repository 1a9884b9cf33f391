import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0004_question_links"),
        ("sources", "0007_obligations_with_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="followup",
            name="obligation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sources.obligation",
            ),
        ),
    ]
