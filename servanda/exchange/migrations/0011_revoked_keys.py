from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0010_decisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='parcel',
            name='revoked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
