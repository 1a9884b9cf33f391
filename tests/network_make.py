"""Builders of the network: one call makes one valid thing."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from servanda.network.models import MechanismProfile
from servanda.network.profiles import services
from servanda.network.profiles.services import FactValues
from servanda.people.models import User
from tests import make

SOURCE = "Decision of the Government"


def profile(name: str = "Human Rights Commission", country: str = "SVN", **fields) -> MechanismProfile:
    return MechanismProfile.objects.create(name=name, country=make.country(country, country), **fields)


def facts(of: MechanismProfile, by: User | None = None, **values: str) -> None:
    """Values by field, with a source."""
    entered = {code: FactValues(value=value, since=date(2020, 1, 1), source=SOURCE) for code, value in values.items()}
    services.set_facts(profile=of, facts=entered, seen=None, by=by)


@dataclass(slots=True)
class Networked:
    """One of everything that an address of the network can name."""

    profile: MechanismProfile
    published: MechanismProfile
    withdrawn: MechanismProfile


def networked(by: User) -> Networked:
    own = profile("Commission", is_own=True)
    facts(own, by, type="inter-ministerial", legal_level="decree")
    published = profile("Neighbours", "HRV", is_published=True)
    facts(published, by, chair="Ministry of Justice")
    return Networked(
        profile=own,
        published=published,
        withdrawn=profile("Entered twice", withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."),
    )
