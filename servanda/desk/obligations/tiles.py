"""Tiles of obligations, with the same conditions as their list."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.sources.models import Obligation
from servanda.sources.obligations.listing import FORMER, LATE, MINE_LATE, QUARTER, UNKNOWN, quarter_of


def obligation_tiles(user: User) -> Supply:
    """For coordinators, what is overdue and what is due this quarter; for institutions, what they are late with."""
    today = timezone.localdate()
    if can(user, Can.EDIT_OBLIGATIONS):
        due = Obligation.objects.filter(state__in=Obligation.STILL_DUE).between(*quarter_of(today))
        unknown = Obligation.objects.past_at_entry()
        former = Obligation.objects.of_former_persons(on=today)
        sets = {LATE: Obligation.objects.late(on=today), QUARTER: due, UNKNOWN: unknown, FORMER: former}
    elif scopes(user, Can.COMPLETE_STEPS):
        sets = {MINE_LATE: Obligation.objects.of_institutions_of(user).late(on=today)}
    else:
        return
    questions = {
        key.replace("-", "_"): Count("pk", filter=Q(pk__in=found.order_by().values("pk")))
        for key, found in sets.items()
    }
    counts = yield Ask(Obligation.objects.visible_to(user), questions)
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
    for key in sets:
        label, none = labels[key]
        name = key.replace("-", "_")
        yield Tile(f"obligations_{name}", label, counts[name], f"{reverse('desk:obligations')}?when={key}", none)
