from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.desk.hand_over_pack import LOOKS_BACK
from servanda.desk.imports import files_sent
from servanda.desk.opened import opened_by
from servanda.desk.vacancies import vacancy_tile
from servanda.desk.whats_new import news_tile
from servanda.intake.models import Batch
from servanda.people.access import Can, can, requires
from servanda.people.models import HandOver
from servanda.people.telling import tell
from servanda.recommendations.models import Recommendation, Stand, Tagging
from servanda.trail.models import Event

EVENTS_SHOWN = 8


@require_safe
@requires(Can.USE_DESK)
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    tiles = register_tiles(user) | import_tile(user) | vacancy_tile(user) | news_tile(user)
    page = latest_events(user) | {"hand_overs": packs_for(user), "opened": opened_by(user)}
    return render(request, "desk/home.html", tiles | page)


def register_tiles(user) -> dict:
    """What waits for a decision in the register, counted over what this person may see."""
    if not can(user, Can.EDIT_REGISTER):
        return {}
    seen = Recommendation.objects.visible_to(user).order_by()
    themes = Tagging.objects.current().filter(
        recommendation=OuterRef("pk"),
        origin__in=[Tagging.Origin.SOURCE, Tagging.Origin.PERSON],
        term__taxonomy__code="uhri-theme",
        term__is_artefact=False,
    )
    return {
        "without_theme": seen.filter(~Exists(themes)).count(),
        "position_pending": seen.filter(stand=Stand.PENDING).count(),
        "unpublished": seen.filter(is_published=False).count(),
    }


def import_tile(user) -> dict:
    if not can(user, Can.IMPORT):
        return {}
    return {"imports_waiting": files_sent(user).filter(state=Batch.State.PREVIEWED).count()}


def packs_for(user) -> QuerySet[HandOver]:
    """What was handed over to this person lately."""
    lately = HandOver.objects.visible_to(user).filter(to=user, created_at__gt=timezone.now() - LOOKS_BACK)
    return lately.select_related("appointment__person", "appointment__institution").order_by("-pk")


def latest_events(user) -> dict:
    if not can(user, Can.READ_TRAIL):
        return {}
    events = Event.objects.select_related("actor")[:EVENTS_SHOWN]
    return {"events": [{"at": told.event.at, "text": told.sentence} for told in tell(events, to=user)]}
