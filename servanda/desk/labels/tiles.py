"""Tiles of suggested labels, with the same condition as their list."""

from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.models import Suggestion


def suggestion_tiles(user: User) -> Supply:
    if not can(user, Can.EDIT_REGISTER):
        return
    counts = yield Ask.many("suggestions", lambda: Suggestion.objects.visible_to(user).waiting())
    none = _("No suggested labels to decide on.")
    yield Tile("suggestions", _("Suggested labels"), counts["number"], reverse("desk:suggestions"), none)
