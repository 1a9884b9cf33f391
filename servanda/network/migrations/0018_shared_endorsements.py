from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("network", "0017_endorsements_travel"),
    ]

    operations = [
        migrations.AddField(
            model_name="endorsement",
            name="is_shared",
            field=models.BooleanField(
                default=False,
                help_text="The entry and its note become public. Only entries of our own mechanism are shared.",
                verbose_name="share with the system that the practice comes from",
            ),
        ),
    ]
