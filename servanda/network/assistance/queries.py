"""Requests and offers as lists and pages: filters, what fits a request, and who helped whom in a year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Self

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import (
    Agreement,
    Assistance,
    AssistanceQuerySet,
    Cooperation,
    CooperationEvaluation,
    MechanismProfile,
    Mission,
    ReceivedEvaluation,
    Release,
)
from servanda.network.practices.queries import capacities, has_code, sorted_by_name
from servanda.people.models import User
from servanda.vocab.models import Term

MOST_WORDS = 8
OPEN, CLOSED = "open", "closed"
STATES = {OPEN: pgettext_lazy("assistance", "Open"), CLOSED: pgettext_lazy("assistance", "Closed")}
FITS = {
    "forms": _("Form of assistance"),
    "languages": _("Language"),
    "regions": _("Regional group"),
    "capacity": _("Capacity"),
    "themes": _("Theme"),
    "results": _("Useful before"),
}
GOING_ON = (Cooperation.State.INTRODUCED, Cooperation.State.AGREED, Cooperation.State.UNDER_WAY)
COLUMNS = (
    *("kind", "mechanism", "state", "title", "what", "background", "forms", "languages", "regions", "capacity"),
    *("themes", "until", "amount", "currency", "status", "cooperations"),
)
YEAR_COLUMNS = (
    *("asked by", "helped by", "request", "forms", "status", "from", "until", "pledged", "received"),
    *("currency", "costs", "result", "evaluation of who asked", "evaluation of who helped"),
    *("missions", "cost of missions"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceFilter(ListFilter):
    words: str = ""
    kind: str = ""
    form: str = ""
    region: str = ""
    capacity: str = ""
    language: str = ""
    theme: str = ""  # taxonomy and code
    state: str = OPEN

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            kind=choice("kind", Assistance.Kind.values),
            form=choice("form", Assistance.Form.values),
            region=choice("region", Assistance.Region.values),
            capacity=choice("capacity", capacities()),
            language=words_in(params, "language"),
            theme=words_in(params, "theme"),
            state=choice("state", {**STATES, "all": ""}, OPEN),
            number=page_number(params),
        )


@dataclass(frozen=True, slots=True)
class FittingOffer:
    """An open offer, and in what it fits the request."""

    offer: Assistance
    fits: Sequence[str]  # codes of `FITS`

    @property
    def labels(self) -> list[object]:
        return [FITS[code] for code in self.fits]


def find_assistance(user: User, filters: AssistanceFilter) -> AssistanceQuerySet:
    found = Assistance.objects.visible_to(user).select_related("mechanism__country")
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state in STATES:
        found = found.filter(closed_at__isnull=filters.state == OPEN)
    if filters.capacity:
        found = found.filter(capacity=filters.capacity)
    codes = (("forms", filters.form), ("regions", filters.region), ("languages", filters.language))
    for column, code in codes:
        if code:
            found = found.filter(has_code(column, code))
    if filters.theme:
        taxonomy, _colon, term = filters.theme.partition(":")
        found = found.filter(themes__taxonomy__code=taxonomy, themes__code=term)
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("title", word) | has_word("text", word) | has_word("mechanism__name", word))
    helped = Count("cooperations", distinct=True) + Count("offered_cooperations", distinct=True)
    return found.annotate(helped=helped).order_by("-created_at", "-pk")


def languages_in(user: User) -> list[str]:
    """Those of the requests and offers."""
    found = Assistance.objects.visible_to(user).order_by().values_list("languages", flat=True).distinct()
    return sorted({code for codes in found for code in codes.split()})


def themes_in(user: User) -> list[tuple[str, object]]:
    """Those of the requests and offers, by name, as the filter names them."""
    entries = Assistance.objects.visible_to(user).order_by().values("pk")
    through = Assistance.themes.through.objects.filter(assistance__in=entries)
    terms = Term.objects.filter(pk__in=through.values("term")).select_related("taxonomy")
    return sorted_by_name((f"{term.taxonomy.code}:{term.code}", term) for term in terms)


def offers_for(user: User, request: Assistance, *, on: date, within: Iterable[str] = ()) -> AssistanceQuerySet:
    """Open offers, still available on this day, that fit in all of `within`; without it, in a form and a language.

    Those of the mechanism itself, and of mechanisms that were introduced to it already, are left out.
    """
    offers = Assistance.objects.visible_to(user).open().filter(kind=Assistance.Kind.OFFER)
    introduced = request.cooperations.order_by().values("provider")
    others = offers.exclude(mechanism=request.mechanism_id).exclude(mechanism__in=introduced)
    found = others.filter(Q(due_on=None) | Q(due_on__gte=on)).select_related("mechanism__country")
    for code in within or ("forms", "languages"):
        found = found.filter(condition_of(code, request))
    return found.prefetch_related("themes").order_by("-created_at", "-pk")


def condition_of(code: str, request: Assistance) -> Q:
    """The condition that an offer meets one criterion of a request; a criterion that the request leaves open is
    always met, and an offer without regional groups or capacity is for any."""
    match code:
        case "forms" | "languages" | "regions":
            wanted = getattr(request, code).split()
            either = Q(regions="") if code == "regions" and wanted else Q()
            for each in wanted:
                either |= has_code(code, each)
            return either
        case "capacity":
            return Q(capacity__in=["", request.capacity]) if request.capacity else Q()
        case "themes":
            themes = list(request.themes.values_list("pk", flat=True))
            through = Assistance.themes.through.objects.filter(term__in=themes)
            return Q(pk__in=through.values("assistance")) if themes else Q()
        case _:
            return Q(mechanism__in=useful_providers())


def useful_providers() -> QuerySet:
    """Mechanisms whose help was useful to the one that asked."""
    useful = CooperationEvaluation.objects.filter(
        side=CooperationEvaluation.Side.REQUESTER, rating__gte=CooperationEvaluation.Rating.USEFUL
    )
    return useful.order_by().values_list("cooperation__provider", flat=True)


def fitting(request: Assistance, offers: Iterable[Assistance]) -> list[FittingOffer]:
    """The criteria that each offer of a page meets, without a score."""
    themes, useful = {term.pk for term in request.themes.all()}, set(useful_providers())
    return [FittingOffer(offer, list(fits_of(request, offer, themes, useful))) for offer in offers]


def fits_of(request: Assistance, offer: Assistance, themes: set[int], useful: set[int]) -> Iterator[str]:
    for code in ("forms", "languages"):
        if set(getattr(request, code).split()) & set(getattr(offer, code).split()):
            yield code
    wanted, offered = set(request.regions.split()), set(offer.regions.split())
    if wanted and (wanted & offered or not offered):
        yield "regions"
    if request.capacity and offer.capacity in ("", request.capacity):
        yield "capacity"
    if themes & {term.pk for term in offer.themes.all()}:
        yield "themes"
    if offer.mechanism_id in useful:
        yield "results"


def cooperations_of(entry: Assistance, user: User) -> QuerySet[Cooperation]:
    """The cooperations of a request or an offer, with their missions, including withdrawn ones."""
    found = entry.cooperations if entry.is_request else entry.offered_cooperations
    ours = CooperationEvaluation.objects.order_by("-side").annotate(
        audience=audience_of(Release.Kind.EVALUATION, "key"),
        audience_of_request=audience_of(Release.Kind.REQUEST, "cooperation__request__key"),
    )
    evaluations = Prefetch("evaluations", ours)
    former = Mission.objects.former_for(user).order_by("start", "pk")
    withdrawn = Prefetch("missions", former, to_attr="former_missions")
    shown = missions_shown(Mission.objects.visible_to(user))
    agreements = Prefetch("agreements", Agreement.objects.visible_to(user), to_attr="shown_agreements")
    return found.select_related("provider", "offer", "request__mechanism").prefetch_related(
        evaluations, "received_evaluations", withdrawn, shown, agreements
    )


def audience_of(kind: str, key: str) -> Subquery:
    releases = Release.objects.filter(kind=kind, key=OuterRef(key))
    return Subquery(releases.values("audience")[:1])


def missions_shown(missions: QuerySet[Mission]) -> Prefetch:
    """As `shown_missions` of a cooperation."""
    return Prefetch("missions", missions.select_related("sent_by").order_by("start", "pk"), to_attr="shown_missions")


def cooperations_in(user: User, year: int) -> QuerySet[Cooperation]:
    """Who helped whom: under way, introduced or with a mission in a year, with the missions of that year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    missions = Mission.objects.visible_to(user).filter(start__lte=last, end__gte=first)
    travelled = Exists(missions.filter(cooperation=OuterRef("pk")).order_by())
    found = Cooperation.objects.visible_to(user).filter(ran_between(first, last) | travelled)
    found = found.select_related("request__mechanism", "provider")
    found = found.prefetch_related("evaluations", "received_evaluations", missions_shown(missions))
    return found.order_by("request__mechanism__name", "provider__name", "pk")


