"""The comments on cells of a file, as its page shows them; `templates/desk/parts/_cell_comments.html`."""

from django.core.paginator import Paginator
from django.db.models import Case, When

from servanda.intake.models import Batch

SHOWN = 50  # on a page
ADDRESS = "?comments=%d#comments-title"


def comments_of(batch: Batch, number: str | None = None) -> dict[str, object]:
    """A page of them, those that cannot be taken first, with how many there are and how many can be taken."""
    rows = batch.cell_comments.order_by(Case(When(obstacle="", then=1), default=0), "pk")
    page = Paginator(rows, SHOWN).get_page(number)
    count = page.paginator.count
    return {
        "comments": list(page) if count else [],
        "comment_count": count,
        "without_obstacle": rows.filter(obstacle="").count() if count else 0,
        "previous_comments": ADDRESS % page.previous_page_number() if page.has_previous() else "",
        "next_comments": ADDRESS % page.next_page_number() if page.has_next() else "",
    }
