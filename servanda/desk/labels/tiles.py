"""What the desk counts of suggested labels: by the set of their list, so that the number has its rows."""

from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.models import Suggestion


def suggestion_tiles(user: User) -> Supply:
    if not can(user, Can.EDIT_REGISTER):
        return
    found = yield Ask.many(Suggestion.objects.visible_to(user).waiting())
    none = _("No suggested label waits for a person.")
    yield Tile("suggestions", _("Suggested labels"), found["number"], reverse("desk:suggestions"), none)
