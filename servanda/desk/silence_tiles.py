"""What the desk counts of silence: by the filter of the list itself, so that each number has its rows."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.facets import UPDATE
from servanda.progress.models import LastUpdate
from servanda.progress.silence import HALF_A_YEAR, heard_since, heard_through, named
from servanda.recommendations.facets import WITHOUT
from servanda.recommendations.models import Recommendation


def silence_tiles(user: User) -> Supply:
    if not can(user, Can.RUN_ROUNDS):
        return
    since = timezone.localdate() - timedelta(days=HALF_A_YEAR)
    lately = named(heard_since(LastUpdate.objects.all(), since), heard_through(since=since))
    found = yield Ask(Recommendation.objects.visible_to(user), {"silent": Count("pk", filter=~lately)})
    href = f"{reverse('desk:register')}?{UPDATE}={WITHOUT}&{UPDATE}=older-{HALF_A_YEAR}"
    label, none = _("Records without an update for half a year"), _("There is news of every record.")
    yield Tile("silent_records", label, found["silent"], href, none)
