"""The obligations that requested follow-up of records refers to: found or made for each document and day, moved when
a record becomes more or less confidential, and ended with the last request."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from servanda.intake.models import Batch, hidden_batches
from servanda.people.models import User
from servanda.recommendations.models import FollowUp, Recommendation, RecordObligation
from servanda.sources.models import Obligation, ObligationQuerySet, Submission
from servanda.sources.obligations.for_records import (
    DueForRecords,
    copy_for_records,
    kind_of_follow_up,
    make_for_records,
    release_from_records,
    same_obligations,
    use_for_records,
)

Kind = FollowUp.Kind


def due_for(
    record: Recommendation, *, kind: str, due_on: date | None, words: str = "", document_id: int | None = None
) -> DueForRecords:
    is_dissemination = kind == Kind.DISSEMINATION
    return DueForRecords(
        body_id=record.body_id,
        document_id=document_id or record.document_id,
        kind=kind_of_follow_up(is_dissemination=is_dissemination),
        title=str(Kind.DISSEMINATION.label) if is_dissemination else "",
        due_on=due_on,
        words=words,
        confidentiality=record.confidentiality,
    )


def obligation_for(
    record: Recommendation,
    *,
    kind: str,
    due_on: date | None,
    words: str = "",
    by: User | None,
    batch: Batch | None = None,
) -> Obligation | None:
    """The obligation of such a request: an unfinished one of the same document and day, or a new one. None for a
    dissemination without a day, which is due to no one."""
    if kind == Kind.DISSEMINATION and due_on is None:
        return None
    due = due_for(record, kind=kind, due_on=due_on, words=words)
    candidates = same_obligations(due).unfinished()
    if due.is_of_one_record:
        candidates = of_record(candidates, record)
    hidden = Batch.objects.hidden()
    hidden = hidden.exclude(pk=batch.pk) if batch else hidden
    if found := candidates.exclude(added_by__in=hidden.values("pk")).first():
        use_for_records(found, by=by)
        return found
    return make_for_records(due, by=by, batch=batch)


def of_record(obligations: ObligationQuerySet, record: Recommendation) -> ObligationQuerySet:
    """Obligations of requests of this record and of no other."""
    own = FollowUp.objects.filter(recommendation=record).order_by().values("obligation")
    others = FollowUp.objects.current().exclude(recommendation=record).exclude(obligation=None).order_by()
    return obligations.filter(pk__in=own).exclude(pk__in=others.values("obligation"))


def release(pks: Iterable[int | None], *, by: User | None) -> None:
    """End obligations to which no current request refers any more, and into which no record was turned."""
    current = FollowUp.objects.current().exclude(obligation=None).order_by().values("obligation")
    turned = RecordObligation.objects.current().order_by().values("obligation")
    unused = Obligation.objects.filter(pk__in=[pk for pk in pks if pk], has_records=True)
    unused = unused.exclude(pk__in=current).exclude(pk__in=turned)
    for obligation in unused.select_for_update().order_by("pk"):
        release_from_records(obligation, by=by)


def retain(pks: Iterable[int | None], *, by: User | None) -> None:
    """Restore obligations to which current requests refer again."""
    current = FollowUp.objects.current().exclude(obligation=None).order_by().values("obligation")
    used = Obligation.objects.filter(pk__in=[pk for pk in pks if pk], has_records=False).filter(pk__in=current)
    for obligation in used.select_for_update().order_by("pk"):
        use_for_records(obligation, by=by)


def regroup(pks: Iterable[int], *, by: User | None, is_moved: bool = False) -> None:
    """Give the requests of these records obligations that are as confidential as they are; if the records are moved
    to another document, those of that document. Nothing is lost: a reply stays with each."""
    rows = FollowUp.objects.current().filter(recommendation__in=list(pks)).exclude(obligation=None)
    for row in rows.select_related("recommendation", "obligation").order_by("pk"):
        if is_moved or is_misplaced(row):
            before = row.obligation_id
            row.obligation = place_of(row, by=by)
            row.save(update_fields=["obligation"])
            release([before], by=by)


def is_misplaced(row: FollowUp) -> bool:
    obligation, record = row.obligation, row.recommendation
    if obligation is None or obligation.confidentiality != record.confidentiality:
        return obligation is not None
    if not record.is_restricted:
        return False
    others = FollowUp.objects.current().exclude(recommendation=record)
    return others.filter(obligation=obligation).exists()


def place_of(row: FollowUp, *, by: User | None) -> Obligation:
    """The obligation with the same day, state and reply for records as confidential as this one."""
    record, present = row.recommendation, row.obligation
    if present is None:
        raise ValueError("a request without an obligation has no place")
    due = due_for(record, kind=row.kind, due_on=present.due_on)
    candidates = with_withdrawn(due).exclude(pk=present.pk)
    proof = Submission.objects.filter(obligation=present).first()
    if proof:
        candidates = candidates.filter(
            submission__submitted_on=proof.submitted_on, submission__reply=proof.reply, state=present.state
        )
    elif present.state in Obligation.UNFINISHED:
        candidates = candidates.filter(state__in=Obligation.UNFINISHED)
    else:
        candidates = candidates.filter(state=present.state, submission=None)
    if due.is_of_one_record:
        candidates = of_record(candidates, record)
    if found := candidates.exclude(added_by__in=hidden_batches()).first():
        use_for_records(found, by=by)
        return found
    copy = copy_for_records(present, confidentiality=record.confidentiality, by=by)
    if copy.document_id != record.document_id:
        Obligation.objects.filter(pk=copy.pk).update(document=record.document_id)
    return copy


def with_withdrawn(due: DueForRecords) -> ObligationQuerySet:
    """Matching obligations, including those withdrawn with their last record."""
    ended = Obligation.objects.filter(
        body=due.body_id,
        document=due.document_id,
        kind=due.kind,
        due_on=due.due_on,
        confidentiality=due.confidentiality,
        is_made_for_records=True,
        has_records=False,
    )
    return (same_obligations(due) | ended).order_by("-has_records", "pk")


def join_same(batch: Batch) -> None:
    """Where an applied document states in a paragraph of its own what its records refer to, there is one obligation:
    the records take their day from that of the paragraph."""
    made = Obligation.objects.filter(added_by=batch, is_made_for_records=True)
    for obligation in made.order_by("pk"):
        due = DueForRecords(
            body_id=obligation.body_id,
            document_id=obligation.document_id,
            kind=obligation.kind,
            due_on=obligation.due_on,
            confidentiality=obligation.confidentiality,
        )
        others = same_obligations(due).live().unfinished().filter(is_made_for_records=False)
        if not due.is_of_one_record and (other := others.first()):
            FollowUp.objects.filter(obligation=obligation).update(obligation=other)
            use_for_records(other, by=batch.created_by)
            obligation.delete()


def obligations_of(rows: QuerySet[FollowUp]) -> list[int]:
    return list(rows.exclude(obligation=None).order_by().values_list("obligation", flat=True).distinct())


def hand_over(batch: Batch) -> None:
    """Obligations that an import had added pass to the origin of other requests that refer to them."""
    others = FollowUp.objects.exclude(added_by=batch).filter(obligation__added_by=batch).order_by("-pk")
    for row in others:
        Obligation.objects.filter(pk=row.obligation_id or 0).update(added_by=row.added_by_id)
