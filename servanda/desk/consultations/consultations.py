"""Pages of consultations: the list, one of them, and the forms of those who prepare them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.consultations.finding import ask, find_consultation
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of, words_in
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can, requires
from servanda.people.naming import shown_names
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse, refuse_in_form
from servanda.progress.rounds.days import house_zone, local_day
from servanda.recommendations.editing.forms import ReasonForm
from servanda.reporting.consultations import services as deeds
from servanda.reporting.consultations.commenting import may_comment
from servanda.reporting.consultations.forms import ConsultationForm, ExtendForm, InviteForm, OpenForm
from servanda.reporting.consultations.letters import invited_people
from servanda.reporting.consultations.queries import (
    changed_sections,
    comments_on,
    find_consultations,
    institutions_of_contributors,
    section_lines,
    submitted_since,
)
from servanda.reporting.models import Consultation, Report

ON_A_PAGE = 25


@require_safe
@requires(Can.USE_DESK)
def consultations(request: SignedIn) -> HttpResponse:
    """Those that this person sees; for those who edit reports also of one report, or with comments to reply to."""
    found, of_report = find_consultations(request.user), None
    if (wanted := words_in(request.GET, "report")) and can(request.user, Can.EDIT_REPORTS):
        of_report = get_object_or_404(Report.objects.visible_to(request.user), key=uuid_in(wanted))
        found = found.filter(report=of_report)
    if is_waiting := "waiting" in request.GET and can(request.user, Can.EDIT_REPORTS):
        found = found.filter(waiting_count__gt=0)
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    today = local_day(timezone.now())
    rows = [(row, row.state_on(today)) for row in found[slice_of(page)]]
    query = ({"report": str(of_report.key)} if of_report else {}) | ({"waiting": "1"} if is_waiting else {})
    context = {"rows": rows, "report": of_report, **pager(page, query)}
    return render(request, "desk/consultations/consultations.html", context)


def uuid_in(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


@require_safe
@requires(Can.USE_DESK)
def consultation(request: SignedIn, key: UUID) -> HttpResponse:
    """The draft as it was opened, section by section, with the number of comments on each."""
    shown = find_consultation(request, key)
    today, edits = local_day(timezone.now()), can(request.user, Can.EDIT_REPORTS)
    context = {
        "consultation": shown,
        "state": shown.state_on(today),
        "zone": house_zone(),
        "submitted": submitted_since(shown),
        "lines": section_lines(shown, comments_on(shown, request.user)),
        "may_comment": shown.is_open_on(today) and may_comment(shown, request.user),
    }
    if edits:
        people = [row.person for row in shown.invitations.select_related("person")]
        names = shown_names(people, to=request.user)
        places = institutions_of_contributors(people)
        context["institutions"] = [row.institution for row in shown.institutions.select_related("institution")]
        context["people"] = [(names[person.pk], places.get(person.pk, "")) for person in people]
        is_drafted = shown.opened_at is None and shown.withdrawn_at is None
        context["why_not"] = deeds.why_not_open(shown, shown.report.clearance) if is_drafted else ""
    return render(request, "desk/consultations/consultation.html", context)


@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def add_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), key=key)
    form = ConsultationForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_consultation"):
            made = deeds.add_consultation(report=report, values=form.values(), by=request.user)
            messages.success(request, _("Consultation prepared. Check it, then open it."))
            return redirect(made)
    page = {"title": _("New consultation"), "button": _("Save"), "form": form, "report": report}
    page["cancel_url"] = report.get_absolute_url()
    return render(request, "desk/consultations/consultation_form.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_REPORTS)
def edit_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    form = ConsultationForm(request.POST or None, report=shown.report, consultation=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_consultation", edits=shown):
            values, seen = form.values(), form.cleaned_data["seen"]
            deeds.edit_consultation(consultation=shown, values=values, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(shown)
    return ask(request, form, shown, title=_("Edit the consultation"), button=_("Save"))


@form_page
@requires(Can.EDIT_REPORTS)
def open_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    """Open it after a confirmation, now or at a later time: from then on the texts are fixed."""
    shown, form = find_consultation(request, key), OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        opens_at = form.cleaned_data["opens_at"]
        done = _("Opening planned. The texts are fixed.") if opens_at else _("Consultation opened.")
        try:
            deeds.open_consultation(consultation=shown, opens_at=opens_at, by=request.user)
        except FieldRefused as refusal:
            refuse_in_form(request, form, refusal, "open_consultation")
        except Refused as refusal:
            refuse(request, refusal, "open_consultation")
            return redirect(shown)
        else:
            messages.success(request, done)
            return redirect(shown)
    context = {"consultation": shown, "invited": len(invited_people(shown)), "form": form}
    return render(request, "desk/consultations/open_consultation.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REPORTS)
def cancel_opening(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    done = _("The planned opening was cancelled. The consultation can be edited again.")
    attempt(request, deeds.cancel_opening, done, consultation=shown)
    return redirect(shown)


@form_page
@requires(Can.EDIT_REPORTS)
def extend_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    form = ExtendForm(request.POST or None, initial={"ends_on": shown.ends_on})
    page = {"title": _("Extend the consultation"), "button": _("Extend")}
    return decided(request, shown, form, deeds.extend_consultation, _("Consultation extended."), page)


@form_page
@requires(Can.EDIT_REPORTS)
def invite_to_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    form = InviteForm(request.POST or None, consultation=shown)
    page = {"title": _("Invite contributors"), "button": _("Invite")}
    return decided(request, shown, form, deeds.invite_to_consultation, _("Invitations sent."), page)


@form_page
@requires(Can.EDIT_REPORTS)
def withdraw_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].help_text = _("Shown to all who could read the draft. Comments and replies stay.")
    page = {"title": _("Withdraw the consultation"), "button": _("Withdraw")}
    undo = resolve_url("desk:restore_consultation", key)
    return decided(request, shown, form, deeds.withdraw_consultation, _("Consultation withdrawn."), page, undo=undo)


def decided(
    request: SignedIn, shown: Consultation, form, deed: Callable, done: str, page: dict, *, undo: str = ""
) -> HttpResponse:
    """Show the form of a service, and call the service with the values entered."""
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, deed.__name__):
            deed(consultation=shown, **form.cleaned_data, by=request.user)
            messages.success(request, done, extra_tags=undo)
            return redirect(shown)
    return ask(request, form, shown, **page)


@require_POST
@requires(Can.EDIT_REPORTS)
def restore_consultation(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_consultation(request, key)
    attempt(request, deeds.restore_consultation, _("Consultation restored."), consultation=shown)
    return redirect(shown)


@require_safe
@requires(Can.EDIT_REPORTS)
def consultation_changes(request: SignedIn, key: UUID) -> HttpResponse:
    """What changed in the sections since they were opened, beside the comments that were accepted."""
    shown = find_consultation(request, key)
    context = {"consultation": shown, "rows": changed_sections(shown)}
    return render(request, "desk/consultations/consultation_changes.html", context)
