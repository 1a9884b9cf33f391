import django.core.validators
import django.db.models.deletion
import i18nfield.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('vocab', '0001_initial'), ('vocab', '0002_rules'), ('vocab', '0003_names_of_objects')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        # Django renders all models that lead to a person again for each of their changes: here there are few.
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
    ]

    operations = [
        CreateTables([
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
                    'verbose_name': 'country',
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
                    ('is_own', models.BooleanField(default=False, editable=False, verbose_name='added locally')),
                    ('is_facet', models.BooleanField(default=True, verbose_name='offered as a list filter')),
                    ('version', models.CharField(blank=True, max_length=40, verbose_name='version')),
                    ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                    ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
                ],
                options={
                    'verbose_name': 'taxonomy',
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
                    ('aliases', models.TextField(blank=True, verbose_name='other names, one per line')),
                    ('assesses', models.BooleanField(default=False, verbose_name='assesses the implementation of its recommendations')),
                    ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
                    ('is_own', models.BooleanField(default=False, editable=False, verbose_name='added locally')),
                    ('uhri_id', models.CharField(blank=True, max_length=36)),
                ],
                options={
                    'verbose_name': 'body',
                    'verbose_name_plural': 'bodies',
                    'ordering': ['order', 'code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('assesses', True), ('kind', 'upr'), _negated=True), name='the_upr_grades_nothing', violation_error_message='The Universal Periodic Review does not assess implementation. Clear this box, or choose another kind.')],
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
                name='Instrument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                    ('name', i18nfield.fields.I18nCharField(max_length=300, verbose_name='name')),
                    ('kind', models.CharField(choices=[('treaty', 'Treaty'), ('protocol', 'Protocol'), ('other', 'Other instrument')], default='treaty', max_length=10, verbose_name='kind')),
                    ('system', models.CharField(max_length=20, verbose_name='system')),
                    ('is_core', models.BooleanField(default=False, verbose_name='core human rights treaty of the United Nations')),
                    ('adopted_on', models.DateField(blank=True, null=True, verbose_name='adopted on')),
                    ('in_force_on', models.DateField(blank=True, null=True, verbose_name='in force since')),
                    ('procedures', models.CharField(blank=True, max_length=200, verbose_name='optional procedures')),
                    ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                    ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
                    ('is_own', models.BooleanField(default=False, editable=False, verbose_name='added or changed locally')),
                    ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instruments', to='vocab.body', verbose_name='monitoring body')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='protocols', to='vocab.instrument', verbose_name='protocol to')),
                ],
                options={
                    'verbose_name': 'instrument',
                    'verbose_name_plural': 'instruments',
                    'ordering': ['order', 'code'],
                },
            ),
            migrations.CreateModel(
                name='ObligationRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                    ('kind', models.CharField(choices=[('national-report', 'UPR national report'), ('advance-questions', 'Arrival of advance questions'), ('addendum', 'UPR addendum'), ('mid-term', 'UPR mid-term report'), ('review', 'Next review'), ('common-core', 'Common core document'), ('initial-report', 'Initial report'), ('periodic-report', 'Periodic report'), ('list-of-issues', 'Replies to a list of issues'), ('loipr', 'Replies to a list of issues prior to reporting'), ('follow-up', 'Follow-up report'), ('action-plan', 'Action plan or action report'), ('compliance', 'Report on compliance'), ('reply', 'Reply to a letter'), ('comments', 'Comments on a draft report'), ('written-response', 'Written response'), ('referral', 'Referral to the Court'), ('other', 'Other obligation')], max_length=20, verbose_name='kind')),
                    ('trigger', models.CharField(choices=[('session', 'Opening of the session'), ('adoption', 'Adoption of the outcome in the Council'), ('review', 'Review by the Working Group'), ('entry-into-force', 'Entry into force for the State'), ('previous-deadline', 'Previous deadline'), ('issued', 'Date of the document'), ('letter', 'Date of the letter'), ('receipt', 'Receipt of the letter'), ('notification', 'Notification of the decision'), ('finality', 'Judgment becomes final'), ('list-of-issues', 'Transmission of the list of issues'), ('document', 'As the document sets it'), ('body', 'Communicated by the body')], max_length=20, verbose_name='start of the time limit')),
                    ('offset', models.SmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-3660), django.core.validators.MaxValueValidator(3660)], verbose_name='time')),
                    ('unit', models.CharField(blank=True, choices=[('days', 'days'), ('working-days', 'working days'), ('weeks', 'weeks'), ('months', 'months')], max_length=12, verbose_name='unit of time')),
                    ('every', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='repeated every … months')),
                    ('certainty', models.CharField(choices=[('fixed', 'Fixed'), ('estimate', 'Estimate'), ('to-be-communicated', 'To be communicated')], default='fixed', max_length=20, verbose_name='certainty')),
                    ('force', models.CharField(choices=[('binding', 'Binding'), ('requested', 'Requested'), ('voluntary', 'Voluntary'), ('none', 'For information')], default='binding', max_length=10, verbose_name='force')),
                    ('word_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='word limit')),
                    ('is_limit_advisable', models.BooleanField(default=False, verbose_name='the limit is indicative')),
                    ('counts', i18nfield.fields.I18nTextField(blank=True, verbose_name='what counts towards the limit')),
                    ('clock', i18nfield.fields.I18nTextField(blank=True, verbose_name='reason for this start')),
                    ('note', i18nfield.fields.I18nTextField(blank=True, verbose_name='note')),
                    ('source', models.CharField(max_length=300, verbose_name='source')),
                    ('verified_on', models.DateField(blank=True, null=True, verbose_name='verified on')),
                    ('is_to_verify', models.BooleanField(default=False, verbose_name='to be verified')),
                    ('is_retired', models.BooleanField(default=False, verbose_name='no longer applied')),
                    ('is_own', models.BooleanField(default=False, editable=False, verbose_name='added locally')),
                    ('replaced_facts', models.TextField(blank=True, editable=False)),
                    ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='vocab.body', verbose_name='body')),
                    ('instrument', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='vocab.instrument', verbose_name='treaty')),
                    ('replaces', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='vocab.obligationrule')),
                ],
                options={
                    'verbose_name': 'rule',
                    'verbose_name_plural': 'rules',
                    'ordering': ['order', 'code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('offset', None), ('unit', '')), models.Q(('offset__isnull', False), models.Q(('unit', ''), _negated=True)), _connector='OR'), name='rule_time_has_a_unit', violation_error_message='Enter both the time and its unit, or neither.'), models.CheckConstraint(condition=models.Q(models.Q(('offset', None), ('trigger__in', ['document', 'body'])), models.Q(models.Q(('trigger__in', ['document', 'body']), _negated=True), ('offset__isnull', False)), _connector='OR'), name='rule_time_follows_its_trigger', violation_error_message='Enter the length of the time limit.'), models.CheckConstraint(condition=models.Q(models.Q(('certainty', 'to-be-communicated'), _negated=True), ('offset', None), _connector='OR'), name='rule_to_be_communicated_has_no_time', violation_error_message='Clear the time: the document or the body sets this deadline.'), models.CheckConstraint(condition=models.Q(('replaces', None), ('is_own', True), _connector='OR'), name='only_a_local_rule_replaces_another')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalObligationRule',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('code', models.SlugField(max_length=60, verbose_name='code')),
                    ('kind', models.CharField(choices=[('national-report', 'UPR national report'), ('advance-questions', 'Arrival of advance questions'), ('addendum', 'UPR addendum'), ('mid-term', 'UPR mid-term report'), ('review', 'Next review'), ('common-core', 'Common core document'), ('initial-report', 'Initial report'), ('periodic-report', 'Periodic report'), ('list-of-issues', 'Replies to a list of issues'), ('loipr', 'Replies to a list of issues prior to reporting'), ('follow-up', 'Follow-up report'), ('action-plan', 'Action plan or action report'), ('compliance', 'Report on compliance'), ('reply', 'Reply to a letter'), ('comments', 'Comments on a draft report'), ('written-response', 'Written response'), ('referral', 'Referral to the Court'), ('other', 'Other obligation')], max_length=20, verbose_name='kind')),
                    ('trigger', models.CharField(choices=[('session', 'Opening of the session'), ('adoption', 'Adoption of the outcome in the Council'), ('review', 'Review by the Working Group'), ('entry-into-force', 'Entry into force for the State'), ('previous-deadline', 'Previous deadline'), ('issued', 'Date of the document'), ('letter', 'Date of the letter'), ('receipt', 'Receipt of the letter'), ('notification', 'Notification of the decision'), ('finality', 'Judgment becomes final'), ('list-of-issues', 'Transmission of the list of issues'), ('document', 'As the document sets it'), ('body', 'Communicated by the body')], max_length=20, verbose_name='start of the time limit')),
                    ('offset', models.SmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-3660), django.core.validators.MaxValueValidator(3660)], verbose_name='time')),
                    ('unit', models.CharField(blank=True, choices=[('days', 'days'), ('working-days', 'working days'), ('weeks', 'weeks'), ('months', 'months')], max_length=12, verbose_name='unit of time')),
                    ('every', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='repeated every … months')),
                    ('certainty', models.CharField(choices=[('fixed', 'Fixed'), ('estimate', 'Estimate'), ('to-be-communicated', 'To be communicated')], default='fixed', max_length=20, verbose_name='certainty')),
                    ('force', models.CharField(choices=[('binding', 'Binding'), ('requested', 'Requested'), ('voluntary', 'Voluntary'), ('none', 'For information')], default='binding', max_length=10, verbose_name='force')),
                    ('word_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='word limit')),
                    ('is_limit_advisable', models.BooleanField(default=False, verbose_name='the limit is indicative')),
                    ('counts', i18nfield.fields.I18nTextField(blank=True, verbose_name='what counts towards the limit')),
                    ('clock', i18nfield.fields.I18nTextField(blank=True, verbose_name='reason for this start')),
                    ('note', i18nfield.fields.I18nTextField(blank=True, verbose_name='note')),
                    ('source', models.CharField(max_length=300, verbose_name='source')),
                    ('verified_on', models.DateField(blank=True, null=True, verbose_name='verified on')),
                    ('is_to_verify', models.BooleanField(default=False, verbose_name='to be verified')),
                    ('is_retired', models.BooleanField(default=False, verbose_name='no longer applied')),
                    ('is_own', models.BooleanField(default=False, editable=False, verbose_name='added locally')),
                    ('replaced_facts', models.TextField(blank=True, editable=False)),
                    ('order', models.PositiveSmallIntegerField(default=500, verbose_name='order')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('body', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='vocab.body', verbose_name='body')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('instrument', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='vocab.instrument', verbose_name='treaty')),
                    ('replaces', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='vocab.obligationrule')),
                ],
                options={
                    'verbose_name': 'historical rule',
                    'verbose_name_plural': 'historical rules',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Term',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=80, verbose_name='code')),
                    ('label', i18nfield.fields.I18nCharField(max_length=300, verbose_name='label')),
                    ('synonyms', models.TextField(blank=True, verbose_name='synonyms, one per line')),
                    ('is_artefact', models.BooleanField(default=False, verbose_name='artefact of the source')),
                    ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
                    ('external_id', models.CharField(blank=True, max_length=64, verbose_name='ID at the source')),
                    ('is_own', models.BooleanField(default=False, editable=False, verbose_name='added or changed locally')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='vocab.term', verbose_name='part of')),
                    ('taxonomy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='vocab.taxonomy', verbose_name='taxonomy')),
                ],
                options={
                    'verbose_name': 'label',
                    'ordering': ['taxonomy', 'order', 'code'],
                    'constraints': [models.UniqueConstraint(fields=('taxonomy', 'code'), name='one_term_of_a_code')],
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
                    'constraints': [models.UniqueConstraint(fields=('from_term', 'to_term'), name='one_crosswalk_each')],
                },
            ),
        ]),
    ]
