"""Pages of updates: the list, and one update."""

from collections.abc import Sequence
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
from servanda.desk.updates.forms import ReturnForm
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, page_of, pager, slice_of
from servanda.people.access import Can, can, requires, scopes
from servanda.people.institutions.directory import institution_box
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
from servanda.recommendations.models import Cluster, Recommendation, TextVersion, by_language

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
    def is_narrow(self) -> bool:
        return any((self.words, self.state, self.institution, self.start, self.end))


def day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


def listed(user, filters: UpdateFilter) -> QuerySet[Update]:
    """Updates of one's own institutions; all for holders of offices; for one record, all that the reader may see."""
    if filters.record:
        # Only for visible records: otherwise, updates through a cluster would reveal that a hidden record is in it.
        record = Recommendation.every_kind.visible_to(user).filter(code=filters.record)
        return on_record(Update.objects.visible_to(user), record.order_by().values("pk")[:1])
    return Update.objects.visible_to(user) if can(user, Can.READ_EVERYTHING) else Update.objects.of_own(user)


def institutions_offered(user) -> QuerySet[Institution]:
    visible = Institution.objects.visible_to(user).order_by("code")
    if can(user, Can.READ_EVERYTHING):
        return visible
    return visible.filter(
        pk__in=frozenset().union(*(scope.institutions for scope in scopes(user, Can.READ_INTERNAL)))
    )


def narrow(updates: QuerySet[Update], filters: UpdateFilter) -> QuerySet[Update]:
    if filters.words:
        updates = updates.filter(Q(text__icontains=filters.words) | Q(obstacles__icontains=filters.words))
    if filters.state:
        updates = updates.filter(state=filters.state)
    if filters.institution:
        updates = updates.filter(institution__code=filters.institution)
    if filters.start:
        updates = updates.filter(Q(end__gte=filters.start) | Q(end=None, created_at__date__gte=filters.start))
    if filters.end:
        undated = Q(start=None, end=None, created_at__date__lte=filters.end)
        updates = updates.filter(Q(start__lte=filters.end) | Q(start=None, end__lte=filters.end) | undated)
    return updates


@require_safe
@requires(Can.READ_INTERNAL)
def updates(request: SignedIn) -> HttpResponse:
    user, filters = request.user, UpdateFilter.read(request.GET)
    listed_updates, sets = listed(user, filters), waiting_sets(user)
    counts = listed_updates.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, condition in sets.items()}
    )
    selected = narrow(listed_updates.filter(sets.get(filters.waiting, Q())), filters)
    total = selected.count() if filters.is_narrow else counts.get(filters.waiting, counts["all"])
    page = page_of(total, number=filters.number, size=ON_A_PAGE)
    rows = with_facts(selected.defer("obstacles", "figures"), user).order_by("-changed_at", "-pk")
    context = {
        "rows": rows[slice_of(page)],
        **pager(page, filters.query()),
        "asked": filters,
        "tabs": [("", _("All"), counts["all"]), *((key, NAMES[key], counts[key]) for key in sets)],
        "kept": [(name, value) for name in ("waiting", "record") if (value := getattr(filters, name))],
        "boxes": [
            institution_box(filters, institutions_offered(user)),
            filters.box("state", _("Update status"), Update.State.choices),
        ],
        "without_record": f"?{urlencode(replace(filters, record='').query())}",
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


def update_page(request: SignedIn, update: Update, form: ReturnForm | None = None) -> dict:
    user = request.user
    steps = list(update.steps.select_related("by"))
    names = shown_names([update.written_by, *(step.by for step in steps)], to=user)
    records = [link.recommendation for link in update.links_shown]
    allowed, shared = may(user, update, records), shared_steps(update, steps)
    return {
        "update": update,
        "asked_about": asked_about(records),
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
        "form": form or ReturnForm(),
        "next": next_waiting(user, after=update),
    }


def asked_about(records: Sequence[Recommendation]) -> list[tuple[Recommendation, TextVersion | None]]:
    """Each record with its text, in the language of the reader where there is one. One query."""
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__in=records)
    text_of = {text.recommendation_id: text for text in reversed(by_language(texts))}
    return [(record, text_of.get(record.pk)) for record in records]


def decided_level(update: Update, user) -> Assessment | None:
    """The Government's assessment that followed the proposed level, if the user sees it."""
    if update.proposed_grade is None:
        return None
    made = Assessment.objects.visible_to(user).standing().filter(proposed_in=update)
    return made.select_related("grade", "recommendation").first()


def withdrawn_of(update: Update, user) -> list[Evidence]:
    """Withdrawn evidence with the reasons, for those who work on the update."""
    works = can(user, Can.PUBLISH_UPDATE) or Update.objects.of_own(user).filter(pk=update.pk).exists()
    return list(update.evidence.exclude(withdrawn_at=None).order_by("pk")) if works else []


def may(user, update: Update, records: list) -> dict[str, bool]:
    """Which buttons the page shows; the services check the permissions again."""
    bodies = [record for record in records if record is not None]
    writes = holds(user, Can.WRITE_UPDATE, update.institution, bodies, update.question)
    validates = holds(user, Can.VALIDATE_UPDATE, update.institution, bodies, update.question)
    coordinates, state = can(user, Can.PUBLISH_UPDATE), update.state
    approves = state == Update.State.SUBMITTED and validates
    publishes = state == Update.State.VALIDATED and coordinates
    is_late = state in (Update.State.VALIDATED, Update.State.PUBLISHED)
    return {
        "decide_level": is_late and update.proposed_grade_id is not None and can(user, Can.ASSESS),
        "write": update.is_editable and writes,
        # Not beside the decision on what somebody else wrote.
        "answer_others": writes and not (update.is_editable or approves) and update.request_id is not None,
        "validate": approves,
        "publish": publishes,
        "return": approves or publishes,
        "link": state == Update.State.PUBLISHED and coordinates and update.question is None,
        "withdraw": coordinates if is_late else writes,
        "evidence": any(may_change(piece, user) for piece in update.evidence_shown[:1]),
    }


def why_not(user, update: Update, allowed: dict[str, bool]) -> str:
    """Why this person cannot take the next step although their role allows it."""
    if allowed["validate"]:
        return why_not_validate(update, user)
    return why_not_publish(update, user) if allowed["publish"] else ""


@require_safe
@requires(Can.READ_INTERNAL)
def next_update(request: SignedIn) -> HttpResponse:
    """Redirect to the update that has waited longest for this person, or to the list."""
    following = next_waiting(request.user)
    return redirect(following) if following else redirect("desk:updates")
