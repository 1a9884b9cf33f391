"""The public calendar of what is due to human rights bodies, its file, and the calendar files of persons."""

from collections.abc import Iterable
from datetime import date
from itertools import chain

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.charts import in_language_of as in_language_of_address
from servanda.kit.files.calendars import AllDayEvent
from servanda.kit.files.calendars import calendar_file as file_of
from servanda.kit.pages.addresses import origin_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.models import Instance
from servanda.people.notifications.services import in_language_of
from servanda.people.requests.visitors import address_key, count_post
from servanda.proceedings.calendar import (
    calendar_events_for,
    entries_of_events,
    feed_of_events,
    public_calendar_events,
    window,
)
from servanda.sources.models import Obligation, ObligationQuerySet
from servanda.sources.obligations.calendar import year_in, year_of
from servanda.sources.obligations.feeds import count_read, events_for, feed_of, public_events
from servanda.sources.obligations.undated import paragraphs_of, undated

TYPE = "text/calendar; charset=utf-8"


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What is published, by month of one year; and what the bodies have still to communicate."""
    today, public = timezone.localdate(), Obligation.objects.public().with_internal_side(AnonymousUser())
    year = year_in(request.GET.get("year", "")) or today.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    more = entries_of_events(public_calendar_events(first, last), first, last, on=today, is_daily=False)
    months = year_of(public, year, on=today, more=more)
    page = {
        "year": year,
        "months": months,
        "is_empty": not any(month.entries for month in months),
        "previous_url": f"?year={year - 1}",
        "next_url": f"?year={year + 1}",
        "without_day": undated(public).to_be_communicated,
    }
    return render(request, "portal/calendar.html", page)


@heavy(FILE)
@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """Published obligations for calendar programs, cacheable by everyone."""
    with in_language_of_address(request):
        on = timezone.localdate()
        events = chain(public_events(on=on), feed_of_events(public_calendar_events(*window(on)), origin=""))
        seen = Obligation.objects.public().with_internal_side(AnonymousUser())
        response = HttpResponse(written(events, seen), content_type=TYPE)
    response["Cache-Control"] = "public, max-age=3600"
    return conditional(request, response)


@heavy(FILE)
@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The obligations of the person with this key; wrong keys from one network are limited, as are reads of one."""
    now, feed = timezone.now(), feed_of(key)
    if feed is None:
        if not count_post(address_key(request, "calendar"), on=now):
            return HttpResponse(status=429, headers={"Retry-After": "3600"})
        raise Http404
    if not count_read(feed, on=now):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    with in_language_of(feed.person):
        on, origin = timezone.localdate(), origin_of(request)
        stays = feed_of_events(calendar_events_for(feed.person, *window(on)), origin=origin)
        events = chain(events_for(feed.person, on=on, origin=origin), stays)
        seen = Obligation.objects.visible_to(feed.person).with_internal_side(feed.person)
        response = HttpResponse(written(events, seen), content_type=TYPE)
    response["Cache-Control"] = "private, no-store"  # for proxies; a calendar program may ask whether it changed
    return conditional(request, response)


def written(events: Iterable[AllDayEvent], seen: ObligationQuerySet) -> bytes:
    """What has no date cannot be an event: it is in the description of the calendar."""
    name = _("%(instance)s: obligations") % {"instance": Instance.current()}
    description = "\n\n".join(paragraphs_of(seen))
    return file_of(name, events, language=get_language() or "en", description=description)


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
