"""The guided tour of the demonstration, one page for each step, without JavaScript."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from servanda.people.demonstration import COORDINATOR, FOCAL_POINT
from servanda.people.models import Instance
from servanda.recommendations.models import Recommendation


class Step(NamedTuple):
    title: str
    text: str
    page: str  # the name of the address that the step is about
    link: str


STEPS = [
    Step(
        _("Welcome"),
        _(
            "This demonstration contains the recommendations made to Slovenia in four cycles of the Universal "
            "Periodic Review. The institutions and people are fictitious. You can change anything."
        ),
        "portal:home",
        _("Go to the start page"),
    ),
    Step(
        _("The public register"),
        _(
            "Anyone can search all published recommendations without an account. Enter a word, or select a "
            "theme, a cycle or a position at the side. The number beside each option shows how many "
            "recommendations match."
        ),
        "portal:register",
        _("Search the register"),
    ),
    Step(
        _("A recommendation"),
        _(
            "Each recommendation keeps the wording, paragraph and symbol of its document. Each label shows who "
            "assigned it, and each position of the State shows its date."
        ),
        "portal:recommendation",
        _("Open a recommendation"),
    ),
    Step(
        _("The overview"),
        _(
            "Counts by body, theme and position, each shown as a chart with a table. Each number links to its list "
            "of recommendations."
        ),
        "portal:overview",
        _("See the overview"),
    ),
    Step(
        _("Log in with a demonstration account"),
        format_lazy(
            _(
                "The log-in page lists the demonstration accounts and their password. Start with the "
                "coordinator, {coordinator}. Then log in as the focal point, {focal_point}, and compare what "
                "each account shows."
            ),
            coordinator=COORDINATOR,
            focal_point=FOCAL_POINT,
        ),
        "account_login",
        _("Log in"),
    ),
    Step(
        _("The desk"),
        _(
            "After you log in, the desk lists your open tasks. For a coordinator, these are decisions, imports and "
            "vacancies."
        ),
        "desk:home",
        _("Go to the desk"),
    ),
    Step(
        _("Imports"),
        _(
            "Import United Nations lists, documents and spreadsheets. A preview is shown before anything "
            "changes, and a whole import can be undone."
        ),
        "desk:imports",
        _("See the imports"),
    ),
    Step(
        _("Institutions and people"),
        _(
            "The people appointed to each institution, with start and end dates. When a person leaves, the "
            "successor receives a hand-over pack."
        ),
        "people:institutions",
        _("See the institutions"),
    ),
    Step(
        _("Audit trail"),
        _(
            "Every change is recorded in one sentence, which cannot be altered later. Find the changes you "
            "have just made."
        ),
        "people:trail",
        _("Read the audit trail"),
    ),
    Step(
        _("Open data"),
        _(
            "All published data can be downloaded or read through the API, without a key. This is the end of the "
            "tour."
        ),
        "portal:open_data",
        _("See the open data"),
    ),
]


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    if not Instance.current().is_demonstration:
        return redirect("portal:home")
    number = step_number(request.GET.get("step", ""))
    address = reverse("portal:tour")
    page = {
        "step": STEPS[number - 1],
        "number": number,
        "count": len(STEPS),
        "steps": [step.title for step in STEPS],
        "address": address_of(STEPS[number - 1].page),
        "previous_url": f"{address}?step={number - 1}" if number > 1 else "",
        "next_url": f"{address}?step={number + 1}" if number < len(STEPS) else "",
    }
    return render(request, "portal/tour.html", page)


def step_number(value: str) -> int:
    """The number of the step; the first one if the value is not valid."""
    return {str(number): number for number in range(1, len(STEPS) + 1)}.get(value, 1)


def address_of(page: str) -> str:
    """The address of a step. Its record is the newest public one; without any, the list."""
    if page != "portal:recommendation":
        return reverse(page)
    code = Recommendation.objects.public().order_by("-pk").values_list("code", flat=True).first()
    return reverse(page, args=[code]) if code else reverse("portal:register")
