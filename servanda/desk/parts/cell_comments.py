"""The comments on cells of a file, as its page shows them; `templates/desk/parts/_cell_comments.html`."""

from servanda.intake.models import Batch

SHOWN = 50


def comments_of(batch: Batch) -> dict[str, object]:
    """The first ones, and how many there are; one query where all are shown."""
    rows = list(batch.cell_comments.all()[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else batch.cell_comments.count()
    return {"comments": rows[:SHOWN], "comment_count": count}
