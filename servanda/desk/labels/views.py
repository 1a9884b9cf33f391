"""Pages of suggested labels: the reasons, and accept, change or reject one."""

from collections.abc import Collection

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt, refuse
from servanda.recommendations.labels import decisions as services
from servanda.recommendations.labels.queries import (
    beside_texts,
    labels_waiting,
    nearest_cases,
    right_from,
    taxonomies_waiting,
)
from servanda.recommendations.models import Suggestion
from servanda.vocab.models import Term


class InsteadForm(forms.Form):
    instead = forms.ModelChoiceField(Term.objects.none(), label=gettext_lazy("Correct label"))

    def __init__(self, *args, suggested: Collection[Term], **options):
        """`suggested` are labels of one taxonomy. A single one is not offered as its own replacement."""
        super().__init__(*args, **options)
        offered = Term.objects.filter(taxonomy__in={term.taxonomy_id for term in suggested}, is_artefact=False)
        only = [term.pk for term in suggested] if len(suggested) == 1 else []
        self.fields["instead"].queryset = offered.exclude(pk__in=only)


def seen_by(request: SignedIn) -> QuerySet:
    return Suggestion.objects.visible_to(request.user)


def find(request: SignedIn, pk: int) -> Suggestion:
    visible = seen_by(request).select_related("recommendation", "term__taxonomy", "model", "instead", "decided_by")
    return get_object_or_404(visible, pk=pk)


@require_safe
@requires(Can.EDIT_REGISTER)
def suggestions(request: SignedIn) -> HttpResponse:
    """The queue, by probability, optionally of one taxonomy."""
    waiting = taxonomies_waiting(seen_by(request))
    chosen = next((taxonomy for taxonomy in waiting if taxonomy.code == request.GET.get("taxonomy")), None)
    selected = seen_by(request).waiting()
    if chosen:
        selected = selected.filter(term__taxonomy=chosen)
    page = page_of(selected.count(), number=page_number(request.GET))
    context = {
        "rows": beside_texts(selected.order_by("-probability", "pk")[slice_of(page)]),
        **pager(page, {"taxonomy": chosen.code} if chosen else {}),
        "chosen": chosen,
        "taxonomies": waiting,
        "right_from": right_from(chosen) if chosen else [],
        "labels": labels_waiting(seen_by(request), chosen) if chosen else {},
    }
    return render(request, "desk/labels/suggestions.html", context)


def back(request: SignedIn, suggestion: Suggestion) -> HttpResponse:
    """Redirect to the queue of the suggestion's taxonomy."""
    query = urlencode({"taxonomy": suggestion.term.taxonomy.code}) if request.POST.get("chosen") else ""
    return redirect(f"{resolve_url('desk:suggestions')}?{query}" if query else "desk:suggestions")


@require_safe
@requires(Can.EDIT_REGISTER)
def suggestion(request: SignedIn, pk: int) -> HttpResponse:
    """The reasons for a suggestion: weighty words, and the nearest records with the same label."""
    shown = find(request, pk)
    (row,) = beside_texts(Suggestion.objects.filter(pk=shown.pk))
    page = {"suggestion": shown, "text": row.text, "cases": nearest_cases(shown, request.user)}
    page["is_waiting"] = Suggestion.objects.waiting().filter(pk=shown.pk).exists()
    return render(request, "desk/labels/suggestion.html", page)


@require_POST
@requires(Can.EDIT_REGISTER)
def accept_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    accepted = find(request, pk)
    message = _("Label saved under your name.")
    attempt(request, services.accept_suggestion, message, suggestion=accepted)
    return back(request, accepted)


@form_page
@requires(Can.EDIT_REGISTER)
def change_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    changed = find(request, pk)
    form = InsteadForm(request.POST or None, suggested=[changed.term])
    if request.method == "POST" and form.is_valid():
        message = _("Label saved under your name.")
        attempt(
            request, services.change_suggestion, message, suggestion=changed, instead=form.cleaned_data["instead"]
        )
        return redirect("desk:suggestions")
    page = {"suggestion": changed, "form": form}
    return render(request, "desk/labels/change_suggestion.html", page, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REGISTER)
def reject_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    rejected = find(request, pk)
    try:
        services.reject_suggestion(suggestion=rejected, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "reject_suggestion")
    else:
        undo = resolve_url("desk:reopen_suggestion", pk)
        messages.success(
            request, _("Suggestion rejected. The label will not be suggested for this record again."), extra_tags=undo
        )
    return back(request, rejected)


@require_POST
@requires(Can.EDIT_REGISTER)
def reopen_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    reopened = find(request, pk)
    attempt(request, services.reopen_suggestion, _("The suggestion is pending again."), suggestion=reopened)
    return redirect("desk:suggestions")
