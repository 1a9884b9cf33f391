import re

from django.db import migrations

DIGITS = re.compile(r"\d+")


def order_records(apps, schema_editor):
    """Records with a paragraph such as 10(a) were sorted behind all others of their document."""
    rows = apps.get_model("recommendations", "Recommendation").objects.filter(paragraph__regex=r"[^0-9A-Za-z.]")
    for pk, stem, key in rows.values_list("pk", "code_stem", "order_key").iterator():
        prefix = DIGITS.sub(lambda match: match.group().lstrip("0").zfill(6), stem.rsplit("-", 1)[0])
        head, _space, rest = key.partition(" ")
        if head.startswith(f"{prefix}-"):
            rows.filter(pk=pk).update(order_key=f"{prefix} {rest}")


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_squashed_0010_names_of_objects")]

    operations = [migrations.RunPython(order_records, migrations.RunPython.noop)]
