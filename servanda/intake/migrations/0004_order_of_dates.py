from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0003_what_a_row_showed"),
    ]

    operations = [
        migrations.AddField(
            model_name="sendermapping",
            name="month_first",
            field=models.BooleanField(default=False, verbose_name="month before day"),
        ),
    ]
