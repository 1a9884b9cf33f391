"""Trains a model for each taxonomy from labels that sources and people gave, and evaluates it on held-out texts.

Only unrestricted records are used, so that the words that explain a suggestion never come from a restricted one.
Suggested labels and artefacts of sources are never used.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from hashlib import file_digest
from itertools import batched

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servanda.jobs.exclusive import exclusive, under_way_since
from servanda.language.comparison.likeness import normal
from servanda.language.learning import evaluation, model_file
from servanda.language.learning.evaluation import Judged
from servanda.language.learning.label_names import ANY, LabelNames
from servanda.language.learning.labels import MANY, Model, Sample
from servanda.language.vectors.encoder import NoEncoder, Vectors, encoding, mark_of
from servanda.people.models import User
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.labels.name_vectors import load_vectors, save_vectors
from servanda.recommendations.models import LabelScore, LearnedModel, Recommendation, RightFrom, TextVersion
from servanda.recommendations.search.encoders import embedder
from servanda.recommendations.search.encoding import AT_ONCE, stored_or_made
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term

BY_VERBS = frozenset({"action-category"})  # the first words tell which action is requested
ONE_EACH = frozenset({"action-category"})  # taxonomies of which each record has exactly one label
KEPT_NAMES = 16  # taxonomies; two thousand names take 4 MB
LEARNING = "learning"
WITHOUT = "none"  # mark of the encoder where there is none


@dataclass(frozen=True, slots=True)
class Original:
    """The text that represents a record, and the group with which it is held out in the evaluation."""

    record: int
    text: str
    language: str
    group: str
    when: str


@dataclass(frozen=True, slots=True)
class Helper:
    """A model of one taxonomy with so many texts that it can help others, and the texts that it was trained on."""

    taxonomy: Taxonomy
    model: Model
    mark: str
    texts: frozenset[str]

    def may_help(self, taxonomy: Taxonomy, texts: Sequence[Original], mark: str) -> bool:
        """Whether it can help: it needs the same encoder, and would be overconfident on texts it was trained on."""
        if taxonomy == self.taxonomy or taxonomy.code in BY_VERBS or mark != self.mark:
            return False
        return self.texts.isdisjoint(normal(text.text) for text in texts)


def learn_labels(*, by: User | None = None) -> list[LearnedModel]:
    """Train a model for each taxonomy that has enough labels; the figures of earlier models are kept.

    Raises `AlreadyRunning` where another process is learning: both would do the same work for minutes, and the slower
    one would replace the newer result.
    """
    with exclusive(LEARNING, refusal=_("Learning is already under way. Check again in a few minutes.")):
        return learn_each(by=by)


def learning_since() -> datetime | None:
    """Since when a process has been learning; None where none is."""
    return under_way_since(LEARNING)


def learn_each(*, by: User | None) -> list[LearnedModel]:
    taxonomies = list(Taxonomy.objects.all())
    helper = learn_helper(taxonomies)
    learned = [model for taxonomy in taxonomies if (model := learn_taxonomy(taxonomy, helper))]
    if learned:
        codes = ", ".join(model.taxonomy.code for model in learned)
        Event.record("labels-learned", by=by, label=codes)
    return learned


def learn_helper(taxonomies: Sequence[Taxonomy]) -> Helper | None:
    """A model of the taxonomy with most labels (often that of UPR issues), if there are `MANY` texts with labels of
    no other taxonomy. Its predictions are features that help where a taxonomy has few examples."""
    labels_by_taxonomy = {
        taxonomy: confirmed_labels(taxonomy) for taxonomy in taxonomies if taxonomy.code not in BY_VERBS
    }
    taxonomy = max(labels_by_taxonomy, key=lambda either: len(labels_by_taxonomy[either]), default=None)
    if taxonomy is None or len(labels_by_taxonomy[taxonomy]) < MANY:
        return None
    elsewhere = {
        record
        for other_taxonomy in labels_by_taxonomy
        if other_taxonomy != taxonomy
        for record in labels_by_taxonomy[other_taxonomy]
    }
    exclusive_records = labels_by_taxonomy[taxonomy].keys() - elsewhere
    if not elsewhere or len(exclusive_records) < MANY:
        return None
    texts_elsewhere = {
        normal(original.text) for original in originals(Recommendation.objects.kept().filter(pk__in=elsewhere))
    }
    records = Recommendation.objects.kept().filter(pk__in=exclusive_records)
    own_originals = [original for original in originals(records) if normal(original.text) not in texts_elsewhere]
    if len(own_originals) < MANY:
        return None
    try:
        judged, mark = train_and_judge(taxonomy, own_originals, labels_by_taxonomy[taxonomy], None)
    except evaluation.TooFew:
        return None
    return Helper(taxonomy, judged.model, mark, frozenset(normal(original.text) for original in own_originals))


def learn_taxonomy(taxonomy: Taxonomy, helper: Helper | None = None) -> LearnedModel | None:
    """Train and save the model of one taxonomy; None where there are too few texts."""
    labels = confirmed_labels(taxonomy)
    texts = originals(Recommendation.objects.kept().filter(pk__in=list(labels)))
    if len(texts) < evaluation.LEAST_TEXTS:
        return None
    try:
        judged, mark = train_and_judge(taxonomy, texts, labels, helper)
    except evaluation.TooFew:
        return None
    return save_model(taxonomy, judged, mark)


def train_and_judge(
    taxonomy: Taxonomy, texts: Sequence[Original], labels: dict[int, set[str]], helper: Helper | None
) -> tuple[Judged, str]:
    sample, mark = sample_of(texts)
    judged = evaluation.learn(
        sample,
        [frozenset(labels[text.record]) for text in texts],
        [text.group for text in texts],
        [text.when for text in texts],
        by_verbs=taxonomy.code in BY_VERBS,
        is_one=taxonomy.code in ONE_EACH,
        names=None if taxonomy.code in BY_VERBS else names_of(taxonomy),
        helper=helper.model if helper and helper.may_help(taxonomy, texts, mark) else None,
    )
    return judged, mark


def names_of(taxonomy: Taxonomy) -> LabelNames | None:
    """The names of its labels in the languages of the pages, and their synonyms."""
    labels: list[str] = []
    entries: list[tuple[str, str, int]] = []
    for term in Term.objects.filter(taxonomy=taxonomy, is_artefact=False):
        names_by_language = (
            term.label.data if isinstance(term.label.data, dict) else {settings.LANGUAGE_CODE: term.label.data}
        )
        entries += [(name, language, len(labels)) for language, name in names_by_language.items() if name]
        entries += [(line.strip(), ANY, len(labels)) for line in term.synonyms.splitlines() if line.strip()]
        labels.append(term.code)
    if not entries:
        return None
    names, languages, label_indexes = (list(column) for column in zip(*entries, strict=True))
    return LabelNames(labels, names, languages, label_indexes, vectors_of_names(tuple(names), current_mark()))


@lru_cache(maxsize=KEPT_NAMES)
def vectors_of_names(names: tuple[str, ...], mark: str) -> Vectors:
    """Cached, because the worker needs them after each import, and the names of a taxonomy rarely change."""
    saved = load_vectors(names, mark)
    if saved is not None:
        return saved
    vectors, made_with = vectors_for(names)
    if made_with == mark != WITHOUT:
        with suppress(OSError):  # on a full disk, the next process encodes them again
            save_vectors(names, mark, vectors)
    return vectors


def current_mark() -> str:
    """The mark of the current encoder."""
    try:
        return mark_of(embedder())
    except NoEncoder:
        return WITHOUT


def confirmed_labels(taxonomy: Taxonomy) -> dict[int, set[str]]:
    """The codes that sources or people gave to each unrestricted record."""
    taggings = assigned_labels().filter(term__taxonomy=taxonomy, term__is_artefact=False)
    taggings = taggings.exclude(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)
    labels: dict[int, set[str]] = {}
    for record, code in taggings.values_list("recommendation", "term__code").order_by().iterator():
        labels.setdefault(record, set()).add(code)
    return labels


def originals(records: QuerySet[Recommendation]) -> list[Original]:
    """The original text of each record, or else the first of its texts; grouped by State if there are several."""
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
    several = len({row[3] for row in first.values()}) >= evaluation.FOLDS
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


def sample_of(originals_to_encode: Sequence[Original]) -> tuple[Sample, str]:
    """The texts with their vectors, and the mark of the encoder."""
    vectors, mark = vectors_for([original.text for original in originals_to_encode])
    return Sample(
        [original.text for original in originals_to_encode],
        [original.language for original in originals_to_encode],
        vectors,
    ), mark


def vectors_for(texts: Sequence[str]) -> tuple[Vectors, str]:
    """The vectors of texts, and the mark of the encoder; only texts without a stored vector are encoded. Without an
    encoder the vectors are zeros of one dimension."""
    try:
        encoder = embedder()
        mark = mark_of(encoder)
        with encoding(encoder, len(texts)) as encode:
            stored = [row for some in batched(texts, AT_ONCE) for row in stored_or_made(some, encode, mark)]
    except NoEncoder:
        stored, mark = [], WITHOUT
    if not stored:
        return np.zeros((len(texts), 1), dtype=np.float32), mark
    return np.stack([np.frombuffer(row, dtype=np.float16) for row in stored]).astype(np.float32), mark


@transaction.atomic
def save_model(taxonomy: Taxonomy, judged: Judged, mark: str) -> LearnedModel:
    content = model_file.packed(judged.model, encoder=mark)
    model = LearnedModel(
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
    model.file.save(f"{taxonomy.code}.npz", ContentFile(content), save=False)
    model.save()
    delete_earlier_files(model)
    terms = dict(Term.objects.filter(taxonomy=taxonomy).values_list("code", "pk"))
    LabelScore.objects.bulk_create(
        LabelScore(
            model=model, term_id=terms[score.label], cases=score.cases, precision=score.precision, recall=score.recall
        )
        for score in judged.labels
    )
    RightFrom.objects.bulk_create(
        RightFrom(model=model, probability=sure, number=number, share=share)
        for sure, number, share in judged.right_above
    )
    return model


def delete_earlier_files(model: LearnedModel) -> None:
    """Delete the files of earlier models, which nothing reads any more; their figures are kept."""
    earlier_models = LearnedModel.objects.filter(taxonomy=model.taxonomy, pk__lt=model.pk).exclude(file="")
    for earlier in list(earlier_models):
        transaction.on_commit(partial(earlier.file.storage.delete, str(earlier.file.name)))
    earlier_models.update(file="")


def opened(learned: LearnedModel, mark: str) -> Model:
    """The model in a file. Raises `OtherVersion` where it is missing, damaged, or of another version or encoder, and
    has to be trained again."""
    try:
        with learned.file.open("rb") as file:
            content = file.read()
    except (OSError, ValueError) as problem:
        raise model_file.OtherVersion from problem
    return model_file.unpacked(content, encoder=mark, digest=learned.digest)


def unfit(models: Iterable[LearnedModel]) -> list[LearnedModel]:
    """Models that can no longer be used: of another version or encoder, or with a missing or damaged file."""
    try:
        mark = mark_of(embedder())
    except NoEncoder:
        mark = WITHOUT
    fitting = (model_file.VERSION, mark)
    return [model for model in models if (model.version, model.encoder) != fitting or not has_whole_file(model)]


def has_whole_file(learned: LearnedModel) -> bool:
    try:
        with learned.file.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == learned.digest
    except (OSError, ValueError):  # ValueError: the file of an earlier model was deleted
        return False
