"""Labels that the machine suggests: why, and accepted, changed or rejected one by one."""

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
    instead = forms.ModelChoiceField(Term.objects.none(), label=gettext_lazy("The right label"))

    def __init__(self, *args, suggested: Collection[Term], **options):
        """`suggested`: labels of one taxonomy. What is the only one of them is no other label."""
        super().__init__(*args, **options)
        offered = Term.objects.filter(taxonomy__in={one.taxonomy_id for one in suggested}, is_artefact=False)
        only = [one.pk for one in suggested] if len(suggested) == 1 else []
        self.fields["instead"].queryset = offered.exclude(pk__in=only)


def seen_by(request: SignedIn) -> QuerySet:
    return Suggestion.objects.visible_to(request.user)


def find(request: SignedIn, pk: int) -> Suggestion:
    found = seen_by(request).select_related("recommendation", "term__taxonomy", "model", "instead", "decided_by")
    return get_object_or_404(found, pk=pk)


@require_safe
@requires(Can.EDIT_REGISTER)
def suggestions(request: SignedIn) -> HttpResponse:
    """The queue: the surest first, those of one taxonomy if one is chosen."""
    waiting = taxonomies_waiting(seen_by(request))
    chosen = next((one for one in waiting if one.code == request.GET.get("taxonomy")), None)
    found = seen_by(request).waiting()
    if chosen:
        found = found.filter(term__taxonomy=chosen)
    page = page_of(found.count(), number=page_number(request.GET))
    context = {
        "rows": beside_texts(found.order_by("-probability", "pk")[slice_of(page)]),
        **pager(page, {"taxonomy": chosen.code} if chosen else {}),
        "chosen": chosen,
        "taxonomies": waiting,
        "right_from": right_from(chosen) if chosen else [],
        "labels": labels_waiting(seen_by(request), chosen) if chosen else {},
    }
    return render(request, "desk/labels/suggestions.html", context)


def back(request: SignedIn, suggestion: Suggestion) -> HttpResponse:
    """To the queue of the taxonomy that the person was looking through."""
    query = urlencode({"taxonomy": suggestion.term.taxonomy.code}) if request.POST.get("chosen") else ""
    return redirect(f"{resolve_url('desk:suggestions')}?{query}" if query else "desk:suggestions")


@require_safe
@requires(Can.EDIT_REGISTER)
def suggestion(request: SignedIn, pk: int) -> HttpResponse:
    """Why: the words that weighed, and the nearest records that people gave the same label."""
    found = find(request, pk)
    (put,) = beside_texts(Suggestion.objects.filter(pk=found.pk))
    page = {"suggestion": found, "text": put.text, "cases": nearest_cases(found, request.user)}
    page["is_waiting"] = Suggestion.objects.waiting().filter(pk=found.pk).exists()
    return render(request, "desk/labels/suggestion.html", page)


@require_POST
@requires(Can.EDIT_REGISTER)
def accept_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    found = find(request, pk)
    done = _("The label is now yours: the record says that you set it.")
    attempt(request, services.accept_suggestion, done, suggestion=found)
    return back(request, found)


@form_page
@requires(Can.EDIT_REGISTER)
def change_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    found = find(request, pk)
    form = InsteadForm(request.POST or None, suggested=[found.term])
    if request.method == "POST" and form.is_valid():
        done = _("The label is now yours: the record says that you set it.")
        attempt(request, services.change_suggestion, done, suggestion=found, instead=form.cleaned_data["instead"])
        return redirect("desk:suggestions")
    page = {"suggestion": found, "form": form}
    return render(request, "desk/labels/change_suggestion.html", page, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REGISTER)
def reject_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    found = find(request, pk)
    try:
        services.reject_suggestion(suggestion=found, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "reject_suggestion")
    else:
        undo = resolve_url("desk:reopen_suggestion", pk)
        messages.success(request, _("Rejected. It is not suggested for this record again."), extra_tags=undo)
    return back(request, found)


@require_POST
@requires(Can.EDIT_REGISTER)
def reopen_suggestion(request: SignedIn, pk: int) -> HttpResponse:
    found = find(request, pk)
    attempt(request, services.reopen_suggestion, _("The suggestion waits again."), suggestion=found)
    return redirect("desk:suggestions")
