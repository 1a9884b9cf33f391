import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max

AT_ONCE = 1000


def keep(apps, schema_editor):
    """Of every record the newest of its updates that stand."""
    link, kept = (apps.get_model('progress', name) for name in ('UpdateRecommendation', 'LastUpdate'))
    there = link.objects.filter(update__state='published', update__withdrawn_at=None).order_by()
    newest = there.values_list('recommendation').annotate(Max('update__published_at'))
    rows = (kept(recommendation_id=pk, published_at=at) for pk, at in newest)
    kept.objects.bulk_create(rows, batch_size=AT_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0001_initial'),
        ('recommendations', '0007_learned_models_and_suggestions'),
    ]

    operations = [
        migrations.CreateModel(
            name='LastUpdate',
            fields=[
                ('recommendation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='last_update_kept', serialize=False, to='recommendations.recommendation')),
                ('published_at', models.DateTimeField(verbose_name='published at')),
            ],
            options={
                'indexes': [models.Index(fields=['published_at', 'recommendation'], name='records_by_last_update')],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
