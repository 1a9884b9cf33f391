"""Pages that add obligations by the rules of a body: choose the body, enter the starts, review, add."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.obligations.history import labels
from servanda.desk.record.access import SignedIn
from servanda.intake.models import Batch
from servanda.kit.pages.forms import DateInput, form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refusals_in_form, refuse
from servanda.sources.models import ReplacedDeadline
from servanda.sources.obligations import by_rules as deeds
from servanda.vocab.models import Body, ObligationRule


class StartsForm(forms.Form):
    """A day for each trigger of the rules of a body; empty where it is not known."""

    def __init__(self, *args, rules: list[ObligationRule], **kwargs):
        super().__init__(*args, **kwargs)
        for trigger in deeds.triggers_of(rules):
            label = ObligationRule.Trigger(trigger).label
            self.fields[trigger] = forms.DateField(label=label, required=False, widget=DateInput())

    def starts(self) -> dict:
        return {name: day for name, day in self.cleaned_data.items() if day}


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def add_by_rules(request: SignedIn) -> HttpResponse:
    """Without a body: the choice of one. With it, its rules as far as the entered days start them."""
    code = (request.POST or request.GET).get("body", "").replace("\0", "")
    body = deeds.bodies_with_rules().filter(code=code).first()
    page: dict = {"bodies": deeds.bodies_with_rules(), "body": body, "labels": labels()}
    if body is not None:
        page |= reviewed(request, body)
        if page.get("batch"):
            return redirect("desk:obligations")
    form = page.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/obligations/add_by_rules.html", page, status=status)


def reviewed(request: SignedIn, body: Body) -> dict:
    """The starts with what they make due; after sending the form, the batch that was added."""
    rules, today = deeds.rules_of(body), timezone.localdate()
    usual = {name: day.isoformat() for name, day in deeds.usual_starts(body, rules).items()}
    data = request.POST or (request.GET if len(request.GET) > 1 else {"body": body.code, **usual})
    form, proposals = StartsForm(data, rules=rules), []
    if form.is_valid():
        with refusals_in_form(request, form, "add_by_rules"):
            proposals = deeds.propose(rules, form.starts())
            if request.method == "POST":
                return {"batch": add(request, body, form)}
    rows = [(proposal, proposal.is_wanted(on=today)) for proposal in proposals]
    has_new = any(proposal.present is None for proposal in proposals)
    return {"form": form, "rows": rows, "has_new": has_new, "opted_out": deeds.opted_out(body).first()}


def add(request: SignedIn, body: Body, form: StartsForm) -> Batch:
    chosen = request.POST.getlist("rule")
    batch = deeds.add_by_rules(body=body, starts=form.starts(), chosen=chosen, by=request.user)
    moved = ReplacedDeadline.objects.filter(batch=batch).count()
    added = len(chosen) - moved
    parts = [
        (ngettext("%(count)d obligation added.", "%(count)d obligations added.", added), added),
        (ngettext("%(count)d deadline moved.", "%(count)d deadlines moved.", moved), moved),
    ]
    message = " ".join(sentence % {"count": number} for sentence, number in parts if number)
    undo = resolve_url("desk:undo_rules", batch.key)
    messages.success(request, message, extra_tags=undo)
    return batch


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def undo_rules(request: SignedIn, key) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.filter(shape=deeds.SHAPE), key=key)
    try:
        deeds.undo_rules(batch=batch, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "undo_rules")
    else:
        messages.success(request, _("Undone."))
    return redirect("desk:obligations")
