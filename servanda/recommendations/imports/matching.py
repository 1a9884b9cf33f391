"""Matches a row of a file with the recommendation of the register that it is about.

In this order: the sender's own id; document symbol and paragraph; State, cycle, recommending State and near-equal
text, which a person confirms. The last is tried whenever the row or the record lacks symbol or paragraph, so that a
sheet and a report match whichever comes first. A row that matches nothing is a new recommendation.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product, starmap
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz import fuzz

from servanda.intake.models import Batch, StagedRow
from servanda.kit.database.sentences import gettext as _
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
PART = 6  # a text contained in another one counts only if it has more words than this
# Words: two recommendations of one State to another in one review rarely begin alike for so long by chance.
BEGINNING = 15
SAME_LETTERS = 94  # similarity, of 100


@dataclass(slots=True)
class Match:
    """The verdict on one row; `known` is the recommendation that it is about, or may be about."""

    row: Resolved
    verdict: Verdict
    known: Known | None = None
    reason: str = ""
    record: int | None = None  # id of the recommendation, where it need not be loaded
    is_by_source: bool = False  # matched by the sender's own id, or by paragraph
    joins: tuple[str, str] | None = None  # the source of the earlier row of the file that this row repeats
    repeats: tuple[str, str] | None = None  # the same, but also set where this row adds nothing to the record
    differences: "Differences | None" = None
    adds_only: bool = False  # another row of the file came before, so this one replaces nothing
    waits: bool = False  # the earlier row that it adds to has not been confirmed yet
    parts: "list[Match]" = field(default_factory=list)  # of a row that adds to several recommendations: one for each


SHEET = "sheet"  # ids of a spreadsheet belong to its sender: "sheet:7" and "sheet:8" never match


def source_key(row: Resolved, scheme: str) -> tuple[str, str]:
    """Scheme and id of the row at its source: the sender's id, or symbol and paragraph, or else a digest."""
    if row.kind == Kind.ANSWER:
        return "addendum", f"{row.symbol}#{row.paragraph}"
    for name, identity in row.external.items():
        return scheme if name == SHEET else name, identity
    if row.symbol and row.paragraph:
        return scheme, f"{row.symbol}#{row.paragraph}"
    return scheme, row.digest


def has_own_id(row: Resolved) -> bool:
    """Whether the sender gives ids, which then identify its rows instead of paragraphs."""
    return bool(row.external) and row.kind != Kind.ANSWER


