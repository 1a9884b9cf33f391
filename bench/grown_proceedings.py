"""Twenty years of letters and cases: each has its deadline and a step of each institution that it names.

Every case has five measures, which are records of the register.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from django.db import models
from django.utils import timezone

from servanda.people.models import Institution
from servanda.proceedings.models import CaseFacts, CaseMeasure, NamedInstitution, Proceeding
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.sources.models import Obligation, ObligationStep
from servanda.vocab.models import Body, Certainty, Force
from tests import make

CASE = "case-european"
DAYS, MEASURES, AT_ONCE = 20 * 365, 5, 500
CLOSED_AFTER = 400  # days
REPLY = timedelta(days=60)


def grow_proceedings(communications: int, cases: int, institutions: Sequence[Institution]) -> None:
    chance, today = random.Random(21), timezone.localdate()
    senders = [make.body(f"SR Bench {number}", Body.Kind.SPECIAL_PROCEDURE) for number in range(40)]
    courts = [make.body("ECtHR-CM", Body.Kind.COURT)]
    dated = [today - timedelta(days=chance.randrange(DAYS)) for _number in range(communications + cases)]
    letters = (letter(number, day, chance, today) for number, day in enumerate(dated[:communications]))
    judgments = (judgment(number, day, today) for number, day in enumerate(dated[communications:]))
    add_with_deadlines(letters, senders, chance, institutions)
    add_with_deadlines(judgments, courts, chance, institutions)
    add_measures(chance)


def letter(number: int, sent_on: date, chance: random.Random, today: date) -> Proceeding:
    is_closed = (today - sent_on).days > CLOSED_AFTER
    return Proceeding(
        kind="communication",
        sort=chance.choice(["allegation", "urgent"]),
        reference=f"AL BEN {number}/{sent_on.year}",
        title=f"Alleged conditions of detention, number {number}",
        sent_on=sent_on,
        received_on=sent_on + timedelta(days=3),
        due_on=sent_on + REPLY,
        due_from=Proceeding.DueFrom.RULE,
        step="closed" if is_closed else "shared",
        replied_on=sent_on + REPLY if is_closed else None,
        alleges_reprisals=number % 50 == 0,
    )


def judgment(number: int, sent_on: date, today: date) -> Proceeding:
    is_closed = (today - sent_on).days > 10 * CLOSED_AFTER
    return Proceeding(
        kind=CASE,
        sort="judgment",
        reference=f"{10_000 + number}/{sent_on.year % 100:02}",
        title=f"Invented v. the State, number {number}",
        received_on=sent_on,
        due_on=sent_on + 3 * REPLY,
        due_from=Proceeding.DueFrom.RULE,
        step="closed" if is_closed else "final",
    )


def add_with_deadlines(
    rows: Iterator[Proceeding], bodies: Sequence[Body], chance: random.Random, institutions: Sequence[Institution]
) -> None:
    while batch := list(islice(rows, AT_ONCE)):
        owed = Obligation.objects.bulk_create(deadline(row, chance.choice(bodies)) for row in batch)
        for row, obligation in zip(batch, owed, strict=True):
            row.obligation = obligation
        Proceeding.objects.bulk_create(batch)
        named = [(row, place) for row in batch for place in chance.sample(institutions, min(3, len(institutions)))]
        NamedInstitution.objects.bulk_create(
            NamedInstitution(proceeding=row, institution=place, due_on=row.due_on) for row, place in named
        )
        ObligationStep.objects.bulk_create(
            ObligationStep(
                obligation=row.obligation,
                title=f"{row.reference} · {place.code}",
                institution=place,
                due_on=row.due_on,
                done_on=row.replied_on,
            )
            for row, place in named
        )
        sent_by: type[models.Model] = Proceeding.bodies.through
        sent_by.objects.bulk_create(sent_by(proceeding=row, body=row.obligation.body) for row in batch)
        CaseFacts.objects.bulk_create(CaseFacts(proceeding=row) for row in batch if row.kind == CASE)


def deadline(of: Proceeding, body: Body) -> Obligation:
    """As `follow_proceeding` would write it."""
    return Obligation(
        code=f"C-{of.key.hex[:10].upper()}",
        body=body,
        is_derived=True,
        kind="reply" if of.kind == "communication" else "compliance",
        title=of.reference,
        clock_on=of.sent_on,
        due_on=of.due_on,
        certainty=Certainty.FIXED,
        day_from=Obligation.DayFrom.RULE,
        force=Force.REQUESTED,
        state=Obligation.State.CLOSED if of.is_closed else Obligation.State.IN_PREPARATION,
        confidentiality=Obligation.Confidentiality.RESTRICTED,
    )


def add_measures(chance: random.Random) -> None:
    """Half of them are public; the others are restricted to the institutions that their case names."""
    cases = list(Proceeding.objects.filter(kind=CASE).select_related("obligation__body"))
    records = Recommendation.objects.bulk_create(
        (measure(case, number, chance) for case in cases for number in range(MEASURES)), batch_size=AT_ONCE
    )
    of_records = [case for case in cases for _number in range(MEASURES)]
    CaseMeasure.objects.bulk_create(
        (
            CaseMeasure(proceeding=case, recommendation=record)
            for case, record in zip(of_records, records, strict=True)
        ),
        batch_size=AT_ONCE,
    )
    TextVersion.objects.bulk_create(
        (
            TextVersion(recommendation=record, language="en", text=f"Pay {record.pk} euros.", is_original=True)
            for record in records
        ),
        batch_size=AT_ONCE,
    )
    restrict([(case, record) for case, record in zip(of_records, records, strict=True) if not record.is_published])
    reindex([record.pk for record in records])


def measure(case: Proceeding, number: int, chance: random.Random) -> Recommendation:
    is_public = chance.random() < 1 / 2
    code = f"M-{case.pk}-{number}"
    return Recommendation(
        code=code,
        code_stem=code,
        order_key=code,
        kind=Recommendation.Kind.MEASURE,
        body=case.obligation.body,
        paragraph=str(number),
        date=case.received_on,
        year=case.received_on.year,
        language="en",
        confidentiality="public" if is_public else "restricted",
        is_published=is_public,
    )


def restrict(rows: Sequence[tuple[Proceeding, Recommendation]]) -> None:
    places: dict[int, list[int]] = {}
    for proceeding, institution in NamedInstitution.objects.values_list("proceeding", "institution"):
        places.setdefault(proceeding, []).append(institution)
    access: type[models.Model] = Recommendation.restricted_to.through
    access.objects.bulk_create(
        (
            access(recommendation=record, institution_id=place)
            for case, record in rows
            for place in places.get(case.pk, [])
        ),
        batch_size=AT_ONCE,
    )
