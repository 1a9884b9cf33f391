import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from servanda.kit.database.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('intake', '0001_squashed_0002_names_of_objects'), ('intake', '0003_what_a_row_showed'), ('intake', '0004_order_of_dates'), ('intake', '0005_cell_comments'), ('intake', '0006_comments_and_order_of_a_file')]

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Batch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('previewing', 'Being read'), ('previewed', 'Ready to apply'), ('applying', 'Being applied'), ('applied', 'Applied'), ('undone', 'Undone'), ('failed', 'Failed'), ('discarded', 'Discarded')], default='uploaded', max_length=12, verbose_name='state')),
                    ('file', models.FileField(blank=True, upload_to='intake/')),
                    ('name', models.CharField(max_length=255, verbose_name='file name')),
                    ('size', models.BigIntegerField(default=0, verbose_name='size in bytes')),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('shape', models.CharField(blank=True, max_length=32, verbose_name='shape')),
                    ('country', models.CharField(blank=True, max_length=8, verbose_name='only this State')),
                    ('assumed_country', models.CharField(blank=True, max_length=8, verbose_name='State of rows that name none')),
                    ('elsewhere', models.IntegerField(default=0, verbose_name='rows about other States')),
                    ('sheet', models.CharField(blank=True, max_length=120, verbose_name='sheet of the workbook')),
                    ('month_first', models.BooleanField(blank=True, null=True, verbose_name='month before day')),
                    ('takes_comments', models.BooleanField(default=False, verbose_name='import comments in cells as notes')),
                    ('publish', models.BooleanField(default=True, verbose_name='publish at once')),
                    ('accept_refused', models.BooleanField(default=False, verbose_name='apply the rest when rows are refused')),
                    ('done', models.IntegerField(default=0)),
                    ('total', models.IntegerField(default=0)),
                    ('message', models.TextField(blank=True, verbose_name='message')),
                    ('cleaned', models.BooleanField(default=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='sent at')),
                    ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='applied at')),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                    ('mapping', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='batches', to='intake.sendermapping', verbose_name='mapping')),
                ],
                options={
                    'verbose_name': 'import',
                    'verbose_name_plural': 'imports',
                    'ordering': ['-created_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='CellComment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sheet', models.CharField(blank=True, max_length=120, verbose_name='sheet')),
                    ('row', models.PositiveIntegerField(verbose_name='row')),
                    ('column', models.CharField(max_length=200, verbose_name='column')),
                    ('author', models.CharField(blank=True, max_length=100, verbose_name='author')),
                    ('text', models.TextField(verbose_name='comment')),
                    ('obstacle', models.TextField(blank=True, verbose_name='why it cannot be imported')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cell_comments', to='intake.batch')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Remark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('field', models.CharField(max_length=60, verbose_name='field')),
                    ('message', models.TextField(verbose_name='reason')),
                    ('name', models.TextField(blank=True)),
                    ('is_fatal', models.BooleanField(verbose_name='refused')),
                    ('rows', models.IntegerField(verbose_name='number of rows')),
                    ('places', models.TextField(blank=True)),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='intake.batch')),
                ],
                options={
                    'ordering': ['-is_fatal', '-rows', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='SenderMapping',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sender', models.CharField(max_length=120, verbose_name='sender')),
                    ('sheet', models.CharField(blank=True, max_length=120, verbose_name='further sheet')),
                    ('encoding', models.CharField(blank=True, max_length=32, verbose_name='encoding')),
                    ('separator', models.CharField(default=';', max_length=4, verbose_name='separator of lists in a cell')),
                    ('month_first', models.BooleanField(default=False, verbose_name='month before day')),
                ],
                options={
                    'verbose_name': 'column mapping',
                    'ordering': ['sender', 'sheet'],
                    'constraints': [models.UniqueConstraint(fields=('sender', 'sheet'), name='one_mapping_for_a_sheet_of_a_sender')],
                },
            ),
            migrations.CreateModel(
                name='MappedValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('column', models.CharField(max_length=60, verbose_name='column')),
                    ('printed', models.CharField(max_length=200, verbose_name='value in the file')),
                    ('folded', models.CharField(max_length=200)),
                    ('meaning', models.CharField(blank=True, max_length=80, verbose_name='meaning')),
                    ('mapping', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='intake.sendermapping')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('mapping', 'column', 'folded'), name='one_meaning_for_a_value')],
                },
            ),
            migrations.CreateModel(
                name='MappedColumn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('field', models.CharField(max_length=60, verbose_name='field')),
                    ('header', models.CharField(blank=True, max_length=200, verbose_name='column')),
                    ('constant', models.CharField(blank=True, max_length=200, verbose_name='fixed value')),
                    ('mapping', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='columns', to='intake.sendermapping')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('mapping', 'field'), name='one_column_for_a_field')],
                },
            ),
            migrations.CreateModel(
                name='FurtherSheet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                    ('sheet', models.CharField(max_length=120, verbose_name='sheet of the workbook')),
                    ('body', models.CharField(blank=True, max_length=200, verbose_name='recommending body')),
                    ('cycle', models.CharField(blank=True, max_length=20, verbose_name='UPR cycle')),
                    ('has_own_ids', models.BooleanField(default=False)),
                    ('rows', models.IntegerField(default=0, verbose_name='number of rows')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='further_sheets', to='intake.batch')),
                    ('mapping', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='further_sheets', to='intake.sendermapping', verbose_name='mapping')),
                ],
                options={
                    'verbose_name': 'further sheet',
                    'verbose_name_plural': 'further sheets',
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('batch', 'sheet'), name='one_reading_of_a_sheet'), models.UniqueConstraint(fields=('batch', 'position'), name='one_sheet_at_a_position')],
                },
            ),
            migrations.CreateModel(
                name='StagedCell',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.IntegerField(verbose_name='row')),
                    ('column', models.CharField(max_length=60, verbose_name='column')),
                    ('outcome', models.CharField(choices=[('imported', 'Imported'), ('unchanged', 'Already recorded'), ('left-out', 'Not imported')], max_length=10, verbose_name='outcome')),
                    ('message', models.TextField(blank=True, verbose_name='explanation')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='intake.batch')),
                ],
                options={
                    'ordering': ['number', 'pk'],
                    'indexes': [models.Index(fields=['batch', 'column', 'outcome'], name='intake_stag_batch_i_802694_idx')],
                },
            ),
            migrations.CreateModel(
                name='StagedRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.IntegerField(verbose_name='number')),
                    ('where', models.CharField(max_length=120, verbose_name='where in the file')),
                    ('verdict', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('joined', 'Added to a recommendation'), ('proposed', 'To be confirmed'), ('refused', 'Refused')], max_length=10, verbose_name='verdict')),
                    ('code', models.CharField(blank=True, max_length=80, verbose_name='reference')),
                    ('summary', models.CharField(blank=True, max_length=240, verbose_name='text')),
                    ('reason', models.TextField(blank=True, verbose_name='reason')),
                    ('difference', models.TextField(blank=True, verbose_name='first difference')),
                    ('languages', models.CharField(blank=True, max_length=80, verbose_name='languages')),
                    ('is_without_state', models.BooleanField(default=False, verbose_name='names no State')),
                    ('decision', models.CharField(blank=True, choices=[('same', 'The same recommendation'), ('new', 'A new recommendation'), ('skip', 'Leave out')], max_length=8, verbose_name='decision')),
                    ('is_supplement', models.BooleanField(default=False, verbose_name='row of a further sheet')),
                    ('record_digest', models.CharField(blank=True, max_length=16, verbose_name='digest of the record')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='intake.batch')),
                ],
                options={
                    'ordering': ['number'],
                    'indexes': [models.Index(fields=['batch', 'verdict', 'number'], name='intake_stag_batch_i_b7c589_idx')],
                    'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='one_row_for_a_number')],
                },
            ),
        ]),
    ]
