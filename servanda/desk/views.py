from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.assignment_tiles import assignment_tiles
from servanda.desk.first_run import first_steps
from servanda.desk.hand_over_pack import LOOKS_BACK
from servanda.desk.imports import import_tiles
from servanda.desk.opened import opened_by
from servanda.desk.register_tiles import editing_tiles, record_tiles, saved_tiles
from servanda.desk.tiles import Tile
from servanda.desk.vacancies import vacancy_tiles
from servanda.desk.whats_new import news_tiles
from servanda.people.access import Can, can, requires
from servanda.people.models import HandOver, Notification, User
from servanda.people.telling import tell
from servanda.trail.models import Event

EVENTS_SHOWN = 8


def notice_tiles(user: User) -> Iterator[Tile]:
    unread, href = Notification.objects.visible_to(user).unread().count(), reverse("people:notifications")
    yield Tile("notices", _("Notifications not read"), unread, f"{href}?state=unread", _("You have read everything."))


WAITING = (import_tiles, editing_tiles, assignment_tiles, vacancy_tiles)
KNOWN = (news_tiles, notice_tiles, record_tiles)


@require_safe
@requires(Can.USE_DESK)
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    page = {
        "first_steps": first_steps(user),
        "waiting": [tile for supply in WAITING for tile in supply(user)],
        "known": [tile for supply in KNOWN for tile in supply(user)],
        "saved": saved_tiles(user),
        "hand_overs": packs_for(user),
        "opened": opened_by(user),
    }
    return render(request, "desk/home.html", page | latest_events(user))


def packs_for(user) -> QuerySet[HandOver]:
    """What was handed over to this person lately."""
    lately = HandOver.objects.visible_to(user).filter(to=user, created_at__gt=timezone.now() - LOOKS_BACK)
    return lately.select_related("appointment__person", "appointment__institution").order_by("-pk")


def latest_events(user) -> dict:
    if not can(user, Can.READ_TRAIL):
        return {}
    events = Event.objects.select_related("actor")[:EVENTS_SHOWN]
    return {"events": [{"at": told.event.at, "text": told.sentence} for told in tell(events, to=user)]}
