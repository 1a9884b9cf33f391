"""The public home page: what was implemented, what is newest and next, the themes, and how to take part.

It holds only what is published, and is the same for everyone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from uuid import uuid4

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from servanda.kit.charts import percents_of
from servanda.network.models import MechanismProfile, Practice
from servanda.people.models import Instance
from servanda.planning.models import Action, ActionRecommendation
from servanda.proceedings.models import PublicLetter
from servanda.progress.dashboard.bars import WHOLE, bar_of
from servanda.progress.models import Common, Voice
from servanda.progress.records.facets import voice_facets
from servanda.recommendations.counting.counts import (
    Tally,
    count_unfiltered,
    kept_under,
    stamp_if_worth_keeping,
)
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.facets import WITHOUT, Facet, public_facets, review_title
from servanda.recommendations.filters.follow_up import ASKED
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.recommendations.register.figures import shown_keys
from servanda.reporting.models import Consultation, ReportSnapshot
from servanda.sources.models import Obligation, Review
from servanda.vocab.models import Certainty
from servanda.vocab.own_state import own_state

THEMES = 6
WORTH_KEEPING = 100  # records; while there are fewer, the register is still being filled
STARTED = uuid4().hex  # this process
COUNTED = ("body", "stand", "theme")


@dataclass(frozen=True, slots=True)
class Number:
    key: str
    label: object
    count: int
    href: str
    percent: int = 0


@dataclass(frozen=True, slots=True)
class VoiceStatus:
    """The statuses of one voice, as shares of what it has assessed; what it has not is a number of its own."""

    voice: Voice
    assessed: int
    missing: Number
    statuses: Sequence[Number]

    @property
    def bar(self) -> dict:
        return {"pieces": bar_of([(status.key, status.count) for status in self.statuses]), "whole": WHOLE}


@dataclass(frozen=True, slots=True)
class NewReview:
    review: Review
    day: date
    count: int

    @property
    def title(self) -> object:
        return review_title(str(self.review.body.name), self.review.cycle, self.review.year)


@dataclass(frozen=True, slots=True)
class Deadline:
    day: date
    kind: str  # "obligation", "reply" or "action"
    row: Obligation | FollowUp | Action


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says of the register, as HTML. The same for all readers of a language."""

    state: str
    total: int
    figures: SafeString


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    shown = shown_figures()
    page = {"state": shown.state, "total": shown.total, "figures": shown.figures}
    return render(request, "portal/home.html", page)


def shown_figures() -> Shown:
    """Of a register of some size, kept under its stamp (docs/adr/0005) with all else that the figures depend on.

    The settings of the instance change without the stamp, deadlines pass with the day, and a consultation opens by
    itself. A new version of the system starts anew: it may have other words or addresses of pictures.
    """
    today, mark = timezone.localdate(), stamp_if_worth_keeping(WORTH_KEEPING)
    instance, has_drafts = Instance.current(), Consultation.objects.public().exists()
    takes = instance.takes_public_contributions
    if mark is None:
        return figures_of(mark, today, takes=takes, has_drafts=has_drafts)
    key = f"home:{STARTED}:{mark}:{today}:{get_language()}:{instance.state_code}:{takes}:{has_drafts}"
    return kept_under(key, lambda: figures_of(mark, today, takes=takes, has_drafts=has_drafts))


def figures_of(mark: str | None, today: date, *, takes: bool, has_drafts: bool) -> Shown:
    register = reverse("portal:register")
    facets = {facet.key: facet for facet in public_facets() if facet.key in COUNTED}
    voices = voice_facets(everybody(), None, on=today)
    tally = count_unfiltered(everybody(), [*facets.values(), *voices])
    total = tally["total"][0]
    page: dict[str, object] = {
        "total": total,
        "bodies": most(facets["body"], tally, register),
        "stands": numbers(facets["stand"], tally, register),
        "themes": most(facets["theme"], tally, register)[:THEMES] if "theme" in facets else [],
        "voices": [line for line in (status_of(facet, tally, register) for facet in voices) if line.assessed],
        "takes_contributions": takes,
        "has_drafts": has_drafts,
    }
    if total:
        page |= {
            "review": newest_review(mark),
            "deadlines": next_deadlines(on=today),
            "replies": f"{register}?{urlencode({FOLLOW_UP: ASKED})}",
            **published_lists(),
        }
    return Shown(str(own_state() or ""), total, render_to_string("portal/_home_figures.html", page))


