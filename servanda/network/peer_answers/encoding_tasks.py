"""Tasks that services queue. Not in `tasks.py`, because wings import nothing from above."""

from django.tasks import task

from servanda.jobs.declare import retryable
from servanda.network.peer_answers import encoding


@retryable
@task()
def encode_answers() -> None:
    encoding.encode_answers()
