"""Imported files, as far as a person may see them."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from servanda.intake.models import Batch
from servanda.intake.sheets.kinds import kinds
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.editing import merging
from servanda.sources.obligations.by_rules import SHAPE as OBLIGATION_RULES
from servanda.sources.units.reading import SHAPE as DOCUMENT

WAITING = "waiting"  # the only filter of the list of files


def batch_of(request: HttpRequest, key) -> Batch:
    return get_object_or_404(files_sent(request.user).select_related("mapping").with_usable(), key=key)


def files_sent(user) -> QuerySet[Batch]:
    """Batches of files, without bulk changes, merges, and kinds of sheets, which have their own pages."""
    others = [merging.MERGE, OBLIGATION_RULES, *(kind.shape for kind in kinds())]
    batches = Batch.objects.visible_to(user).exclude(shape__in=others)
    return batches.exclude(shape__startswith=BULK).select_related("created_by", "reading")


def first_step(batch: Batch) -> str:
    """The name of the page on which the work on a file that was just sent continues."""
    return "desk:map_columns" if batch.shape == "sheet" else "desk:show_import"


def waiting_for_somebody(user) -> QuerySet[Batch]:
    """Files that wait for a person to map their columns or to decide."""
    named_next = Q(state=Batch.State.UPLOADED, shape__in=["sheet", DOCUMENT])
    return files_sent(user).filter(named_next | Q(state=Batch.State.PREVIEWED))
