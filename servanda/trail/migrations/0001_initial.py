import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='ChainHead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sequence', models.BigIntegerField(default=0)),
                    ('hash', models.CharField(blank=True, max_length=64)),
                ],
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sequence', models.BigIntegerField(unique=True, verbose_name='number')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('role', models.CharField(blank=True, max_length=80, verbose_name="role at the time")),
                    ('action', models.CharField(db_index=True, max_length=64, verbose_name='action')),
                    ('object_type', models.CharField(blank=True, max_length=64)),
                    ('object_id', models.CharField(blank=True, max_length=64)),
                    ('request_id', models.CharField(blank=True, max_length=64, verbose_name='request')),
                    ('object_label', models.CharField(blank=True, max_length=200, verbose_name='what')),
                    ('difference', models.TextField(blank=True)),
                    ('salt', models.CharField(blank=True, max_length=32)),
                    ('digest', models.CharField(max_length=64)),
                    ('previous_hash', models.CharField(blank=True, max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ],
                options={
                    'ordering': ['-sequence'],
                    'indexes': [models.Index(fields=['object_type', 'object_id', '-sequence'], name='trail_event_object__8f2911_idx'), models.Index(fields=['actor', '-sequence'], name='deeds_of_a_person')],
                },
            ),
            migrations.CreateModel(
                name='RepeatedRefusal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('action', models.CharField(max_length=64)),
                    ('page', models.CharField(max_length=128)),
                    ('path', models.CharField(max_length=200)),
                    ('hour', models.DateTimeField()),
                    ('times', models.PositiveIntegerField(default=0)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('hour', 'page', 'action', 'person'), name='one_count_of_a_person'), models.UniqueConstraint(condition=models.Q(('person', None)), fields=('hour', 'page', 'action'), name='one_count_of_strangers')],
                },
            ),
        ]),
    ]
