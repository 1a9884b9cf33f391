"""To which treaties the State is party: public facts, with their source and the reservations in force."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from servanda.sources.models import Reservation, Standing, TreatyStatus

DATES = ("signed_on", "deposited_on", "in_force_on")
LABELS = {name: capfirst(TreatyStatus._meta.get_field(name).verbose_name) for name in DATES}


@require_safe
def treaties(request: HttpRequest) -> HttpResponse:
    """The whole list, a few dozen rows; what nothing is known of is left out."""
    standing = Reservation.objects.filter(withdrawn_on=None).prefetch_related("objections__country")
    found = TreatyStatus.objects.public().select_related("instrument__body")
    known = found.exclude(pk__in=found.of_standing(Standing.UNKNOWN).order_by().values("pk"))
    rows = known.prefetch_related("procedures", Prefetch("reservations", standing, to_attr="reservations_in_force"))
    return render(request, "portal/treaties.html", {"treaties": rows, "labels": LABELS})
