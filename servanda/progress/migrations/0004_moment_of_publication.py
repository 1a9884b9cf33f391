from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def date_publications(apps, schema_editor):
    """From the bulk change or the line of the trail that published them; signed ones were published at once."""
    assessments = apps.get_model("progress", "Assessment").objects.filter(is_published=True, published_at=None)
    applied = apps.get_model("intake", "Batch").objects.filter(pk=OuterRef("published_in")).values("applied_at")
    in_bulk = assessments.exclude(published_in=None)
    in_bulk.update(published_at=Coalesce(Subquery(applied), F("made_at")))
    events = apps.get_model("trail", "Event").objects.filter(action="assessment-published")
    for key, at in events.order_by("sequence").values_list("object_id", "at").iterator():
        assessments.filter(pk=key).update(published_at=at)
    assessments.update(published_at=F("made_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("progress", "0001_squashed_0003_reminders_of_other_rooms"),
        ("intake", "0001_squashed_0006_comments_and_order_of_a_file"),
        ("trail", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="published at"),
        ),
        migrations.RunPython(date_publications, migrations.RunPython.noop),
    ]
