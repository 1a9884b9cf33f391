"""Settle deadlines that had passed before an import added them: choose an answer on the list, preview, apply."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import chosen_codes, preview_or_apply
from servanda.desk.record.access import SignedIn
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refuse
from servanda.recommendations.bulk.past_deadlines import Answer, SettlePastDeadlines
from servanda.sources.models import Obligation
from servanda.sources.obligations.listing import ObligationFilter, find_obligations
from servanda.sources.printed.texts import clean


class SettleForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("What happened"), choices=Answer.choices, widget=forms.RadioSelect, initial=Answer.ANSWERED
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Optional. For example, where the reply can be read."),
    )


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def settle_past_deadlines(request: SignedIn) -> HttpResponse:
    obligations, query = chosen_obligations(request), request.POST.get("query", "")
    back = f"{reverse('desk:obligations')}?{QueryDict(query).urlencode() or 'when=unknown'}"
    form, chosen = SettleForm(request.POST), obligations.count()
    if not chosen:
        messages.error(request, _("Select at least one obligation."))
        return redirect(back)
    if not form.is_valid():
        return redirect(back)
    page = {
        "all": request.POST.get("all", ""),
        "query": query,
        "chosen": chosen,
        "codes": " ".join(chosen_codes(request)),
        "here": request.path,
        "back_url": back,
        "form": form,
        "is_of_obligations": True,
    }
    change = SettlePastDeadlines(form.cleaned_data["answer"], clean(form.cleaned_data["reason"]))

    def show_refusal(refusal: Refused) -> HttpResponse:
        refuse(request, refusal, "settle_past_deadlines")
        return redirect(back)

    return preview_or_apply(request, change, obligations, page, show_refusal)


def chosen_obligations(request: SignedIn) -> QuerySet[Obligation]:
    """Those selected on the list, or all that match its filter."""
    if request.POST.get("all"):
        filters = ObligationFilter.read(QueryDict(request.POST.get("query", "")))
        return find_obligations(request.user, filters, on=timezone.localdate())
    return Obligation.objects.visible_to(request.user).filter(code__in=chosen_codes(request))
