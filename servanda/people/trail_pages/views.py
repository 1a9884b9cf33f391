"""Pages of the trail: all of it, and that of one object, person or institution."""

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
    events_for_download,
    events_of_institution,
    events_of_object,
    events_of_person,
    narrow,
    people_named_to,
)
from servanda.people.trail_pages.presenter import event_lines, kind_label
from servanda.trail.anchoring import trouble
from servanda.trail.models import Event
from servanda.trail.verifying import faults_shown

EVENTS_ON_A_PAGE = 50


def page_of_events(request: HttpRequest, events: QuerySet[Event], **scope: object) -> dict:
    """The context of a page, newest first. The next page starts below the last sequence number of this one.

    `scope` are the parameters with which a download gets the same events.
    """
    form = TrailForm(request.GET)
    filters_used = form.filters()
    events_found = narrow(events, filters_used, to=request.user).select_related("actor")
    before = request.GET.get("before", "")
    if before.isdecimal():
        events_found = events_found.filter(sequence__lt=int(before[:18]))
    shown = list(events_found[: EVENTS_ON_A_PAGE + 1])
    rows = shown[:EVENTS_ON_A_PAGE]
    filters = request.GET.copy()
    filters.pop("before", None)
    newest = filters.urlencode()
    filters.update({name: str(value) for name, value in scope.items()})
    return {
        "form": form,
        "rows": event_lines(rows, to=request.user),
        "faults": faults_shown(rows),
        "before": shown[EVENTS_ON_A_PAGE - 1].sequence if len(shown) > EVENTS_ON_A_PAGE else None,
        "is_filtered": bool(filters_used),
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
    """All events that match the filters of the page, as a file."""
    if format not in TABLES:
        raise Http404
    events = events_for_download(request.GET, to=request.user)
    if request.method == "GET":
        # Only the names of the fields: a searched name would outlive its erasure here.
        used = [name for name in (*SCOPES, *TrailForm.base_fields) if request.GET.get(name)]
        difference = {"format": ["", format], "filter": ["", ", ".join(used)]}
        Event.record("trail-exported", by=request.user, difference=difference)
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