def ran_between(first: date, last: date) -> Q:
    """The condition that a cooperation was under way between two days. Without a start date it counts when it was
    introduced and when it ended; one that is over and has no end date, when it began."""
    ended = Q(end__gte=first) | Q(end=None, state__in=GOING_ON) | Q(end=None, start__gte=first)
    entered = Q(created_at__date__range=(first, last)) | Q(end__range=(first, last))
    return (Q(start__lte=last) & ended) | (Q(start=None) & entered)


def years(user: User, *, on: date) -> list[int]:
    """Those with a cooperation until this day, the newest first; the same as `ran_between`."""
    found: set[int] = set()
    rows = Cooperation.objects.visible_to(user).order_by()
    for start, end, state, created in rows.values_list("start", "end", "state", "created_at__date"):
        if start is None:
            found |= {day.year for day in (created, end) if day}
        else:
            last = end or (max(start, on) if state in GOING_ON else start)
            found |= set(range(start.year, last.year + 1))
    for start, end in Mission.objects.visible_to(user).order_by().values_list("start", "end"):
        found |= set(range(start.year, end.year + 1))
    return sorted(found, reverse=True)


def public_missions(profile: MechanismProfile) -> QuerySet[Mission]:
    """Published missions from or to a mechanism, the newest first."""
    of_mechanism = Q(cooperation__provider=profile) | Q(cooperation__request__mechanism=profile)
    found = Mission.objects.public().filter(of_mechanism)
    return found.select_related("sent_by", "cooperation__request__mechanism", "cooperation__provider").order_by(
        "-start", "-pk"
    )


