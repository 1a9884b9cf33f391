
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0012_unsigned'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceivedEndorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mechanism', models.CharField(max_length=200, verbose_name='mechanism')),
                ('kind', models.CharField(choices=[('endorsed', 'Endorsed'), ('tried', 'Tried')], max_length=8, verbose_name='kind')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('day', models.DateField(verbose_name='date')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='received_endorsements', to='network.practice')),
            ],
            options={
                'ordering': ['day', 'pk'],
            },
        ),
    ]
