"""The text that an independent voice assessed, if the page now shows another: because it was edited since, or because
the assessed record was merged."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q

from servanda.intake.models import Batch, hidden_batches
from servanda.progress.models import Assessment, Voice
from servanda.recommendations.models import Recommendation, TextVersion, by_language

LATER_TEXTS = TextVersion.objects.filter(
    Q(created_at__gt=OuterRef("made_at"))
    | Q(ended_at__gt=OuterRef("made_at"))
    | Q(added_by__applied_at__gt=OuterRef("made_at"))
    | Q(ended_by__applied_at__gt=OuterRef("made_at")),
    recommendation=OuterRef("recommendation"),
)
# Annotations on assessments: whether the record was changed since, so that texts are only queried if it was.
CHANGES = {
    "has_later_texts": Exists(LATER_TEXTS),
    "was_edited": Exists(
        Recommendation.history.filter(id=OuterRef("recommendation"), history_date__gt=OuterRef("made_at"))
    ),
}


@dataclass(frozen=True, slots=True)
class TextAssessed:
    record: Recommendation | None = None  # the assessed record, if the assessment came here by a merge
    changed_at: datetime | None = None  # of the record that is shown
    text: TextVersion | None = None
    source_changed_at: datetime | None = None


def texts_assessed(
    rows: Iterable[Assessment], shown: Recommendation, *, until: datetime | None = None
) -> dict[int, TextAssessed]:
    """By assessment, the assessed text, if it is not the one on the page. The query of `rows` needs `CHANGES`.

    `until` is the time at which a record left the public. At most two queries, none if nothing was changed or merged.
    """
    to_check = [
        assessment
        for assessment in rows
        if assessment.copied_from_id or (assessment.is_signed and any(vars(assessment)[name] for name in CHANGES))
    ]
    sources = {assessment.pk: record for assessment in to_check if (record := source_of(assessment))}
    if not sources:
        return {}
    texts = texts_of({record.pk for record in sources.values()})
    versions = versions_of(shown) if any(vars(assessment)["was_edited"] for assessment in to_check) else []
    assessed = {}
    for assessment in to_check:
        if (record := sources.get(assessment.pk)) is None:
            continue
        own_texts = [text for text in texts if text.recommendation_id == record.pk]
        if assessment.copied_from_id:
            assessed[assessment.pk] = TextAssessed(
                record=record, text=first(in_force_at(assessment.made_at, own_texts))
            )
            continue
        changed = changed_since(assessment.made_at, own_texts, shown.language, until)
        other_source = source_changed_since(assessment.made_at, versions, until)
        if changed or other_source:
            ended = [text for text in in_force_at(assessment.made_at, own_texts) if end_of(text)]
            assessed[assessment.pk] = TextAssessed(
                changed_at=changed, text=first(ended) if changed else None, source_changed_at=other_source
            )
    return assessed


def source_of(assessment: Assessment) -> Recommendation | None:
    """The assessed record; a merged one only if it was public."""
    if assessment.copied_from is None:
        return assessment.recommendation
    record = assessment.copied_from.recommendation
    is_open = record.is_published and record.confidentiality == Recommendation.Confidentiality.PUBLIC
    return record if is_open and assessment.voice == Voice.INDEPENDENT else None


def texts_of(records: Collection[int]) -> list[TextVersion]:
    """All full texts, past ones included, without hidden imports and machine translations."""
    hidden = hidden_batches()
    rows = TextVersion.objects.filter(recommendation__in=records, form=TextVersion.Form.FULL, is_machine=False)
    return list(rows.exclude(added_by__in=hidden).select_related("added_by", "ended_by"))


def versions_of(record: Recommendation) -> list[tuple[datetime, tuple]]:
    """The document, paragraph and date in each version of the record, and since when."""
    rows = Recommendation.history.filter(id=record.pk).order_by("history_date", "history_id")
    return [(at, tuple(source)) for at, *source in rows.values_list("history_date", "document", "paragraph", "date")]


def source_changed_since(
    moment: datetime, versions: Iterable[tuple[datetime, tuple]], until: datetime | None
) -> datetime | None:
    """When the document, paragraph or date of the record last changed after this moment."""
    versions = [(at, source) for at, source in versions if until is None or at <= until]
    changed = [at for (_at, old), (at, new) in pairwise(versions) if old != new and at > moment]
    return max(changed, default=None)


def start_of(text: TextVersion) -> datetime | None:
    return text.created_at or (text.added_by.applied_at if text.added_by else None)


def end_of(text: TextVersion) -> datetime | None:
    by_batch = text.ended_by if text.ended_by and text.ended_by.state == Batch.State.APPLIED else None
    return text.ended_at or (by_batch.applied_at if by_batch else None)


def in_force_at(moment: datetime, texts: Iterable[TextVersion]) -> list[TextVersion]:
    started = [text for text in texts if (start := start_of(text)) is None or start <= moment]
    return [text for text in started if (end := end_of(text)) is None or end > moment]


def changed_since(
    moment: datetime, texts: Iterable[TextVersion], language: str, until: datetime | None
) -> datetime | None:
    """When a text in force at this moment last ended, or another began in the language of the record."""
    texts = list(texts)
    ended = [end_of(text) for text in in_force_at(moment, texts)]
    starts = [start_of(text) for text in texts if text.language == language]
    days = [day for day in (*ended, *starts) if day and day > moment and (until is None or day <= until)]
    return max(days, default=None)


def first(texts: Iterable[TextVersion]) -> TextVersion | None:
    return next(iter(by_language(texts)), None)
