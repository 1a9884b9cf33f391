"""The own parcel for peers: prepared in the background, then downloaded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.exchange.models import Audience, SharedObject
from servanda.exchange.sharing.feed import is_current, write_parcel
from servanda.exchange.sharing.refreshing_tasks import refresh
from servanda.exchange.sharing.services import refuse_site
from servanda.jobs.services import enqueue, is_pending
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.addresses import origin_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse
from servanda.trail.models import Event


@require_POST
@requires(Can.IMPORT)
def prepare_parcel(request: HttpRequest) -> HttpResponse:
    """Compare what is published with what was shared, in the background."""
    site = origin_of(request)
    try:
        refuse_site(site)
    except Refused as refusal:
        refuse(request, refusal, "prepare_parcel")
    else:
        enqueue(refresh, site)
        messages.success(request, _("The parcel is being prepared. Download it when it is ready."))
    return redirect("exchange:peers")


@require_safe
@requires(Can.IMPORT)
def parcel_progress(request: HttpRequest) -> HttpResponse:
    """Nothing while the parcel is prepared; then htmx loads the whole page."""
    is_busy = is_pending(refresh, origin_of(request))
    return HttpResponse(status=204) if is_busy else HttpResponse(headers={"HX-Refresh": "true"})


@heavy(FILE)
@require_safe
@requires(Can.IMPORT)
def parcel_file(request: HttpRequest) -> HttpResponseBase:
    return parcel_answer(request, Audience.EVERYONE, "servanda-parcel")


@heavy(FILE)
@require_safe
@requires(Can.IMPORT)
def members_parcel_file(request: HttpRequest) -> HttpResponseBase:
    """The parcel for peers that are members."""
    return parcel_answer(request, Audience.MEMBERS, "servanda-parcel-for-members")


def parcel_answer(request: HttpRequest, audience: str, name: str) -> HttpResponseBase:
    """The ZIP, unless it has an object that was unpublished since it was prepared."""
    now, site = timezone.now(), origin_of(request)
    if not is_current(
        SharedObject.objects.filter(audience=audience).only("audience", "kind", "object_id", "content")
    ):
        enqueue(refresh, site)
        sentence = _("Something was unpublished since the parcel was prepared. Wait a minute, then try again.")
        messages.error(request, sentence)
        return redirect("exchange:peers")
    file = write_parcel(site=site, on=now, audience=audience)
    Event.record("parcel-downloaded", by=request.user)
    return send_file(file, file_name(name, "zip", on=timezone.localdate(now)))
