import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0009_accreditations'),
        ('recommendations', '0018_stands_where_positions_are_taken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('withdrawn', 'Withdrawn'), ('unpublished', 'No longer published'), ('internal', 'Made internal'), ('restricted', 'Restricted to named institutions')], max_length=11, verbose_name='what was done')),
                ('reason', models.TextField(verbose_name='public reason')),
                ('protects_person', models.BooleanField(default=False, verbose_name='to protect a person')),
                ('symbol', models.CharField(blank=True, max_length=120, verbose_name='document')),
                ('paragraph', models.CharField(blank=True, max_length=40, verbose_name='paragraph')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='public again since')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_reasons', to='recommendations.recommendation')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='public_reason_is_given'), models.CheckConstraint(condition=models.Q(('protects_person', False), ('text', ''), _connector='OR'), name='no_text_where_a_person_is_protected'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('recommendation',), name='one_open_public_reason_each')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.institution')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='recommendations.recommendation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recommendation', 'institution'), name='one_signature_of_an_institution_each')],
            },
        ),
    ]
