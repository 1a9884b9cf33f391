"""Obligations from which records of the register take the day and the reply of a requested follow-up: one for each
document, day and confidentiality."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.people.versioning import attribute, save_version
from servanda.sources.models import Obligation, ObligationQuerySet, Submission
from servanda.sources.obligations.values import Confidentiality, DayFrom, next_code
from servanda.trail.models import Event
from servanda.vocab.models import Certainty, Force, ObligationKind, ObligationRule

# What a copy for records of another confidentiality has in common with the obligation.
COPIED = (
    *("body_id", "instrument_id", "kind", "title", "rule_id", "review_id", "document_id", "paragraph", "words"),
    *("clock_on", "due_on", "certainty", "day_from", "force", "word_limit", "state", "state_reason"),
    "is_past_at_entry",
)
PROOF = (
    *("submitted_on", "note_verbale", "channel", "mission", "acknowledged_on", "reply", "language", "words"),
    *("annexes", "state_before"),
)


@dataclass(slots=True, frozen=True, kw_only=True)
class DueForRecords:
    """What one document asks for by one day, for records of one confidentiality."""

    body_id: int
    document_id: int | None
    kind: str
    due_on: date | None
    confidentiality: str
    title: str = ""
    words: str = ""

    @property
    def is_of_one_record(self) -> bool:
        """Restricted records share nothing that a change of another one would alter; without a document and a day,
        nothing shows that two requests are the same."""
        is_restricted = self.confidentiality == Confidentiality.RESTRICTED
        return is_restricted or (self.document_id is None and self.due_on is None)


def same_obligations(due: DueForRecords) -> ObligationQuerySet:
    """Obligations that are the same thing: from the same document, or entered without one for the same day."""
    is_from_there = Q(document=due.document_id)
    if due.due_on is not None:
        is_from_there |= Q(document=None)
    rows = Obligation.objects.filter(
        is_from_there,
        body=due.body_id,
        kind=due.kind,
        due_on=due.due_on,
        confidentiality=due.confidentiality,
        is_derived=False,
        withdrawn_at=None,
    )
    return rows.order_by("is_made_for_records", "pk")


def rule_of(body_id: int, kind: str) -> ObligationRule | None:
    """The rule of the body on the same thing, for its force and word limit; a document's day outranks its day. All
    bodies share that of the common core document."""
    body = None if kind == ObligationKind.COMMON_CORE else body_id
    rules = list(ObligationRule.objects.in_force().filter(body=body, kind=kind).select_related("instrument")[:2])
    return rules[0] if len(rules) == 1 else None


def make_for_records(due: DueForRecords, *, by: User | None, batch: Batch | None = None) -> Obligation:
    """Create the obligation; one of an import is published if its records are."""
    rule = rule_of(due.body_id, due.kind)
    obligation = Obligation(
        code=next_code(due.confidentiality),
        body_id=due.body_id,
        kind=due.kind,
        title=due.title,
        rule=rule,
        instrument=rule.instrument if rule else None,
        document_id=due.document_id,
        words=due.words,
        due_on=due.due_on,
        certainty=Certainty.FIXED if due.due_on else Certainty.TO_BE_COMMUNICATED,
        day_from=DayFrom.DOCUMENT if due.words else DayFrom.HAND,
        force=rule.force if rule else Force.REQUESTED,
        word_limit=rule.word_limit if rule else None,
        confidentiality=due.confidentiality,
        is_published=batch is not None and batch.publish and due.confidentiality == Confidentiality.PUBLIC,
        added_by=batch,
        has_records=True,
        is_made_for_records=True,
    )
    if batch is not None:
        obligation.mark_past(on=timezone.localdate())
    attribute(obligation, by=by, reason="import-applied" if batch else "obligation-added")
    obligation.save()
    if batch is None:
        Event.record("obligation-added", obligation, by=by)
    return obligation


def copy_for_records(obligation: Obligation, *, confidentiality: str, by: User | None) -> Obligation:
    """The same deadline, state and submission with another confidentiality; nothing that would open it to others."""
    values = {name: getattr(obligation, name) for name in COPIED}
    copy = Obligation(
        code=next_code(confidentiality),
        **values,
        confidentiality=confidentiality,
        has_records=True,
        is_made_for_records=True,
    )
    attribute(copy, by=by, reason="obligation-added")
    copy.save()
    if proof := Submission.objects.filter(obligation=obligation).first():
        Submission.objects.create(obligation=copy, **{name: getattr(proof, name) for name in PROOF})
    Event.record("obligation-added", copy, by=by)
    return copy


def use_for_records(obligation: Obligation, *, by: User | None) -> None:
    """Mark that records take their day from it, and restore it where it had ended with the last of them."""
    if obligation.withdrawn_at is not None and obligation.is_made_for_records:
        reason = obligation.withdrawn_reason
        obligation.withdrawn_at, obligation.withdrawn_reason, obligation.has_records = None, "", True
        save_version(obligation, "obligation-restored", by=by, difference={"withdrawn_reason": [reason, ""]})
    elif not obligation.has_records:
        Obligation.objects.filter(pk=obligation.pk).update(has_records=True)
        obligation.has_records = True


def release_from_records(obligation: Obligation, *, by: User | None) -> None:
    """No record takes its day from it any more; if it was made for them, it ends."""
    obligation.has_records = False
    if obligation.is_made_for_records and obligation.withdrawn_at is None:
        obligation.withdrawn_at = timezone.now()
        obligation.withdrawn_reason = _("No record has this deadline any more.")
        difference = {"withdrawn_reason": ["", obligation.withdrawn_reason]}
        save_version(obligation, "obligation-withdrawn", by=by, difference=difference)
    else:
        Obligation.objects.filter(pk=obligation.pk).update(has_records=False)


def kind_of_follow_up(*, is_dissemination: bool) -> str:
    return ObligationKind.OTHER if is_dissemination else ObligationKind.FOLLOW_UP
