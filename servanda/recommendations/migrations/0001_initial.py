import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from servanda.recommendations.search.fulltext import SearchIndexOperation


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '0001_initial'),
        ('people', '0001_initial'),
        ('sources', '0001_initial'),
        ('vocab', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LearnedEncoder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=16)),
                ('texts', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='RegisterStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, unique=True, verbose_name='reference')),
                ('code_stem', models.CharField(db_index=True, editable=False, max_length=80)),
                ('kind', models.CharField(choices=[('recommendation', 'Recommendation'), ('observation', 'Concern or observation'), ('pledge', 'Voluntary pledge'), ('other', 'Other'), ('measure', 'Measure ordered')], default='recommendation', max_length=16, verbose_name='kind')),
                ('paragraph', models.CharField(blank=True, max_length=40, verbose_name='paragraph')),
                ('order_key', models.CharField(editable=False, max_length=120)),
                ('date', models.DateField(blank=True, null=True, verbose_name='date of the document')),
                ('year', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='year')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language of the original')),
                ('stand', models.CharField(blank=True, choices=[('supported', 'Supported'), ('partly', 'Supported in part'), ('noted', 'Noted'), ('pending', 'To be examined')], max_length=10, verbose_name='position of the State')),
                ('decide_by', models.DateField(blank=True, null=True, verbose_name="deadline for the position")),
                ('confidentiality', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal'), ('restricted', 'Restricted to named institutions')], default='public', max_length=10, verbose_name='confidentiality')),
                ('is_published', models.BooleanField(default=False, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawn_reason', models.TextField(blank=True, verbose_name='reason for withdrawing')),
                ('national_code', models.CharField(blank=True, max_length=80, verbose_name='national code')),
                ('priority', models.CharField(blank=True, choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6, verbose_name='priority')),
                ('horizon', models.CharField(blank=True, choices=[('short', 'Short term'), ('medium', 'Medium term'), ('long', 'Long term')], max_length=6, verbose_name="time frame")),
                ('articles', models.CharField(blank=True, max_length=300, verbose_name='treaty articles')),
                ('territory', models.CharField(blank=True, max_length=120, verbose_name='territory')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('also_concerns', models.ManyToManyField(blank=True, related_name='+', to='vocab.country', verbose_name='other States concerned')),
                ('body', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.body', verbose_name='body')),
                ('country', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.country', verbose_name='State concerned')),
                ('document', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='sources.document', verbose_name='document')),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='recommendations.recommendation', verbose_name='merged into')),
                ('restricted_to', models.ManyToManyField(blank=True, related_name='+', to='people.institution', verbose_name="institutions with access")),
                ('review', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='sources.review', verbose_name='review')),
            ],
            options={
                'ordering': ['order_key', 'pk'],
                'indexes': [
                    models.Index(fields=['order_key', 'id'], name='recommendat_order_k_1bb1f4_idx'),
                    models.Index(fields=['document', 'paragraph'], name='recommendat_documen_aa6be7_idx'),
                    models.Index(fields=['review', 'country'], name='recommendat_review__ca9eaf_idx'),
                    models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='merged_records'),
                    models.Index(fields=['id', 'is_published', 'confidentiality', 'withdrawn_at', 'merged_into', 'added_by', 'kind'], name='who_may_see_a_record'),
                    models.Index(condition=models.Q(('confidentiality', 'public'), ('is_published', True), ('merged_into__isnull', True), ('withdrawn_at', None)), fields=['id', 'added_by', 'kind'], name='records_of_everybody'),
                    models.Index(condition=models.Q(('is_published', False), models.Q(('confidentiality', 'public'), _negated=True), ('withdrawn_at__isnull', False), ('merged_into__isnull', False), ('kind', 'measure'), _connector='OR'), fields=['id', 'is_published', 'confidentiality', 'withdrawn_at', 'merged_into', 'kind'], name='records_not_for_everybody'),
                    models.Index(fields=['body', 'review', 'year', 'language', 'kind', 'stand', 'country', 'added_by', 'is_published', 'confidentiality', 'withdrawn_at', 'merged_into', 'priority', 'horizon', 'territory'], name='counts_of_the_register'),
                    models.Index(fields=['territory'], name='territories_by_name'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawn_with_a_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'measure'), _negated=True), models.Q(('decide_by', None), ('stand', '')), _connector='OR'), name='no_position_on_a_measure'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TextVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('form', models.CharField(choices=[('full', 'Full text'), ('plain', 'Plain language')], default='full', max_length=5, verbose_name='form')),
                ('text', models.TextField(verbose_name='text')),
                ('is_original', models.BooleanField(default=False, verbose_name='original')),
                ('is_machine', models.BooleanField(default=False, verbose_name='machine translation')),
                ('source', models.CharField(blank=True, max_length=160, verbose_name='source')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='recommendations.recommendation')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-is_original', 'language', 'form'],
            },
        ),
        migrations.CreateModel(
            name='VectorStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.UUIDField(default=uuid.uuid4)),
                ('encoder', models.CharField(max_length=80)),
                ('number', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Cluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ('dissolved_at', models.DateTimeField(null=True, verbose_name='dissolved at')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='LearnedModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('learned_at', models.DateTimeField(auto_now_add=True, verbose_name='learned at')),
                ('texts', models.PositiveIntegerField(verbose_name='texts')),
                ('encoder', models.CharField(max_length=80)),
                ('version', models.PositiveSmallIntegerField()),
                ('file', models.FileField(upload_to='models/')),
                ('digest', models.CharField(max_length=64)),
                ('threshold', models.FloatField(verbose_name="minimum probability of a suggestion")),
                ('micro_f1', models.FloatField()),
                ('macro_f1', models.FloatField()),
                ('newest_f1', models.FloatField(null=True)),
                ('taxonomy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='vocab.taxonomy')),
            ],
            options={
                'ordering': ['taxonomy__order', 'taxonomy__code', '-pk'],
            },
        ),
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
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='public_reason_is_given'),
                    models.CheckConstraint(condition=models.Q(('protects_person', False), ('text', ''), _connector='OR'), name='no_text_where_a_person_is_protected'),
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('recommendation',), name='one_open_public_reason_each'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('stand', models.CharField(choices=[('supported', 'Supported'), ('partly', 'Supported in part'), ('noted', 'Noted'), ('pending', 'To be examined')], max_length=10, verbose_name='position')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name="wording in the document")),
                ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                ('symbol', models.CharField(blank=True, max_length=120, verbose_name='document')),
                ('paragraph', models.CharField(blank=True, max_length=40, verbose_name='paragraph')),
                ('comment', models.TextField(blank=True, verbose_name='comment of the State')),
                ('is_draft', models.BooleanField(default=False, verbose_name='not yet decided')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='recommendations.recommendation')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('date'), nulls_first=True), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='recommendations.recommendation')),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('repeats', 'repeats'), ('follows-up', 'follows up'), ('split-from', 'was split from'), ('merged-from', 'was merged from')], max_length=12, verbose_name='relation')),
                ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='recommendations.recommendation')),
                ('to_recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_in', to='recommendations.recommendation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('from_recommendation', 'to_recommendation', 'relation'), name='one_link_each'),
                    models.CheckConstraint(condition=models.Q(('from_recommendation', models.F('to_recommendation')), _negated=True), name='no_link_to_itself'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Likeness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('same', 'Same text'), ('twin', "Nearly identical text"), ('related', 'Related')], max_length=8, verbose_name='relation')),
                ('cosine', models.FloatField(verbose_name="similarity")),
                ('decision', models.CharField(blank=True, choices=[('', 'Not yet confirmed'), ('confirmed', 'Confirmed'), ('rejected', 'Not similar')], default='', max_length=10, verbose_name='decision')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('one', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recommendations.recommendation')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recommendations.recommendation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('one', 'other'), name='one_likeness_of_two_records'),
                    models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='the_older_record_first'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HistoricalRecommendation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=80, verbose_name='reference')),
                ('kind', models.CharField(choices=[('recommendation', 'Recommendation'), ('observation', 'Concern or observation'), ('pledge', 'Voluntary pledge'), ('other', 'Other'), ('measure', 'Measure ordered')], default='recommendation', max_length=16, verbose_name='kind')),
                ('paragraph', models.CharField(blank=True, max_length=40, verbose_name='paragraph')),
                ('date', models.DateField(blank=True, null=True, verbose_name='date of the document')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language of the original')),
                ('stand', models.CharField(blank=True, choices=[('supported', 'Supported'), ('partly', 'Supported in part'), ('noted', 'Noted'), ('pending', 'To be examined')], max_length=10, verbose_name='position of the State')),
                ('decide_by', models.DateField(blank=True, null=True, verbose_name="deadline for the position")),
                ('confidentiality', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal'), ('restricted', 'Restricted to named institutions')], default='public', max_length=10, verbose_name='confidentiality')),
                ('is_published', models.BooleanField(default=False, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawn_reason', models.TextField(blank=True, verbose_name='reason for withdrawing')),
                ('national_code', models.CharField(blank=True, max_length=80, verbose_name='national code')),
                ('priority', models.CharField(blank=True, choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6, verbose_name='priority')),
                ('horizon', models.CharField(blank=True, choices=[('short', 'Short term'), ('medium', 'Medium term'), ('long', 'Long term')], max_length=6, verbose_name="time frame")),
                ('articles', models.CharField(blank=True, max_length=300, verbose_name='treaty articles')),
                ('territory', models.CharField(blank=True, max_length=120, verbose_name='territory')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(blank=True, editable=False)),
                ('changed_at', models.DateTimeField(blank=True, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('added_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='intake.batch')),
                ('body', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='vocab.body', verbose_name='body')),
                ('country', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='vocab.country', verbose_name='State concerned')),
                ('document', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sources.document', verbose_name='document')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sources.review', verbose_name='review')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.recommendation', verbose_name='merged into')),
            ],
            options={
                'verbose_name': 'historical recommendation',
                'verbose_name_plural': 'historical recommendations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='FormerCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, unique=True, verbose_name='reference')),
                ('code_stem', models.CharField(db_index=True, editable=False, max_length=80)),
                ('replaced_at', models.DateTimeField(auto_now_add=True, verbose_name='replaced at')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_codes', to='recommendations.recommendation')),
            ],
            options={
                'verbose_name': 'former reference',
                'verbose_name_plural': 'former references',
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('kind', models.CharField(choices=[('follow-up', "Follow-up requested"), ('dissemination', "Dissemination requested")], max_length=16, verbose_name='kind')),
                ('words', models.CharField(blank=True, max_length=120, verbose_name="deadline as worded in the document")),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('replied_on', models.DateField(blank=True, null=True, verbose_name='reply sent on')),
                ('reply', models.CharField(blank=True, max_length=300, verbose_name='symbol or address of the reply')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='recommendations.recommendation')),
            ],
            options={
                'ordering': ['-kind', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind', 'follow-up'), ('replied_on', None), _connector='OR'), name='only_a_follow_up_has_a_reply'),
                    models.CheckConstraint(condition=models.Q(('replied_on__isnull', False), ('reply', ''), _connector='OR'), name='a_reply_has_a_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FieldChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=20)),
                ('old', models.TextField(blank=True)),
                ('new', models.TextField(blank=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recommendations.recommendation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('batch', 'recommendation', 'field'), name='one_change_of_a_field'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClusterMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='pinned')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('left_at', models.DateTimeField(null=True, verbose_name='left at')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='recommendations.cluster')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recommendations.recommendation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('cluster', 'recommendation'), name='one_membership_of_a_record'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecommendingState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('country', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.country')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recommending', to='recommendations.recommendation')),
            ],
            options={
                'ordering': ['country__code'],
                'indexes': [
                    models.Index(fields=['country', 'recommendation', 'ended_at', 'ended_by', 'added_by'], name='records_of_a_state'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RejectedProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('rejected_at', models.DateTimeField(auto_now_add=True)),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('records', models.ManyToManyField(related_name='+', to='recommendations.recommendation')),
                ('rejected_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-rejected_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RightFrom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.FloatField()),
                ('number', models.PositiveIntegerField()),
                ('share', models.FloatField()),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='right_from', to='recommendations.learnedmodel')),
            ],
            options={
                'ordering': ['probability'],
                'constraints': [
                    models.UniqueConstraint(fields=('model', 'probability'), name='one_share_from_there_on'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('query', models.CharField(max_length=2000, verbose_name='filter')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [
                    models.UniqueConstraint(fields=('owner', 'name'), name='one_view_of_a_name'),
                ],
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
                'constraints': [
                    models.UniqueConstraint(fields=('recommendation', 'institution'), name='one_signature_of_an_institution_each'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('scheme', models.CharField(max_length=32, verbose_name='source')),
                ('external_id', models.CharField(max_length=160, verbose_name="ID at the source")),
                ('digest', models.CharField(max_length=32)),
                ('where', models.CharField(max_length=120, verbose_name='where in the file')),
                ('raw', models.TextField(verbose_name="raw data")),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='recommendations.recommendation')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['scheme', 'external_id'], name='recommendat_scheme_b73817_idx'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('origin', models.CharField(choices=[('source', 'In the source'), ('person', 'Set by a person'), ('machine', "Suggested automatically")], default='source', max_length=8, verbose_name="origin")),
                ('scheme', models.CharField(blank=True, max_length=32, verbose_name='source')),
                ('confidence', models.FloatField(blank=True, null=True, verbose_name='confidence')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('recommendation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='recommendations.recommendation')),
                ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vocab.term')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['term', 'recommendation', 'origin', 'ended_at', 'ended_by', 'added_by'], name='records_of_a_term'),
                    models.Index(fields=['recommendation', 'term', 'origin', 'ended_at', 'ended_by', 'added_by'], name='terms_of_a_record'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.FloatField(verbose_name='probability')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name="decisive words")),
                ('state', models.CharField(choices=[('waiting', "Pending"), ('accepted', 'Accepted'), ('changed', 'Changed'), ('rejected', 'Rejected')], default='waiting', max_length=8, verbose_name='decision')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='intake.batch')),
                ('instead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='vocab.term')),
                ('model', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='suggestions', to='recommendations.learnedmodel')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='recommendations.recommendation')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='vocab.term')),
                ('tagging', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='suggestion', to='recommendations.tagging')),
            ],
            options={
                'ordering': ['-probability', 'pk'],
                'indexes': [
                    models.Index(fields=['state', '-probability'], name='suggestions_waiting'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('recommendation', 'term'), name='a_label_is_suggested_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TextVector',
            fields=[
                ('text', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='vector', serialize=False, to='recommendations.textversion')),
                ('encoder', models.CharField(max_length=80)),
                ('digest', models.CharField(db_index=True, max_length=32)),
                ('vector', models.BinaryField()),
                ('written', models.PositiveBigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='WaitingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('symbol', models.CharField(max_length=120)),
                ('paragraph', models.CharField(max_length=40)),
                ('stand', models.CharField(choices=[('supported', 'Supported'), ('partly', 'Supported in part'), ('noted', 'Noted'), ('pending', 'To be examined')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('date', models.DateField(blank=True, null=True)),
                ('said_in', models.CharField(blank=True, max_length=120)),
                ('said_in_paragraph', models.CharField(blank=True, max_length=40)),
                ('comment', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=32)),
                ('where', models.CharField(max_length=120)),
                ('raw', models.TextField()),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['symbol', 'paragraph'], name='recommendat_symbol_4f3c7f_idx'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClusterTree',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('records', models.BinaryField()),
                ('joins', models.BinaryField()),
                ('made_at', models.DateTimeField(auto_now=True, verbose_name="created at")),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='vocab.country')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('country',), name='one_tree_of_a_state')],
            },
        ),
        migrations.CreateModel(
            name='LabelScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cases', models.PositiveIntegerField(verbose_name='cases')),
                ('precision', models.FloatField(verbose_name="share of suggestions that are correct")),
                ('recall', models.FloatField(verbose_name="share of labels that were found")),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='vocab.term')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='recommendations.learnedmodel')),
            ],
            options={
                'ordering': ['-cases', 'term__order'],
                'constraints': [models.UniqueConstraint(fields=('model', 'term'), name='one_score_of_a_label')],
            },
        ),
        SearchIndexOperation(),
    ]
