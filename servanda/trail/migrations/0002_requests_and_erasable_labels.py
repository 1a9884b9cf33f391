"""The label moves into the part that can be erased, and the request joins the chain: all links are made anew, once."""

import hashlib
import json

from django.conf import settings
from django.db import migrations, models


def link_again(apps, schema_editor):
    Event, ChainHead = apps.get_model("trail", "Event"), apps.get_model("trail", "ChainHead")
    previous = ""
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        event.digest = hash_of([event.salt, event.object_label, event.difference])
        event.previous_hash = previous
        event.hash = previous = hash_of(
            [
                previous,
                event.sequence,
                event.at.isoformat(),
                event.actor_id,
                event.role,
                event.action,
                event.object_type,
                event.object_id,
                event.request_id,
                event.digest,
            ]
        )
        event.save(update_fields=["digest", "previous_hash", "hash"])
    ChainHead.objects.update(hash=previous)


def hash_of(parts):
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("event", "request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
        migrations.AlterField("event", "salt", models.CharField(blank=True, max_length=32)),
        migrations.AlterField(
            "event", "role", models.CharField(blank=True, max_length=80, verbose_name="role then held")
        ),
        migrations.AddIndex(
            "event", models.Index(fields=["actor", "-sequence"], name="deeds_of_a_person")
        ),
        migrations.RunPython(link_again, migrations.RunPython.noop),
    ]
