"""The list of communications, and one of them."""

from itertools import chain
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.listing import by_code, page_of, pager, rows_on
from servanda.people.access import Can, can, requires
from servanda.people.institutions.directory import institution_box
from servanda.people.models import Institution
from servanda.proceedings.kinds import kinds
from servanda.proceedings.life.detail import read_proceeding, with_numbers
from servanda.proceedings.life.listing import (
    ORDERS,
    ProceedingFilter,
    find_proceedings,
    which_for,
)
from servanda.proceedings.models import NamedInstitution, Proceeding, ProceedingQuestion, StandingInvitation
from servanda.reporting.models import Report
from servanda.vocab.models import Body

ON_A_PAGE = 25
BESIDE = ("owner", "obligation", "clearance", "document", "case", "public_letter")


@require_safe
@requires(Can.READ_INTERNAL)
def proceedings(request: SignedIn) -> HttpResponse:
    filters, today = ProceedingFilter.read(request.GET), timezone.localdate()
    found = find_proceedings(request.user, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = rows_on(page, found).prefetch_related("bodies")
    sees_all = can(request.user, Can.READ_EVERYTHING)
    senders = Proceeding.bodies.through.objects.filter(proceeding__in=Proceeding.objects.visible_to(request.user))
    bodies = list(Body.objects.filter(pk__in=senders.values("body")))
    boxes = [
        filters.box("kind", _("Kind"), by_code(kinds().values(), "label")),
        filters.box("which", _("Status"), which_for(request.user).items()),
    ]
    if bodies:
        boxes.append(filters.box("body", _("Mandates or body"), by_code(bodies)))
    if sees_all:
        named = NamedInstitution.objects.order_by().values("institution")
        boxes.append(institution_box(filters, Institution.objects.filter(pk__in=named)))
    boxes.append(filters.box("order", _("Order"), ORDERS.items(), every=""))
    context = {
        "rows": [(row, row.is_late(on=today)) for row in rows],
        "asked": filters,
        **pager(page, filters.query()),
        "boxes": boxes,
        "invitation": StandingInvitation.objects.first() if sees_all else None,
    }
    return render(request, "desk/proceedings/proceedings.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def proceeding(request: SignedIn, key: UUID) -> HttpResponse:
    """One communication; a withdrawn one is shown with the reason to those who may restore it."""
    readable = chain.from_iterable(
        with_numbers(part).select_related(*BESIDE).prefetch_related("bodies").filter(key=key)
        for part in (Proceeding.objects.visible_to(request.user), Proceeding.objects.former_for(request.user))
    )
    if (found := next(readable, None)) is None:
        raise Http404
    if found.kind_facts.is_case:
        prefetch_related_objects([found], "entries")
    context = {"shown": read_proceeding(found, request.user, on=timezone.localdate()), "today": timezone.localdate()}
    if found.kind_facts.is_case and can(request.user, Can.EDIT_REPORTS):
        context["reports"] = Report.objects.visible_to(request.user).filter(case=found)
    return render(request, "desk/proceedings/proceeding.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def proceeding_of_question(request: SignedIn, pk: int) -> HttpResponse:
    """Redirect to the letter or dialogue in which the question was asked."""
    visible = ProceedingQuestion.objects.visible_to(request.user).select_related("proceeding")
    return redirect(get_object_or_404(visible, question=pk).proceeding)
