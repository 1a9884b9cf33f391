"""Which recommendation of the register a row of a file is about, and what it would change there.

The ladder: the sender's own id; document symbol and paragraph; State, cycle, recommending State and
near-equal text, which a person confirms. The last is asked whenever the row or the record lacks symbol or
paragraph, so a sheet and a report match in either order. A row that reaches no rung is a new recommendation.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product, starmap
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from servanda.intake.models import Batch, StagedRow
from servanda.language.comparison.likeness import NEAR, near_equal, normal
from servanda.recommendations.imports.known_records import Known, as_before, load_known
from servanda.recommendations.models import (
    FormerCode,
    Recommendation,
    SourceRecord,
    WaitingAnswer,
    source_family,
)
from servanda.sources.candidates import Kind, Problem
from servanda.sources.resolve import Resolved

if TYPE_CHECKING:
    from servanda.recommendations.imports.diffing import Differences

Verdict = StagedRow.Verdict
PART = 6  # words from which on a text that is part of another is worth a look
BEGINNING = 15  # words that two recommendations of one State to another in one review hardly have in common by chance
SAME_LETTERS = 94  # of 100


@dataclass(slots=True)
class Match:
    """What became of one row; `known` is the recommendation it is about, or may be about."""

    row: Resolved
    verdict: Verdict
    known: Known | None = None
    reason: str = ""
    record: int | None = None  # the recommendation that is known to have this row, where it need not be loaded
    is_by_source: bool = False  # the sender's own id, or paragraph, led to it
    joins: tuple[str, str] | None = None  # the source of the earlier row of the file that this row repeats
    repeats: tuple[str, str] | None = None  # the same, also where this row adds nothing to the record
    differences: "Differences | None" = None
    adds_only: bool = False  # another row of the file came before, so this one replaces nothing
    waits: bool = False  # the earlier row that it adds to is still to be confirmed
    parts: "list[Match]" = field(default_factory=list)  # of a row that adds to several recommendations: one for each


SHEET = "sheet"  # ids of a spreadsheet are those of its sender: "sheet:7" and "sheet:8" never meet


def source_key(row: Resolved, scheme: str) -> tuple[str, str]:
    """Under which name this row is known at its source: the sender's id, or symbol and paragraph."""
    if row.kind == Kind.ANSWER:
        return "addendum", f"{row.symbol}#{row.paragraph}"
    for name, identity in row.external.items():
        return scheme if name == SHEET else name, identity
    if row.symbol and row.paragraph:
        return scheme, f"{row.symbol}#{row.paragraph}"
    return scheme, row.digest


def has_own_id(row: Resolved) -> bool:
    """The sender gives ids, so its rows are told apart by them and not by their paragraphs."""
    return bool(row.external) and row.kind != Kind.ANSWER


