"""A record as it was at the end of a day: its fields from their history, and the rows that were current then."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.recommendations.models import FieldChange, Recommendation, Tagging, TextVersion, by_language
from servanda.recommendations.pages.detail import Record, labels_of
from servanda.recommendations.records.as_of import current_at, end_of
from servanda.recommendations.records.stands import stand_of
from servanda.trail.models import Event
from servanda.vocab.models import Country


def read_past(
    recommendation: Recommendation, *, on: date, with_drafts: bool, with_machine: bool = True
) -> Record | None:
    """The record as of that day; None where it was not in the register yet. Imports that were undone later do not
    count."""
    moment = end_of(on)
    if began(recommendation) > moment:
        return None
    then = fields_at(recommendation, moment)
    texts = by_language(texts_at(recommendation, then, moment))
    positions = list(current_at(recommendation.positions.with_days(), moment))
    labels = current_at(recommendation.taggings, moment)
    then.stand = stand_of(then, positions)
    return Record(
        recommendation=then,
        texts=[text for text in texts if text.form == TextVersion.Form.FULL],
        plain=[text for text in texts if text.form == TextVersion.Form.PLAIN],
        states=list(current_at(recommendation.recommending, moment).select_related("country")),
        positions=[position for position in positions if with_drafts or not position.is_draft],
        follow_ups=list(current_at(recommendation.follow_ups.with_obligation(), moment).select_related("said_by")),
        labels=labels_of(labels if with_machine else labels.exclude(origin=Tagging.Origin.MACHINE)),
        links=[],
        named_by=[],
        sources=list(current_at(recommendation.sources, moment).order_by("pk").select_related("added_by")),
        previous=None,
        next=None,
        also_concerns=list(concerned_then(recommendation, moment)),
        restricted_to=list(named_then(recommendation, moment)),
    )


def began(recommendation: Recommendation) -> datetime:
    batch = recommendation.added_by
    return (batch.applied_at if batch else None) or recommendation.created_at


def fields_at(recommendation: Recommendation, moment: datetime) -> Recommendation:
    """The fields from the history. Imports write none, so a record without history has not changed."""
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
    """The texts of then. Which one is the original follows the language of the record."""
    texts = list(current_at(recommendation.texts, moment).select_related("reviewed_by"))
    if then.language != recommendation.language:
        for text in texts:
            text.is_original = text.form == TextVersion.Form.FULL and text.language == then.language
    return texts


def concerned_then(recommendation: Recommendation, moment: datetime) -> QuerySet:
    for _at, codes in edits_since(recommendation, "also_concerns", moment):
        return Country.objects.filter(code__in=codes)
    return recommendation.also_concerns.all()


def named_then(recommendation: Recommendation, moment: datetime) -> QuerySet:
    """The institutions that could see it: those from before the first later change, by hand or in bulk."""
    since = [*edits_since(recommendation, "restricted_to", moment), *bulk_since(recommendation, moment)]
    if not since:
        return recommendation.restricted_to.all()
    _at, institutions_before = min(since, key=lambda change: change[0])
    return Institution.objects.filter(
        Q(code__in=institutions_before) | Q(pk__in=[key for key in institutions_before if isinstance(key, int)])
    )


def edits_since(recommendation: Recommendation, field: str, moment: datetime) -> Iterator[tuple[datetime, list]]:
    """The codes in a field before each later edit by hand, the earliest edit first."""
    events = Event.objects.filter(
        object_type=Recommendation._meta.label_lower,
        object_id=str(recommendation.pk),
        action="recommendation-edited",
        at__gt=moment,
    )
    for event in events.order_by("sequence"):
        difference = json.loads(event.difference) if event.difference else {}
        if field in difference:
            yield event.at, [code for code in difference[field][0].split(", ") if code]


def bulk_since(recommendation: Recommendation, moment: datetime) -> Iterator[tuple[datetime, list]]:
    changes = FieldChange.objects.filter(
        recommendation=recommendation,
        field="confidentiality",
        batch__state=Batch.State.APPLIED,
        batch__applied_at__gt=moment,
    )
    for change in changes.select_related("batch"):
        yield change.batch.applied_at, [int(pk) for pk in change.old.split()[1:]]
