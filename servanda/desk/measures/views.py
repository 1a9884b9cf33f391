"""The list of measures, and the form for the facts of one."""

from dataclasses import asdict
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn, find
from servanda.desk.record.responses import again, ask, back
from servanda.kit.files.downloads import TABLES, send_json, send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.cases.measure_list import STATES, MeasureFilter, cases_of, find_measures, with_columns
from servanda.proceedings.cases.measure_sheet import COLUMNS, export_rows
from servanda.progress.models import Common
from servanda.recommendations.editing.measure_facts import facts_of
from servanda.recommendations.editing.measure_facts import set_measure_facts as save_facts
from servanda.recommendations.editing.measure_forms import MeasureForm
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.recommendations.pages.detail import heading_of, with_heading
from servanda.trail.models import Event

ON_A_PAGE = 50


@require_safe
@requires(Can.READ_INTERNAL)
def ordered_measures(request: SignedIn) -> HttpResponse:
    """The measures that a person may read from inside; the others on their public pages."""
    filters, today = MeasureFilter.read(request.GET), timezone.localdate()
    found = find_measures(request.user, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = list(with_heading(with_columns(found, request.user))[slice_of(page)])
    cases = cases_of(rows, request.user)
    context = {
        "rows": [row_of(record, today) | {"case": cases.get(record.pk)} for record in rows],
        "asked": filters,
        "boxes": [
            filters.box("type", capfirst(_("type of measure")), OrderedMeasure.Type.choices),
            filters.box("state", _("Status"), STATES.items()),
        ],
        **pager(page, filters.query()),
        "query": f"?{urlencode(filters.query())}" if filters.query() else "",
    }
    return render(request, "desk/measures/ordered_measures.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def ordered_measures_export(request: SignedIn, format: str) -> HttpResponseBase:
    """The filtered list as a file, with the columns in which it can be sent back."""
    if format not in TABLES:
        raise Http404
    filters, today = MeasureFilter.read(request.GET), timezone.localdate()
    found = find_measures(request.user, filters, on=today)
    if request.method == "GET":
        difference = {"format": format, "filter": urlencode(filters.query()), "rows": found.count()}
        Event.record("measures-exported", by=request.user, difference=difference)
    name, rows = file_name(_("Measures ordered"), format, on=today), export_rows(found, request.user)
    if format == "json":
        return send_json(name, "measures", rows)
    return send_table(name, "measures", COLUMNS, (list(row.values()) for row in rows))


def row_of(record: Recommendation, today: date) -> dict:
    facts = getattr(record, "ordered", None)
    is_carried_out = vars(record)["body_status"] == Common.FULL
    is_late = facts is not None and not is_carried_out and facts.is_overdue(today)
    return {"record": record, "facts": facts, "text": heading_of(record), "is_late": is_late}


@form_page
@requires(Can.EDIT_REGISTER)
def set_measure_facts(request: SignedIn, code: str) -> HttpResponse:
    """The facts of a measure that every record does not have: type, deadline, payment."""
    recommendation = find(request, code)
    if recommendation.kind != Recommendation.Kind.MEASURE:
        raise Http404
    present = OrderedMeasure.objects.filter(recommendation=recommendation).first()
    start = asdict(facts_of(present)) if present else {}
    form = MeasureForm(request.POST or None, initial={"version": recommendation.version, **start})
    page = {"title": _("Facts of the measure"), "button": _("Save")}
    if request.method == "POST" and form.is_valid():
        version, facts = form.cleaned_data["version"], form.facts()
        try:
            save_facts(recommendation=recommendation, version=version, facts=facts, by=request.user)
        except ChangedMeanwhile as refusal:
            refuse(request, refusal, "set_measure_facts")
            return ask(request, recommendation, again(form, recommendation), **page)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "set_measure_facts")
        else:
            messages.success(request, _("Saved."))
            return back(recommendation)
    return ask(request, recommendation, form, **page)
