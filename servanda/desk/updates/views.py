"""Updates on the desk: the list of what is mine to write, approve or publish, and the page of one."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, page_of, pager, slice_of
from servanda.people.access import Can, can, requires, scopes
from servanda.people.models import Institution
from servanda.people.naming import shown_names
from servanda.progress.evidence.services import may_change
from servanda.progress.models import Assessment, Evidence, Update
from servanda.progress.updates.permissions import holds
from servanda.progress.updates.queries import (
    MINE,
    TO_PUBLISH,
    TO_VALIDATE,
    next_waiting,
    on_record,
    previous_of,
    waiting_sets,
    with_facts,
)
from servanda.progress.updates.separation import shared_steps, why_not_publish, why_not_validate
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Cluster, Recommendation

ON_A_PAGE = 25
NAMES = {
    MINE: gettext_lazy("To finish"),
    TO_VALIDATE: gettext_lazy("To approve"),
    TO_PUBLISH: gettext_lazy("To publish"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFilter(ListFilter):
    words: str = ""
    waiting: str = ""
    state: str = ""
    institution: str = ""
    start: date | None = None
    end: date | None = None
    record: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        plain = {name: params.get(name, "").replace("\0", "")[:100] for name in ("words", "institution", "record")}
        return cls(
            words=" ".join(plain["words"].split()),
            waiting=choice_in(params, "waiting", (MINE, TO_VALIDATE, TO_PUBLISH)),
            state=choice_in(params, "state", Update.State.values),
            institution=plain["institution"],
            start=day(params.get("start", "")),
            end=day(params.get("end", "")),
            record=plain["record"],
            number=page_number(params),
        )

    @property
    def is_narrowed(self) -> bool:
        return any((self.words, self.state, self.institution, self.start, self.end))


def day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


def listed(user, asked: UpdateFilter) -> QuerySet[Update]:
    """Of one's own institutions; for the offices, of all; of one record, whatever is seen of it."""
    if asked.record:
        # Only of a record that they see: through a cluster, others would tell that it is in one.
        record = Recommendation.objects.visible_to(user).filter(code=asked.record)
        return on_record(Update.objects.visible_to(user), record.order_by().values("pk")[:1])
    return Update.objects.visible_to(user) if can(user, Can.READ_EVERYTHING) else Update.objects.of_own(user)


def institutions_offered(user) -> QuerySet[Institution]:
    there = Institution.objects.visible_to(user).order_by("code")
    if can(user, Can.READ_EVERYTHING):
        return there
    return there.filter(pk__in=frozenset().union(*(one.institutions for one in scopes(user, Can.READ_INTERNAL))))


def narrow(updates: QuerySet[Update], asked: UpdateFilter) -> QuerySet[Update]:
    if asked.words:
        updates = updates.filter(Q(text__icontains=asked.words) | Q(obstacles__icontains=asked.words))
    if asked.state:
        updates = updates.filter(state=asked.state)
    if asked.institution:
        updates = updates.filter(institution__code=asked.institution)
    if asked.start:
        updates = updates.filter(Q(end__gte=asked.start) | Q(end=None, created_at__date__gte=asked.start))
    if asked.end:
        undated = Q(start=None, end=None, created_at__date__lte=asked.end)
        updates = updates.filter(Q(start__lte=asked.end) | Q(start=None, end__lte=asked.end) | undated)
    return updates


@require_safe
@requires(Can.READ_INTERNAL)
def updates(request: SignedIn) -> HttpResponse:
    user, asked = request.user, UpdateFilter.read(request.GET)
    there, sets = listed(user, asked), waiting_sets(user)
    counts = there.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=one) for key, one in sets.items()}
    )
    found = narrow(there.filter(sets.get(asked.waiting, Q())), asked)
    total = found.count() if asked.is_narrowed else counts.get(asked.waiting, counts["all"])
    page = page_of(total, number=asked.number, size=ON_A_PAGE)
    rows = with_facts(found.defer("obstacles", "figures"), user).order_by("-changed_at", "-pk")
    context = {
        "rows": rows[slice_of(page)],
        **pager(page, asked.query()),
        "asked": asked,
        "tabs": [("", _("All"), counts["all"]), *((key, NAMES[key], counts[key]) for key in sets)],
        "states": Update.State.choices,
        "institutions": institutions_offered(user),
        "without_record": f"?{urlencode(replace(asked, record='').query())}",
    }
    return render(request, "desk/updates/updates.html", context)


