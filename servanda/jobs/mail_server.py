"""Sends mail with limits, so that a mail server that hangs blocks the worker for seconds only."""

import io
from smtplib import SMTP
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from servanda.kit.outgoing.bounded_lines import BoundedReader, Deadline

SECONDS = 30.0  # for all replies of the server to one mail
MOST_BYTES = 1_000_000


class BoundedSMTP(SMTP):
    """smtplib starts its timeout again with each byte and reads a greeting of any length."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.deadline = Deadline(SECONDS)
        super().__init__(*args, **kwargs)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(BoundedReader(self.sock, self.deadline, MOST_BYTES))
        return super().getreply()


class BoundedEmailBackend(EmailBackend):
    @property
    def connection_class(self) -> type[SMTP]:
        return BoundedSMTP
