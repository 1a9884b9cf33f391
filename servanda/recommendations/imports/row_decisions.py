"""What a person said about the rows that the machine could not decide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.imports.matching import Match, Verdict
from servanda.trail.models import Event

Decision = StagedRow.Decision


@dataclass(slots=True)
class ProposalGroup:
    """The rows to be confirmed that are proposed for one reason."""

    reason: str
    rows: int = 0
    decided: int = 0

    @property
    def undecided(self) -> int:
        return self.rows - self.decided


def proposal_groups(batch: Batch) -> list[ProposalGroup]:
    """The largest first. Remarks on a single row follow the reason in another sentence and make no other group."""
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
    """Decide on all rows of a group that nobody decided on yet; an empty decision takes back all of the group's.

    Raises `Refused` once the import is no longer only previewed.
    """
    if batch.state != Batch.State.PREVIEWED:
        raise Refused(_("Decisions can be made only while the import is ready to apply."))
    rows = proposals(batch).filter(Q(reason=reason) | Q(reason__startswith=f"{reason} "))
    changed = rows.filter(decision="").update(decision=Decision(decision)) if decision else rows.update(decision="")
    Event.record("import-decided", batch, by=by, difference={"decision": decision, "reason": reason, "rows": changed})
    return changed


@transaction.atomic
def decide_rows(*, batch: Batch, numbers: Sequence[int], decision: str, by: User) -> int:
    """Say of rows to be confirmed whether each is the same recommendation, a new one, or left out."""
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
        self.left_out: set[tuple[str, str]] = set()  # sources of the rows that stay out

    def decided(self, matches: Sequence[Match], *, first: int) -> list[Match]:
        """What is written; a row that is undecided, or left out, stays out and stays on the list."""
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
            return replace(match, record=None, joins=None, repeats=None)  # stays out with the row that it adds to
        return match
