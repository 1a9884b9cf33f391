from django.db import migrations

from servanda.language.words.tokens import tokens_of_texts
from servanda.recommendations.search.fulltext import SearchIndexOperation, SearchTable

TABLE = ("network_peer_search", "peeranswer_id")


def index_answers(apps, _schema_editor):
    answers = apps.get_model("network", "PeerAnswer").objects.order_by("pk")
    rows = answers.values_list("pk", "code", "language", "text").iterator()
    SearchTable(*TABLE).write((pk, tokens_of_texts({language: text, "": code})) for pk, code, language, text in rows)


class Migration(migrations.Migration):
    dependencies = [("network", "0009_releases_and_peer_entries"), ("recommendations", "0001_initial")]

    operations = [
        SearchIndexOperation(*TABLE),
        migrations.RunPython(index_answers, migrations.RunPython.noop),
    ]
