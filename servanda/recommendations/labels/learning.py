"""Learn from the labels that sources and people gave, one taxonomy at a time, and measure on what was held back.

Learned is only from records that are not restricted, so that no word of a restricted one shows in what a suggestion
is explained with. Labels that only the machine gave are never learned from, and artefacts of a source neither.
"""

from collections.abc import Iterable, Sequence
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
from servanda.recommendations.filters.facets import said_labels
from servanda.recommendations.models import LabelScore, LearnedModel, Recommendation, RightFrom, TextVersion
from servanda.recommendations.search.encoders import embedder
from servanda.recommendations.search.encoding import AT_ONCE, stored_or_made
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term

BY_VERBS = frozenset({"action-category"})  # what is asked stands in the first words
ONE_EACH = frozenset({"action-category"})  # a record has exactly one of these
KEPT_NAMES = 16  # taxonomies; two thousand names take 4 MB
LEARNING = "learning"
WITHOUT = "none"  # stands for the encoder where there is none


@dataclass(frozen=True, slots=True)
class Original:
    """The text that speaks for a record, and what it may be held back with."""

    record: int
    text: str
    language: str
    group: str
    when: str


@dataclass(frozen=True, slots=True)
class Helper:
    """What was learned of one taxonomy, from so many texts that it helps the others, and which texts these were."""

    taxonomy: Taxonomy
    model: Model
    mark: str
    texts: frozenset[str]

    def may_help(self, taxonomy: Taxonomy, found: Sequence[Original], mark: str) -> bool:
        """Of a text that it has learned from it would be surer than of others; other vectors it cannot read."""
        if taxonomy == self.taxonomy or taxonomy.code in BY_VERBS or mark != self.mark:
            return False
        return self.texts.isdisjoint(normal(one.text) for one in found)


def learn_labels(*, by: User | None = None) -> list[LearnedModel]:
    """One model for each taxonomy that has enough labels; those of earlier times stay as what was once learned.

    One process at a time: two would each learn the same, for minutes, and the slower would replace the newer.
    """
    with exclusive(LEARNING, refusal=_("The machine is learning already. Come back in a few minutes.")):
        return learn_each(by=by)


def learning_since() -> datetime | None:
    """Since when some process learns; none if nobody does."""
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
    """Of the taxonomy with most labels (that of UPR issues, often), from texts that have labels of no other, if they
    are `MANY`: the labels that it sees in a text help where a taxonomy has few examples."""
    given = {taxonomy: labels_given(taxonomy) for taxonomy in taxonomies if taxonomy.code not in BY_VERBS}
    taxonomy = max(given, key=lambda one: len(given[one]), default=None)
    if taxonomy is None or len(given[taxonomy]) < MANY:
        return None
    others = {record for other in given if other != taxonomy for record in given[other]}
    exclusive = given[taxonomy].keys() - others
    if not others or len(exclusive) < MANY:
        return None
    taken = {normal(one.text) for one in originals(Recommendation.objects.kept().filter(pk__in=others))}
    records = Recommendation.objects.kept().filter(pk__in=exclusive)
    found = [one for one in originals(records) if normal(one.text) not in taken]
    if len(found) < MANY:
        return None
    try:
        judged, mark = judged_of(taxonomy, found, given[taxonomy], None)
    except evaluation.TooFew:
        return None
    return Helper(taxonomy, judged.model, mark, frozenset(normal(one.text) for one in found))


def learn_taxonomy(taxonomy: Taxonomy, helper: Helper | None = None) -> LearnedModel | None:
    """What can be learned now for one taxonomy; nothing, from too few texts."""
    labels = labels_given(taxonomy)
    found = originals(Recommendation.objects.kept().filter(pk__in=list(labels)))
    if len(found) < evaluation.LEAST_TEXTS:
        return None
    try:
        judged, mark = judged_of(taxonomy, found, labels, helper)
    except evaluation.TooFew:
        return None
    return keep_learned(taxonomy, judged, mark)


