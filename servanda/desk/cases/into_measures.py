"""Turn records of the list into measures of a case: choose the case, preview, apply."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import chosen_records, preview_or_apply, refused_on_list, selection_context
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import field_of
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.proceedings.cases.into_measures import IntoMeasures, cases_open_to
from servanda.proceedings.models import Proceeding
from servanda.recommendations.models import OrderedMeasure


class CaseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Proceeding) -> str:
        return " · ".join(filter(None, [obj.reference, obj.title]))


class IntoMeasuresForm(forms.Form):
    case = CaseField(Proceeding.objects.none(), label=gettext_lazy("Case"))
    type = field_of(OrderedMeasure, "type")

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases_open_to(user)

    def change(self) -> IntoMeasures:
        return IntoMeasures(self.cleaned_data["case"].pk, self.cleaned_data["type"])


@require_POST
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def turn_into_measures(request: SignedIn) -> HttpResponse:
    """One address for three steps: choose the case, preview, apply."""
    records = chosen_records(request)
    page = selection_context(request, records)
    if not page["chosen"]:
        messages.error(request, _("Select at least one record on the list, then choose a change."))
        return redirect(page["back_url"])
    form = page["form"] = IntoMeasuresForm(request.POST if "step" in request.POST else None, user=request.user)
    if not form.is_valid():
        page["title"] = _("Turn records into measures of a case")
        return render(request, "desk/bulk/bulk_edit.html", page, status=422 if form.errors else 200)
    page["hint"] = _("Records of other bodies than that of the case, and those with a position, are left out.")
    return preview_or_apply(request, form.change(), records, page, refused_on_list(request, "turn_into_measures"))
