"""Contributions by anyone, without an account and without tracking."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from servanda.kit.pages.addresses import page_name
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.models import Instance
from servanda.people.requests.visitors import address_key
from servanda.progress.contributions import services as contributing
from servanda.progress.contributions.forms import ContributeForm
from servanda.progress.contributions.queries import all_not_published
from servanda.progress.contributions.visitors import Visitor
from servanda.progress.models import Contribution
from servanda.recommendations.models import Recommendation


@form_page
@never_cache
def contribute(request: HttpRequest) -> HttpResponse:
    """The public form. The trail records the reasons of refusals, and nothing about the visitor."""
    start = {"records": request.GET.get("about", "")[:40]}
    form = ContributeForm(request.POST or None, visible=Recommendation.every_kind.public(), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            visitor = Visitor(address=address_key(request), opened_at=form.opened_at)
            key = form.cleaned_data["form_key"]
            made = contributing.contribute(submission=form.submission(), form_key=key, by=None, visitor=visitor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            contributing.record_refused_contribution(str(refusal), page=page_name(request), path=request.path)
        else:
            return redirect("portal:contribution_receipt", made.key)
    page = {"form": form, "is_open": Instance.current().takes_public_contributions}
    page["not_published"] = all_not_published()
    return render(request, "portal/contribute.html", page, status=422 if form.errors else 200)


@require_safe
@never_cache
def contribution_receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    """The state of a contribution and the answer, for those who have the secret link."""
    sent = get_object_or_404(Contribution.objects.filter(contributor=None), key=key)
    records = Recommendation.every_kind.public().filter(contributions=sent).order_by("order_key", "pk")
    return render(request, "portal/contribution_receipt.html", {"contribution": sent, "records": records})
