"""Creates, edits and publishes recommendations by hand."""

from collections.abc import Iterable
from datetime import date as Date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Institution, User
from servanda.people.versioning import attribute
from servanda.recommendations.editing.follow_up_obligations import regroup
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Recommendation, RecommendingState, TextVersion
from servanda.recommendations.records import codes
from servanda.recommendations.records.renaming import complete_code, taken_numbers
from servanda.sources.models import Document, Review
from servanda.sources.printed.texts import clean, clean_label
from servanda.sources.units.withheld import withheld_symbols
from servanda.trail.models import Event
from servanda.vocab.models import Body, Country

PLAIN_FIELDS = (
    *("kind", "paragraph", "date", "language", "decide_by", "confidentiality"),
    *Recommendation.NATIONAL,
)


class NationalFacts(TypedDict, total=False):
    """Facts from the State's own list: its code there, priority, term, articles, territory."""

    national_code: str
    priority: str
    horizon: str
    articles: str
    territory: str


@transaction.atomic
def create_recommendation(
    *,
    kind: str,
    country: Country,
    body: Body,
    cycle: int,
    year: int,
    symbol: str,
    paragraph: str,
    date: Date | None,
    language: str,
    text: str,
    recommending: Iterable[Country],
    confidentiality: str,
    restricted_to: Iterable[Institution],
    by: User,
) -> Recommendation:
    """Create an unpublished recommendation; its reference is built here and never changes.

    Raises `FieldRefused` for a measure of a body on whose recommendations States take positions.
    """
    refuse_unordered_measure(kind, body)
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)  # so that concurrent calls do not get the same number
    stem = codes.stem(country=country.code, body=body.code, cycle=cycle, year=year, paragraph=paragraph)
    review = review_of(body, country, cycle, year)
    record = Recommendation(
        code=codes.nth(stem, taken_numbers([stem])[stem] + 1),
        code_stem=stem,
        kind=kind,
        country=country,
        body=body,
        review=review,
        document=document_of(symbol, body, review, date),
        paragraph=paragraph,
        order_key=order_key_of(stem, paragraph),
        date=date,
        year=year or (date.year if date else None),
        language=language,
        confidentiality=confidentiality,
    )
    attribute(record, by=by)
    record.save()
    record.restricted_to.set(restricted_to)
    name_recommending_states(record, recommending)
    TextVersion.objects.create(recommendation=record, language=language, text=clean(text), is_original=True)
    reindex([record.pk])
    Event.record("recommendation-created", record, by=by, difference={"text": ["", clean(text)]})
    return record


def refuse_unordered_measure(kind: str, body: Body) -> None:
    """Raises `FieldRefused` for a measure of a body on whose recommendations States take positions."""
    if Recommendation.Kind(kind).is_apart and body.takes_positions:
        raise FieldRefused("body", _("Measures are ordered by courts and committees. Choose another body."))


def review_of(body: Body, country: Country, cycle: int, year: int) -> Review | None:
    if not (cycle or year):
        return None
    review, _created = Review.objects.get_or_create(
        body=body, country=country, cycle=cycle, year=0 if cycle else year
    )
    return review


def document_of(symbol: str, body: Body, review: Review | None, date: Date | None) -> Document | None:
    """The document with this symbol, created if it is new."""
    if not symbol:
        return None
    document, _created = Document.objects.get_or_create(
        symbol=symbol, defaults={"body": body, "review": review, "date": date}
    )
    return document


def order_key_of(stem: str, paragraph: str) -> str:
    return codes.order_key(codes.prefix_of(stem), paragraph)


