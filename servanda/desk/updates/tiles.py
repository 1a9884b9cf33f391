"""Tiles of updates, with the same conditions as their list."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile
from servanda.people.models import User
from servanda.progress.models import Update
from servanda.progress.updates.queries import MINE, TO_PUBLISH, TO_VALIDATE, waiting_sets


def update_tiles(user: User) -> Supply:
    """Updates to write, to approve and to publish, in one query."""
    counts = yield Ask("updates", lambda: counted_updates(user))
    labels = {
        TO_PUBLISH: (_("Updates to publish"), _("No updates to publish.")),
        TO_VALIDATE: (_("Updates to approve"), _("No updates to approve.")),
        MINE: (_("Updates to finish"), _("No drafts or returned updates.")),
    }
    for key, (label, none) in labels.items():
        if key in counts:
            yield Tile(f"updates-{key}", label, counts[key], f"{reverse('desk:updates')}?waiting={key}", none)


def counted_updates(user: User) -> Numbers:
    sets, waiting = waiting_sets(user), Q(pk__in=[])
    for condition in sets.values():
        waiting |= condition
    numbers = {key: Count("pk", filter=condition) for key, condition in sets.items()}
    return Update.objects.visible_to(user).filter(waiting), numbers