def judged_of(
    taxonomy: Taxonomy, found: Sequence[Original], labels: dict[int, set[str]], helper: Helper | None
) -> tuple[Judged, str]:
    sample, mark = sample_of(found)
    judged = evaluation.learn(
        sample,
        [frozenset(labels[one.record]) for one in found],
        [one.group for one in found],
        [one.when for one in found],
        by_verbs=taxonomy.code in BY_VERBS,
        is_one=taxonomy.code in ONE_EACH,
        names=None if taxonomy.code in BY_VERBS else names_of(taxonomy),
        helper=helper.model if helper and helper.may_help(taxonomy, found, mark) else None,
    )
    return judged, mark


def names_of(taxonomy: Taxonomy) -> LabelNames | None:
    """What its labels are called in the languages of the pages, and by their synonyms."""
    labels: list[str] = []
    named: list[tuple[str, str, int]] = []
    for term in Term.objects.filter(taxonomy=taxonomy, is_artefact=False):
        said = term.label.data if isinstance(term.label.data, dict) else {settings.LANGUAGE_CODE: term.label.data}
        named += [(name, language, len(labels)) for language, name in said.items() if name]
        named += [(line.strip(), ANY, len(labels)) for line in term.synonyms.splitlines() if line.strip()]
        labels.append(term.code)
    if not named:
        return None
    names, languages, whose = (list(one) for one in zip(*named, strict=True))
    return LabelNames(labels, names, languages, whose, vectors_of_names(tuple(names), of_encoder()))


@lru_cache(maxsize=KEPT_NAMES)
def vectors_of_names(names: tuple[str, ...], _mark: str) -> Vectors:
    """Kept in the process: the worker asks after each import, and the names of a taxonomy hardly ever change."""
    return vectors_for(names)[0]


def of_encoder() -> str:
    """Which encoder makes vectors now."""
    try:
        return mark_of(embedder())
    except NoEncoder:
        return WITHOUT


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


def sample_of(found: Sequence[Original]) -> tuple[Sample, str]:
    """Texts with their vectors, and the mark of the encoder that made them."""
    vectors, mark = vectors_for([one.text for one in found])
    return Sample([one.text for one in found], [one.language for one in found], vectors), mark


def vectors_for(texts: Sequence[str]) -> tuple[Vectors, str]:
    """Those that stand beside the texts; only what has none is encoded, and nothing at all without an encoder."""
    try:
        encoder = embedder()
        mark = mark_of(encoder)
        with encoding(encoder, len(texts)) as encode:
            found = [row for some in batched(texts, AT_ONCE) for row in stored_or_made(some, encode, mark)]
    except NoEncoder:
        found, mark = [], WITHOUT
    if not found:
        return np.zeros((len(texts), 1), dtype=np.float32), mark
    return np.stack([np.frombuffer(row, dtype=np.float16) for row in found]).astype(np.float32), mark


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
    forget_files_before(made)
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


def forget_files_before(made: LearnedModel) -> None:
    """What was once learned stays as figures; nobody reads the arrays of before, and there are some each week."""
    before = LearnedModel.objects.filter(taxonomy=made.taxonomy, pk__lt=made.pk).exclude(file="")
    for earlier in list(before):
        transaction.on_commit(partial(earlier.file.storage.delete, str(earlier.file.name)))
    before.update(file="")


def opened(learned: LearnedModel, mark: str) -> Model:
    """What a file says, if it fits this version and this encoder; else `OtherVersion`: learn anew."""
    try:
        with learned.file.open("rb") as file:
            content = file.read()
    except (OSError, ValueError) as problem:
        raise model_file.OtherVersion from problem
    return model_file.unpacked(content, encoder=mark, digest=learned.digest)


def unfit(models: Iterable[LearnedModel]) -> list[LearnedModel]:
    """Those that speak no more: of another version, another encoder, or with a file that is gone or damaged."""
    try:
        mark = mark_of(embedder())
    except NoEncoder:
        mark = WITHOUT
    fitting = (model_file.VERSION, mark)
    return [one for one in models if (one.version, one.encoder) != fitting or not has_whole_file(one)]


def has_whole_file(learned: LearnedModel) -> bool:
    try:
        with learned.file.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == learned.digest
    except (OSError, ValueError):  # ValueError: of an earlier model, whose file was no longer needed
        return False
