"""Meetings of the network: the list, one meeting on the screen, on paper and in calendars, and its participants."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.network.meetings import services as deeds
from servanda.network.meetings.calendars import send_calendar
from servanda.network.meetings.minutes import current_minutes
from servanda.network.meetings.own_registration import own_participation
from servanda.network.meetings.queries import (
    COLUMNS,
    MEETING_COLUMNS,
    STATES,
    MeetingFilter,
    ParticipantFilter,
    agenda_of,
    decisions_of,
    find_meetings,
    find_participants,
    meeting_rows,
    numbers_by_language,
    numbers_by_state,
    participant_rows,
)
from servanda.network.models import Meeting, MeetingDecision, MeetingPaper, MeetingParticipant
from servanda.network.releases.services import audience_of, release_of
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.notifications.services import origin_for_links
from servanda.progress.evidence.downloads import send_stored
from servanda.progress.rounds.days import house_zone

ON_A_PAGE = 25


def find_meeting(request: SignedIn, key: UUID) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user), key=key)


@require_safe
@requires(Can.READ_INTERNAL)
def meetings(request: SignedIn) -> HttpResponse:
    filters = MeetingFilter.read(request.GET)
    found = find_meetings(request.user, filters, on=timezone.now())
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    boxes = [
        filters.box("kind", _("Kind"), Meeting.Kind.choices),
        filters.box("state", _("Status"), STATES.items()),
    ]
    context = {
        "rows": found[slice_of(page)],
        "asked": filters,
        "boxes": boxes,
        "zone": house_zone(),
        "query": f"?{urlencode(filters.query())}" if filters.query() else "",
        **pager(page, filters.query()),
    }
    return render(request, "desk/meetings/meetings.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def meetings_export(request: SignedIn, format: str) -> HttpResponseBase:
    now = timezone.now()
    found = find_meetings(request.user, MeetingFilter.read(request.GET), on=now)
    deeds.record_list_download(by=request.user)
    name = file_name(_("Meetings"), format, on=timezone.localdate())
    return send_table(name, _("Meetings"), MEETING_COLUMNS, meeting_rows(found, on=now))


def page_context(request: SignedIn, shown: Meeting) -> dict:
    points, papers = agenda_of(shown, request.user)
    return {
        "shown": shown,
        "zone": house_zone(),
        "points": points,
        "papers": papers,
        "numbers": numbers_by_state(shown),
        "spoken": numbers_by_language(shown),
        "minutes": current_minutes(shown),
        "decisions": decisions_of(shown, request.user),
    }


@require_safe
@requires(Can.READ_INTERNAL)
def meeting(request: SignedIn, key: UUID) -> HttpResponse:
    """With its agenda and papers, minutes and decisions; a cancelled one with the reason."""
    shown = find_meeting(request, key)
    former = {"papers": MeetingPaper.objects.none(), "decisions": MeetingDecision.objects.none()}
    if can(request.user, Can.EDIT_NETWORK):
        former = {
            "papers": MeetingPaper.objects.former_for(request.user).filter(meeting=shown),
            "decisions": MeetingDecision.objects.former_for(request.user).filter(meeting=shown),
        }
    may_register = shown.begins_at > timezone.now() and not shown.is_closed(on=timezone.localdate())
    own = {"mine": own_participation(shown, request.user), "may_register": may_register}
    own |= {"shared_with": audience_of(release_of(shown))}
    return render(request, "desk/meetings/meeting.html", page_context(request, shown) | {"former": former} | own)


@require_safe
@requires(Can.READ_INTERNAL)
def meeting_sheet(request: SignedIn, key: UUID) -> HttpResponse:
    """All of a meeting for paper, with everyone who is registered."""
    shown = find_meeting(request, key)
    registered = MeetingParticipant.objects.visible_to(request.user).registered().filter(meeting=shown)
    people = registered.select_related("mechanism").order_by("queued_at", "pk")
    return render(request, "desk/meetings/meeting_sheet.html", page_context(request, shown) | {"people": people})


@require_safe
@requires(Can.READ_INTERNAL)
def meeting_calendar(request: SignedIn, key: UUID) -> HttpResponse:
    """The meeting for calendar programs."""
    shown = find_meeting(request, key)
    page = origin_for_links("") + shown.get_absolute_url()
    return send_calendar(shown, page=page, link=shown.link, is_internal=True)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def meeting_paper(request: SignedIn, key: UUID) -> FileResponse:
    """Always a download, never shown as a page."""
    row = get_object_or_404(MeetingPaper.objects.visible_to(request.user), key=key)
    return send_stored(row.file, name=row.name, mime=row.mime)


@require_safe
@requires(Can.READ_INTERNAL)
def meeting_minutes(request: SignedIn, key: UUID) -> HttpResponse:
    """All versions, the newest first."""
    shown = find_meeting(request, key)
    versions = shown.minutes.order_by("-number")
    page = page_of(versions.count(), number=MeetingFilter.read(request.GET).number, size=10)
    context = {"shown": shown, "versions": versions[slice_of(page)], **pager(page)}
    return render(request, "desk/meetings/meeting_minutes.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def meeting_participants(request: SignedIn, key: UUID) -> HttpResponse:
    shown, filters = find_meeting(request, key), ParticipantFilter.read(request.GET)
    found = find_participants(request.user, shown, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    context = {
        "shown": shown,
        "rows": found[slice_of(page)],
        "numbers": numbers_by_state(shown),
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": [
            filters.box("role", _("Role"), MeetingParticipant.Role.choices),
            filters.box("state", _("Status"), MeetingParticipant.State.choices),
        ],
        **pager(page, filters.query()),
    }
    return render(request, "desk/meetings/meeting_participants.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def meeting_participants_export(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    shown = find_meeting(request, key)
    found = find_participants(request.user, shown, ParticipantFilter.read(request.GET))
    deeds.record_download(meeting=shown, by=request.user)
    name = file_name(_("Participants"), format, on=timezone.localdate())
    return send_table(name, _("Participants"), COLUMNS, participant_rows(found))
