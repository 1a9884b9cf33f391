"""Names of files that leave: the State, what the file is about, what it is, and the day."""

from datetime import date

from servanda.people.models import Instance


def file_name(what: str, ending: str, *, on: date, about: str = "") -> str:
    """For instance SVN-UPR4-matrix-2026-11-28.docx; `about` and `what` may hold no slash. A reference that begins
    with the State does not repeat it."""
    state = Instance.current().state_code
    what = "-".join(what.lower().split())
    parts = ["" if about == state or about.startswith(f"{state}-") else state, about, what, on.isoformat()]
    return f"{'-'.join(filter(None, parts))}.{ending}"
