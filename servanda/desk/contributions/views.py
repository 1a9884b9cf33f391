"""Pages of contributions: send with an account, read, answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.addresses import page_name
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.refusals import refusals_in_form
from servanda.progress.contributions import answering
from servanda.progress.contributions import services as contributing
from servanda.progress.contributions.forms import AccountContributeForm, AnswerForm, DeclineForm, MergeForm
from servanda.progress.contributions.queries import contribution_lines, whole_contribution
from servanda.progress.models import Contribution
from servanda.recommendations.models import Recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionFilter(ListFilter):
    state: str = ""
    mine: str = ""  # not empty: only one's own

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        state = choice_in(params, "state", Contribution.State.values)
        return cls(state=state, mine="1" if "mine" in params else "", number=page_number(params))


@require_safe
@requires(Can.USE_DESK)
def contributions(request: SignedIn) -> HttpResponse:
    filters = ContributionFilter.read(request.GET)
    selected = Contribution.objects.visible_to(request.user)
    if filters.state:
        selected = selected.filter(state=filters.state)
    if filters.mine:
        selected = selected.filter(contributor=request.user)
    page = page_of(selected.count(), number=filters.number)
    context = {
        "lines": contribution_lines(request.user, selected[slice_of(page)]),
        **pager(page, filters.query()),
        "asked": filters,
        "boxes": [filters.box("state", pgettext("of a contribution", "Status"), Contribution.State.choices)],
    }
    return render(request, "desk/contributions/contributions.html", context)


def find(request: HttpRequest, pk: int) -> Contribution:
    return get_object_or_404(Contribution.objects.visible_to(request.user), pk=pk)


@require_safe
@requires(Can.USE_DESK)
def contribution(request: SignedIn, pk: int) -> HttpResponse:
    shown = find(request, pk)
    line = whole_contribution(request.user, shown)
    return render(request, "desk/contributions/contribution.html", {"line": line})


@body_limit(20, to=holders(Can.CONTRIBUTE))
@form_page
@requires(Can.CONTRIBUTE)
def contribute(request: SignedIn) -> HttpResponse:
    """Send a contribution. Refusals are recorded without the person, who may have wanted to hide their identity."""
    seen = Recommendation.every_kind.visible_to(request.user)
    start = {"records": request.GET.get("about", "")[:40]}
    about = {"visible": seen, "person": request.user}
    form = AccountContributeForm(request.POST or None, request.FILES or None, **about, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            made = contributing.contribute(submission=form.submission(), form_key=key, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            # Refusals on a file contain its name.
            contributing.record_refused_contribution(
                "" if request.FILES else str(refusal), page=page_name(request), path=request.path
            )
        else:
            messages.success(
                request, _("Contribution sent. The secretariat will answer it, and you will be notified.")
            )
            return redirect("desk:contribution", made.pk)
    return render(request, "desk/contributions/contribute.html", {"form": form}, status=422 if form.errors else 200)


@form_page
@requires(Can.CONTRIBUTE)
def withdraw_contribution(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw one's own contribution, after a confirmation."""
    own = get_object_or_404(Contribution.objects.filter(contributor=request.user), pk=pk)
    if request.method == "POST":
        try:
            contributing.withdraw_contribution(contribution=own, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            contributing.record_refused_contribution(str(refusal), page=page_name(request), path=request.path)
        else:
            messages.success(request, _("Contribution withdrawn. It will not be answered."))
        return redirect("desk:contribution", pk)
    return render(request, "desk/contributions/withdraw_contribution.html", {"contribution": own})


@form_page
@requires(Can.ANSWER_CONTRIBUTIONS)
def accept_contribution(request: SignedIn, pk: int) -> HttpResponse:
    page = {"title": _("Accept this contribution"), "button": _("Accept")}
    waiting = find(request, pk)
    return answered(request, waiting, AnswerForm(request.POST or None), answering.accept_contribution, page)


@form_page
@requires(Can.ANSWER_CONTRIBUTIONS)
def merge_contribution(request: SignedIn, pk: int) -> HttpResponse:
    page = {"title": _("Merge with a similar contribution"), "button": _("Merge")}
    waiting = find(request, pk)
    form = MergeForm(request.POST or None, contribution=waiting)
    return answered(request, waiting, form, answering.merge_contribution, page)


@form_page
@requires(Can.ANSWER_CONTRIBUTIONS)
def decline_contribution(request: SignedIn, pk: int) -> HttpResponse:
    page = {"title": _("Decline this contribution"), "button": _("Decline"), "is_danger": True}
    waiting = find(request, pk)
    return answered(request, waiting, DeclineForm(request.POST or None), answering.decline_contribution, page)


def answered(request: SignedIn, waiting: Contribution, form: Form, deed: Callable, page: dict) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, deed.__name__):
            deed(contribution=waiting, **form.cleaned_data, by=request.user)
            messages.success(
                request, _("Contribution answered. The contributor is notified if contact details were provided.")
            )
            return redirect("desk:contribution", waiting.pk)
    context = {"form": form, "line": whole_contribution(request.user, waiting), **page}
    return render(request, "desk/contributions/answer_contribution.html", context, status=422 if form.errors else 200)
