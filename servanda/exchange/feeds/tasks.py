"""Background work that fetches feeds: each peer in a task of its own, so that a slow one delays no other for long,
and after all other work that is ready."""

from contextlib import suppress

from django.tasks import task
from django.utils import timezone

from servanda.exchange.accepted.counting import recount
from servanda.exchange.feeds import pulling
from servanda.exchange.models import Peer
from servanda.jobs.declare import LAST, retryable, when_given_up
from servanda.jobs.exclusive import AlreadyRunning
from servanda.jobs.services import enqueue_once


@retryable
@task(priority=LAST)
def pull_feed(pk: int) -> None:
    found = Peer.objects.filter(pk=pk).first()
    if found:
        with suppress(AlreadyRunning):
            pulling.pull_feed(peer=found, on=timezone.now())


@retryable
@task()
def give_up_pull(pk: int) -> None:
    if found := Peer.objects.filter(pk=pk).first():
        pulling.give_up_pull(peer=found, on=timezone.now())


when_given_up(pull_feed, then=give_up_pull)


@retryable
@task()
def pull_due_feeds() -> None:
    for peer in Peer.objects.filter(counted_at=None):
        recount(peer)
    for pk in Peer.objects.due(on=timezone.now()).values_list("pk", flat=True):
        enqueue_once(pull_feed, pk)
