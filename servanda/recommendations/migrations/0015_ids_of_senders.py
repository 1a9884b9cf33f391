"""Ids of spreadsheets belong to their sender: "sheet" becomes "sheet:7" where the mapping of the import is known."""

from django.db import migrations
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat


def name_senders(apps, schema_editor):
    Batch = apps.get_model("intake", "Batch")
    sender = Batch.objects.filter(pk=OuterRef("added_by"), mapping__isnull=False).values("mapping_id")[:1]
    for model in ("SourceRecord", "Tagging"):
        rows = apps.get_model("recommendations", model).objects.filter(scheme="sheet", added_by__mapping__isnull=False)
        rows.update(scheme=Concat(Value("sheet:"), Cast(Subquery(sender), CharField()), output_field=CharField()))


def forget_senders(apps, schema_editor):
    for model in ("SourceRecord", "Tagging"):
        apps.get_model("recommendations", model).objects.filter(scheme__startswith="sheet:").update(scheme="sheet")


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0014_records_not_for_everybody"),
        ("intake", "0002_rows_cells_and_meanings"),
    ]

    operations = [migrations.RunPython(name_senders, forget_senders, elidable=True)]
