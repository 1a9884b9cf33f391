"""Labels set and removed by a person. Labels from sources are ended, never deleted."""

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
    """Label a recommendation; suggestions of these labels are accepted. Raises `Refused`."""
    record = lock(recommendation)
    present = Tagging.objects.current().filter(recommendation=record)
    confirmed = set(present.exclude(origin=Tagging.Origin.MACHINE).values_list("term", flat=True))
    new = [term for term in terms if term.pk not in confirmed]
    if artefact := next((term for term in new if term.is_artefact), None):
        raise Refused(
            _("“%(label)s” is an artefact of a source and cannot be used as a label.") % {"label": artefact}
        )
    if not new:
        raise Refused(_("Choose a label that this record does not have yet."))
    present.filter(term__in=new).update(ended_at=timezone.now())
    taggings = Tagging.objects.bulk_create(
        Tagging(recommendation=record, term=term, origin=Tagging.Origin.PERSON, said_by=by) for term in new
    )
    accepted = Suggestion.objects.filter(recommendation=record, term__in=new, state=Suggestion.State.WAITING)
    accepted.update(state=Suggestion.State.ACCEPTED, decided_by=by, decided_at=timezone.now())
    save_version(record, "labels-added", by=by, difference={"labels": ["", ", ".join(str(term) for term in new)]})
    return taggings


@transaction.atomic
def remove_label(*, tagging: Tagging, by: User) -> None:
    """Remove a label; who set it, and until when it counted, is kept. Raises `Refused`."""
    record = lock(tagging.recommendation)
    present = Tagging.objects.current().filter(recommendation=record, pk=tagging.pk)
    if not present.update(ended_at=timezone.now()):
        raise Refused(_("This label has already been removed."))
    rejected = Suggestion.objects.filter(tagging=tagging, state=Suggestion.State.WAITING)
    rejected.update(state=Suggestion.State.REJECTED, decided_by=by, decided_at=timezone.now())
    save_version(record, "label-removed", by=by, difference={"labels": [str(tagging.term), ""]})


@transaction.atomic
def restore_label(*, tagging: Tagging, by: User) -> None:
    """Restore a removed label, with its original author. Raises `Refused`."""
    record = lock(tagging.recommendation)
    if Tagging.objects.current().filter(recommendation=record, term=tagging.term).exists():
        raise Refused(_("The record already has this label."))
    Tagging.objects.filter(recommendation=record, pk=tagging.pk).update(ended_at=None)
    rejected = Suggestion.objects.filter(tagging=tagging, state=Suggestion.State.REJECTED)
    rejected.update(state=Suggestion.State.WAITING, decided_by=None, decided_at=None)
    save_version(record, "label-restored", by=by, difference={"labels": ["", str(tagging.term)]})
