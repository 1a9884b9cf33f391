
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0011_agreements_and_invitations'),
    ]

    operations = [
        migrations.AddField(
            model_name='assistance',
            name='is_unsigned',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='mechanismprofile',
            name='is_unsigned',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='peeraction',
            name='is_unsigned',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='peeranswer',
            name='is_unsigned',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='peerentry',
            name='is_unsigned',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='is_unsigned',
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
