"""Pages to add and edit obligations; each view has the name of its service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.obligations.history import WORDS, labels, names_of_persons
from servanda.desk.record.access import SignedIn
from servanda.desk.record.shared_deadlines import applies_to
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal, refusals_in_form, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.pages.history import Change
from servanda.sources.models import Obligation
from servanda.sources.obligations import services as deeds
from servanda.sources.obligations.forms import NewObligationForm, ObligationForm, StateForm
from servanda.sources.obligations.values import facts


def back(obligation: Obligation) -> HttpResponse:
    return redirect("desk:obligation", code=obligation.code)


def find_obligation(request: SignedIn, code: str) -> Obligation:
    linked = ("body", "instrument", "rule", "review", "document", "owner", "responsible", "submission")
    return get_object_or_404(Obligation.objects.visible_to(request.user).select_related(*linked), code=code)


def ask(request: SignedIn, form, *, title: str, button: str, obligation: Obligation | None = None, **page):
    context = {"form": form, "title": title, "button": button, "obligation": obligation, **page}
    context.setdefault("lead", applies_to(obligation, request.user))
    status = 409 if page.get("conflict") is not None else 422 if form.errors else 200
    return render(request, "desk/obligations/obligation_form.html", context, status=status)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def add_obligation(request: SignedIn) -> HttpResponse:
    form = NewObligationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_obligation"):
            added = deeds.add_obligation(values=form.values(), by=request.user)
            messages.success(request, _("Saved as %(code)s.") % {"code": added.code})
            return back(added)
    return ask(request, form, title=_("New obligation"), button=_("Save"))


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def edit_obligation(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    before = facts(obligation)
    form = ObligationForm(request.POST or None, obligation=obligation)
    page: dict = {"title": _("Edit"), "button": _("Save"), "obligation": obligation}
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["version"]
            deeds.edit_obligation(obligation=obligation, values=form.values(), seen=seen, by=request.user)
        except ChangedMeanwhile as refusal:
            record_refusal(request, refusal, "edit_obligation")
            form = form.rebased(find_obligation(request, code))
            page["conflict"] = compared(before, form.described() if form.is_valid() else {}, to=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_obligation")
        else:
            messages.success(request, _("Saved."))
            return back(obligation)
    return ask(request, form, **page)


def compared(saved: dict[str, str], wanted: dict[str, str], *, to: User) -> list[Change]:
    known, keys = labels(), (values.get("responsible", "") for values in (saved, wanted))
    words = WORDS | {"responsible": names_of_persons(keys, to=to)}
    return [
        Change(known[name], *(str(words.get(name, {}).get(value, value)) for value in (saved[name], wanted[name])))
        for name in saved
        if name in wanted and name in known and saved[name] != wanted[name]
    ]


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def set_obligation_state(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = StateForm(request.POST or None, obligation=obligation)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in_form(request, form, "set_obligation_state", edits=obligation):
            deeds.set_obligation_state(
                obligation=obligation,
                state=values["state"],
                reason=values["reason"],
                seen=values["version"],
                by=request.user,
            )
            messages.success(request, _("Saved."))
            return back(obligation)
    return ask(request, form, title=_("Set the status"), button=_("Save"), obligation=obligation)


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def publish_obligation(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    message = _("Obligation published. It is now on the public calendar.")
    undo = resolve_url("desk:unpublish_obligation", code)
    attempt(request, deeds.publish_obligation, message, undo=undo, obligation=obligation)
    return back(obligation)


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def unpublish_obligation(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    message, undo = _("Obligation unpublished."), resolve_url("desk:publish_obligation", code)
    attempt(request, deeds.unpublish_obligation, message, undo=undo, obligation=obligation)
    return back(obligation)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def withdraw_obligation(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        message = _("Obligation withdrawn. You can restore it from its page.")
        undo = resolve_url("desk:restore_obligation", code)
        attempt(request, deeds.withdraw_obligation, message, undo=undo, obligation=obligation, reason=reason)
        return back(obligation)
    lead = _("It is removed from all lists and calendars. Its page shows the reason, and you can restore it there.")
    page = {"title": _("Withdraw this obligation"), "button": _("Withdraw"), "lead": lead, "is_danger": True}
    return ask(request, form, obligation=obligation, **page)


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def restore_obligation(request: SignedIn, code: str) -> HttpResponse:
    obligation = get_object_or_404(Obligation.objects.former_for(request.user), code=code)
    attempt(request, deeds.restore_obligation, _("Obligation restored."), obligation=obligation)
    return back(obligation)
