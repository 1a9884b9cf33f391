from datetime import timedelta

from servanda.jobs.declare import scheduled
from servanda.network.peer_answers.encoding_tasks import encode_answers
from servanda.network.practices.encoding_tasks import encode_practices

scheduled("encode-practices", every=timedelta(hours=1))(encode_practices)
scheduled("encode-answers", every=timedelta(hours=1))(encode_answers)
