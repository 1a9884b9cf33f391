"""A meeting as a file for calendar programs, for people with an account and for those with an invitation."""

from datetime import UTC, datetime, time

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from servanda.kit.files.calendars import TimedEvent, calendar_file
from servanda.network.models import Meeting
from servanda.sources.obligations.feeds import uid_key, uid_of


def event_of(meeting: Meeting, *, page: str, link: str, is_internal: bool) -> TimedEvent:
    """Without participants: a calendar is easily shared. `link` is that of the meeting, for those who take part.

    Internal notes raise the version of a meeting, so only those who read them see it."""
    midnight = datetime.combine(timezone.localdate(), time(), tzinfo=UTC)
    return TimedEvent(
        uid=uid_of(f"meeting-{meeting.key}", uid_key()),
        begins_at=meeting.begins_at,
        ends_at=meeting.ends_at,
        summary=meeting.title,
        stamped_at=meeting.changed_at if is_internal else midnight,
        version=meeting.version if is_internal else 0,
        description="\n\n".join(filter(None, [meeting.call, link])),
        url=page,
        category=str(meeting.get_kind_display()),
        status="CANCELLED" if meeting.is_cancelled else "CONFIRMED",
        place=meeting.place,
    )


def send_calendar(meeting: Meeting, *, page: str, link: str, is_internal: bool) -> HttpResponse:
    event = event_of(meeting, page=page, link=link, is_internal=is_internal)
    content = calendar_file(meeting.title, [event], language=translation.get_language())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename="meeting.ics")
    return response
