"""A record as it was at the end of a day: its fields from their history, and the rows that counted then."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.recommendations.models import FieldChange, Recommendation, Tagging, TextVersion, by_language
from servanda.recommendations.pages.detail import Record, labels_of
from servanda.recommendations.records.stands import stand_of
from servanda.trail.models import Event
from servanda.vocab.models import Country


def read_past(
    recommendation: Recommendation, *, on: date, with_drafts: bool, with_machine: bool = True
) -> Record | None:
    """None if the record was not in the register yet; an import that was undone since never counted."""
    moment = end_of(on)
    if began(recommendation) > moment:
        return None
    then = fields_at(recommendation, moment)
    texts = by_language(texts_at(recommendation, then, moment))
    positions = list(counting(recommendation.positions.with_days(), moment))
    labels = counting(recommendation.taggings, moment)
    then.stand = stand_of(then, positions)
    return Record(
        recommendation=then,
        texts=[text for text in texts if text.form == TextVersion.Form.FULL],
        plain=[text for text in texts if text.form == TextVersion.Form.PLAIN],
        states=list(counting(recommendation.recommending, moment).select_related("country")),
        positions=[one for one in positions if with_drafts or not one.is_draft],
        follow_ups=list(counting(recommendation.follow_ups, moment).select_related("said_by")),
        labels=labels_of(labels if with_machine else labels.exclude(origin=Tagging.Origin.MACHINE)),
        links=[],
        named_by=[],
        sources=list(counting(recommendation.sources, moment).order_by("pk").select_related("added_by")),
        previous=None,
        next=None,
        also_concerns=list(concerned_then(recommendation, moment)),
        restricted_to=list(named_then(recommendation, moment)),
    )


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - datetime.resolution


def began(recommendation: Recommendation) -> datetime:
    batch = recommendation.added_by
    return (batch.applied_at if batch else None) or recommendation.created_at


def counting(rows, moment: datetime) -> QuerySet:
    """Those that had been written, or switched on with their batch, and were not ended yet."""
    applied = Batch.objects.filter(state=Batch.State.APPLIED, applied_at__lte=moment).values("pk")
    by_hand = Q(added_by=None) & (Q(created_at=None) | Q(created_at__lte=moment))
    standing = Q(ended_at=None) | Q(ended_at__gt=moment)
    return rows.filter(by_hand | Q(added_by__in=applied), standing, ~Q(ended_by__in=applied))


def fields_at(recommendation: Recommendation, moment: datetime) -> Recommendation:
    """From the history; imports write none, so what no hand has touched yet is as it is now."""
    rows = recommendation.history
    try:
        then = rows.as_of(moment)
    except Recommendation.DoesNotExist:
        first = rows.order_by("history_date", "history_id").first()
        then = first.instance if first else Recommendation.objects.get(pk=recommendation.pk)
    if then.date and not (then.review and then.review.year):
        then.year = then.date.year
    return then


def texts_at(recommendation: Recommendation, then: Recommendation, moment: datetime) -> list[TextVersion]:
    """The mark of the original moves from text to text with the language of the record."""
    texts = list(counting(recommendation.texts, moment).select_related("reviewed_by"))
    if then.language != recommendation.language:
        for text in texts:
            text.is_original = text.form == TextVersion.Form.FULL and text.language == then.language
    return texts


def concerned_then(recommendation: Recommendation, moment: datetime) -> QuerySet:
    for _at, codes in edits_since(recommendation, "also_concerns", moment):
        return Country.objects.filter(code__in=codes)
    return recommendation.also_concerns.all()


def named_then(recommendation: Recommendation, moment: datetime) -> QuerySet:
    """The institutions that could see it: as the first change since, by hand or in bulk, found them."""
    since = [*edits_since(recommendation, "restricted_to", moment), *bulk_since(recommendation, moment)]
    if not since:
        return recommendation.restricted_to.all()
    _at, named = min(since, key=lambda change: change[0])
    return Institution.objects.filter(Q(code__in=named) | Q(pk__in=[one for one in named if isinstance(one, int)]))


def edits_since(recommendation: Recommendation, field: str, moment: datetime) -> Iterator[tuple[datetime, list]]:
    """What each edit by hand found in a list of codes, the first edit first."""
    events = Event.objects.filter(
        object_type=Recommendation._meta.label_lower,
        object_id=str(recommendation.pk),
        action="recommendation-edited",
        at__gt=moment,
    )
    for event in events.order_by("sequence"):
        found = json.loads(event.difference) if event.difference else {}
        if field in found:
            yield event.at, [code for code in found[field][0].split(", ") if code]


def bulk_since(recommendation: Recommendation, moment: datetime) -> Iterator[tuple[datetime, list]]:
    changes = FieldChange.objects.filter(
        recommendation=recommendation,
        field="confidentiality",
        batch__state=Batch.State.APPLIED,
        batch__applied_at__gt=moment,
    )
    for change in changes.select_related("batch"):
        yield change.batch.applied_at, [int(pk) for pk in change.old.split()[1:]]