def find_update(request: SignedIn, pk: int) -> Update:
    seen = Update.objects.visible_to(request.user)
    return get_object_or_404(
        with_facts(seen, request.user).select_related("request__round", "written_by", "proposed_grade"), pk=pk
    )


@require_safe
@requires(Can.READ_INTERNAL)
def update(request: SignedIn, pk: int) -> HttpResponse:
    return render(request, "desk/updates/update.html", update_page(request, find_update(request, pk)))


def update_page(request: SignedIn, update: Update, form: ReasonForm | None = None) -> dict:
    user = request.user
    steps = list(update.steps.select_related("by"))
    names = shown_names([update.written_by, *(step.by for step in steps)], to=user)
    records = [link.recommendation for link in update.links_shown]
    allowed, shared = may(user, update, records), shared_steps(update, steps)
    return {
        "update": update,
        "records": records,
        "clusters": list(Cluster.objects.visible_to(user).filter(update_abouts__update=update)),
        "steps": [
            {"step": step, "who": names.get(step.by_id, ""), "shared": shared.get(step.pk, "")}
            for step in reversed(steps)
        ],
        "written_by": names.get(update.written_by_id, ""),
        "previous": previous_of(update, user),
        "withdrawn_evidence": withdrawn_of(update, user),
        "may": allowed,
        "why_not": why_not(user, update, allowed),
        "decided": decided_level(update, user),
        "form": form or ReasonForm(),
        "next": next_waiting(user, after=update),
    }


def decided_level(update: Update, user) -> Assessment | None:
    """What the Government's assessment made of the proposed level, for those who see it."""
    if update.proposed_grade is None:
        return None
    made = Assessment.objects.visible_to(user).standing().filter(proposed_in=update)
    return made.select_related("grade", "recommendation").first()


def withdrawn_of(update: Update, user) -> list[Evidence]:
    """That it was there, and why it is gone, for those who work on it."""
    works = can(user, Can.PUBLISH_UPDATE) or Update.objects.of_own(user).filter(pk=update.pk).exists()
    return list(update.evidence.exclude(withdrawn_at=None).order_by("pk")) if works else []


def may(user, update: Update, records: list) -> dict[str, bool]:
    """Which buttons the page has; whoever presses one is asked again by the deed."""
    bodies = [record for record in records if record is not None]
    writes = holds(user, Can.WRITE_UPDATE, update.institution, bodies)
    validates = holds(user, Can.VALIDATE_UPDATE, update.institution, bodies)
    coordinates, state = can(user, Can.PUBLISH_UPDATE), update.state
    approves = state == Update.State.SUBMITTED and validates
    publishes = state == Update.State.VALIDATED and coordinates
    is_late = state in (Update.State.VALIDATED, Update.State.PUBLISHED)
    return {
        "decide_level": is_late and update.proposed_grade_id is not None and can(user, Can.ASSESS),
        "write": update.is_editable and writes,
        "validate": approves,
        "publish": publishes,
        "return": approves or publishes,
        "link": state == Update.State.PUBLISHED and coordinates,
        "withdraw": coordinates if is_late else writes,
        "evidence": any(may_change(one, user) for one in update.evidence_shown[:1]),
    }


def why_not(user, update: Update, allowed: dict[str, bool]) -> str:
    """Why this person does not take the next step, though their role allows it."""
    if allowed["validate"]:
        return why_not_validate(update, user)
    return why_not_publish(update, user) if allowed["publish"] else ""


@require_safe
@requires(Can.READ_INTERNAL)
def next_update(request: SignedIn) -> HttpResponse:
    """The one that has waited longest for this person; the list where nothing waits."""
    found = next_waiting(request.user)
    return redirect(found) if found else redirect("desk:updates")
