from django.db import migrations, models


def about(thing):
    things = ("request", "indicator", "obligation")
    return models.Q(**{f"{name}__isnull": name != thing for name in things})


class Migration(migrations.Migration):
    dependencies = [("progress", "0003_reminders_of_replies")]

    operations = [
        migrations.RemoveConstraint(model_name="reminder", name="reminder_of_one_thing"),
        migrations.RemoveConstraint(model_name="reminder", name="one_reminder_of_a_reply_a_day"),
        migrations.RemoveField(model_name="reminder", name="report_due_on"),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=(about("request") & models.Q(obligation_step=None))
                | (about("indicator") & models.Q(obligation_step=None))
                | about("obligation"),
                name="reminder_of_one_thing",
            ),
        ),
    ]
