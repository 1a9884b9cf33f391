"""Labels that the machine suggests: accepted, changed or rejected one by one, or accepted above a probability."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.bulk import run
from servanda.desk.record import SignedIn
from servanda.desk.tiles import Ask, Supply, Tile
from servanda.kit.forms import form_page
from servanda.kit.paging import page_number, page_of
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, requires
from servanda.people.models import User
from servanda.people.refusals import attempt, refuse
from servanda.recommendations.models import LearnedModel, RightFrom, Suggestion
from servanda.recommendations.services import deciding_suggestions as services
from servanda.recommendations.services.deciding_suggestions import Sure
from servanda.recommendations.suggested import beside_texts, nearest_cases, right_from, taxonomies_waiting
from servanda.vocab.models import Taxonomy, Term


class InsteadForm(forms.Form):
    instead = forms.ModelChoiceField(Term.objects.none(), label=gettext_lazy("The right label"))

    def __init__(self, *args, suggestion: Suggestion, **options):
        super().__init__(*args, **options)
        offered = Term.objects.filter(taxonomy=suggestion.term.taxonomy_id, is_artefact=False)
        self.fields["instead"].queryset = offered.exclude(pk=suggestion.term_id)


def seen_by(request: SignedIn) -> QuerySet:
    return Suggestion.objects.visible_to(request.user)


def find(request: SignedIn, pk: int) -> Suggestion:
    found = seen_by(request).select_related("recommendation", "term__taxonomy", "model", "instead", "decided_by")
    return get_object_or_404(found, pk=pk)


def suggestion_tiles(user: User) -> Supply:
    if not can(user, Can.EDIT_REGISTER):
        return
    found = yield Ask.many(Suggestion.objects.visible_to(user).waiting())
    none = _("No suggested label waits for a person.")
    yield Tile("suggestions", _("Suggested labels"), found["number"], reverse("desk:suggestions"), none)


@require_safe
@requires(Can.EDIT_REGISTER)
def suggestions(request: SignedIn) -> HttpResponse:
    """The queue: the surest first, those of one taxonomy if one is chosen."""
    waiting = taxonomies_waiting(seen_by(request))
    chosen = next((one for one in waiting if one.code == request.GET.get("taxonomy")), None)
    found = seen_by(request).waiting()
    if chosen:
        found = found.filter(term__taxonomy=chosen)
    page = page_of(found.count(), number=page_number(request.GET.get("page", "")))
    context = {
        "rows": beside_texts(found.order_by("-probability", "pk")[page.start : page.stop]),
        "page": page,
        "chosen": chosen,
        "taxonomies": waiting,
        "right_from": right_from(chosen) if chosen else [],
        "previous_url": address_of(chosen, page.previous_number),
        "next_url": address_of(chosen, page.next_number),
    }
    return render(request, "desk/suggestions.html", context)


def address_of(chosen: Taxonomy | None, number: int | None) -> str:
    said = {"taxonomy": chosen.code} if chosen else {}
    return f"?{urlencode({**said, 'page': number})}" if number else ""


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
    return render(request, "desk/suggestion.html", page)


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
    form = InsteadForm(request.POST or None, suggestion=found)
    if request.method == "POST" and form.is_valid():
        done = _("The label is now yours: the record says that you set it.")
        attempt(request, services.change_suggestion, done, suggestion=found, instead=form.cleaned_data["instead"])
        return redirect("desk:suggestions")
    page = {"suggestion": found, "form": form}
    return render(request, "desk/change_suggestion.html", page, status=422 if form.errors else 200)


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


@form_page
@requires(Can.EDIT_REGISTER)
def accept_suggestions(request: SignedIn, pk: int) -> HttpResponse:
    """All of a model from one probability on: previewed, and accepted only if the number is still the same."""
    newest = LearnedModel.objects.newest().values("pk")
    line = get_object_or_404(RightFrom.objects.filter(model__in=newest).select_related("model__taxonomy"), pk=pk)
    sure = Sure(line.model.taxonomy_id, line.probability)
    count = services.affected(sure, seen_by(request)).count()
    if request.method == "POST":
        if request.POST.get("count") == str(count):
            return accept_all(request, sure)
        messages.warning(request, _("The list has changed meanwhile. Look at the preview again, then apply it."))
    page = {"line": line, "count": count, "title": services.title(sure)}
    page["changes"] = services.first_differences(sure, seen_by(request))
    return render(request, "desk/accept_suggestions.html", page)


def accept_all(request: SignedIn, sure: Sure) -> HttpResponse:
    try:
        batch = services.accept_suggestions(sure=sure, suggestions=seen_by(request), by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "accept_suggestions")
        return redirect("desk:suggestions")
    run(batch)
    return redirect("desk:bulk_result", key=batch.key)
