import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_reading_without_the_machine'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('appointed', 'Appointed'), ('appointment-ended', 'Appointment ended'), ('handed-over', 'Handed over'), ('role-changed', 'Role changed'), ('invitation-accepted', 'Invitation accepted'), ('import-ready', 'Import ready'), ('import-applied', 'Import applied'), ('import-failed', 'Import failed'), ('people-sheet-ready', 'File of institutions and people ready'), ('people-sheet-applied', 'File of institutions and people applied'), ('people-sheet-failed', 'File of institutions and people not taken in'), ('assignment-refused', 'Assignment refused'), ('contribution-received', 'Contribution received'), ('contribution-answered', 'Contribution answered'), ('input-asked', 'Input asked'), ('update-submitted', 'Update handed in'), ('update-validated', 'Update approved by its institution'), ('update-returned', 'Update returned'), ('update-published', 'Update published'), ('assessment-signed', 'Independent assessment published'), ('assessment-replied', 'Reply to an assessment'), ('record-concealed', 'Assessed record no longer public'), ('key-expires', 'Access key expires'), ('restore-accepted', 'Restore accepted')], max_length=24, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Accreditation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('a', 'A status'), ('b', 'B status'), ('under-review', 'Under special review'), ('suspended', 'Suspended'), ('removed', 'Accreditation removed'), ('none', 'Not accredited')], max_length=12, verbose_name='accreditation')),
                ('start', models.DateField(verbose_name='from')),
                ('end', models.DateField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='replaced at')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accreditations', to='people.institution', verbose_name='institution')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'accreditation',
                'ordering': ['-start', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end', None), ('end__gte', models.F('start')), _connector='OR'), name='accreditation_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='accreditation_has_a_source'), models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('institution', 'start'), name='one_accreditation_of_an_institution_from_a_day'), models.UniqueConstraint(condition=models.Q(('end', None), ('replaced_at', None)), fields=('institution',), name='one_present_accreditation_each')],
            },
        ),
    ]
