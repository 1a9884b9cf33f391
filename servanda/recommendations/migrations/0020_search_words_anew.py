from itertools import batched

from django.db import migrations
from django.db.models import F, Q

from servanda.recommendations.search import fulltext
from servanda.recommendations.editing.indexing import (index_tokens)

AT_ONCE = 1000


def write_index_anew(apps, schema_editor):
    """The words of every record, as this version brings them to their stems."""
    Batch = apps.get_model("intake", "Batch")
    Recommendation = apps.get_model("recommendations", "Recommendation")
    TextVersion = apps.get_model("recommendations", "TextVersion")
    hidden = Batch.objects.exclude(state="applied").values("pk")
    shown_or_its_own = Q(added_by=None) | ~Q(added_by__in=hidden) | Q(added_by=F("recommendation__added_by"))
    texts_now = TextVersion.objects.filter(
        shown_or_its_own, Q(ended_by=None) | Q(ended_by__in=hidden), ended_at=None
    ).order_by("pk")
    records = Recommendation.objects.order_by("pk").values_list("pk", "code", "document__symbol")
    for some in batched(records.iterator(chunk_size=AT_ONCE), AT_ONCE):
        texts = {pk: {} for pk, _code, _symbol in some}
        found = texts_now.filter(recommendation__in=texts)
        for pk, language, text in found.values_list("recommendation_id", "language", "text"):
            texts[pk][language] = f"{texts[pk].get(language, '')}\n{text}".strip()
        fulltext.write((pk, index_tokens(code, symbol or "", "", texts[pk])) for pk, code, symbol in some)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_rows_cells_and_meanings"),
        ("sources", "0002_units_of_documents"),
        ("recommendations", "0019_public_reasons"),
    ]
    operations = [migrations.RunPython(write_index_anew, migrations.RunPython.noop)]
