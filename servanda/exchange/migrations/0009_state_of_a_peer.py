
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0008_unsigned_files'),
        ('vocab', '0001_squashed_0003_names_of_objects'),
    ]

    operations = [
        migrations.AddField(
            model_name='peer',
            name='country',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.country'),
        ),
    ]
