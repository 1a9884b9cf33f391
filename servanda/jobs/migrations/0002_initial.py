from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('jobs', '0001_application_id'),
    ]

    operations = [
        migrations.CreateModel(
            name='RunningWorker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker_id', models.CharField(max_length=64, unique=True, verbose_name='worker')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('seen_at', models.DateTimeField(verbose_name='last seen at')),
            ],
            options={
                'ordering': ['started_at'],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, unique=True, verbose_name='name')),
                ('every', models.DurationField(verbose_name='every')),
                ('next_run', models.DateTimeField(db_index=True, verbose_name='next run')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(max_length=254, verbose_name='to')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('next_try', models.DateTimeField(verbose_name='next try')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('problem', models.TextField(blank=True, verbose_name="reply of the mail server")),
                ('message_id', models.CharField(blank=True, editable=False, max_length=200)),
                ('uncertain_since', models.DateTimeField(blank=True, null=True, verbose_name='outcome not known since')),
            ],
            options={
                'verbose_name': "e-mail",
                'verbose_name_plural': "e-mails",
                'ordering': ['pk'],
                'indexes': [models.Index(models.F('next_try'), condition=models.Q(('sent_at', None)), name='mails_to_send')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('message_id', ''), _negated=True), fields=('message_id',), name='one_mail_of_a_name')],
            },
        ),
    ]
