"""Files of obligations: those due for erasure, and the erasure of those that a person selects.

The period of a kind starts once an obligation was submitted, ended or was withdrawn, with its last change or its last
file. Obligations that follow a proceeding have the files of that proceeding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.http import QueryDict
from django.utils.translation import gettext as _

from servanda.kit.database.traces import delete_after_commit, wipe_after_commit
from servanda.kit.pages.listing import ListFilter, choice_in, page_number
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.models import LegalHold, RetentionPeriod
from servanda.proceedings.retention.holds import place_hold, release_hold
from servanda.proceedings.retention.periods import FILES
from servanda.proceedings.retention.queries import A_YEAR, HELD, NEXT, NOW, WHICH, years_before
from servanda.proceedings.retention.services import present_periods
from servanda.sources.models import Obligation, ObligationFile, ObligationQuerySet
from servanda.sources.obligations.values import refuse_without_permission
from servanda.trail.models import Event
from servanda.vocab.models import ObligationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FileErasureFilter(ListFilter):
    which: str = NOW
    kind: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        which = choice_in(params, "which", WHICH, NOW)
        return cls(which=which, kind=choice_in(params, "kind", ObligationKind.values), number=page_number(params))


def with_files() -> ObligationQuerySet:
    """Obligations that have files, withdrawn ones included: how many, since when they have ended (None if they have
    not), and whether a hold is in place."""
    files = ObligationFile.objects.filter(obligation=OuterRef("pk")).order_by().values("obligation")
    last_file = Subquery(files.annotate(last=Max("added_at")).values("last"))
    ended = ~Q(state__in=Obligation.STILL_DUE) | Q(withdrawn_at__isnull=False)
    last = TruncDate(Greatest(Coalesce("withdrawn_at", "changed_at"), last_file))
    return Obligation.objects.filter(Exists(files), is_derived=False).annotate(
        file_count=Subquery(files.annotate(number=Count("pk")).values("number")),
        has_ended=Q(ended),
        ended_on=last,
        held=is_held(),
    )


def is_held() -> Exists:
    return Exists(LegalHold.objects.open().filter(obligation=OuterRef("pk")))


def over(periods: Mapping[str, int], *, on: date) -> ObligationQuerySet:
    """Those whose period is over on this date."""
    is_over = Q(pk__in=[])
    for kind in ObligationKind.values:
        if years := periods.get(f"{FILES}{kind}"):
            is_over |= Q(kind=kind, ended_on__lte=years_before(on, years))
    return with_files().filter(is_over, has_ended=True)


def due(periods: Mapping[str, int], *, on: date) -> ObligationQuerySet:
    return over(periods, on=on).filter(held=False)


def find_due(periods: Mapping[str, int], filters: FileErasureFilter, *, on: date) -> ObligationQuerySet:
    if filters.which == HELD:
        found = with_files().filter(held=True)
    elif filters.which == NEXT:
        found = over(periods, on=on + A_YEAR).exclude(pk__in=over(periods, on=on).order_by().values("pk"))
    else:
        found = due(periods, on=on)
    return (found.filter(kind=filters.kind) if filters.kind else found).order_by("ended_on", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedFiles:
    """An obligation as the person was shown it."""

    code: str
    version: int
    files: int


@transaction.atomic
def erase_obligation_files(*, selected: Sequence[SelectedFiles], on: date, by: User) -> int:
    """Erase the files of all selected obligations, or of none; returns how many files.

    Raises `ChangedMeanwhile` if one was changed since the person was shown it, and `Refused` without the permission,
    or if nothing is selected. The rows of the files go too, and the reasons with which some were withdrawn.
    """
    refuse_without_permission(by)
    if not selected:
        raise Refused(_("Select at least one entry."))
    list(RetentionPeriod.objects.select_for_update().order_by("pk"))
    codes = [row.code for row in selected]
    list(Obligation.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("pk"))
    present = {row.code: row for row in due(present_periods(), on=on).filter(code__in=codes)}
    for row in selected:
        found = present.get(row.code)
        if found is None or (found.version, found.file_count) != (row.version, row.files):
            raise ChangedMeanwhile(_("An entry is no longer due for erasure. Nothing was erased. Select again."))
    number = sum(erase_files(obligation, by=by) for obligation in present.values())
    wipe_after_commit()
    return number


def erase_files(obligation: Obligation, *, by: User) -> int:
    files = list(ObligationFile.objects.filter(obligation=obligation))
    for row in files:
        delete_after_commit(row.file.storage, str(row.file.name))
        row.delete()
    about = Event.objects.filter(object_type="sources.obligation", object_id=str(obligation.pk))
    withdrawn = about.filter(action="obligation-file-withdrawn").exclude(salt="")
    lines = sorted(withdrawn.values_list("sequence", flat=True))
    Event.objects.filter(sequence__in=lines).update(object_label="", difference="", salt="")
    difference = {"erased": [lines, []], "files": [len(files), 0]}
    Event.record("obligation-files-erased", obligation, by=by, difference=difference)
    return len(files)


@transaction.atomic
def place_file_hold(*, obligation: Obligation, reason: str, by: User) -> LegalHold:
    """Block the erasure of the files of an obligation. Raises `Refused` if there is a hold, if it follows a
    proceeding, whose own hold applies, or without a reason."""
    obligation = lock_any(obligation, by=by)
    if obligation.is_derived:
        raise Refused(
            _("This deadline follows a communication or a visit. Place the hold on the page of that entry.")
        )
    return place_hold(obligation, reason=reason, by=by)


@transaction.atomic
def release_file_hold(*, obligation: Obligation, reason: str, by: User) -> None:
    """Allow the erasure again. Raises `Refused` without a hold, or without a reason."""
    release_hold(lock_any(obligation, by=by), reason=reason, by=by)


def lock_any(obligation: Obligation, *, by: User) -> Obligation:
    """The present row, also a withdrawn one. Raises `Refused` without the permission."""
    refuse_without_permission(by)
    return Obligation.objects.live().select_for_update(of=("self",)).get(pk=obligation.pk)
