"""Tiles of indicators, with the same conditions as their list."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile, counted_in
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.indicators.listing import MINE, NEAR, WITHOUT
from servanda.planning.models import SOON, Indicator


def indicator_tiles(user: User) -> Supply:
    """For institutions, values that are due; for coordinators, outcome indicators without values."""
    plans, keeps = can(user, Can.EDIT_PLAN), bool(scopes(user, Can.EDIT_OWN_ACTIONS))
    if not (plans or keeps):
        return
    page, today = reverse("desk:indicators"), timezone.localdate()
    counts = yield Ask("indicators", lambda: counted_indicators(user, on=today, plans=plans, keeps=keeps))
    if keeps:
        label, none = _("Values due within 30 days or overdue"), _("No values due soon for your indicators.")
        yield Tile("values_due", label, counts["due"], f"{page}?institution={MINE}&due={NEAR}", none)
    if plans:
        label, none = _("Outcome indicators without a value"), _("Every outcome indicator has a value.")
        href = f"{page}?kind={Indicator.Kind.OUTCOME}&value={WITHOUT}"
        yield Tile("outcomes_without_value", label, counts["silent"], href, none)


def counted_indicators(user: User, *, on: date, plans: bool, keeps: bool) -> Numbers:
    sets = {}
    if keeps:
        sets["due"] = Indicator.objects.in_scope_of(user, Can.EDIT_OWN_ACTIONS).due_by(on + SOON)
    if plans:
        sets["silent"] = Indicator.objects.filter(kind=Indicator.Kind.OUTCOME).without_value()
    return Indicator.objects.visible_to(user), counted_in(sets)
