"""Decisions of a person on a suggested label: accept, choose another label instead, or reject.

Decisions are stored, and the next model learns from accepted labels. For many at once see `bulk_decisions`.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.labels.services import add_labels
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.vocab.models import Term

State = Suggestion.State


def lock_waiting(suggestion: Suggestion) -> Suggestion:
    lock(suggestion.recommendation)
    now = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if not Suggestion.objects.waiting().filter(pk=now.pk).exists():
        raise Refused(_("This suggestion has already been decided."))
    return now


@transaction.atomic
def accept_suggestion(*, suggestion: Suggestion, by: User) -> None:
    """Accept the label in this person's name. Raises `Refused`."""
    now = lock_waiting(suggestion)
    add_labels(recommendation=now.recommendation, terms=[now.term], by=by)


@transaction.atomic
def change_suggestion(*, suggestion: Suggestion, instead: Term, by: User) -> None:
    """Set another label of the same taxonomy instead. Raises `Refused`."""
    now = lock_waiting(suggestion)
    if instead.pk == now.term_id or instead.taxonomy_id != now.term.taxonomy_id:
        raise Refused(_("Choose another label of the same taxonomy."))
    add_labels(recommendation=now.recommendation, terms=[instead], by=by)
    decide(now, State.CHANGED, by=by, instead=instead)


@transaction.atomic
def reject_suggestion(*, suggestion: Suggestion, by: User) -> None:
    """Reject the label, which is not suggested for this record again. Raises `Refused`."""
    now = lock_waiting(suggestion)
    decide(now, State.REJECTED, by=by)
    record = Recommendation.objects.get(pk=now.recommendation_id)
    save_version(record, "suggestion-rejected", by=by, difference={"labels": [str(now.term), ""]})


@transaction.atomic
def reopen_suggestion(*, suggestion: Suggestion, by: User) -> None:
    """Undo a rejection, also one made in bulk. Raises `Refused` where the suggestion is not rejected."""
    record = lock(suggestion.recommendation)
    rejected = Suggestion.objects.filter(pk=suggestion.pk, state=State.REJECTED)
    if not rejected.update(state=State.WAITING, decided_by=None, decided_at=None, decided_in=None):
        raise Refused(_("Only a rejected suggestion can be reopened."))
    Tagging.objects.filter(suggestion=suggestion).update(ended_at=None, ended_by=None)
    save_version(record, "suggestion-reopened", by=by, difference={"labels": ["", str(suggestion.term)]})


def decide(now: Suggestion, state: str, *, by: User, instead: Term | None = None) -> None:
    Suggestion.objects.filter(pk=now.pk).update(
        state=state, instead=instead, decided_by=by, decided_at=timezone.now()
    )
    Tagging.objects.filter(suggestion=now, ended_at=None).update(ended_at=timezone.now())
