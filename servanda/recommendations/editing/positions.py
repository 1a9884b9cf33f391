"""Where the State stands: drafts while ministries decide, then dated positions that may change."""

from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Position, Recommendation
from servanda.recommendations.records.stands import stand_of
from servanda.sources.printed.texts import clean, clean_label


@transaction.atomic
def add_position(
    *,
    recommendation: Recommendation,
    stand: str,
    words: str,
    date: Date | None,
    symbol: str,
    paragraph: str,
    comment: str,
    is_draft: bool,
    by: User,
) -> Position:
    """Write down a position of the State; a draft is seen in the house only and decides nothing."""
    held = lock(recommendation)
    refuse_where_no_position_is_taken(held)
    made = Position.objects.create(
        recommendation=held,
        stand=stand,
        words=clean_label(words),
        date=date,
        symbol=symbol,
        paragraph=paragraph,
        comment=clean(comment),
        is_draft=is_draft,
    )
    settle_stand(held)
    save_version(held, "position-added", by=by, difference={"position": ["", in_words(made)]})
    return made


@transaction.atomic
def decide_position(*, position: Position, date: Date, by: User) -> None:
    """Make a draft the position of the State, from this day; the draft ends as what it was, for the history."""
    held = lock(position.recommendation)
    refuse_where_no_position_is_taken(held)
    drafts = Position.objects.current().filter(recommendation=held, pk=position.pk, is_draft=True)
    if not drafts.update(ended_at=timezone.now()):
        raise Refused(_("Only a draft can be decided. Add a new position to change one that was decided."))
    decided = Position.objects.create(
        recommendation=held,
        stand=position.stand,
        words=position.words,
        date=date,
        symbol=position.symbol,
        paragraph=position.paragraph,
        comment=position.comment,
    )
    settle_stand(held)
    difference = {"position": [in_words(position), in_words(decided)]}
    save_version(held, "position-decided", by=by, difference=difference)


@transaction.atomic
def end_position(*, position: Position, reason: str, by: User) -> None:
    """Take a position out that should not have been written down; it stays in the history, and the trail says why."""
    held = lock(position.recommendation)
    present = Position.objects.current().filter(recommendation=held, pk=position.pk)
    if not present.update(ended_at=timezone.now()):
        raise Refused(_("This position was already taken out."))
    settle_stand(held)
    save_version(
        held, "position-ended", by=by, difference={"position": [in_words(position), ""], "reason": ["", reason]}
    )


def settle_stand(held: Recommendation) -> None:
    held.stand = stand_of(held, list(Position.objects.current().filter(recommendation=held)))


def refuse_where_no_position_is_taken(record: Recommendation) -> None:
    if not record.takes_position:
        sentence = _("States take no position on recommendations of %(body)s. Record the follow-up instead.")
        raise Refused(sentence % {"body": record.body.name})


def in_words(position: Position) -> str:
    """For the trail, which knows no language of the reader: the stored codes and the texts."""
    draft = "draft" if position.is_draft else ""
    parts = [position.stand, draft, str(position.date or ""), position.words, position.comment]
    return "; ".join(part for part in parts if part)


def tells_of_a_draft(words: str) -> bool:
    """Whether the trail speaks of a draft here, in the words of `in_words`."""
    return words.split("; ")[1:2] == ["draft"]
