import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def record_that_no_reason_was_recorded(apps, schema_editor):
    contributions = apps.get_model("progress", "Contribution").objects.using(schema_editor.connection.alias)
    contributions.filter(state="declined", decline_reason="").update(decline_reason="not-recorded")


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0001_initial'),
        ('people', '0009_accreditations'),
        ('planning', '0004_who_usually_leads'),
        ('progress', '0005_reminders_of_replies_to_bodies'),
        ('recommendations', '0019_public_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AssessmentReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='reply of the State')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='replied at')),
            ],
            options={
                'verbose_name': 'reply to an assessment',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='assessment',
            name='accreditation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.accreditation'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='copied_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='progress.assessment'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='decline_reason',
            field=models.CharField(blank=True, choices=[('off-topic', 'Off topic'), ('identifies-person', 'Identifies a person'), ('unlawful', 'Offensive or unlawful content'), ('duplicate', 'Duplicate'), ('no-source', 'No source for a factual claim'), ('advertising', 'Advertising or spam'), ('test', 'Test or empty message'), ('not-recorded', 'Reason not recorded')], max_length=17, verbose_name='reason for not publishing it'),
        ),
        migrations.RunPython(record_that_no_reason_was_recorded, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('accreditation', None), models.Q(('institution__isnull', False), ('is_published', True), ('voice', 'independent')), _connector='OR'), name='signed_assessment_is_published_for_an_institution'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decline_reason__gt', ''), ('state', 'declined')), models.Q(models.Q(('state', 'declined'), _negated=True), ('decline_reason', '')), _connector='OR'), name='contribution_declined_for_a_listed_reason'),
        ),
        migrations.AddField(
            model_name='assessmentreply',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='progress.assessment'),
        ),
        migrations.AddField(
            model_name='assessmentreply',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='assessmentreply',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reply_says_something'),
        ),
    ]
