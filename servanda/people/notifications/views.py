"""Pages of one's own notifications."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.people.models import Notification
from servanda.people.notifications import services


@require_safe
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    own, only_unread = Notification.objects.visible_to(request.user), request.GET.get("state") == "unread"
    own = own.unread() if only_unread else own
    page = page_of(own.count(), number=page_number(request.GET))
    notices = services.in_words(own[slice_of(page)], to=request.user)
    context = {
        "only_unread": only_unread,
        "notices": notices,
        "days": services.by_day(notices),
        **pager(page, {"state": "unread"} if only_unread else {}),
    }
    return render(request, "people/notifications/notifications.html", context)


@require_POST
@login_required
def read_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read; with `open`, redirect to its object."""
    own = Notification.objects.visible_to(request.user)
    notification = get_object_or_404(own, pk=pk)
    services.mark_read(notifications=own.filter(pk=pk), by=request.user)
    href = services.address_of(notification, to=request.user) if "open" in request.POST else ""
    return redirect(href or "people:notifications")


@require_POST
@login_required
def read_notifications(request: HttpRequest) -> HttpResponse:
    services.mark_read(notifications=Notification.objects.visible_to(request.user), by=request.user)
    return redirect("people:notifications")
