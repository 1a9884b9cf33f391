"""Tiles of positions, with the same conditions as their page."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.positions.queries import DIFFERENT, TO_PROPOSE, WAITING, sets_to_decide, sets_to_propose
from servanda.recommendations.models import Recommendation


def positions_tiles(user: User) -> Supply:
    """For coordinators, waiting and differing proposals; for institutions, records without a proposal of theirs."""
    decides = can(user, Can.EDIT_REGISTER)
    if not decides and not can(user, Can.PROPOSE_POSITION):
        return
    counts = yield Ask("positions", lambda: counted_records(user, decides=decides))
    labels = {
        WAITING: (_("Records with proposals to decide on"), _("No proposals to decide on.")),
        DIFFERENT: (_("Records with differing proposals"), _("No differing proposals.")),
        TO_PROPOSE: (_("Assigned records without your proposal"), _("No assigned records without your proposal.")),
    }
    for key, number in counts.items():
        (label, none), name = labels[key], f"position_{key}".replace("-", "_")
        yield Tile(name, label, number, f"{reverse('desk:positions')}?state={key}", none)


def counted_records(user: User, *, decides: bool) -> Numbers:
    sets, shown = (sets_to_decide(), (WAITING, DIFFERENT)) if decides else (sets_to_propose(user), (TO_PROPOSE,))
    return Recommendation.objects.opened_to(user), {key: Count("pk", filter=sets[key]) for key in shown}
