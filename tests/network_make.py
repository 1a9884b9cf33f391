"""Builders of the network: one call makes one valid thing."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from servanda.network.models import Commitment, MechanismProfile
from servanda.network.profiles import services
from servanda.network.profiles.services import FactValues
from servanda.people.models import Instance, User
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body
from tests import make

SOURCE = "Decision of the Government"


def profile(name: str = "Human Rights Commission", country: str = "SVN", **fields) -> MechanismProfile:
    return MechanismProfile.objects.create(name=name, country=make.country(country, country), **fields)


def facts(of: MechanismProfile, by: User | None = None, **values: str) -> None:
    """Values by field, with a source."""
    entered = {code: FactValues(value=value, since=date(2020, 1, 1), source=SOURCE) for code, value in values.items()}
    services.set_facts(profile=of, facts=entered, seen=None, by=by)


def own_state() -> None:
    """The settings name the State."""
    make.country()
    Instance.objects.update_or_create(pk=Instance.current().pk, defaults={"state_code": "SVN"})


def commitment(text: str = "Meet once a year.", **fields) -> Commitment:
    """A record of the network, published like others of the builders."""
    body = make.body("NMIRF-NET", Body.Kind.OTHER)
    kind = Recommendation.Kind.COMMITMENT
    record = make.recommendation(text, kind=kind, body=body, review=None, document=None)
    facts = {"wording": "commitment", "source": "Annual seminar 2027"} | fields
    return Commitment.objects.create(recommendation=record, **facts)


@dataclass(slots=True)
class Networked:
    """One of everything that an address of the network can name."""

    profile: MechanismProfile
    published: MechanismProfile
    withdrawn: MechanismProfile
    commitment: Commitment


def networked(by: User) -> Networked:
    own = profile("Commission", is_own=True)
    facts(own, by, type="inter-ministerial", legal_level="decree")
    published = profile("Neighbours", "HRV", is_published=True)
    facts(published, by, chair="Ministry of Justice")
    return Networked(
        profile=own,
        published=published,
        withdrawn=profile("Entered twice", withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."),
        commitment=commitment(),
    )
