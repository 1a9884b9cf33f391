"""Which text an independent voice assessed, where the page shows another: one that was written since, or that of the
record into which the one it assessed was merged."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q

from servanda.intake.models import Batch
from servanda.progress.models import Assessment, Voice
from servanda.recommendations.models import Recommendation, TextVersion, by_language

LATER_TEXTS = TextVersion.objects.filter(
    Q(created_at__gt=OuterRef("made_at"))
    | Q(ended_at__gt=OuterRef("made_at"))
    | Q(added_by__applied_at__gt=OuterRef("made_at"))
    | Q(ended_by__applied_at__gt=OuterRef("made_at")),
    recommendation=OuterRef("recommendation"),
)
# Asked with the assessments: whether the record was changed since, so that nothing is asked where it was not.
CHANGES = {
    "has_later_texts": Exists(LATER_TEXTS),
    "was_edited": Exists(
        Recommendation.history.filter(id=OuterRef("recommendation"), history_date__gt=OuterRef("made_at"))
    ),
}


@dataclass(frozen=True, slots=True)
class TextAssessed:
    record: Recommendation | None = None  # where a merge brought the assessment from another
    changed_at: datetime | None = None  # of the record that is shown
    text: TextVersion | None = None
    source_changed_at: datetime | None = None


def texts_assessed(
    rows: Iterable[Assessment], shown: Recommendation, *, until: datetime | None = None
) -> dict[int, TextAssessed]:
    """By assessment, those whose text is not the one on the page; ask for them with `CHANGES`. `until`: as of then,
    for a record that has left the public. At most two questions, and none where nothing was changed or merged."""
    asked = [
        one for one in rows if one.copied_from_id or (one.is_signed and any(vars(one)[name] for name in CHANGES))
    ]
    sources = {one.pk: record for one in asked if (record := source_of(one))}
    if not sources:
        return {}
    texts = texts_of({record.pk for record in sources.values()})
    versions = versions_of(shown) if any(vars(one)["was_edited"] for one in asked) else []
    found = {}
    for one in asked:
        if (record := sources.get(one.pk)) is None:
            continue
        theirs = [text for text in texts if text.recommendation_id == record.pk]
        if one.copied_from_id:
            found[one.pk] = TextAssessed(record=record, text=first(there_at(one.made_at, theirs)))
            continue
        changed = changed_since(one.made_at, theirs, shown.language, until)
        other_source = source_changed_since(one.made_at, versions, until)
        if changed or other_source:
            gone = [text for text in there_at(one.made_at, theirs) if end_of(text)]
            found[one.pk] = TextAssessed(
                changed_at=changed, text=first(gone) if changed else None, source_changed_at=other_source
            )
    return found


def source_of(one: Assessment) -> Recommendation | None:
    """The record that was assessed. Of one that was merged, only where everybody could see it."""
    if one.copied_from is None:
        return one.recommendation
    record = one.copied_from.recommendation
    is_open = record.is_published and record.confidentiality == Recommendation.Confidentiality.PUBLIC
    return record if is_open and one.voice == Voice.INDEPENDENT else None


def texts_of(records: Collection[int]) -> list[TextVersion]:
    """All that were ever there, without those of an import that does not count, and without machine translations."""
    hidden = Batch.objects.hidden().values("pk")
    rows = TextVersion.objects.filter(recommendation__in=records, form=TextVersion.Form.FULL, is_machine=False)
    return list(rows.exclude(added_by__in=hidden).select_related("added_by", "ended_by"))


def versions_of(record: Recommendation) -> list[tuple[datetime, tuple]]:
    """Which document, paragraph and date the record named, and since when."""
    rows = Recommendation.history.filter(id=record.pk).order_by("history_date", "history_id")
    return [(at, tuple(source)) for at, *source in rows.values_list("history_date", "document", "paragraph", "date")]


def source_changed_since(
    moment: datetime, versions: Iterable[tuple[datetime, tuple]], until: datetime | None
) -> datetime | None:
    """When the record was last given another document, paragraph or date."""
    versions = [(at, source) for at, source in versions if until is None or at <= until]
    changed = [at for (_at, old), (at, new) in pairwise(versions) if old != new and at > moment]
    return max(changed, default=None)


def start_of(text: TextVersion) -> datetime | None:
    return text.created_at or (text.added_by.applied_at if text.added_by else None)


def end_of(text: TextVersion) -> datetime | None:
    by_batch = text.ended_by if text.ended_by and text.ended_by.state == Batch.State.APPLIED else None
    return text.ended_at or (by_batch.applied_at if by_batch else None)


def there_at(moment: datetime, texts: Iterable[TextVersion]) -> list[TextVersion]:
    begun = [text for text in texts if (start := start_of(text)) is None or start <= moment]
    return [text for text in begun if (end := end_of(text)) is None or end > moment]


def changed_since(
    moment: datetime, texts: Iterable[TextVersion], language: str, until: datetime | None
) -> datetime | None:
    """When a text that was there was last ended, or another written in the language of the record."""
    texts = list(texts)
    ended = [end_of(text) for text in there_at(moment, texts)]
    begun = [start_of(text) for text in texts if text.language == language]
    days = [day for day in (*ended, *begun) if day and day > moment and (until is None or day <= until)]
    return max(days, default=None)


def first(texts: Iterable[TextVersion]) -> TextVersion | None:
    return next(iter(by_language(texts)), None)
