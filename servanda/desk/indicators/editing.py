"""Pages to edit indicators and enter values; each view has the name of its service."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.indicators.views import find_indicator
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.indicators import measurements, services
from servanda.planning.indicators.forms import (
    CorrectionForm,
    DimensionsForm,
    IndicatorForm,
    LinkIndicatorForm,
    LinkRecordsForm,
    NewIndicatorForm,
    OverrideForm,
    ValueForm,
    lines_of,
    start_of_correction,
)
from servanda.planning.indicators.series import next_period, with_series
from servanda.planning.models import Indicator, IndicatorRecommendation, Measurement
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Recommendation


def ask(request: SignedIn, indicator: Indicator | None, form: forms.BaseForm, **page) -> HttpResponse:
    """The page with the form; with status 422 if the form has errors."""
    context = {"indicator": indicator, "form": form, "button": _("Save"), **page}
    status = 409 if getattr(form, "is_outdated", False) else 422 if form.errors else 200
    return render(request, "desk/indicators/indicator_form.html", context, status=status)


@form_page
@requires(Can.EDIT_PLAN)
@makes_once
def add_indicator(request: SignedIn) -> HttpResponse:
    """Add an indicator; links from a record fill in its reference."""
    start = {"records": request.GET.get("recommendation", "")}
    form = NewIndicatorForm(request.POST or None, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        about = form.cleaned_data["records"]
        with refusals_in_form(request, form, "add_indicator"):
            made = services.add_indicator(values=form.values(), recommendations=about, by=request.user)
            services.link_actions(indicator=made, actions=form.cleaned_data["actions"], by=request.user)
            messages.success(request, _("Indicator saved. Now add its values."))
            return redirect(made)
    return ask(request, None, form, title=_("New indicator"))


@form_page
@requires(Can.EDIT_PLAN)
def edit_indicator(request: SignedIn, code: str) -> HttpResponse:
    indicator = find_indicator(request, code)
    form = IndicatorForm(request.POST or None, instance=indicator, user=request.user)
    page: dict = {"title": _("Edit the indicator")}
    if request.method == "POST" and form.is_valid():
        values, seen, actions = form.values(), form.cleaned_data["seen"], form.cleaned_data["actions"]
        try:
            saved = services.edit_indicator(indicator=indicator, values=values, seen=seen, by=request.user)
        except ChangedMeanwhile as refusal:
            refuse_in_form(request, form, refusal, "edit_indicator")
            current = find_indicator(request, code)
            page["conflict"] = form.compared(current)
            form.bring_up_to_date(current.version)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_indicator")
        else:
            services.link_actions(indicator=saved, actions=actions, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(saved)
    return ask(request, find_indicator(request, code), form, **page)


@form_page
@requires(Can.EDIT_PLAN)
def set_dimensions(request: SignedIn, code: str) -> HttpResponse:
    indicator = find_indicator(request, code)
    start = {"lines": lines_of(indicator.dimensions.all()), "seen": indicator.version}
    form = DimensionsForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        dimensions, seen = form.cleaned_data["lines"], form.cleaned_data["seen"]
        with refusals_in_form(request, form, "set_dimensions", edits=indicator):
            services.set_dimensions(indicator=indicator, dimensions=dimensions, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(indicator)
    return ask(request, indicator, form, title=_("Disaggregated by"))


@form_page
@requires(Can.EDIT_PLAN)
def withdraw_indicator(request: SignedIn, code: str) -> HttpResponse:
    indicator = find_indicator(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        undo, reason = resolve_url("desk:restore_indicator", code), form.cleaned_data["reason"]
        with refusals_in_form(request, form, "withdraw_indicator"):
            services.withdraw_indicator(indicator=indicator, reason=reason, by=request.user)
            messages.success(request, _("Indicator withdrawn. Its values are kept."), extra_tags=undo)
            return redirect("desk:indicators")
    page = {"title": _("Withdraw this indicator"), "button": _("Withdraw"), "is_danger": True}
    return ask(
        request,
        indicator,
        form,
        lead=_("The indicator is removed from all lists and pages. Its values are kept."),
        **page,
    )


@require_POST
@requires(Can.EDIT_PLAN)
def restore_indicator(request: SignedIn, code: str) -> HttpResponse:
    indicator = get_object_or_404(Indicator.objects.exclude(withdrawn_at=None), code=code)
    attempt(request, services.restore_indicator, _("Indicator restored."), indicator=indicator)
    return redirect("desk:indicators")


@form_page
@requires(Can.EDIT_PLAN)
def link_records(request: SignedIn, code: str) -> HttpResponse:
    """Link an indicator with records that are searched for here."""
    indicator = find_indicator(request, code)
    form = LinkRecordsForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        records = form.cleaned_data["records"]
        with refusals_in_form(request, form, "link_indicator"):
            link_to_all(indicator, records, form.cleaned_data["weight"], by=request.user)
            sentence = ngettext("%(count)d record linked.", "%(count)d records linked.", len(records))
            messages.success(request, sentence % {"count": len(records)})
            return redirect(indicator)
    return ask(request, indicator, form, title=_("Link records"), button=_("Link"))


@transaction.atomic
def link_to_all(indicator: Indicator, records: Sequence[Recommendation], weight: str, *, by: User) -> None:
    for record in records:
        services.link_indicator(indicator=indicator, recommendation=record, weight=weight, by=by)


@require_POST
@requires(Can.EDIT_PLAN)
def link_indicator(request: SignedIn) -> HttpResponse:
    """Link from the page of a record, with the reference of the indicator.

    The button “Undo” of a link that was removed names both in its address."""
    form, back = LinkIndicatorForm({**request.GET.dict(), **request.POST.dict()}), redirect("desk:indicators")
    if not form.is_valid():
        messages.error(request, _("Enter the references of the indicator and the record."))
        return back
    cleaned = form.cleaned_data
    indicator = Indicator.objects.visible_to(request.user).filter(code=cleaned["indicator"]).first()
    record = Recommendation.every_kind.opened_to(request.user).filter(code=cleaned["recommendation"]).first()
    page = request.POST.get("page") or request.GET.get("page")
    for place, target in (("record_follow_up", record), ("indicator", indicator)):
        if target and (page == place or not (indicator and record)):
            back = redirect(f"desk:{place}", code=target.code)
            break
    if indicator is None or record is None:
        messages.error(request, _("No indicator or record has this reference. Copy it from its page."))
        return back
    what = {"indicator": indicator, "recommendation": record, "weight": cleaned["weight"]}
    attempt(request, services.link_indicator, _("Link added."), **what)
    return back


@require_POST
@requires(Can.EDIT_PLAN)
def unlink_indicator(request: SignedIn, pk: int) -> HttpResponse:
    opened = Recommendation.every_kind.opened_to(request.user).order_by().values("pk")
    links = IndicatorRecommendation.objects.filter(recommendation__in=opened)
    link = get_object_or_404(links.select_related("indicator", "recommendation"), pk=pk)
    names = {"indicator": link.indicator.code, "recommendation": link.recommendation.code, "weight": link.weight}
    undo = f"{reverse('desk:link_indicator')}?{urlencode(names | {'page': 'indicator'})}"
    attempt(request, services.unlink_indicator, _("Link removed."), undo=undo, link=link)
    return redirect(link.indicator)


@form_page
@requires(Can.EDIT_PLAN)
def override_progress(request: SignedIn, code: str) -> HttpResponse:
    indicator = find_indicator(request, code)
    form = OverrideForm(
        request.POST or None, initial={"percent": indicator.progress_override, "reason": indicator.override_reason}
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        message = _("Saved. It is shown beside the computed progress, with your reason.")
        attempt(
            request,
            services.override_progress,
            message,
            indicator=indicator,
            percent=cleaned["percent"],
            reason=cleaned["reason"],
        )
        return redirect(indicator)
    lead = _("The computed progress is still shown. Enter the reason for the different value.")
    return ask(request, indicator, form, title=_("Enter progress manually"), lead=lead)


@require_POST
@requires(Can.EDIT_PLAN)
def clear_override(request: SignedIn, code: str) -> HttpResponse:
    indicator = find_indicator(request, code)
    attempt(request, services.clear_override, _("Only the computed progress is shown now."), indicator=indicator)
    return redirect(indicator)


def redirect_unless_measuring(request: SignedIn, indicator: Indicator, deed: str) -> HttpResponse | None:
    """Redirect to the indicator if this person may not enter its values."""
    try:
        measurements.refuse_foreign(indicator, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, deed)
        return redirect(indicator)
    return None


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
@makes_once
def measure(request: SignedIn, code: str) -> HttpResponse:
    indicator = find_indicator(request, code)
    if redirect_away := redirect_unless_measuring(request, indicator, "measure"):
        return redirect_away
    [line] = with_series([indicator])
    start, end = next_period(line, on=timezone.localdate())
    begin = {"start": start, "end": end, "source": indicator.source, "method_version": indicator.method_version}
    form = ValueForm(request.POST or None, indicator=indicator, dimensions=indicator.dimensions.all(), initial=begin)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "measure"):
            measurements.measure(indicator=indicator, values=form.values(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect(indicator)
    return ask(request, indicator, form, title=_("Add a value"), lead=indicator.name)


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
@makes_once
def correct_measurement(request: SignedIn, code: str, pk: int) -> HttpResponse:
    indicator = find_indicator(request, code)
    if redirect_away := redirect_unless_measuring(request, indicator, "correct_measurement"):
        return redirect_away
    old = get_object_or_404(Measurement.objects.current().filter(indicator=indicator), pk=pk)
    start = start_of_correction(old)
    form = CorrectionForm(
        request.POST or None, indicator=indicator, dimensions=indicator.dimensions.all(), initial=start
    )
    if request.method == "POST" and form.is_valid():
        values, reason = form.values(), form.cleaned_data["reason"]
        with refusals_in_form(request, form, "correct_measurement"):
            measurements.correct_measurement(measurement=old, values=values, reason=reason, by=request.user)
            messages.success(request, _("Value corrected. The previous value is in the history."))
            return redirect(indicator)
    return ask(request, indicator, form, title=_("Correct a value"), lead=indicator.name)
