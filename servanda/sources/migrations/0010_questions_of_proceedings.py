from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0009_past_deadlines'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='is_of_proceeding',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='question',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('is_of_proceeding', False), models.Q(('confidentiality', 'restricted'), ('document', None)), _connector='OR'), name='question_of_a_proceeding_is_restricted'),
        ),
    ]
