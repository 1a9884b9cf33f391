"""Reads uploaded documents into units in the background, and provides the confirmed ones to the import."""

from collections.abc import Iterator
from itertools import batched
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from servanda.intake.models import Batch
from servanda.intake.services import tell_sender
from servanda.kit.database.sentences import gettext as _
from servanda.language.documents.duties import Duty
from servanda.language.documents.general_comments import body_of_symbol
from servanda.language.documents.terms import later
from servanda.language.documents.units import Layout, Unit
from servanda.people.models import Notification
from servanda.sources.candidates import Candidate, Kind, PrintedFollowUp, ProceduralKind, Unreadable
from servanda.sources.documents.reader import Reading, read_document
from servanda.sources.models import DocumentReading, ReadBlock, ReadUnit
from servanda.sources.models.documents import FIRST_BLOCKS
from servanda.sources.units.clock_starts import clock_start
from servanda.sources.units.letter_rules import notes_on_deadline, rule_of_letter, term_of_rule
from servanda.sources.units.withheld import is_confidential
from servanda.trail.models import Event
from servanda.vocab.lookup import Lookup, country_names
from servanda.vocab.models import Body, ObligationKind, ObligationRule

SHAPE = "document"
AT_ONCE = 500
LONGEST_TERM = 120  # characters of `FollowUp.words`
DUE = {Duty.DISSEMINATION: ObligationKind.OTHER}  # the other duties have the values of `ObligationKind`
REPLIES_TO = {
    "list-of-issues": ObligationKind.LIST_OF_ISSUES,
    "loipr": ObligationKind.LOIPR,
    **dict.fromkeys(["cpt", "spt"], ObligationKind.WRITTEN_RESPONSE),
    "iachr": ObligationKind.COMPLIANCE,
    **dict.fromkeys(["grevio", "greta", "ecrml"], ObligationKind.FOLLOW_UP),
    "fcnm": ObligationKind.COMMENTS,
}
KINDS = {
    ReadUnit.Kind.RECOMMENDATION: Kind.RECOMMENDATION,
    ReadUnit.Kind.CONCERN: Kind.OBSERVATION,
    ReadUnit.Kind.INFORMATION: Kind.OTHER,
}


def read_into_units(batch: Batch) -> None:
    """Read the file and store its units; on failure, store the reason. A repeated call starts from the beginning."""
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PREVIEWING, message="")
    try:
        document = read_document(Path(batch.file.path), country_names=country_names())
    except Unreadable as problem:
        with transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FAILED, message=str(problem))
            batch.refresh_from_db()
            tell_sender(batch, Notification.Kind.IMPORT_FAILED)
        return
    with transaction.atomic():
        DocumentReading.objects.filter(batch=batch).delete()
        store_reading(batch, document)
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.UPLOADED, done=0, total=len(document.units))
        batch.refresh_from_db()
        tell_sender(batch, Notification.Kind.IMPORT_READY)
        Event.record(
            "document-read", batch, difference={"units": len(document.units), "family": document.family.code}
        )


def store_reading(batch: Batch, document: Reading) -> DocumentReading:
    words = " ".join(block.text for block in document.blocks[:FIRST_BLOCKS])
    rule = rule_of_letter(document.family.code, document.symbol, words)
    notes = [*document.notes, *notes_on_deadline(document.units, document.family.code, rule)]
    reading = DocumentReading.objects.create(
        batch=batch,
        family=document.family.code,
        body=document.family.body or body_of_list(document) or body_of_mandates(document.mandates),
        symbol=document.symbol[:120],
        title=document.title[:300],
        country=batch.country or document.state,
        language=document.language,
        date=document.adopted,
        pages=document.pages,
        notes="\n".join([*notes, *notes_on_reference(batch, document)]),
        mandates="\n".join(document.mandates),
        with_information=document.family.code == "general-comment",
    )
    blocks = (
        ReadBlock(
            reading=reading,
            place=place,
            page=block.page,
            text=f"{block.number} {block.text}".strip(),
            is_heading=bool(block.is_heading),
        )
        for place, block in enumerate(document.blocks)
    )
    units = (unit_row(reading, place, unit, rule) for place, unit in enumerate(document.units, 1))
    for some in batched(blocks, AT_ONCE):
        ReadBlock.objects.bulk_create(some)
    for many in batched(units, AT_ONCE):
        ReadUnit.objects.bulk_create(many)
    return reading


def body_of_list(document: Reading) -> str:
    """The committee named in the symbol of a list of issues; the patterns of bodies match their observations only."""
    code = body_of_symbol(document.symbol) if document.family.layout == Layout.QUESTIONS else ""
    return code if Body.objects.filter(code=code).exists() else ""


def body_of_mandates(mandates: list[str]) -> str:
    """The code of the first mandate of a letter that is among the bodies."""
    lookup = Lookup()
    pks = (lookup.body(name) for name in mandates)
    pk = next((pk for pk in pks if pk), None)
    return Body.objects.get(pk=pk).code if pk else ""


def notes_on_reference(batch: Batch, document: Reading) -> list[str]:
    """A note where another letter with the same reference was sent before."""
    if not document.family.is_confidential or not document.symbol:
        return []
    others = DocumentReading.objects.filter(symbol=document.symbol[:120]).exclude(batch=batch)
    if (other := others.select_related("batch").order_by("pk").first()) is None:
        return []
    sentence = _(
        "The reference %(reference)s is already used by the file “%(file)s”. Check whether it is the same letter."
    )
    return [sentence % {"reference": document.symbol, "file": other.batch.name}]


