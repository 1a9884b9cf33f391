"""Tiles of actions, with the same conditions as their list."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile, counted_in
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.actions.listing import LATE, MINE_LATE, MINE_NEAR
from servanda.planning.actions.rules import own_institutions
from servanda.planning.models import Action


def action_tiles(user: User) -> Supply:
    """For coordinators, late actions; for institutions, the late actions that they lead and those due soon."""
    plans, leads = can(user, Can.EDIT_PLAN), bool(own_institutions(user))
    if not (plans or leads):
        return
    counts = yield Ask("actions", lambda: counted_actions(user, on=timezone.localdate(), plans=plans, leads=leads))
    labels = {
        LATE: (_("Overdue actions"), _("No overdue actions.")),
        MINE_LATE: (_("Our overdue actions as lead"), _("No overdue actions for your institutions.")),
        MINE_NEAR: (_("Actions due within 30 days"), _("No actions due soon for your institutions.")),
    }
    for key, (label, none) in labels.items():
        if key in counts:
            name, href = key.replace("-", "_"), f"{reverse('desk:actions')}?when={key}"
            yield Tile(f"actions_{name}", label, counts[key], href, none)


def counted_actions(user: User, *, on: date, plans: bool, leads: bool) -> Numbers:
    sets = {LATE: Action.objects.late(on=on)} if plans else {}
    if leads:
        led = Action.objects.led_by(user) if plans else Action.objects.all()
        sets |= {MINE_LATE: led.late(on=on), MINE_NEAR: led.due_soon(on=on)}
    return Action.objects.editable_by(user), counted_in(sets)
