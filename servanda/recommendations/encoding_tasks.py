"""Tasks that services queue. Not in `tasks.py`, because that imports the services."""

from datetime import timedelta

from django.tasks import task

from servanda.jobs.declare import retryable, scheduled
from servanda.recommendations.register import related_results
from servanda.recommendations.search import encoders, encoding
from servanda.recommendations.search import vector_index as vectors


@retryable
@task()
def encode_texts_of(records: list[int]) -> None:
    encoding.encode_texts_of(records)


@scheduled("encode-texts", every=timedelta(hours=1))
@retryable
@task()
def encode_texts() -> None:
    encoders.learn_when_due()
    encoding.encode_missing()
    vectors.write_file()
    related_results.gather_ahead()
