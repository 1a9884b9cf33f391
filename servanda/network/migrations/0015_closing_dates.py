
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0014_reports_and_indicators_of_peers'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='cooperation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='network.cooperation', verbose_name='cooperation'),
        ),
        migrations.AddField(
            model_name='coursesession',
            name='closes_on',
            field=models.DateField(blank=True, null=True, verbose_name='registration closes on'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='closes_on',
            field=models.DateField(blank=True, null=True, verbose_name='registration closes on'),
        ),
    ]
