from django.db import migrations

from servanda.recommendations.search import SearchIndexOperation


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]
    operations = [SearchIndexOperation()]
