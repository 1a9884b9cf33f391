import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0003_retention'),
        ('sources', '0010_questions_of_proceedings'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProceedingQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('letter', 'In the letter'), ('advance', 'Sent in advance'), ('anticipated', 'Anticipated'), ('room', 'Put in the room')], default='letter', max_length=11, verbose_name='origin')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='written reply due at')),
                ('answer', models.TextField(blank=True, verbose_name='prepared answer')),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='proceedings.proceeding')),
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.question', verbose_name='question')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['question__place', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at', None), ('origin', 'room'), _connector='OR'), name='a_question_put_in_the_room_has_an_hour')],
            },
        ),
    ]
