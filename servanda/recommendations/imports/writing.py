"""Writes a chunk of matched rows in one short transaction; nothing counts until the batch is applied."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection, models, transaction
from django.db.models import QuerySet

from servanda.intake.models import Batch
from servanda.kit.database.bulk_rows import insert_rows, next_keys
from servanda.language.words.tokens import tokens_of_texts
from servanda.recommendations.editing.follow_up_obligations import obligation_for
from servanda.recommendations.editing.indexing import place_tokens
from servanda.recommendations.imports.diffing import Differences, differences, position_of
from servanda.recommendations.imports.known_records import Known, joined_records, load_known
from servanda.recommendations.imports.matching import Match
from servanda.recommendations.imports.waiting_answers import WaitingAnswers, positions_of, source_of
from servanda.recommendations.models import (
    FieldChange,
    FollowUp,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
    source_family,
)
from servanda.recommendations.records import codes
from servanda.recommendations.records.renaming import taken_numbers
from servanda.recommendations.search import fulltext
from servanda.sources.candidates import Kind, PrintedFollowUp, PrintedPosition
from servanda.sources.models import Document, Review
from servanda.sources.resolve import Resolved
from servanda.sources.units.withheld import is_withheld_import

WRITES = {"changed", "unchanged", "joined"}  # verdicts of rows that may add something to an existing record
OWNER = (
    "recommendation",
    "added_by",
    "created_at",
)  # without a date: a batch counts from when it is applied
TABLES = {
    SourceRecord: (*OWNER, "scheme", "external_id", "digest", "where", "raw"),
    TextVersion: (*OWNER, "language", "text", "source", "is_original"),
    RecommendingState: (*OWNER, "country"),
    Position: (*OWNER, "stand", "words", "date", "symbol", "paragraph", "comment", "ended_by"),
    Tagging: (*OWNER, "term", "scheme"),
    FollowUp: (*OWNER, "kind", "words", "obligation"),
    WaitingAnswer: (
        *("added_by", "symbol", "paragraph", "stand", "words", "date", "said_in", "said_in_paragraph"),
        *("comment", "digest", "where", "raw"),
    ),
    FieldChange: ("batch", "recommendation", "field", "old", "new"),
}
Confidentiality = Recommendation.Confidentiality
RECOMMENDATION = (
    *("id", "code", "code_stem", "kind", "country", "body", "review", "document", "paragraph", "order_key"),
    *("date", "year", "language", "stand", "is_published", "confidentiality", "added_by"),
)


@dataclass(slots=True)
class Rows:
    """Collects child rows, which are written table by table."""

    of: dict[type[models.Model], list[tuple]] = field(default_factory=lambda: {model: [] for model in TABLES})
    positions: list[Position] = field(default_factory=list)
    ended: dict[type[models.Model], list[int]] = field(default_factory=lambda: defaultdict(list))

    def write(self, batch: Batch) -> None:
        self.of[Position] = [position_row(position) for position in self.positions]
        for model, rows in self.of.items():
            insert_rows(model, TABLES[model], rows)
        for model, pks in self.ended.items():
            if pks:
                model._default_manager.filter(pk__in=pks).update(ended_by=batch)


def position_row(position: Position) -> tuple:
    return (
        position.recommendation_id,
        position.added_by_id,
        None,
        position.stand,
        position.words[:200],
        date_value(position.date),
        position.symbol,
        position.paragraph,
        position.comment,
        position.ended_by_id,
    )


def date_value(value: date | None) -> str | date | None:
    return connection.ops.adapt_datefield_value(value)


class ChunkWriter:
    """Writes the rows of one batch; caches its reviews and documents."""

    def __init__(self, batch: Batch, scheme: str):
        self.batch, self.scheme, self.family = batch, scheme, source_family(scheme)
        self.is_withheld = is_withheld_import(batch)
        self.level = Confidentiality.RESTRICTED if self.is_withheld else Confidentiality.PUBLIC
        self.reviews: dict[tuple, int] = {}
        self.documents: dict[str, int] = {}
        self.obligations: dict[tuple, int | None] = {}  # of requested follow-up
        self.touched: set[int] = set()  # records of the register that rows of this file have changed

    def write(self, matches: Sequence[Match], *, rows_done: int) -> None:
        """Write a chunk and the progress of the batch in one transaction, so that a killed job can resume.

        Texts are analysed before the transaction: on SQLite no one else can write while it is open.
        """
        first, repeated = self._first_of_each([match for match in matches if not match.row.supplement])
        new = [match.row for match in first if match.verdict == "new" and match.row.kind != Kind.ANSWER]
        tokens_of_new = [tokens_of_texts(row.texts) for row in new]
        with transaction.atomic():
            self._write(first, new, tokens_of_new)
            while repeated:
                current, repeated = self._with_current_records(repeated)
                self._write(current)
            self._write_supplements(
                [part for match in matches if match.row.supplement for part in match.parts or [match]]
            )
            Batch.objects.filter(pk=self.batch.pk).update(done=rows_done)

    def resume(self) -> None:
        """Restore the set of records that an interrupted run has changed."""
        own = SourceRecord.objects.filter(added_by=self.batch)
        self.touched = set(own.values_list("recommendation_id", flat=True))

    def _first_of_each(self, matches: Sequence[Match]) -> tuple[list[Match], list[Match]]:
        """The first row about each record, and those about a record that an earlier row has changed."""
        first: list[Match] = []
        repeated: list[Match] = []
        for match in matches:
            pk = match.known.pk if match.known else None
            (repeated if match.joins or pk in self.touched else first).append(match)
            if pk and match.verdict in WRITES:
                self.touched.add(pk)
        return first, repeated

    def _with_current_records(self, matches: Sequence[Match]) -> tuple[list[Match], list[Match]]:
        """One row for each record, with the record as earlier rows have left it, and the remaining rows."""
        pks = joined_records({match.joins for match in matches if match.joins})
        now: dict[int, Match] = {}
        remaining: list[Match] = []
        for match in matches:
            pk = pks.get(match.joins) if match.joins else (match.known.pk if match.known else None)
            if pk in now:
                remaining.append(match)
            elif pk:  # otherwise the row that it repeats was not imported
                now[pk] = match
        records = load_known(now)
        for pk, name, value in self._fields_given(now):
            records[pk].fields[name] = value
        return [
            replace(match, known=records[pk], differences=None, adds_only=True) for pk, match in now.items()
        ], remaining

    def _fields_given(self, pks: Iterable[int]) -> QuerySet:
        """Field values from earlier rows of the file, which take effect when the import is applied."""
        changes = FieldChange.objects.filter(batch=self.batch, recommendation__in=list(pks))
        return changes.values_list("recommendation_id", "field", "new")

    def _write(
        self, matches: Sequence[Match], new: Sequence[Resolved] = (), tokens_of_new: Sequence[list[str]] = ()
    ) -> None:
        rows = Rows()
        self._add_new(new, tokens_of_new, rows)
        for match in matches:
            if match.known and match.verdict in WRITES:
                self._add_changed(match, match.known, rows)
            elif match.verdict == "new" and match.row.kind == Kind.ANSWER and match.row.position:
                rows.of[WaitingAnswer].append(self._waiting(match.row, match.row.position))
        rows.write(self.batch)

    def _write_supplements(self, matches: Sequence[Match]) -> None:
        """Store rows without a text as sources of their record; other rooms write their cells."""
        parts = [part for match in matches for part in match.parts or [match]]
        records, rows = joined_records({match.joins for match in parts if match.joins}), Rows()
        for match in parts:
            pk = match.record or records.get(match.joins or ("", ""))
            if pk and match.verdict == "joined":
                rows.of[SourceRecord].append(self._source(pk, match.row))
        rows.write(self.batch)

    def _add_new(self, new: Sequence[Resolved], tokens_of_new: Sequence[list[str]], rows: Rows) -> None:
        keys = next_keys(Recommendation, len(new))
        codes_given = self._add_recommendations(keys, new)
        for pk, row in zip(keys, new, strict=True):
            self._add_children(pk, row, rows)
        self._give_waiting_answers(keys, new, rows)
        also = Recommendation.also_concerns.through
        further_countries = [
            (pk, country) for pk, row in zip(keys, new, strict=True) for country in row.country_ids[1:]
        ]
        insert_rows(also, ("recommendation", "country"), further_countries)
        fulltext.write(
            (pk, [*tokens, *place_tokens(code, row.symbol)])
            for pk, code, row, tokens in zip(keys, codes_given, new, tokens_of_new, strict=True)
        )

    def _add_recommendations(self, keys: Sequence[int], new: Sequence[Resolved]) -> list[str]:
        stems = [stem_of(row) for row in new]
        numbers = taken_numbers(stems)
        codes_given = []
        new_rows = []
        for pk, row, stem in zip(keys, new, stems, strict=True):
            numbers[stem] += 1
            codes_given.append(codes.nth(stem, numbers[stem]))
            new_rows.append(self._recommendation(pk, row, stem, codes_given[-1]))
        insert_rows(Recommendation, RECOMMENDATION, new_rows)
        return codes_given

    def _recommendation(self, pk: int, row: Resolved, stem: str, code: str) -> tuple:
        return (
            pk,
            code,
            stem,
            row.kind.value,
            row.country_ids[0] if row.country_ids else None,
            row.body_id,
            self._review(row),
            self._document(row),
            row.paragraph,
            codes.order_key(codes.prefix_of(stem), row.paragraph, row.order),
            date_value(row.published),
            row.year,
            row.original or next(iter(row.texts), ""),
            row.position.stand.value if row.position else "",
            self.batch.publish and not self.is_withheld,
            self.level,
            self.batch.pk,
        )

    def _add_children(self, pk: int, row: Resolved, rows: Rows) -> None:
        owner = (pk, self.batch.pk, None)
        scheme, _identity = row.key
        rows.of[SourceRecord].append(self._source(pk, row))
        rows.of[TextVersion] += [
            (*owner, language, text, self.family, language == row.original) for language, text in row.texts.items()
        ]
        rows.of[RecommendingState] += [(*owner, country) for country in row.recommending_ids]
        rows.of[Tagging] += [(*owner, term, scheme) for term in row.term_ids]
        if row.follow_up:
            record = Recommendation(
                pk=pk,
                body_id=row.body_id or 0,
                document_id=self._document(row),
                confidentiality=self.level,
            )
            rows.of[FollowUp] += [(*owner, *self._follow_up(record, request)) for request in row.follow_up]
        if row.position:
            rows.positions.append(self._owned(position_of(row.position, row.published), pk))

    def _add_changed(self, match: Match, record: Known, rows: Rows) -> None:
        row = match.row
        changes = match.differences or differences(record, row, self.scheme, adds_only=match.adds_only)
        scheme, _identity = row.key
        owner = (record.pk, self.batch.pk, None)
        rows.of[SourceRecord].append(self._source(record.pk, row))
        if changes.ended_source:
            rows.ended[SourceRecord].append(changes.ended_source.pk)
        confirmed = [(old.language, old, old.text) for old in changes.confirmed]
        for language, old, text in [*changes.texts, *confirmed]:
            rows.of[TextVersion].append((*owner, language, text, self.family, old.is_original if old else False))
            if old:
                rows.ended[TextVersion].append(old.pk)
        rows.of[RecommendingState] += [(*owner, country) for country in changes.states]
        rows.of[Tagging] += [(*owner, term, scheme) for term in changes.terms]
        rows.ended[Tagging] += [tagging.pk for tagging in changes.gone]
        if changes.requested:
            stored = Recommendation.objects.get(pk=record.pk)
            stored.document_id = stored.document_id or self._document(row)
            rows.of[FollowUp] += [(*owner, *self._follow_up(stored, request)) for request in changes.requested]
        rows.ended[FollowUp] += [request.pk for request in changes.no_longer_requested]
        self._add_position(record.pk, changes, rows)
        if "document_id" in changes.fields:
            self._document(row)
        rows.of[FieldChange] += [
            (self.batch.pk, record.pk, name, str(record.fields[name] or ""), str(value))
            for name, value in changes.fields.items()
        ]

    def _add_position(self, pk: int, changes: Differences, rows: Rows) -> None:
        if changes.position:
            rows.positions.append(self._owned(changes.position, pk))
        if changes.replaced:
            rows.ended[Position].append(changes.replaced.pk)

    def _owned(self, position: Position, pk: int) -> Position:
        position.recommendation_id, position.added_by_id = pk, self.batch.pk
        return position

    def _follow_up(self, record: Recommendation, request: PrintedFollowUp) -> tuple:
        """The columns of a request; all of one document by one day share an obligation, which counts as they do."""
        key = (record.body_id, record.document_id, record.confidentiality, request.kind, request.due)
        is_shared = record.document_id is not None and not record.is_restricted
        if not is_shared or key not in self.obligations:
            obligation = obligation_for(
                record,
                kind=request.kind.value,
                due_on=request.due,
                words=request.words,
                by=self.batch.created_by,
                batch=self.batch,
            )
            self.obligations[key] = obligation.pk if obligation else None
        return request.kind.value, request.words, self.obligations[key]

    def _source(self, pk: int, row: Resolved) -> tuple:
        scheme, identity = row.key
        return pk, self.batch.pk, None, scheme, identity, row.digest, row.where[:120], row.raw

    def _waiting(self, row: Resolved, position: PrintedPosition) -> tuple:
        return (
            *(self.batch.pk, row.symbol, row.paragraph),
            position.stand.value,
            position.words[:200],
            date_value(row.published),
            position.symbol,
            position.paragraph,
            position.comment,
            row.digest,
            row.where[:120],
            row.raw,
        )

    def _give_waiting_answers(self, keys: Sequence[int], new: Sequence[Resolved], rows: Rows) -> None:
        waiting = WaitingAnswers({row.symbol for row in new if row.symbol}, new)
        stated = {position.recommendation_id: position for position in rows.positions}
        for pk, row in zip(keys, new, strict=True):
            for answer in waiting.of(row):
                rows.of[SourceRecord].append(source_of(answer, pk))
                rows.positions += positions_of(answer, pk, stated.get(pk))

    def _review(self, row: Resolved) -> int | None:
        if row.body_id is None or not row.country_ids or not (row.cycle or row.year):
            return None
        key = (row.body_id, row.country_ids[0], row.cycle or 0, 0 if row.cycle else row.year or 0)
        if key not in self.reviews:
            body, country, cycle, year = key
            review, _created = Review.objects.get_or_create(
                body_id=body, country_id=country, cycle=cycle, year=year, defaults={"session": row.session}
            )
            self.reviews[key] = review.pk
        return self.reviews[key]

    def _document(self, row: Resolved) -> int | None:
        if not row.symbol:
            return None
        if row.symbol not in self.documents:
            document, _created = Document.objects.get_or_create(
                symbol=row.symbol,
                defaults={
                    "body_id": row.body_id,
                    "review_id": self._review(row),
                    "date": row.published,
                    "external_id": row.document_id,
                },
            )
            self.documents[row.symbol] = document.pk
        return self.documents[row.symbol]


def stem_of(row: Resolved) -> str:
    return codes.stem(
        country=row.country_code,
        body=row.body_code,
        cycle=row.cycle or 0,
        year=row.year or 0,
        paragraph=row.paragraph,
    )
