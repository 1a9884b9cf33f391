"""Follow-up grown for measuring: assignments, plans, updates, evidence, indicators, assessments, rounds, clusters.

10,000 recommendations get 100 institutions, 500 people, 3,000 actions, 100,000 updates and 20,000 pieces of evidence;
a third of the records are in clusters. Rows are inserted directly, because only reading is measured. Each piece of
evidence has a small file of its own, written by the product's storage; half of the pieces came with an update.
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
from servanda.recommendations.models import Cluster, ClusterMember, FollowUp, Recommendation
from servanda.sources.models import Obligation
from servanda.vocab.models import ObligationKind
from tests.make import phone

TODAY = date.today()
STATES = {"published": 80, "draft": 8, "submitted": 6, "validated": 6}
ASSESSED = {Voice.GOVERNMENT: 60, Voice.MECHANISM: 40, Voice.INDEPENDENT: 20}  # of a hundred records
MOST_UPDATES = 300  # on the record that has the most
numbers = count(1)


@dataclass(slots=True)
class FollowUpSample:
    coordinator: User
    focal_point: User
    institution: Institution
    record: Recommendation


def grow_follow_up(size: int) -> FollowUpSample:
    """Grow the follow-up of a register of `size` records; rows that exist already stay."""
    chance = random.Random(size)
    with transaction.atomic():
        institutions, people = grow_institutions(max(size // 100, 1)), grow_people(max(size // 20, 1))
        records = list(Recommendation.objects.filter(assignments=None).order_by("pk").values_list("pk", flat=True))
        assign(records, institutions, chance)
        plan(records, institutions, chance)
        add_updates(records, institutions, chance)
        add_clusters(records, chance)
        add_indicators(records, institutions, chance)
        assess(records, chance)
        open_round(records, institutions)
        assignment = Assignment.objects.filter(institution=institutions[0], part="lead").order_by("pk")[0]
        fill_record(assignment.recommendation, institutions)
        ask_for_replies(records)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    appoint(people, institutions)
    sample = FollowUpSample(coordinator(), people[0], institutions[0], assignment.recommendation)
    phone(sample.coordinator)
    phone(sample.focal_point)
    return sample


def ask_for_replies(records: list[int]) -> None:
    """On every fifth record a reply by a day, from a year ago to a year ahead; five records share an obligation."""
    asked = records[::5]
    body = Recommendation.objects.get(pk=asked[0]).body
    due = [
        Obligation(
            code=f"B-{next(numbers)}",
            body=body,
            kind=ObligationKind.FOLLOW_UP,
            due_on=TODAY + timedelta(days=place % 730 - 365),
            has_records=True,
        )
        for place in range(0, len(asked), 5)
    ]
    Obligation.objects.bulk_create(due)
    FollowUp.objects.bulk_create(
        FollowUp(recommendation_id=pk, kind=FollowUp.Kind.FOLLOW_UP, obligation=due[place // 5])
        for place, pk in enumerate(asked)
    )


def grow_institutions(number: int) -> list[Institution]:
    present = Institution.objects.count()
    new = [Institution(code=f"place-{index}", name=f"Ministry {index}") for index in range(present, number)]
    Institution.objects.bulk_create(new)
    return list(Institution.objects.order_by("pk"))


def grow_people(number: int) -> list[User]:
    present = User.objects.filter(role="").count()
    now = timezone.now()
    User.objects.bulk_create(
        User(email=f"person-{index}@example.org", name=f"Person {index}", accepted_at=now)
        for index in range(present, number)
    )
    return list(User.objects.filter(role="").order_by("pk"))


def appoint(people: list[User], institutions: list[Institution]) -> None:
    start = TODAY - timedelta(days=300)
    Appointment.objects.bulk_create(
        Appointment(
            person=person,
            institution=institutions[number % len(institutions)],
            function=appointment_function(number // len(institutions)),
            start=start,
        )
        for number, person in enumerate(people)
        if not person.current_appointments
    )


def appointment_function(turn: int) -> str:
    """Functions that are reminded; the first person of each institution is its principal."""
    return ["principal", "authority", "alternate"][turn % 3]


def coordinator() -> User:
    return User.objects.filter(role="coordinator").first() or User.objects.create_user(
        email="bench@example.org", name="Bench", role="coordinator"
    )


def assign(records: list[int], institutions: list[Institution], chance: random.Random) -> None:
    Assignment.objects.bulk_create(
        Assignment(
            recommendation_id=pk,
            institution=chance.choice(institutions),
            since=TODAY - timedelta(days=400),
            due_on=TODAY + timedelta(days=chance.randrange(-200, 400)),
        )
        for pk in records
        if chance.random() < 0.9
    )


def plan(records: list[int], institutions: list[Institution], chance: random.Random) -> None:
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
        ActionInstitution(action=action, institution=chance.choice(institutions)) for action in actions
    )
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=action, recommendation_id=pk)
        for action in actions
        for pk in chance.sample(records, 2)
    )


def add_updates(records: list[int], institutions: list[Institution], chance: random.Random) -> None:
    """Ten updates for each record over three years; one in five is about two records."""
    now = timezone.now()
    for begin in range(0, len(records), 1000):
        chunk, updates = records[begin : begin + 1000], []
        for _number in range(len(chunk) * 10):
            state = chance.choices(list(STATES), STATES.values())[0]
            time = now - timedelta(days=chance.randrange(1100))
            published = time if state == "published" else None
            institution = chance.choice(institutions)
            text = "A law was passed, and two hundred people were trained. " * 4
            updates.append(Update(institution=institution, state=state, text=text, published_at=published))
        Update.objects.bulk_create(updates)
        covered_records = chunk[: len(chunk) * 9 // 10]  # the rest never get an update
        pairs = {
            (update.pk, chance.choice(covered_records))
            for update in updates
            for _time in range(1 + (update.pk % 5 == 0))
        }
        UpdateRecommendation.objects.bulk_create(
            UpdateRecommendation(update_id=update, recommendation_id=pk) for update, pk in sorted(pairs)
        )
        keep_last_updates(covered_records)
        add_evidence(chunk, sorted(pairs), updates, chance)


def add_evidence(
    record_pks: list[int], pairs: list[tuple[int, int]], updates: list[Update], chance: random.Random
) -> None:
    """Two pieces of evidence for each record, every second one with an update."""
    by_pk = {update.pk: update for update in updates}
    evidence, evidence_records, update_pks = [], [], []
    for number in range(len(record_pks) * 2):
        update_pk, record_pk = chance.choice(pairs) if number % 2 else (0, chance.choice(record_pks))
        update = by_pk.get(update_pk)
        piece = statistic(number, institution_id=update.institution_id if update else None)
        piece.is_submitted = update is None or update.state != Update.State.DRAFT
        piece.is_public = chance.random() < 0.5
        evidence.append(piece)
        evidence_records.append(record_pk)
        update_pks.append(update_pk)
    Evidence.objects.bulk_create(evidence)
    EvidenceRecommendation.objects.bulk_create(
        EvidenceRecommendation(evidence=piece, recommendation_id=pk)
        for piece, pk in zip(evidence, evidence_records, strict=True)
    )
    through = Update.evidence.through
    through.objects.bulk_create(
        through(update_id=update_pk, evidence=piece)
        for piece, update_pk in zip(evidence, update_pks, strict=True)
        if update_pk
    )


def statistic(number: int, **fields) -> Evidence:
    """Evidence with a CSV file of a few hundred bytes, which is written when the row is saved."""
    lines = "".join(f"{year},{(number * 7 + year) % 1000}\n" for year in range(1990, 2026))
    content = f"Year,Girls in school\n{lines}".encode()
    file = ContentFile(content, name=f"school-{number}.csv")
    description = {"name": file.name, "size": len(content), "mime": "text/csv", "sha256": sha256(content).hexdigest()}
    return Evidence(title="Statistic", kind="statistic", file=file, **description, **fields)


def fill_record(record: Recommendation, institutions: list[Institution]) -> None:
    """Give one record very many updates, pieces of evidence and actions, and ten supporting institutions."""
    if record.updates.count() > MOST_UPDATES:
        return
    now = timezone.now()
    fields = {"state": "published", "text": "A law was passed, and two hundred people were trained. " * 4}
    updates = Update.objects.bulk_create(
        Update(
            institution=institutions[number % len(institutions)], published_at=now - timedelta(days=number), **fields
        )
        for number in range(MOST_UPDATES)
    )
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation=record) for update in updates
    )
    keep_last_updates([record.pk])
    evidence = Evidence.objects.bulk_create(statistic(number, is_public=True) for number in range(MOST_UPDATES // 5))
    EvidenceRecommendation.objects.bulk_create(
        EvidenceRecommendation(evidence=piece, recommendation=record) for piece in evidence
    )
    through = Update.evidence.through
    through.objects.bulk_create(
        through(update=update, evidence=piece) for update, piece in zip(updates, evidence, strict=False)
    )
    others = Action.objects.exclude(recommendations=record).order_by("pk")[: MOST_UPDATES // 10]
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=action, recommendation=record) for action in others
    )
    supporting = Assignment.Part.SUPPORTING
    Assignment.objects.bulk_create(
        Assignment(recommendation=record, institution=institution, part=supporting, since=TODAY - timedelta(days=400))
        for institution in institutions[1:11]
    )


def add_indicators(records: list[int], institutions: list[Institution], chance: random.Random) -> None:
    """An indicator for one record in ten, each with the values of six years."""
    indicators = Indicator.objects.bulk_create(
        Indicator(
            code=f"I-{next(numbers)}",
            name="Girls who finish school",
            kind=chance.choice(Indicator.Kind.values),
            unit="percent",
            custodian=chance.choice(institutions),
            next_due_on=TODAY + timedelta(days=chance.randrange(-100, 300)),
            is_published=chance.random() < 0.5,
        )
        for _number in range(len(records) // 10)
    )
    IndicatorRecommendation.objects.bulk_create(
        IndicatorRecommendation(indicator=indicator, recommendation_id=chance.choice(records))
        for indicator in indicators
    )
    Measurement.objects.bulk_create(
        Measurement(
            indicator=indicator,
            start=date(year, 1, 1),
            end=date(year, 12, 31),
            value=chance.randrange(100),
        )
        for indicator in indicators
        for year in range(TODAY.year - 6, TODAY.year)
    )


def add_clusters(records: list[int], chance: random.Random) -> None:
    """A third of the records in clusters of five, each with an action and an update of its own."""
    groups = [records[begin : begin + 5] for begin in range(0, len(records) // 3, 5)]
    clusters = Cluster.objects.bulk_create(Cluster(name=f"Cluster {next(numbers)}") for _some in groups)
    ClusterMember.objects.bulk_create(
        ClusterMember(cluster=cluster, recommendation_id=pk)
        for cluster, group in zip(clusters, groups, strict=True)
        for pk in group
    )
    actions = list(Action.objects.order_by("-pk")[: len(records) // 10])
    updates = list(Update.objects.filter(state="published").order_by("-pk")[: len(records)])
    ActionCluster.objects.bulk_create(
        ActionCluster(cluster=cluster, action=chance.choice(actions)) for cluster in clusters
    )
    UpdateCluster.objects.bulk_create(
        UpdateCluster(cluster=cluster, update=chance.choice(updates)) for cluster in clusters
    )


def assess(records: list[int], chance: random.Random) -> None:
    """Each voice that assesses a record has an earlier and a latest assessment of it."""
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
                            published_at=timezone.now(),
                            is_latest=is_latest,
                        )
                    )
    Assessment.objects.bulk_create(rows, batch_size=2000)


def grade(voice: str, common: str) -> Grade:
    scale = Scale.objects.get_or_create(code=f"bench-{voice}", defaults={"name": voice, "voice": voice})[0]
    return Grade.objects.get_or_create(scale=scale, code=common, defaults={"label": common, "common": common})[0]


def open_round(records: list[int], institutions: list[Institution]) -> None:
    """One round to all institutions, opened a month ago and overdue; half of the items of each are answered."""
    due = TODAY - timedelta(days=10)
    input_round = InputRound.objects.create(title=f"Round {next(numbers)}", question="What was done?", due_on=due)
    requests = [InputRequest(round=input_round, institution=institution, due_on=due) for institution in institutions]
    InputRequest.objects.bulk_create(requests)
    now = timezone.now()
    input_round.requests.update(created_at=now - timedelta(days=30))

    def answered_at(number: int) -> datetime | None:
        turn = number // len(requests)
        return now - timedelta(days=turn % 25) if turn % 2 else None

    InputItem.objects.bulk_create(
        InputItem(request=requests[number % len(requests)], recommendation_id=pk, answered_at=answered_at(number))
        for number, pk in enumerate(records)
    )
