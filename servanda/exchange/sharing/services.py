"""What is shared with everyone: which kinds of objects, and whether their feed is online."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.format.checking import origin_of
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.models import Sharing
from servanda.exchange.sharing.keys import signing_key
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.trail.models import Event


@dataclass(frozen=True, slots=True)
class SharingValues:
    kinds: Sequence[str]
    is_online: bool
    member_kinds: Sequence[str] = ()  # that only members read


def current_sharing() -> Sharing:
    """The saved choice. Until one is saved, all kinds go into parcels, and the feed is not online."""
    return Sharing.objects.first() or Sharing(pk=1, kinds=" ".join(KINDS))


def own_site() -> str:
    """The address with which all ids begin, as the operator set it."""
    return settings.ORIGIN.rstrip("/")


def refuse_site(site: str) -> None:
    """Raises `Refused` where the address of this instance cannot be the beginning of permanent addresses."""
    if origin_of(site) != site:
        raise Refused(_("Set SERVANDA_ORIGIN to the https address of this system first: all ids begin with it."))


@transaction.atomic
def edit_sharing(*, values: SharingValues, by: User) -> None:
    """Choose what is shared. What is not shared any more is withdrawn from peers when the feed is next prepared.

    Raises `Refused` where the feed cannot be online.
    """
    if values.is_online:
        refuse_site(own_site())
        signing_key(on=timezone.now())
    former = current_sharing()
    row, _made = Sharing.objects.update_or_create(
        pk=1,
        defaults={
            "kinds": " ".join(values.kinds),
            "member_kinds": " ".join(code for code in values.member_kinds if code not in values.kinds),
            "is_online": values.is_online,
        },
    )
    difference = {
        "kinds": [former.kinds, row.kinds],
        "member_kinds": [former.member_kinds, row.member_kinds],
        "online": [str(former.is_online), str(row.is_online)],
    }
    difference = {key: [before, now] for key, [before, now] in difference.items() if before != now}
    if difference:
        Event.record("exchange-sharing-changed", by=by, difference=difference)
