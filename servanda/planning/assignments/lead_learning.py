"""Learn from assignments which institutions a record is likely to need, and measure it on records held back.

Restricted records are left out, so that neither their words nor their institutions appear in suggestions.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache, partial

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.jobs.exclusive import exclusive, under_way_since
from servanda.language.comparison.likeness import normal
from servanda.language.learning import responsible, responsible_file
from servanda.language.learning.responsible import Cases, Measured, Model, Targets
from servanda.language.vectors.encoder import Vectors
from servanda.people.models import Institution, Succession, User
from servanda.planning.models import Assignment, AssignmentQuerySet, LearnedLeads
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.labels.learning import WITHOUT, vectors_for
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.trail.models import Event
from servanda.vocab.models import Term
from servanda.vocab.status_words import are_statuses

MOST_RECORDS = 2_000  # the latest assigned ones; learning and measuring 1,000 takes half a minute of processor time
WORTH_ANEW = timedelta(days=7)
LEARNING = "learning-leads"


def learn_leads(*, by: User | None = None) -> LearnedLeads | None:
    """Train a model on all assignments; None if there are none.

    Raises `AlreadyRunning` if another process is learning.
    """
    with exclusive(LEARNING, refusal=_("Learning is already under way. Check again in a few minutes.")):
        named = institutions_named()
        if not named:
            return None
        records = sorted(named)
        institutions = sorted(set().union(*named.values()))
        targets = np.array(
            [[institution in named[record] for institution in institutions] for record in records], dtype=bool
        )
        cases, mark = cases_of(records)
        measured = measured_on(cases, targets)
        model = responsible.learn(cases, targets, records, institutions)
        return save_learned(model, measured, mark, by=by)


def is_due() -> bool:
    """Whether the number of assignments has changed since, or the model is older than a week (texts may have
    changed)."""
    newest = LearnedLeads.objects.first()
    if newest is None:
        return learned_from().exists()
    return newest.learned_at < timezone.now() - WORTH_ANEW or newest.counted != learned_from().count()


def learning_since() -> datetime | None:
    """When the process that is learning started; None if there is none."""
    return under_way_since(LEARNING)


def taken_assignments() -> AssignmentQuerySet:
    """Current and past assignments, except those that were refused or undone."""
    return Assignment.objects.filter(refused_at=None).exclude(ending=Assignment.Ending.UNDONE).order_by()


def learned_from() -> AssignmentQuerySet:
    records = Recommendation.objects.kept().exclude(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return taken_assignments().filter(recommendation__in=records.order_by().values("pk"))


def institutions_named() -> dict[int, set[int]]:
    """By record: its past and present institutions, replaced by their successors if they have closed."""
    assignments = learned_from()
    newest = assignments.values("recommendation").annotate(last=Max("pk")).order_by("-last")[:MOST_RECORDS]
    records = [row["recommendation"] for row in newest]
    today = institutions_of_today()
    named: dict[int, set[int]] = {}
    rows = assignments.filter(recommendation__in=records).values_list("recommendation", "institution")
    for record, institution in rows.iterator():
        if successors := today.get(institution):
            named.setdefault(record, set()).update(successors)
    return named


def institutions_of_today() -> dict[int, set[int]]:
    """By institution: itself, or its active successors if it has closed."""
    active = set(Institution.objects.active(on=timezone.localdate()).order_by().values_list("pk", flat=True))
    successors: dict[int, set[int]] = {}
    for predecessor, successor in Succession.objects.values_list("predecessor", "successor"):
        successors.setdefault(predecessor, set()).add(successor)
    by_institution = {pk: {pk} for pk in active}
    for pk in successors.keys() - active:
        reached, waiting = {pk}, [pk]
        while waiting:
            new_ones = successors.get(waiting.pop(), set()) - reached
            reached |= new_ones
            waiting += [successor for successor in new_ones if successor not in active]
        by_institution[pk] = reached & active
    return by_institution


def cases_of(records: Collection[int]) -> tuple[Cases, str]:
    """The features of these records, in this order, and the mark of the encoder of their vectors."""
    texts = texts_of(records)
    in_order = [texts.get(record, []) for record in records]
    distinct = list(dict.fromkeys(text for record_texts in in_order for text in record_texts))
    rows, mark = vectors_for(distinct)
    vectors = None
    if mark != WITHOUT and distinct:
        positions = {text: place for place, text in enumerate(distinct)}
        vectors = np.array(
            [mean_vector(rows[[positions[text] for text in record_texts]]) for record_texts in in_order],
            dtype=np.float32,
        )
    return build_cases(records, in_order, vectors), mark


def mean_vector(rows: Vectors) -> Vectors:
    return np.asarray(rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1]), dtype=np.float32)


def build_cases(records: Collection[int], texts: list[list[str]], vectors: Vectors | None) -> Cases:
    labels, bodies = labels_of(records), dict(Recommendation.objects.filter(pk__in=records).values_list("pk", "body"))
    return Cases(
        ["\n".join(record_texts) for record_texts in texts],
        [frozenset(labels.get(record, ())) for record in records],
        [frozenset({str(bodies[record])}) for record in records],
        vectors,
    )


def texts_of(records: Collection[int]) -> dict[int, list[str]]:
    """By record: its full texts in all languages."""
    rows = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__in=records)
    by_record: dict[int, list[str]] = {}
    for record, text in rows.order_by("language", "pk").values_list("recommendation", "text"):
        by_record.setdefault(record, []).append(text)
    return by_record


def labels_of(records: Collection[int]) -> dict[int, set[str]]:
    """By record: its labels, without statuses, which say nothing about the subject."""
    rows = assigned_labels().filter(recommendation__in=records, term__is_artefact=False).order_by()
    pairs = list(rows.values_list("recommendation", "term__taxonomy", "term"))
    statuses = taxonomies_of_statuses({taxonomy for _record, taxonomy, _term in pairs})
    by_record: dict[int, set[str]] = {}
    for record, taxonomy, term in pairs:
        if taxonomy not in statuses:
            by_record.setdefault(record, set()).add(str(term))
    return by_record


def taxonomies_of_statuses(taxonomies: Collection[int]) -> set[int]:
    labels: dict[int, list[str]] = {}
    for term in Term.objects.filter(taxonomy__in=taxonomies):
        translations = term.label.data if isinstance(term.label.data, dict) else {"": str(term.label)}
        labels.setdefault(term.taxonomy_id, []).append(next(filter(None, translations.values()), ""))
    return {taxonomy for taxonomy, texts in labels.items() if are_statuses(texts)}


def measured_on(cases: Cases, targets: Targets) -> Measured:
    folds = responsible.folds_of([normal(text) for text in cases.texts])
    return responsible.measure(cases, targets, folds)


@transaction.atomic
def save_learned(model: Model, measured: Measured, mark: str, *, by: User | None) -> LearnedLeads:
    content = responsible_file.packed(model)
    leads = LearnedLeads(
        assignments=learned_from().filter(recommendation__in=model.records).count(),
        counted=learned_from().count(),
        tested=measured.tested,
        learned_right=measured.learned,
        nearest_right=measured.nearest,
        frequent_right=measured.frequent,
        encoder=mark,
        version=responsible_file.VERSION,
        digest=responsible_file.digest_of(content),
    )
    leads.file.save("leads.npz", ContentFile(content), save=False)
    leads.save()
    for earlier in LearnedLeads.objects.filter(pk__lt=leads.pk).exclude(file=""):
        transaction.on_commit(partial(earlier.file.storage.delete, str(earlier.file.name)))
    LearnedLeads.objects.filter(pk__lt=leads.pk).update(file="")
    Event.record("leads-learned", by=by, label=str(leads.assignments))
    return leads


def load_model(learned: LearnedLeads) -> Model:
    """The trained model, cached for the process. Raises `OtherVersion` if its file is missing or damaged."""
    return _read(str(learned.file.name), learned.digest)


@lru_cache(maxsize=1)
def _read(name: str, digest: str) -> Model:
    try:
        with default_storage.open(name, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as problem:
        raise responsible_file.OtherVersion from problem
    return responsible_file.unpacked(content, digest=digest)


def case_of(recommendation: Recommendation, encoder: str) -> Cases:
    """The features of one record. Only stored vectors are used: encoding would take too long for a page."""
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation=recommendation)
    rows = list(texts.order_by("language", "pk").values_list("text", "vector__encoder", "vector__vector"))
    stored = [np.frombuffer(bytes(vector), dtype=np.float16) for _text, mark, vector in rows if mark == encoder]
    labels = assigned_labels().filter(recommendation=recommendation, term__is_artefact=False).order_by()
    return Cases(
        ["\n".join(text for text, _mark, _vector in rows)],
        [frozenset(str(term) for term in labels.values_list("term", flat=True))],
        [frozenset({str(recommendation.body_id)})],
        np.array([mean_vector(np.array(stored, dtype=np.float32))]) if stored else None,
    )