def unit_row(reading: DocumentReading, place: int, unit: Unit, rule: ObligationRule | None = None) -> ReadUnit:
    """The unit as it is stored; `rule` is that of a letter, for a reply to which it sets no deadline itself."""
    is_by_rule = unit.duty == Duty.REPLY and unit.deadline is None
    return ReadUnit(
        reading=reading,
        place=place,
        number=unit.number[:40],
        kind=unit.kind.value,
        lead=unit.lead,
        text=unit.text,
        headings="\n".join(unit.headings),
        page=unit.page,
        first_block=unit.first,
        last_block=unit.last,
        is_follow_up=unit.follow_up,
        is_dissemination=unit.dissemination,
        due=due_by(unit, reading.family),
        combined=unit.combined[:80],
        articles=unit.articles,
        asked_by=unit.asked_by,
        **(term_of_rule(rule) if is_by_rule else term_of(unit)),
    )


def due_by(unit: Unit, family: str) -> str:
    if unit.duty == Duty.REPLY and family in REPLIES_TO:
        return REPLIES_TO[family]
    return DUE.get(unit.duty, str(unit.duty)) if unit.duty else ""


def term_of(unit: Unit) -> dict[str, object]:
    term = unit.deadline
    if term is None:
        return {}
    return {
        "deadline": term.words[:300],
        "deadline_count": term.count,
        "deadline_unit": str(term.length or ""),
        "deadline_clock": str(term.clock),
        "deadline_every": term.every,
        "deadline_day": term.day,
    }


def confirmed_candidates(batch: Batch) -> Iterator[Candidate]:
    """The confirmed units as candidates. Raises `Unreadable` where they are not confirmed yet."""
    reading = DocumentReading.objects.filter(batch=batch).exclude(confirmed_at=None).first()
    if reading is None:
        raise Unreadable(_("Check and confirm the content found in this document first."))
    occurrences: dict[str, int] = {}
    for order, unit in enumerate(units_to_take(reading).iterator(AT_ONCE), 1):
        occurrences[unit.number] = occurrences.get(unit.number, 0) + 1
        yield candidate_of(reading, unit, order, occurrences[unit.number])


def confirmed(batch: Batch) -> bool:
    """Whether a person has confirmed the units."""
    return DocumentReading.objects.filter(batch=batch).exclude(confirmed_at=None).exists()


def units_to_take(reading: DocumentReading) -> QuerySet[ReadUnit]:
    """Units that are not left out and are of a kind that becomes a record; none of a confidential letter."""
    if is_confidential(reading):
        return reading.units.none()
    kinds = [ReadUnit.Kind.RECOMMENDATION]
    kinds += [ReadUnit.Kind.CONCERN] if reading.with_concerns else []
    kinds += [ReadUnit.Kind.INFORMATION] if reading.with_information else []
    return reading.units.kept().filter(kind__in=kinds)


def candidate_of(reading: DocumentReading, unit: ReadUnit, order: int, nth: int) -> Candidate:
    place = _("unit %(order)s") % {"order": order}
    if unit.number:
        place = _("paragraph %(number)s") % {"number": unit.number}
    if unit.page:
        place = _("page %(page)s, %(where)s") % {"page": unit.page, "where": place}
    name = f"{reading.symbol or reading.batch.sha256[:24]}#{unit.number or f'unit-{order}'}"
    return Candidate(
        where=place,
        raw="\n".join(
            line
            for line in [*unit.heading_path, f"{unit.number} {unit.whole}".strip(), follow_up_in_words(unit)]
            if line
        ),
        kind=KINDS[ReadUnit.Kind(unit.kind)],
        countries=[reading.country] if reading.country else [],
        body=reading.body,
        symbol=reading.symbol,
        paragraph=unit.number,
        order=order,
        texts={reading.language: unit.whole},
        original="",
        published=reading.date,
        external={SHAPE: name if nth == 1 else f"{name}:{nth}"},
        follow_up=list(follow_up_of(reading, unit)),
    )


def follow_up_of(reading: DocumentReading, unit: ReadUnit) -> Iterator[PrintedFollowUp]:
    """Requested follow-up. A deadline without a day is counted from the start of its clock, if that is known."""
    due = unit.deadline_day
    if due is None and unit.deadline_count and (start := clock_start(unit, reading)):
        due = later(start, unit.deadline_count, unit.deadline_unit)
    words = unit.deadline[:LONGEST_TERM]
    if unit.is_follow_up:
        yield PrintedFollowUp(ProceduralKind.FOLLOW_UP, words, due)
    if unit.is_dissemination:
        is_only = not unit.is_follow_up
        yield PrintedFollowUp(ProceduralKind.DISSEMINATION, words if is_only else "", due if is_only else None)


def follow_up_in_words(unit: ReadUnit) -> str:
    """The requested follow-up in words, stored with the source of the record."""
    sentences = []
    if unit.is_follow_up:
        sentences.append(_("Follow-up requested."))
    if unit.is_dissemination:
        sentences.append(_("Dissemination requested."))
    if unit.deadline:
        sentences.append(_("Deadline: %(words)s.") % {"words": unit.deadline})
    return " ".join(sentences)
