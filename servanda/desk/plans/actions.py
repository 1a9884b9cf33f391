"""Pages of actions: the list with its files, the timeline, and one action."""

from collections.abc import Iterable
from itertools import chain

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import TABLES, send_json, send_table
from servanda.kit.pages.listing import Page, by_code, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.institutions.directory import institution_box
from servanda.people.models import Institution
from servanda.planning.actions import listing as action_list
from servanda.planning.actions.detail import read_action
from servanda.planning.actions.history import history
from servanda.planning.actions.listing import ActionFilter, find_actions, with_row_facts
from servanda.planning.actions.sheet import COLUMNS, export_rows
from servanda.planning.actions.timeline import SHOWN, draw
from servanda.planning.models import Action, ActionInstitution, Plan
from servanda.trail.models import Event

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def actions(request: SignedIn) -> HttpResponse:
    filters, today = ActionFilter.read(request.GET), timezone.localdate()
    selected = find_actions(request.user, filters, on=today)
    page = page_of(selected.count(), number=filters.number, size=ON_A_PAGE)
    rows = with_row_facts(selected, request.user)[slice_of(page)]
    context = {"rows": [(row, row.is_late(on=today)) for row in rows]}
    return render(request, "desk/plans/actions.html", context | around_the_list(request, filters, page))


@require_safe
@requires(Can.READ_INTERNAL)
def action_timeline(request: SignedIn) -> HttpResponse:
    """The list as a timeline, with fewer rows on a page."""
    filters, today = ActionFilter.read(request.GET), timezone.localdate()
    selected = find_actions(request.user, filters, on=today)
    page = page_of(selected.count(), number=filters.number, size=SHOWN)
    context = {"timeline": draw(selected[slice_of(page)], on=today)}
    return render(request, "desk/plans/action_timeline.html", context | around_the_list(request, filters, page))


def around_the_list(request: SignedIn, filters: ActionFilter, page: Page) -> dict:
    """The context shared by the list and the timeline: filters, pager and files."""
    query, visible = urlencode(filters.query()), Action.objects.visible_to(request.user).order_by()
    named = ActionInstitution.objects.filter(action__in=visible.values("pk")).order_by()
    return {
        "asked": filters,
        **pager(page, filters.query()),
        "query": f"?{query}" if query else "",
        "boxes": [
            filters.box("plan", _("Plan"), by_code(Plan.objects.visible_to(request.user))),
            institution_box(filters, Institution.objects.filter(pk__in=named.values("institution"))),
            filters.box("status", _("Status"), Action.Status.choices),
            filters.box("when", _("Due"), action_list.WHEN.items(), every=_("Any time")),
            filters.box("without", _("Missing information"), action_list.WITHOUT.items(), every=_("No filter")),
            filters.box("order", _("Order"), action_list.ORDERS.items(), every=""),
        ],
        "exports": reverse("desk:actions").rstrip("/"),
    }


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def actions_export(request: SignedIn, format: str) -> HttpResponseBase:
    """The filtered list as a file, in the columns of the import."""
    if format not in TABLES:
        raise Http404
    filters = ActionFilter.read(request.GET)
    selected = find_actions(request.user, filters, on=timezone.localdate())
    if request.method == "GET":
        difference = {"format": format, "filter": urlencode(filters.query()), "rows": selected.count()}
        Event.record("actions-exported", by=request.user, difference=difference)
    return send(export_rows(selected, request.user), format)


def send(rows: Iterable[dict[str, str]], format: str) -> HttpResponseBase:
    name = file_name(_("Actions"), format, on=timezone.localdate())
    if format == "json":
        return send_json(name, "actions", rows)
    return send_table(name, "actions", COLUMNS, (list(row.values()) for row in rows))


@require_safe
@requires(Can.READ_INTERNAL)
def action(request: SignedIn, code: str) -> HttpResponse:
    """One action; a withdrawn one is shown with the reason to those who may restore it."""
    today = timezone.localdate()
    readable = chain.from_iterable(
        part.select_related("plan", "parent").filter(code=code)
        for part in (Action.objects.visible_to(request.user), Action.objects.former_for(request.user))
    )
    if (shown := next(readable, None)) is None:
        raise Http404
    page = {"shown": read_action(shown, request.user, on=today), "entries": history(shown, to=request.user)}
    page |= {"statuses": Action.Status.choices, "today": today}
    return render(request, "desk/plans/action.html", page)
