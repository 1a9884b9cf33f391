"""What awaits a decision of this person, the longest waiting first."""

from collections.abc import Iterator

from servanda.desk.home.items import (
    APPROVAL,
    CONTRIBUTION,
    DRAFT,
    IMPORT,
    PROPOSAL,
    PUBLICATION,
    REFUSAL,
    Columns,
    Source,
    first_rows,
)
from servanda.desk.imports.queries import waiting_for_somebody
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.models import Assignment, PositionProposal
from servanda.progress.models import Contribution, Update
from servanda.progress.updates.queries import MINE, TO_PUBLISH, TO_VALIDATE, waiting_sets

PENDING = "pending"
STEPS = {MINE: DRAFT, TO_VALIDATE: APPROVAL, TO_PUBLISH: PUBLICATION}


def pending_of(user: User) -> Iterator[Source]:
    waiting = waiting_sets(user)
    visible = Update.objects.visible_to(user) if waiting else Update.objects.none()
    for step, condition in waiting.items():
        columns = Columns(
            key="pk", at="changed_at", title="text", language="language", institution="institution__name"
        )
        yield first_rows(PENDING, STEPS[step], visible.filter(condition), columns)
    if can(user, Can.IMPORT):
        files = waiting_for_somebody(user).select_related(None)
        yield first_rows(PENDING, IMPORT, files, Columns(key="key", at="created_at", title="name"))
    if can(user, Can.ANSWER_CONTRIBUTIONS):
        received = Contribution.objects.visible_to(user).waiting()
        columns = Columns(key="pk", at="received_at", title="text", language="language")
        yield first_rows(PENDING, CONTRIBUTION, received, columns)
    if can(user, Can.ASSIGN):
        refused = Assignment.objects.visible_to(user).refused()
        columns = Columns(key="recommendation__code", at="refused_at", institution="institution__name")
        yield first_rows(PENDING, REFUSAL, refused, columns)
    if can(user, Can.EDIT_REGISTER):
        proposals = PositionProposal.objects.visible_to(user).waiting()
        columns = Columns(key="recommendation__code", at="proposed_at", institution="institution__name")
        yield first_rows(PENDING, PROPOSAL, proposals, columns)
