"""Personal data of the exchange: who added peers, received parcels and decided."""

from servanda.exchange.models import Decision, Parcel, Peer, Received
from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User


def peers(person: User) -> list[dict]:
    return list(Peer.objects.filter(added_by=person).order_by("pk").values("name", "added_at"))


def parcels(person: User) -> list[dict]:
    return list(Parcel.objects.filter(received_by=person).order_by("pk").values("name", "received_at"))


def decisions(person: User) -> list[dict]:
    return list(Received.objects.filter(decided_by=person).order_by("pk").values("code", "state", "decided_at"))


def pressed(person: User) -> list[dict]:
    return list(Decision.objects.filter(by=person).order_by("pk").values("state", "done", "started_at"))


def keep(_person: User, _names: list[str]) -> None:
    """Kept. They belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("peers", export=peers, erase=keep)
keeps_personal_data("parcels", export=parcels, erase=keep)
keeps_personal_data("presses that decided on received objects", export=pressed, erase=keep)
keeps_personal_data("decisions on received objects", export=decisions, erase=keep)
