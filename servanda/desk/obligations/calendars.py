"""The calendar of obligations: by month, by year, and as a timeline of the bodies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.days import months_later
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.proceedings.calendar import calendar_events_for, entries_of_events
from servanda.sources.models import Obligation, ObligationQuerySet, ObligationStep, ObligationStepQuerySet
from servanda.sources.obligations.calendar import Entry, month_in, month_of, timeline_of, year_in, year_of
from servanda.sources.obligations.listing import ALL, ObligationFilter, body_and_kind, find_obligations
from servanda.sources.obligations.undated import undated


@require_safe
@requires(Can.READ_INTERNAL)
def obligation_calendar(request: SignedIn) -> HttpResponse:
    """One month, or one year if the address names a year: what is due, the steps towards it, and what takes place."""
    found, context = filtered(request)
    today, steps = timezone.localdate(), steps_of(found, request.user)
    if year := year_in(request.GET.get("year", "")):
        days = (date(year, 1, 1), date(year, 12, 31))
        more = stays(request, context["asked"], *days, is_daily=False)
        months = year_of(found, year, on=today, steps=steps, more=more)
        context |= {
            "kept": [("year", str(year))],
            "year": year,
            "months": months,
            **years_around(year, context["query"]),
        }
        context["is_empty"] = not any(month.entries for month in months)
    else:
        first = month_in(request.GET.get("month", "")) or today.replace(day=1)
        more = stays(request, context["asked"], first, months_later(first, 1) - timedelta(days=1), is_daily=True)
        month = month_of(found, first, on=today, steps=steps, more=more)
        context |= {
            "kept": [("month", f"{first:%Y-%m}")],
            "month": month,
            "is_empty": not month.number,
            **months_around(first, context["query"]),
        }
    context["undated"] = undated(found).by_heading
    return render(request, "desk/obligations/obligation_calendar.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def obligation_timeline(request: SignedIn) -> HttpResponse:
    """The deadlines of each body, side by side."""
    found, context = filtered(request)
    context["undated"] = undated(found).by_heading
    context["timeline"] = timeline_of(found, on=timezone.localdate())
    return render(request, "desk/obligations/obligation_timeline.html", context)


def steps_of(found: ObligationQuerySet, user: User) -> ObligationStepQuerySet:
    return ObligationStep.objects.visible_to(user).of(found)


def stays(request: SignedIn, asked: ObligationFilter, first: date, last: date, *, is_daily: bool) -> Iterator[Entry]:
    """Visits, dialogues and hearings: of the body of the filter, and none if only a kind of obligations is shown."""
    found = [] if asked.kind else calendar_events_for(request.user, first, last)
    chosen = (stay for stay in found if not asked.body or asked.body in stay.bodies)
    return entries_of_events(chosen, first, last, on=timezone.localdate(), is_daily=is_daily)


def filtered(request: SignedIn) -> tuple[ObligationQuerySet, dict]:
    """The obligations of all states that match the filters, and what the form above the calendar offers."""
    asked = ObligationFilter.read(request.GET)
    filters = replace(asked, state=asked.state or ALL)
    visible = Obligation.objects.visible_to(request.user).order_by()
    context = {
        "asked": asked,
        "query": urlencode(asked.query()),
        "boxes": body_and_kind(asked, visible),
    }
    return find_obligations(request.user, filters, on=timezone.localdate()), context


def months_around(first: date, query: str) -> dict:
    before, behind = months_later(first, -1), months_later(first, 1)
    return {
        "previous_url": address(query, month=f"{before:%Y-%m}"),
        "next_url": address(query, month=f"{behind:%Y-%m}"),
    }


def years_around(year: int, query: str) -> dict:
    return {"previous_url": address(query, year=str(year - 1)), "next_url": address(query, year=str(year + 1))}


def address(query: str, **part: str) -> str:
    return f"?{urlencode(part)}{'&' if query else ''}{query}"
