"""Pages of the network with one form that calls one service."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _

from servanda.desk.record.access import SignedIn
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.recommendations.editing.forms import ReasonForm


def ask(request: SignedIn, form: Any, *, title: object, profile: Any = None, **page: object) -> HttpResponse:
    """The page with the form; `profile` is what it is about and where Cancel leads."""
    cancel = profile.get_absolute_url() if profile else resolve_url("desk:mechanisms")
    context = {"form": form, "title": title, "profile": profile, "cancel_url": cancel, "button": _("Save"), **page}
    return render(request, "desk/network/profile_form.html", context, status=422 if form.errors else 200)


def ask_for_reason(
    request: SignedIn,
    deed: Callable[..., object],
    done: str,
    *,
    what: Mapping[str, object],
    about: Any,
    leads_to: Any = None,
    **page: object,
) -> HttpResponse:
    """The page on which something is withdrawn or cancelled with a reason; `what` is passed to the service."""
    form = ReasonForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and attempt(request, deed, done, reason=form.cleaned_data["reason"], **what):
        return redirect(leads_to or about)
    return ask(request, form, profile=about, **page)


def handle(
    request: SignedIn,
    form: Any,
    deed: Callable[..., object],
    *,
    what: Callable[[], dict[str, Any]],
    leads_to: Any,
    about: Any,
    title: object,
    edits: Any = None,
    **page: object,
) -> HttpResponse:
    """Show the form, or call the service with what it contains; `edits` is as for `refusals_in_form`."""
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, deed.__name__, edits=edits):
            deed(**what(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect(leads_to)
    return ask(request, form, profile=about, title=title, **{"cancel_url": resolve_url(leads_to), **page})
