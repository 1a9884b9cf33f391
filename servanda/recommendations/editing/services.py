"""A recommendation written, corrected and published by hand."""

from collections.abc import Iterable
from datetime import date as Date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.people.versioning import attribute
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Recommendation, RecommendingState, TextVersion
from servanda.recommendations.records import codes
from servanda.recommendations.records.renaming import complete_code, taken_numbers
from servanda.sources.models import Document, Review
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event
from servanda.vocab.models import Body, Country

PLAIN_FIELDS = (
    *("kind", "paragraph", "date", "language", "decide_by", "confidentiality"),
    *Recommendation.NATIONAL,
)


class NationalFacts(TypedDict, total=False):
    """What a State says of a recommendation in its own list: its code there, priority, term, articles, territory."""

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
    """Put a recommendation into the register by hand, unpublished; its reference is built here and never changes."""
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)  # two at once must not get one number
    stem = codes.stem(country=country.code, body=body.code, cycle=cycle, year=year, paragraph=paragraph)
    review = review_of(body, country, cycle, year)
    made = Recommendation(
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
    attribute(made, by=by)
    made.save()
    made.restricted_to.set(restricted_to)
    name_recommending_states(made, recommending)
    TextVersion.objects.create(recommendation=made, language=language, text=clean(text), is_original=True)
    reindex([made.pk])
    Event.record("recommendation-created", made, by=by, difference={"text": ["", clean(text)]})
    return made


def review_of(body: Body, country: Country, cycle: int, year: int) -> Review | None:
    if not (cycle or year):
        return None
    review, _created = Review.objects.get_or_create(
        body=body, country=country, cycle=cycle, year=0 if cycle else year
    )
    return review


def document_of(symbol: str, body: Body, review: Review | None, date: Date | None) -> Document | None:
    """The document of a symbol; one that is new to the register is written down."""
    if not symbol:
        return None
    document, _created = Document.objects.get_or_create(
        symbol=symbol, defaults={"body": body, "review": review, "date": date}
    )
    return document


def order_key_of(stem: str, paragraph: str) -> str:
    return codes.order_key(stem.rsplit("-", 1)[0], paragraph)


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
    """Correct what the register says about a recommendation; nothing newer is overwritten unseen.

    National facts that are not named stay as they are.
    """
    held = lock(recommendation, version=version)
    before = described(held)
    for name in Recommendation.NATIONAL:
        setattr(held, name, clean_label(national.get(name, getattr(held, name))))
    held.kind, held.date, held.language = kind, date, language
    held.paragraph, held.order_key = paragraph, order_key_of(held.code_stem, paragraph)
    held.document = document_of(symbol, held.body, held.review, date)
    held.decide_by, held.confidentiality = decide_by, confidentiality
    if date and not (held.review and held.review.year):
        held.year = date.year
    complete_code(held)
    held.restricted_to.set(restricted_to)
    held.also_concerns.set(also_concerns)
    name_recommending_states(held, recommending)
    after = described(held)
    if changed := {name: [before[name], after[name]] for name in before if before[name] != after[name]}:
        save_version(held, "recommendation-edited", by=by, difference=changed, explanation=explanation)
        reindex([held.pk])
    return held


def name_recommending_states(held: Recommendation, countries: Iterable[Country]) -> None:
    wanted = {country.pk for country in countries}
    present = RecommendingState.objects.current().filter(recommendation=held)
    present.exclude(country__in=wanted).update(ended_at=timezone.now())
    new = wanted.difference(present.values_list("country", flat=True))
    RecommendingState.objects.bulk_create(RecommendingState(recommendation=held, country_id=pk) for pk in sorted(new))


def described(record: Recommendation) -> dict[str, str]:
    """What a record says, field by field, as text to compare two versions of it."""
    says = {name: str(getattr(record, name) or "") for name in ("code", *PLAIN_FIELDS)}
    says["document"] = record.document.symbol if record.document else ""
    says["restricted_to"] = listed(record.restricted_to.all())
    says["also_concerns"] = listed(record.also_concerns.all())
    says["recommending"] = listed(Country.objects.filter(pk__in=recommending_ids(record)))
    return says


def recommending_ids(record: Recommendation) -> list[int]:
    return list(RecommendingState.objects.current().filter(recommendation=record).values_list("country", flat=True))


def listed(things: Iterable) -> str:
    return ", ".join(thing.code for thing in things)


@transaction.atomic
def publish_recommendation(*, recommendation: Recommendation, by: User) -> None:
    """Let the public see it."""
    held = lock(recommendation)
    if held.confidentiality != Recommendation.Confidentiality.PUBLIC:
        raise Refused(_("This record is not open to all. Set its confidentiality to public first, then publish it."))
    if not held.is_published:
        held.is_published = True
        save_version(held, "recommendation-published", by=by, difference={"is_published": ["False", "True"]})


@transaction.atomic
def unpublish_recommendation(
    *, recommendation: Recommendation, explanation: Explanation = NO_EXPLANATION, by: User
) -> None:
    """Take it from the public pages; it stays in the register."""
    held = lock(recommendation)
    if held.is_published:
        held.is_published = False
        difference = {"is_published": ["True", "False"]}
        save_version(held, "recommendation-unpublished", by=by, difference=difference, explanation=explanation)
