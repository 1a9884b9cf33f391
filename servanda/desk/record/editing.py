"""Pages to add and edit recommendations; each view has the name of its service."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find
from servanda.desk.record.responses import again, ask, back
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal, refusals_in_form, refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing import positions, structure, texts
from servanda.recommendations.editing import services as editing
from servanda.recommendations.editing.forms import (
    DecideForm,
    LabelsForm,
    LinkForm,
    NewRecommendationForm,
    PositionForm,
    ReasonForm,
    RecommendationForm,
    TextForm,
)
from servanda.recommendations.editing.publicity_forms import PublicReasonForm
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.pages.detail import name_speakers
from servanda.recommendations.pages.history import FIELDS, in_words
from servanda.vocab.models import Term
from servanda.vocab.own_state import own_state


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def create_recommendation(request: SignedIn) -> HttpResponse:
    start = {"language": "en", "country": own_state()}
    if (kind := request.GET.get("kind")) in Recommendation.Kind.values:
        start["kind"] = kind
    form = NewRecommendationForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "create_recommendation"):
            made = editing.create_recommendation(**form.cleaned_data, by=request.user)
            messages.success(request, _("Saved as %(code)s. It is not public until you publish it.") % {"code": made})
            return back(made)
    return ask(request, None, form, title=_("New recommendation"), button=_("Save"))


@form_page
@requires(Can.EDIT_REGISTER)
def edit_recommendation(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    saved = editing.described(recommendation)
    form = RecommendationForm(request.POST or None, instance=recommendation, initial=facts(recommendation))
    page: dict = {"title": _("Edit"), "button": _("Save")}
    if request.method == "POST" and form.is_valid():
        try:
            editing.edit_recommendation(recommendation=recommendation, **form.arguments(), by=request.user)
        except ChangedMeanwhile as refusal:
            record_refusal(request, refusal, "edit_recommendation")
            recommendation = find(request, code)
            form = form.rebased(RecommendationForm(instance=recommendation, initial=facts(recommendation)))
            form.full_clean()
            page["conflict"] = compared(saved, form.described())
            return ask(request, recommendation, form, **page)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_recommendation")
            return ask(request, recommendation, form, **page)
        messages.success(request, _("Saved."))
        return back(recommendation)
    return ask(request, recommendation, form, **page)


def facts(recommendation: Recommendation) -> dict:
    return {
        "symbol": recommendation.document.symbol if recommendation.document else "",
        "language": recommendation.language,
        "recommending": editing.recommending_ids(recommendation),
        "version": recommendation.version,
    }


def compared(saved: dict[str, str], wanted: dict[str, str]) -> list[dict]:
    return [
        {"label": FIELDS[name], "old": in_words(name, saved[name]), "new": in_words(name, wanted[name])}
        for name in wanted
        if saved[name] != wanted[name]
    ]


@require_POST
@requires(Can.EDIT_REGISTER)
def publish_recommendation(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    attempt(
        request,
        editing.publish_recommendation,
        _("Record published. It is now visible to the public."),
        recommendation=recommendation,
    )
    return back(recommendation)


@form_page
@requires(Can.EDIT_REGISTER)
def unpublish_recommendation(request: SignedIn, code: str) -> HttpResponse:
    """Unpublish; first asks for a reason if the public must be given one."""
    recommendation = find(request, code)
    form = PublicReasonForm(request.POST if request.method == "POST" else None, record=recommendation)
    if request.method == "POST" and form.is_valid():
        message = _("Record unpublished. It is still in the register.")
        what = {"recommendation": recommendation, "explanation": form.explanation()}
        attempt(request, editing.unpublish_recommendation, message, **what)
        return back(recommendation)
    label = _("Unpublish")
    return ask(request, recommendation, form, title=label, button=label, is_danger=True)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def write_text(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    present = present_text(request, recommendation)
    start = {
        "version": recommendation.version,
        "form": request.GET.get("form", ""),
        "language": request.GET.get("language"),
    }
    form = TextForm(request.POST or None, instance=present, initial={k: v for k, v in start.items() if v})
    page = {"title": _("Text"), "button": _("Save")}
    if request.method == "POST" and form.is_valid():
        try:
            texts.write_text(recommendation=recommendation, **form.cleaned_data, by=request.user)
        except ChangedMeanwhile as refusal:
            record_refusal(request, refusal, "write_text")
            now = present_text(request, recommendation)
            change = {"label": _("text"), "old": now.text if now else "", "new": form.cleaned_data["text"]}
            return ask(request, recommendation, again(form, recommendation), conflict=[change], **page)
        messages.success(request, _("Saved."))
        return back(recommendation)
    return ask(request, recommendation, form, **page)


def present_text(request: SignedIn, recommendation: Recommendation) -> TextVersion | None:
    params = request.POST or request.GET
    chosen = params.get("language", ""), params.get("form") or TextVersion.Form.FULL
    current = recommendation.texts.current()
    return next((text for text in current if (text.language, text.form) == chosen), None)


@form_page
@requires(Can.EDIT_REGISTER)
def end_text(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    text = get_object_or_404(recommendation.texts.current(), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = _("Text removed. It is kept in the history.")
        attempt(request, texts.end_text, message, text=text, reason=form.cleaned_data["reason"])
        return back(recommendation)
    page = {"title": _("Remove this text"), "lead": text.text, "button": _("Remove"), "is_danger": True}
    return ask(request, recommendation, form, **page)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def add_labels(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    present = recommendation.taggings.current().select_related("term__taxonomy", "said_by")
    name_speakers(present, to=request.user)
    present_terms = [tagging.term_id for tagging in present if tagging.origin != tagging.Origin.MACHINE]
    offered = Term.objects.filter(is_artefact=False).exclude(pk__in=present_terms).select_related("taxonomy")
    form = LabelsForm(
        request.POST or None, terms=offered.order_by("taxonomy__order", "taxonomy__code", "order", "code")
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        if attempt(request, labels.add_labels, _("Saved."), recommendation=recommendation, terms=chosen):
            return redirect("desk:add_labels", code=code)
    page = {"recommendation": recommendation, "form": form, "taggings": present}
    return render(request, "desk/record/record_labels.html", page, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REGISTER)
def confirm_label(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Confirm a machine suggestion as the person's own label."""
    recommendation = find(request, code)
    tagging = get_object_or_404(recommendation.taggings.current().select_related("term"), pk=pk)
    message = _("Label saved under your name.")
    attempt(request, labels.add_labels, message, recommendation=recommendation, terms=[tagging.term])
    return redirect("desk:add_labels", code=code)


