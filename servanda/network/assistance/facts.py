"""Assistance as facts of reports: who helped whom in the period of the report, and the funding of requests."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.network.assistance.queries import missions_shown, ran_between
from servanda.network.models import Assistance, Cooperation, Mission
from servanda.people.versioning import changed_since
from servanda.progress.rounds.days import local_day
from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource

State = Cooperation.State
FOLLOWED = "cooperation-followed"
SENTENCES = {
    State.INTRODUCED: gettext_lazy("%(provider)s was introduced to %(requester)s: %(title)s."),
    State.AGREED: gettext_lazy("%(provider)s agreed to help %(requester)s: %(title)s."),
    State.UNDER_WAY: gettext_lazy("%(provider)s is helping %(requester)s: %(title)s."),
    State.DONE: gettext_lazy("%(provider)s helped %(requester)s: %(title)s."),
    State.ENDED: gettext_lazy("The cooperation of %(provider)s with %(requester)s ended without result: %(title)s."),
}


def cooperations(context: FactContext) -> QuerySet:
    """Under way in the period, as in the sheet of a year; one that was changed since the day of the facts counts when
    it was introduced."""
    report = context.section.report
    first, last = report.start or date.min, report.end or date.max
    rows, ran = Cooperation.objects.visible_to(context.user), ran_between(first, last)
    missions = Mission.objects.visible_to(context.user)
    if context.as_of:
        changed = Q(pk__in=changed_since(Cooperation, FOLLOWED, context.as_of))
        rows = rows.filter(created_at__lte=context.as_of)
        ran = (changed & Q(created_at__date__range=(first, last))) | (~changed & ran)
        missions = missions.filter(added_at__lte=context.as_of)
        missions = missions.exclude(pk__in=changed_since(Mission, "mission-edited", context.as_of))
    rows = rows.filter(ran).select_related("request__mechanism", "provider")
    return rows.prefetch_related(missions_shown(missions)).order_by(F("start").asc(nulls_last=True), "pk")


def cooperation_facts(rows: Iterable[Cooperation], context: FactContext) -> list[Fact]:
    changed = changed_since(Cooperation, FOLLOWED, context.as_of) if context.as_of else set()
    return [cooperation_fact(as_introduced(row) if row.pk in changed else row) for row in rows]


def as_introduced(row: Cooperation) -> Cooperation:
    """Without what was recorded since: its former state and result are not kept, but it was introduced by then."""
    row.state, row.result, row.start = State.INTRODUCED, "", None
    return row


def cooperation_fact(row: Cooperation) -> Fact:
    day = row.start or local_day(row.created_at)
    who = str(SENTENCES[State(row.state)]) % {
        "provider": row.provider,
        "requester": row.request.mechanism,
        "title": row.request.title,
    }
    return Fact(
        key=str(row.pk),
        title=row.request.title,
        text=" ".join(filter(None, [who, row.result, missions_of(row)])),
        citation=cited(_("Cooperation"), row.provider, row.request.mechanism, in_words(day)),
        address=row.get_absolute_url(),
        day=day,
    )


def missions_of(row: Cooperation) -> str:
    """Where and when, in one sentence; without the people who travelled."""
    missions: list[Mission] = getattr(row, "shown_missions", [])
    if not missions:
        return ""
    places = "; ".join(f"{mission.destination}, {in_words(mission.start)}" for mission in missions)
    return _("Missions: %(places)s.") % {"places": places}


def funded_requests(context: FactContext) -> QuerySet:
    """Requests with an amount that were open in the period, with what was pledged and received in the same
    currency; without those of which an amount may have changed since the day of the facts."""
    report = context.section.report
    rows = Assistance.objects.visible_to(context.user).of_this_system()
    rows = rows.filter(kind=Assistance.Kind.REQUEST, amount__isnull=False)
    if report.start:
        rows = rows.filter(Q(closed_at=None) | Q(closed_at__date__gte=report.start))
    if report.end:
        rows = rows.filter(created_at__date__lte=report.end)
    if context.as_of:
        rows = rows.filter(created_at__lte=context.as_of)
        rows = rows.exclude(pk__in=changed_since(Assistance, "assistance-edited", context.as_of))
        followed = Cooperation.objects.filter(pk__in=changed_since(Cooperation, FOLLOWED, context.as_of))
        rows = rows.exclude(pk__in=followed.order_by().values("request"))
    same = Q(cooperations__currency=F("currency"))
    sums = {name: Sum(f"cooperations__{name}", filter=same) for name in ("pledged", "received")}
    return rows.select_related("mechanism").annotate(**sums).order_by("created_at", "pk")


def funding_facts(rows: Iterable[Assistance], _context: FactContext) -> list[Fact]:
    return [funding_fact(row) for row in rows]


def funding_fact(row: Assistance) -> Fact:
    known, sought = vars(row), row.amount or Decimal(0)
    pledged, received = known["pledged"] or Decimal(0), known["received"] or Decimal(0)
    sums = {"sought": sought, "pledged": pledged, "received": received, "gap": max(sought - pledged, Decimal(0))}
    line = _(
        "%(title)s (%(mechanism)s): %(sought)s %(currency)s sought, %(pledged)s pledged, %(received)s received, "
        "%(gap)s not pledged."
    )
    words = {name: floatformat(amount, "-2g") for name, amount in sums.items()}
    return Fact(
        key=str(row.pk),
        title=row.title,
        text=line % {"title": row.title, "mechanism": row.mechanism, "currency": row.currency, **words},
        citation=cited(_("Request for assistance"), row.mechanism, in_words(local_day(row.created_at))),
        address=reverse("desk:assistance_entry", args=[row.key]),
        day=local_day(row.created_at),
    )


SOURCES = (
    FactSource(
        code="cooperation",
        label=gettext_lazy("Assistance between mechanisms"),
        rows=cooperations,
        facts=cooperation_facts,
        covered=None,
        is_drafted=True,
    ),
    FactSource(
        code="funding",
        label=gettext_lazy("Funding of requests"),
        rows=funded_requests,
        facts=funding_facts,
        covered=None,
        is_drafted=True,
    ),
)
