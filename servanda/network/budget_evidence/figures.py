"""The figures of the pack, counted for one reader on one day; a figure without anything to count has no value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.network.models import MechanismProfile, ProfileFact
from servanda.network.profiles.computed import people, requested
from servanda.people.appointments.services import has_focal_point
from servanda.people.models import Appointment, Institution, User
from servanda.progress.models import Assessment, Common, InputItem, Update, Voice
from servanda.recommendations.models import Recommendation, RecommendationQuerySet
from servanda.sources.models import Obligation, Question
from servanda.vocab.models import Body

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str = ""  # empty: no data
    number: int | None = None  # what was counted

    @property
    def shown(self) -> str:
        """As a reader writes numbers; files for programs have the plain value."""
        return self.value if self.number is None or not self.value else localize(self.number)


@dataclass(frozen=True, slots=True)
class FigureGroup:
    title: str
    definition: str
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Workload:
    """What the posts of the secretariat are compared with."""

    records: int
    obligations: int
    requested: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one person may see, on one day."""

    user: User
    on: date

    @property
    def records(self) -> RecommendationQuerySet:
        return Recommendation.objects.visible_to(self.user)

    @property
    def obligations(self) -> QuerySet[Obligation]:
        open_ones = Obligation.objects.visible_to(self.user).unfinished()
        return open_ones.between(self.on, self.on + YEAR).order_by()

    @property
    def requested(self) -> QuerySet[InputItem]:
        """What institutions had to answer within the year about records and questions that this person sees."""
        return requested(self.records, Question.objects.visible_to(self.user), on=self.on)


def evidence_for(user: User, *, on: date) -> list[FigureGroup]:
    evidence = Evidence(user, on)
    work = Workload(evidence.records.count(), evidence.obligations.count(), evidence.requested.count())
    own = MechanismProfile.objects.visible_to(user).filter(is_own=True).first()
    facts = {fact.field: fact for fact in own.facts.current()} if own else {}
    parts: Sequence[Callable[[], FigureGroup]] = (
        lambda: of_obligations(evidence, work),
        lambda: of_records(evidence, work),
        lambda: of_requests(evidence, work),
        lambda: of_updates(evidence),
        lambda: of_people(evidence),
        lambda: of_means(facts),
        lambda: per_post(facts, work),
    )
    return [part() for part in parts]


def counted(label: str, number: int, *, of: int) -> Figure:
    """A number among `of`; nothing to count is no data."""
    return Figure(label, str(number) if of else "", number)


def of_obligations(evidence: Evidence, work: Workload) -> FigureGroup:
    by_body = evidence.obligations.values("body").annotate(number=Count("pk")).order_by("-number", "body__code")
    bodies = Body.objects.in_bulk([row["body"] for row in by_body])
    late = Obligation.objects.visible_to(evidence.user).late(on=evidence.on).count()
    rows = [Figure(str(bodies[row["body"]].short), str(row["number"]), row["number"]) for row in by_body]
    figures = [counted(_("All bodies"), work.obligations, of=work.obligations), *rows, Figure(_("Late"), str(late))]
    definition = _(
        "Open obligations due within 365 days from today, by body. Late: with a fixed deadline in the past."
    )
    return FigureGroup(_("Open obligations of the next 12 months"), definition, figures)


def of_records(evidence: Evidence, work: Workload) -> FigureGroup:
    latest = Assessment.objects.latest().filter(
        voice=Voice.GOVERNMENT, recommendation__in=evidence.records.order_by().values("pk")
    )
    found = latest.order_by().values("common").annotate(number=Count("recommendation", distinct=True))
    numbers = {row["common"]: row["number"] for row in found}
    figures = [
        counted(_("All records"), work.records, of=work.records),
        *(Figure(str(common.label), str(numbers[common])) for common in Common if common in numbers),
        counted(_("Not assessed"), work.records - sum(numbers.values()), of=work.records),
    ]
    definition = _("Recommendations in the register, by the latest published assessment of the Government.")
    return FigureGroup(_("Records by status"), definition, figures)


