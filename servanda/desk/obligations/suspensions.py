"""Pages of the suspensions of a time limit, of an obligation or of the referral of a case."""

from types import ModuleType

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.desk.obligations.editing import ask, back, find_obligation
from servanda.desk.obligations.submissions import save
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.proceedings.cases import referral
from servanda.sources.models import Obligation
from servanda.sources.obligations import suspensions
from servanda.sources.obligations.forms import EndSuspensionForm, SuspensionForm


def services_of(obligation: Obligation) -> ModuleType:
    """The same services, of obligations or of the cases whose time limits they are."""
    return referral if obligation.is_derived else suspensions


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def add_suspension(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = SuspensionForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    deed = services_of(obligation).add_suspension
    if save(request, form, deed, _("Suspension saved."), obligation=obligation):
        return back(obligation)
    lead = _("Enter each suspension of the time limit. The deadline moves by its days.")
    page = {"title": _("Suspension of the time limit"), "button": _("Save"), "lead": lead}
    return ask(request, form, obligation=obligation, **page)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def end_suspension(request: SignedIn, code: str, pk: int) -> HttpResponse:
    obligation = find_obligation(request, code)
    suspension = get_object_or_404(obligation.suspensions.all(), pk=pk)
    form = EndSuspensionForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    deed = services_of(obligation).end_suspension
    if save(request, form, deed, _("Suspension saved."), suspension=suspension):
        return back(obligation)
    return ask(request, form, title=_("End of the suspension"), button=_("Save"), obligation=obligation)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def remove_suspension(request: SignedIn, code: str, pk: int) -> HttpResponse:
    obligation = find_obligation(request, code)
    suspension = get_object_or_404(obligation.suspensions.all(), pk=pk)
    if request.method == "POST":
        message = _("Suspension removed. The earlier deadline applies again.")
        attempt(request, services_of(obligation).remove_suspension, message, suspension=suspension)
        return back(obligation)
    lead = f"{date_format(suspension.starts_on)} · {suspension.ground}"
    page = {"title": _("Remove this suspension?"), "button": _("Remove"), "lead": lead, "is_danger": True}
    return ask(request, Form(), obligation=obligation, **page)
