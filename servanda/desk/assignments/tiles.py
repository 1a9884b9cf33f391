"""Tiles of assignments, with the same conditions as the list of records."""

from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.assignments.facets import (
    ASSIGNED,
    MINE,
    MINE_DUE,
    PAST,
    REFUSED,
    UNNAMED,
    assigned_sets,
    named_on,
)
from servanda.planning.assignments.facets import DUE as DUE_DATE
from servanda.planning.models import Assignment
from servanda.recommendations.filters.facets import WITHOUT
from servanda.recommendations.filters.follow_up import DUE, due_now
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.models import Recommendation


def assignment_tiles(user: User) -> Supply:
    """For coordinators, records without a lead and refusals; for institutions, their assignments and due dates."""
    counts = yield Ask("assignments", lambda: counted_assigned(user, on=timezone.localdate()))
    register = reverse("desk:register")
    if "without" in counts:
        label, none = _("No lead institution"), _("Every record has a lead institution.")
        yield Tile(
            "late_records",
            _("Overdue records"),
            counts["late"],
            f"{register}?{DUE_DATE}={PAST}",
            _("No overdue records."),
        )
        yield Tile("without_lead", label, counts["without"], f"{register}?lead={WITHOUT}", none)
    labels = {
        UNNAMED: (
            "unnamed",
            _("Without any institution"),
            _("Every record is assigned to an institution or names one."),
        ),
        REFUSED: ("refused", _("Refused by an institution"), _("No refusals to decide on.")),
        MINE_DUE: ("mine_due", _("Due within 30 days or overdue"), _("Nothing due soon for your institutions.")),
        MINE: ("mine", _("Assigned to my institutions"), _("Nothing is assigned to your institutions.")),
    }
    for key, (name, label, none) in labels.items():
        if key in counts:
            yield Tile(name, label, counts[key], f"{register}?{ASSIGNED}={key}", none)
    if "reports" in counts:
        label, none = _("Follow-up due within 90 days or recently overdue"), _("No follow-up replies are due soon.")
        yield Tile(
            "mine_follow_up", label, counts["reports"], f"{register}?{ASSIGNED}={MINE}&{FOLLOW_UP}={DUE}", none
        )


def counted_assigned(user: User, *, on: date) -> Numbers:
    sets = assigned_sets(user, on=on)
    numbers = {key: Count("pk", filter=condition) for key, condition in sets.items()}
    if can(user, Can.ASSIGN):
        leads = Assignment.objects.current().leading().order_by()
        numbers["without"] = Count("pk", filter=~named_on(leads))
        numbers["late"] = Count("pk", filter=named_on(leads.filter(due_on__lt=on)))
    elif MINE in sets:  # coordinators get the number for all records instead
        numbers["reports"] = Count("pk", filter=sets[MINE] & due_now(on=on))
    return Recommendation.objects.visible_to(user), numbers
