"""Records as the API publishes them: read in a fixed number of queries, and put into their shapes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, cast

from django.db.models import Prefetch, QuerySet

from servanda.api import schemas
from servanda.api.words import by_language
from servanda.people.models import User
from servanda.proceedings.cases.reading import actions_on
from servanda.progress.models import Assessment, Voice, voices_of
from servanda.progress.records.columns import BESIDE_PUBLIC, day_of_last_update, statuses_by_voice
from servanda.progress.records.measure_columns import statuses_of_bodies
from servanda.recommendations import models
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.records.follow_up_columns import columns_of, prefetch_follow_ups
from servanda.recommendations.register.rows import strongest
from servanda.sources import models as sources


class ReadRecord(Protocol):
    """A record with what `with_published` or `with_inside` read of it; without that no shape is made, and no draft
    is shown."""

    current_texts: list[models.TextVersion]
    shown_positions: list[models.Position]
    asking: list[models.RecommendingState]
    shown_taggings: list[models.Tagging]
    current_sources: list[models.SourceRecord]
    current_follow_ups: list[models.FollowUp]
    signed_assessments: list[Assessment]


def with_published(records: QuerySet) -> QuerySet:
    """Records with all that is published of them, in a fixed number of queries."""
    return _with(records, models.Position.objects.current().filter(is_draft=False))


def with_inside(records: QuerySet, *, drafts: bool) -> QuerySet:
    """The same for those inside."""
    positions = models.Position.objects.current()
    read = _with(records, positions if drafts else positions.filter(is_draft=False))
    return read.prefetch_related("restricted_to")


def _with(records: QuerySet, positions: models.PositionQuerySet) -> QuerySet:
    labels = assigned_labels().filter(term__is_artefact=False).select_related("term__taxonomy")
    states = models.RecommendingState.objects.current().select_related("country")
    signed = Assessment.objects.signed().standing().select_related("institution", "accreditation", "grade")
    signed = signed.prefetch_related("replies", "copied_from__replies")
    rows = models.SourceRecord.objects.current().defer("raw").order_by("pk")
    related = records.select_related("body", "review__body", "country", "document", "ordered").annotate(
        **BESIDE_PUBLIC
    )
    return related.prefetch_related(
        "also_concerns",
        "links_out",
        "links_in",
        Prefetch("texts", models.TextVersion.objects.current(), to_attr="current_texts"),
        Prefetch("positions", positions.with_days(), to_attr="shown_positions"),
        Prefetch("recommending", states, to_attr="asking"),
        Prefetch("taggings", labels.order_by("term__taxonomy__order", "term__order", "pk"), to_attr="shown_taggings"),
        Prefetch("sources", rows, to_attr="current_sources"),
        prefetch_follow_ups(),
        Prefetch("assessments", signed, to_attr="signed_assessments"),
    )


def recommendations(records: Iterable[models.Recommendation], site: str) -> list[schemas.Recommendation]:
    """The published shape of records read by `with_published`; `site` stands in front of each address."""
    records = list(records)
    known = _known(records, models.Recommendation.objects.public())
    return [schemas.Recommendation(**_facts(record, site, known)) for record in records]


def inside(
    records: Iterable[models.Recommendation], site: str, *, seen: QuerySet, opened: QuerySet, person: User | None
) -> list[schemas.Recommendation]:
    """The shape for those inside, of records read by `with_inside`; links lead to records that are `seen`, and a
    record that is not among the `opened` has the published shape."""
    records = list(records)
    known, measures = _known(records, seen), _measures(records, person)
    theirs = set(opened.filter(pk__in=[record.pk for record in records]).values_list("pk", flat=True))
    return [
        schemas.InsideRecommendation(
            **_facts(record, site, known) | _inside_facts(record) | {"measure": measures.get(record.pk)}
        )
        if record.pk in theirs
        else schemas.Recommendation(**_facts(record, site, known))
        for record in records
    ]


def _known(records: Sequence[models.Recommendation], seen: QuerySet) -> dict[int, str]:
    others = {pk for record in records for pk in _linked(record)}
    # Filtered by id: a join would make the database list all records that the person may see.
    return dict(seen.filter(pk__in=others).values_list("pk", "code"))


def _facts(record: models.Recommendation, site: str, known: Mapping[int, str]) -> dict[str, Any]:
    read = cast(ReadRecord, record)
    return {
        "code": record.code,
        "address": site + record.get_absolute_url(),
        "kind": record.kind,
        "country": record.country.code if record.country else None,
        "also_concerns": sorted(country.code for country in record.also_concerns.all()),
        "body": record.body.code,
        "review": _review(record.review) if record.review else None,
        "document": _document(record.document) if record.document else None,
        "paragraph": record.paragraph,
        "date": _day(record.date),
        "year": record.year,
        "language": record.language,
        "stand": record.stand,
        "national_code": record.national_code,
        "articles": record.articles,
        "territory": record.territory,
        "status": _status(record),
        "signed_assessments": [_signed(assessment) for assessment in read.signed_assessments],
        "last_update": day_of_last_update(record),
        "measure": _measure(record),
        **columns_of(read.current_follow_ups),
        "texts": [_text(text) for text in read.current_texts],
        "positions": [schemas.Position(**_position(position)) for position in read.shown_positions],
        "recommending": [row.country.code for row in read.asking],
        "labels": [_label(tagging) for tagging in strongest(read.shown_taggings)],
        "sources": [
            schemas.Source(scheme=models.source_family(row.scheme), id=row.external_id)
            for row in read.current_sources
        ],
        "links": list(_links(record, known)),
    }


def _status(record: models.Recommendation) -> schemas.Status:
    statuses = statuses_by_voice(record)
    may_assess = Voice.MECHANISM in voices_of(record.body)
    mechanism = statuses["mechanism"] if statuses["mechanism"] or may_assess else None
    return schemas.Status(government=statuses["government"], mechanism=mechanism, independent=statuses["independent"])


def _inside_facts(record: models.Recommendation) -> dict[str, Any]:
    return {
        "positions": [_inside_position(position) for position in cast(ReadRecord, record).shown_positions],
        "decide_by": _day(record.decide_by),
        "priority": record.priority,
        "horizon": record.horizon,
        "confidentiality": record.confidentiality,
        "restricted_to": [institution.code for institution in record.restricted_to.all()],
        "is_published": record.is_published,
        "version": record.version,
    }


def _measure(record: models.Recommendation) -> schemas.Measure | None:
    facts = getattr(record, "ordered", None)
    return schemas.Measure(type=facts.type, due_on=_day(facts.due_on)) if facts else None


def _measures(records: Sequence[models.Recommendation], person: User | None) -> dict[int, schemas.InsideMeasure]:
    """The measures among these records with what those inside read of them; no query if there is none."""
    ordered = {record.pk: facts for record in records if (facts := getattr(record, "ordered", None))}
    if not ordered or person is None:
        return {}
    statuses = statuses_of_bodies(list(ordered))
    planned = actions_on([record for record in records if record.pk in ordered], person)
    return {
        pk: schemas.InsideMeasure(
            type=facts.type,
            due_on=_day(facts.due_on),
            amount=_amount(facts.amount),
            currency=facts.currency,
            interest=_amount(facts.interest),
            paid_on=_day(facts.paid_on),
            body_status=statuses.get(pk, ""),
            actions=[action.code for action in planned.get(pk, [])],
        )
        for pk, facts in ordered.items()
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _review(review: sources.Review) -> schemas.Review:
    return schemas.Review(
        body=review.body.code, cycle=review.cycle or None, year=review.year or None, session=review.session
    )


def _document(document: sources.Document) -> schemas.Document:
    return schemas.Document(symbol=document.symbol, title=document.title, date=_day(document.date))


def _signed(assessment: Assessment) -> schemas.SignedAssessment:
    assert assessment.institution is not None
    assert assessment.accreditation is not None
    origin = assessment.copied_from or assessment
    return schemas.SignedAssessment(
        institution=by_language(assessment.institution.name),
        accreditation=assessment.accreditation.status,
        date=assessment.date.isoformat(),
        value=assessment.grade.code,
        common=assessment.common,
        reason=assessment.reason,
        replies=[schemas.Reply(date=reply.at.date().isoformat(), text=reply.text) for reply in origin.replies.all()],
    )


def _text(text: models.TextVersion) -> schemas.Text:
    return schemas.Text(
        language=text.language,
        form=text.form,
        text=text.text,
        is_original=text.is_original,
        is_machine=text.is_machine,
        source=text.source,
    )


def _position(position: models.Position) -> dict[str, Any]:
    return {
        "stand": position.stand,
        "words": position.words,
        "date": _day(position.day),
        "date_is_of_document": position.day_is_of_document,
        "document": position.symbol,
        "paragraph": position.paragraph,
        "comment": position.comment,
    }


def _inside_position(position: models.Position) -> schemas.InsidePosition:
    return schemas.InsidePosition(**_position(position), is_draft=position.is_draft)


def _label(tagging: models.Tagging) -> schemas.Label:
    return schemas.Label(
        taxonomy=taxonomy_key(tagging.term.taxonomy.code),
        code=tagging.term.code,
        label=by_language(tagging.term.label),
        origin=tagging.origin,
        source=models.source_family(tagging.scheme),
    )


def _linked(record: models.Recommendation) -> Iterator[int]:
    yield from (link.to_recommendation_id for link in record.links_out.all())
    yield from (link.from_recommendation_id for link in record.links_in.all())


def _links(record: models.Recommendation, known: Mapping[int, str]) -> Iterator[schemas.Link]:
    for link in record.links_out.all():
        if code := known.get(link.to_recommendation_id):
            yield schemas.Link(relation=link.relation, direction="to", code=code)
    for link in record.links_in.all():
        if code := known.get(link.from_recommendation_id):
            yield schemas.Link(relation=link.relation, direction="from", code=code)
