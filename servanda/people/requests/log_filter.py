"""What the log of the server does not keep of an address: the part that opens an account, or somebody's answer.

Logging is set up before models are loaded, so this module imports none."""

import logging
import re

# People send a form back with mistakes, or without a cookie, while the link in its address still works.
OPENING = re.compile(r"(?<=/join/)[^/\s]+|(?<=/password/reset/key/)[^/\s]+|(?<=/contribute/)[^/\s?]+")


class WithoutKeys(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = OPENING.sub("…", record.getMessage()), ()
        return True
