"""Personal data in the network: exported for the person; after erasure it stays, without the name."""

from servanda.network.models import ProfileFact
from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User


def facts_of_profiles(person: User) -> list[dict]:
    rows = ProfileFact.objects.filter(by=person).order_by("pk")
    return list(rows.values("profile__name", "field", "value", "at"))


def keep_entries(_person: User, _names: list[str]) -> None:
    """Kept. Profiles belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("facts of mechanisms", export=facts_of_profiles, erase=keep_entries)
