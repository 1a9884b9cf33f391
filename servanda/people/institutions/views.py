"""Pages of institutions."""

from datetime import date

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.institutions import directory, services
from servanda.people.institutions.changes import changes_of
from servanda.people.institutions.forms import InstitutionForm
from servanda.people.institutions.pages import ask, find, page_address, submit
from servanda.people.models import Appointment, Institution, Opened, User
from servanda.people.notifications.recently_opened import remember_opened
from servanda.people.requests.form_keys import makes_once

ON_A_PAGE = 50


@require_safe
@requires(Can.READ_DIRECTORY)
def institutions(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    filters = directory.InstitutionFilter.read(request.GET)
    selected = directory.narrow(Institution.objects.visible_to(request.user), filters, on=today)
    page = page_of(selected.count(), number=filters.number, size=ON_A_PAGE)
    rows = directory.in_tree_order(selected).select_related("parent")
    rows = directory.with_focal_points(rows, to=request.user, on=today)[slice_of(page)]
    states = [
        (directory.OPEN, pgettext("institutions", "Active")),
        (directory.SHUT, pgettext("institutions", "Closed")),
        (directory.ALL, pgettext("institutions", "Active and closed")),
    ]
    context = {
        "rows": [(row, "– " * row.depth, row.is_active(on=today), row.is_closed(on=today)) for row in rows],
        **pager(page, filters.query()),
        "asked": filters,
        "boxes": [
            filters.box("branch", _("Branch"), Institution.Branch.choices, every=pgettext("institutions", "All")),
            filters.box("level", _("Level"), Institution.Level.choices, every=pgettext("institutions", "All")),
            filters.box("state", pgettext("whether it still exists", "Status"), states, every=""),
        ],
    }
    return render(request, "people/institutions/institutions.html", context)


@require_safe
@requires(Can.READ_DIRECTORY)
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    shown, today = find(request, pk), timezone.localdate()
    parts = Institution.objects.visible_to(request.user).filter(parent=shown)
    context = {
        "institution": shown,
        "is_active": shown.is_active(on=today),
        "children": [
            (part, part.is_closed(on=today)) for part in parts.order_by(F("active_to").asc(nulls_first=True), "code")
        ],
        "successions": shown.successions.select_related("successor").order_by("on", "successor__code"),
        "inheritances": shown.inheritances.select_related("predecessor").order_by("on", "predecessor__code"),
        "appointments": appointments_of(shown, to=request.user, on=today),
        "changes": changes_of(shown, to=request.user),
        "accreditations": shown.accreditations.valid(),
    }
    remember_opened(request, Opened.Kind.INSTITUTION, shown.pk)
    return render(request, "people/institutions/institution.html", context)


def appointments_of(shown: Institution, *, to: User, on: date) -> dict[str, list[Appointment]]:
    """Present and future appointments in the order of functions, and past ones."""
    rows = list(Appointment.objects.visible_to(to).filter(institution=shown).select_related("person"))
    over = [appointment for appointment in rows if appointment.end is not None and appointment.end < on]
    order = Appointment.Function.values.index
    now = sorted(
        (appointment for appointment in rows if appointment not in over),
        key=lambda appointment: (order(appointment.function), appointment.start),
    )
    return {"now": now, "over": over}


@form_page
@requires(Can.MANAGE_PEOPLE)
@makes_once
def create_institution(request: HttpRequest) -> HttpResponse:
    form = InstitutionForm(request.POST or None, by=request.user)
    if made := submit(request, form, services.create_institution):
        messages.success(request, _("Institution saved. Next, appoint its focal points and validating authority."))
        return redirect(page_address(made))
    return ask(request, form, title=_("Add an institution"), cancel=resolve_url("people:institutions"))


@form_page
@requires(Can.MANAGE_PEOPLE)
def edit_institution(request: HttpRequest, pk: int) -> HttpResponse:
    known = find(request, pk)
    title = _("Edit %(institution)s") % {"institution": known}
    form = InstitutionForm(request.POST or None, instance=known, by=request.user)
    if submit(request, form, services.edit_institution, institution=known):
        messages.success(request, _("Saved."))
        return redirect(page_address(known))
    return ask(request, form, title=title, cancel=page_address(known))
