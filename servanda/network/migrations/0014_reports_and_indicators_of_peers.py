
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0013_received_endorsements'),
        ('vocab', '0001_squashed_0003_names_of_objects'),
    ]

    operations = [
        migrations.AddField(
            model_name='peerentry',
            name='country',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.country', verbose_name='State'),
        ),
        migrations.AlterField(
            model_name='peerentry',
            name='kind',
            field=models.CharField(choices=[('meeting', 'Meetings'), ('training', 'Training'), ('commitment', 'Commitments'), ('report', 'Reports'), ('indicator', 'Indicators')], max_length=10),
        ),
    ]
