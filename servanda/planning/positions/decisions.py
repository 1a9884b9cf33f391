"""The coordinator's decision on the position of the State, or a draft of it."""

from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed
from servanda.planning.assignments.services import lock_record
from servanda.planning.models import PositionProposal
from servanda.planning.positions.proposals import mark, refuse_unclear
from servanda.recommendations.bulk.changes import LAST
from servanda.recommendations.editing.positions import (
    add_position,
    decide_position,
    end_position,
    refuse_where_no_position_is_taken,
)
from servanda.recommendations.models import Position, Recommendation
from servanda.recommendations.records.stands import weight
from servanda.sources.printed.texts import clean


@transaction.atomic
def settle_position(
    *, recommendation: Recommendation, stand: str, comment: str, date: Date | None, seen: str, by: User
) -> Position:
    """Decide from this day on, or prepare a draft if there is no day. Other drafts end: a record has one at most.

    `seen` is the `state_of` the record that the person was shown. Raises `ChangedMeanwhile` if it has changed since,
    and `Refused` if no position is taken on this record, or the position, its comment or its day is not valid.
    """
    record = lock_record(recommendation)
    refuse_where_no_position_is_taken(record)
    comment = clean(comment)
    refuse_unclear(stand=stand, comment=comment)
    same = list(Position.objects.current().filter(recommendation=record, stand=stand, comment=comment))
    if same and (same[-1].is_draft, same[-1].date) == (date is None, date):
        return same[-1]  # the form was sent twice
    sentence = _(
        "%(code)s, its proposals or its position changed while you were editing. Check the changes, then save again."
    )
    refuse_if_changed(state_of(record), seen, sentence % {"code": record.code})
    if date:
        refuse_day(record, stand=stand, day=date)
    drafts = list(Position.objects.current().filter(recommendation=record, is_draft=True))
    matching = next((draft for draft in drafts if (draft.stand, draft.comment) == (stand, comment)), None)
    for draft in drafts:
        if draft != matching:
            end_position(position=draft, reason=_("Replaced by another position."), by=by)
    if matching and date:
        decide_position(position=matching, date=date, by=by)
        return Position.objects.current().filter(recommendation=record, is_draft=False).latest("pk")
    return add_position(
        recommendation=record,
        stand=stand,
        words="",
        date=date,
        symbol="",
        paragraph="",
        comment=comment,
        is_draft=date is None,
        by=by,
    )


def state_of(recommendation: Recommendation) -> str:
    """A token that changes with every proposal and every change of the record."""
    proposals = PositionProposal.objects.standing().filter(recommendation=recommendation)
    return f"{recommendation.version}:{mark(proposals)}"


def refuse_day(record: Recommendation, *, stand: str, day: Date) -> None:
    if day > timezone.localdate():
        raise Refused(_("The date must be today or in the past. Leave it empty to save a draft."))
    decided = Position.objects.current().filter(recommendation=record, is_draft=False)
    last = max(decided, key=weight, default=None)
    if last and weight(Position(pk=LAST, stand=stand, date=day)) < weight(last):
        sentence = _("The position of %(day)s would remain in force. Choose a later date.")
        raise Refused(sentence % {"day": date_format(last.date) if last.date else ""})
