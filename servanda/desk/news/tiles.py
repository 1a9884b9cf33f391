"""Tiles of news, with the same condition as their page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.news.changes import count_changed, institutions_of, moments_of
from servanda.desk.parts.tiles import Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.models import Recommendation


def news_tiles(user: User) -> Supply:
    """The number of changed records; no tile on the first visit, when everything is new."""
    if not can(user, Can.READ_INTERNAL):
        return
    label, href, number = _("Changes since my last visit"), reverse("desk:whats_new"), None
    if since := user.previous_visit:
        moments = moments_of(institutions_of(user), since, user, most=0)
        number = count_changed(Recommendation.objects.opened_to(user), since, user) + moments.total
    note = _("This is your first visit.") if number is None else ""
    yield Tile("news", label, number, href, _("No changes."), note)
