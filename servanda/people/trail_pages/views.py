"""Who did what: the whole trail, and the part of it that one thing, one person or one institution has."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import TABLES
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.models import Institution
from servanda.people.trail_pages.exports import send_trail
from servanda.people.trail_pages.filters import (
    SCOPES,
    TrailForm,
    chosen,
    events_of_institution,
    events_of_object,
    events_of_person,
    narrow,
    people_named_to,
)
from servanda.people.trail_pages.presenter import kind_label, tell
from servanda.trail.anchoring import trouble
from servanda.trail.models import Event

EVENTS_ON_A_PAGE = 50


def page_of_events(request: HttpRequest, events: QuerySet[Event], **scope: object) -> dict:
    """The newest first; a page starts after the number that the page before ended with.

    `scope` is what a download has to know to be about the same lines.
    """
    form = TrailForm(request.GET)
    asked = form.asked()
    found = narrow(events, asked, to=request.user).select_related("actor")
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(sequence__lt=int(before[:18]))
    shown = list(found[: EVENTS_ON_A_PAGE + 1])
    filters = request.GET.copy()
    filters.pop("before", None)
    newest = filters.urlencode()
    filters.update({name: str(value) for name, value in scope.items()})
    return {
        "form": form,
        "rows": tell(shown[:EVENTS_ON_A_PAGE], to=request.user),
        "before": shown[EVENTS_ON_A_PAGE - 1].sequence if len(shown) > EVENTS_ON_A_PAGE else None,
        "is_filtered": bool(asked),
        "is_later_page": before.isdecimal(),
        "newest": newest,
        "download": filters.urlencode(),
    }


@require_safe
@requires(Can.READ_TRAIL)
def trail(request: HttpRequest) -> HttpResponse:
    page = page_of_events(request, Event.objects.all())
    return render(request, "people/trail_pages/trail.html", page | {"trouble": trouble(on=timezone.now())})


@heavy(FILE)
@require_safe
@requires(Can.READ_TRAIL)
def trail_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """What the page shows with its filters, all pages of it."""
    if format not in TABLES:
        raise Http404
    events = chosen(request.GET, to=request.user)
    if request.method == "GET":
        # The fields only: a name that somebody looked for would outlive its erasure here.
        used = [name for name in (*SCOPES, *TrailForm.base_fields) if request.GET.get(name)]
        said = {"format": ["", format], "filter": ["", ", ".join(used)]}
        Event.record("trail-exported", by=request.user, difference=said)
    return send_trail(events, format, to=request.user)


@require_safe
@requires(Can.READ_TRAIL)
def activity_of_object(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    page = page_of_events(request, events_of_object(kind, key), of_kind=kind, of_key=key)
    newest = page["rows"][0].label if page["rows"] else key
    return render(
        request, "people/trail_pages/activity_of_object.html", page | {"kind": kind_label(kind), "label": newest}
    )


@require_safe
@requires(Can.READ_TRAIL)
def activity_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(people_named_to(request.user), pk=pk)
    page = page_of_events(request, events_of_person(person), of_person=pk)
    return render(request, "people/trail_pages/activity_of_person.html", page | {"person": person})


@require_safe
@requires(Can.READ_TRAIL)
def activity_of_institution(request: HttpRequest, pk: int) -> HttpResponse:
    institution = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    page = page_of_events(request, events_of_institution(institution, to=request.user), of_institution=pk)
    return render(request, "people/trail_pages/activity_of_institution.html", page | {"institution": institution})
