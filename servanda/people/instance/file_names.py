"""Names of files that leave: the State, what the file is about, what it is, and the day."""

import re
from datetime import date

from servanda.people.models import Instance

LONGEST_ABOUT = 80
NOT_IN_A_NAME = re.compile(r"[^\w.-]+")  # a symbol such as A/HRC/47/12 has slashes


def file_name(what: str, ending: str, *, on: date, about: str = "") -> str:
    """For instance SVN-UPR4-matrix-2026-11-28.docx; `what` may hold no slash. A reference that begins with the
    State does not repeat it."""
    about = NOT_IN_A_NAME.sub("-", about)[:LONGEST_ABOUT].strip("-.")
    state = Instance.current().state_code
    what = "-".join(what.lower().split())
    parts = ["" if about == state or about.startswith(f"{state}-") else state, about, what, on.isoformat()]
    return f"{'-'.join(filter(None, parts))}.{ending}"
