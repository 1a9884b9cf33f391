"""Loads records with everything that an import may change, as they are now or were before an import."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from servanda.intake.models import Batch, Batched
from servanda.language.comparison.likeness import normal
from servanda.recommendations.models import (
    FollowUp,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from servanda.sources.models import Obligation


@dataclass(slots=True)
class Known:
    """A recommendation of the register with what an import may change."""

    pk: int
    code: str
    fields: dict
    texts: dict[str, TextVersion] = field(default_factory=dict)
    unnamed: list[TextVersion] = field(default_factory=list)  # texts whose language no source names
    states: set[int] = field(default_factory=set)
    taggings: dict[int, Tagging] = field(default_factory=dict)
    removed_terms: set[int] = field(default_factory=set)  # removed by a person; a file does not add them again
    positions: list[Position] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    printed_days: dict[int, set[date]] = field(default_factory=dict)  # by obligation, with earlier days
    asked_by_hand: set[str] = field(default_factory=set)  # kinds that a person set or removed; no file changes them
    sources: dict[tuple[str, str], SourceRecord] = field(default_factory=dict)
    normals: set[str] = field(default_factory=set)

    def words(self) -> set[str]:
        """The normalised texts for comparison, computed on first use."""
        if not self.normals:
            self.normals = {normal(text.text) for text in self.all_texts()}
        return self.normals

    def all_texts(self) -> list[TextVersion]:
        return [*self.texts.values(), *self.unnamed]

    def digest(self) -> str:
        """Another one as soon as anything changes that a file could replace. 16 characters."""
        positions = [(row.stand, row.words, row.date, row.symbol, row.comment) for row in self.positions]
        follow_ups = [(row.kind, row.words, row.due_on) for row in self.follow_ups]
        content = [
            self.fields,
            sorted((row.language, row.text) for row in self.all_texts()),
            sorted(self.states),
            sorted(self.taggings),
            sorted(map(str, [*positions, *follow_ups])),
        ]
        return hashlib.blake2b(repr(content).encode(), digest_size=8).hexdigest()


KNOWN_FIELDS = ("kind", "date", "paragraph", "document_id", "review_id", "language")


def load_known(pks: Iterable[int], *, before: Batch | None = None) -> dict[int, Known]:
    """Recommendations with everything that an import may change, now or before an import, in eight queries."""
    pks = list(pks)
    if not pks:
        return {}
    values = Recommendation.objects.filter(pk__in=pks).values("pk", "code", *KNOWN_FIELDS)
    records = {row["pk"]: Known(row.pop("pk"), row.pop("code"), row) for row in values}
    for text in present(TextVersion, pks, before).filter(form=TextVersion.Form.FULL):
        if text.language:
            records[text.recommendation_id].texts[text.language] = text
        else:
            records[text.recommendation_id].unnamed.append(text)
    for pk, country in present(RecommendingState, pks, before).values_list("recommendation_id", "country_id"):
        records[pk].states.add(country)
    add_labels(records, before)
    for position in present(Position, pks, before).filter(is_draft=False):
        records[position.recommendation_id].positions.append(position)
    add_follow_ups(records, before)
    for source in present(SourceRecord, pks, before).defer("raw"):
        records[source.recommendation_id].sources[source.scheme, source.external_id] = source
    return records


def present[Child: Batched](model: type[Child], pks: Iterable[int], before: Batch | None = None) -> QuerySet[Child]:
    return as_before(model._default_manager.filter(recommendation__in=pks), before)


def as_before[Child: Batched](rows: QuerySet[Child], batch: Batch | None) -> QuerySet[Child]:
    """The current rows; with a batch, those that were current before it."""
    if batch is None:
        return rows.filter(ended_by=None, ended_at=None)
    return rows.exclude(added_by=batch).filter(Q(ended_by=None) | Q(ended_by=batch), ended_at=None)


def add_follow_ups(records: dict[int, Known], before: Batch | None) -> None:
    rows = list(FollowUp.objects.filter(recommendation__in=records).with_obligation())
    days = former_days({row.obligation.pk for row in rows if row.obligation and row.obligation.version > 1})
    for follow_up in rows:
        record = records[follow_up.recommendation_id]
        is_own = before is not None and follow_up.added_by_id == before.pk
        is_ended = follow_up.ended_by_id is not None and (before is None or follow_up.ended_by_id != before.pk)
        if not (is_own or is_ended or follow_up.ended_at):
            record.follow_ups.append(follow_up)
            record.printed_days |= {pk: days[pk] for pk in [follow_up.obligation_id] if pk in days}
        if follow_up.said_by_id or follow_up.ended_at:
            record.asked_by_hand.add(follow_up.kind)


def former_days(obligations: set[int]) -> dict[int, set[date]]:
    """The days that changed obligations have had: a file goes on printing the first."""
    days: dict[int, set[date]] = {}
    if obligations:
        rows = Obligation.history.filter(id__in=obligations, due_on__isnull=False).order_by()
        for pk, day in rows.values_list("id", "due_on").distinct():
            days.setdefault(pk, set()).add(day)
    return days


def add_labels(records: dict[int, Known], before: Batch | None) -> None:
    for tagging in present(Tagging, records, before).filter(origin=Tagging.Origin.SOURCE):
        records[tagging.recommendation_id].taggings[tagging.term_id] = tagging
    removed = Tagging.objects.filter(recommendation__in=records).exclude(ended_at=None)
    for pk, term in removed.values_list("recommendation_id", "term_id"):
        records[pk].removed_terms.add(term)


def joined_records(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The records with these sources, by scheme and id."""
    keys = set(keys)
    sources = SourceRecord.objects.filter(
        ended_by=None,
        ended_at=None,
        scheme__in={scheme for scheme, _identity in keys},
        external_id__in={identity for _scheme, identity in keys},
    ).order_by("pk")
    places = sources.values_list("scheme", "external_id", "recommendation_id")
    return {(scheme, identity): pk for scheme, identity, pk in places if (scheme, identity) in keys}