class RegisterIndex:
    """The part of the register that a chunk of rows could be about, found with a fixed number of queries.

    With `before`, an import that is being written, the register is taken as it was before that import.
    """

    def __init__(self, rows: Sequence[Resolved], scheme: str, *, before: Batch | None = None):
        self.scheme, self.before = scheme, before
        self.by_source = self._sources(rows)
        self.by_code = self._codes(rows)
        self.by_paragraph = self._paragraphs(rows)
        self.by_number = self._numbers(rows)
        digests = {row.key: row.digest for row in rows}
        wanted = {pk for key, (pk, digest) in self.by_source.items() if digest != digests.get(key)}
        wanted.update(self.by_code.values())
        wanted.update(pk for pks in self.by_number.values() for pk in pks)
        wanted.update(pk for pks in self.by_paragraph.values() for pk in pks)
        self.by_neighbours = self._unplaced(rows)
        self.without_place = self._without_place(rows)
        self.proposed: set[int] = set()
        near = {key for row in rows for key in neighbour_keys(row)}
        wanted.update(pk for key, pks in self.by_neighbours.items() if key in near for pk in pks)
        wanted.update(pk for pks in self.without_place.values() for pk in pks)
        self.known = load_known(wanted, before=before)
        self.waiting = self._waiting(rows)

    def match(self, row: Resolved) -> Match:
        if found := self._same_source(row) or self._same_code(row):
            return found
        if row.kind == Kind.ANSWER:
            return self._answer(row)
        return self._same_paragraph(row) or self._near_equal(row) or Match(row, Verdict.NEW)

    def _same_source(self, row: Resolved) -> Match | None:
        if row.key not in self.by_source:
            return None
        pk, digest = self.by_source[row.key]
        if digest == row.digest:
            return Match(row, Verdict.UNCHANGED, is_by_source=True, record=pk)
        known = self.known[pk]
        if source_family(row.key[0]) == SHEET and has_own_id(row) and self._is_another_text(known, row):
            reason = _("The id is known, but its text in the register is another one.")
            return Match(row, Verdict.PROPOSED, known, reason, is_by_source=True)
        return Match(row, Verdict.CHANGED, known, is_by_source=True)

    def _same_code(self, row: Resolved) -> Match | None:
        """A sheet that was taken from this register names its records; it makes no new ones."""
        if not row.code:
            return None
        if (pk := self.by_code.get(row.code)) is None:
            reason = _("The reference %(code)s is not in this register.") % {"code": row.code}
            row.problems.append(Problem("code", reason))
            return Match(row, Verdict.REFUSED, reason=reason)
        return Match(row, Verdict.CHANGED, self.known[pk], is_by_source=True)

    def _is_another_text(self, known: Known, row: Resolved) -> bool:
        return bool(known.texts.keys() & row.texts.keys()) and not self._alike(known, row)

    def _answer(self, row: Resolved) -> Match:
        pks = self.by_paragraph.get((row.symbol, row.paragraph)) or self.by_number.get(
            (row.symbol, row.paragraph), []
        )
        if len(pks) == 1:
            return Match(row, Verdict.CHANGED, self.known[pks[0]], is_by_source=True)
        if (row.symbol, row.paragraph, row.digest) in self.waiting:
            return Match(row, Verdict.UNCHANGED)
        reason = _("The report %(symbol)s is not in the register yet; the answer waits for it.")
        return Match(row, Verdict.NEW, reason=reason % {"symbol": row.symbol})

    def _same_paragraph(self, row: Resolved) -> Match | None:
        here = [self.known[pk] for pk in self.by_paragraph.get((row.symbol, row.paragraph), [])]
        here = [known for known in here if known.fields["kind"] == row.kind]
        if here and (same := same_words(here, row)):
            return Match(row, Verdict.CHANGED, same)
        free = [known for known in here if not self._another_of_this_source(known, row)]
        if len(here) == 1 and free and (row.cycle or self._alike(free[0], row)):
            return Match(row, Verdict.CHANGED, free[0])
        if free:
            return Match(row, Verdict.PROPOSED, free[0], _("The same paragraph of the same document, another text."))
        return None

    def _another_of_this_source(self, known: Known, row: Resolved) -> bool:
        """A source that gives its own ids has told us that these are two."""
        scheme, identity = row.key
        return any(name == scheme and other != identity for name, other in known.sources)

    def _alike(self, known: Known, row: Resolved) -> bool:
        """In one language, or where a side does not tell its language."""
        return any(
            near_equal(old.text, text) >= NEAR
            for language, text in row.texts.items()
            for old in known.all_texts()
            if old.language == language or not (old.language and language)
        )

    def _near_equal(self, row: Resolved) -> Match | None:
        others = [known for known in self._neighbours(row) if not self._another_of_this_source(known, row)]
        here = [known for known in others if shares_a_state(known, row)]
        if alike := same_words(here, row) or next((known for known in here if self._alike(known, row)), None):
            return self._proposed(row, alike, _("The same State, cycle and recommending State, a near-equal text."))
        if same := same_words(others, row):
            reason = _("The same words to the same State, but another recommending State is named.")
            return self._proposed(row, same, reason)
        here = [known for known in here if known.states]
        if alike := part_of(here, row):
            reason = _("The same State, cycle and recommending State; one text contains the other.")
            return self._proposed(row, alike, reason)
        if alike := much_the_same(here, row):
            reason = _("The same State, cycle and recommending State; much of the text is the same.")
            return self._proposed(row, alike, reason)
        return None

    def _proposed(self, row: Resolved, known: Known, reason: str) -> Match:
        self.proposed.add(known.pk)
        return Match(row, Verdict.PROPOSED, known, reason)

    def _neighbours(self, row: Resolved) -> list[Known]:
        """Those that no other row was proposed for come first, so that two equal rows do not get one record."""
        pks = dict.fromkeys(pk for key in neighbour_keys(row) for pk in self.by_neighbours.get(key, []))
        if is_placed(row) and row.country_ids and (row.symbol, row.paragraph) not in self.by_paragraph:
            pks |= dict.fromkeys(self.without_place.get((row.country_ids[0], row.cycle), []))
        return sorted((self.known[pk] for pk in pks), key=lambda known: known.pk in self.proposed)

    def _sources(self, rows: Sequence[Resolved]) -> dict[tuple[str, str], tuple[int, str]]:
        keys = {row.key for row in rows}
        found = (
            as_before(SourceRecord.objects.all(), self.before)
            .filter(
                scheme__in={scheme for scheme, _identity in keys},
                external_id__in={identity for _scheme, identity in keys},
            )
            .order_by("pk")
            .values_list("scheme", "external_id", "recommendation_id", "digest")
        )
        return {(scheme, identity): (pk, digest) for scheme, identity, pk, digest in found}

    def _codes(self, rows: Sequence[Resolved]) -> dict[str, int]:
        codes = {row.code for row in rows if row.code and row.key not in self.by_source}
        if not codes:
            return {}
        records = self._records().filter(merged_into=None)
        former = FormerCode.objects.filter(code__in=codes).values_list("code", "recommendation_id")
        return dict(former) | dict(records.filter(code__in=codes).values_list("code", "pk"))

    def _paragraphs(self, rows: Sequence[Resolved]) -> dict[tuple[str, str], list[int]]:
        places = {
            (row.symbol, row.paragraph)
            for row in rows
            if row.symbol and row.paragraph and row.key not in self.by_source
        }
        found = (
            self._records()
            .filter(
                document__symbol__in={symbol for symbol, _paragraph in places},
                paragraph__in={paragraph for _symbol, paragraph in places},
            )
            .order_by("pk")
            .values_list("document__symbol", "paragraph", "pk", "merged_into_id")
        )
        by_paragraph: dict[tuple[str, str], list[int]] = defaultdict(list)
        for symbol, paragraph, pk, merged_into in found:
            if (symbol, paragraph) in places:
                by_paragraph[symbol, paragraph].append(merged_into or pk)
        return by_paragraph

    def _numbers(self, rows: Sequence[Resolved]) -> dict[tuple[str, str], list[int]]:
        """For addenda that number their answers 1, 2, 3 and leave the paragraph of the report unsaid."""
        symbols = {row.symbol for row in rows if row.kind == Kind.ANSWER and "." not in row.paragraph}
        by_number: dict[tuple[str, str], list[int]] = defaultdict(list)
        if symbols:
            found = self._records().filter(document__symbol__in=symbols, merged_into=None)
            for symbol, paragraph, pk in found.values_list("document__symbol", "paragraph", "pk"):
                by_number[symbol, bare_number(paragraph)].append(pk)
        return by_number

    def _unplaced(self, rows: Sequence[Resolved]) -> dict[tuple, list[int]]:
        """For rows without a paragraph: what the same State recommended in the same document, or else review."""
        unplaced = [row for row in rows if not is_placed(row) and row.key not in self.by_source]
        by_key: dict[tuple, list[int]] = defaultdict(list)
        # A sender that gives ids of its own has told us that these are not one of its records.
        own_ids = {row.key[0] for row in unplaced if has_own_id(row)}
        theirs = self._of_senders(own_ids)
        kept = self._records().filter(~Exists(theirs), merged_into=None)
        if symbols := {row.symbol for row in unplaced if row.symbol}:
            same_document = kept.filter(document__symbol__in=symbols)
            for symbol, state, pk in same_document.values_list("document__symbol", "recommending__country_id", "pk"):
                by_key[symbol, state].append(pk)
        return by_key | self._in_reviews(kept, [row for row in unplaced if not row.symbol])

    def _without_place(self, rows: Sequence[Resolved]) -> dict[tuple, list[int]]:
        """For rows with symbol and paragraph: records of the same State and cycle that lack one of the two.

        A sender with ids of its own sends a whole index, in which a third of the paragraphs have no number: among so
        many only records without a document are looked for, which an index of the database finds.
        """
        placed = [row for row in rows if is_placed(row) and row.kind != Kind.ANSWER and not self._is_known(row)]
        own_ids = {row.key[0] for row in placed if has_own_id(row)}
        theirs = self._of_senders(own_ids)
        lacking = Q(document=None) if own_ids else Q(document=None) | Q(paragraph="")
        return self._in_reviews(self._records().filter(lacking, ~Exists(theirs), merged_into=None), placed)

    def _is_known(self, row: Resolved) -> bool:
        return row.key in self.by_source or (row.symbol, row.paragraph) in self.by_paragraph

    def _in_reviews(self, records: QuerySet[Recommendation], rows: Sequence[Resolved]) -> dict[tuple, list[int]]:
        """The records by State and cycle, of the reviews that the rows are about."""
        reviews = {(row.country_ids[0], row.cycle) for row in rows if row.country_ids and row.cycle}
        by_key: dict[tuple, list[int]] = defaultdict(list)
        if reviews:
            found = records.filter(
                review__country__in={country for country, _cycle in reviews},
                review__cycle__in={cycle for _country, cycle in reviews},
            )
            for country, cycle, pk in found.order_by("pk").values_list("review__country", "review__cycle", "pk"):
                if (country, cycle) in reviews:
                    by_key[country, cycle].append(pk)
        return by_key

    def _waiting(self, rows: Sequence[Resolved]) -> set[tuple[str, str, str]]:
        symbols = {row.symbol for row in rows if row.kind == Kind.ANSWER}
        if not symbols:
            return set()
        waiting = WaitingAnswer.objects.filter(symbol__in=symbols)
        if self.before:
            waiting = waiting.exclude(added_by=self.before)
        return set(waiting.values_list("symbol", "paragraph", "digest"))

    def _of_senders(self, schemes: set[str]) -> QuerySet[SourceRecord]:
        """What these senders know of a record already."""
        theirs = SourceRecord.objects.filter(recommendation=OuterRef("pk"), scheme__in=schemes)
        return theirs.exclude(added_by=self.before) if self.before else theirs

    def _records(self) -> QuerySet[Recommendation]:
        records = Recommendation.objects.all()
        return records.exclude(added_by=self.before) if self.before else records


