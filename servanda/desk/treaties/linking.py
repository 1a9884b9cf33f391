"""Link records with treaties and reservations: from the page of the treaty by codes, from the record by a list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find_open
from servanda.desk.record.responses import ask as ask_on_record
from servanda.desk.record.responses import back
from servanda.desk.treaties.editing import ask, find_reservation
from servanda.desk.treaties.forms import CodesForm, TreatyLinksForm
from servanda.desk.treaties.views import find_treaty
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.recommendations.editing import treaty_links as deeds
from servanda.recommendations.editing.treaty_links import Target
from servanda.recommendations.editing.treaty_suggestions import records_asking
from servanda.recommendations.models import Recommendation
from servanda.sources.models import TreatyStatus


def target_of(status: TreatyStatus, pk: int | None) -> Target:
    """The reservation of this key, or the treaty itself."""
    return status.instrument if pk is None else find_reservation(status, pk)


@form_page
@requires(Can.EDIT_REGISTER)
def link_to_treaty(request: SignedIn, code: str, pk: int | None = None) -> HttpResponse:
    """Name the records that ask to ratify the treaty, or to withdraw the reservation."""
    status = find_treaty(request, code)
    target = target_of(status, pk)
    suggested = records_asking(status.instrument, request.user) if pk is None else []
    form = CodesForm(request.POST or None, user=request.user, suggested=suggested)
    if request.method == "POST" and form.is_valid():
        deeds.link_to_treaty(recommendations=form.records(), target=target, by=request.user)
        messages.success(request, _("Recommendations linked."))
        return redirect(status)
    return ask(request, form, title=_("Link recommendations"), status=status)


def find_record(request: SignedIn, code: str) -> Recommendation:
    return get_object_or_404(Recommendation.every_kind.opened_to(request.user), code=code)


@require_POST
@requires(Can.EDIT_REGISTER)
def unlink_from_treaty(request: SignedIn, code: str, record: str, pk: int | None = None) -> HttpResponse:
    status = find_treaty(request, code)
    what = {"recommendation": find_record(request, record), "target": target_of(status, pk)}
    undo = resolve_url("desk:restore_treaty_link", code, *([] if pk is None else [pk]), record)
    attempt(request, deeds.unlink_from_treaty, _("Link removed."), undo=undo, **what)
    return redirect(status)


@require_POST
@requires(Can.EDIT_REGISTER)
def restore_treaty_link(request: SignedIn, code: str, record: str, pk: int | None = None) -> HttpResponse:
    status = find_treaty(request, code)
    what = {"recommendations": [find_record(request, record)], "target": target_of(status, pk)}
    attempt(request, deeds.link_to_treaty, _("Recommendations linked."), **what)
    return redirect(status)


@form_page
@requires(Can.EDIT_REGISTER)
def set_treaty_links(request: SignedIn, code: str) -> HttpResponse:
    """Choose on the page of a record what it asks: to ratify treaties, to withdraw reservations."""
    recommendation = find_open(request, code)
    form = TreatyLinksForm(request.POST or None, user=request.user, linked=deeds.targets_of(recommendation))
    if request.method == "POST" and form.is_valid():
        deeds.set_treaty_links(recommendation=recommendation, targets=form.targets(), by=request.user)
        messages.success(request, _("Saved."))
        return back(recommendation)
    return ask_on_record(request, recommendation, form, title=_("Treaties"), button=_("Save"))
