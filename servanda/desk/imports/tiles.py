"""Tiles of imports, with the same condition as their list."""

from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.imports.queries import WAITING, waiting_for_somebody
from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can


def import_tiles(user) -> Supply:
    if can(user, Can.IMPORT):
        href = f"{reverse('desk:imports')}?state={WAITING}"
        none = _("No files to review.")
        counts = yield Ask.many("imports", lambda: waiting_for_somebody(user))
        yield Tile("imports", _("Imports to review"), counts["number"], href, none)
