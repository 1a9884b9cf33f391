"""Tasks that compare records: after each import, and once a day for edited records."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.tasks import task

from servanda.jobs.declare import retryable, scheduled
from servanda.people.models import Instance
from servanda.recommendations.clusters import comparing, proposals
from servanda.recommendations.models import ClusterTree
from servanda.recommendations.search import encoding
from servanda.vocab.models import Country


@scheduled("compare-records", every=timedelta(days=1))
@retryable
@task()
def compare_records() -> None:
    encoding.encode_missing()
    comparing.compare_all()
    for state in states_with_a_tree():
        proposals.draw_tree(state)


def states_with_a_tree() -> QuerySet[Country]:
    """The State of this system, and those for which a tree was requested."""
    asked_for = ClusterTree.objects.values("country")
    return Country.objects.filter(Q(code=Instance.current().state_code) | Q(pk__in=asked_for))


@retryable
@task()
def draw_tree(country: str) -> None:
    if state := Country.objects.filter(code=country).first():
        encoding.encode_missing()
        proposals.draw_tree(state)
