"""Cases: their facts, their course, and the measures that were ordered in them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.proceedings.finding import ask, back, find_with, rebased, save_with_service, saved
from servanda.desk.proceedings.replies import save_form, save_rows
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.proceedings.cases import measures, services
from servanda.proceedings.cases.forms import (
    AddMeasuresForm,
    CaseForm,
    EntryRows,
    LinkMeasuresForm,
    MeasureRows,
    entries_of,
    measures_in,
)
from servanda.proceedings.models import measures_open_to
from servanda.recommendations.models import Recommendation


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_case(request: SignedIn, key: UUID) -> HttpResponse:
    case = find_with(request, key, "case")
    form = CaseForm(request.POST or None, proceeding=case)
    return save_form(request, case, form, services.set_case, title=_("Facts of the case"))


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_case_course(request: SignedIn, key: UUID) -> HttpResponse:
    case = find_with(request, key, "case")
    names = ("pk", "type", "on", "reference", "note")
    initial = [{name: getattr(entry, name) for name in names} for entry in case.entries.all()]
    kind, present = case.kind_facts, {row["type"] for row in initial}
    former = {code: label for code, label in kind.former_entries.items() if code in present}
    types = [(code, str(label)) for code, label in (kind.entries | former).items()]
    rows = EntryRows(request.POST or None, initial=initial, prefix="row", form_kwargs={"types": types})
    lead = _("To remove an entry, clear its type and date. Save to add more rows.")
    page = {"title": _("Course of the case"), "lead": lead}
    return save_rows(request, case, rows, services.set_course, {"entries": entries_of}, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def add_case_measures(request: SignedIn, key: UUID) -> HttpResponse:
    """Several measures of one order at once."""
    case = find_with(request, key, "case")
    form = AddMeasuresForm(request.POST or None, initial={"version": case.version})
    rows = MeasureRows(request.POST or None, prefix="row")
    lead = _("One row for each point. The measures are open to the mechanism and to the institutions named here.")
    page: dict = {"title": _("Add measures"), "button": _("Save"), "rows": rows, "lead": lead}
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        what = {name: form.cleaned_data[name] for name in ("language", "country")}
        what |= {"proceeding": case, "measures": measures_in(rows), "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, measures.add_measures, saved(), page, **what):
            return back(case)
        if "conflict" in page:
            form = rebased(form, find_with(request, key, "case").version)
    return ask(request, case, form, **page, is_faulty=request.method == "POST" and not rows.is_valid())


@form_page
@requires(Can.RUN_PROCEEDINGS)
def link_case_measures(request: SignedIn, key: UUID) -> HttpResponse:
    case = find_with(request, key, "case")
    offered = list(measures.offered_measures(case, request.user))
    records = measures_open_to(request.user)
    initial = {"version": case.version}
    form = LinkMeasuresForm(request.POST or None, initial=initial, offered=offered, records=records)
    return save_form(request, case, form, measures.link_measures, title=_("Link measures"))


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def unlink_case_measure(request: SignedIn, key: UUID, code: str) -> HttpResponse:
    case, measure = find_with(request, key, "case"), find_measure(request, code)
    undo = resolve_url("desk:restore_case_measure", key, code)
    message = _("%(code)s was unlinked from the case. It is still in the register.") % {"code": code}
    attempt(request, measures.unlink_measure, message, undo=undo, proceeding=case, measure=measure)
    return back(case)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def restore_case_measure(request: SignedIn, key: UUID, code: str) -> HttpResponse:
    case, measure = find_with(request, key, "case"), find_measure(request, code)
    what = {"proceeding": case, "measures": [measure], "seen": None}
    attempt(request, measures.link_measures, saved(), **what)
    return back(case)


def find_measure(request: SignedIn, code: str) -> Recommendation:
    return get_object_or_404(measures_open_to(request.user), code=code)
