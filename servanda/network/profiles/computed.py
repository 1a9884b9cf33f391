"""What this system counts about its own mechanism."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language_info

from servanda.people.models import Appointment, Instance, User
from servanda.progress.models import InputItem
from servanda.recommendations.models import Recommendation, RecommendationQuerySet
from servanda.sources.models import Question, QuestionQuerySet
from servanda.vocab.models import Body

YEAR = timedelta(days=365)


def computed_values(user: User, *, on: date) -> dict[str, str]:
    """By field, for this person; a rate without anything to count is left out."""
    return counted(Recommendation.objects.visible_to(user), Question.objects.visible_to(user), on=on)


def public_values(*, on: date) -> dict[str, str]:
    """The same for everyone: of the register only what is published, and of questions those that are public."""
    questions = Question.objects.live().filter(confidentiality=Question.Confidentiality.PUBLIC)
    return counted(Recommendation.objects.public(), questions, on=on)


def counted(records: RecommendationQuerySet, questions: QuestionQuerySet, *, on: date) -> dict[str, str]:
    values: Mapping[str, Callable[[], str]] = {
        "records": lambda: str(records.order_by().count()),
        "records_by_body": lambda: by_body(records),
        "system_languages": languages,
        "system_public": lambda: "yes" if Recommendation.objects.public().exists() else "no",
        "institutions": lambda: str(institutions(on=on)),
        "focal_points": lambda: str(people(Appointment.objects.focal_points().current(on=on))),
        "turnover": lambda: turnover(on=on),
        "response_rate": lambda: response_rate(requested(records, questions, on=on)),
    }
    return {code: value for code, count in values.items() if (value := count())}


def by_body(records: RecommendationQuerySet) -> str:
    """A line for each body, by its short name in the language of the page, the one with the most records first."""
    rows = records.order_by().values_list("body").annotate(number=Count("pk")).order_by("-number", "body__code")
    numbers = dict(rows)
    bodies = Body.objects.in_bulk(numbers)
    return "\n".join(f"{bodies[key].short}: {number}" for key, number in numbers.items())


def languages() -> str:
    """The languages of this system, each in its own words."""
    return ", ".join(map(name_of_language, Instance.current().language_codes()))


def name_of_language(code: str) -> str:
    try:
        return get_language_info(code)["name_local"].capitalize()
    except KeyError:
        return code


def institutions(*, on: date) -> int:
    return Appointment.objects.focal_points().current(on=on).order_by().values("institution").distinct().count()


def people(appointments: QuerySet[Appointment]) -> int:
    return appointments.order_by().values("person").distinct().count()


def turnover(*, on: date) -> str:
    """Of those who were focal points at the beginning of the year, the share that no longer is."""
    focal_points = Appointment.objects.focal_points().order_by()
    before = focal_points.current(on=on - YEAR).values("person").distinct()
    started = before.count()
    stayed = before.filter(person__in=focal_points.current(on=on).values("person")).count()
    return share(started - stayed, started)


def requested(records: RecommendationQuerySet, questions: QuestionQuerySet, *, on: date) -> QuerySet[InputItem]:
    """What institutions had to answer within the year about these records and questions."""
    due = InputItem.objects.standing().filter(request__due_on__range=(on - YEAR, on))
    about = Q(recommendation__in=records.order_by().values("pk")) | Q(question__in=questions.order_by().values("pk"))
    return due.filter(about).order_by()


def response_rate(items: QuerySet[InputItem]) -> str:
    """The share that was answered."""
    numbers = items.aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    return share(numbers["answered"], numbers["asked"])


def share(part: int, whole: int) -> str:
    return str(round(100 * part / whole)) if whole else ""
