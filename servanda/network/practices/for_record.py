"""Practices that may help with a record: linked by a person, or found by a shared theme and by meaning."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.models import Practice, PracticeLink, PracticeQuerySet, PracticeVector
from servanda.network.practices.encoding import compared
from servanda.network.practices.queries import language_for, text_in
from servanda.people.models import User
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.search import vector_index
from servanda.trail.models import Event
from servanda.vocab.models import Term

MOST = 8
# Measured by `./run bench practices` on its invented set; the part `tuning` set these.
SIMILAR = 0.4  # a text alone
SIMILAR_IN_THEME = 0.15  # a text of a shared theme
THEME_COUNTS = 0.2
Decision = PracticeLink.Decision


@dataclass(frozen=True, slots=True)
class FittingPractice:
    """A practice for a record, and why it is shown."""

    practice: Practice
    title: str
    language: str
    themes: Sequence[Term]  # that both have
    is_similar: bool
    is_linked: bool


def ranked(likeness: Mapping[int, float], in_theme: Collection[int], unread: Collection[int] = ()) -> list[int]:
    """The fitting ones in order: a shared theme and a text that is not too far, or a near text. Those in `unread`
    have no vector yet, and a shared theme is enough."""
    fits = [pk for pk, how in likeness.items() if how >= (SIMILAR_IN_THEME if pk in in_theme else SIMILAR)]
    fits.sort(key=lambda pk: (-(likeness[pk] + THEME_COUNTS * (pk in in_theme)), pk))
    return [*fits, *sorted(set(unread) & set(in_theme), reverse=True)][:MOST]


def practices_for(record: Recommendation, *, among: PracticeQuerySet) -> list[FittingPractice]:
    """Linked ones first, without those that a person dismissed. Takes at most seven queries."""
    decisions = dict(decisions_on(record).values_list("practice", "decision"))
    pks = among.order_by().values("pk")
    themes = shared_themes(record, pks)
    likeness, unread = likeness_to(record, pks, themes)
    wanted = [pk for pk in ranked(likeness, themes, unread) if pk not in decisions]
    linked = [pk for pk, decision in decisions.items() if decision == Decision.LINKED]
    found = among.select_related("mechanism__country").in_bulk([*linked, *wanted]) if linked or wanted else {}
    near = {pk for pk, how in likeness.items() if how >= SIMILAR_IN_THEME}
    return [
        FittingPractice(
            found[pk],
            *text_in(found[pk], "title", language_for(found[pk])),
            themes=themes.get(pk, []),
            is_similar=pk in near,
            is_linked=pk in linked,
        )
        for pk in [*linked, *wanted]
        if pk in found
    ]


def decisions_on(record: Recommendation) -> QuerySet[PracticeLink]:
    """Also those on records that were merged into this one."""
    merged = Q(recommendation=record) | Q(recommendation__merged_into=record)
    return PracticeLink.objects.filter(merged).order_by("at", "pk")


def shared_themes(record: Recommendation, pks: QuerySet) -> dict[int, list[Term]]:
    """The labels of the record that practices have as well; suggested labels do not count."""
    labels = Tagging.objects.current().filter(recommendation=record).exclude(origin=Tagging.Origin.MACHINE).order_by()
    through = Practice.themes.through.objects.filter(practice__in=pks, term__in=labels.values("term"))
    shared: dict[int, list[Term]] = {}
    for row in through.select_related("term").order_by("practice", "term__order", "term__code"):
        shared.setdefault(row.practice_id, []).append(row.term)
    return shared


def likeness_to(record: Recommendation, pks: QuerySet, themes: Iterable[int]) -> tuple[dict[int, float], set[int]]:
    """The similarity of the practices that have a vector of the encoder of the register, and those of a shared theme
    that have none."""
    space = vector_index.now()
    _pks, rows = space.vectors_of([record.pk])
    if not len(rows):
        return {}, set(themes)
    stored = PracticeVector.objects.filter(encoder=space.encoder, practice__in=pks)
    likeness = compared(list(stored.values_list("practice", "vector")), rows[0])
    return likeness, set(themes) - likeness.keys()


def linked_practices(records: QuerySet[Recommendation]) -> QuerySet[PracticeLink]:
    """The decisions of people that practices fit these records."""
    return PracticeLink.objects.filter(decision=Decision.LINKED, recommendation__in=records.order_by().values("pk"))


@transaction.atomic
def link_practice(*, record: Recommendation, practice: Practice, by: User) -> None:
    """Show the practice first on the page of the record. Raises `Refused` if it is linked already."""
    decide(record, practice, Decision.LINKED, by)
    Event.record("practice-linked", record, by=by, difference={"practice": ["", str(practice)]})


@transaction.atomic
def dismiss_practice(*, record: Recommendation, practice: Practice, by: User) -> None:
    """Stop showing the practice for this record. Raises `Refused` if it is dismissed already."""
    decide(record, practice, Decision.DISMISSED, by)
    Event.record("practice-dismissed", record, by=by, difference={"practice": ["", str(practice)]})


@transaction.atomic
def reopen_practice(*, record: Recommendation, practice: Practice, by: User) -> None:
    """Forget the decision. Raises `Refused` if there is none."""
    count, _rows = decisions_on(record).filter(practice=practice).delete()
    if not count:
        raise Refused(_("This has already been done."))
    Event.record("practice-reopened", record, by=by, difference={"practice": [str(practice), ""]})


def decide(record: Recommendation, practice: Practice, decision: str, by: User) -> None:
    former = PracticeLink.objects.select_for_update().filter(recommendation=record, practice=practice).first()
    if former and former.decision == decision:
        raise Refused(_("This has already been done."))
    PracticeLink.objects.update_or_create(
        recommendation=record, practice=practice, defaults={"decision": decision, "by": by, "at": timezone.now()}
    )
