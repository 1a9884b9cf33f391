"""What is due to whom at the size of twenty years: the list, the calendars and the feed of a person, and the lists of
letters, cases and their measures.

`records` is the number of obligations, over five years back and fifteen ahead, to a dozen bodies. Each has four
steps; every tenth is restricted to its institution. Letters and cases add their own deadlines.
"""

import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.follow_up import count_queries, timed
from bench.grown_proceedings import grow_proceedings
from bench.times import report_times
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.sources.models import CalendarFeed, Obligation, ObligationStep
from servanda.sources.obligations.feeds import renew_feed
from servanda.vocab.models import Body, Certainty, Force, ObligationKind
from tests import make

TINY = {"records": 40, "communications": 20, "cases": 4, "times": 2}
MAX_QUERIES, MAX_P95, MAX_FEED = 20, 200, 150  # per page; milliseconds; milliseconds
INSTITUTIONS, BODIES = 100, 12
BACK, AHEAD = 5 * 365, 15 * 365  # days


def run(
    report: Callable[..., None],
    *,
    records: int = 5_000,
    communications: int = 20_000,
    cases: int = 2_000,
    times: int = 40,
) -> None:
    start = time.perf_counter()
    institutions = grow(records)
    grow_proceedings(communications, cases, institutions)
    people = {"coordinator": make.user(Role.COORDINATOR), "focal point": make.user(Role.FOCAL_POINT, institutions[0])}
    freeze_loaded_objects()  # as the server does after it has started
    what = f"{records:,} obligations, {communications:,} letters and {cases:,} cases grown, s"
    report(what, time.perf_counter() - start)
    for who, person in people.items():
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        for name, address in pages().items():
            measured(report, client, address, f"{who}: {name}", times, MAX_P95)
            queries = count_queries(client, address)
            report(f"{who}: {name}, questions", queries, f"at most {MAX_QUERIES}", ok=queries <= MAX_QUERIES)
        feed(report, person, who, times)
    public = Client(headers={"host": "localhost"})
    measured(report, public, reverse("portal:calendar"), "public calendar", times, MAX_P95)
    measured(report, public, reverse("portal:calendar_file"), "public calendar file", times, MAX_FEED)


def pages() -> dict[str, str]:
    listed = reverse("desk:obligations")
    calendar = reverse("desk:obligation_calendar")
    return {
        "list": listed,
        "list of what is overdue": f"{listed}?when=late",
        "last page of all": f"{listed}?state=all&page=100000",
        "list by words": f"{listed}?words=report",
        "month": calendar,
        "year": f"{calendar}?year={timezone.localdate().year + 1}",
        "timeline": reverse("desk:obligation_timeline"),
        "letters and cases": reverse("desk:proceedings"),
        "overdue letters": f"{reverse('desk:proceedings')}?kind=communication&which=late",
        "last page of letters by arrival": f"{reverse('desk:proceedings')}?order=received&page=100000",
        "cases by words": f"{reverse('desk:proceedings')}?kind=case-european&words=invented",
        "measures": f"{reverse('desk:register')}?kind=measure",
    }


def feed(report: Callable[..., None], person: User, who: str, times: int) -> None:
    """Reads are limited within the hour, so the count is set back before each."""
    address = reverse("portal:calendar_feed", args=[renew_feed(by=person)])
    client = Client(headers={"host": "localhost"})
    size = len(client.get(address).content)
    report(f"{who}: feed, kilobytes", size / 1000)
    measured(report, client, address, f"{who}: feed", times, MAX_FEED, before=CalendarFeed.objects.update, reads=0)


def measured(report, client, address: str, what: str, times: int, most: int, before=bool, **given) -> float:
    worked = time.process_time()
    warm = timed(client, [address] * times, before=lambda: before(**given))
    return report_times(report, what, warm, most, worked=time.process_time() - worked)


def grow(records: int) -> list[Institution]:
    chance, today = random.Random(20), timezone.localdate()
    bodies = list(Body.objects.order_by("order", "code")[:BODIES]) or [make.committee()]
    institutions = [make.institution(f"bench-{number}") for number in range(min(INSTITUTIONS, records // 10))]
    Obligation.objects.bulk_create(
        (
            obligation(number, chance, bodies, institutions, today + timedelta(days=chance.randint(-BACK, AHEAD)))
            for number in range(records)
        ),
        batch_size=500,
    )
    ObligationStep.objects.bulk_create(
        (
            ObligationStep(
                obligation_id=pk,
                title=f"Step {place}",
                institution=chance.choice(institutions),
                due_on=due_on - timedelta(days=30 * place),
                place=place,
            )
            for pk, due_on in Obligation.objects.filter(code__startswith="B-").values_list("pk", "due_on")
            for place in range(1, 5)
        ),
        batch_size=500,
    )
    return institutions


def obligation(number: int, chance: random.Random, bodies: list, institutions: list, due_on) -> Obligation:
    is_past = due_on < timezone.localdate()
    is_restricted = number % 10 == 0
    return Obligation(
        code=f"B-{number}",
        body=chance.choice(bodies),
        kind=chance.choice(ObligationKind.values),
        title=f"Report number {number} on the measures taken" if number % 3 else "",
        due_on=due_on,
        certainty=Certainty.FIXED if is_past or number % 2 else Certainty.ESTIMATE,
        force=chance.choice(Force.values),
        state="closed" if is_past and number % 20 else "expected",
        owner=chance.choice(institutions),
        confidentiality="restricted" if is_restricted else "public",
        is_published=not is_restricted,
    )