class RegisterIndex:
    """The part of the register that a chunk of rows could be about, loaded with a fixed number of queries.

    `before` is the import that is being written: the register is taken as it was before it.
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
        if match := self._same_source(row) or self._same_code(row):
            return match
        if row.kind == Kind.ANSWER:
            return self._answer(row)
        return self._same_paragraph(row) or self._near_equal(row) or Match(row, Verdict.NEW)

    def _same_source(self, row: Resolved) -> Match | None:
        if row.key not in self.by_source:
            return None
        pk, digest = self.by_source[row.key]
        if digest == row.digest:
            return Match(row, Verdict.UNCHANGED, is_by_source=True, record=pk)
        record = self.known[pk]
        if source_family(row.key[0]) == SHEET and has_own_id(row) and self._is_another_text(record, row):
            reason = _("The ID is known, but its text in the register is different.")
            return Match(row, Verdict.PROPOSED, record, reason, is_by_source=True)
        return Match(row, Verdict.CHANGED, record, is_by_source=True)

    def _same_code(self, row: Resolved) -> Match | None:
        """A sheet exported from this register contains references; it creates no new records."""
        if not row.code:
            return None
        if (pk := self.by_code.get(row.code)) is None:
            reason = _("The reference %(code)s is not in this register.") % {"code": row.code}
            row.problems.append(Problem("code", reason))
            return Match(row, Verdict.REFUSED, reason=reason)
        return Match(row, Verdict.CHANGED, self.known[pk], is_by_source=True)

    def _is_another_text(self, record: Known, row: Resolved) -> bool:
        return bool(record.texts.keys() & row.texts.keys()) and not self._alike(record, row)

    def _answer(self, row: Resolved) -> Match:
        pks = self.by_paragraph.get((row.symbol, row.paragraph)) or self.by_number.get(
            (row.symbol, row.paragraph), []
        )
        if len(pks) == 1:
            return Match(row, Verdict.CHANGED, self.known[pks[0]], is_by_source=True)
        if (row.symbol, row.paragraph, row.digest) in self.waiting:
            return Match(row, Verdict.UNCHANGED)
        reason = _(
            "The report %(symbol)s is not in the register yet. The position is kept until the report is imported."
        )
        return Match(row, Verdict.NEW, reason=reason % {"symbol": row.symbol})

    def _same_paragraph(self, row: Resolved) -> Match | None:
        candidates = [self.known[pk] for pk in self.by_paragraph.get((row.symbol, row.paragraph), [])]
        candidates = [record for record in candidates if record.fields["kind"] == row.kind]
        if candidates and (same := same_words(candidates, row)):
            return Match(row, Verdict.CHANGED, same)
        free = [record for record in candidates if not self._another_of_this_source(record, row)]
        if len(candidates) == 1 and free and (row.cycle or self._alike(free[0], row)):
            return Match(row, Verdict.CHANGED, free[0])
        if free:
            return Match(
                row, Verdict.PROPOSED, free[0], _("Same paragraph of the same document, but a different text.")
            )
        return None

    def _another_of_this_source(self, record: Known, row: Resolved) -> bool:
        """Whether the record has another id of the same source, so that it cannot be the same row."""
        scheme, identity = row.key
        return any(name == scheme and identity_there != identity for name, identity_there in record.sources)

    def _alike(self, record: Known, row: Resolved) -> bool:
        """Whether a text is near-equal to one of the record, in the same language or where a side names none."""
        return any(
            near_equal(old.text, text) >= NEAR
            for language, text in row.texts.items()
            for old in record.all_texts()
            if old.language == language or not (old.language and language)
        )

    def _near_equal(self, row: Resolved) -> Match | None:
        neighbours = [record for record in self._neighbours(row) if not self._another_of_this_source(record, row)]
        candidates = [record for record in neighbours if shares_a_state(record, row)]
        if alike := same_words(candidates, row) or next(
            (record for record in candidates if self._alike(record, row)), None
        ):
            return self._proposed(row, alike, _("Same State, cycle and recommending State; nearly identical text."))
        if same := same_words(neighbours, row):
            reason = _("Same State and text, but a different recommending State.")
            return self._proposed(row, same, reason)
        candidates = [record for record in candidates if record.states]
        if alike := part_of(candidates, row):
            reason = _("Same State, cycle and recommending State; one text contains the other.")
            return self._proposed(row, alike, reason)
        if alike := much_the_same(candidates, row):
            reason = _("Same State, cycle and recommending State; much of the text is identical.")
            return self._proposed(row, alike, reason)
        return None

    def _proposed(self, row: Resolved, record: Known, reason: str) -> Match:
        self.proposed.add(record.pk)
        return Match(row, Verdict.PROPOSED, record, reason)

    def _neighbours(self, row: Resolved) -> list[Known]:
        """Candidates; those not yet proposed for a row come first, so that equal rows do not get the same record."""
        pks = dict.fromkeys(pk for key in neighbour_keys(row) for pk in self.by_neighbours.get(key, []))
        if is_placed(row) and row.country_ids and (row.symbol, row.paragraph) not in self.by_paragraph:
            pks |= dict.fromkeys(self.without_place.get((row.country_ids[0], row.cycle), []))
        return sorted((self.known[pk] for pk in pks), key=lambda record: record.pk in self.proposed)

    def _sources(self, rows: Sequence[Resolved]) -> dict[tuple[str, str], tuple[int, str]]:
        keys = {row.key for row in rows}
        sources = (
            as_before(SourceRecord.objects.all(), self.before)
            .filter(
                scheme__in={scheme for scheme, _identity in keys},
                external_id__in={identity for _scheme, identity in keys},
            )
            .order_by("pk")
            .values_list("scheme", "external_id", "recommendation_id", "digest")
        )
        return {(scheme, identity): (pk, digest) for scheme, identity, pk, digest in sources}

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
        records = (
            self._records()
            .filter(
                document__symbol__in={symbol for symbol, _paragraph in places},
                paragraph__in={paragraph for _symbol, paragraph in places},
            )
            .order_by("pk")
            .values_list("document__symbol", "paragraph", "pk", "merged_into_id")
        )
        by_paragraph: dict[tuple[str, str], list[int]] = defaultdict(list)
        for symbol, paragraph, pk, merged_into in records:
            if (symbol, paragraph) in places:
                by_paragraph[symbol, paragraph].append(merged_into or pk)
        return by_paragraph

    def _numbers(self, rows: Sequence[Resolved]) -> dict[tuple[str, str], list[int]]:
        """For addenda that number their answers 1, 2, 3 without naming the paragraph of the report."""
        symbols = {row.symbol for row in rows if row.kind == Kind.ANSWER and "." not in row.paragraph}
        by_number: dict[tuple[str, str], list[int]] = defaultdict(list)
        if symbols:
            records = self._records().filter(document__symbol__in=symbols, merged_into=None)
            for symbol, paragraph, pk in records.values_list("document__symbol", "paragraph", "pk"):
                by_number[symbol, bare_number(paragraph)].append(pk)
        return by_number

    def _unplaced(self, rows: Sequence[Resolved]) -> dict[tuple, list[int]]:
        """Candidates for rows without a paragraph: those of the same State in the same document, or else review."""
        unplaced = [row for row in rows if not is_placed(row) and row.key not in self.by_source]
        by_key: dict[tuple, list[int]] = defaultdict(list)
        # A sender with ids of its own has already identified its rows, so its known records are not candidates.
        own_ids = {row.key[0] for row in unplaced if has_own_id(row)}
        of_same_senders = self._of_senders(own_ids)
        candidates = self._records().filter(~Exists(of_same_senders), merged_into=None)
        if symbols := {row.symbol for row in unplaced if row.symbol}:
            same_document = candidates.filter(document__symbol__in=symbols)
            for symbol, state, pk in same_document.values_list("document__symbol", "recommending__country_id", "pk"):
                by_key[symbol, state].append(pk)
        return by_key | self._in_reviews(candidates, [row for row in unplaced if not row.symbol])

    def _without_place(self, rows: Sequence[Resolved]) -> dict[tuple, list[int]]:
        """Candidates for rows with symbol and paragraph: records of their State and cycle that lack one of the two.

        A sender with ids of its own sends a whole index, in which a third of the paragraphs have no number. Then only
        records without a document are candidates, because an index of the database finds those.
        """
        placed = [row for row in rows if is_placed(row) and row.kind != Kind.ANSWER and not self._is_known(row)]
        own_ids = {row.key[0] for row in placed if has_own_id(row)}
        of_same_senders = self._of_senders(own_ids)
        lacking = Q(document=None) if own_ids else Q(document=None) | Q(paragraph="")
        return self._in_reviews(self._records().filter(lacking, ~Exists(of_same_senders), merged_into=None), placed)

    def _is_known(self, row: Resolved) -> bool:
        return row.key in self.by_source or (row.symbol, row.paragraph) in self.by_paragraph

    def _in_reviews(self, records: QuerySet[Recommendation], rows: Sequence[Resolved]) -> dict[tuple, list[int]]:
        """The records of the reviews that the rows are about, by State and cycle."""
        reviews = {(row.country_ids[0], row.cycle) for row in rows if row.country_ids and row.cycle}
        by_key: dict[tuple, list[int]] = defaultdict(list)
        if reviews:
            in_reviews = records.filter(
                review__country__in={country for country, _cycle in reviews},
                review__cycle__in={cycle for _country, cycle in reviews},
            )
            for country, cycle, pk in in_reviews.order_by("pk").values_list("review__country", "review__cycle", "pk"):
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
        """A subquery for the rows of these senders about a record."""
        sources = SourceRecord.objects.filter(recommendation=OuterRef("pk"), scheme__in=schemes)
        return sources.exclude(added_by=self.before) if self.before else sources

    def _records(self) -> QuerySet[Recommendation]:
        records = Recommendation.objects.all()
        return records.exclude(added_by=self.before) if self.before else records


def is_placed(row: Resolved) -> bool:
    return bool(row.symbol and row.paragraph)


def shares_a_state(record: Known, row: Resolved) -> bool:
    """Whether the recommending States overlap; a side that names none matches any."""
    return not row.recommending_ids or not record.states or not record.states.isdisjoint(row.recommending_ids)


def bare_number(paragraph: str) -> str:
    """The last part of a paragraph's number: 7 of 111.7."""
    return paragraph.rpartition(".")[2]