@require_POST
@requires(Can.EDIT_REGISTER)
def remove_label(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    tagging = get_object_or_404(recommendation.taggings.current(), pk=pk)
    try:
        labels.remove_label(tagging=tagging, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "remove_label")
    else:
        undo = resolve_url("desk:restore_label", code, pk)
        messages.success(request, _("Label removed. It is kept in the history."), extra_tags=undo)
    return redirect("desk:add_labels", code=code)


@require_POST
@requires(Can.EDIT_REGISTER)
def restore_label(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    removed = recommendation.taggings.filter(ended_at__isnull=False, ended_by=None)
    tagging = get_object_or_404(removed.select_related("term"), pk=pk)
    attempt(request, labels.restore_label, _("Label restored."), tagging=tagging)
    return redirect("desk:add_labels", code=code)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def add_position(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    try:
        positions.refuse_where_no_position_is_taken(recommendation)
    except Refused as refusal:
        refuse(request, refusal, "add_position")
        return back(recommendation)
    form = PositionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        positions.add_position(recommendation=recommendation, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return back(recommendation)
    return ask(request, recommendation, form, title=_("Position of the State"), button=_("Save"))


@form_page
@requires(Can.EDIT_REGISTER)
def decide_position(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    draft = get_object_or_404(recommendation.positions.current().filter(is_draft=True), pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = _("Decided. This is now the position of the State.")
        attempt(request, positions.decide_position, message, position=draft, date=form.cleaned_data["date"])
        return back(recommendation)
    title = _("Decide: %(stand)s") % {"stand": draft.get_stand_display()}
    return ask(request, recommendation, form, title=title, button=_("Decide"))


@form_page
@requires(Can.EDIT_REGISTER)
def end_position(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    position = get_object_or_404(recommendation.positions.current(), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = _("Position removed. It is kept in the history.")
        attempt(request, positions.end_position, message, position=position, reason=form.cleaned_data["reason"])
        return back(recommendation)
    page = {"title": _("Remove this position"), "button": _("Remove"), "is_danger": True}
    return ask(request, recommendation, form, lead=position.get_stand_display(), **page)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def link_recommendations(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    sent = request.POST if "relation" in request.POST else request.GET  # the button “Undo” names them in its address
    form = LinkForm(
        sent if request.method == "POST" else None, records=Recommendation.every_kind.opened_to(request.user)
    )
    if request.method == "POST" and form.is_valid():
        others = form.cleaned_data["codes"]
        with refusals_in_form(request, form, "link_recommendations"):
            link_to_all(recommendation, others, form.cleaned_data["relation"], by=request.user)
            sentence = ngettext("%(count)d record linked.", "%(count)d records linked.", len(others))
            messages.success(request, sentence % {"count": len(others)})
            return back(recommendation)
    return ask(request, recommendation, form, title=_("Link with other records"), button=_("Link"))


@transaction.atomic
def link_to_all(recommendation: Recommendation, others: Sequence[Recommendation], relation: str, *, by: User) -> None:
    for other in others:
        structure.link_recommendations(recommendation=recommendation, to=other, relation=relation, by=by)


@require_POST
@requires(Can.EDIT_REGISTER)
def unlink_recommendations(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    link = get_object_or_404(recommendation.links_out, pk=pk)
    names = {"codes": link.to_recommendation.code, "relation": link.relation}
    undo = f"{reverse('desk:link_recommendations', args=[code])}?{urlencode(names)}"
    attempt(request, structure.unlink_recommendations, _("Link removed."), undo=undo, link=link)
    return back(recommendation)
