"""The table of usual leads by theme, for suggestions before there are assignments to learn from."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.jobs.services import enqueue_once
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.models import Institution
from servanda.people.naming import InstitutionByName
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.planning import tasks
from servanda.planning.assignments import lead_suggestions as services
from servanda.planning.assignments.lead_learning import learning_since
from servanda.planning.models import LearnedLeads, ThemeLead
from servanda.vocab.models import Term


class ThemeLeadForm(forms.Form):
    term = forms.ModelChoiceField(Term.objects.none(), label=gettext_lazy("Label"))
    institution = InstitutionByName(Institution.objects.none(), label=gettext_lazy("Usual lead institution"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        offered = Term.objects.filter(taxonomy__is_facet=True, is_artefact=False).select_related("taxonomy")
        self.fields["term"].queryset = offered.order_by("taxonomy__order", "taxonomy__code", "order", "code")
        self.fields["institution"].queryset = Institution.objects.active(on=timezone.localdate())


@form_page
@requires(Can.ASSIGN)
@makes_once
def theme_leads(request: SignedIn) -> HttpResponse:
    form = ThemeLeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_theme_lead"):
            services.add_theme_lead(**form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("desk:theme_leads")
    rows = ThemeLead.objects.select_related("term__taxonomy", "institution")
    page = page_of(rows.count(), number=page_number(request.GET), size=100)
    shown = {"form": form, "rows": rows[slice_of(page)], **pager(page)}
    shown |= {"learned": LearnedLeads.objects.first(), "since": learning_since()}
    return render(
        request, "desk/assignments/theme_leads.html", shown, status=422 if form.is_bound and form.errors else 200
    )


@require_POST
@requires(Can.ASSIGN)
def remove_theme_lead(request: SignedIn, pk: int) -> HttpResponse:
    """Remove a line; the next page offers to restore it."""
    lead = get_object_or_404(ThemeLead.objects.select_related("term", "institution"), pk=pk)
    undo = reverse("desk:restore_theme_lead", args=[lead.term_id, lead.institution_id])
    services.remove_theme_lead(lead=lead, by=request.user)
    messages.success(request, _("Removed."), extra_tags=undo)
    return redirect("desk:theme_leads")


@require_POST
@requires(Can.ASSIGN)
def restore_theme_lead(request: SignedIn, term: int, institution: int) -> HttpResponse:
    line = {"term": get_object_or_404(Term, pk=term), "institution": get_object_or_404(Institution, pk=institution)}
    attempt(request, services.add_theme_lead, _("Line restored."), **line)
    return redirect("desk:theme_leads")


@require_POST
@requires(Can.ASSIGN)
def learn_leads(request: SignedIn) -> HttpResponse:
    """Learn now instead of waiting for the daily task."""
    if learning_since():
        messages.warning(request, _("Learning is already under way. Check again in a few minutes."))
    else:
        enqueue_once(tasks.learn_leads_now)
        messages.success(request, _("Learning from all assignments has started. Check again in a few minutes."))
    return redirect("desk:theme_leads")