def of_requests(evidence: Evidence, work: Workload) -> FigureGroup:
    answered = Q(answered_at__isnull=False)
    in_time = answered & Q(answered_at__date__lte=F("request__due_on"))
    numbers = evidence.requested.aggregate(answered=Count("pk", filter=answered), in_time=Count("pk", filter=in_time))
    figures = [
        counted(pgettext("requests for information", "Sent"), work.requested, of=work.requested),
        counted(_("Answered"), numbers["answered"], of=work.requested),
        counted(_("Answered after the deadline"), numbers["answered"] - numbers["in_time"], of=work.requested),
        counted(_("Not answered"), work.requested - numbers["answered"], of=work.requested),
    ]
    definition = _(
        "Records and questions on which information was requested from institutions, with a deadline in the last 365 "
        "days. A record or question with requests to two institutions is counted twice."
    )
    return FigureGroup(_("Requests for information"), definition, figures)


def of_updates(evidence: Evidence) -> FigureGroup:
    visible = Update.objects.visible_to(evidence.user).published().filter(published_at__date__gt=evidence.on - YEAR)
    pks = visible.order_by().values("pk")
    months = Update.objects.filter(pk__in=pks).order_by().annotate(month=TruncMonth("published_at"))
    rows = months.values("month").annotate(number=Count("pk")).order_by("month")
    figures = [Figure(date_format(row["month"], "YEAR_MONTH_FORMAT"), str(row["number"])) for row in rows]
    definition = _(
        "Updates of institutions published in the last 365 days, by month. Months without any are left out."
    )
    return FigureGroup(_("Updates a month"), definition, figures or [Figure(_("Updates"))])


def of_people(evidence: Evidence) -> FigureGroup:
    institutions = Institution.objects.visible_to(evidence.user).active(on=evidence.on)
    number = institutions.count()
    vacant = institutions.filter(~has_focal_point(on=evidence.on)).count()
    focal_points = people(Appointment.objects.focal_points().current(on=evidence.on)) if number else 0
    figures = [
        counted(_("Focal points"), focal_points, of=number),
        counted(_("Institutions"), number, of=number),
        counted(_("Institutions without a focal point"), vacant, of=number),
    ]
    definition = _(
        "People who are principal or alternate focal points today, and institutions that are active today."
    )
    return FigureGroup(_("Focal points and vacancies"), definition, figures)


def of_means(facts: Mapping[str, ProfileFact]) -> FigureGroup:
    labels = {
        "posts": _("Posts in the secretariat"),
        "budget": _("Budget"),
        "budget_year": _("Year of the budget"),
    }
    figures = [Figure(label, facts[code].value if code in facts else "") for code, label in labels.items()]
    sources = sorted({facts[code].source for code in labels if code in facts and facts[code].source})
    definition = _("As entered in the profile of the mechanism. Source: %(source)s") % {
        "source": "; ".join(sources) or _("not specified")
    }
    return FigureGroup(_("Resources of the secretariat"), definition, figures)


def per_post(facts: Mapping[str, ProfileFact], work: Workload) -> FigureGroup:
    value = facts["posts"].value if "posts" in facts else ""
    posts = int(value) if value.isdecimal() else 0
    labels = (
        (_("Records"), work.records),
        (_("Open obligations"), work.obligations),
        (_("Requests for information"), work.requested),
    )
    figures = [Figure(label, rate(number, posts)) for label, number in labels]
    definition = _("The numbers above divided by the posts in the secretariat, rounded to one decimal.")
    return FigureGroup(_("Workload for each post"), definition, figures)


def rate(number: int, posts: int) -> str:
    return f"{number / posts:.1f}" if posts and number else ""


def rows_of(groups: Sequence[FigureGroup], *, on: date) -> Iterator[list[str]]:
    for group in groups:
        for figure in group.figures:
            yield [group.title, figure.label, figure.value or _("no data"), group.definition, on.isoformat()]
