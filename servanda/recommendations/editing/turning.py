"""Turn a record into an obligation, or an obligation into a record: a paragraph is followed up as one of the two.
Nothing is deleted, each can be undone, and importing the document again changes nothing of it."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people import versioning
from servanda.people.models import Institution, User
from servanda.people.versioning import attribute
from servanda.recommendations.editing.follow_up_obligations import of_record, release
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation
from servanda.recommendations.editing.services import create_recommendation, publish_recommendation
from servanda.recommendations.editing.structure import lock_kept
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Recommendation, RecordObligation, SourceRecord
from servanda.sources.models import DocumentReading, Obligation, ReadUnit
from servanda.sources.obligations.for_records import DueForRecords, same_obligations
from servanda.sources.obligations.values import lock_obligation, refuse_without_permission
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.sources.units.obligations import Due, due_of_paragraph, new_obligation
from servanda.sources.units.reading import SHAPE, candidate_of
from servanda.sources.units.withheld import is_confidential
from servanda.trail.models import Event
from servanda.vocab.models import Certainty, Country, ObligationKind
from servanda.vocab.own_state import own_state

Direction = RecordObligation.Direction
DayFrom, State = Obligation.DayFrom, Obligation.State
Confidentiality = Recommendation.Confidentiality
PARAGRAPH = Recommendation._meta.get_field("paragraph").max_length
INTO_RECORD = (Recommendation.Kind.RECOMMENDATION, Recommendation.Kind.OBSERVATION, Recommendation.Kind.OTHER)


def turned_paragraphs(batch: Batch) -> set[str]:
    """The paragraphs of a document that a person turned, so that importing it again does not add them once more."""
    symbol = DocumentReading.objects.filter(batch=batch).exclude(symbol="").values_list("symbol", flat=True).first()
    if symbol is None:
        return set()
    rows = RecordObligation.objects.current().filter(recommendation__document__symbol=symbol)
    return set(rows.exclude(recommendation__paragraph="").values_list("recommendation__paragraph", flat=True))


def reading_of(symbol: str) -> DocumentReading | None:
    """How the document was read for the import that counts."""
    readings = DocumentReading.objects.filter(symbol=symbol, batch__state=Batch.State.APPLIED)
    return readings.select_related("batch").order_by("-pk").first() if symbol else None


def due_from(record: Recommendation) -> Due:
    """What the paragraph of a record makes due, as the import of its document finds it."""
    reading = reading_of(record.document.symbol) if record.document else None
    unit = reading.units.kept().filter(number=record.paragraph).first() if reading and record.paragraph else None
    text = record.texts.current().filter(language=record.language, form="full").first() or record.texts.first()
    if reading is None:
        day = record.date or (record.document.date if record.document else None)
        reading = DocumentReading(date=day)
    words = unit.whole if unit else text.text if text else ""
    return due_of_paragraph(record.paragraph, words, reading, headings=unit.heading_path if unit else ())


@transaction.atomic
def turn_into_obligation(
    *,
    recommendation: Recommendation,
    kind: str,
    title: str,
    due_on: date | None,
    reason: str,
    version: int | None,
    explanation: Explanation = NO_EXPLANATION,
    by: User,
) -> RecordObligation:
    """Withdraw the record with the reason, and follow its paragraph up as an obligation: the one of the same document
    and day, if there is one. As confidential and as public as the record.

    Raises `Refused` (or `FieldRefused`) for a measure, a missing reason or an unknown kind, and `ChangedMeanwhile` if
    the record was saved since.
    """
    refuse_without_permission(by)
    record = lock_kept(recommendation, version=version)
    if record.is_apart:
        raise Refused(_("A measure is followed up in its case. It cannot become an obligation."))
    if kind not in ObligationKind.values:
        raise FieldRefused("kind", _("Choose a value from the list."))
    reason = required_reason(reason)
    obligation, is_made = obligation_of(record, kind=kind, title=clean_label(title), due_on=due_on, by=by)
    row = RecordObligation.objects.create(
        recommendation=record,
        obligation=obligation,
        direction=Direction.INTO_OBLIGATION,
        is_made=is_made,
        turned_by=by,
    )
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), reason
    difference = {"withdrawn_reason": ["", reason], "obligation": ["", obligation.code]}
    save_version(record, "recommendation-turned", by=by, difference=difference, explanation=explanation)
    return row


def obligation_of(
    record: Recommendation, *, kind: str, title: str, due_on: date | None, by: User
) -> tuple[Obligation, bool]:
    """The obligation, and whether it is new."""
    due = DueForRecords(
        body_id=record.body_id,
        document_id=record.document_id,
        kind=kind,
        due_on=due_on,
        confidentiality=record.confidentiality,
    )
    present = same_obligations(due).live().unfinished()
    present = of_record(present, record) if due.is_of_one_record else present
    if due_on is not None and (found := present.select_for_update().first()):
        return found, False
    wanted = on_day(replace(due_from(record), kind=kind), due_on)
    obligation = new_obligation(wanted, record.body, record.document, confidentiality=record.confidentiality)
    if due_on and due_on != due_from(record).due_on:
        obligation.day_from, obligation.words = DayFrom.HAND, ""
    obligation.title, obligation.paragraph, obligation.review = title, record.paragraph, record.review
    obligation.is_published = record.is_public
    obligation.owner = only_institution(record)
    obligation.mark_past(on=timezone.localdate())
    attribute(obligation, by=by, reason="obligation-added")
    obligation.save()
    Event.record("obligation-added", obligation, by=by, difference={"record": ["", record.code]})
    return obligation, True


def on_day(due: Due, due_on: date | None) -> Due:
    """With the day that a person chose; without a day, it is to be communicated, unless the document itself sets none
    for what it asks."""
    lacks_day = due_on is None and due.certainty == Certainty.FIXED and due.kind != ObligationKind.OTHER
    if due_on == due.due_on and not lacks_day:
        return due
    certainty = Certainty.FIXED if due_on else Certainty.TO_BE_COMMUNICATED
    return replace(due, due_on=due_on, clock_on=None, certainty=certainty)


def only_institution(record: Recommendation) -> Institution | None:
    """The institution named on a restricted record, which keeps access to the obligation.

    None if there are several, because an obligation has one owner; the others see it by its steps.
    """
    named = list(record.restricted_to.all()[:2]) if record.is_restricted else []
    return named[0] if len(named) == 1 else None


def why_not_a_record(obligation: Obligation) -> str:
    """Why an obligation cannot be turned into a record, or ""."""
    if obligation.document is None or not obligation.paragraph:
        return _("This obligation does not come from a paragraph of a document.")
    if obligation.has_records:
        return _("Records have this deadline. Remove the request there first.")
    if obligation.state not in Obligation.UNFINISHED:
        return _("This obligation has ended. Only one that is still to be done can be turned into a record.")
    if (reading := reading_of(obligation.document.symbol)) and is_confidential(reading):
        return _("A letter of special procedures is confidential: none of it becomes a record.")
    return ""


def paragraph_text(obligation: Obligation) -> str:
    """The words of the paragraph, if its document was read."""
    unit = unit_of(obligation)
    return unit.whole if unit else ""


def unit_of(obligation: Obligation) -> ReadUnit | None:
    reading = reading_of(obligation.document.symbol) if obligation.document else None
    if reading is None:
        return None
    units = reading.units.kept().filter(number=obligation.paragraph).select_related("reading__batch")
    return units.filter(kind=ReadUnit.Kind.OBLIGATION, due=obligation.kind).first() or units.first()


@transaction.atomic
def turn_into_recommendation(
    *, obligation: Obligation, kind: str, text: str, reason: str, seen: int | None, by: User
) -> RecordObligation:
    """Let the obligation lapse with the reason, and create a record from its paragraph, with the document as its
    source. As confidential and as public as the obligation.

    Raises `Refused` (or `FieldRefused`) if it does not come from a paragraph, has ended, or is the deadline of
    records, and `ChangedMeanwhile` if it was saved since.
    """
    obligation = lock_obligation(obligation, by=by, seen=seen)
    if why_not := why_not_a_record(obligation):
        raise Refused(why_not)
    if kind not in INTO_RECORD:
        raise FieldRefused("kind", _("Choose a value from the list."))
    if not clean(text):
        raise FieldRefused("text", _("Enter the text of the paragraph."))
    reason = required_reason(reason)
    record = record_of(obligation, kind=kind, text=text, by=by)
    row = RecordObligation.objects.create(
        recommendation=record,
        obligation=obligation,
        direction=Direction.INTO_RECORD,
        state_before=obligation.state,
        reason_before=obligation.state_reason,
        turned_by=by,
    )
    difference = {"state": [obligation.state, State.LAPSED], "state_reason": [obligation.state_reason, reason]}
    obligation.state, obligation.state_reason = State.LAPSED, reason
    versioning.save_version(
        obligation, "obligation-turned", by=by, difference=difference | {"record": ["", record.code]}
    )
    return row


def record_of(obligation: Obligation, *, kind: str, text: str, by: User) -> Recommendation:
    document, unit = obligation.document, unit_of(obligation)
    if document is None:
        raise ValueError("an obligation without a document has no paragraph")
    reading = unit.reading if unit else None
    sibling = Recommendation.every_kind.live().filter(document=document).select_related("review", "country").first()
    review = obligation.review or document.review or (sibling.review if sibling else None)
    country = (sibling.country if sibling else None) or state_of(reading)
    if country is None:
        raise Refused(_("The State of this system is not set yet. Enter it in the settings."))
    day = document.date or (reading.date if reading else None)
    record = create_recommendation(
        kind=kind,
        country=country,
        body=obligation.body,
        cycle=review.cycle if review else 0,
        year=review.year if review else day.year if day else 0,
        symbol=document.symbol,
        paragraph=obligation.paragraph[:PARAGRAPH],
        date=day,
        language=(reading.language if reading else "") or (sibling.language if sibling else ""),
        text=text,
        recommending=(),
        confidentiality=obligation.confidentiality,
        restricted_to=institutions_of(obligation),
        by=by,
    )
    if unit is not None and reading is not None:
        add_source(record, unit, reading)
    if obligation.is_public:
        publish_recommendation(recommendation=record, by=by)
        record.refresh_from_db()
    return record


def state_of(reading: DocumentReading | None) -> Country | None:
    named = Country.objects.filter(code=reading.country).first() if reading and reading.country else None
    return named or own_state()


def institutions_of(obligation: Obligation) -> list[Institution]:
    """Those who see a restricted obligation: its owner and the institutions of its steps."""
    if obligation.confidentiality != Confidentiality.RESTRICTED:
        return []
    steps = obligation.steps.exclude(institution=None).order_by().values("institution")
    return list(Institution.objects.filter(Q(pk=obligation.owner_id) | Q(pk__in=steps)))


def add_source(record: Recommendation, unit: ReadUnit, reading: DocumentReading) -> None:
    """The row by which an import of the same document finds the record."""
    unit.kind = ReadUnit.Kind.RECOMMENDATION
    candidate = candidate_of(reading, unit, round(unit.place), 1)
    SourceRecord.objects.create(
        recommendation=record,
        scheme=SHAPE,
        external_id=candidate.external[SHAPE],
        where=candidate.where,
        raw=candidate.raw,
    )


@transaction.atomic
def undo_turning(*, turning: RecordObligation, by: User) -> RecordObligation:
    """Follow the paragraph up as before: restore the record and withdraw the obligation that was made for it, or the
    other way round. What was added to either since is kept with it.

    Raises `Refused` if it was undone already, if the obligation has been submitted since, or if the record is no
    longer in the register.
    """
    refuse_without_permission(by)
    row = RecordObligation.objects.select_for_update().get(pk=turning.pk)
    if row.ended_at is not None:
        raise Refused(_("This has already been undone."))
    obligation = Obligation.objects.select_for_update().get(pk=row.obligation_id)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    if row.is_into_obligation:
        end_obligation(obligation, row, by=by)
        restore_record(row, obligation, by=by)
    else:
        end_record(row, obligation, by=by)
        restore_obligation(obligation, row, by=by)
    return row


def end_obligation(obligation: Obligation, row: RecordObligation, *, by: User) -> None:
    """Withdraw the obligation that was made for the record, unless others have it too."""
    others = RecordObligation.objects.current().filter(obligation=obligation)
    if not row.is_made or others.exists() or obligation.has_records or obligation.withdrawn_at is not None:
        release([obligation.pk], by=by)
        return
    if hasattr(obligation, "submission"):
        raise Refused(_("This obligation has been submitted. Remove the submission first."))
    obligation.withdrawn_at = timezone.now()
    obligation.withdrawn_reason = _("Turned back into the record %(code)s.") % {"code": row.recommendation.code}
    difference = {"withdrawn_reason": ["", obligation.withdrawn_reason]}
    versioning.save_version(obligation, "obligation-withdrawn", by=by, difference=difference)


def restore_record(row: RecordObligation, obligation: Obligation, *, by: User) -> None:
    record = lock(row.recommendation)
    reason, record.withdrawn_at, record.withdrawn_reason = record.withdrawn_reason, None, ""
    difference = {"withdrawn_reason": [reason, ""], "obligation": [obligation.code, ""]}
    save_version(record, "recommendation-turned-back", by=by, difference=difference)


def end_record(row: RecordObligation, obligation: Obligation, *, by: User) -> None:
    record = lock_kept(row.recommendation)
    reason = _("Turned back into the obligation %(code)s.") % {"code": obligation.code}
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), reason
    save_version(record, "recommendation-withdrawn", by=by, difference={"withdrawn_reason": ["", reason]})


def restore_obligation(obligation: Obligation, row: RecordObligation, *, by: User) -> None:
    """Unless another state was set since."""
    difference: dict[str, list] = {"record": [row.recommendation.code, ""]}
    if obligation.state == State.LAPSED:
        difference |= {"state": [State.LAPSED, row.state_before]}
        difference |= {"state_reason": [obligation.state_reason, row.reason_before]}
        obligation.state, obligation.state_reason = row.state_before, row.reason_before
    versioning.save_version(obligation, "obligation-turned-back", by=by, difference=difference)
