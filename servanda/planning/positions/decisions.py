"""The State's position, decided by the coordinator on what institutions proposed; for now, or as a draft."""

from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed
from servanda.planning.assignments.services import still_there
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
    """Decide from this day on, or without a day prepare a draft. Other drafts end: the record has one answer in
    the making at most. `seen` is what `state_of` said of the record that the person was shown."""
    held = still_there(recommendation)
    refuse_where_no_position_is_taken(held)
    comment = clean(comment)
    refuse_unclear(stand=stand, comment=comment)
    there = list(Position.objects.current().filter(recommendation=held, stand=stand, comment=comment))
    if there and (there[-1].is_draft, there[-1].date) == (date is None, date):
        return there[-1]  # the button pressed twice
    sentence = _("%(code)s has changed meanwhile: a proposal or a position is new. Look at it, then save again.")
    refuse_if_changed(state_of(held), seen, sentence % {"code": held.code})
    if date:
        refuse_day(held, stand=stand, day=date)
    drafts = list(Position.objects.current().filter(recommendation=held, is_draft=True))
    ready = next((one for one in drafts if (one.stand, one.comment) == (stand, comment)), None)
    for one in drafts:
        if one != ready:
            end_position(position=one, reason=_("Another answer was prepared."), by=by)
    if ready and date:
        decide_position(position=ready, date=date, by=by)
        return Position.objects.current().filter(recommendation=held, is_draft=False).latest("pk")
    return add_position(
        recommendation=held,
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
    """Another one after every proposal and every change of the record."""
    there = PositionProposal.objects.standing().filter(recommendation=recommendation)
    return f"{recommendation.version}:{mark(there)}"


def refuse_day(held: Recommendation, *, stand: str, day: Date) -> None:
    if day > timezone.localdate():
        raise Refused(_("This day has not come yet. Leave the day empty to keep a draft, and decide it then."))
    decided = Position.objects.current().filter(recommendation=held, is_draft=False)
    last = max(decided, key=weight, default=None)
    if last and weight(Position(pk=LAST, stand=stand, date=day)) < weight(last):
        sentence = _("The State took a position on %(day)s, which would stay in force. Choose a later day.")
        raise Refused(sentence % {"day": date_format(last.date) if last.date else ""})
