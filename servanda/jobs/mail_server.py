"""The mail server that the operator named, spoken to within bounds: one that hangs keeps the worker for seconds."""

import io
from smtplib import SMTP
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from servanda.kit.outgoing.bounded_lines import BoundedReader, Deadline

SECONDS = 30.0  # for all that the server says of one mail
MOST_BYTES = 1_000_000


class BoundedSMTP(SMTP):
    """smtplib waits for each byte anew, and reads a greeting without end to its end."""

    def __init__(self, *where: Any, **how: Any) -> None:
        self.deadline = Deadline(SECONDS)
        super().__init__(*where, **how)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(BoundedReader(self.sock, self.deadline, MOST_BYTES))
        return super().getreply()


class BoundedEmailBackend(EmailBackend):
    @property
    def connection_class(self) -> type[SMTP]:
        return BoundedSMTP
