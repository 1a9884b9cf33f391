from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0005_move_questions'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Question',
        ),
    ]
