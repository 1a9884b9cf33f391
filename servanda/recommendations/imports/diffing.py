"""Computes what a row of a file would change in an existing recommendation."""

from dataclasses import dataclass, field
from datetime import date

from servanda.kit.database.sentences import gettext as _
from servanda.language.comparison.likeness import normal
from servanda.recommendations.imports.known_records import Known
from servanda.recommendations.models import (
    FollowUp,
    Position,
    SourceRecord,
    Stand,
    Tagging,
    TextVersion,
    source_family,
)
from servanda.sources.candidates import Kind, PrintedFollowUp, PrintedPosition
from servanda.sources.resolve import Resolved

# Which text is kept when two sources print it differently: a person's edit first, then the document itself.
RANKS = {"sheet": 1, "thematic-list": 2, "uhri": 3, "document": 4, "working-group": 4}
BY_HAND = 9
EXCERPT = 60  # characters around a difference


@dataclass(slots=True)
class Differences:
    texts: list[tuple[str, TextVersion | None, str]] = field(default_factory=list)  # language, old, new
    confirmed: list[TextVersion] = field(default_factory=list)  # a source of higher rank prints the same text
    states: list[int] = field(default_factory=list)
    terms: list[int] = field(default_factory=list)
    gone: list[Tagging] = field(default_factory=list)
    position: Position | None = None
    replaced: Position | None = None
    fields: dict[str, object] = field(default_factory=dict)
    ended_source: SourceRecord | None = None
    requested: list[PrintedFollowUp] = field(default_factory=list)
    no_longer_requested: list[FollowUp] = field(default_factory=list)

    def __bool__(self) -> bool:
        beside = self.texts or self.states or self.terms or self.gone or self.requested or self.no_longer_requested
        return bool(beside or self.position or self.fields)


def differences(record: Known, row: Resolved, scheme: str, *, adds_only: bool = False) -> Differences:
    """What the row would change. With `adds_only`, for a second row about the same record, it replaces nothing."""
    same_source = record.sources.get(row.key)
    changes_of_row = Differences(ended_source=same_source)
    changes = [text_change(record, language, text, scheme) for language, text in row.texts.items()]
    changes_of_row.texts = [change for change in changes if change and not (adds_only and change[1])]
    changes_of_row.confirmed = [
        old
        for language, text in row.texts.items()
        if (old := record.texts.get(language)) and old.text == text and rank(old.source) < rank(scheme)
    ]
    changes_of_row.states = [country for country in row.recommending_ids if country not in record.states]
    changes_of_row.terms = [
        term for term in row.term_ids if term not in record.taggings and term not in record.removed_terms
    ]
    if same_source and row.kind != Kind.ANSWER and is_only_source(record, row.key):
        changes_of_row.gone = [
            tagging
            for tagging in record.taggings.values()
            if tagging.scheme == row.key[0] and tagging.term_id not in row.term_ids
        ]
    changes_of_row.requested, changes_of_row.no_longer_requested = follow_up_changes(record, row)
    if not (same_source and scheme == "document"):  # only the document itself can end a request
        changes_of_row.no_longer_requested = []
    if row.position:
        changes_of_row.position, changes_of_row.replaced = position_change(
            record.positions, row.position, row.published
        )
    if row.kind != Kind.ANSWER:
        changes_of_row.fields = field_changes(record, row, is_same_source=same_source is not None and not adds_only)
    return changes_of_row


def follow_up_changes(record: Known, row: Resolved) -> tuple[list[PrintedFollowUp], list[FollowUp]]:
    """Requests in the file that the record lacks, and the other way round; what a person entered stays."""
    printed_requests = {
        (requested.kind.value, requested.words, requested.due): requested for requested in row.follow_up
    }
    stated_by = {old.pk: statements_of(old, record) for old in record.follow_ups}
    recorded = set().union(*stated_by.values())
    new = [
        request
        for says, request in printed_requests.items()
        if says not in recorded and says[0] not in record.asked_by_hand
    ]
    gone = [
        follow_up
        for follow_up in record.follow_ups
        if not stated_by[follow_up.pk] & printed_requests.keys()
        and follow_up.kind not in record.asked_by_hand
        and not follow_up.replied_on
    ]
    return new, gone


def statements_of(row: FollowUp, record: Known) -> set[tuple]:
    """What a file prints that states the same, whatever the day was moved to since."""
    days = record.printed_days.get(row.obligation_id or 0, set()) | {row.due_on}
    return {(row.kind, row.words, day) for day in days}


