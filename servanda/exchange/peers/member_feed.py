"""The feed for peers that are members: for others, and without a valid token, it does not exist."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.exchange.models import Audience
from servanda.exchange.peers.introduction import member_of
from servanda.exchange.sharing.services import own_site
from servanda.exchange.sharing.views import index_answer, page_answer


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
