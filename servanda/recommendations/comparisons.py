"""What the worker compares: after each import, once its texts have vectors, and once a day what was edited."""

from datetime import timedelta

from django.tasks import task

from servanda.jobs.declare import retryable, scheduled
from servanda.recommendations import proposals
from servanda.recommendations.models import ClusterTree
from servanda.recommendations.services import comparing, encoding
from servanda.vocab.models import Country


@scheduled("compare-records", every=timedelta(days=1))
@retryable
@task()
def compare_records() -> None:
    encoding.encode_missing()
    comparing.compare_all()
    for tree in ClusterTree.objects.select_related("country").defer("records", "joins"):
        proposals.draw_tree(tree.country)


@retryable
@task()
def draw_tree(country: str) -> None:
    if state := Country.objects.filter(code=country).first():
        encoding.encode_missing()
        proposals.draw_tree(state)
