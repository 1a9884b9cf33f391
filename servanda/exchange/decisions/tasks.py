"""Background work that decides on many received objects, step by step."""

from django.tasks import task

from servanda.exchange.decisions import services
from servanda.exchange.models import Decision
from servanda.jobs.declare import retryable, when_given_up


@retryable
@task()
def decide_in_background(pk: int) -> None:
    found = Decision.objects.filter(pk=pk).first()
    while found and services.continue_decision(decision=found):
        pass


@retryable
@task()
def end_decision(pk: int) -> None:
    if found := Decision.objects.filter(pk=pk).first():
        services.end_decision(decision=found)


when_given_up(decide_in_background, then=end_decision)
