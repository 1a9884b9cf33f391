"""A follow-up grown for measuring: who answers, what is planned, reported and shown, what three voices say of it.

For each 10,000 recommendations 100 institutions, 500 people, 3,000 actions, 100,000 updates and 20,000 pieces of
evidence, and a third of the records in clusters. Rows go straight into the tables, because it is reading that is
measured. Each piece of evidence is a file of its own, small, written by the storage of the product under a made-up
name; half of them came with an update.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from servanda.people.models import Appointment, Institution, User
from servanda.planning.models import (
    Action,
    ActionCluster,
    ActionInstitution,
    ActionRecommendation,
    Assignment,
    Indicator,
    IndicatorRecommendation,
    Measurement,
)
from servanda.progress.models import (
    Assessment,
    Common,
    Evidence,
    EvidenceRecommendation,
    Grade,
    InputItem,
    InputRequest,
    InputRound,
    Scale,
    Update,
    UpdateCluster,
    UpdateRecommendation,
    Voice,
)
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.recommendations.models import Cluster, ClusterMember, Recommendation
from tests.make import phone

TODAY = date.today()
STATES = {"published": 80, "draft": 8, "submitted": 6, "validated": 6}
ASSESSED = {Voice.GOVERNMENT: 60, Voice.MECHANISM: 40, Voice.INDEPENDENT: 20}  # of a hundred records
CROWD = 300  # updates on the record that has most
numbers = count(1)


@dataclass(slots=True)
class Followed:
    coordinator: User
    focal_point: User
    institution: Institution
    record: Recommendation


def follow(size: int) -> Followed:
    """Up to the size: what is there already stays."""
    chance = random.Random(size)
    with transaction.atomic():
        places, people = institutions(max(size // 100, 1)), persons(max(size // 20, 1))
        records = list(Recommendation.objects.filter(assignments=None).order_by("pk").values_list("pk", flat=True))
        assign(records, places, chance)
        plan(records, places, chance)
        report(records, places, chance)
        put_together(records, chance)
        measure_things(records, places, chance)
        assess(records, chance)
        ask(records, places)
        first = Assignment.objects.filter(institution=places[0], part="lead").order_by("pk")[0]
        crowd(first.recommendation, places)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    appoint(people, places)
    there = Followed(coordinator(), people[0], places[0], first.recommendation)
    phone(there.coordinator)
    phone(there.focal_point)
    return there


def institutions(number: int) -> list[Institution]:
    there = Institution.objects.count()
    made = [Institution(code=f"place-{at}", name=f"Ministry {at}") for at in range(there, number)]
    Institution.objects.bulk_create(made)
    return list(Institution.objects.order_by("pk"))


def persons(number: int) -> list[User]:
    there = User.objects.filter(role="").count()
    now = timezone.now()
    User.objects.bulk_create(
        User(email=f"person-{at}@example.org", name=f"Person {at}", accepted_at=now) for at in range(there, number)
    )
    return list(User.objects.filter(role="").order_by("pk"))


def appoint(people: list[User], places: list[Institution]) -> None:
    begin = TODAY - timedelta(days=300)
    Appointment.objects.bulk_create(
        Appointment(person=one, institution=places[at % len(places)], function=held(at // len(places)), start=begin)
        for at, one in enumerate(people)
        if not one.current_appointments
    )


def held(turn: int) -> str:
    """All of them may be reminded, the principals first."""
    return ["principal", "authority", "alternate"][turn % 3]


def coordinator() -> User:
    return User.objects.filter(role="coordinator").first() or User.objects.create_user(
        email="bench@example.org", name="Bench", role="coordinator"
    )


def assign(records: list[int], places: list[Institution], chance: random.Random) -> None:
    Assignment.objects.bulk_create(
        Assignment(
            recommendation_id=pk,
            institution=chance.choice(places),
            since=TODAY - timedelta(days=400),
            due_on=TODAY + timedelta(days=chance.randrange(-200, 400)),
        )
        for pk in records
        if chance.random() < 0.9
    )


def plan(records: list[int], places: list[Institution], chance: random.Random) -> None:
    actions = [
        Action(
            code=f"A-{next(numbers)}",
            title="Draft a bill, and tell everybody of it",
            status=chance.choice(Action.Status.values),
            due_on=TODAY + timedelta(days=chance.randrange(-200, 400)),
            is_published=chance.random() < 0.5,
        )
        for _number in range(len(records) * 3 // 10)
    ]
    Action.objects.bulk_create(actions)
    ActionInstitution.objects.bulk_create(
        ActionInstitution(action=one, institution=chance.choice(places)) for one in actions
    )
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=one, recommendation_id=pk) for one in actions for pk in chance.sample(records, 2)
    )


def report(records: list[int], places: list[Institution], chance: random.Random) -> None:
    """Ten updates for each record, on it and some on another, over three years."""
    now = timezone.now()
    for first in range(0, len(records), 1000):
        some, updates = records[first : first + 1000], []
        for _number in range(len(some) * 10):
            state = chance.choices(list(STATES), STATES.values())[0]
            at = now - timedelta(days=chance.randrange(1100))
            published = at if state == "published" else None
            place = chance.choice(places)
            text = "A law was passed, and two hundred people were trained. " * 4
            updates.append(Update(institution=place, state=state, text=text, published_at=published))
        Update.objects.bulk_create(updates)
        covered_records = some[: len(some) * 9 // 10]  # of the others nothing was ever heard
        pairs = {
            (one.pk, chance.choice(covered_records)) for one in updates for _time in range(1 + (one.pk % 5 == 0))
        }
        UpdateRecommendation.objects.bulk_create(
            UpdateRecommendation(update_id=update, recommendation_id=pk) for update, pk in sorted(pairs)
        )
        keep_last_updates(covered_records)
        show(some, sorted(pairs), updates, chance)


def show(some: list[int], pairs: list[tuple[int, int]], updates: list[Update], chance: random.Random) -> None:
    """Two pieces of evidence for each record; every second one came with an update on it."""
    of_pk = {one.pk: one for one in updates}
    evidence, records, with_update = [], [], []
    for number in range(len(some) * 2):
        update, record = chance.choice(pairs) if number % 2 else (0, chance.choice(some))
        said = of_pk.get(update)
        one = statistic(number, institution_id=said.institution_id if said else None)
        one.is_submitted = said is None or said.state != Update.State.DRAFT
        one.is_public = chance.random() < 0.5
        evidence.append(one)
        records.append(record)
        with_update.append(update)
    Evidence.objects.bulk_create(evidence)
    EvidenceRecommendation.objects.bulk_create(
        EvidenceRecommendation(evidence=one, recommendation_id=pk) for one, pk in zip(evidence, records, strict=True)
    )
    through = Update.evidence.through
    through.objects.bulk_create(
        through(update_id=update, evidence=one) for one, update in zip(evidence, with_update, strict=True) if update
    )


def statistic(number: int, **fields) -> Evidence:
    """Its file is written when the row is: a table of a few hundred bytes."""
    lines = "".join(f"{year},{(number * 7 + year) % 1000}\n" for year in range(1990, 2026))
    content = f"Year,Girls in school\n{lines}".encode()
    file = ContentFile(content, name=f"school-{number}.csv")
    told = {"name": file.name, "size": len(content), "mime": "text/csv", "sha256": sha256(content).hexdigest()}
    return Evidence(title="Statistic", kind="statistic", file=file, **told, **fields)


def crowd(record: Recommendation, places: list[Institution]) -> None:
    """Make one record that of which everybody has much to say."""
    if record.updates.count() > CROWD:
        return
    now = timezone.now()
    said = {"state": "published", "text": "A law was passed, and two hundred people were trained. " * 4}
    updates = Update.objects.bulk_create(
        Update(institution=places[at % len(places)], published_at=now - timedelta(days=at), **said)
        for at in range(CROWD)
    )
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=one, recommendation=record) for one in updates
    )
    keep_last_updates([record.pk])
    shown = Evidence.objects.bulk_create(statistic(at, is_public=True) for at in range(CROWD // 5))
    EvidenceRecommendation.objects.bulk_create(
        EvidenceRecommendation(evidence=one, recommendation=record) for one in shown
    )
    through = Update.evidence.through
    through.objects.bulk_create(
        through(update=update, evidence=one) for update, one in zip(updates, shown, strict=False)
    )
    others = Action.objects.exclude(recommendations=record).order_by("pk")[: CROWD // 10]
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=one, recommendation=record) for one in others
    )
    supporting = Assignment.Part.SUPPORTING
    Assignment.objects.bulk_create(
        Assignment(recommendation=record, institution=one, part=supporting, since=TODAY - timedelta(days=400))
        for one in places[1:11]
    )


def measure_things(records: list[int], places: list[Institution], chance: random.Random) -> None:
    """An indicator for one record in ten, each with the values of six years."""
    made = Indicator.objects.bulk_create(
        Indicator(
            code=f"I-{next(numbers)}",
            name="Girls who finish school",
            kind=chance.choice(Indicator.Kind.values),
            unit="percent",
            custodian=chance.choice(places),
            next_due_on=TODAY + timedelta(days=chance.randrange(-100, 300)),
            is_published=chance.random() < 0.5,
        )
        for _number in range(len(records) // 10)
    )
    IndicatorRecommendation.objects.bulk_create(
        IndicatorRecommendation(indicator=one, recommendation_id=chance.choice(records)) for one in made
    )
    Measurement.objects.bulk_create(
        Measurement(
            indicator=one,
            start=date(year, 1, 1),
            end=date(year, 12, 31),
            value=chance.randrange(100),
        )
        for one in made
        for year in range(TODAY.year - 6, TODAY.year)
    )


def put_together(records: list[int], chance: random.Random) -> None:
    """A third of the records in clusters of five, each with an action and an update of its own."""
    there = [records[at : at + 5] for at in range(0, len(records) // 3, 5)]
    clusters = Cluster.objects.bulk_create(Cluster(name=f"Cluster {next(numbers)}") for _some in there)
    ClusterMember.objects.bulk_create(
        ClusterMember(cluster=cluster, recommendation_id=pk)
        for cluster, some in zip(clusters, there, strict=True)
        for pk in some
    )
    actions = list(Action.objects.order_by("-pk")[: len(records) // 10])
    updates = list(Update.objects.filter(state="published").order_by("-pk")[: len(records)])
    ActionCluster.objects.bulk_create(ActionCluster(cluster=one, action=chance.choice(actions)) for one in clusters)
    UpdateCluster.objects.bulk_create(UpdateCluster(cluster=one, update=chance.choice(updates)) for one in clusters)


def assess(records: list[int], chance: random.Random) -> None:
    """Each voice that speaks spoke twice."""
    grades = {(voice, common): grade(voice, common) for voice in Voice.values for common in Common.values}
    rows = []
    for pk in records:
        for voice, share in ASSESSED.items():
            if chance.randrange(100) < share:
                for is_latest, days in ((False, chance.randrange(400, 700)), (True, chance.randrange(400))):
                    common = chance.choice(Common.values)
                    rows.append(
                        Assessment(
                            recommendation_id=pk,
                            voice=voice,
                            grade=grades[voice, common],
                            common=common,
                            reason="As the statistics show.",
                            symbol="CCPR/C/1" if voice == Voice.MECHANISM else "",
                            date=TODAY - timedelta(days=days),
                            is_published=True,
                            is_latest=is_latest,
                        )
                    )
    Assessment.objects.bulk_create(rows, batch_size=2000)


def grade(voice: str, common: str) -> Grade:
    scale = Scale.objects.get_or_create(code=f"bench-{voice}", defaults={"name": voice, "voice": voice})[0]
    return Grade.objects.get_or_create(scale=scale, code=common, defaults={"label": common, "common": common})[0]


def ask(records: list[int], places: list[Institution]) -> None:
    """One round to everybody, asked a month ago and late by now; half of what is asked of each is answered."""
    due = TODAY - timedelta(days=10)
    made = InputRound.objects.create(title=f"Round {next(numbers)}", question="What was done?", due_on=due)
    requests = [InputRequest(round=made, institution=one, due_on=due) for one in places]
    InputRequest.objects.bulk_create(requests)
    now = timezone.now()
    made.requests.update(created_at=now - timedelta(days=30))

    def answered_at(at: int) -> datetime | None:
        turn = at // len(requests)
        return now - timedelta(days=turn % 25) if turn % 2 else None

    InputItem.objects.bulk_create(
        InputItem(request=requests[at % len(requests)], recommendation_id=pk, answered_at=answered_at(at))
        for at, pk in enumerate(records)
    )
