"""Decide on many suggestions at once: the selected ones, those of one label, or all above a probability."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import run
from servanda.desk.labels.views import InsteadForm, seen_by
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import LONGEST_ID, form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refuse
from servanda.recommendations.bulk.services import affected_keys, first_differences, save_bulk
from servanda.recommendations.labels.bulk_decisions import Answer, AnswerSuggestions, digest_of
from servanda.recommendations.models import LearnedModel, RightFrom
from servanda.vocab.models import Term


class OrderForm(forms.Form):
    """The form of the queue: an answer, and either ticked suggestions or a label and a probability."""

    answer = forms.ChoiceField(choices=Answer)
    term = forms.ModelChoiceField(Term.objects.all(), required=False)
    sure = forms.ChoiceField(choices=[("below", ""), ("from", "")], required=False)
    percent = forms.IntegerField(min_value=1, max_value=99, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sure") and not cleaned.get("percent"):
            self.add_error("percent", _("Enter a number between 1 and 99."))
        if cleaned.get("term") and cleaned.get("answer") == Answer.ACCEPT:
            self.add_error("answer", _("Select the suggestions to accept, or use “Accept by probability”."))
        return cleaned

    def ticked(self) -> list[int]:
        values = self.data.getlist("suggestion")
        return [int(value) for value in values if value.isdecimal() and len(value) <= LONGEST_ID]

    def order(self) -> AnswerSuggestions:
        cleaned = self.cleaned_data
        if not cleaned["term"]:
            return AnswerSuggestions(cleaned["answer"], ticked=tuple(self.ticked()))
        bound = {"from": "least", "below": "below"}.get(cleaned["sure"])
        return AnswerSuggestions(
            cleaned["answer"], term=cleaned["term"].pk, **({bound: cleaned["percent"]} if bound else {})
        )


def queue_of(taxonomy: str) -> str:
    """The address of the queue of a taxonomy."""
    address = resolve_url("desk:suggestions")
    return f"{address}?{urlencode({'taxonomy': taxonomy})}" if taxonomy else address


@require_POST
@requires(Can.EDIT_REGISTER)
def decide_suggestions(request: SignedIn) -> HttpResponse:
    """One address for three steps: choose another label if needed, preview, apply."""
    back_url = queue_of(request.POST.get("taxonomy", ""))
    form = OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect(back_url)
    order = form.order()
    suggested = labels_of(order, seen_by(request))
    if not suggested:
        messages.error(request, _("Select at least one pending suggestion, or a label with pending suggestions."))
        return redirect(back_url)
    page = {"order": order, "submitted": request.POST, "ticked": order.ticked, "back_url": back_url}
    if order.answer == Answer.CHANGE:
        if len({term.taxonomy_id for term in suggested}) > 1:
            messages.error(request, _("Select suggestions of one taxonomy only to replace their label."))
            return redirect(back_url)
        form = page["form"] = InsteadForm(request.POST if "instead" in request.POST else None, suggested=suggested)
        if not form.is_valid():
            return render(request, "desk/labels/decide_suggestions.html", page, status=422 if form.errors else 200)
        order = replace(order, instead=form.cleaned_data["instead"].pk)
    return preview_or_decide(request, order, page)


def labels_of(order: AnswerSuggestions, seen: QuerySet) -> list[Term]:
    return list(Term.objects.filter(pk__in=order.affected(seen).values("term")))


def preview_or_decide(request: SignedIn, order: AnswerSuggestions, page: dict) -> HttpResponse:
    pks = affected_keys(order, seen_by(request))
    if is_as_previewed(request, pks):
        return decide(request, order, pks)
    page |= what_would_change(request, order, pks)
    return render(request, "desk/labels/decide_suggestions.html", page)


@form_page
@requires(Can.EDIT_REGISTER)
def accept_suggestions(request: SignedIn, pk: int) -> HttpResponse:
    """Accept all suggestions of a model from a probability on."""
    newest = LearnedModel.objects.newest().values("pk")
    line = get_object_or_404(RightFrom.objects.filter(model__in=newest).select_related("model__taxonomy"), pk=pk)
    order = AnswerSuggestions(Answer.ACCEPT, taxonomy=line.model.taxonomy_id, probability=line.probability)
    pks = affected_keys(order, seen_by(request))
    if is_as_previewed(request, pks):
        return decide(request, order, pks)
    page = {"line": line} | what_would_change(request, order, pks)
    return render(request, "desk/labels/accept_suggestions.html", page)


def is_as_previewed(request: SignedIn, pks: Sequence[int]) -> bool:
    """Whether the suggestions are those of the preview; otherwise it is shown again."""
    if "digest" not in request.POST:
        return False
    if request.POST["digest"] == digest_of(pks):
        return True
    messages.warning(
        request, _("The list has changed since you opened this page. Check the preview again, then apply it.")
    )
    return False


def what_would_change(request: SignedIn, order: AnswerSuggestions, pks: Sequence[int]) -> dict:
    return {
        "order": order,
        "count": len(pks),
        "digest": digest_of(pks),
        "title": order.narrowed_to(pks).title(),
        "changes": first_differences(order, seen_by(request)),
    }


def decide(request: SignedIn, order: AnswerSuggestions, pks: list[int]) -> HttpResponse:
    try:
        batch = save_bulk(change=order.narrowed_to(pks), pks=pks, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "decide_suggestions")
        return redirect("desk:suggestions")
    return run(batch)
