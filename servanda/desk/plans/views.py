"""Pages of plans: the list, and one plan with the totals of its actions."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refusals_in_form, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.actions.roll_up import roll_up
from servanda.planning.actions.timeline import SHOWN, draw
from servanda.planning.models import Action, Plan
from servanda.planning.plans import services as deeds
from servanda.planning.plans.forms import PlanForm


@require_safe
@requires(Can.READ_INTERNAL)
def plans(request: SignedIn) -> HttpResponse:
    """The plans, with the number of visible actions of each."""
    seen = Action.objects.visible_to(request.user).filter(plan__isnull=False).order_by()
    counts = dict(seen.values_list("plan").annotate(Count("pk")))
    late = dict(seen.late(on=timezone.localdate()).values_list("plan").annotate(Count("pk")))
    rows = [(plan, counts.get(plan.pk, 0), late.get(plan.pk, 0)) for plan in Plan.objects.visible_to(request.user)]
    return render(request, "desk/plans/plans.html", {"rows": rows})


def find_plan(request: SignedIn, code: str) -> Plan:
    return get_object_or_404(Plan.objects.visible_to(request.user), code=code)


@require_safe
@requires(Can.READ_INTERNAL)
def plan(request: SignedIn, code: str) -> HttpResponse:
    shown, today = find_plan(request, code), timezone.localdate()
    visible = Action.objects.visible_to(request.user)
    actions = visible.filter(plan=shown)
    below = roll_up(actions, among=visible, on=today)
    page = {
        "plan": shown,
        "below": below,
        "timeline": draw(actions.order_by("start", "due_on", "code")[:SHOWN], on=today),
        "more": max(actions.count() - SHOWN, 0),
        "shown": SHOWN,
    }
    return render(request, "desk/plans/plan.html", page)


@form_page
@requires(Can.EDIT_PLAN)
@makes_once
def add_plan(request: SignedIn) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_plan"):
            made = deeds.add_plan(values=form.values(), by=request.user)
            messages.success(request, _("Plan saved. Now add the actions."))
            return redirect(made)
    return ask(request, form, title=_("New plan"))


@form_page
@requires(Can.EDIT_PLAN)
def edit_plan(request: SignedIn, code: str) -> HttpResponse:
    edited = find_plan(request, code)
    form = PlanForm(request.POST or None, plan=edited)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.edit_plan(plan=edited, values=form.values(), seen=form.cleaned_data["seen"], by=request.user)
        except Refused as refusal:
            if isinstance(refusal, ChangedMeanwhile):
                form.bring_up_to_date(find_plan(request, code))
            refuse_in_form(request, form, refusal, "edit_plan")
        else:
            messages.success(request, _("Saved."))
            return redirect(edited)
    return ask(request, form, title=_("Edit"), plan=edited)


def ask(request: SignedIn, form: PlanForm, **page) -> HttpResponse:
    context = {"form": form, **page}
    return render(request, "desk/plans/plan_form.html", context, status=422 if form.errors else 200)
