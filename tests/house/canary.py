"""One odd word for each kind of thing that is not for everyone, set wherever such a thing can be written down."""

import json

from django.utils import timezone

from servanda.intake.models import Batch, MappedColumn, Remark, SenderMapping, StagedRow
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.models import Voice
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import (
    Cluster,
    ClusterMember,
    Likeness,
    Link,
    Recommendation,
    RejectedProposal,
    Tagging,
    TextVersion,
    WaitingAnswer,
)
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make
from tests.house.canary_people import hide_people
from tests.house.canary_questions import hide_obligations, hide_questions
from tests.house.canary_records import STATES, hide, hide_around
from tests.house.canary_words import BROUGHT, CONTACT, DEED, Canary, batch
from tests.house.scene import set_scene


def hide_in_the_house(canary: Canary, by: User) -> None:
    """What belongs to no record and to no person."""
    row = {"number": 1, "verdict": "new", "code": "SVN-1"}
    for shape, word, kept in (("sheet", BROUGHT, canary.batches), (PEOPLE_SHEET, CONTACT, canary.sheets)):
        sheet = batch(Batch.State.PREVIEWED)
        Batch.objects.filter(pk=sheet.pk).update(shape=shape, created_by=by)
        step = {"thing": "person", "pk": by.pk, "is_new": False, "fields": {"phone": ["", word]}}
        data = dict.fromkeys(["where", "summary", "reason"], word) | {"difference": json.dumps([step])}
        StagedRow.objects.create(batch=sheet, **row, **data)
        told = dict.fromkeys(["message", "name", "places"], word)
        Remark.objects.create(batch=sheet, field="country", is_fatal=True, rows=1, **told)
        Event.record("import-received", sheet, by=by, difference={"name": DEED})
        kept.append(sheet)
    common = {"symbol": "A/HRC/59/15", **dict.fromkeys(["words", "comment", "digest", "where", "raw"], BROUGHT)}
    WaitingAnswer.objects.create(**common, paragraph=BROUGHT, stand="noted", said_in=BROUGHT)
    MappedColumn.objects.create(
        mapping=SenderMapping.objects.create(sender=BROUGHT), field="text", header=BROUGHT, constant=BROUGHT
    )
    Event.record("restore-accepted", label=DEED)


def set_canary(owner: User | None = None) -> Canary:
    by = make.user(Role.COORDINATOR, name="Cora Coordinator", email=f"cora@{CONTACT}.org", phone=CONTACT)
    canary = Canary(set_scene(owner), [hide(state) for state in STATES])
    canary.asked, record = canary.hidden, canary.scene.record
    for hidden in canary.hidden:
        Link.objects.create(from_recommendation=record, to_recommendation=hidden, relation="repeats")
        Link.objects.create(from_recommendation=hidden, to_recommendation=record, relation="follows-up")
    put_together(canary)
    hide_around(record, by)
    canary.owed = hide_obligations()
    canary.questions = hide_questions()
    hide_people(canary, by)
    hide_in_the_house(canary, by)
    Tagging.objects.create(recommendation=record, term=make.term(), origin="person", said_by=canary.people[0])
    made.assessment(record, "started", Voice.INDEPENDENT, made_by=canary.people[0])
    made.contribution(record, contributor=canary.people[0], state="accepted", answered_at=timezone.now())
    TextVersion.objects.create(recommendation=record, language="es", text="Proteger.", reviewed_by=canary.people[0])
    reindex(Recommendation.objects.values_list("pk", flat=True))
    return canary


def put_together(canary: Canary) -> None:
    """What is hidden is like what everyone sees, and in one cluster with it."""
    record, cluster = canary.scene.record, canary.scene.cluster
    Cluster.objects.filter(pk=cluster.pk).update(name=DEED)
    RejectedProposal.objects.filter(pk=canary.scene.rejected.pk).update(name=DEED)
    for hidden in canary.hidden:
        ClusterMember.objects.create(cluster=cluster, recommendation=hidden)
        canary.scene.rejected.records.add(hidden)
        first, second = sorted((record.pk, hidden.pk))
        Likeness.objects.create(one_id=first, other_id=second, relation="twin", cosine=0.9)
