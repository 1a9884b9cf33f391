from django.db import migrations
from django.db.models import F, Q

SOME = 2_000  # rows at once


def records_without_positions(apps):
    return apps.get_model("recommendations", "Recommendation").objects.exclude(body__kind="upr")


def clear_stands(apps, schema_editor):
    """States take no position on what others than the UPR recommend. The positions that files stated there stay."""
    records_without_positions(apps).exclude(stand="").update(stand="")


def set_stands_again(apps, schema_editor):
    """From the positions, as it was: the latest that is decided, else one that promises an answer."""
    is_added = Q(added_by=None) | Q(added_by__state="applied")
    is_kept = Q(ended_by=None) | ~Q(ended_by__state="applied")
    positions = apps.get_model("recommendations", "Position").objects.filter(
        is_added, is_kept, ended_at=None, is_draft=False
    )
    stated = positions.exclude(recommendation__body__kind="upr").order_by(F("date").asc(nulls_first=True), "pk")
    stands: dict[int, str] = {}
    for record, stand in stated.values_list("recommendation", "stand"):
        if stand != "pending" or record not in stands:
            stands[record] = stand
    for stand in set(stands.values()):
        pks = [record for record, said in stands.items() if said == stand]
        for start in range(0, len(pks), SOME):
            records_without_positions(apps).filter(pk__in=pks[start : start + SOME]).update(stand=stand)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0017_national_facts"),
        ("vocab", "0004_bodies_that_assess"),
    ]

    operations = [migrations.RunPython(clear_stands, set_stands_again)]
