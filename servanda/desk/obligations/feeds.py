"""The page of one's own calendar address."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.addresses import origin_of
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.sources.models import CalendarFeed
from servanda.sources.obligations import feeds as deeds


@require_safe
@requires(Can.READ_INTERNAL)
def own_calendar(request: SignedIn) -> HttpResponse:
    return render(request, "desk/obligations/own_calendar.html", page_of(request))


def page_of(request: SignedIn) -> dict:
    feed = CalendarFeed.objects.filter(person=request.user.pk).first()
    return {"feed": feed, "public_address": origin_of(request) + reverse("portal:calendar_file")}


@require_POST
@requires(Can.READ_INTERNAL)
@reauthentication_required
def renew_feed(request: SignedIn) -> HttpResponse:
    """The response shows the address itself: a redirect would need to store it in the session."""
    key = deeds.renew_feed(by=request.user, origin=origin_of(request))
    address = origin_of(request) + reverse("portal:calendar_feed", args=[key])
    messages.success(request, _("Calendar address created. Copy it now: it is not shown again."))
    return render(request, "desk/obligations/own_calendar.html", page_of(request) | {"address": address})


@require_POST
@requires(Can.READ_INTERNAL)
def revoke_feed(request: SignedIn) -> HttpResponse:
    attempt(request, deeds.revoke_feed, _("Calendar address revoked. Programs can no longer read it."))
    return redirect("desk:own_calendar")
