
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0006_rule_kinds'),
    ]

    operations = [
        migrations.AddField(
            model_name='peer',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
