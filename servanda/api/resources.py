"""What the API publishes of a record, key by key. What is not named here does not leave the house."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, cast

from django.db.models import Prefetch, QuerySet
from ninja import Field, Schema

from servanda.api.faults import Faults
from servanda.api.words import ByLanguage, by_language
from servanda.people.models import User
from servanda.proceedings.cases.reading import actions_on
from servanda.progress.models import Assessment, Voice, voices_of
from servanda.progress.records.columns import BESIDE_PUBLIC, day_of_last_update, said_by_voice
from servanda.progress.records.measure_columns import statuses_of_bodies
from servanda.recommendations import models
from servanda.recommendations.filters.facets import said_labels
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.records.follow_up_columns import columns_of, prefetch_follow_ups
from servanda.recommendations.register.rows import strongest
from servanda.sources import models as sources


class Text(Schema):
    language: str = Field(description="Code of the language.")
    form: str = Field(description="`full` or `plain`: the full text, or a version in plain language.")
    text: str
    is_original: bool = Field(description="The language in which the text was adopted.")
    is_machine: bool = Field(description="Translated by a machine.")
    source: str = Field(description="Where the text comes from; empty when it was written here.")


class Position(Schema):
    stand: str = Field(description="`supported`, `partly`, `noted` or `pending`.")
    words: str = Field(description="The position in the words of the document.")
    date: str | None = Field(description="ISO 8601.")
    date_is_of_document: bool = Field(
        description="The position has no date of its own; `date` is that of the document that holds it."
    )
    document: str = Field(description="Symbol of the document it is from.")
    paragraph: str
    comment: str = Field(description="Comment of the State.")


class Label(Schema):
    taxonomy: str = Field(description="Key of the taxonomy, as in the filters and under `/vocabulary`.")
    code: str = Field(description="Code of the term.")
    label: ByLanguage = Field(description="Name of the term, by language.")
    origin: str = Field(description="`source` or `person`. Labels suggested by the software are not published.")
    source: str = Field(description="The source; empty if a person set it.")


class Status(Schema):
    """The assessments side by side, never merged; values of the common scale."""

    government: list[str] = Field(description="Values of the government assessment; empty without one.")
    mechanism: list[str] | None = Field(
        description="Values of the assessment by the recommending mechanism; null if it makes none, like the UPR."
    )
    independent: list[str] = Field(description="Values of independent assessments, each author once.")


class Reply(Schema):
    date: str = Field(description="ISO 8601.")
    text: str


class SignedAssessment(Schema):
    """What an accredited national human rights institution published on its own signature."""

    institution: ByLanguage = Field(description="Name of the institution, by language.")
    accreditation: str = Field(description="At the time: `a`, `b` or `under-review`.")
    date: str = Field(description="ISO 8601.")
    value: str = Field(description="Code of the value on its own scale.")
    common: str = Field(description="The value on the common scale.")
    reason: str
    replies: list[Reply] = Field(description="What the State replied, the oldest first. It changes nothing of it.")


class Source(Schema):
    scheme: str = Field(description="Kind of source: `uhri`, `thematic-list`, `working-group`, `addendum`, `sheet`.")
    id: str = Field(description="Under which id that source knows the record.")


class Link(Schema):
    relation: str = Field(description="`repeats`, `follows-up`, `split-from` or `merged-from`.")
    direction: str = Field(description="`to`: this record has the relation to the other; `from`: the other has it.")
    code: str = Field(description="Reference of the other record, which is published too.")


class Review(Schema):
    body: str
    cycle: int | None
    year: int | None
    session: int | None


class Document(Schema):
    symbol: str
    title: str
    date: str | None = Field(description="ISO 8601.")


class Measure(Schema):
    """What a court or committee has ordered."""

    type: str = Field(
        description="`payment`, `investigation`, `restitution`, `individual`, `satisfaction` or `general`."
    )
    due_on: str | None = Field(description="Deadline set by the body, ISO 8601.")


class InsideMeasure(Measure):
    amount: str | None = Field(description="Of a payment, with two decimals.")
    currency: str = Field(description="ISO 4217; empty for other measures.")
    interest: str | None = Field(description="Interest due, with two decimals.")
    paid_on: str | None = Field(description="ISO 8601.")
    body_status: str = Field(description="What the body itself says, in its own words; empty when it said nothing.")
    actions: list[str] = Field(description="References of the actions that the State plans.")


class Recommendation(Schema):
    code: str = Field(description="The permanent reference.")
    address: str = Field(description="The page for people.")
    kind: str = Field(description="`recommendation`, `observation`, `pledge`, `other` or `measure`.")
    country: str | None = Field(description="The State concerned, ISO 3166-1 alpha-3 where there is a code.")
    also_concerns: list[str] = Field(description="Other States concerned.")
    body: str = Field(description="Code of the body, as under `/bodies`.")
    review: Review | None
    document: Document | None
    paragraph: str
    date: str | None = Field(description="Date of the document, ISO 8601.")
    year: int | None
    language: str = Field(description="Language of the original; empty when not known.")
    stand: str = Field(
        description="Position of the State now; empty when it has taken none, and always for bodies on whose "
        "recommendations States take none (`takes_positions` under `/bodies`)."
    )
    national_code: str = Field(description="The code of the recommendation in the list of the State.")
    articles: str = Field(description="Articles of treaties, as the State names them.")
    territory: str = Field(description="The region or municipality concerned.")
    status: Status = Field(description="How far it is implemented, according to the published assessments.")
    signed_assessments: list[SignedAssessment] = Field(
        description="What accredited institutions published on their own signature, the newest first."
    )
    last_update: str | None = Field(description="The day of the newest published update, ISO 8601.")
    measure: Measure | None = Field(description="Of a record of the kind `measure`; null for all others.")
    follow_up_asked: bool = Field(description="The body asks to hear of it before the next report.")
    follow_up_due_on: str | None = Field(description="By when, the earliest day that is named, ISO 8601.")
    follow_up_replied_on: str | None = Field(description="When the State replied to all of it, ISO 8601.")
    dissemination_asked: bool = Field(description="The body asks that its text be made known.")
    dissemination_due_on: str | None = Field(description="By when, if a day is named, ISO 8601.")
    texts: list[Text]
    positions: Sequence[Position] = Field(description="All published positions, the oldest first.")
    recommending: list[str] = Field(description="The States that made the recommendation.")
    labels: list[Label]
    sources: list[Source]
    links: list[Link]


class InsidePosition(Position):
    is_draft: bool = Field(description="Not decided yet. Only for those who may see drafts.")


class InsideRecommendation(Recommendation):
    """What a key adds, for those who may see more than the public."""

    measure: InsideMeasure | None = Field(description="Of a record of the kind `measure`; null for all others.")
    positions: Sequence[InsidePosition] = Field(description="All positions that one may see, the oldest first.")
    decide_by: str | None = Field(description="The day by which the State is to take a position, ISO 8601.")
    priority: str = Field(description="`high`, `medium` or `low`; empty when none is set.")
    horizon: str = Field(description="The term: `short`, `medium` or `long`; empty when none is set.")
    confidentiality: str = Field(description="`public`, `internal` or `restricted`.")
    restricted_to: list[str] = Field(description="Codes of the institutions that may see it when it is restricted.")
    is_published: bool
    version: int = Field(description="Rises with each change. It is the `ETag` too, and what `If-Match` names.")


class Page(Schema):
    count: int = Field(description="How many records are found in all.")
    limit: int
    offset: int
    next: str | None = Field(description="Address of the next page.")
    previous: str | None = Field(description="Address of the page before.")
    recommendations: Sequence[Recommendation]


class InsidePage(Page):
    recommendations: Sequence[InsideRecommendation | Recommendation] = Field(
        description="Those whose internal side is closed to the owner of the key come as everybody sees them."
    )


class EditConflict(Faults):
    """Nothing was written; what is saved and what was sent, to compare them."""

    present: InsideRecommendation
    sent: dict[str, object] = Field(description="What came with the request, key by key.")


class Beside(Protocol):
    """What `with_published` or `with_inside` reads beside a record. Without it a shape fails, and shows no draft."""

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
    labels = said_labels().filter(term__is_artefact=False).select_related("term__taxonomy")
    states = models.RecommendingState.objects.current().select_related("country")
    signed = Assessment.objects.signed().standing().select_related("institution", "accreditation", "grade")
    signed = signed.prefetch_related("replies", "copied_from__replies")
    rows = models.SourceRecord.objects.current().defer("raw").order_by("pk")
    beside = records.select_related("body", "review__body", "country", "document", "ordered").annotate(
        **BESIDE_PUBLIC
    )
    return beside.prefetch_related(
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


def recommendations(records: Iterable[models.Recommendation], site: str) -> list[Recommendation]:
    """The published shape of records read by `with_published`; `site` stands in front of each address."""
    records = list(records)
    known = _known(records, models.Recommendation.objects.public())
    return [Recommendation(**_facts(record, site, known)) for record in records]


def inside(
    records: Iterable[models.Recommendation], site: str, *, seen: QuerySet, opened: QuerySet, person: User | None
) -> list[Recommendation]:
    """The shape for those inside, of records read by `with_inside`; links lead to records that are `seen`, and a
    record that is not among the `opened` has the published shape."""
    records = list(records)
    known, measures = _known(records, seen), _measures(records, person)
    theirs = set(opened.filter(pk__in=[record.pk for record in records]).values_list("pk", flat=True))
    return [
        InsideRecommendation(
            **_facts(record, site, known) | _inside_facts(record) | {"measure": measures.get(record.pk)}
        )
        if record.pk in theirs
        else Recommendation(**_facts(record, site, known))
        for record in records
    ]


def _known(records: Sequence[models.Recommendation], seen: QuerySet) -> dict[int, str]:
    others = {pk for record in records for pk in _linked(record)}
    # Filtered by id: a join would make the database list all records that the person may see.
    return dict(seen.filter(pk__in=others).values_list("pk", "code"))


def _facts(record: models.Recommendation, site: str, known: Mapping[int, str]) -> dict[str, Any]:
    beside = cast(Beside, record)
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
        "signed_assessments": [_signed(assessment) for assessment in beside.signed_assessments],
        "last_update": day_of_last_update(record),
        "measure": _measure(record),
        **columns_of(beside.current_follow_ups),
        "texts": [_text(text) for text in beside.current_texts],
        "positions": [Position(**_position(position)) for position in beside.shown_positions],
        "recommending": [row.country.code for row in beside.asking],
        "labels": [_label(tagging) for tagging in strongest(beside.shown_taggings)],
        "sources": [
            Source(scheme=models.source_family(row.scheme), id=row.external_id) for row in beside.current_sources
        ],
        "links": list(_links(record, known)),
    }


def _status(record: models.Recommendation) -> Status:
    statuses = said_by_voice(record)
    may_assess = Voice.MECHANISM in voices_of(record.body)
    mechanism = statuses["mechanism"] if statuses["mechanism"] or may_assess else None
    return Status(government=statuses["government"], mechanism=mechanism, independent=statuses["independent"])


def _inside_facts(record: models.Recommendation) -> dict[str, Any]:
    return {
        "positions": [_inside_position(position) for position in cast(Beside, record).shown_positions],
        "decide_by": _day(record.decide_by),
        "priority": record.priority,
        "horizon": record.horizon,
        "confidentiality": record.confidentiality,
        "restricted_to": [institution.code for institution in record.restricted_to.all()],
        "is_published": record.is_published,
        "version": record.version,
    }


def _measure(record: models.Recommendation) -> Measure | None:
    facts = getattr(record, "ordered", None)
    return Measure(type=facts.type, due_on=_day(facts.due_on)) if facts else None


def _measures(records: Sequence[models.Recommendation], person: User | None) -> dict[int, InsideMeasure]:
    """The measures among these records with what those inside read of them; no query if there is none."""
    ordered = {record.pk: facts for record in records if (facts := getattr(record, "ordered", None))}
    if not ordered or person is None:
        return {}
    statuses = statuses_of_bodies(list(ordered))
    planned = actions_on([record for record in records if record.pk in ordered], person)
    return {
        pk: InsideMeasure(
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


def _review(review: sources.Review) -> Review:
    return Review(body=review.body.code, cycle=review.cycle or None, year=review.year or None, session=review.session)


def _document(document: sources.Document) -> Document:
    return Document(symbol=document.symbol, title=document.title, date=_day(document.date))


def _signed(assessment: Assessment) -> SignedAssessment:
    assert assessment.institution is not None
    assert assessment.accreditation is not None
    origin = assessment.copied_from or assessment
    return SignedAssessment(
        institution=by_language(assessment.institution.name),
        accreditation=assessment.accreditation.status,
        date=assessment.date.isoformat(),
        value=assessment.grade.code,
        common=assessment.common,
        reason=assessment.reason,
        replies=[Reply(date=reply.at.date().isoformat(), text=reply.text) for reply in origin.replies.all()],
    )


def _text(text: models.TextVersion) -> Text:
    return Text(
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


def _inside_position(position: models.Position) -> InsidePosition:
    return InsidePosition(**_position(position), is_draft=position.is_draft)


def _label(tagging: models.Tagging) -> Label:
    return Label(
        taxonomy=taxonomy_key(tagging.term.taxonomy.code),
        code=tagging.term.code,
        label=by_language(tagging.term.label),
        origin=tagging.origin,
        source=models.source_family(tagging.scheme),
    )


def _linked(record: models.Recommendation) -> Iterator[int]:
    yield from (link.to_recommendation_id for link in record.links_out.all())
    yield from (link.from_recommendation_id for link in record.links_in.all())


def _links(record: models.Recommendation, known: Mapping[int, str]) -> Iterator[Link]:
    for link in record.links_out.all():
        if code := known.get(link.to_recommendation_id):
            yield Link(relation=link.relation, direction="to", code=code)
    for link in record.links_in.all():
        if code := known.get(link.from_recommendation_id):
            yield Link(relation=link.relation, direction="from", code=code)
