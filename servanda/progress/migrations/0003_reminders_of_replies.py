"""Reminders of replies are about obligations, as the replies are."""

from django.db import migrations


def name_obligations(apps, _schema_editor):
    reminder = apps.get_model("progress", "Reminder")
    obligation = apps.get_model("sources", "Obligation")
    about = reminder.objects.exclude(report_due_on=None)
    for day in about.order_by().values_list("report_due_on", flat=True).distinct():
        pk = obligation.objects.filter(due_on=day, has_records=True).order_by("pk").values_list("pk", flat=True).first()
        same = reminder.objects.filter(obligation=pk, obligation_step=None)
        reminded = set(same.values_list("person", "on"))
        for row in about.filter(report_due_on=day):
            if pk is None or (row.person_id, row.on) in reminded:
                row.delete()
            else:
                reminder.objects.filter(pk=row.pk).update(obligation=pk, report_due_on=None)


def name_days(apps, _schema_editor):
    reminder, seen = apps.get_model("progress", "Reminder"), set()
    of_replies = reminder.objects.filter(obligation__is_made_for_records=True, obligation_step=None)
    for row in of_replies.select_related("obligation").order_by("pk"):
        key = (row.person_id, row.on, row.obligation.due_on)
        if row.obligation.due_on is None or key in seen:
            row.delete()
        else:
            reminder.objects.filter(pk=row.pk).update(obligation=None, report_due_on=row.obligation.due_on)
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [
        ("progress", "0002_reminders_of_obligations"),
        ("recommendations", "0006_move_follow_up"),
    ]

    operations = [migrations.RunPython(name_obligations, name_days)]