def is_placed(row: Resolved) -> bool:
    return bool(row.symbol and row.paragraph)


def shares_a_state(known: Known, row: Resolved) -> bool:
    """Who does not name a recommending State contradicts nobody."""
    return not row.recommending_ids or not known.states or not known.states.isdisjoint(row.recommending_ids)


def bare_number(paragraph: str) -> str:
    """The last part of a paragraph's number: 7 of 111.7."""
    return paragraph.rpartition(".")[2]


def neighbour_keys(row: Resolved) -> list[tuple]:
    """Where a text without a paragraph is looked for: its document and recommending State, or its State and cycle.

    None stands for the records whose source names no recommending State.
    """
    if row.symbol:
        return [(row.symbol, state) for state in (*row.recommending_ids, None)]
    return [(row.country_ids[0], row.cycle)] if row.country_ids and row.cycle else []


def same_words(here: Sequence[Known], row: Resolved) -> Known | None:
    """In whatever language they are said to be: of a short text that is a guess, which files may differ in."""
    words = {normal(text) for text in row.texts.values()} if here else set()
    return next((known for known in here if not words.isdisjoint(known.words())), None)


def part_of(here: Sequence[Known], row: Resolved) -> Known | None:
    """A paragraph of a report may hold the recommendations of several States, of which a sheet makes several rows."""
    return first_for_which(is_part, here, row)


def much_the_same(here: Sequence[Known], row: Resolved) -> Known | None:
    """Texts of which one is cut off, is damaged, or has the foot of a page in it."""
    return first_for_which(is_much_the_same, here, row)


def first_for_which(judged: Callable[[str, str], bool], here: Sequence[Known], row: Resolved) -> Known | None:
    words = [normal(text) for text in row.texts.values()] if here else []
    return next((known for known in here if any(starmap(judged, product(known.words(), words)))), None)


def is_part(words: str, others: str) -> bool:
    short, long = sorted((f" {words} ", f" {others} "), key=len)
    return short in long and short.count(" ") > PART


def is_much_the_same(words: str, others: str) -> bool:
    beginning = words.split(" ")[:BEGINNING]
    begins_alike = len(beginning) == BEGINNING and beginning == others.split(" ")[:BEGINNING]
    return begins_alike or fuzz.ratio(words, others) >= SAME_LETTERS
