import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('exchange', '0001_squashed_0004_feeds_of_peers'), ('exchange', '0005_members_and_counts'), ('exchange', '0006_rule_kinds'), ('exchange', '0007_failures'), ('exchange', '0008_unsigned_files'), ('exchange', '0009_state_of_a_peer'), ('exchange', '0010_decisions'), ('exchange', '0011_revoked_keys')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('vocab', '0001_squashed_0003_names_of_objects'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Peer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('origin', models.CharField(max_length=200, unique=True)),
                    ('fingerprint', models.CharField(blank=True, max_length=40)),
                    ('kinds', models.CharField(max_length=200)),
                    ('rule_kinds', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('active', 'Active'), ('stopped', 'Stopped')], default='active', max_length=8)),
                    ('problem', models.TextField(blank=True)),
                    ('sequence', models.PositiveBigIntegerField(default=0)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('is_member', models.BooleanField(default=False)),
                    ('reads_members', models.BooleanField(default=False)),
                    ('is_pulled', models.BooleanField(default=False)),
                    ('every_hours', models.PositiveSmallIntegerField(default=24)),
                    ('pulled_at', models.DateTimeField(blank=True, null=True)),
                    ('next_pull_at', models.DateTimeField(blank=True, null=True)),
                    ('pull_problem', models.TextField(blank=True)),
                    ('failures', models.PositiveSmallIntegerField(default=0)),
                    ('counted_at', models.DateTimeField(blank=True, null=True)),
                    ('records_on', models.DateField(blank=True, null=True)),
                    ('tag', models.CharField(blank=True, max_length=200)),
                    ('added_at', models.DateTimeField(auto_now_add=True)),
                    ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.country')),
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
                    ('fingerprint', models.CharField(blank=True, max_length=40)),
                    ('sender', models.CharField(blank=True, max_length=200)),
                    ('sequence', models.PositiveBigIntegerField()),
                    ('published_at', models.DateTimeField()),
                    ('withdrawn', models.PositiveIntegerField(default=0)),
                    ('refused', models.PositiveIntegerField(default=0)),
                    ('faults', models.TextField(blank=True)),
                    ('received_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='exchange.peer')),
                ],
                options={
                    'ordering': ['-received_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('former', models.CharField(max_length=8)),
                    ('state', models.CharField(max_length=8)),
                    ('last', models.PositiveBigIntegerField()),
                    ('position', models.PositiveBigIntegerField(default=0)),
                    ('total', models.PositiveIntegerField()),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='exchange.decision')),
                    ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='exchange.peer')),
                ],
                options={
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('peer',), name='one_decision_on_a_peer_under_way')],
                },
            ),
            migrations.CreateModel(
                name='PeerCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('dimension', models.CharField(max_length=10)),
                    ('value', models.CharField(max_length=100)),
                    ('number', models.PositiveIntegerField()),
                    ('peer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='exchange.peer')),
                ],
                options={
                    'ordering': ['dimension', 'value', 'pk'],
                    'indexes': [models.Index(fields=['dimension', 'value'], name='counts_by_value')],
                    'constraints': [models.UniqueConstraint(fields=('peer', 'dimension', 'value'), name='one_count_of_a_value_of_a_peer')],
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
                    ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='objects_decided', to='exchange.decision')),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='exchange.parcel')),
                    ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='exchange.peer')),
                ],
                options={
                    'ordering': ['kind', 'code', 'pk'],
                    'indexes': [models.Index(fields=['peer', 'state'], name='exchange_re_peer_id_089bd8_idx'), models.Index(fields=['state', 'kind', 'code', 'id'], name='received_in_order')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'accepted'])), fields=('peer', 'object_id', 'state'), name='one_version_of_an_object_in_each_state')],
                },
            ),
            migrations.CreateModel(
                name='SharedObject',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('audience', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members')], default='everyone', max_length=8)),
                    ('object_id', models.CharField(max_length=1000)),
                    ('kind', models.CharField(max_length=20)),
                    ('activity', models.CharField(choices=[('Create', 'Create'), ('Update', 'Update'), ('Delete', 'Delete')], max_length=6)),
                    ('sequence', models.PositiveBigIntegerField()),
                    ('at', models.DateTimeField()),
                    ('content', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['audience', 'sequence'],
                    'constraints': [models.UniqueConstraint(fields=('audience', 'object_id'), name='one_change_of_an_object_in_a_feed'), models.UniqueConstraint(fields=('audience', 'sequence'), name='one_change_of_a_number_in_a_feed')],
                },
            ),
            migrations.CreateModel(
                name='SharedPage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('audience', models.CharField(choices=[('everyone', 'Everyone'), ('members', 'Members')], default='everyone', max_length=8)),
                    ('number', models.PositiveIntegerField()),
                    ('first', models.PositiveBigIntegerField()),
                    ('last', models.PositiveBigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                ],
                options={
                    'ordering': ['audience', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('audience', 'number'), name='one_page_of_a_number_in_a_feed')],
                },
            ),
            migrations.CreateModel(
                name='Sharing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kinds', models.CharField(max_length=200)),
                    ('member_kinds', models.CharField(blank=True, max_length=200)),
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
        ]),
    ]
