"""Visits: the answer to the request, the dates, the programme, the report; the standing invitation."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from servanda.desk.proceedings.finding import ask, find_with, rebased, save_with_service, saved
from servanda.desk.proceedings.replies import save_form, save_rows
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.models import Institution
from servanda.proceedings.models import Proceeding, StandingInvitation
from servanda.proceedings.visits import services
from servanda.proceedings.visits.forms import InvitationForm, MeetingRows, ReportForm, VisitForm, meetings_of


def find_visit(request: SignedIn, key: UUID) -> Proceeding:
    return find_with(request, key, "visit")


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_visit(request: SignedIn, key: UUID) -> HttpResponse:
    visit = find_with(request, key, "visit", "dialogue")
    form = VisitForm(request.POST or None, proceeding=visit)
    title = _("Request and dates") if visit.kind_facts.is_visit else _("Dates")
    return save_form(request, visit, form, services.set_visit, title=title)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_programme(request: SignedIn, key: UUID) -> HttpResponse:
    visit = find_visit(request, key)
    names = ("pk", "on", "at", "title", "venue", "note")
    initial = [
        {name: getattr(row, name) for name in names} | {"institution": row.institution_id}
        for row in visit.meetings.all()
    ]
    named = list(Institution.objects.filter(pk__in=visit.named.values("institution")))
    rows = MeetingRows(request.POST or None, initial=initial, prefix="row", form_kwargs={"named": named})
    lead = _("To remove a meeting, clear its date and title. Save to add more rows.")
    page = {"title": _("Programme"), "lead": lead}
    return save_rows(request, visit, rows, services.set_programme, {"meetings": meetings_of}, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def link_report(request: SignedIn, key: UUID) -> HttpResponse:
    """Link the imported report or judgment; what it asks for is followed up in the register."""
    visit = find_with(request, key, "visit", "case")
    initial = {"version": visit.version, "symbol": visit.document.symbol if visit.document else ""}
    form = ReportForm(request.POST or None, initial=initial)
    lead = _("Import the document on the page of imports, then enter its symbol here.")
    return save_form(request, visit, form, services.link_report, title=_("Document in the register"), lead=lead)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_standing_invitation(request: SignedIn) -> HttpResponse:
    """The invitation of the State to all special procedures."""
    invitation = StandingInvitation.objects.first()
    names = ("version", "extended_on", "source", "withdrawn_on")
    initial = {name: getattr(invitation, name) for name in names} if invitation else {"version": 0}
    form = InvitationForm(request.POST or None, initial=initial)
    page: dict = {"title": _("Standing invitation"), "button": _("Save")}
    page["lead"] = _("The invitation of the State to all special procedures of the Human Rights Council.")
    if request.method == "POST" and form.is_valid():
        what = {name: form.cleaned_data[name] for name in names if name != "version"}
        seen = form.cleaned_data["version"]
        if save_with_service(request, form, services.set_standing_invitation, saved(), page, seen=seen, **what):
            return redirect("desk:proceedings")
        if "conflict" in page and invitation:
            form = rebased(form, invitation.version)
    return ask(request, None, form, **page)
