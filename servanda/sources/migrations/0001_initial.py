import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '0001_initial'),
        ('vocab', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=32, verbose_name='kind of document')),
                ('body', models.CharField(blank=True, max_length=60, verbose_name='body')),
                ('symbol', models.CharField(blank=True, max_length=120, verbose_name='symbol')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('country', models.CharField(blank=True, max_length=8, verbose_name='State')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                ('pages', models.PositiveIntegerField(default=0, verbose_name='pages')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('with_concerns', models.BooleanField(default=True, verbose_name="include concerns")),
                ('with_information', models.BooleanField(default=False, verbose_name="include informative paragraphs")),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='intake.batch')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cycle', models.PositiveSmallIntegerField(default=0, verbose_name='cycle')),
                ('year', models.PositiveSmallIntegerField(default=0, verbose_name='year')),
                ('session', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='session')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='vocab.body', verbose_name='body')),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='vocab.country', verbose_name='State')),
            ],
            options={
                'ordering': ['body', 'cycle', 'year'],
                'constraints': [
                    models.UniqueConstraint(fields=('body', 'country', 'cycle', 'year'), name='one_review_each'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('symbol', models.CharField(max_length=120, unique=True, verbose_name='symbol')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                ('external_id', models.CharField(blank=True, max_length=64, verbose_name="sender’s ID")),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='vocab.body')),
                ('review', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='sources.review')),
            ],
            options={
                'ordering': ['symbol'],
            },
        ),
        migrations.CreateModel(
            name='ReadBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('page', models.PositiveIntegerField(default=0)),
                ('text', models.TextField()),
                ('is_heading', models.BooleanField(default=False)),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='sources.documentreading')),
            ],
            options={
                'ordering': ['place'],
                'constraints': [models.UniqueConstraint(fields=('reading', 'place'), name='one_block_for_a_place')],
            },
        ),
        migrations.CreateModel(
            name='ReadUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.FloatField()),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='number')),
                ('kind', models.CharField(choices=[('recommendation', 'Recommendation'), ('concern', 'Concern'), ('information', 'Information')], max_length=16, verbose_name='kind')),
                ('lead', models.TextField(blank=True, verbose_name="words before the list")),
                ('text', models.TextField(verbose_name='text')),
                ('headings', models.TextField(blank=True, verbose_name='headings')),
                ('page', models.PositiveIntegerField(default=0, verbose_name='page')),
                ('first_block', models.PositiveIntegerField(default=0)),
                ('last_block', models.PositiveIntegerField(default=0)),
                ('is_follow_up', models.BooleanField(default=False, verbose_name='follow-up')),
                ('is_dissemination', models.BooleanField(default=False, verbose_name='dissemination')),
                ('deadline', models.CharField(blank=True, max_length=120, verbose_name="deadline as worded in the document")),
                ('deadline_months', models.PositiveSmallIntegerField(default=0)),
                ('deadline_day', models.DateField(blank=True, null=True)),
                ('is_dropped', models.BooleanField(default=False, verbose_name='left out')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='sources.documentreading')),
            ],
            options={
                'ordering': ['place', 'pk'],
                'indexes': [models.Index(fields=['reading', 'place'], name='sources_rea_reading_7c29d6_idx')],
            },
        ),
    ]
