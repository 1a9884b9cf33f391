"""A page with one form that calls one service, as meetings and members have many of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from servanda.desk.network.profile_editing import ask
from servanda.desk.record.access import SignedIn
from servanda.kit.refusal import Refused
from servanda.people.requests.refusals import refuse_in_form
from servanda.people.versioning import ChangedMeanwhile


def handle(
    request: SignedIn,
    form: Any,
    deed: Callable[..., object],
    *,
    what: Callable[[], dict[str, Any]],
    leads_to: Any,
    about: Any,
    title: object,
    version: Callable[[], int] = int,
    **page: object,
) -> HttpResponse:
    """Show the form, or call the service with what it contains; after a conflict, `version` is the one to replace."""
    if request.method == "POST" and form.is_valid():
        try:
            deed(**what(), by=request.user)
        except Refused as refusal:
            if isinstance(refusal, ChangedMeanwhile):
                form.look_again(version())
            refuse_in_form(request, form, refusal, deed.__name__)
        else:
            messages.success(request, _("Saved."))
            return redirect(leads_to)
    return ask(request, form, profile=about, title=title, **{"cancel_url": resolve_url(leads_to), **page})
