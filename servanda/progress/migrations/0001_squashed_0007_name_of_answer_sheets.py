import django.db.models.deletion
import i18nfield.fields
import servanda.progress.models.evidence
import uuid
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('progress', '0001_initial'), ('progress', '0002_reminders_of_obligations'), ('progress', '0003_reminders_of_replies'), ('progress', '0004_reminders_without_days'), ('progress', '0005_requests_on_questions'), ('progress', '0006_names_of_objects'), ('progress', '0007_name_of_answer_sheets')]

    initial = True

    dependencies = [
        ('intake', '0001_squashed_0002_names_of_objects'),
        ('jobs', '0002_initial'),
        ('people', '0001_squashed_0005_codes_of_bodies'),
        ('people', '__first__'),
        ('planning', '0001_squashed_0002_promised_measures'),
        ('recommendations', '0001_squashed_0010_names_of_objects'),
        ('sources', '0001_squashed_0010_questions_of_proceedings'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Scale',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                    ('name', i18nfield.fields.I18nCharField(max_length=160, verbose_name='name')),
                    ('voice', models.CharField(choices=[('government', 'Government assessment'), ('mechanism', 'Mechanism assessment'), ('independent', 'Independent assessment')], max_length=11, verbose_name='assessor')),
                    ('bodies', models.CharField(blank=True, max_length=300, verbose_name='only for these bodies')),
                    ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                    ('is_in_use', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'scale',
                    'verbose_name_plural': 'scales',
                    'ordering': ['voice', 'code'],
                },
            ),
            migrations.CreateModel(
                name='Grade',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, verbose_name='code')),
                    ('label', i18nfield.fields.I18nCharField(max_length=200, verbose_name='label')),
                    ('common', models.CharField(choices=[('not-started', 'Not started'), ('started', 'Started'), ('partial', 'Partially implemented'), ('substantial', 'Substantially implemented'), ('full', 'Fully implemented'), ('regressed', 'Regressed'), ('unknown', 'Cannot be assessed')], max_length=11, verbose_name='on the common scale')),
                    ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                    ('is_in_use', models.BooleanField(default=True, verbose_name='in use')),
                    ('scale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grades', to='progress.scale')),
                ],
                options={
                    'verbose_name': 'value of a scale',
                    'ordering': ['scale', 'order', 'code'],
                    'constraints': [models.UniqueConstraint(fields=('scale', 'code'), name='one_grade_of_a_code')],
                },
            ),
            migrations.CreateModel(
                name='InputRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('question', models.TextField(verbose_name='question')),
                    ('period_start', models.DateField(blank=True, null=True, verbose_name='period from')),
                    ('period_end', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('due_on', models.DateField(verbose_name='deadline')),
                    ('opened_at', models.DateTimeField(auto_now_add=True, verbose_name='opened at')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'round of requests',
                    'verbose_name_plural': 'rounds of requests',
                    'ordering': ['-opened_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('period_start', None), ('period_end', None), ('period_end__gte', models.F('period_start')), _connector='OR'), name='round_period_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='InputRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_on', models.DateField(verbose_name='deadline')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='input_requests', to='people.institution')),
                    ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='progress.inputround')),
                ],
                options={
                    'verbose_name': 'request for information',
                    'verbose_name_plural': 'requests for information',
                    'ordering': ['institution__code', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('round', 'institution'), name='one_request_of_a_round_each')],
                },
            ),
            migrations.CreateModel(
                name='InputItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                    ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='input_items', to='sources.question')),
                    ('recommendation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='input_items', to='recommendations.recommendation')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='progress.inputrequest')),
                ],
                options={
                    'ordering': ['recommendation__order_key', 'question__place', 'pk'],
                    'indexes': [models.Index(fields=['request', 'answered_at'], name='items_of_a_request')],
                    'constraints': [models.UniqueConstraint(fields=('request', 'recommendation'), name='one_item_of_a_request_each'), models.UniqueConstraint(fields=('request', 'question'), name='one_item_of_a_question_each'), models.CheckConstraint(condition=models.Q(models.Q(('question', None), ('recommendation__isnull', False)), models.Q(('question__isnull', False), ('recommendation', None)), _connector='OR'), name='item_on_a_record_or_a_question')],
                },
            ),
            migrations.CreateModel(
                name='AnswerSheet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('letter', models.CharField(blank=True, max_length=80, verbose_name='letter no.')),
                    ('letter_date', models.DateField(blank=True, null=True, verbose_name='date of the letter')),
                    ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answer_sheet', to='intake.batch')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='progress.inputrequest')),
                ],
                options={
                    'verbose_name': 'Answer sheet',
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('letter', ''), ('letter_date__isnull', False), _connector='OR'), name='answer_sheet_letter_has_a_date')],
                },
            ),
            migrations.CreateModel(
                name='LastUpdate',
                fields=[
                    ('recommendation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='last_update_kept', serialize=False, to='recommendations.recommendation')),
                    ('published_at', models.DateTimeField(verbose_name='published at')),
                ],
                options={
                    'indexes': [models.Index(fields=['published_at', 'recommendation'], name='records_by_last_update')],
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='date')),
                    ('step', models.CharField(choices=[('before', 'Before the deadline'), ('due', 'On the deadline'), ('after', 'After the deadline'), ('alternate', 'To the alternate'), ('authority', 'To the validating authority'), ('coordinator', 'To the coordinator'), ('by-hand', 'Sent manually')], max_length=11, verbose_name='step')),
                    ('indicator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='planning.indicator')),
                    ('mail', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.mail')),
                    ('obligation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='sources.obligation')),
                    ('obligation_step', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sources.obligationstep')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='progress.inputrequest')),
                ],
                options={
                    'ordering': ['-on', '-pk'],
                    'constraints': [models.UniqueConstraint(fields=('request', 'person', 'on'), name='one_reminder_of_a_day_each'), models.UniqueConstraint(fields=('indicator', 'person', 'on'), name='one_reminder_of_a_value_a_day'), models.UniqueConstraint(condition=models.Q(('obligation_step', None)), fields=('obligation', 'person', 'on'), name='one_reminder_of_an_obligation_a_day'), models.UniqueConstraint(fields=('obligation_step', 'person', 'on'), name='one_reminder_of_a_step_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('indicator__isnull', True), ('obligation__isnull', True), ('request__isnull', False), ('obligation_step', None)), models.Q(('indicator__isnull', False), ('obligation__isnull', True), ('request__isnull', True), ('obligation_step', None)), models.Q(('indicator__isnull', True), ('obligation__isnull', False), ('request__isnull', True)), _connector='OR'), name='reminder_of_one_thing')],
                },
            ),
            migrations.CreateModel(
                name='ContributionRecommendation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contribution_abouts', to='recommendations.recommendation')),
                ],
            ),
            migrations.CreateModel(
                name='Evidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('kind', models.CharField(choices=[('law', 'Law or regulation'), ('treaty-act', 'Deposit, signature or withdrawal of a reservation'), ('decision', 'Decision or judgment'), ('budget', 'Budget'), ('statistic', 'Statistic'), ('report', 'Report or study'), ('testimony', 'Testimony'), ('other', 'Other')], max_length=10, verbose_name='kind')),
                    ('stance', models.CharField(choices=[('supports', 'Supports the statement'), ('contradicts', 'Contradicts the statement'), ('context', 'Provides context')], default='supports', max_length=11, verbose_name='relation to the statement')),
                    ('shows', models.CharField(choices=[('structure', 'Commitment in law or policy'), ('process', 'Implementation efforts'), ('outcome', 'Results for people')], default='process', max_length=9, verbose_name='what it shows')),
                    ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                    ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                    ('is_public', models.BooleanField(default=False, verbose_name='public')),
                    ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                    ('file', models.FileField(blank=True, max_length=200, upload_to=servanda.progress.models.evidence.place_of, verbose_name='file')),
                    ('name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
                    ('size', models.BigIntegerField(default=0, verbose_name='size in bytes')),
                    ('mime', models.CharField(blank=True, max_length=100, verbose_name='type of the file')),
                    ('sha256', models.CharField(blank=True, max_length=64)),
                    ('is_submitted', models.BooleanField(default=True, editable=False)),
                    ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added at')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                    ('withdrawal_reason', models.TextField(blank=True, verbose_name='reason for withdrawing')),
                    ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='people.institution', verbose_name='institution')),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'evidence',
                    'verbose_name_plural': 'evidence',
                    'ordering': ['-added_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceRecommendation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='abouts', to='progress.evidence')),
                    ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_abouts', to='recommendations.recommendation')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('recommendation', 'evidence'), name='one_link_of_evidence_each')],
                },
            ),
            migrations.AddField(
                model_name='evidence',
                name='recommendations',
                field=models.ManyToManyField(related_name='evidence', through='progress.EvidenceRecommendation', to='recommendations.recommendation'),
            ),
            migrations.AddConstraint(
                model_name='evidence',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('link', ''), models.Q(('file', ''), _negated=True)), models.Q(models.Q(('link', ''), _negated=True), ('file', '')), _connector='OR'), name='evidence_file_or_link'),
            ),
            migrations.AddConstraint(
                model_name='evidence',
                constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawal_reason', ''), _negated=True), _connector='OR'), name='evidence_withdrawn_with_a_reason'),
            ),
            migrations.CreateModel(
                name='Assessment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('voice', models.CharField(choices=[('government', 'Government assessment'), ('mechanism', 'Mechanism assessment'), ('independent', 'Independent assessment')], max_length=11, verbose_name='assessor')),
                    ('common', models.CharField(choices=[('not-started', 'Not started'), ('started', 'Started'), ('partial', 'Partially implemented'), ('substantial', 'Substantially implemented'), ('full', 'Fully implemented'), ('regressed', 'Regressed'), ('unknown', 'Cannot be assessed')], max_length=11, verbose_name='on the common scale')),
                    ('reason', models.TextField(verbose_name='reason')),
                    ('confidence', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='medium', max_length=6, verbose_name='confidence')),
                    ('date', models.DateField(verbose_name='date')),
                    ('act_is_outcome', models.BooleanField(default=False, verbose_name='the recommended act has been completed')),
                    ('symbol', models.CharField(blank=True, max_length=120, verbose_name='document of the body')),
                    ('paragraph', models.CharField(blank=True, max_length=40, verbose_name='paragraph')),
                    ('author', models.CharField(blank=True, max_length=200, verbose_name='author of the assessment')),
                    ('is_published', models.BooleanField(default=False, verbose_name='published')),
                    ('is_latest', models.BooleanField(default=True, editable=False)),
                    ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='entered at')),
                    ('retracted_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                    ('retraction_reason', models.TextField(blank=True, verbose_name='reason for withdrawing')),
                    ('origin', models.CharField(choices=[('entered', 'Entered'), ('imported', 'Imported from a file'), ('proposed', 'Proposed by the institution')], default='entered', max_length=8, verbose_name='origin')),
                    ('accreditation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.accreditation')),
                    ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='progress.assessment')),
                    ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='people.institution', verbose_name='institution')),
                    ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('measurements', models.ManyToManyField(blank=True, related_name='assessments', to='planning.measurement', verbose_name='measurements')),
                    ('published_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('recommendation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='recommendations.recommendation')),
                    ('retracted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('evidence', models.ManyToManyField(blank=True, related_name='assessments', to='progress.evidence', verbose_name='evidence')),
                    ('grade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='progress.grade', verbose_name='value')),
                ],
                options={
                    'verbose_name': 'assessment',
                    'verbose_name_plural': 'assessments',
                    'ordering': ['-date', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Contribution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('state', models.CharField(choices=[('received', 'Awaiting answer'), ('accepted', 'Accepted'), ('merged', 'Merged with another'), ('declined', 'Declined with a reason'), ('withdrawn', 'Withdrawn by the contributor')], default='received', max_length=9, verbose_name='state')),
                    ('text', models.TextField(verbose_name='text of the contribution')),
                    ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                    ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                    ('hides_identity', models.BooleanField(default=False, verbose_name='hide my identity')),
                    ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='received at')),
                    ('answer', models.TextField(blank=True, verbose_name='answer')),
                    ('decline_reason', models.CharField(blank=True, choices=[('off-topic', 'Off topic'), ('identifies-person', 'Identifies a person'), ('unlawful', 'Offensive or unlawful content'), ('duplicate', 'Duplicate'), ('no-source', 'No source for a factual claim'), ('advertising', 'Advertising or spam'), ('test', 'Test or empty message'), ('not-recorded', 'Reason not recorded')], max_length=17, verbose_name='reason for not publishing')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                    ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('assessments', models.ManyToManyField(blank=True, related_name='contributions', to='progress.assessment')),
                    ('contributor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL)),
                    ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='progress.contribution')),
                    ('recommendations', models.ManyToManyField(related_name='contributions', through='progress.ContributionRecommendation', to='recommendations.recommendation')),
                    ('evidence', models.ManyToManyField(blank=True, related_name='contributions', to='progress.evidence')),
                    ('grade', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='progress.grade', verbose_name='rating')),
                ],
                options={
                    'verbose_name': 'contribution',
                    'verbose_name_plural': 'contributions',
                    'ordering': ['-received_at', '-pk'],
                    'indexes': [models.Index(fields=['state', 'received_at'], name='contributions_by_state')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['received', 'withdrawn']), ('answered_at__isnull', False), _connector='OR'), name='contribution_answered_on_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', False), _connector='OR'), name='contribution_withdrawn_on_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='contribution_declined_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('decline_reason__gt', ''), ('state', 'declined')), models.Q(models.Q(('state', 'declined'), _negated=True), ('decline_reason', '')), _connector='OR'), name='contribution_declined_for_a_listed_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into__isnull', False), _connector='OR'), name='contribution_merged_into_one')],
                },
            ),
            migrations.AddField(
                model_name='contributionrecommendation',
                name='contribution',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='abouts', to='progress.contribution'),
            ),
            migrations.AddConstraint(
                model_name='contributionrecommendation',
                constraint=models.UniqueConstraint(fields=('contribution', 'recommendation'), name='one_link_of_a_contribution_each'),
            ),
            migrations.CreateModel(
                name='AssessmentReply',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.TextField(verbose_name='reply of the State')),
                    ('at', models.DateTimeField(auto_now_add=True, verbose_name='replied at')),
                    ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='progress.assessment')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'reply to an assessment',
                    'ordering': ['at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reply_says_something')],
                },
            ),
            migrations.CreateModel(
                name='UpdateCluster',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('added_at', models.DateTimeField(auto_now_add=True)),
                    ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='update_abouts', to='recommendations.cluster')),
                ],
            ),
            migrations.CreateModel(
                name='Update',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting validating authority'), ('validated', 'Awaiting coordinator'), ('returned', 'Returned for changes'), ('published', 'Published')], default='draft', max_length=9, verbose_name='state')),
                    ('text', models.TextField(blank=True, verbose_name='what was done and what changed')),
                    ('obstacles', models.TextField(blank=True, verbose_name='obstacles')),
                    ('figures', models.TextField(blank=True, verbose_name='figures')),
                    ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                    ('start', models.DateField(blank=True, null=True, verbose_name='period from')),
                    ('end', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('on_behalf', models.BooleanField(default=False, verbose_name='entered on behalf of the institution')),
                    ('letter', models.CharField(blank=True, max_length=80, verbose_name='letter no.')),
                    ('letter_date', models.DateField(blank=True, null=True, verbose_name='date of the letter')),
                    ('from_file', models.BooleanField(default=False, verbose_name='entered from a file')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('changed_at', models.DateTimeField(auto_now=True)),
                    ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                    ('return_reason', models.TextField(blank=True, verbose_name='reason for returning')),
                    ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                    ('withdrawal_reason', models.TextField(blank=True, verbose_name='reason for withdrawing')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('actions', models.ManyToManyField(blank=True, related_name='updates', to='planning.action', verbose_name='actions')),
                    ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('earlier_writers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('evidence', models.ManyToManyField(blank=True, related_name='updates', to='progress.evidence', verbose_name='evidence')),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='people.institution', verbose_name='institution')),
                    ('proposed_grade', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='progress.grade', verbose_name='proposed level')),
                    ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='sources.question', verbose_name='question')),
                    ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='progress.inputrequest', verbose_name='answer to')),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ('clusters', models.ManyToManyField(related_name='updates', through='progress.UpdateCluster', to='recommendations.cluster')),
                ],
                options={
                    'verbose_name': 'update',
                    'verbose_name_plural': 'updates',
                    'ordering': ['-created_at', '-pk'],
                },
            ),
            migrations.AddField(
                model_name='assessment',
                name='proposed_in',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments_made', to='progress.update'),
            ),
            migrations.AddIndex(
                model_name='assessment',
                index=models.Index(condition=models.Q(('retracted_at', None)), fields=['recommendation', 'voice', 'common', 'is_published', 'is_latest'], name='assessments_of_a_record'),
            ),
            migrations.AddIndex(
                model_name='assessment',
                index=models.Index(condition=models.Q(('is_latest', True), ('retracted_at', None)), fields=['voice', 'common', 'is_published', 'recommendation'], name='latest_assessments'),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='assessment_has_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.CheckConstraint(condition=models.Q(('accreditation', None), models.Q(('institution__isnull', False), ('is_published', True), ('voice', 'independent')), _connector='OR'), name='signed_assessment_is_published_for_an_institution'),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('voice', 'mechanism'), _negated=True), models.Q(('symbol', ''), _negated=True), _connector='OR'), name='mechanism_assessment_cites_its_document'),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.CheckConstraint(condition=models.Q(('retracted_at', None), models.Q(('retraction_reason', ''), _negated=True), _connector='OR'), name='assessment_retracted_with_a_reason'),
            ),
            migrations.AddField(
                model_name='updatecluster',
                name='update',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cluster_abouts', to='progress.update'),
            ),
            migrations.AddConstraint(
                model_name='updatecluster',
                constraint=models.UniqueConstraint(fields=('cluster', 'update'), name='one_link_of_an_update_to_a_cluster_each'),
            ),
            migrations.CreateModel(
                name='UpdateRecommendation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.batch')),
                    ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='update_abouts', to='recommendations.recommendation')),
                    ('update', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='abouts', to='progress.update')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('update', 'recommendation'), name='one_link_of_an_update_each')],
                },
            ),
            migrations.AddField(
                model_name='update',
                name='recommendations',
                field=models.ManyToManyField(related_name='updates', through='progress.UpdateRecommendation', to='recommendations.recommendation'),
            ),
            migrations.AddIndex(
                model_name='update',
                index=models.Index(fields=['institution', 'state', 'published_at'], name='updates_of_an_institution'),
            ),
            migrations.AddIndex(
                model_name='update',
                index=models.Index(fields=['state', 'changed_at'], name='updates_by_state'),
            ),
            migrations.AddIndex(
                model_name='update',
                index=models.Index(fields=['-changed_at', '-id'], name='updates_by_change'),
            ),
            migrations.AddIndex(
                model_name='update',
                index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['state', 'published_at'], name='published_updates'),
            ),
            migrations.AddConstraint(
                model_name='update',
                constraint=models.CheckConstraint(condition=models.Q(('start', None), ('end', None), ('end__gte', models.F('start')), _connector='OR'), name='update_ends_after_it_begins'),
            ),
            migrations.AddConstraint(
                model_name='update',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state', 'published')), models.Q(('state', 'published'), _negated=True), _connector='OR'), name='update_published_on_a_day'),
            ),
            migrations.AddConstraint(
                model_name='update',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('return_reason', ''), _negated=True), _connector='OR'), name='update_returned_with_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='update',
                constraint=models.CheckConstraint(condition=models.Q(('on_behalf', False), models.Q(models.Q(('letter', ''), _negated=True), ('letter_date__isnull', False)), _connector='OR'), name='update_on_behalf_by_a_letter'),
            ),
            migrations.AddConstraint(
                model_name='update',
                constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawal_reason', ''), _negated=True), _connector='OR'), name='update_withdrawn_with_a_reason'),
            ),
            migrations.CreateModel(
                name='UpdateStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting validating authority'), ('validated', 'Awaiting coordinator'), ('returned', 'Returned for changes'), ('published', 'Published')], max_length=9, verbose_name='state')),
                    ('at', models.DateTimeField(auto_now_add=True, verbose_name='date and time')),
                    ('reason', models.TextField(blank=True, verbose_name='reason')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='progress.update')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
        ]),
    ]
