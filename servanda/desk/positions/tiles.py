"""Tiles of positions, with the same conditions as their page."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.positions.queries import DIFFERENT, TO_PROPOSE, WAITING, sets_to_decide, sets_to_propose
from servanda.recommendations.models import Recommendation


def positions_tiles(user: User) -> Supply:
    """For coordinators, waiting and differing proposals; for institutions, records without a proposal of theirs."""
    if can(user, Can.EDIT_REGISTER):
        sets, shown = sets_to_decide(), (WAITING, DIFFERENT)
    elif can(user, Can.PROPOSE_POSITION):
        sets, shown = sets_to_propose(user), (TO_PROPOSE,)
    else:
        return
    names = {key: f"position_{key}".replace("-", "_") for key in shown}
    questions = {name: Count("pk", filter=sets[key]) for key, name in names.items()}
    counts = yield Ask(Recommendation.objects.opened_to(user), questions)
    labels = {
        WAITING: (_("Records with proposals to decide on"), _("No proposals to decide on.")),
        DIFFERENT: (_("Records with differing proposals"), _("No differing proposals.")),
        TO_PROPOSE: (_("Assigned records without your proposal"), _("No assigned records without your proposal.")),
    }
    for key, name in names.items():
        label, none = labels[key]
        yield Tile(name, label, counts[name], f"{reverse('desk:positions')}?state={key}", none)
