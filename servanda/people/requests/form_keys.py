"""Forms that create something carry a key: sent twice, even at the same moment, they create one object, and the
second request is redirected to it."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from servanda.kit.pages.addresses import page_name
from servanda.kit.templatetags.form_keys import FIELD
from servanda.people.models import SentForm

TRIES, PAUSE = 30, 0.1  # times seconds: how long the second request waits for the first


def makes_once(view: Callable) -> Callable:
    """Guard a view that creates something; put it below `requires`, which makes sure that the sender is known.

    A view that responds without a redirect sets `led_to` on its response.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        key = key_sent(request)
        if key is None:
            return view(request, *args, **kwargs)
        if (first := claim(key, request)) is not None:
            return lead_to(first, request)
        is_made = False
        try:
            response = view(request, *args, **kwargs)
            led_to = response.get("Location", "") or getattr(response, "led_to", "")
            if is_made := bool(led_to) and not was_refused(request):
                SentForm.objects.filter(pk=key).update(led_to=led_to[:500])
        finally:
            if not is_made:  # the form may be corrected and sent again
                SentForm.objects.filter(pk=key).delete()
        return response

    guarded.makes_once = True  # type: ignore[attr-defined]  # -- the tests look for it
    return guarded


def key_sent(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(FIELD, "")) if request.method == "POST" else None
    except ValueError:
        return None


def claim(key: UUID, request: HttpRequest) -> SentForm | None:
    """None if this request is the first with this form; otherwise the first one, once its result is known."""
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                SentForm.objects.create(
                    key=key, sender=request.user, page=page_name(request)[:128], sent_at=timezone.now()
                )
                return None
        except IntegrityError:
            first = SentForm.objects.filter(pk=key).first()
        if first and (first.led_to or first.sender_id != request.user.pk):
            return first
        time.sleep(PAUSE)
    return first or SentForm(key=key, sender_id=request.user.pk)


def lead_to(first: SentForm, request: HttpRequest) -> HttpResponse:
    if first.sender_id != request.user.pk:
        messages.error(request, _("This form was sent from another account. Open the form again and send it."))
        return HttpResponseRedirect(page_before(request))
    if not first.led_to:
        messages.error(request, _("This form is still being saved. Check the result before you send it again."))
        return HttpResponseRedirect(page_before(request))
    messages.info(request, _("This form was already sent. It was not saved a second time."))
    return HttpResponseRedirect(first.led_to)


def page_before(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    own_hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(referer, allowed_hosts=own_hosts, require_https=request.is_secure())
    return referer if is_ours else "/"


def was_refused(request: HttpRequest) -> bool:
    """Whether the view has set an error message for the next page."""
    queued = getattr(messages.get_messages(request), "_queued_messages", [])
    return any(message.level >= messages.ERROR for message in queued)


def forget_sent_forms(*, on: datetime) -> int:
    forms, _by_model = SentForm.objects.filter(sent_at__lt=on - SentForm.KEPT).delete()
    return forms
