"""The most urgent open requests of a focal point, each with a button that starts the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from servanda.desk.rounds.my_requests import AskedItem, asked_items, with_drafts
from servanda.people.access import Can, scopes
from servanda.people.models import User
from servanda.progress.models import InputRequest

MOST_ASKED = 5


@dataclass(frozen=True, slots=True)
class Question:
    row: AskedItem
    is_late: bool


def first_asked(user: User, *, on: date) -> Sequence[Question]:
    """The items to answer with the nearest deadlines."""
    if not scopes(user, Can.WRITE_UPDATE):
        return []
    mine = InputRequest.objects.open().in_scope_of(user)
    items = asked_items(user).filter(request__in=mine.order_by().values("pk"), answered_at=None)
    first = list(items.in_order()[:MOST_ASKED])
    rows = with_drafts(first, {item.request_id for item in first}) if first else []
    return [Question(row, row.item.request.due_on < on) for row in rows]
