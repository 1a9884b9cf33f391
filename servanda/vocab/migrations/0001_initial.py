import django.db.models.deletion
import i18nfield.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('jobs', '0001_application_id'),
    ]

    operations = [
        migrations.CreateModel(
            name='Country',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True, verbose_name='code')),
                ('iso2', models.CharField(blank=True, max_length=2)),
                ('name', i18nfield.fields.I18nCharField(max_length=160, verbose_name='name')),
                ('is_state', models.BooleanField(default=True, verbose_name='State')),
                ('uhri_id', models.CharField(blank=True, max_length=36)),
            ],
            options={
                'verbose_name_plural': 'countries',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Taxonomy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=32, unique=True, verbose_name='code')),
                ('name', i18nfield.fields.I18nCharField(max_length=160, verbose_name='name')),
                ('is_own', models.BooleanField(default=False, editable=False, verbose_name="added locally")),
                ('is_facet', models.BooleanField(default=True, verbose_name="offered as a list filter")),
                ('version', models.CharField(blank=True, max_length=40, verbose_name='version')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
            ],
            options={
                'verbose_name_plural': 'taxonomies',
                'ordering': ['order', 'code'],
            },
        ),
        migrations.CreateModel(
            name='UprSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(unique=True, verbose_name='session')),
                ('cycle', models.PositiveSmallIntegerField(verbose_name='cycle')),
                ('uhri_id', models.CharField(blank=True, max_length=36)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, unique=True, verbose_name='code')),
                ('name', i18nfield.fields.I18nCharField(max_length=200, verbose_name='name')),
                ('short_name', i18nfield.fields.I18nCharField(blank=True, max_length=200, verbose_name='short name')),
                ('kind', models.CharField(choices=[('upr', 'Universal Periodic Review'), ('treaty-body', 'Treaty body'), ('special-procedure', 'Special procedure'), ('court', 'Court'), ('commission', 'Commission'), ('monitoring', 'Monitoring body'), ('other', 'Other')], max_length=20, verbose_name='kind')),
                ('system', models.CharField(max_length=20, verbose_name='system')),
                ('symbol_pattern', models.CharField(blank=True, max_length=300, verbose_name='pattern of document symbols')),
                ('aliases', models.TextField(blank=True, verbose_name="other names, one per line")),
                ('assesses', models.BooleanField(default=False, verbose_name="assesses the implementation of its recommendations")),
                ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
                ('is_own', models.BooleanField(default=False, editable=False, verbose_name="added locally")),
                ('uhri_id', models.CharField(blank=True, max_length=36)),
            ],
            options={
                'verbose_name_plural': 'bodies',
                'ordering': ['order', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('assesses', True), ('kind', 'upr'), _negated=True), name='the_upr_grades_nothing', violation_error_message="The Universal Periodic Review does not assess implementation. Clear this box, or choose another kind.")],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=40, verbose_name='file')),
                ('code', models.CharField(max_length=80, verbose_name='code')),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('words', models.TextField(verbose_name='words')),
                ('at', models.DateTimeField(verbose_name='when')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'code', 'language'), name='one_confirmation_each')],
            },
        ),
        migrations.CreateModel(
            name='CountryAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, unique=True, verbose_name='spelling')),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='vocab.country')),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, verbose_name='code')),
                ('label', i18nfield.fields.I18nCharField(max_length=300, verbose_name='label')),
                ('synonyms', models.TextField(blank=True, verbose_name="synonyms, one per line")),
                ('is_artefact', models.BooleanField(default=False, verbose_name='artefact of the source')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('external_id', models.CharField(blank=True, max_length=64, verbose_name="ID at the source")),
                ('is_own', models.BooleanField(default=False, editable=False, verbose_name="added or changed locally")),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='vocab.term', verbose_name='part of')),
                ('taxonomy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='vocab.taxonomy', verbose_name='taxonomy')),
            ],
            options={
                'ordering': ['taxonomy', 'order', 'code'],
                'constraints': [
                    models.UniqueConstraint(fields=('taxonomy', 'code'), name='one_term_of_a_code'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Crosswalk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('exact', 'means the same as'), ('broader', 'is broader than'), ('narrower', 'is narrower than'), ('related', 'is related to')], max_length=10, verbose_name='relation')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('from_term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='crosswalks', to='vocab.term')),
                ('to_term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='vocab.term')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('from_term', 'to_term'), name='one_crosswalk_each'),
                ],
            },
        ),
    ]
