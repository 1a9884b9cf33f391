import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('exchange', '0001_initial'), ('exchange', '0002_names_of_objects'), ('exchange', '0003_sharing_online'), ('exchange', '0004_feeds_of_peers')]

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='SharedObject',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('object_id', models.CharField(max_length=1000, unique=True)),
                    ('kind', models.CharField(max_length=20)),
                    ('activity', models.CharField(choices=[('Create', 'Create'), ('Update', 'Update'), ('Delete', 'Delete')], max_length=6)),
                    ('sequence', models.PositiveBigIntegerField(unique=True)),
                    ('at', models.DateTimeField()),
                    ('content', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['sequence'],
                },
            ),
            migrations.CreateModel(
                name='SharedPage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(unique=True)),
                    ('first', models.PositiveBigIntegerField()),
                    ('last', models.PositiveBigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                ],
                options={
                    'ordering': ['number'],
                },
            ),
            migrations.CreateModel(
                name='Peer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('origin', models.CharField(max_length=200, unique=True)),
                    ('fingerprint', models.CharField(max_length=40)),
                    ('kinds', models.CharField(max_length=200)),
                    ('state', models.CharField(choices=[('active', 'Active'), ('stopped', 'Stopped')], default='active', max_length=8)),
                    ('problem', models.TextField(blank=True)),
                    ('sequence', models.PositiveBigIntegerField(default=0)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('is_pulled', models.BooleanField(default=False)),
                    ('every_hours', models.PositiveSmallIntegerField(default=24)),
                    ('pulled_at', models.DateTimeField(blank=True, null=True)),
                    ('next_pull_at', models.DateTimeField(blank=True, null=True)),
                    ('pull_problem', models.TextField(blank=True)),
                    ('tag', models.CharField(blank=True, max_length=200)),
                    ('added_at', models.DateTimeField(auto_now_add=True)),
                    ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'peer',
                    'ordering': ['name', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Parcel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=255)),
                    ('sha256', models.CharField(max_length=64)),
                    ('fingerprint', models.CharField(max_length=40)),
                    ('sequence', models.PositiveBigIntegerField()),
                    ('published_at', models.DateTimeField()),
                    ('withdrawn', models.PositiveIntegerField(default=0)),
                    ('refused', models.PositiveIntegerField(default=0)),
                    ('faults', models.TextField(blank=True)),
                    ('received_at', models.DateTimeField()),
                    ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='exchange.peer')),
                ],
                options={
                    'ordering': ['-received_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Sharing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kinds', models.CharField(max_length=200)),
                    ('is_online', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_row_of_sharing')],
                },
            ),
            migrations.CreateModel(
                name='SigningKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fingerprint', models.CharField(max_length=40, unique=True)),
                    ('public', models.CharField(max_length=64)),
                    ('private', models.TextField()),
                    ('created_at', models.DateTimeField()),
                    ('replaced_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_reason', models.TextField(blank=True)),
                ],
                options={
                    'verbose_name': 'signing key',
                    'ordering': ['-created_at', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('revoked_at', None)), fields=('revoked_reason',), name='one_key_that_signs'), models.CheckConstraint(condition=models.Q(('revoked_at', None), models.Q(('revoked_reason', ''), _negated=True), _connector='OR'), name='key_revoked_with_a_reason')],
                },
            ),
            migrations.CreateModel(
                name='Received',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('object_id', models.CharField(max_length=1000)),
                    ('kind', models.CharField(max_length=20)),
                    ('code', models.CharField(max_length=1000)),
                    ('title', models.CharField(max_length=300)),
                    ('content', models.TextField()),
                    ('state', models.CharField(choices=[('waiting', 'To be reviewed'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('replaced', 'Replaced by a newer version')], default='waiting', max_length=8)),
                    ('changed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='exchange.parcel')),
                    ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='exchange.peer')),
                ],
                options={
                    'ordering': ['kind', 'code', 'pk'],
                    'indexes': [models.Index(fields=['peer', 'state'], name='exchange_re_peer_id_089bd8_idx')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'accepted'])), fields=('peer', 'object_id', 'state'), name='one_version_of_an_object_in_each_state')],
                },
            ),
        ]),
    ]