def published_lists() -> dict[str, bool]:
    """Which lists of published things have something on them, in one query."""
    published = {
        "has_reports": ReportSnapshot.objects.public(),
        "has_letters": PublicLetter.objects.public(),
        "has_mechanisms": MechanismProfile.objects.public(),
        "has_practices": Practice.objects.public(),
    }
    found = Instance.objects.annotate(**{name: Exists(rows) for name, rows in published.items()})
    return found.values(*published).first() or dict.fromkeys(published, False)


def numbers(facet: Facet, tally: Tally, register: str) -> list[Number]:
    """The values of one facet that occur, in its order, with their shares of all records."""
    counts, whole = facet.counts(tally), tally["total"][0]
    return [number_of(facet, key, counts, register, whole) for key in shown_keys(facet) if counts[key]]


def parts(facet: Facet, tally: Tally, register: str) -> list[Number]:
    """The same with shares that sum to 100; no record has two of these values."""
    found = numbers(facet, tally, register)
    percents = percents_of([number.count for number in found])
    return [replace(number, percent=percent) for number, percent in zip(found, percents, strict=True)]


def number_of(facet: Facet, key: str, counts: Mapping[str, int], register: str, whole: int) -> Number:
    label = facet.without if key == WITHOUT else facet.options[key].name or facet.options[key].label
    percent = round(100 * counts[key] / whole) if whole else 0
    return Number(key, label, counts[key], f"{register}?{urlencode({facet.key: key})}", percent)


def most(facet: Facet, tally: Tally, register: str) -> list[Number]:
    return sorted(numbers(facet, tally, register), key=lambda number: -number.count)


def status_of(facet: Facet, tally: Tally, register: str) -> VoiceStatus:
    counts = facet.counts(tally)
    assessed = sum(counts[common] for common in Common.values)
    return VoiceStatus(
        Voice(facet.key),
        assessed,
        number_of(facet, WITHOUT, counts, register, tally["total"][0]),
        parts(facet, tally, register),
    )


def newest_review(mark: str | None) -> NewReview | None:
    """The review with the newest document, and the number of its public records."""
    public = Recommendation.objects.public().order_by()
    by_review = public.filter(review__isnull=False).values_list("review").annotate(day=Max("date"), count=Count("pk"))
    by_day = by_review.filter(day__isnull=False).order_by("-day", "-review")
    newest = list(by_day[:1]) if mark is None else kept_under(f"newest-review:{mark}", lambda: list(by_day[:1]))
    return next((NewReview(Review.objects.select_related("body").get(pk=pk), *of) for pk, *of in newest), None)


def next_deadlines(*, on: date) -> list[Deadline]:
    """The next published obligation, reply and action, by day."""
    obligation, reply, action = next_obligation(on=on), next_reply(on=on), next_action(on=on)
    if obligation is not None and reply is not None and reply.obligation_id == obligation.pk:
        obligation = None  # the reply names the document that requests it
    found = {"obligation": obligation, "reply": reply, "action": action}
    return sorted((Deadline(row.due_on, kind, row) for kind, row in found.items() if row), key=attrgetter("day"))


def next_obligation(*, on: date) -> Obligation | None:
    """The next one with a deadline that is no estimate."""
    fixed = Obligation.objects.public().unfinished().exclude(certainty=Certainty.ESTIMATE)
    return fixed.filter(due_on__gte=on).select_related("body").order_by("due_on", "code").first()


def next_reply(*, on: date) -> FollowUp | None:
    """The next reply that a body has asked for, as documents of the body say."""
    waiting = FollowUp.objects.current().outstanding().filter(obligation__due_on__gte=on)
    waiting = waiting.filter(recommendation__in=public_ids()).order_by("obligation__due_on", "pk")
    return waiting.select_related("recommendation__body", "recommendation__document", "obligation").first()


def next_action(*, on: date) -> Action | None:
    """The next published action that falls due, with the code of a published record that it answers."""
    links = ActionRecommendation.objects.filter(action=OuterRef("pk"), recommendation__in=public_ids())
    code = links.order_by("recommendation__order_key", "pk").values("recommendation__code")[:1]
    open_actions = Action.objects.public().open().filter(due_on__gte=on).annotate(answers_code=Subquery(code))
    return open_actions.filter(answers_code__isnull=False).order_by("due_on", "pk").first()


def public_ids() -> QuerySet:
    return Recommendation.objects.public().order_by().values("pk")
