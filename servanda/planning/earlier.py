"""Actions and indicators as they were at an earlier moment, as far as the reader could see them then."""

from collections.abc import Sequence
from datetime import datetime

from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.models import Action, Indicator
from servanda.recommendations.records.as_of import states_at


def as_they_were[Row: (Action, Indicator)](
    rows: Sequence[Row], moment: datetime | None, user: User | None
) -> list[Row]:
    """One that was opened to this person only since is as it is now: until then it may have named what is secret."""
    if moment is None or not rows:
        return list(rows)
    states = states_at(type(rows[0]), [row.pk for row in rows], moment)
    found = []
    for row in rows:
        then = states.get(row.pk, row)
        found.append(then if was_open(then, row, user) else row)
    return found


def was_open(then: Action | Indicator, now: Action | Indicator, user: User | None) -> bool:
    if can(user, Can.READ_EVERYTHING):
        return True
    if isinstance(then, Action) and isinstance(now, Action) and then.is_restricted and not now.is_restricted:
        return False
    reads_inside = any(not scope.bodies for scope in scopes(user, Can.READ_INTERNAL))
    return then.is_published or not now.is_published or reads_inside
