"""Measures promised in a reply: add one as an action, open it once the letter is published."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.proceedings.finding import ask, back, find_proceeding, save_with_service
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.proceedings.contents import promises
from servanda.proceedings.contents.forms import PromisedMeasureForm
from servanda.proceedings.models import PromisedMeasure


@form_page
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def add_promised_measure(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    form = PromisedMeasureForm(request.POST or None, proceeding=proceeding)
    lead = _("It becomes an action that the mechanism and its lead institution see.")
    page: dict = {"title": _("Add a measure promised"), "button": _("Save"), "lead": lead}
    if request.method == "POST" and form.is_valid():
        message, what = _("Measure added as an action."), {"proceeding": proceeding, **form.cleaned_data}
        if save_with_service(request, form, promises.add_promised_measure, message, page, **what):
            return back(proceeding)
    return ask(request, proceeding, form, **page)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def open_promised_measure(request: SignedIn, pk: int) -> HttpResponse:
    visible = PromisedMeasure.objects.visible_to(request.user).select_related("proceeding", "action")
    measure = get_object_or_404(visible, pk=pk)
    attempt(request, promises.open_promised_measure, _("All internal users can now see the action."), measure=measure)
    return back(measure.proceeding)
