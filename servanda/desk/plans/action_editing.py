"""Pages to add and edit actions; each view has the name of its service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal, refusals_in_form, refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.actions import services as deeds
from servanda.planning.actions.forms import ActionForm, MilestonesForm, NewActionForm, Steps, milestones_of
from servanda.planning.actions.history import LABELS, NAMING
from servanda.planning.models import Action
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.pages.history import Change


def back(action: Action) -> HttpResponse:
    return redirect("desk:action", code=action.code)


def find_own(request: SignedIn, code: str) -> Action:
    """An action that this person may edit; 404 otherwise."""
    seen = Action.objects.visible_to(request.user).editable_by(request.user)
    return get_object_or_404(seen.select_related("plan", "parent"), code=code)


def ask(request: SignedIn, form, *, title: str, button: str, action: Action | None = None, **page) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "action": action, **page}
    status = 409 if page.get("conflict") is not None else 422 if form.errors else 200
    return render(request, "desk/plans/action_form.html", context, status=status)


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
@makes_once
def add_action(request: SignedIn) -> HttpResponse:
    """Add an action; links from records, plans and larger actions fill in their references."""
    start = {"answers": request.GET.get("record", ""), "parent": request.GET.get("part_of", "")}
    start |= {"cluster": request.GET.get("cluster", "")}
    start |= {"plan": request.GET["plan"]} if request.GET.get("plan", "").isdecimal() else {}
    form = NewActionForm(request.POST or None, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        answered = {"answering": form.cleaned_data["answers"], "cluster": form.cleaned_data.get("cluster")}
        with refusals_in_form(request, form, "add_action"):
            made = deeds.add_action(values=form.values(), **answered, by=request.user)
            messages.success(request, _("Saved as %(code)s.") % {"code": made.code})
            return back(made)
    return ask(request, form, title=_("New action"), button=_("Save"))


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
def edit_action(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    before = deeds.facts(action)
    form = ActionForm(request.POST or None, user=request.user, action=action)
    page: dict = {"title": _("Edit"), "button": _("Save"), "action": action}
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["version"]
            deeds.edit_action(action=action, values=form.values(), seen=seen, by=request.user)
        except ChangedMeanwhile as refusal:
            record_refusal(request, refusal, "edit_action")
            form = form.rebased(find_own(request, code))
            page["conflict"] = compared(before, form.described() if form.is_valid() else {})
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_action")
        else:
            messages.success(request, _("Saved."))
            return back(action)
    return ask(request, form, **page)


def compared(saved: dict[str, str], wanted: dict[str, str]) -> list[Change]:
    labels = LABELS | NAMING
    return [
        Change(str(labels[name]), saved[name], wanted[name])
        for name in saved
        if name in wanted and saved[name] != wanted[name]
    ]


@require_POST
@requires(Can.EDIT_PLAN)
def publish_action(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    attempt(request, deeds.publish_action, _("Action published. It is now visible to the public."), action=action)
    return back(action)


@require_POST
@requires(Can.EDIT_PLAN)
def unpublish_action(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    attempt(request, deeds.unpublish_action, _("Action unpublished. It is still in the plan."), action=action)
    return back(action)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def set_status(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    attempt(request, deeds.set_status, _("Saved."), action=action, status=request.POST.get("status", ""))
    return back(action)


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
def set_milestones(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    initial = [
        {"title": milestone.title, "due_on": milestone.due_on, "reached_on": milestone.reached_on}
        for milestone in action.milestones.all()
    ]
    form = MilestonesForm(request.POST or None, initial={"version": action.version})
    steps = Steps(request.POST or None, initial=initial, prefix="step")
    page = {"action": action, "form": form, "steps": steps}
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        with refusals_in_form(request, form, "set_milestones", edits=action):
            seen = form.cleaned_data["version"]
            deeds.set_milestones(action=action, milestones=milestones_of(steps), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return back(action)
    faulty = form.errors or steps.total_error_count()
    return render(
        request, "desk/plans/set_milestones.html", page, status=422 if request.method == "POST" and faulty else 200
    )


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
def withdraw_action(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.withdraw_action(action=action, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            refuse(request, refusal, "withdraw_action")
            return back(action)
        undo = resolve_url("desk:restore_action", code)
        messages.success(request, _("Action withdrawn. You can restore it from its page."), extra_tags=undo)
        return back(action)
    lead = _("The action is removed from all lists. Its page shows the reason, and you can restore it from its page.")
    page = {"title": _("Withdraw this action"), "button": _("Withdraw"), "lead": lead, "is_danger": True}
    return ask(request, form, action=action, **page)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def restore_action(request: SignedIn, code: str) -> HttpResponse:
    action = get_object_or_404(Action.objects.former_for(request.user), code=code)
    attempt(request, deeds.restore_action, _("Action restored."), action=action)
    return back(action)
