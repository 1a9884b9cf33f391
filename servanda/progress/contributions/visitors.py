"""Limits on contributions without an account: one address cannot block the form, and heavy traffic lengthens the
wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.kit.refusal import Refused
from servanda.people.models import VisitorPost
from servanda.people.requests.visitors import count_post
from servanda.progress.models import Contribution

AN_HOUR = timedelta(hours=1)
SHORTEST, LONGEST = 3, 120  # seconds between opening the form and sending it
QUIET = 20  # contributions an hour, of all visitors together, up to which the shortest wait applies


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A visitor who sends the public form; `address` is a keyed hash, see `people/requests/visitors.py`."""

    address: str
    opened_at: datetime


def seconds_to_wait(lately: int) -> int:
    """One second more for every two contributions an hour above `QUIET`, at most two minutes."""
    return min(LONGEST, SHORTEST + max(0, lately - QUIET) // 2)


def current_wait(*, on: datetime, besides: int = 0) -> int:
    """`besides` is what visitors sent in the last hour through the public forms of rooms above."""
    lately = Contribution.objects.filter(contributor=None, received_at__gt=on - AN_HOUR).count()
    return seconds_to_wait(lately + besides)


def refuse_hasty_or_flooding(visitor: Visitor, *, on: datetime, besides: int = 0) -> None:
    """Raises `Refused` with the time to wait. Only accepted posts count against an address."""
    wait = current_wait(on=on, besides=besides)
    remaining = ceil((visitor.opened_at - on).total_seconds() + wait)
    if remaining > 0:
        raise Refused(words_for_wait(min(remaining, wait), is_busy=wait > SHORTEST))
    if not count_post(visitor.address, on=on):
        minutes = VisitorPost.KEPT.seconds // 60
        sentence = _(
            "Too many contributions were sent from your network address. Your text is kept below."
            " Send it again in %(minutes)d minutes."
        )
        raise Refused(sentence % {"minutes": minutes})


def words_for_wait(seconds: int, *, is_busy: bool) -> str:
    if is_busy:
        sentence = ngettext(
            "Many contributions are being sent. Your text is kept below. Wait %(seconds)d second, then send it.",
            "Many contributions are being sent. Your text is kept below. Wait %(seconds)d seconds, then send it.",
            seconds,
        )
    else:
        sentence = ngettext(
            "Your text is kept below. Wait %(seconds)d second, then send it.",
            "Your text is kept below. Wait %(seconds)d seconds, then send it.",
            seconds,
        )
    return sentence % {"seconds": seconds}


def words_for_expired(seconds: int) -> str:
    sentence = ngettext(
        "This form has expired. Your text is kept below. Wait %(seconds)d second, then send it.",
        "This form has expired. Your text is kept below. Wait %(seconds)d seconds, then send it.",
        seconds,
    )
    return sentence % {"seconds": seconds}
