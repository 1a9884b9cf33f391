import django.db.models.deletion
import i18nfield.fields
import servanda.people.models.persons
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('people', '0001_squashed_0005_codes_of_bodies'), ('people', '0002_notices_of_clearance'), ('people', '0003_peer_stopped'), ('people', '0004_absence'), ('people', '0005_replies_in_clearance'), ('people', '0006_speaks_for'), ('people', '0007_section_assigned'), ('people', '0008_input_ended')]

    initial = True

    dependencies = [
        ('jobs', '0001_application_id'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                    ('role', models.CharField(blank=True, choices=[('coordinator', 'Coordinator'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], help_text='Focal points, validating authorities, readers and contributors receive their role by appointment.', max_length=16, verbose_name='role in the mechanism')),
                    ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                    ('digest', models.CharField(choices=[('never', 'Never'), ('daily', 'Once a day'), ('weekly', 'Once a week')], default='weekly', help_text='One e-mail with your unread notifications. It is not sent if there are none.', max_length=6, verbose_name='notifications by e-mail')),
                    ('digest_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('away_from', models.DateField(blank=True, null=True, verbose_name='away from')),
                    ('away_until', models.DateField(blank=True, help_text='Until the end of this day, the alternates of your institution are also asked and reminded.', null=True, verbose_name='away until')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may log in')),
                    ('is_demonstration', models.BooleanField(default=False, editable=False, verbose_name='demonstration account')),
                    ('date_joined', models.DateTimeField(auto_now_add=True)),
                    ('accepted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='invitation accepted at')),
                    ('emergency_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='administrator until')),
                    ('previous_visit', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='previous visit')),
                    ('hides_first_steps', models.BooleanField(default=False, editable=False)),
                    ('hides_machine_labels', models.BooleanField(default=False, editable=False)),
                    ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='personal data erased at')),
                    ('session_stamp', models.CharField(default=servanda.people.models.persons.new_stamp, editable=False, max_length=16)),
                    ('speaks_for', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.institution')),
                ],
                options={
                    'verbose_name': 'person',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='AddressSalt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(unique=True)),
                    ('salt', models.CharField(max_length=64)),
                ],
            ),
            migrations.CreateModel(
                name='Instance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state_code', models.CharField(blank=True, help_text='ISO code, for example SVN.', max_length=8, verbose_name='State')),
                    ('name', i18nfield.fields.I18nCharField(blank=True, max_length=200, verbose_name='official name of the mechanism')),
                    ('languages', models.CharField(default='en', help_text='Codes separated by commas, the most used first: sl,en,fr', max_length=60, verbose_name='languages of the records')),
                    ('regional_systems', models.CharField(blank=True, help_text='Forms offer the bodies of these systems. Imports recognise the bodies of all systems.', max_length=40, verbose_name='regional systems')),
                    ('time_zone', models.CharField(default='UTC', max_length=40, verbose_name='time zone')),
                    ('contact', models.EmailField(blank=True, max_length=254, verbose_name='public contact')),
                    ('second_factor_for_focal_points', models.BooleanField(default=False, help_text='Requires a code from their phone at each log-in.', verbose_name='two-step verification for focal points')),
                    ('second_factor_for_contributors', models.BooleanField(default=False, verbose_name='two-step verification for contributors')),
                    ('updates_need_validation', models.BooleanField(default=True, help_text='Otherwise updates go directly from the focal point to the coordinator.', verbose_name='updates require approval by the validating authority')),
                    ('updates_need_publication', models.BooleanField(default=True, help_text='Otherwise updates from institutions are published immediately.', verbose_name='the coordinator publishes updates')),
                    ('writer_may_validate', models.BooleanField(default=False, help_text='The update then shows that the same person did both.', verbose_name='the person who wrote an update may also validate it')),
                    ('writer_may_publish', models.BooleanField(default=False, help_text='Select this if the secretariat has only one coordinator. The update then shows that the same person did both.', verbose_name='the person who wrote, entered or validated an update may also publish it')),
                    ('assessor_may_publish', models.BooleanField(default=True, help_text='Otherwise another coordinator publishes the assessment.', verbose_name='the person who made a Government assessment may also publish it')),
                    ('takes_public_contributions', models.BooleanField(default=False, help_text='Each contribution remains open until the coordinator has answered it.', verbose_name='anyone may contribute through a public form')),
                    ('consultation_step', models.CharField(blank=True, help_text='A draft report can be opened for comments once this step is cleared. Leave empty for the last step.', max_length=120, verbose_name='clearance step before a consultation')),
                    ('is_demonstration', models.BooleanField(default=False, editable=False, verbose_name='demonstration')),
                ],
                options={
                    'verbose_name': 'settings',
                },
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='purpose')),
                    ('scope', models.CharField(choices=[('read', 'Read'), ('write', 'Read and write')], default='read', max_length=5, verbose_name='permissions')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('start_of_key', models.CharField(max_length=12)),
                    ('created_at', models.DateTimeField(verbose_name='created at')),
                    ('expires_at', models.DateTimeField(verbose_name='valid until')),
                    ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                    ('last_use', models.CharField(blank=True, choices=[('read', 'Read'), ('write', 'Read and write')], max_length=5, verbose_name='last use')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'API key',
                    'ordering': ['-created_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Appointment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('function', models.CharField(choices=[('principal', 'Focal point, principal'), ('alternate', 'Focal point, alternate'), ('authority', 'Validating authority'), ('reader', 'Reader'), ('contributor', 'Contributor')], max_length=12, verbose_name='function')),
                    ('act', models.CharField(blank=True, help_text='The decree, decision or letter, with its date.', max_length=200, verbose_name='act of appointment')),
                    ('start', models.DateField(verbose_name='from')),
                    ('end', models.DateField(blank=True, help_text='End date. Leave empty if there is none.', null=True, verbose_name='until')),
                    ('bodies', models.CharField(blank=True, help_text='Codes separated by commas, for example CRC, SR Torture. If a code contains a comma, end each code with a semicolon. Leave empty for all bodies.', max_length=200, verbose_name='only for these bodies')),
                    ('reminded_before', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='people.institution', verbose_name='institution')),
                ],
                options={
                    'verbose_name': 'appointment',
                    'ordering': ['-start', '-pk'],
                    'indexes': [models.Index(fields=['institution', 'function', 'start'], name='people_appo_institu_3a6d1a_idx')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('end', None), ('end__gte', models.F('start')), _connector='OR'), name='appointment_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='HandOver',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('note', models.TextField(blank=True, verbose_name='notes for the successor')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over', to='people.appointment')),
                    ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over to')),
                ],
                options={
                    'verbose_name': 'hand-over',
                },
            ),
            migrations.CreateModel(
                name='Institution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, unique=True, verbose_name='abbreviation')),
                    ('name', i18nfield.fields.I18nCharField(max_length=200, verbose_name='name')),
                    ('branch', models.CharField(choices=[('executive', 'Executive'), ('legislature', 'Legislature'), ('judiciary', 'Judiciary'), ('independent', 'Independent'), ('statistics', 'Statistical office')], default='executive', max_length=12, verbose_name='branch')),
                    ('level', models.CharField(choices=[('national', 'National'), ('region', 'Region'), ('municipality', 'Municipality')], default='national', max_length=12, verbose_name='level')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                    ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                    ('address', models.TextField(blank=True, verbose_name='postal address')),
                    ('active_from', models.DateField(blank=True, null=True, verbose_name='exists since')),
                    ('active_to', models.DateField(blank=True, null=True, verbose_name='existed until')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.institution', verbose_name='part of')),
                ],
                options={
                    'verbose_name': 'institution',
                    'ordering': ['code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('active_from', None), ('active_to', None), ('active_to__gte', models.F('active_from')), _connector='OR'), name='institution_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalInstitution',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, verbose_name='abbreviation')),
                    ('name', i18nfield.fields.I18nCharField(max_length=200, verbose_name='name')),
                    ('branch', models.CharField(choices=[('executive', 'Executive'), ('legislature', 'Legislature'), ('judiciary', 'Judiciary'), ('independent', 'Independent'), ('statistics', 'Statistical office')], default='executive', max_length=12, verbose_name='branch')),
                    ('level', models.CharField(choices=[('national', 'National'), ('region', 'Region'), ('municipality', 'Municipality')], default='national', max_length=12, verbose_name='level')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                    ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                    ('address', models.TextField(blank=True, verbose_name='postal address')),
                    ('active_from', models.DateField(blank=True, null=True, verbose_name='exists since')),
                    ('active_to', models.DateField(blank=True, null=True, verbose_name='existed until')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.institution', verbose_name='part of')),
                ],
                options={
                    'verbose_name': 'historical institution',
                    'verbose_name_plural': 'historical institutions',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalAppointment',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('function', models.CharField(choices=[('principal', 'Focal point, principal'), ('alternate', 'Focal point, alternate'), ('authority', 'Validating authority'), ('reader', 'Reader'), ('contributor', 'Contributor')], max_length=12, verbose_name='function')),
                    ('act', models.CharField(blank=True, help_text='The decree, decision or letter, with its date.', max_length=200, verbose_name='act of appointment')),
                    ('start', models.DateField(verbose_name='from')),
                    ('end', models.DateField(blank=True, help_text='End date. Leave empty if there is none.', null=True, verbose_name='until')),
                    ('bodies', models.CharField(blank=True, help_text='Codes separated by commas, for example CRC, SR Torture. If a code contains a comma, end each code with a semicolon. Leave empty for all bodies.', max_length=200, verbose_name='only for these bodies')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.institution', verbose_name='institution')),
                ],
                options={
                    'verbose_name': 'historical appointment',
                    'verbose_name_plural': 'historical appointments',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
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
                    ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accreditations', to='people.institution', verbose_name='institution')),
                ],
                options={
                    'verbose_name': 'accreditation',
                    'ordering': ['-start', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('end', None), ('end__gte', models.F('start')), _connector='OR'), name='accreditation_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='accreditation_has_a_source'), models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('institution', 'start'), name='one_accreditation_of_an_institution_from_a_day'), models.UniqueConstraint(condition=models.Q(('end', None), ('replaced_at', None)), fields=('institution',), name='one_present_accreditation_each')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField(verbose_name='sent at')),
                    ('expires_at', models.DateTimeField(verbose_name='valid until')),
                    ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'invitation',
                    'ordering': ['-created_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='KnownBrowser',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64)),
                    ('seen_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_browsers', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'digest'), name='one_row_for_a_browser')],
                },
            ),
            migrations.CreateModel(
                name='LogInAttempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.CharField(max_length=64)),
                    ('browser', models.CharField(blank=True, max_length=64)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['account', 'browser', 'at'], name='people_logi_account_984348_idx')],
                },
            ),
            migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('appointed', 'Appointed'), ('appointment-ended', 'Appointment ended'), ('handed-over', 'Function handed over to you'), ('role-changed', 'Role changed'), ('invitation-accepted', 'Invitation accepted'), ('import-ready', 'Import ready'), ('import-applied', 'Import applied'), ('import-failed', 'Import failed'), ('people-sheet-ready', 'Import of institutions and people ready'), ('people-sheet-applied', 'Import of institutions and people applied'), ('people-sheet-failed', 'Import of institutions and people failed'), ('assignment-refused', 'Assignment refused'), ('contribution-received', 'Contribution received'), ('contribution-answered', 'Contribution answered'), ('input-asked', 'Information requested'), ('input-ended', 'Request for information withdrawn'), ('update-submitted', 'Update submitted'), ('update-validated', 'Update approved by its institution'), ('update-returned', 'Update returned'), ('update-published', 'Update published'), ('reply-asked', 'Answer of an institution requested'), ('reply-submitted', 'Answer of an institution submitted'), ('reply-validated', 'Answer of an institution approved'), ('reply-returned', 'Answer of an institution returned'), ('reply-to-clear', 'Reply of the State to clear'), ('reply-cleared', 'Reply of the State cleared'), ('reply-sent-back', 'Reply of the State returned'), ('question-assigned', 'Question asked during the dialogue assigned'), ('assessment-signed', 'Independent assessment published'), ('assessment-replied', 'Reply to an assessment'), ('record-concealed', 'Assessed record no longer public'), ('consultation-opened', 'Draft open for comments'), ('consultation-closes', 'Consultation closing soon'), ('comment-answered', 'Reply to a comment on a draft'), ('report-to-clear', 'Report to clear'), ('report-cleared', 'Report cleared'), ('report-returned', 'Report returned'), ('section-assigned', 'Section of a report assigned'), ('key-expires', 'Access key expiring soon'), ('peer-stopped', 'Peer stopped'), ('restore-accepted', 'Older backup restored')], max_length=24, verbose_name='kind')),
                    ('object_type', models.CharField(max_length=64)),
                    ('object_id', models.CharField(max_length=64)),
                    ('page_key', models.CharField(blank=True, max_length=80)),
                    ('label', models.CharField(blank=True, max_length=200, verbose_name='what')),
                    ('created_at', models.DateTimeField(verbose_name='when')),
                    ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                    ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='e-mailed at')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-created_at', '-pk'],
                    'indexes': [models.Index(fields=['person', '-created_at'], name='notifications_of_a_person'), models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='unread_notifications')],
                },
            ),
            migrations.CreateModel(
                name='Opened',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('record', 'Record'), ('institution', 'Institution'), ('saved-list', 'Saved list')], max_length=12)),
                    ('number', models.BigIntegerField()),
                    ('at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opened', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                    'indexes': [models.Index(fields=['person', '-at'], name='opened_lately')],
                    'constraints': [models.UniqueConstraint(fields=('person', 'kind', 'number'), name='opened_once_each')],
                },
            ),
            migrations.CreateModel(
                name='SentForm',
                fields=[
                    ('key', models.UUIDField(primary_key=True, serialize=False)),
                    ('page', models.CharField(max_length=128)),
                    ('led_to', models.CharField(blank=True, max_length=500)),
                    ('sent_at', models.DateTimeField(db_index=True)),
                    ('sender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Succession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='on')),
                    ('act', models.CharField(blank=True, max_length=200, verbose_name='legal act')),
                    ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='successions', to='people.institution')),
                    ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inheritances', to='people.institution')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor'), name='one_succession_each'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='nobody_succeeds_itself')],
                },
            ),
            migrations.CreateModel(
                name='VisitorPost',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.CharField(max_length=64)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['address', 'at'], name='people_visi_address_52c90f_idx')],
                },
            ),
        ]),
    ]
