"""The feed as it is online, the document of the keys, and the choice of what is shared."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.exchange.models import Audience, SharedObject, SharedPage, SigningKey
from servanda.exchange.sharing import feed as feeds
from servanda.exchange.sharing import refreshing_tasks, services
from servanda.exchange.sharing.forms import SharingForm
from servanda.exchange.sharing.keys import SIGNATURE, public_jwk, sign
from servanda.jobs.services import enqueue, enqueue_once
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refusals_in_form

FEED_TYPE = "application/activity+json"
A_MINUTE = "public, max-age=60"
ASK_AGAIN, PRIVATE = "public, no-cache", "private, no-store"  # of a page, which may be withdrawn at any time


def online_key() -> SigningKey:
    """The key that signs; a 404 where the feed is not online, or the next key is not made yet."""
    if not services.current_sharing().is_online:
        raise Http404
    return get_object_or_404(SigningKey.objects.current())


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The index: origin, key, and the pages with their hashes."""
    return index_answer(request, Audience.EVERYONE)


@require_safe
def feed_page(request: HttpRequest, number: int) -> HttpResponse:
    return page_answer(request, number, Audience.EVERYONE)


def index_answer(request: HttpRequest, audience: str) -> HttpResponse:
    key, site = online_key(), services.own_site()
    tag = feeds.index_tag(site, key, audience)
    pages = SharedPage.objects.filter(audience=audience)
    return signed(request, key, tag, audience, lambda: feeds.index_of(site, key, pages, audience))


def page_answer(request: HttpRequest, number: int, audience: str) -> HttpResponse:
    """A page; 503 while it has an object that is not published any more, until the feed is brought up to date."""
    key, site = online_key(), services.own_site()
    page = get_object_or_404(SharedPage, number=number, audience=audience)
    rows = list(rows_of(page))
    if not feeds.is_current(rows):
        enqueue_once(refreshing_tasks.refresh_own)
        return HttpResponse(status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
    tag = quote_etag(f"{page.sha256}-{key.fingerprint}")
    return signed(request, key, tag, audience, lambda: feeds.page_of(site, number, rows, audience))


def rows_of(page: SharedPage) -> QuerySet[SharedObject]:
    rows = SharedObject.objects.filter(audience=page.audience, sequence__gte=page.first, sequence__lte=page.last)
    return rows.order_by("sequence")


def changed_at(key: SigningKey, audience: str) -> datetime:
    """When the bytes or their signature changed last."""
    revoked = SigningKey.objects.revoked().order_by("-revoked_at").first()
    moments = [feeds.published_at(key, audience), key.created_at, revoked and revoked.revoked_at]
    return max(moment for moment in moments if moment)


def signed(
    request: HttpRequest, key: SigningKey, tag: str, audience: str, write: Callable[[], bytes]
) -> HttpResponse:
    """The bytes, with their detached signature in the head of the same answer: the two always belong together."""
    changed = changed_at(key, audience).timestamp()
    cached = ASK_AGAIN if audience == Audience.EVERYONE else PRIVATE
    headers = {"ETag": tag, "Last-Modified": http_date(changed), "Cache-Control": cached}
    empty = HttpResponse(content_type=FEED_TYPE, headers=headers)
    answer = get_conditional_response(request, etag=tag, last_modified=int(changed), response=empty)
    if answer and answer is not empty:
        return answer
    content = write()
    try:
        empty[SIGNATURE] = sign(content, key).decode()
    except Refused as problem:
        raise Http404 from problem
    empty.content = content
    return empty


@require_safe
def exchange_keys(_request: HttpRequest) -> HttpResponse:
    """A set of JSON Web Keys: the key that signs, those that it replaced, and the fingerprints that are revoked, also
    before the next key is made."""
    if not services.current_sharing().is_online or not SigningKey.objects.exists():
        raise Http404
    trusted = SigningKey.objects.trusted()
    document = {
        "origin": services.own_site(),
        "feed": f"{services.own_site()}/{feeds.FEED}",
        "keys": [key_of(key) for key in trusted],
        "revoked": feeds.revoked_keys(),
    }
    return JsonResponse(document, headers={"Cache-Control": A_MINUTE})


def key_of(key: SigningKey) -> dict[str, Any]:
    replaced = {"replaced": key.replaced_at.isoformat()} if key.replaced_at else {}
    return public_jwk(key) | {"use": "sig"} | replaced


@form_page
@requires(Can.EDIT_INSTANCE)
def edit_sharing(request: HttpRequest) -> HttpResponse:
    present = services.current_sharing()
    initial = {
        "kinds": present.kind_codes,
        "member_kinds": present.member_kind_codes,
        "is_online": present.is_online,
    }
    form = SharingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_sharing"):
            services.edit_sharing(values=form.values(), by=request.user)  # type: ignore[arg-type]  # -- has passed `requires`
            enqueue(refreshing_tasks.refresh_own)
            messages.success(request, _("Changes saved."))
            return redirect("exchange:peers")
    return render(request, "exchange/sharing/edit_sharing.html", {"form": form}, status=422 if form.errors else 200)
