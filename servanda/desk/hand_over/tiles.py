"""Tiles of vacancies, with the same conditions as their page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.desk.hand_over.vacancies import ENDING, Reader, ending, incomplete, number_of_alarms
from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can
from servanda.people.models import AccountState, User


def vacancy_tiles(user: Reader) -> Supply:
    """Institutions without a focal point or an authority, and how many of them have records."""
    if not can(user, Can.MANAGE_PEOPLE):
        return
    today = timezone.localdate()
    counts, number = (yield Ask.many("vacant", lambda: incomplete(user, on=today))), number_of_alarms(user, on=today)
    named = ngettext(
        "%(number)d institution without a focal point is named on records or assigned to them",
        "%(number)d institutions without a focal point are named on records or assigned to them",
        number,
    ) % {"number": number}
    yield Tile(
        "vacant",
        _("Institutions without a focal point or a validating authority"),
        counts["number"],
        f"{reverse('desk:vacancies')}#missing",
        _("No vacant functions."),
        note=named if number else "",
    )


def ending_tiles(user: Reader) -> Supply:
    if not can(user, Can.MANAGE_PEOPLE):
        return
    counts = yield Ask.many("ending", lambda: ending(user, on=timezone.localdate()))
    days = ngettext(
        "Appointments ending within %(days)d day", "Appointments ending within %(days)d days", ENDING.days
    ) % {"days": ENDING.days}
    yield Tile(
        "ending", days, counts["number"], f"{reverse('desk:vacancies')}#ending", _("No appointments ending soon.")
    )


def invited_tiles(user: Reader) -> Supply:
    if not can(user, Can.MANAGE_PEOPLE):
        return
    counts = yield Ask.many("invited", lambda: User.objects.visible_to(user).in_state(AccountState.INVITED))
    href = f"{reverse('people:people')}?state={AccountState.INVITED}"
    yield Tile("invited", _("Pending invitations"), counts["number"], href, _("All invitations have been accepted."))
