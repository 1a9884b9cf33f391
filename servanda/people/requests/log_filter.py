"""Removes secret parts of addresses from the server's log: those that open an account or a person's answer.

Logging is configured before models are loaded, so this module must not import any."""

import logging
import re

# Failed requests are logged as well, while the link in their address still works.
OPENING = re.compile(
    r"(?<=/join/)[^/\s]+|(?<=/password/reset/key/)[^/\s]+|(?<=/contribute/)[^/\s?]+|(?<=/own-comment/)[^/\s?]+"
    r"|(?<=/calendar/)[^/\s]+(?=/)"
)


class WithoutKeys(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = OPENING.sub("…", record.getMessage()), ()
        return True
