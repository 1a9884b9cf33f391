"""Tiles of contributions, with the same condition as their list."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.models import Contribution


def contribution_tiles(user: User) -> Supply:
    """Contributions that wait for an answer; for contributors, their own."""
    answers, brings = can(user, Can.ANSWER_CONTRIBUTIONS), can(user, Can.CONTRIBUTE)
    if not (answers or brings):
        return
    waits = Q(state=Contribution.State.RECEIVED)
    numbers = {
        "waiting": Count("pk", filter=waits),
        "own": Count("pk", filter=Q(contributor=user)),
        "answered": Count("pk", filter=Q(answered_at__isnull=False, contributor=user)),
    }
    counts = yield Ask("contributions", lambda: (Contribution.objects.all(), numbers))
    page = reverse("desk:contributions")
    if answers:
        href = f"{page}?state={Contribution.State.RECEIVED}"
        none = _("Every contribution has been answered.")
        yield Tile("contributions", _("Contributions awaiting an answer"), counts["waiting"], href, none)
    if brings and not answers:
        none, note = _("No contributions sent yet."), _("with an answer: %(number)d") % {"number": counts["answered"]}
        yield Tile("contributed", _("My contributions"), counts["own"], f"{page}?mine=1", none, note)
