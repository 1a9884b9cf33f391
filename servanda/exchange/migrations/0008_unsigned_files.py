
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0007_failures'),
    ]

    operations = [
        migrations.AddField(
            model_name='parcel',
            name='sender',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='parcel',
            name='fingerprint',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='peer',
            name='fingerprint',
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
