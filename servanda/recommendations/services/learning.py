"""Learn from the labels that sources and people gave, one taxonomy at a time, and measure on what was held back.

Learned is only from records that are not restricted, so that no word of a restricted one shows in what a suggestion
is explained with. Labels that only the machine gave are never learned from, and artefacts of a source neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from servanda.language import judging, model_file
from servanda.language.classify import Model, Sample
from servanda.language.embed import NoEncoder, Vectors, encoding, mark_of
from servanda.language.judging import Judged
from servanda.people.models import User
from servanda.recommendations.facets import said_labels
from servanda.recommendations.models import LabelScore, LearnedModel, Recommendation, RightFrom, TextVersion
from servanda.recommendations.services.encoders import embedder
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term

BY_VERBS = frozenset({"action-category"})  # what is asked stands in the first words
ONE_EACH = frozenset({"action-category"})  # a record has exactly one of these
WITHOUT = "none"  # stands for the encoder where there is none


@dataclass(frozen=True, slots=True)
class Original:
    """The text that speaks for a record, and what it may be held back with."""

    record: int
    text: str
    language: str
    group: str
    when: str


def learn_labels(*, by: User | None = None) -> list[LearnedModel]:
    """One model for each taxonomy that has enough labels; those of earlier times stay as what was once learned."""
    learned = [model for taxonomy in Taxonomy.objects.all() if (model := learn_taxonomy(taxonomy))]
    if learned:
        codes = ", ".join(model.taxonomy.code for model in learned)
        Event.record("labels-learned", by=by, label=codes)
    return learned


def learn_taxonomy(taxonomy: Taxonomy) -> LearnedModel | None:
    """What can be learned now for one taxonomy; nothing, from too few texts."""
    labels = labels_given(taxonomy)
    found = originals(Recommendation.objects.kept().filter(pk__in=list(labels)))
    if len(found) < judging.LEAST_TEXTS:
        return None
    sample, mark = sample_of(found)
    try:
        judged = judging.learn(
            sample,
            [frozenset(labels[one.record]) for one in found],
            [one.group for one in found],
            [one.when for one in found],
            by_verbs=taxonomy.code in BY_VERBS,
            is_one=taxonomy.code in ONE_EACH,
        )
    except judging.TooFew:
        return None
    return keep_learned(taxonomy, judged, mark)


def labels_given(taxonomy: Taxonomy) -> dict[int, set[str]]:
    """Of each record that everybody inside may read, the codes that a source or a person gave it."""
    given = said_labels().filter(term__taxonomy=taxonomy, term__is_artefact=False)
    given = given.exclude(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)
    labels: dict[int, set[str]] = {}
    for record, code in given.values_list("recommendation", "term__code").order_by().iterator():
        labels.setdefault(record, set()).add(code)
    return labels


def originals(records: QuerySet[Recommendation]) -> list[Original]:
    """Of each record its original text, or the first of its texts; grouped by State where there are several."""
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__in=records.values("pk"))
    rows = texts.order_by("recommendation", "-is_original", "language", "pk").values_list(
        "recommendation",
        "text",
        "language",
        "recommendation__country__code",
        "recommendation__review",
        "recommendation__document",
        "recommendation__document__date",
    )
    first: dict[int, tuple] = {}
    for row in rows.iterator():
        first.setdefault(row[0], row)
    several = len({row[3] for row in first.values()}) >= judging.FOLDS
    return [
        Original(
            record=row[0],
            text=row[1],
            language=row[2],
            group=str(row[3]) if several else f"{row[4]} {row[5]}",
            when=row[6].isoformat() if row[6] else "",
        )
        for row in first.values()
    ]


def sample_of(found: Sequence[Original]) -> tuple[Sample, str]:
    """Texts with their vectors, and the mark of the encoder that made them."""
    vectors, mark = vectors_for([one.text for one in found])
    return Sample([one.text for one in found], [one.language for one in found], vectors), mark


def vectors_for(texts: Sequence[str]) -> tuple[Vectors, str]:
    try:
        encoder = embedder()
        with encoding(encoder, len(texts)) as encode:
            return encode(texts), mark_of(encoder)
    except NoEncoder:
        return np.zeros((len(texts), 1), dtype=np.float32), WITHOUT


@transaction.atomic
def keep_learned(taxonomy: Taxonomy, judged: Judged, mark: str) -> LearnedModel:
    content = model_file.packed(judged.model, encoder=mark)
    made = LearnedModel(
        taxonomy=taxonomy,
        texts=judged.texts,
        encoder=mark,
        version=model_file.VERSION,
        digest=model_file.digest_of(content),
        threshold=judged.model.threshold,
        micro_f1=judged.micro,
        macro_f1=judged.macro,
        newest_f1=judged.by_time,
    )
    made.file.save(f"{taxonomy.code}.npz", ContentFile(content), save=False)
    made.save()
    terms = dict(Term.objects.filter(taxonomy=taxonomy).values_list("code", "pk"))
    LabelScore.objects.bulk_create(
        LabelScore(model=made, term_id=terms[one.label], cases=one.cases, precision=one.precision, recall=one.recall)
        for one in judged.labels
    )
    RightFrom.objects.bulk_create(
        RightFrom(model=made, probability=sure, number=number, share=share)
        for sure, number, share in judged.right_above
    )
    return made


def opened(learned: LearnedModel, mark: str) -> Model:
    """What a file says, if it fits this version and this encoder; else `OtherVersion`: learn anew."""
    try:
        with learned.file.open("rb") as file:
            content = file.read()
    except OSError as problem:
        raise model_file.OtherVersion from problem
    return model_file.unpacked(content, encoder=mark, digest=learned.digest)


def unfit(models: Iterable[LearnedModel]) -> list[LearnedModel]:
    """Those that speak no more: of another version, another encoder, or with a file that is gone or damaged."""
    try:
        mark = mark_of(embedder())
    except NoEncoder:
        mark = WITHOUT
    return [one for one in models if (one.version, one.encoder) != (model_file.VERSION, mark)]
