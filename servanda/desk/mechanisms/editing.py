"""Pages that change a profile; each view has the name of its service."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.network.form_pages import ask, ask_for_reason
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.network.models import MechanismProfile
from servanda.network.profiles import services as deeds
from servanda.network.profiles.fields import groups
from servanda.network.profiles.forms import FactsForm, ProfileForm
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form


def find_profile(request: SignedIn, key: UUID) -> MechanismProfile:
    return get_object_or_404(MechanismProfile.objects.visible_to(request.user).select_related("country"), key=key)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_profile(request: SignedIn) -> HttpResponse:
    form = ProfileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_profile"):
            made = deeds.add_profile(values=form.values(), by=request.user)
            messages.success(request, _("Profile saved. Now enter what is known."))
            return redirect(made)
    return ask(request, form, title=_("Add a mechanism"))


@form_page
@requires(Can.EDIT_NETWORK)
def edit_profile(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    form = ProfileForm(request.POST or None, profile=profile)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_profile", edits=profile):
            seen = form.cleaned_data["seen"]
            deeds.edit_profile(profile=profile, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(profile)
    return ask(request, form, title=_("Edit the profile"), profile=profile)


@form_page
@requires(Can.EDIT_NETWORK)
def set_facts(request: SignedIn, key: UUID, group: str) -> HttpResponse:
    profile = find_profile(request, key)
    if group not in groups():
        raise Http404
    form = FactsForm(request.POST or None, profile=profile, group=groups()[group])
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "set_facts", edits=profile):
            seen = form.cleaned_data["seen"]
            deeds.set_facts(profile=profile, facts=form.facts(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(profile)
    lead = _("A changed value replaces the former one, which stays in the history.")
    return ask(request, form, title=groups()[group].label, profile=profile, lead=lead)


@require_POST
@requires(Can.EDIT_NETWORK)
def publish_profile(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    undo = resolve_url("desk:unpublish_profile", key)
    attempt(request, deeds.publish_profile, _("The profile is published."), undo=undo, profile=profile)
    return redirect(profile)


@require_POST
@requires(Can.EDIT_NETWORK)
def unpublish_profile(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    undo = resolve_url("desk:publish_profile", key)
    attempt(request, deeds.unpublish_profile, _("The profile is no longer published."), undo=undo, profile=profile)
    return redirect(profile)


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_profile(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    return ask_for_reason(
        request,
        deeds.withdraw_profile,
        _("The profile was withdrawn."),
        what={"profile": profile},
        about=profile,
        title=_("Withdraw this profile"),
        button=_("Withdraw"),
        lead=_("It is removed from all lists. Its page shows the reason, and you can restore it from there."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_profile(request: SignedIn, key: UUID) -> HttpResponse:
    profile = get_object_or_404(MechanismProfile.objects.former_for(request.user), key=key)
    attempt(request, deeds.restore_profile, _("The profile was restored."), profile=profile)
    return redirect(profile)
