"""Tiles of actions, with the same conditions as their list."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.actions.listing import LATE, MINE_LATE, MINE_NEAR
from servanda.planning.actions.rules import own_institutions
from servanda.planning.models import Action


def action_tiles(user: User) -> Supply:
    """For coordinators, late actions; for institutions, the late actions that they lead and those due soon."""
    today, sets = timezone.localdate(), {}
    if can(user, Can.EDIT_PLAN):
        sets[LATE] = Action.objects.late(on=today)
    if own_institutions(user):
        led = Action.objects.led_by(user) if LATE in sets else Action.objects.all()
        sets |= {MINE_LATE: led.late(on=today), MINE_NEAR: led.due_soon(on=today)}
    if not sets:
        return
    questions = {
        key.replace("-", "_"): Count("pk", filter=Q(pk__in=actions.order_by().values("pk")))
        for key, actions in sets.items()
    }
    counts = yield Ask(Action.objects.editable_by(user), questions)
    labels = {
        LATE: (_("Overdue actions"), _("No overdue actions.")),
        MINE_LATE: (_("Our overdue actions as lead"), _("No overdue actions for your institutions.")),
        MINE_NEAR: (_("Actions due within 30 days"), _("No actions due soon for your institutions.")),
    }
    for key in sets:
        label, none = labels[key]
        name = key.replace("-", "_")
        yield Tile(f"actions_{name}", label, counts[name], f"{reverse('desk:actions')}?when={key}", none)
