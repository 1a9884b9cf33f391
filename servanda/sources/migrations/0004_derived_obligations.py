from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0003_units_of_obligations")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="is_derived",
            field=models.BooleanField(default=False, editable=False),
        )
        for name in ("obligation", "historicalobligation")
    ]
