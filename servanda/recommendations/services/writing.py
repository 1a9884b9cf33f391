"""Writing one chunk of matched rows in one short transaction; nothing of it counts until its batch is applied."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from servanda.intake.models import Batch
from servanda.language.analyse import tokens_of_texts
from servanda.recommendations import codes, search
from servanda.recommendations.models import (
    FieldChange,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
)
from servanda.recommendations.services.differing import Differences, differences, position_change
from servanda.recommendations.services.matching import Known, Match, bare_number, source_key
from servanda.sources.candidates import Kind, PrintedPosition
from servanda.sources.candidates import Stand as PrintedStand
from servanda.sources.models import Document, Review
from servanda.sources.resolve import Resolved


@dataclass(slots=True)
class Rows:
    """Child rows on their way to the database, written table by table."""

    sources: list[SourceRecord] = field(default_factory=list)
    texts: list[TextVersion] = field(default_factory=list)
    states: list[RecommendingState] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    taggings: list[Tagging] = field(default_factory=list)
    answers: list[WaitingAnswer] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    ended: dict[type, list[int]] = field(default_factory=lambda: defaultdict(list))

    def write(self, batch: Batch) -> None:
        for rows in (self.sources, self.texts, self.states, self.positions, self.taggings, self.answers):
            if rows:
                type(rows[0]).objects.bulk_create(rows)
        FieldChange.objects.bulk_create(self.changes, ignore_conflicts=True)
        for model, pks in self.ended.items():
            model.objects.filter(pk__in=pks).update(ended_by=batch)


class ChunkWriter:
    """Writes the rows of one batch; remembers the reviews and documents that it has seen."""

    def __init__(self, batch: Batch, scheme: str):
        self.batch, self.scheme = batch, scheme
        self.reviews: dict[tuple, Review] = {}
        self.documents: dict[str, Document] = {}

    @transaction.atomic
    def write(self, matches: Sequence[Match], *, done: int) -> None:
        """Write all or nothing of a chunk, and with it how far the batch has come, so that a killed job resumes."""
        rows = Rows()
        self._add_new(
            [match.row for match in matches if match.verdict == "new" and match.row.kind != Kind.ANSWER], rows
        )
        for match in matches:
            if match.verdict == "changed" and match.known:
                self._add_changed(match.known, match.row, rows)
            elif match.verdict == "new" and match.row.kind == Kind.ANSWER:
                rows.answers.append(self._waiting(match.row))
        rows.write(self.batch)
        Batch.objects.filter(pk=self.batch.pk).update(done=done)

    def _add_new(self, new: Sequence[Resolved], rows: Rows) -> None:
        made = self._recommendations(new)
        Recommendation.objects.bulk_create(made)
        for recommendation, row in zip(made, new, strict=True):
            self._add_children(recommendation, row, rows)
        self._give_waiting_answers(made, new, rows)
        also = Recommendation.also_concerns.through
        also.objects.bulk_create(
            also(recommendation_id=recommendation.pk, country_id=country)
            for recommendation, row in zip(made, new, strict=True)
            for country in row.country_ids[1:]
        )
        search.write(
            (recommendation.pk, index_tokens(recommendation.code, row.symbol, row.texts))
            for recommendation, row in zip(made, new, strict=True)
        )

    def _recommendations(self, new: Sequence[Resolved]) -> list[Recommendation]:
        stems = [
            codes.stem(
                country=row.country_code,
                body=row.body_code,
                cycle=row.cycle or 0,
                year=row.year or 0,
                paragraph=row.paragraph,
            )
            for row in new
        ]
        taken = taken_numbers(stems)
        return [self._recommendation(row, stem, taken) for row, stem in zip(new, stems, strict=True)]

    def _recommendation(self, row: Resolved, stem: str, taken: dict[str, int]) -> Recommendation:
        taken[stem] += 1
        original = row.original or next(iter(row.texts), "")
        return Recommendation(
            code=codes.nth(stem, taken[stem]),
            code_stem=stem,
            kind=row.kind.value,
            country_id=row.country_ids[0] if row.country_ids else None,
            body_id=row.body_id,
            review=self._review(row),
            document=self._document(row),
            paragraph=row.paragraph,
            order_key=codes.order_key(stem.removesuffix(f"-{row.paragraph}"), row.paragraph, row.order),
            date=row.published,
            year=row.year,
            language=original,
            stand=row.position.stand.value if row.position else "",
            is_published=self.batch.publish,
            added_by=self.batch,
        )

    def _add_children(self, recommendation: Recommendation, row: Resolved, rows: Rows) -> None:
        owned = {"recommendation": recommendation, "added_by": self.batch}
        scheme, _identity = source_key(row, self.scheme)
        rows.sources.append(self._source(recommendation.pk, row))
        for language, text in row.texts.items():
            is_original = language == row.original
            rows.texts.append(
                TextVersion(**owned, language=language, text=text, source=self.scheme, is_original=is_original)
            )
        rows.states += [RecommendingState(**owned, country_id=country) for country in row.recommending_ids]
        rows.taggings += [Tagging(**owned, term_id=term, scheme=scheme) for term in row.term_ids]
        if row.position:
            position, _none = position_change([], row.position, row.published)
            rows.positions.append(self._owned(position, recommendation.pk))

    def _add_changed(self, known: Known, row: Resolved, rows: Rows) -> None:
        found = differences(known, row, self.scheme)
        scheme, _identity = source_key(row, self.scheme)
        owned = {"recommendation_id": known.pk, "added_by": self.batch}
        rows.sources.append(self._source(known.pk, row))
        if found.ended_source:
            rows.ended[SourceRecord].append(found.ended_source.pk)
        confirmed = [(old.language, old, old.text) for old in found.confirmed]
        for language, old, text in [*found.texts, *confirmed]:
            is_original = old.is_original if old else False
            rows.texts.append(
                TextVersion(**owned, language=language, text=text, source=self.scheme, is_original=is_original)
            )
            if old:
                rows.ended[TextVersion].append(old.pk)
        rows.states += [RecommendingState(**owned, country_id=country) for country in found.states]
        rows.taggings += [Tagging(**owned, term_id=term, scheme=scheme) for term in found.terms]
        rows.ended[Tagging] += [tagging.pk for tagging in found.gone]
        self._add_position(known.pk, found, rows)
        rows.changes += [
            FieldChange(
                batch=self.batch,
                recommendation_id=known.pk,
                field=name,
                old=str(known.fields[name] or ""),
                new=str(value),
            )
            for name, value in found.fields.items()
        ]

    def _add_position(self, pk: int, found: Differences, rows: Rows) -> None:
        if found.position:
            rows.positions.append(self._owned(found.position, pk))
        if found.replaced:
            rows.ended[Position].append(found.replaced.pk)

    def _owned(self, position: Position, pk: int) -> Position:
        position.recommendation_id, position.added_by = pk, self.batch
        return position

    def _source(self, pk: int, row: Resolved) -> SourceRecord:
        scheme, identity = source_key(row, self.scheme)
        return SourceRecord(
            recommendation_id=pk,
            added_by=self.batch,
            scheme=scheme,
            external_id=identity[:160],
            digest=row.digest,
            where=row.where[:120],
            raw=row.raw,
        )

    def _waiting(self, row: Resolved) -> WaitingAnswer:
        position = row.position
        return WaitingAnswer(
            added_by=self.batch,
            symbol=row.symbol,
            paragraph=row.paragraph,
            stand=position.stand.value,
            words=position.words[:200],
            date=row.published,
            said_in=position.symbol,
            said_in_paragraph=position.paragraph,
            comment=position.comment,
            digest=row.digest,
            where=row.where[:120],
            raw=row.raw,
        )

    def _give_waiting_answers(self, made: Sequence[Recommendation], new: Sequence[Resolved], rows: Rows) -> None:
        waiting = Waiting({row.symbol for row in new if row.symbol}, new)
        stated = {position.recommendation_id: position for position in rows.positions}
        for recommendation, row in zip(made, new, strict=True):
            for answer in waiting.of(row):
                rows.sources.append(source_of(answer, recommendation.pk))
                rows.positions += answered(answer, recommendation.pk, stated.get(recommendation.pk))

    def _review(self, row: Resolved) -> Review | None:
        if not row.country_ids or not (row.cycle or row.year):
            return None
        key = (row.body_id, row.country_ids[0], row.cycle or 0, 0 if row.cycle else row.year)
        if key not in self.reviews:
            body, country, cycle, year = key
            self.reviews[key], _created = Review.objects.get_or_create(
                body_id=body, country_id=country, cycle=cycle, year=year, defaults={"session": row.session}
            )
        return self.reviews[key]

    def _document(self, row: Resolved) -> Document | None:
        if not row.symbol:
            return None
        if row.symbol not in self.documents:
            self.documents[row.symbol], _created = Document.objects.get_or_create(
                symbol=row.symbol,
                defaults={
                    "body_id": row.body_id,
                    "review": self._review(row),
                    "date": row.published,
                    "external_id": row.document_id,
                },
            )
        return self.documents[row.symbol]


def taken_numbers(stems: Iterable[str]) -> dict[str, int]:
    """How many records have each stem already; a number once given is never given again."""
    taken: dict[str, int] = defaultdict(int)
    found = Recommendation.objects.filter(code_stem__in=set(stems)).values_list("code_stem", "code")
    for stem, code in found:
        _stem, _tilde, number = code.partition("~")
        taken[stem] = max(taken[stem], int(number or 1))
    return taken


class Waiting:
    """The answers that came before their recommendations, found by paragraph, or by a bare number if it is clear."""

    def __init__(self, symbols: set[str], new: Sequence[Resolved]):
        self.answers: dict[tuple[str, str], list[WaitingAnswer]] = defaultdict(list)
        for answer in WaitingAnswer.objects.current().filter(symbol__in=symbols):
            self.answers[answer.symbol, answer.paragraph].append(answer)
        self.endings = Counter((row.symbol, bare_number(row.paragraph)) for row in new)

    def of(self, row: Resolved) -> list[WaitingAnswer]:
        if exact := self.answers.get((row.symbol, row.paragraph)):
            return exact
        bare = (row.symbol, bare_number(row.paragraph))
        return self.answers.get(bare, []) if self.endings[bare] == 1 else []


def answered(answer: WaitingAnswer, pk: int, stated: Position | None) -> list[Position]:
    """The position that had waited belongs to the batch that brought it, and so falls with it."""
    printed = PrintedPosition(
        PrintedStand(answer.stand), answer.words, answer.said_in, answer.said_in_paragraph, answer.comment
    )
    position, replaced = position_change([stated] if stated else [], printed, answer.date)
    if position is None:
        return []
    if replaced is not None:
        replaced.ended_by_id = answer.added_by_id
    position.recommendation_id, position.added_by_id = pk, answer.added_by_id
    return [position]


def source_of(answer: WaitingAnswer, pk: int) -> SourceRecord:
    return SourceRecord(
        recommendation_id=pk,
        added_by_id=answer.added_by_id,
        scheme="addendum",
        external_id=f"{answer.symbol}#{answer.paragraph}",
        digest=answer.digest,
        where=answer.where,
        raw=answer.raw,
    )


def index_tokens(code: str, symbol: str, texts: dict[str, str]) -> list[str]:
    """What search finds a record by: its texts, each in its own language, its reference and its document."""
    return tokens_of_texts({**texts, "": f"{texts.get('', '')} {code} {symbol}".strip()})
