"""Tiles of indicators, with the same conditions as their list."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.indicators.listing import MINE, NEAR, WITHOUT
from servanda.planning.models import SOON, Indicator


def indicator_tiles(user: User) -> Supply:
    """For institutions, values that are due; for coordinators, outcome indicators without values."""
    plans, keeps = can(user, Can.EDIT_PLAN), bool(scopes(user, Can.EDIT_OWN_ACTIONS))
    if not (plans or keeps):
        return
    visible, questions = Indicator.objects.visible_to(user), {}
    if keeps:
        due = Indicator.objects.in_scope_of(user, Can.EDIT_OWN_ACTIONS).due_by(timezone.localdate() + SOON)
        questions["due"] = Count("pk", filter=Q(pk__in=due.order_by().values("pk")))
    if plans:
        silent = Indicator.objects.filter(kind=Indicator.Kind.OUTCOME).without_value()
        questions["silent"] = Count("pk", filter=Q(pk__in=silent.order_by().values("pk")))
    page = reverse("desk:indicators")
    counts = yield Ask(visible, questions)
    if keeps:
        label, none = _("Values due within 30 days or overdue"), _("No values due soon for your indicators.")
        yield Tile("values_due", label, counts["due"], f"{page}?institution={MINE}&due={NEAR}", none)
    if plans:
        label, none = _("Outcome indicators without a value"), _("Every outcome indicator has a value.")
        href = f"{page}?kind={Indicator.Kind.OUTCOME}&value={WITHOUT}"
        yield Tile("outcomes_without_value", label, counts["silent"], href, none)
