"""One of everything that an address can name."""

from dataclasses import dataclass
from datetime import date

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.utils import timezone

from servanda.exchange.models import Received
from servanda.intake.models import Batch, FurtherSheet, MappedColumn, SenderMapping
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.people.access_keys.services import digest_of
from servanda.people.invitations.services import Invited, invite_person
from servanda.people.models import ApiToken, Appointment, HandOver, Institution, Notification, User
from servanda.planning.models import ActionCluster, Assignment, PositionProposal
from servanda.proceedings.cases.measure_sheet import SHAPE as MEASURE_SHEET
from servanda.progress.models import AnswerSheet, Evidence, InputRequest, Update, UpdateCluster
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.models import (
    Cluster,
    ClusterMember,
    FollowUp,
    Likeness,
    Link,
    Note,
    Position,
    Recommendation,
    RecordObligation,
    RejectedProposal,
    SavedView,
    Tagging,
    TextVersion,
)
from servanda.sources.models import DocumentReading, Question, ReadUnit, Reservation
from servanda.vocab.models import Body, ObligationRule, Taxonomy, Term
from tests import exchange_make, make, measures_make, progress_make, rounds_make, treaties_make
from tests.actions_make import Planned, planned
from tests.assessing_make import Voiced, voiced
from tests.consulting_make import Consulted, consulted
from tests.house.kinds import NAMED, place
from tests.indicator_make import Counted, counted
from tests.network_make import Networked, networked
from tests.obligation_make import Owed, owed, turned
from tests.proceedings_make import Communicated, communicated
from tests.questions_make import question
from tests.reports_make import Reported, Templates, reported, templates
from tests.suggesting_make import Suggested, suggested

FILE = "Text,State\nProtect the rights of every person.,SVN\n"


@dataclass(slots=True)
class Scene:
    """One of everything that an address can name; all of it may be seen by everyone at the desk."""

    record: Recommendation
    measure: Recommendation
    text: TextVersion
    label: Tagging
    former_label: Tagging
    follow_up: FollowUp
    former_follow_up: FollowUp
    replied: FollowUp
    draft: Position
    note: Note
    link: Link
    likeness: Likeness
    cluster: Cluster
    rejected: RejectedProposal
    withdrawn: Recommendation
    merged: Recommendation
    sheet: Batch
    unit: ReadUnit
    people_sheet: Batch
    change: Batch
    assignment: Assignment
    planned: Planned
    voices: Voiced
    asked: InputRequest
    answers: AnswerSheet
    counted: Counted
    owed: Owed
    turned: RecordObligation
    question: Question
    proposal: PositionProposal
    update: Update
    evidence: Evidence
    view: SavedView
    token: ApiToken
    person: User
    invited: Invited
    session: UserSession
    ministry: Institution
    appointment: Appointment
    hand_over: HandOver
    body: Body
    rule: ObligationRule
    reservation: Reservation
    treaty_sheet: Batch
    question_sheet: Batch
    measure_sheet: Batch
    taxonomy: Taxonomy
    term: Term
    notification: Notification
    suggested: Suggested
    communicated: Communicated
    templates: Templates
    reported: Reported
    consulted: Consulted
    network: Networked
    received: Received


