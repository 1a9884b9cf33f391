"""The mechanism of Slovenia, as documents of its reviews describe it, an invented neighbour, and the Declaration."""

from typing import Any

from i18nfield.strings import LazyI18nString

from servanda.demo.reading import coordinator, read
from servanda.network.commitments.services import add_declaration
from servanda.network.models import MechanismProfile
from servanda.network.profiles import services
from servanda.network.profiles.services import FactValues, ProfileValues
from servanda.people.models import User
from servanda.recommendations.editing.services import publish_recommendation
from servanda.vocab.models import Country


def load() -> None:
    """Idempotent."""
    if MechanismProfile.objects.exists():
        return
    data, by = read("network"), coordinator()
    own, neighbour = data["own"], data["neighbour"]
    enter(own, Country.objects.get(code=own["country"]), by=by, is_own=True)
    state = neighbour["state"]
    name = LazyI18nString(state["name"])
    invented, _is_new = Country.objects.get_or_create(code=state["code"], defaults={"name": name, "is_state": False})
    facts = {code: {"value": value, "source": neighbour["source"]} for code, value in neighbour["facts"].items()}
    made = enter(neighbour | {"facts": facts}, invented, by=by, is_invented=True)
    # That of Slovenia stays inside: its figures are counted from invented people and answers.
    services.publish_profile(profile=made, by=by)
    for commitment in add_declaration(by=by):
        publish_recommendation(recommendation=commitment.recommendation, by=by)


def enter(written: dict[str, Any], country: Country, *, by: User, **marks: bool) -> MechanismProfile:
    profile = services.add_profile(values=ProfileValues(country=country, name=written["name"], **marks), by=by)
    facts = {code: FactValues(**fact) for code, fact in written["facts"].items()}
    services.set_facts(profile=profile, facts=facts, seen=None, by=by)
    return profile
