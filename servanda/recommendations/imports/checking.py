"""Rules for when a file may be checked, and when the columns of its sender may be changed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from servanda.intake.models import Batch, FurtherSheet, Remark, SenderMapping, StagedCell, StagedRow
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.models import Instance, User
from servanda.recommendations.imports.matching import Match
from servanda.sources.candidates import Unreadable
from servanda.trail.models import Event
from servanda.vocab.models import Country

State = Batch.State
AT_REST = (State.UPLOADED, State.PREVIEWED, State.UNDONE, State.FAILED)  # nothing of the file is in the register


def start_check(*, batch: Batch, by: User | None) -> None:
    """Mark the file as being checked, so that it is not applied before the task has finished. Raises `Refused`."""
    refuse_unmapped_sheets(batch)
    started = Batch.objects.filter(pk=batch.pk, state__in=AT_REST).update(state=State.PREVIEWING, done=0, message="")
    if not started:
        batch.refresh_from_db(fields=["state"])
        raise Refused(
            _("This import cannot be checked now. Status: %(state)s.") % {"state": batch.get_state_display()}
        )
    batch.refresh_from_db(fields=["state", "done", "message"])


def assume_country(*, batch: Batch, by: User) -> None:
    """Assign rows that name no State to the State of this system, or to the one that the file is limited to.

    Raises `Refused` where neither is set.
    """
    code = batch.country or Instance.current().state_code
    if not Country.objects.filter(code=code).exists():
        raise Refused(_("Enter the State of this system first, on the page “Settings”."))
    with transaction.atomic():
        start_check(batch=batch, by=by)
        batch.assumed_country = code
        batch.save(update_fields=["assumed_country"])
        Event.record("import-state-assumed", batch, by=by, difference={"country": ["", code]})


def take_comments(*, batch: Batch, takes: bool, by: User) -> None:
    """Take the comments in cells as internal notes on the records of their rows, or leave them, and check the file
    again. Raises `Refused` where the file cannot be checked now."""
    refuse_fixed_columns(batch)
    with transaction.atomic():
        start_check(batch=batch, by=by)
        batch.takes_comments = takes
        batch.save(update_fields=["takes_comments"])
        Event.record("import-comments-decided", batch, by=by, difference={"notes": [str(not takes), str(takes)]})


def set_date_order(*, batch: Batch, month_first: bool, by: User) -> None:
    """Read dates such as 03/04/2025 of this file with the month or the day first, and check it again.

    New files of the sender are read in this order too; others that were checked keep theirs.
    Raises `Refused` where the file has no sender, or cannot be checked now.
    """
    refuse_fixed_columns(batch)
    if batch.mapping is None:
        raise Refused(_("Choose the columns of this file first."))
    with transaction.atomic():
        mapping = SenderMapping.objects.select_for_update().get(pk=batch.mapping.pk)
        checked = Batch.objects.filter(mapping=mapping, month_first=None).exclude(state=State.UPLOADED)
        checked.exclude(pk=batch.pk).update(month_first=mapping.month_first)
        difference = {"month_first": [str(batch.reads_month_first), str(month_first)]}
        mapping.month_first = batch.month_first = month_first
        mapping.save(update_fields=["month_first"])
        batch.save(update_fields=["month_first"])
        start_check(batch=batch, by=by)
        Event.record("mapping-saved", mapping, by=by, difference=difference)


def refuse_fixed_columns(batch: Batch) -> None:
    """Raises `Refused` unless the columns of the file may still be changed, which they may until it is applied."""
    if batch.shape != "sheet":
        raise Refused(_("This file needs no column mapping: its format is known."))
    if batch.state not in AT_REST:
        sentence = _("The columns of this import can no longer be changed. Status: %(state)s.")
        raise Refused(sentence % {"state": batch.get_state_display()})


def refuse_unmapped_sheets(batch: Batch) -> None:
    """Raises `Refused` where the columns of a sheet are not chosen, which is needed to check or apply the file."""
    if further := batch.further_sheets.filter(mapping=None).first():
        raise Refused(_("Choose the columns of the sheet “%(sheet)s” first.") % {"sheet": further.sheet})


def refuse_other_outcomes(batch: Batch, matches: Sequence[Match], *, first: int) -> None:
    """Raises `Unreadable` where the register has changed since the preview: another verdict, or a record that is not
    the one of which the preview showed what the row would change."""
    numbers = (first, first + len(matches) - 1)
    staged = {row.number: row for row in batch.rows.filter(number__range=numbers)}
    for number, match in enumerate(matches, first):
        if (row := staged.get(number)) is None:
            continue
        values = {"where": match.row.where, "verdict": match.verdict.label}
        if row.verdict != match.verdict:
            sentence = _(
                "The register has changed since this file was checked: %(where)s was “%(before)s” and is now"
                " “%(verdict)s”. Check the file again."
            )
            raise Unreadable(sentence % (values | {"before": row.get_verdict_display()}))
        if row.record_digest and match.known and row.record_digest != match.known.digest():
            sentence = _(
                "The register has changed since this file was checked: %(where)s changes %(code)s, which was edited"
                " since. Check the file again."
            )
            raise Unreadable(sentence % (values | {"code": match.known.code}))


def forget_check(files: QuerySet[Batch]) -> None:
    for model in (StagedRow, StagedCell, Remark):
        model._default_manager.filter(batch__in=files).delete()


def send_back_checked(mapping: SenderMapping) -> None:
    """Require checked files of this sender to be checked again, in the transaction that changes the mapping.

    Raises `Refused` where a file of the sender is being checked or applied.
    """
    further = FurtherSheet.objects.filter(mapping=mapping).values("batch")
    files = Batch.objects.select_for_update().filter(Q(mapping=mapping) | Q(pk__in=further))
    if busy := files.filter(state__in=[State.PREVIEWING, State.APPLYING]).first():
        sentence = _(
            "“%(name)s” from the same sender is not finished. Status: %(state)s. Try again when it is finished."
        )
        raise Refused(sentence % {"name": busy.name, "state": busy.get_state_display()})
    checked = files.filter(state__in=[State.PREVIEWED, State.UNDONE, State.FAILED], cleaned=True)
    forget_check(checked)
    sentence = _("The columns of “%(sender)s” were changed. Check the columns, then check this file again.")
    checked.update(state=State.UPLOADED, message=sentence % {"sender": mapping})