def neighbour_keys(row: Resolved) -> list[tuple]:
    """Keys for finding a text without a paragraph: its document and recommending State, or its State and cycle.

    None stands for records whose source names no recommending State.
    """
    if row.symbol:
        return [(row.symbol, state) for state in (*row.recommending_ids, None)]
    return [(row.country_ids[0], row.cycle)] if row.country_ids and row.cycle else []


def same_words(candidates: Sequence[Known], row: Resolved) -> Known | None:
    """The candidate with the same normalised text. Its language is ignored, since that of a short text is a guess."""
    texts = {normal(text) for text in row.texts.values()} if candidates else set()
    return next((record for record in candidates if not texts.isdisjoint(record.words())), None)


def part_of(candidates: Sequence[Known], row: Resolved) -> Known | None:
    """The candidate whose text contains that of the row or the other way round: a paragraph of a report may combine
    the recommendations of several States, which a sheet lists in several rows."""
    return first_matching(is_part, candidates, row)


def much_the_same(candidates: Sequence[Known], row: Resolved) -> Known | None:
    """The candidate with a similar text: one of the two may be truncated, damaged, or contain a page footer."""
    return first_matching(is_much_the_same, candidates, row)


def first_matching(is_match: Callable[[str, str], bool], candidates: Sequence[Known], row: Resolved) -> Known | None:
    texts = [normal(text) for text in row.texts.values()] if candidates else []
    return next((record for record in candidates if any(starmap(is_match, product(record.words(), texts)))), None)


def is_part(text: str, other_text: str) -> bool:
    short, long = sorted((f" {text} ", f" {other_text} "), key=len)
    return short in long and short.count(" ") > PART


def is_much_the_same(text: str, other_text: str) -> bool:
    beginning = text.split(" ")[:BEGINNING]
    begins_alike = len(beginning) == BEGINNING and beginning == other_text.split(" ")[:BEGINNING]
    return begins_alike or fuzz.ratio(text, other_text) >= SAME_LETTERS
