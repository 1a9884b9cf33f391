import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0001_squashed_0017_published_days'),
        ('sources', '0001_squashed_0015_responsible_persons'),
    ]

    operations = [
        migrations.AlterField(
            model_name='legalhold',
            name='obligation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.obligation'),
        ),
    ]
