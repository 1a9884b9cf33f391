from django.db import migrations

from servanda.recommendations.search.fulltext import SearchIndexOperation


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]
    operations = [SearchIndexOperation()]
