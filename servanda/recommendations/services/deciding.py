"""What a person said about the rows that the machine could not decide."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.services.matching import Match, Verdict
from servanda.trail.models import Event

Decision = StagedRow.Decision


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

    def decided(self, matches: Sequence[Match], *, first: int) -> list[Match]:
        """What is written; a row that is undecided, or left out, stays out and stays on the list."""
        return [self._decided(number, match) for number, match in enumerate(matches, first)]

    def _decided(self, number: int, match: Match) -> Match:
        decision = self.by_number.get(number) if match.verdict == Verdict.PROPOSED else None
        if decision == Decision.SAME:
            return Match(match.row, Verdict.CHANGED, match.known)
        if decision == Decision.NEW:
            return Match(match.row, Verdict.NEW)
        return match
