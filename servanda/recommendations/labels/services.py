"""Labels set and taken off by a person. What a source said is ended, never deleted."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.vocab.models import Term


@transaction.atomic
def add_labels(*, recommendation: Recommendation, terms: Iterable[Term], by: User) -> list[Tagging]:
    """Label a recommendation; a suggestion of the machine becomes the word of this person."""
    held = lock(recommendation)
    present = Tagging.objects.current().filter(recommendation=held)
    said = set(present.exclude(origin=Tagging.Origin.MACHINE).values_list("term", flat=True))
    new = [term for term in terms if term.pk not in said]
    if artefact := next((term for term in new if term.is_artefact), None):
        raise Refused(_("“%(label)s” is an artefact of a source and no label to be given.") % {"label": artefact})
    if not new:
        raise Refused(_("Choose a label that this record does not have yet."))
    present.filter(term__in=new).update(ended_at=timezone.now())
    made = Tagging.objects.bulk_create(
        Tagging(recommendation=held, term=term, origin=Tagging.Origin.PERSON, said_by=by) for term in new
    )
    accepted = Suggestion.objects.filter(recommendation=held, term__in=new, state=Suggestion.State.WAITING)
    accepted.update(state=Suggestion.State.ACCEPTED, decided_by=by, decided_at=timezone.now())
    save_version(held, "labels-added", by=by, difference={"labels": ["", ", ".join(str(term) for term in new)]})
    return made


@transaction.atomic
def remove_label(*, tagging: Tagging, by: User) -> None:
    """Take a label off; who had said it, and until when, stays on record."""
    held = lock(tagging.recommendation)
    present = Tagging.objects.current().filter(recommendation=held, pk=tagging.pk)
    if not present.update(ended_at=timezone.now()):
        raise Refused(_("This label was already taken off."))
    rejected = Suggestion.objects.filter(tagging=tagging, state=Suggestion.State.WAITING)
    rejected.update(state=Suggestion.State.REJECTED, decided_by=by, decided_at=timezone.now())
    save_version(held, "label-removed", by=by, difference={"labels": [str(tagging.term), ""]})


@transaction.atomic
def restore_label(*, tagging: Tagging, by: User) -> None:
    """Put a label back that was taken off, with whoever had said it."""
    held = lock(tagging.recommendation)
    if Tagging.objects.current().filter(recommendation=held, term=tagging.term).exists():
        raise Refused(_("The record already has this label."))
    Tagging.objects.filter(recommendation=held, pk=tagging.pk).update(ended_at=None)
    rejected = Suggestion.objects.filter(tagging=tagging, state=Suggestion.State.REJECTED)
    rejected.update(state=Suggestion.State.WAITING, decided_by=None, decided_at=None)
    save_version(held, "label-restored", by=by, difference={"labels": ["", str(tagging.term)]})
