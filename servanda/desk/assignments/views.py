"""Assign institutions to a record, end and refuse assignments; assign one institution to many records."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import chosen_records, preview_or_apply, refused_on_list, selection_context
from servanda.desk.record.access import SignedIn, find_open
from servanda.desk.record.editing import form_page
from servanda.desk.record.responses import ask
from servanda.desk.record.responses import back_to_follow_up as back
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, requires
from servanda.people.appointments.services import has_focal_point
from servanda.people.models import Institution
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.assignments import services as assigning
from servanda.planning.assignments.bulk import AssignInstitution
from servanda.planning.assignments.for_record import assignments_of
from servanda.planning.assignments.forms import AssignForm, OrderForm
from servanda.planning.assignments.lead_suggestions import suggest_lead
from servanda.planning.models import Assignment
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Recommendation, TextVersion, by_language


@form_page
@requires(Can.ASSIGN)
@makes_once
def assign_institutions(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find_open(request, code)
    form = AssignForm(request.POST or None, initial=start(recommendation) | chosen(request.GET))
    if request.method == "POST" and form.is_valid() and assigned(request, recommendation, form):
        messages.success(request, _("Institutions assigned. The record is on their desks."))
        return back(recommendation)
    page = {
        "recommendation": recommendation,
        "texts": by_language(recommendation.texts.current().filter(form=TextVersion.Form.FULL))[:1],
        "form": form,
        "suggestion": suggest_lead(recommendation, request.user),
        "answering": assignments_of(recommendation, request.user),
    }
    status = 409 if form.is_outdated else 422 if form.errors else 200
    return render(request, "desk/assignments/assign_institutions.html", page, status=status)


def assigned(request: SignedIn, recommendation: Recommendation, form: AssignForm) -> bool:
    """Assign; False if it was refused: the form then keeps what was typed, for the present state of the record."""
    try:
        assigning.assign_institutions(recommendation=recommendation, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        record_refusal(request, refusal, "assign_institutions")
        if isinstance(refusal, ChangedMeanwhile):
            form.bring_up_to_date(start(recommendation)["seen"])
        form.add_error(None, str(refusal))
        return False
    return True


def chosen(params: QueryDict) -> dict[str, str]:
    """The lead that was chosen from the suggestions with one press; nothing is saved."""
    lead = params.get("lead", "")
    return {"lead": lead} if lead.isdecimal() and lead.isascii() and len(lead) < 18 else {}


def start(recommendation: Recommendation) -> dict:
    return {"seen": assigning.mark(assigning.current_on(recommendation))}


def assignment_on(request: SignedIn, code: str, pk: int) -> Assignment:
    """An assignment of a record that the person sees; hidden and missing ones are both 404."""
    visible = Assignment.objects.visible_to(request.user).filter(recommendation=find_open(request, code))
    return get_object_or_404(visible.select_related("recommendation", "institution"), pk=pk)


@form_page
@requires(Can.ASSIGN)
def end_assignment(request: SignedIn, code: str, pk: int) -> HttpResponse:
    assignment = assignment_on(request, code, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message, reason = _("Assignment ended. It remains in the history."), form.cleaned_data["reason"]
        attempt(request, assigning.end_assignment, message, assignment=assignment, reason=reason)
        return back(assignment.recommendation)
    page = {"title": _("End this assignment"), "lead": assignment.institution, "button": _("End"), "is_danger": True}
    return ask(request, assignment.recommendation, form, **page)


@form_page
@requires(Can.REFUSE_ASSIGNMENT)
def refuse_assignment(request: SignedIn, code: str, pk: int) -> HttpResponse:
    assignment = assignment_on(request, code, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message, reason = (
            _("Assignment refused. The coordinator has been notified and will decide."),
            form.cleaned_data["reason"],
        )
        attempt(request, assigning.refuse_assignment, message, assignment=assignment, reason=reason)
        return back(assignment.recommendation)
    page = {"title": _("Refuse this assignment"), "lead": assignment.institution, "button": _("Refuse")}
    return ask(request, assignment.recommendation, form, **page)


@require_POST
@requires(Can.ASSIGN)
@makes_once
def assign_in_bulk(request: SignedIn) -> HttpResponse:
    """One address for three steps: choose the institution, preview, apply."""
    records = chosen_records(request)
    page = selection_context(request, records)
    if not page["chosen"]:
        messages.error(request, _("Select at least one record on the list, then assign an institution."))
        return redirect(page["back_url"])
    form = page["form"] = OrderForm(request.POST if "step" in request.POST else None)
    if not form.is_valid():
        page["title"] = _("Assign an institution to several records")
        return render(request, "desk/bulk/bulk_edit.html", page, status=422 if form.errors else 200)
    change = form.change()
    page["vacant"] = can(request.user, Can.MANAGE_PEOPLE) and SimpleLazyObject(lambda: without_focal_point(change))
    page["hint"] = _("Records that this institution may not see, or that already have this assignment, are left out.")
    return preview_or_apply(request, change, records, page, refused_on_list(request, "assign_in_bulk"))


def without_focal_point(change: AssignInstitution) -> Institution | None:
    """The institution that would be assigned, if it has no focal point."""
    today = timezone.localdate()
    return Institution.objects.filter(~has_focal_point(on=today), pk=change.institution).first()
