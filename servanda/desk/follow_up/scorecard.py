"""The scorecard of institutions, and the lists behind its numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Institution
from servanda.planning.assignments.facets import LEAD
from servanda.progress.dashboard import scorecard as cards
from servanda.progress.models import InputItem
from servanda.progress.records.facets import UPDATE
from servanda.progress.updates.inactivity import HALF_A_YEAR
from servanda.recommendations.filters.audiences import Audience, audience_of
from servanda.recommendations.filters.facets import WITHOUT
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.pages.detail import heading_of, with_heading
from servanda.trail.models import Event

LABELS = {
    "asked": pgettext_lazy("records on which an institution was asked", "Requested"),
    "answered": gettext_lazy("Answered"),
    "late": gettext_lazy("Overdue answers"),
    "led": gettext_lazy("As lead institution"),
    "silent": gettext_lazy("No recent update"),
    "regressed": gettext_lazy("Regressed"),
}
ON_REQUEST = ("asked", "answered", "late")


@dataclass(frozen=True, slots=True)
class Number:
    label: object
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    institution: Institution
    href: str
    numbers: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list; `item` where it is what a round asked."""

    record: Recommendation
    text: TextVersion | None
    item: InputItem | None = None


@require_safe
@requires(Can.READ_INTERNAL)
def scorecard(request: HttpRequest) -> HttpResponse:
    rows = cards.scorecard(audience_of(request.user), request.user, on=timezone.localdate())
    page = page_of(rows.order_by().count(), number=page_number(request.GET))
    context = {"cards": list(shown(rows[slice_of(page)])), "labels": list(LABELS.values()), **pager(page)}
    return render(request, "desk/follow_up/scorecard.html", context)


def shown(rows: Iterable[Institution]) -> Iterator[Card]:
    for institution in rows:
        links, counts = links_of(institution), vars(institution)
        numbers = [Number(label, counts[key], links[key]) for key, label in LABELS.items()]
        yield Card(institution, reverse("desk:institution_follow_up", args=[institution.pk]), numbers)


def links_of(institution: Institution) -> dict[str, str]:
    """The list behind each number."""
    register, lead = reverse("desk:register"), urlencode({LEAD: institution.code})
    update = urlencode([(UPDATE, WITHOUT), (UPDATE, f"older-{HALF_A_YEAR}")])
    lists = {key: reverse("desk:scorecard_records", args=[institution.pk, key]) for key in (*ON_REQUEST, "regressed")}
    return {**lists, "led": f"{register}?{lead}", "silent": f"{register}?{lead}&{update}"}


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def scorecard_file(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    rows = cards.scorecard(audience_of(request.user), request.user, on=today)
    header = [_("Abbreviation"), _("Institution"), *map(str, LABELS.values())]
    lines = ([row.code, str(row), *(vars(row)[key] for key in LABELS)] for row in rows)
    if request.method == "GET":
        Event.record("follow-up-exported", by=request.user)
    return send_table(file_name(_("scorecard"), "xlsx", on=today), _("Scorecard"), header, lines)


@require_safe
@requires(Can.READ_INTERNAL)
def scorecard_records(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """The records behind one number of one institution."""
    institution = get_object_or_404(cards.scored_for(request.user), pk=pk)
    audience = audience_of(request.user)
    if number in ON_REQUEST:
        rows = items_of(institution, number, audience, request.user)
    elif number == "regressed":
        rows = cards.records_regressed(institution, audience).order_by("order_key", "pk")
    else:
        raise Http404
    page = page_of(rows.order_by().count(), number=page_number(request.GET))
    context = {
        "institution": institution,
        "number": number,
        "lists": [
            (LABELS[key], reverse("desk:scorecard_records", args=[pk, key]), key)
            for key in (*ON_REQUEST, "regressed")
        ],
        "entries": with_texts(rows[slice_of(page)], audience),
        "today": timezone.localdate(),
        **pager(page),
    }
    return render(request, "desk/follow_up/scorecard_records.html", context)


def items_of(institution: Institution, number: str, audience: Audience, user) -> QuerySet[InputItem]:
    """The next to be answered first."""
    items = cards.items_for(audience, user).filter(request__institution=institution)
    if number == "answered":
        items = cards.answered(items)
    elif number == "late":
        items = cards.late(items, on=timezone.localdate())
    return items.select_related("request__round").order_by("request__due_on", "recommendation__order_key", "pk")


def with_texts(rows: QuerySet, audience: Audience) -> list[Entry]:
    found = list(rows)
    pks = [row.recommendation_id if isinstance(row, InputItem) else row.pk for row in found]
    records = with_heading(audience.visible.filter(pk__in=pks)).in_bulk()
    return [
        Entry(records[pk], heading_of(records[pk]), row if isinstance(row, InputItem) else None)
        for pk, row in zip(pks, found, strict=True)
    ]