def set_scene(owner: User | None = None) -> Scene:
    """Rows for every address; the saved list is that of the person who will knock."""
    by = make.user("coordinator")
    record, other = make.recommendation(), make.recommendation()
    withdrawn = make.recommendation(withdrawn_at=timezone.now(), withdrawn_reason="Printed twice.")
    merged = make.recommendation(merged_into=other)
    Batch.objects.create(shape="merge", name=merged.code, state=Batch.State.APPLIED, created_by=by)
    term = make.term("Health", taxonomy="national-plan")
    change = bulk.start_bulk(change=Change("unpublish"), records=Recommendation.objects.filter(pk=other.pk), by=by)
    scene = Scene(
        record=record,
        measure=measures_make.ordered(amount=20_000, currency="EUR", due_on=date(2026, 2, 1)),
        text=TextVersion.objects.create(recommendation=record, language="fr", text="Protéger les droits."),
        label=Tagging.objects.create(recommendation=record, term=term, origin="machine", confidence=0.6),
        former_label=Tagging.objects.create(
            recommendation=record, term=make.term("Housing", taxonomy="national-plan"), ended_at=timezone.now()
        ),
        follow_up=make.follow_up(record, words="within one year", said_by=by),
        replied=make.follow_up(record, due_on="2024-03-01", replied_on="2024-02-01", reply="CRC/C/1"),
        former_follow_up=make.follow_up(record, "dissemination", ended_at=timezone.now()),
        draft=Position.objects.create(recommendation=record, stand="noted", is_draft=True),
        note=Note.objects.create(recommendation=record, author=by, text="Ask the ministry."),
        link=Link.objects.create(from_recommendation=record, to_recommendation=other, relation="repeats"),
        likeness=Likeness.objects.create(one=record, other=other, relation="same", cosine=0.97),
        cluster=clustered(record),
        rejected=rejected_proposal(record, other, by),
        withdrawn=withdrawn,
        merged=merged,
        sheet=sent_sheet(by),
        unit=read_unit(by),
        people_sheet=Batch.objects.create(shape=PEOPLE_SHEET, name="people.csv", created_by=by, sha256="1" * 64),
        change=change,
        asked=(input_request := rounds_make.request(place(NAMED), [record], due_on=date(2026, 1, 31))),
        answers=rounds_make.answer_sheet(input_request, by),
        assignment=make.assignment(record, make.institution("ministry"), assigned_by=by),
        planned=planned(record, place(NAMED), by),
        voices=voiced(record, by, owner),
        counted=counted(record, by, owner or by),
        owed=owed(place(NAMED), by),
        turned=turned(by),
        question=question("What is done against trafficking in persons?", place(NAMED)),
        proposal=make.proposal(record, make.institution(NAMED), proposed_by=by),
        update=(
            update := progress_make.update(record, make.institution("ministry"), state="published", written_by=by)
        ),
        evidence=progress_make.evidence(update, by, is_public=True),
        view=SavedView.objects.create(owner=owner or by, name="Mine", query="?kind=pledge"),
        token=ApiToken.objects.get(digest=digest_of(make.token(owner or by))),
        session=UserSession.objects.create(user=owner or by, ip="192.0.2.1", session_key="elsewhere"),
        person=make.user(),
        invited=invite_person(email="invited@example.org", name="Invited", by=by),
        ministry=(ministry := make.institution("ministry")),
        appointment=make.appointment(make.user(), ministry, "alternate", end=date(2099, 12, 31)),
        hand_over=HandOver.objects.create(
            appointment=make.appointment(make.user(), ministry, end=date(2026, 2, 1)), to=owner or by
        ),
        body=make.body("ACERWC", "monitoring"),
        rule=make.rule("annual-letter"),
        reservation=treaties_make.reservation(treaties_make.treaty("CEDAW")),
        treaty_sheet=Batch.objects.create(shape="treaties", name="treaties.csv", created_by=by, sha256="3" * 64),
        question_sheet=Batch.objects.create(shape="questions", name="questions.csv", created_by=by, sha256="5" * 64),
        measure_sheet=Batch.objects.create(shape=MEASURE_SHEET, name="measures.csv", created_by=by, sha256="4" * 64),
        taxonomy=term.taxonomy,
        term=term,
        notification=Notification.objects.create(
            person=owner or by,
            kind=Notification.Kind.ROLE_CHANGED,
            object_type="people.user",
            object_id=(owner or by).pk,
            created_at=timezone.now(),
        ),
        suggested=suggested(record),
        communicated=communicated(place(NAMED), by),
        templates=templates(by),
        reported=reported(place(NAMED), by, owner),
        consulted=consulted(by, owner),
        network=networked(by, record, owner or by),
        received=exchange_make.received(by),
    )
    ActionCluster.objects.create(action=scene.planned.action, cluster=scene.cluster, added_by=by)
    treaties_make.linked(record, scene.reservation.status.instrument, scene.reservation, by)
    UpdateCluster.objects.create(update=scene.update, cluster=scene.cluster, added_by=by)
    return scene


PAGE = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 50 50] >> endobj
trailer << /Size 4 /Root 1 0 R >>
%%EOF
"""


def read_unit(by: User) -> ReadUnit:
    """The second of two units of a document, so that it can be joined with the one above."""
    batch = Batch(shape="document", name="observations.pdf", created_by=by, sha256="2" * 64)
    batch.file.save(f"{batch.key}/observations.pdf", ContentFile(PAGE), save=False)
    batch.save()
    reading = DocumentReading.objects.create(batch=batch, family="concluding-observations", pages=1)
    ReadUnit.objects.create(reading=reading, place=1, number="1", kind="concern", text="The first.", page=1)
    return ReadUnit.objects.create(reading=reading, place=2, number="2", kind="recommendation", text="Act.", page=1)


def clustered(record: Recommendation) -> Cluster:
    cluster = Cluster.objects.create(name="Health of everybody")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    return cluster


def rejected_proposal(record: Recommendation, other: Recommendation, by: User) -> RejectedProposal:
    rejected = RejectedProposal.objects.create(name="Health and housing", rejected_by=by)
    rejected.records.set([record, other])
    return rejected


def sent_sheet(by: User) -> Batch:
    batch = Batch(shape="sheet", name="list.csv", state=Batch.State.PREVIEWED, created_by=by, sha256="0" * 64)
    batch.file.save(f"{batch.key}/list.csv", ContentFile(FILE), save=False)
    batch.save()
    mapping = SenderMapping.objects.create(sender="Ministry", sheet="Actions")
    MappedColumn.objects.create(mapping=mapping, field="text", header="Text")
    FurtherSheet.objects.create(batch=batch, position=1, sheet="Actions", mapping=mapping)
    return batch
