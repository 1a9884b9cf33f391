"""The list of treaties with its files, and one treaty."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.treaties.history import COLUMNS as HISTORY_COLUMNS
from servanda.desk.treaties.history import changes_of, entries_for, rows_of_history
from servanda.desk.treaties.recommended import bodies_by_instrument, records_on, records_on_reservations
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.recommendations.models import RecordInstrument
from servanda.sources.models import Standing, TreatyStatus, TreatyStatusQuerySet
from servanda.sources.treaties.queries import HAVING, RECOMMENDED, TreatyFilter, find_treaties, rows_of, systems
from servanda.sources.treaties.services import VALUES
from servanda.sources.treaties.sheet import COLUMNS, export_rows
from servanda.vocab.models import Instrument

ON_A_PAGE = 50
LABELS = {name: capfirst(TreatyStatus._meta.get_field(name).verbose_name) for name in VALUES}
INSTRUMENT_LABELS = {
    name: capfirst(Instrument._meta.get_field(name).verbose_name) for name in ("adopted_on", "in_force_on", "parent")
}
MOST_VERSIONS = 50


@require_safe
@requires(Can.READ_INTERNAL)
def treaties(request: SignedIn) -> HttpResponse:
    filters = TreatyFilter.read(request.GET)
    found = find(request, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    rows = rows_of(found[slice_of(page)])
    recommended = bodies_by_instrument([status for status, _procedures in rows], request.user)
    context = {
        "rows": [(status, *rest, recommended.get(status.instrument_id, "")) for status, *rest in rows],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": [
            filters.box("system", _("System"), ((system, system) for system in systems(request.user))),
            filters.box("standing", _("Status"), Standing.choices),
            filters.box("having", pgettext("filter of treaties", "With"), HAVING.items(), every=_("No filter")),
        ],
        "instrument_labels": INSTRUMENT_LABELS,
        "labels": LABELS,
        **pager(page, filters.query()),
    }
    return render(request, "desk/treaties/treaties.html", context)


def find(request: SignedIn, filters: TreatyFilter) -> TreatyStatusQuerySet:
    """The list, also narrowed to what a visible record asks to ratify."""
    found = find_treaties(request.user, filters)
    if filters.having == RECOMMENDED:
        links = RecordInstrument.objects.visible_to(request.user).order_by()
        found = found.filter(instrument__in=links.values("instrument"))
    return found


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def treaties_export(request: SignedIn, format: str) -> HttpResponseBase:
    """The filtered list as a file, in the columns of the import."""
    found = list(find(request, TreatyFilter.read(request.GET)).prefetch_related("reservations__objections__country"))
    recommended = bodies_by_instrument(found, request.user)
    name = file_name(_("Treaties"), format, on=timezone.localdate())
    return send_table(name, _("Treaties"), COLUMNS, export_rows(found, recommended))


def find_treaty(request: SignedIn, code: str) -> TreatyStatus:
    known = TreatyStatus.objects.visible_to(request.user).select_related("instrument__body", "instrument__parent")
    return get_object_or_404(known, instrument__code=code)


@require_safe
@requires(Can.READ_INTERNAL)
def treaty(request: SignedIn, code: str) -> HttpResponse:
    shown = find_treaty(request, code)
    context = {
        "treaty": shown,
        "labels": LABELS,
        "instrument_labels": INSTRUMENT_LABELS,
        "procedures": shown.procedures.all(),
        "reservations": records_on_reservations(
            shown.reservations.prefetch_related("objections__country"), request.user
        ),
        "links": records_on(shown, request.user),
        "protocols": TreatyStatus.objects.visible_to(request.user)
        .filter(instrument__parent=shown.instrument)
        .select_related("instrument"),
        "versions": shown.history.all()[:MOST_VERSIONS],
        "entries": entries_for(changes_of(shown), to=request.user),
    }
    return render(request, "desk/treaties/treaty.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def treaty_history(request: SignedIn, code: str, format: str) -> HttpResponseBase:
    """All changes of the reservations to one treaty as a file, a row for each field."""
    shown = find_treaty(request, code)
    name = file_name(f"{shown.instrument.code} {_('History')}", format, on=timezone.localdate())
    rows = rows_of_history(changes_of(shown, most=None), to=request.user)
    return send_table(name, _("History"), HISTORY_COLUMNS, rows)
