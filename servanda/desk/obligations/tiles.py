"""Tiles of obligations, with the same conditions as their list."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile, counted_in
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.sources.models import Obligation
from servanda.sources.obligations.listing import FORMER, LATE, MINE_LATE, QUARTER, UNKNOWN, quarter_of


def obligation_tiles(user: User) -> Supply:
    """For coordinators, what is overdue and what is due this quarter; for institutions, what they are late with."""
    if not can(user, Can.EDIT_OBLIGATIONS) and not scopes(user, Can.COMPLETE_STEPS):
        return
    counts = yield Ask("obligations", lambda: counted_obligations(user, on=timezone.localdate()))
    labels = {
        LATE: (_("Overdue obligations"), _("No overdue obligations.")),
        QUARTER: (_("Obligations due this quarter"), _("No obligations due this quarter.")),
        UNKNOWN: (_("Deadlines that passed before the import"), _("No deadlines of unknown outcome.")),
        FORMER: (
            _("Obligations whose responsible person is no longer appointed"),
            _("All responsible persons are appointed."),
        ),
        MINE_LATE: (_("Our overdue obligations"), _("No overdue obligations for your institutions.")),
    }
    for key, number in counts.items():
        (label, none), name = labels[key], key.replace("-", "_")
        yield Tile(f"obligations_{name}", label, number, f"{reverse('desk:obligations')}?when={key}", none)


def counted_obligations(user: User, *, on: date) -> Numbers:
    if can(user, Can.EDIT_OBLIGATIONS):
        sets = {
            LATE: Obligation.objects.late(on=on),
            QUARTER: Obligation.objects.filter(state__in=Obligation.STILL_DUE).between(*quarter_of(on)),
            UNKNOWN: Obligation.objects.past_at_entry(),
            FORMER: Obligation.objects.of_former_persons(on=on),
        }
    else:
        sets = {MINE_LATE: Obligation.objects.of_institutions_of(user).late(on=on)}
    return Obligation.objects.visible_to(user), counted_in(sets)
