"""The page on which an administrator enters the accreditation of an institution."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, form_page
from servanda.people.access import Can, requires
from servanda.people.institutions import accreditations
from servanda.people.institutions.pages import ask, find, page_address, submit
from servanda.people.models import Accreditation
from servanda.people.requests.form_keys import makes_once


class AccreditationForm(forms.ModelForm):
    class Meta:
        model = Accreditation
        fields = ["status", "start", "source"]
        widgets = {"start": DateInput}
        help_texts = {
            "start": gettext_lazy("Date of the decision. The previous accreditation ends on the day before."),
            "source": gettext_lazy(
                "Decision or report on the accreditation, with its date. This entry is published."
            ),
        }


@form_page
@requires(Can.ACCREDIT)
@makes_once
def set_accreditation(request: HttpRequest, pk: int) -> HttpResponse:
    known = find(request, pk)
    form = AccreditationForm(request.POST or None)
    if submit(request, form, accreditations.set_accreditation, institution=known):
        messages.success(request, _("Accreditation saved. It is published with the assessments of the institution."))
        return redirect(page_address(known))
    lead = _(
        "With A status, B status or under special review, the institution publishes its assessments under its "
        "own authority. Published assessments remain public after the accreditation ends."
    )
    title = _("Accreditation of %(institution)s") % {"institution": known}
    return ask(request, form, title=title, lead=lead, cancel=page_address(known))
