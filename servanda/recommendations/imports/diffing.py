"""What a row of a file would change in a recommendation that the register knows."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

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

# Whose words stand when two sources print one text differently: a person's, then the document itself.
RANKS = {"sheet": 1, "thematic-list": 2, "uhri": 3, "document": 4, "working-group": 4}
BY_HAND = 9


@dataclass(slots=True)
class Differences:
    texts: list[tuple[str, TextVersion | None, str]] = field(default_factory=list)  # language, old, new
    confirmed: list[TextVersion] = field(default_factory=list)  # a weightier source prints the same
    states: list[int] = field(default_factory=list)
    terms: list[int] = field(default_factory=list)
    gone: list[Tagging] = field(default_factory=list)
    position: Position | None = None
    replaced: Position | None = None
    fields: dict[str, object] = field(default_factory=dict)
    ended_source: SourceRecord | None = None
    asked: list[PrintedFollowUp] = field(default_factory=list)
    asked_no_more: list[FollowUp] = field(default_factory=list)

    def __bool__(self) -> bool:
        beside = self.texts or self.states or self.terms or self.gone or self.asked or self.asked_no_more
        return bool(beside or self.position or self.fields)


def differences(known: Known, row: Resolved, scheme: str, *, adds_only: bool = False) -> Differences:
    """What the row would change. With `adds_only`, as for a second row about one thing, it replaces nothing."""
    same_source = known.sources.get(row.key)
    found = Differences(ended_source=same_source)
    changes = [text_change(known, language, text, scheme) for language, text in row.texts.items()]
    found.texts = [change for change in changes if change and not (adds_only and change[1])]
    found.confirmed = [
        old
        for language, text in row.texts.items()
        if (old := known.texts.get(language)) and old.text == text and rank(old.source) < rank(scheme)
    ]
    found.states = [country for country in row.recommending_ids if country not in known.states]
    found.terms = [term for term in row.term_ids if term not in known.taggings and term not in known.removed_terms]
    if same_source and row.kind != Kind.ANSWER and is_only_source(known, row.key):
        found.gone = [
            tagging
            for tagging in known.taggings.values()
            if tagging.scheme == row.key[0] and tagging.term_id not in row.term_ids
        ]
    found.asked, found.asked_no_more = asked_change(known, row)
    if not (same_source and scheme == "document"):  # no other file says what is asked beside the substance
        found.asked_no_more = []
    if row.position:
        found.position, found.replaced = position_change(known.positions, row.position, row.published)
    if row.kind != Kind.ANSWER:
        found.fields = field_changes(known, row, is_same_source=same_source is not None and not adds_only)
    return found


def asked_change(known: Known, row: Resolved) -> tuple[list[PrintedFollowUp], list[FollowUp]]:
    """What the file asks that the record does not say yet, and the other way round; a person's word stands."""
    said = {(asked.kind.value, asked.words, asked.due): asked for asked in row.follow_up}
    there = {old.says for old in known.follow_ups}
    new = [one for says, one in said.items() if says not in there and says[0] not in known.asked_by_hand]
    gone = [
        one
        for one in known.follow_ups
        if one.says not in said and one.kind not in known.asked_by_hand and not one.replied_on
    ]
    return new, gone


def is_only_source(known: Known, key: tuple[str, str]) -> bool:
    """Where several rows of one sender made the record, a label that one of them lacks may be another's."""
    return sum(scheme == key[0] for scheme, _identity in known.sources) <= 1


def rank(source: str) -> int:
    return RANKS.get(source_family(source), BY_HAND)


def text_change(known: Known, language: str, text: str, scheme: str) -> tuple[str, TextVersion | None, str] | None:
    """The language, the text that ends and the text that comes; a text of unknown language replaces none."""
    words = normal(text)
    if not language:
        return None if any(normal(old.text) == words for old in known.all_texts()) else ("", None, text)
    old = known.texts.get(language)
    if old is None:
        unnamed = next((old for old in known.unnamed if normal(old.text) == words), None)
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
    """The position to add and the poorer statement of the same position that it replaces."""
    new = position_of(printed, published)
    for old in positions:
        if old.stand == new.stand and (old.symbol == new.symbol or not old.symbol or not new.symbol):
            richer = merged_position(old, new)
            return (richer, old) if richer else (None, None)
    return new, None


def merged_position(old: Position, new: Position) -> Position | None:
    """Both statements of one position in one row; None when the old one already says all."""
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


def field_changes(known: Known, row: Resolved, *, is_same_source: bool) -> dict[str, object]:
    """A field is filled where it is empty; only the source that gave it may change it."""
    offered = {"date": row.published, "paragraph": row.paragraph, "kind": row.kind.value}
    if row.paragraph and not known.fields["document_id"]:
        offered["document_id"] = row.symbol
    return {
        name: value
        for name, value in offered.items()
        if value and value != known.fields[name] and (is_same_source or not known.fields[name])
    }


def first_difference(known: Known, found: Differences, labels: dict[int, str]) -> str:
    """One sentence for the preview: what changes first."""
    if found.texts:
        language, old, new = found.texts[0]
        if old is None:
            return _("A text in another language: %(language)s.") % {"language": language}
        return _("Text: “%(old)s” becomes “%(new)s”.") % around_difference(old.text, new)
    for name, value in found.fields.items():
        values = {"field": name, "old": known.fields[name] or "–", "new": value}
        return _("%(field)s: “%(old)s” becomes “%(new)s”.") % values
    if found.position:
        return _("Position of the State: %(stand)s.") % {"stand": found.position.get_stand_display()}
    if found.states:
        return _("Recommending State: %(state)s.") % {"state": labels.get(found.states[0], "")}
    if found.terms:
        return _("Label: %(label)s.") % {"label": labels.get(found.terms[0], "")}
    if found.gone:
        return _("Label no longer in the source: %(label)s.") % {"label": labels.get(found.gone[0].term_id, "")}
    return follow_up_difference(found)


def follow_up_difference(found: Differences) -> str:
    if found.asked:
        return str(FollowUp.Kind(found.asked[0].kind.value).label)
    return _("No longer asked for: %(what)s.") % {"what": found.asked_no_more[0]} if found.asked_no_more else ""


def around_difference(old: str, new: str, width: int = 60) -> dict[str, str]:
    """The stretch of both texts in which the first difference stands."""
    length = min(len(old), len(new))
    start = next((index for index in range(length) if old[index] != new[index]), length)
    start = max(0, start - width // 2)
    lead = "…" if start else ""
    return {"old": lead + old[start : start + width], "new": lead + new[start : start + width]}
