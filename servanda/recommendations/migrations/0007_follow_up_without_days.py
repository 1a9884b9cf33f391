from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0006_move_follow_up")]

    operations = [
        migrations.RemoveConstraint(model_name="followup", name="only_a_follow_up_has_a_reply"),
        migrations.RemoveConstraint(model_name="followup", name="a_reply_has_a_day"),
        migrations.RemoveField(model_name="followup", name="due_on"),
        migrations.RemoveField(model_name="followup", name="replied_on"),
        migrations.RemoveField(model_name="followup", name="reply"),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "dissemination"), ("obligation__isnull", False), _connector="OR"),
                name="a_follow_up_has_an_obligation",
            ),
        ),
    ]
