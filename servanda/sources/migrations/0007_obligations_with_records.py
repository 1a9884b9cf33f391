from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0006_questions")]

    operations = [
        migrations.AddField(
            model_name=name,
            name=field,
            field=models.BooleanField(default=False, editable=False),
        )
        for name in ("obligation", "historicalobligation")
        for field in ("has_records", "is_made_for_records")
    ]
