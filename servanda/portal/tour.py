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
            "This demonstration holds what Slovenia was really recommended in four cycles of the Universal Periodic"
            " Review. The institutions and people in it are invented. You can change anything."
        ),
        "portal:home",
        _("Look at the start page"),
    ),
    Step(
        _("The public register"),
        _(
            "Everybody can search all published recommendations, also without an account. Type a word, or choose a"
            " theme, a cycle or a position on the side; the numbers say how many records each choice leaves."
        ),
        "portal:register",
        _("Search the register"),
    ),
    Step(
        _("One record"),
        _(
            "Each recommendation keeps the words of its document, the paragraph and the symbol. Every label says who"
            " gave it, and every position of the State says when it was taken."
        ),
        "portal:recommendation",
        _("Open a recommendation"),
    ),
    Step(
        _("The overview"),
        _("Counts by body, theme and position, each as a chart with its table. Each number leads to its records."),
        "portal:overview",
        _("See the overview"),
    ),
    Step(
        _("Log in as somebody"),
        format_lazy(
            _(
                "The log-in page lists the invented accounts with their password. Take that of the coordinator,"
                " {coordinator}, first; later try that of the focal point, {focal_point}, and see how much less it"
                " shows."
            ),
            coordinator=COORDINATOR,
            focal_point=FOCAL_POINT,
        ),
        "account_login",
        _("Log in"),
    ),
    Step(
        _("The desk"),
        _("After log-in the desk says what waits for you: for a coordinator decisions, imports and vacancies."),
        "desk:home",
        _("Go to the desk"),
    ),
    Step(
        _("Imports"),
        _(
            "Lists of the United Nations, documents and spreadsheets come in here. You see what would change before"
            " anything changes, and a whole import can be undone."
        ),
        "desk:imports",
        _("See the imports"),
    ),
    Step(
        _("Institutions and people"),
        _(
            "Who answers for which institution, from which day to which day. When somebody leaves, the newcomer gets"
            " a pack with everything that was theirs."
        ),
        "people:institutions",
        _("See the institutions"),
    ),
    Step(
        _("The trail"),
        _(
            "Everything that somebody did is told here in one sentence, and nobody can change it afterwards. Look for"
            " what you have just done yourself."
        ),
        "people:trail",
        _("Read the trail"),
    ),
    Step(
        _("Take it with you"),
        _("All that is published can be downloaded or read by programs, without a key. That was the tour."),
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
