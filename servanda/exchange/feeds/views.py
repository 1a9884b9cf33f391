"""The feed for peers that are members, which does not exist for others or without a valid token, and the action that
fetches the feed of a peer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.exchange.feeds import tasks
from servanda.exchange.feeds.introduction import member_of
from servanda.exchange.models import Audience, Peer
from servanda.exchange.sharing.services import own_site
from servanda.exchange.sharing.views import index_answer, page_answer
from servanda.jobs.services import enqueue_once
from servanda.people.access import Can, requires


def refuse_others(request: HttpRequest) -> None:
    head, url = request.headers.get("Authorization", ""), own_site() + request.path
    if member_of(head, url=url, on=timezone.now()) is None:
        raise Http404


@require_safe
def member_feed(request: HttpRequest) -> HttpResponse:
    refuse_others(request)
    return index_answer(request, Audience.MEMBERS)


@require_safe
def member_feed_page(request: HttpRequest, number: int) -> HttpResponse:
    refuse_others(request)
    return page_answer(request, number, Audience.MEMBERS)


@require_POST
@requires(Can.IMPORT)
def pull_feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """Fetch the feed of a peer now, in the background."""
    shown = get_object_or_404(Peer.objects.visible_to(request.user), key=key)
    if shown.is_active and shown.is_pulled:
        enqueue_once(tasks.pull_feed, shown.pk)
        messages.success(request, _("The feed is being fetched."))
    else:
        messages.error(request, _("First resume this peer, or select that its feed is fetched."))
    return redirect(shown)
