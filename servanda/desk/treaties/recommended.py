"""Who recommended to ratify which treaty, and to withdraw which reservation."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch

from servanda.people.models import User
from servanda.recommendations.models import RecommendingState, RecordInstrument, RecordReservation
from servanda.sources.models import Reservation, TreatyStatus
from servanda.vocab.models import ShortName

MOST_LINKS = 200


def bodies_by_instrument(statuses: Iterable[TreatyStatus], user: User) -> dict[int, str]:
    """For rows of the list: the bodies whose records ask to ratify the treaty, each with the number of records."""
    links = RecordInstrument.objects.visible_to(user).filter(
        instrument__in=[status.instrument_id for status in statuses]
    )
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    columns = ("instrument", "recommendation__body__short_name", "recommendation__body__code")
    for instrument, short_name, code in links.values_list(*columns):
        counts[instrument][str(ShortName(short_name, code))] += 1
    return {
        instrument: ", ".join(f"{body} ({count})" for body, count in sorted(found.items()))
        for instrument, found in counts.items()
    }


def records_on(status: TreatyStatus, user: User) -> list[RecordInstrument]:
    """The visible records that ask to ratify the treaty, with the States that recommended it."""
    links = RecordInstrument.objects.visible_to(user).filter(instrument=status.instrument_id)
    related = links.select_related("recommendation__body")
    states = RecommendingState.objects.current().select_related("country")
    return list(related.prefetch_related(Prefetch("recommendation__recommending", states))[:MOST_LINKS])


def records_on_reservations(
    reservations: Iterable[Reservation], user: User
) -> list[tuple[Reservation, list[RecordReservation]]]:
    """Each reservation with the visible records that ask to withdraw it."""
    shown = list(reservations)
    links = RecordReservation.objects.visible_to(user).filter(reservation__in=shown)
    by_reservation: defaultdict[int, list[RecordReservation]] = defaultdict(list)
    for link in links.select_related("recommendation__body")[:MOST_LINKS]:
        by_reservation[link.reservation_id].append(link)
    return [(reservation, by_reservation[reservation.pk]) for reservation in shown]