def is_only_source(record: Known, key: tuple[str, str]) -> bool:
    """Whether the record has only one row of this sender; with several, a label may come from any of them."""
    return sum(scheme == key[0] for scheme, _identity in record.sources) <= 1


def rank(source: str) -> int:
    return RANKS.get(source_family(source), BY_HAND)


def text_change(record: Known, language: str, text: str, scheme: str) -> tuple[str, TextVersion | None, str] | None:
    """The language, the old text and the new one; a text of unknown language replaces none."""
    normalised = normal(text)
    if not language:
        return None if any(normal(old.text) == normalised for old in record.all_texts()) else ("", None, text)
    old = record.texts.get(language)
    if old is None:
        unnamed = next((old for old in record.unnamed if normal(old.text) == normalised), None)
        return language, unnamed, text
    if old.text == text or rank(old.source) > rank(scheme):
        return None
    return language, old, text


def position_of(printed: PrintedPosition, published: date | None) -> Position:
    return Position(
        stand=Stand(printed.stand.value),
        words=printed.words[:200],
        date=published if "/Add." in printed.symbol else None,
        symbol=printed.symbol,
        paragraph=printed.paragraph,
        comment=printed.comment,
    )


def position_change(
    positions: list[Position], printed: PrintedPosition, published: date | None
) -> tuple[Position | None, Position | None]:
    """The position to add, and the less complete statement of the same position that it replaces."""
    new = position_of(printed, published)
    for old in positions:
        if old.stand == new.stand and (old.symbol == new.symbol or not old.symbol or not new.symbol):
            richer = merged_position(old, new)
            return (richer, old) if richer else (None, None)
    return new, None


def merged_position(old: Position, new: Position) -> Position | None:
    """Both statements of one position merged; None where the old one is already complete."""
    richer = Position(
        stand=old.stand,
        words=old.words or new.words,
        date=old.date or new.date,
        symbol=old.symbol or new.symbol,
        paragraph=old.paragraph or new.paragraph,
        comment=old.comment or new.comment,
    )
    names = ("words", "date", "symbol", "paragraph", "comment")
    if all(getattr(richer, name) == getattr(old, name) for name in names):
        return None
    return richer


def field_changes(record: Known, row: Resolved, *, is_same_source: bool) -> dict[str, object]:
    """New values of fields: empty ones are filled, and only the source of a value may change it."""
    offered = {"date": row.published, "paragraph": row.paragraph, "kind": row.kind.value}
    if row.paragraph and not record.fields["document_id"]:
        offered["document_id"] = row.symbol
    return {
        name: value
        for name, value in offered.items()
        if value and value != record.fields[name] and (is_same_source or not record.fields[name])
    }


def first_difference(record: Known, changes: Differences, labels: dict[int, str]) -> str:
    """A sentence for the preview about the first change."""
    if changes.texts:
        language, old, new = changes.texts[0]
        if old is None:
            return _("A text in another language: %(language)s.") % {"language": language}
        return _("Text: “%(old)s” becomes “%(new)s”.") % around_difference(old.text, new)
    for name, value in changes.fields.items():
        values = {"field": name, "old": record.fields[name] or "–", "new": value}
        return _("%(field)s: “%(old)s” becomes “%(new)s”.") % values
    if changes.position:
        return _("Position of the State: %(stand)s.") % {"stand": changes.position.get_stand_display()}
    if changes.states:
        return _("Recommending State: %(state)s.") % {"state": labels.get(changes.states[0], "")}
    if changes.terms:
        return _("Label: %(label)s.") % {"label": labels.get(changes.terms[0], "")}
    if changes.gone:
        return _("Label no longer in the source: %(label)s.") % {"label": labels.get(changes.gone[0].term_id, "")}
    return follow_up_difference(changes)


def follow_up_difference(changes: Differences) -> str:
    if changes.requested:
        return str(FollowUp.Kind(changes.requested[0].kind.value).label)
    return (
        _("No longer requested: %(what)s.") % {"what": changes.no_longer_requested[0]}
        if changes.no_longer_requested
        else ""
    )


def around_difference(old: str, new: str) -> dict[str, str]:
    """Excerpts of both texts around the first difference."""
    length = min(len(old), len(new))
    start = next((index for index in range(length) if old[index] != new[index]), length)
    start = max(0, start - EXCERPT // 2)
    lead = "…" if start else ""
    return {"old": lead + old[start : start + EXCERPT], "new": lead + new[start : start + EXCERPT]}
