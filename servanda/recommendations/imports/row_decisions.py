"""Decisions of a person about rows that could not be matched with certainty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.imports.matching import Match, Verdict
from servanda.trail.models import Event

Decision = StagedRow.Decision


@dataclass(slots=True)
class ProposalGroup:
    """Rows to be confirmed that have the same reason."""

    reason: str
    rows: int = 0
    decided: int = 0

    @property
    def undecided(self) -> int:
        return self.rows - self.decided


def proposal_groups(batch: Batch) -> list[ProposalGroup]:
    """Groups, the largest first. Only the first sentence of a reason counts: remarks on single rows follow it."""
    groups: dict[str, ProposalGroup] = {}
    counted = proposals(batch).order_by().values_list("reason", "decision").annotate(Count("pk"))
    for reason, decision, number in counted:
        group = groups.setdefault(first_sentence(reason), ProposalGroup(first_sentence(reason)))
        group.rows += number
        group.decided += number if decision else 0
    return sorted(groups.values(), key=lambda group: (-group.rows, group.reason))


def proposals(batch: Batch) -> QuerySet[StagedRow]:
    return batch.rows.filter(verdict=Verdict.PROPOSED)


def first_sentence(reason: str) -> str:
    sentence, stop, _rest = reason.partition(". ")
    return f"{sentence}{stop}".rstrip()


@transaction.atomic
def decide_group(*, batch: Batch, reason: str, decision: str, by: User) -> int:
    """Decide on all undecided rows of a group; an empty decision resets the whole group. Returns how many changed.

    Raises `Refused` unless the import is previewed and not applied.
    """
    if batch.state != Batch.State.PREVIEWED:
        raise Refused(_("Decisions can be made only while the import is ready to apply."))
    present = proposals(batch).order_by().values_list("reason", flat=True).distinct()
    chosen = [found for found in present if f"{found} ".startswith(f"{reason} ")]
    rows = proposals(batch).filter(reason__in=chosen)
    changed = rows.filter(decision="").update(decision=Decision(decision)) if decision else rows.update(decision="")
    Event.record("import-decided", batch, by=by, difference={"decision": decision, "reason": reason, "rows": changed})
    return changed


@transaction.atomic
def decide_rows(*, batch: Batch, numbers: Sequence[int], decision: str, by: User) -> int:
    """Decide whether each of these rows is the same recommendation, a new one, or left out.

    Raises `Refused` unless the import is previewed and not applied.
    """
    if batch.state != Batch.State.PREVIEWED:
        raise Refused(_("Decisions can be made only while the import is ready to apply."))
    rows = batch.rows.filter(verdict=Verdict.PROPOSED, number__in=numbers)
    changed = rows.update(decision=Decision(decision))
    Event.record("import-decided", batch, by=by, difference={"decision": decision, "rows": list(numbers)})
    return changed


class Decisions:
    """The decisions of one batch, by the number of their row."""

    def __init__(self, batch: Batch):
        self.by_number = dict(batch.rows.filter(verdict=Verdict.PROPOSED).values_list("number", "decision"))
        self.left_out: set[tuple[str, str]] = set()  # source keys of rows that are not imported

    def apply_to(self, matches: Sequence[Match], *, first: int) -> list[Match]:
        """The matches after the decisions; rows undecided or left out are not imported and stay on the list."""
        return [self._decided(number, match) for number, match in enumerate(matches, first)]

    def _decided(self, number: int, match: Match) -> Match:
        decision = self.by_number.get(number) if match.verdict == Verdict.PROPOSED else None
        if decision == Decision.SAME:
            return Match(match.row, Verdict.CHANGED, match.known)
        if decision == Decision.NEW:
            return Match(match.row, Verdict.NEW)
        if match.verdict == Verdict.PROPOSED:
            self.left_out.add(match.row.key)
        elif match.repeats in self.left_out:
            return replace(match, record=None, joins=None, repeats=None)  # not imported, like the row that it adds to
        return match
