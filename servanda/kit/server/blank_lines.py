"""Middleware that leaves out the blank lines that tags of templates leave behind in a page."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# After a tag, or after a part that is left as it is; browsers show them as one blank.
BLANKS = re.compile(rb"(?:(?<=>)|\A)\n\s++")
WRITTEN = re.compile(rb"(<(textarea|pre)\b.*?</\2>)", re.DOTALL)  # in these, each line break counts


def leave_out_blank_lines(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = without_blank_lines(response.content)
        return response

    return middleware


def without_blank_lines(page: bytes) -> bytes:
    if b"<textarea" not in page and b"<pre" not in page:
        return BLANKS.sub(b"\n", page)
    parts = WRITTEN.split(page)
    parts[::3] = [BLANKS.sub(b"\n", part) for part in parts[::3]]
    return b"".join(part for at, part in enumerate(parts) if at % 3 != 2)