@transaction.atomic
def edit_recommendation(
    *,
    recommendation: Recommendation,
    version: int,
    kind: str,
    symbol: str,
    paragraph: str,
    date: Date | None,
    language: str,
    decide_by: Date | None,
    confidentiality: str,
    restricted_to: Iterable[Institution],
    also_concerns: Iterable[Country],
    recommending: Iterable[Country],
    explanation: Explanation = NO_EXPLANATION,
    by: User,
    **national: Unpack[NationalFacts],
) -> Recommendation:
    """Edit a recommendation. National facts that are not passed stay as they are.

    Raises `ChangedMeanwhile` where the record was saved since this version was opened, and `Refused` where it would
    stop being public without a required explanation, or enter or leave the lists by its kind.
    """
    record = lock(recommendation, version=version)
    if kind != record.kind and (Recommendation.Kind(kind).is_apart or record.is_apart):
        raise FieldRefused(
            "kind", _("Measures and recommendations are separate records. Withdraw this record and add a new one.")
        )
    old = described(record)
    for name in Recommendation.NATIONAL:
        setattr(record, name, clean_label(national.get(name, getattr(record, name))))
    record.kind, record.date, record.language = kind, date, language
    record.paragraph, record.order_key = paragraph, order_key_of(record.code_stem, paragraph)
    record.document = document_of(symbol, record.body, record.review, date)
    record.decide_by, record.confidentiality = decide_by, confidentiality
    if date and not (record.review and record.review.year):
        record.year = date.year
    complete_code(record)
    record.restricted_to.set(restricted_to)
    record.also_concerns.set(also_concerns)
    name_recommending_states(record, recommending)
    new = described(record)
    is_moved = old["document"] != new["document"]
    if changed := {name: [old[name], new[name]] for name in old if old[name] != new[name]}:
        save_version(record, "recommendation-edited", by=by, difference=changed, explanation=explanation)
        regroup([record.pk], by=by, is_moved=is_moved)
        reindex([record.pk])
    return record


def name_recommending_states(record: Recommendation, countries: Iterable[Country]) -> None:
    wanted = {country.pk for country in countries}
    present = RecommendingState.objects.current().filter(recommendation=record)
    present.exclude(country__in=wanted).update(ended_at=timezone.now())
    new = wanted.difference(present.values_list("country", flat=True))
    RecommendingState.objects.bulk_create(
        RecommendingState(recommendation=record, country_id=pk) for pk in sorted(new)
    )


def described(record: Recommendation) -> dict[str, str]:
    """The values of a record as text, field by field, for comparing two versions of it."""
    values = {name: str(getattr(record, name) or "") for name in ("code", *PLAIN_FIELDS)}
    values["document"] = record.document.symbol if record.document else ""
    values["restricted_to"] = listed(record.restricted_to.all())
    values["also_concerns"] = listed(record.also_concerns.all())
    values["recommending"] = listed(Country.objects.filter(pk__in=recommending_ids(record)))
    return values


def recommending_ids(record: Recommendation) -> list[int]:
    return list(RecommendingState.objects.current().filter(recommendation=record).values_list("country", flat=True))


def listed(objects: Iterable) -> str:
    return ", ".join(item.code for item in objects)


@transaction.atomic
def publish_recommendation(*, recommendation: Recommendation, by: User) -> None:
    """Make a record public. Raises `Refused` where it is confidential, and for a record of a report of the SPT or the
    CPT whose publication the State has not authorised."""
    record = lock(recommendation)
    if record.confidentiality != Recommendation.Confidentiality.PUBLIC:
        raise Refused(_("Set the confidentiality of this record to public before you publish it."))
    if record.document and record.document.symbol in withheld_symbols():
        sentence = _(
            "The State has not authorised the publication of %(symbol)s. Enter the date of its authorisation "
            "on the page of the visit, and link the report there."
        )
        raise Refused(sentence % {"symbol": record.document.symbol})
    if not record.is_published:
        record.is_published = True
        save_version(record, "recommendation-published", by=by, difference={"is_published": ["False", "True"]})


@transaction.atomic
def unpublish_recommendation(
    *, recommendation: Recommendation, explanation: Explanation = NO_EXPLANATION, by: User
) -> None:
    """End publication; the record stays in the register. Raises `Refused` where a required explanation is missing."""
    record = lock(recommendation)
    if record.is_published:
        record.is_published = False
        difference = {"is_published": ["True", "False"]}
        save_version(record, "recommendation-unpublished", by=by, difference=difference, explanation=explanation)
