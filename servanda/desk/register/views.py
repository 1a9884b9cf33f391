"""Pages of the register: the list, its files, the panel of a record, and saved lists."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.register.queries import audience_for, facets_of
from servanda.kit.files.downloads import TABLES, send_file
from servanda.kit.pages.addresses import way_back
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, requires
from servanda.people.accounts.services import choose_machine_labels as choose
from servanda.people.instance.file_names import file_name
from servanda.people.models import Opened
from servanda.people.notifications.recently_opened import remember_opened
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse
from servanda.planning.assignments.columns import add_leads
from servanda.progress.records.columns import add_follow_up_facts, beside, beside_public, columns_for
from servanda.progress.records.matrix_columns import matrix_columns
from servanda.recommendations.bulk.changes import Deed
from servanda.recommendations.filters.audiences import Audience, audience_of
from servanda.recommendations.filters.facets import Facet
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.register import matrix, saved_views
from servanda.recommendations.register.exports import export_of, name_of, send
from servanda.recommendations.register.listing import addresses, filter_in_words, list_register
from servanda.recommendations.register.rows import reading_of, with_parts
from servanda.trail.models import Event

DELETED = "deleted saved list"  # session key


@require_safe
@requires(Can.USE_DESK)
def register(request: HttpRequest) -> HttpResponse:
    audience = audience_of(request.user)
    facets = facets_for(request.user, audience)
    listing = list_register(request.GET, audience, facets, machine=shows_machine(request, audience), beside=beside())
    add_leads(listing.rows(), audience, facets, on=timezone.localdate())
    add_follow_up_facts(listing.rows())
    views = list(saved_views.views_of(request.user))
    for view in views:
        if listing.filters and view.query == listing.filters.address():
            remember_opened(request, Opened.Kind.SAVED_LIST, view.pk)
    page = {"listing": listing, "inside": audience.is_inside, "views": views}
    page["matrix_columns"] = matrix.choices()
    if can(request.user, Can.READ_EVERYTHING):
        page["readers"] = readers_among(facets)
    if can(request.user, Can.EDIT_REGISTER):
        page |= {"verbs": verbs_for(request.user), "deeds": Deed.choices, "rare_verbs": rare_verbs_for(request.user)}
    return render(request, "desk/register/register.html", page | addresses(listing, reverse("desk:register")))


def verbs_for(user) -> list[tuple[str, str]]:
    """Address and label of what this person can do most often with many records."""
    verbs = [
        (Can.ASSIGN, "desk:assign_in_bulk", _("Assign institution")),
        (Can.EDIT_REGISTER, "desk:decide_in_bulk", _("Set position")),
        (Can.EDIT_PLAN, "desk:answer_in_bulk", _("Link to an action")),
        (Can.RUN_ROUNDS, "desk:open_round", _("Request updates")),
        (Can.ASSESS, "desk:assess_in_bulk", _("Assess")),
    ]
    return [(reverse(name), label) for permission, name, label in verbs if can(user, permission)]


def rare_verbs_for(user) -> list[tuple[str, str]]:
    """Those of the menu that have a page of their own."""
    if not can(user, Can.RUN_PROCEEDINGS):
        return []
    return [(reverse("desk:turn_into_measures"), _("Turn into measures of a case"))]


@heavy(FILE)
@require_safe
@requires(Can.USE_DESK)
def register_export(request: HttpRequest, format: str) -> HttpResponseBase:
    if format not in TABLES:
        raise Http404
    audience = audience_for(request)
    beside = columns_for(audience, request.user, kinds=request.GET.getlist("kind"))
    export = export_of(request.GET, audience, facets_of(request.user), beside=beside)
    if request.method == "GET":
        difference = {"format": format, "filter": export.filters.address(), "records": export.found.count()}
        difference |= {"as": audience.code} if audience.code else {}
        Event.record("register-exported", by=request.user, difference=difference)
    return send(export, format, mark="bom" in request.GET)


def readers_among(facets: Sequence[Facet]) -> list[tuple[str, object]]:
    """The institutions for which a file can be made; taken from the facet of leads, which has loaded them."""
    places = next(facet.options for facet in facets if facet.key == "lead")
    return [(code, option.label) for code, option in places.items()]


@require_safe
@requires(Can.USE_DESK)
def record_panel(request: HttpRequest, code: str) -> HttpResponse:
    """One record beside the list; without JavaScript, its page."""
    if "HX-Request" not in request.headers:
        return redirect("desk:record", code=code)
    audience = audience_of(request.user)
    shown = with_parts(audience.with_every_kind().visible, machine=shows_machine(request, audience))
    reading = reading_of(get_object_or_404(shown.annotate(**beside_public()), code=code))
    add_follow_up_facts([reading])
    page = {"reading": reading, "href": reverse("desk:record", args=[code]), "inside": audience.is_inside}
    return render(request, "recommendations/register/_panel.html", page)


def shows_machine(request: HttpRequest, audience: Audience) -> bool:
    """Whether machine suggestions are shown: only inside, and unless the person has hidden them."""
    return audience.is_inside and not request.user.hides_machine_labels


@require_POST
@requires(Can.USE_DESK)
def choose_machine_labels(request: HttpRequest) -> HttpResponse:
    """Hide or show machine suggestions, and return to the same page."""
    choose(by=request.user, are_hidden="show" not in request.POST)
    return HttpResponseRedirect(way_back(request))


@require_POST
@requires(Can.USE_DESK)
@makes_once
def save_view(request: HttpRequest) -> HttpResponse:
    filters = read_filter(request.POST, facets_of(request.user))
    name, message = request.POST.get("name", ""), _("List saved. It is shown under your saved lists.")
    attempt(request, saved_views.save_view, message, name=name, query=filters.address())
    return redirect(reverse("desk:register") + filters.address())


@require_POST
@requires(Can.USE_DESK)
def rename_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(saved_views.views_of(request.user), pk=pk)
    try:
        saved_views.rename_view(view=view, name=request.POST.get("name", ""), by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "rename_view")
    return redirect(reverse("desk:register") + view.query)


@require_POST
@requires(Can.USE_DESK)
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(saved_views.views_of(request.user), pk=pk)
    saved_views.delete_view(view=view, by=request.user)
    request.session[DELETED] = [view.name, view.query]
    message = _("Saved list deleted. Its records are unchanged.")
    messages.success(request, message, extra_tags=reverse("desk:restore_view"))
    return redirect("desk:register")


@require_POST
@requires(Can.USE_DESK)
def restore_view(request: HttpRequest) -> HttpResponse:
    """Restore the saved list that was deleted last in this session."""
    name, query = request.session.pop(DELETED, ("", ""))
    if name:
        attempt(request, saved_views.save_view, _("Saved list restored."), name=name, query=query)
    return redirect(reverse("desk:register") + query)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def register_matrix(request: HttpRequest, format: str) -> HttpResponseBase:
    """The filtered list as the table that ministries consult on before positions are decided."""
    audience, facets = audience_for(request), facets_of(request.user)
    filters = read_filter(request.GET, facets)
    columns = request.GET.getlist("column")
    source = matrix.Source(
        narrow(audience, filters, facets),
        audience,
        matrix_columns(audience, request.user),
        filter_in_words(filters, facets),
        columns,
        keeps_empty=bool(columns),
    )
    try:
        file = matrix.WRITERS[format](source)
    except Refused as refusal:
        refuse(request, refusal, "register_matrix")
        return redirect("desk:register")
    difference = {"format": f"matrix.{format}", "filter": request.GET.urlencode()}
    Event.record("register-exported", by=request.user, difference=difference)
    what = name_of(audience, pgettext("name of a file", "matrix"))
    return send_file(file, file_name(what, format, on=timezone.localdate(), about=matrix.about(source.records)))
