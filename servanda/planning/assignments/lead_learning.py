"""Learn from all assignments which institutions a record is likely to need, and measure it on records held back.

Learned is only from records that are not restricted, so that neither a word nor an institution of a restricted one
shows in a suggestion for another.
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
from servanda.recommendations.filters.facets import said_labels
from servanda.recommendations.labels.learning import WITHOUT, vectors_for
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.trail.models import Event
from servanda.vocab.models import Term
from servanda.vocab.status_words import are_statuses

MOST_RECORDS = 2_000  # the newest assigned; 1,000 with their measure take half a minute of a processor
WORTH_ANEW = timedelta(days=7)
LEARNING = "learning-leads"


def learn_leads(*, by: User | None = None) -> LearnedLeads | None:
    """One model from all assignments; nothing where there are none. `UnderWay` where another process learns."""
    with exclusive(LEARNING, refusal=_("Suggestions are being learned already. Come back in a few minutes.")):
        named = institutions_named()
        if not named:
            return None
        records = sorted(named)
        institutions = sorted(set().union(*named.values()))
        targets = np.array([[one in named[record] for one in institutions] for record in records], dtype=bool)
        cases, mark = cases_of(records)
        measured = measured_on(cases, targets)
        model = responsible.learn(cases, targets, records, institutions)
        return keep_learned(model, measured, mark, by=by)


def is_due() -> bool:
    """Whether assignments changed in number since the last time, or texts and labels may have within a week."""
    newest = LearnedLeads.objects.first()
    if newest is None:
        return learned_from().exists()
    return newest.learned_at < timezone.now() - WORTH_ANEW or newest.counted != learned_from().count()


def learning_since() -> datetime | None:
    """Since when some process learns; none if nobody does."""
    return under_way_since(LEARNING)


def taken_assignments() -> AssignmentQuerySet:
    """Of institutions that lead or support, or did; what was refused or taken back does not count."""
    return Assignment.objects.filter(refused_at=None).exclude(ending=Assignment.Ending.UNDONE).order_by()


def learned_from() -> AssignmentQuerySet:
    records = Recommendation.objects.kept().exclude(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return taken_assignments().filter(recommendation__in=records.order_by().values("pk"))


def institutions_named() -> dict[int, set[int]]:
    """Of each record the institutions of today that were named on it, or that took the place of those."""
    assignments = learned_from()
    newest = assignments.values("recommendation").annotate(last=Max("pk")).order_by("-last")[:MOST_RECORDS]
    records = [row["recommendation"] for row in newest]
    today = institutions_of_today()
    named: dict[int, set[int]] = {}
    rows = assignments.filter(recommendation__in=records).values_list("recommendation", "institution")
    for record, institution in rows.iterator():
        if found := today.get(institution):
            named.setdefault(record, set()).update(found)
    return named


def institutions_of_today() -> dict[int, set[int]]:
    """Each institution with itself, or with those that took its place if it is gone."""
    active = set(Institution.objects.active(on=timezone.localdate()).order_by().values_list("pk", flat=True))
    after: dict[int, set[int]] = {}
    for before, successor in Succession.objects.values_list("predecessor", "successor"):
        after.setdefault(before, set()).add(successor)
    found = {pk: {pk} for pk in active}
    for pk in after.keys() - active:
        line, waiting = {pk}, [pk]
        while waiting:
            new = after.get(waiting.pop(), set()) - line
            line |= new
            waiting += [one for one in new if one not in active]
        found[pk] = line & active
    return found


def cases_of(records: Collection[int]) -> tuple[Cases, str]:
    """What is known of these records, in this order, and the mark of the encoder of their vectors."""
    texts = texts_of(records)
    in_order = [texts.get(record, []) for record in records]
    every = list(dict.fromkeys(text for some in in_order for text in some))
    rows, mark = vectors_for(every)
    vectors = None
    if mark != WITHOUT and every:
        places = {text: place for place, text in enumerate(every)}
        vectors = np.array([middle(rows[[places[text] for text in some]]) for some in in_order], dtype=np.float32)
    return described(records, in_order, vectors), mark


def middle(rows: Vectors) -> Vectors:
    return np.asarray(rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1]), dtype=np.float32)


def described(records: Collection[int], texts: list[list[str]], vectors: Vectors | None) -> Cases:
    labels, bodies = labels_of(records), dict(Recommendation.objects.filter(pk__in=records).values_list("pk", "body"))
    return Cases(
        ["\n".join(some) for some in texts],
        [frozenset(labels.get(record, ())) for record in records],
        [frozenset({str(bodies[record])}) for record in records],
        vectors,
    )


def texts_of(records: Collection[int]) -> dict[int, list[str]]:
    """Their full texts in every language that they have."""
    rows = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation__in=records)
    found: dict[int, list[str]] = {}
    for record, text in rows.order_by("language", "pk").values_list("recommendation", "text"):
        found.setdefault(record, []).append(text)
    return found


def labels_of(records: Collection[int]) -> dict[int, set[str]]:
    """What sources and people labelled them with; a status is no label, for it says nothing of what is asked."""
    rows = said_labels().filter(recommendation__in=records, term__is_artefact=False).order_by()
    pairs = list(rows.values_list("recommendation", "term__taxonomy", "term"))
    statuses = taxonomies_of_statuses({taxonomy for _record, taxonomy, _term in pairs})
    found: dict[int, set[str]] = {}
    for record, taxonomy, term in pairs:
        if taxonomy not in statuses:
            found.setdefault(record, set()).add(str(term))
    return found


def taxonomies_of_statuses(taxonomies: Collection[int]) -> set[int]:
    labels: dict[int, list[str]] = {}
    for term in Term.objects.filter(taxonomy__in=taxonomies):
        said = term.label.data if isinstance(term.label.data, dict) else {"": str(term.label)}
        labels.setdefault(term.taxonomy_id, []).append(next(filter(None, said.values()), ""))
    return {taxonomy for taxonomy, some in labels.items() if are_statuses(some)}


def measured_on(cases: Cases, targets: Targets) -> Measured:
    folds = responsible.folds_of([normal(text) for text in cases.texts])
    return responsible.measure(cases, targets, folds)


@transaction.atomic
def keep_learned(model: Model, measured: Measured, mark: str, *, by: User | None) -> LearnedLeads:
    content = responsible_file.packed(model)
    made = LearnedLeads(
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
    made.file.save("leads.npz", ContentFile(content), save=False)
    made.save()
    for earlier in LearnedLeads.objects.filter(pk__lt=made.pk).exclude(file=""):
        transaction.on_commit(partial(earlier.file.storage.delete, str(earlier.file.name)))
    LearnedLeads.objects.filter(pk__lt=made.pk).update(file="")
    Event.record("leads-learned", by=by, label=str(made.assignments))
    return made


def opened(learned: LearnedLeads) -> Model:
    """What was learned last, read once in a process; `OtherVersion` if its file is missing or damaged."""
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
    """One record as it is asked about; its vectors are those that are stored, for a page waits for no encoder."""
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL, recommendation=recommendation)
    rows = list(texts.order_by("language", "pk").values_list("text", "vector__encoder", "vector__vector"))
    stored = [np.frombuffer(bytes(vector), dtype=np.float16) for _text, mark, vector in rows if mark == encoder]
    labels = said_labels().filter(recommendation=recommendation, term__is_artefact=False).order_by()
    return Cases(
        ["\n".join(text for text, _mark, _vector in rows)],
        [frozenset(str(term) for term in labels.values_list("term", flat=True))],
        [frozenset({str(recommendation.body_id)})],
        np.array([middle(np.array(stored, dtype=np.float32))]) if stored else None,
    )
