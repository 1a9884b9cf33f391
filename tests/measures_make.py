"""Measures that courts and committees have ordered."""

from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import OrderedMeasure, Recommendation, RecommendingState, Tagging, TextVersion
from servanda.recommendations.search import encoding
from servanda.vocab.models import Body
from tests import make


def measure(text: str = "Pay the applicant 20,000 euros within three months.", **fields) -> Recommendation:
    """A published measure of a court, unless the fields say otherwise."""
    fields.setdefault("body", make.body("ECtHR-CM", Body.Kind.COURT))
    fields.setdefault("review", None)
    fields.setdefault("document", None)
    return make.recommendation(text, kind=Recommendation.Kind.MEASURE, **fields)


def ordered(**facts) -> Recommendation:
    """A payment, unless the facts say otherwise."""
    return OrderedMeasure.objects.create(recommendation=measure(), **{"type": "payment"} | facts).recommendation


def fifty_measures(like: Recommendation) -> list[Recommendation]:
    """Public and hidden ones, which have the texts, the labels and the document of a recommendation."""
    text = like.texts.get(is_original=True).text
    hidden = ({}, {"is_published": False}, {"confidentiality": "internal"}, {"confidentiality": "restricted"})
    bodies = (like.body, make.body("ECtHR-CM", Body.Kind.COURT))
    measures = []
    for number in range(50):
        fields = {**hidden[number % 4], "body": bodies[number % 2], "document": like.document, "year": 2031}
        measures.append(
            measure(
                text if number < 25 else f"Pay the applicant {number} euros in quarantine.",
                review=like.review,
                territory="Quarantine island",
                paragraph=f"{like.paragraph}.{number}",
                country=like.country,
                priority="high",
                **fields,
            )
        )
    term, state = make.term("Health"), make.country("FJI", "Fiji")
    Tagging.objects.bulk_create(Tagging(recommendation=record, term=term) for record in measures)
    RecommendingState.objects.bulk_create(
        RecommendingState(recommendation=record, country=state) for record in measures
    )
    TextVersion.objects.bulk_create(
        TextVersion(recommendation=record, language="fr", text="Payer le requérant.") for record in measures
    )
    pks = [record.pk for record in measures]
    reindex(pks)
    encoding.encode_missing()
    invalidate_counts()
    return measures
