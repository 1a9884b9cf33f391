"""Positions of the State: drafts while ministries decide, then dated positions, which may change."""

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
    """Add a position of the State. A draft is visible internally only and does not count. Raises `Refused`."""
    record = lock(recommendation)
    refuse_where_no_position_is_taken(record)
    new_position = Position.objects.create(
        recommendation=record,
        stand=stand,
        words=clean_label(words),
        date=date,
        symbol=symbol,
        paragraph=paragraph,
        comment=clean(comment),
        is_draft=is_draft,
    )
    update_stand(record)
    save_version(record, "position-added", by=by, difference={"position": ["", in_words(new_position)]})
    return new_position


@transaction.atomic
def decide_position(*, position: Position, date: Date, by: User) -> None:
    """Turn a draft into the position of the State from this day on; the draft is kept as ended. Raises `Refused`."""
    record = lock(position.recommendation)
    refuse_where_no_position_is_taken(record)
    drafts = Position.objects.current().filter(recommendation=record, pk=position.pk, is_draft=True)
    if not drafts.update(ended_at=timezone.now()):
        raise Refused(_("Only a draft can be decided. To change a decided position, add a new one."))
    decided = Position.objects.create(
        recommendation=record,
        stand=position.stand,
        words=position.words,
        date=date,
        symbol=position.symbol,
        paragraph=position.paragraph,
        comment=position.comment,
    )
    update_stand(record)
    difference = {"position": [in_words(position), in_words(decided)]}
    save_version(record, "position-decided", by=by, difference=difference)


@transaction.atomic
def end_position(*, position: Position, reason: str, by: User) -> None:
    """Remove a wrong position; it stays in the history, and the trail records the reason. Raises `Refused`."""
    record = lock(position.recommendation)
    present = Position.objects.current().filter(recommendation=record, pk=position.pk)
    if not present.update(ended_at=timezone.now()):
        raise Refused(_("This position has already been removed."))
    update_stand(record)
    save_version(
        record, "position-ended", by=by, difference={"position": [in_words(position), ""], "reason": ["", reason]}
    )


def update_stand(record: Recommendation) -> None:
    record.stand = stand_of(record, list(Position.objects.current().filter(recommendation=record)))


def refuse_where_no_position_is_taken(record: Recommendation) -> None:
    if not record.takes_position:
        sentence = _("States take no position on recommendations of %(body)s. Record the follow-up instead.")
        raise Refused(sentence % {"body": record.body.name})


def in_words(position: Position) -> str:
    """A position as the trail stores it, independent of the reader's language: codes and texts."""
    draft = "draft" if position.is_draft else ""
    parts = [position.stand, draft, str(position.date or ""), position.words, position.comment]
    return "; ".join(part for part in parts if part)


def is_about_draft(description: str) -> bool:
    """Whether a description made by `in_words` is of a draft."""
    return description.split("; ")[1:2] == ["draft"]