@dataclass(slots=True)
class Funding:
    """What is sought, pledged, received, and still missing, in one currency."""

    currency: str
    sought: Decimal = Decimal(0)
    pledged: Decimal = Decimal(0)  # to requests with an amount in this currency
    other: Decimal = Decimal(0)  # pledged to requests without an amount, or with one in another currency
    received: Decimal = Decimal(0)  # of both
    gap: Decimal = Decimal(0)  # the amounts not pledged, request by request


def funding(user: User) -> list[Funding]:
    """By currency, over the open requests of this system; currencies are never added up. What is pledged to one
    request does not reduce the gap of another."""
    requests = Assistance.objects.visible_to(user).open().of_this_system().filter(kind=Assistance.Kind.REQUEST)
    rows: dict[str, Funding] = {}
    currency_of: dict[int, str] = {}
    missing: dict[int, Decimal] = {}
    for pk, currency, amount in requests.filter(amount__isnull=False).values_list("pk", "currency", "amount"):
        currency_of[pk], missing[pk] = currency, amount or Decimal(0)
        rows.setdefault(currency, Funding(currency)).sought += missing[pk]
    helped = Cooperation.objects.filter(request__in=requests.order_by().values("pk")).exclude(currency="")
    for pk, currency, pledged, received in helped.values_list("request", "currency", "pledged", "received"):
        row = rows.setdefault(currency, Funding(currency))
        row.received += received or 0
        if currency_of.get(pk) == currency:
            row.pledged += pledged or 0
            missing[pk] -= pledged or Decimal(0)
        else:
            row.other += pledged or 0
    for pk, left in missing.items():
        rows[currency_of[pk]].gap += max(left, Decimal(0))
    return [row for _currency, row in sorted(rows.items())]


def export_rows(entries: Iterable[Assistance]) -> Iterator[list[str]]:
    labels = capacities()
    for entry in entries:
        yield [
            str(entry.get_kind_display()),
            entry.mechanism.name,
            entry.mechanism.country.code,
            entry.title,
            entry.text,
            entry.background,
            "; ".join(map(str, entry.form_labels)),
            entry.languages,
            "; ".join(map(str, entry.region_labels)),
            str(labels.get(entry.capacity, "")),
            "; ".join(str(term) for term in entry.themes.all()),
            entry.due_on.isoformat() if entry.due_on else "",
            str(entry.amount or ""),
            entry.currency,
            str(STATES[OPEN if entry.is_open else CLOSED]),
            str(getattr(entry, "helped", "")),
        ]


def year_rows(cooperations: Iterable[Cooperation]) -> Iterator[list[str]]:
    for row in cooperations:
        ratings = ratings_of(row)
        missions: list[Mission] = getattr(row, "shown_missions", [])
        yield [
            row.request.mechanism.name,
            row.provider.name,
            row.request.title,
            "; ".join(map(str, row.request.form_labels)),
            str(row.get_state_display()),
            row.start.isoformat() if row.start else "",
            row.end.isoformat() if row.end else "",
            str(row.pledged or ""),
            str(row.received or ""),
            row.currency,
            row.costs,
            row.result,
            ratings.get(CooperationEvaluation.Side.REQUESTER, ""),
            ratings.get(CooperationEvaluation.Side.PROVIDER, ""),
            "\n".join(map(mission_line, missions)),
            "; ".join(f"{amount} {currency}" for currency, amount in cost_of(missions)),
        ]


def ratings_of(cooperation: Cooperation) -> dict[str, str]:
    """By side, what was entered here and what was received, one a line."""
    lines: dict[str, list[str]] = {}
    rows: list[CooperationEvaluation | ReceivedEvaluation] = [*cooperation.evaluations.all()]
    rows += cooperation.received_evaluations.all()
    for evaluation in rows:
        lines.setdefault(evaluation.side, []).append(rating_line(evaluation))
    return {side: "\n".join(written) for side, written in lines.items()}


def rating_line(evaluation: CooperationEvaluation | ReceivedEvaluation) -> str:
    rating = str(evaluation.get_rating_display())
    if isinstance(evaluation, ReceivedEvaluation):
        return str(_("%(rating)s (received from %(sender)s)") % {"rating": rating, "sender": evaluation.sender})
    if evaluation.is_on_behalf:
        return str(_("%(rating)s (entered on behalf of the mechanism)") % {"rating": rating})
    return rating


def mission_line(mission: Mission) -> str:
    """One mission in a cell: when, where, who and for what."""
    days = f"{mission.start.isoformat()} – {mission.end.isoformat()}"
    return "; ".join([days, mission.destination, mission.people, mission.purpose])


def cost_of(missions: Iterable[Mission]) -> list[tuple[str, Decimal]]:
    """By currency; currencies are never added up."""
    sums: dict[str, Decimal] = {}
    for mission in missions:
        if mission.cost is not None:
            sums[mission.currency] = sums.get(mission.currency, Decimal(0)) + mission.cost
    return sorted(sums.items())
