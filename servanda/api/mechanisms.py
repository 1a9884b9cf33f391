"""What is published of mechanisms and of their requests and offers of assistance, key by key."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Schema

from servanda.api.practices import PracticeTheme
from servanda.api.words import ByLanguage, by_language
from servanda.network import models as network
from servanda.network.profiles.computed import public_values
from servanda.network.profiles.fields import fields_by_code
from servanda.network.profiles.queries import with_facts
from servanda.recommendations.filters.parameters import taxonomy_key


class MechanismFact(Schema):
    field: str = Field(description="Code of the field.")
    label: ByLanguage = Field(description="Name of the field, by language.")
    value: str = Field(description="A text, a number, or codes divided by blanks.")
    values: list[ByLanguage] = Field(description="Names of these codes, by language; empty for other values.")
    since: str | None = Field(description="Since when it applies, ISO 8601.")
    source: str
    is_computed: bool = Field(description="Counted by the system of the mechanism.")


class Profile(Schema):
    """A national mechanism for implementation, reporting and follow-up."""

    code: str = Field(description="The permanent key.")
    address: str = Field(description="The page for people.")
    name: str
    country: str = Field(description="ISO 3166-1 alpha-3 where there is one.")
    is_own: bool = Field(description="The mechanism whose system publishes this profile.")
    is_invented: bool = Field(description="For trying things out.")
    facts: list[MechanismFact]


def with_current_facts(profiles: QuerySet) -> QuerySet:
    return with_facts(profiles)  # type: ignore[arg-type]  # -- a QuerySet of profiles


def profiles(rows: Iterable[network.MechanismProfile], site: str) -> list[Profile]:
    """The published shape of profiles read by `with_current_facts`; `site` is put in front of each address."""
    return [_profile(row, site) for row in rows]


def _profile(row: network.MechanismProfile, site: str) -> Profile:
    computed = public_values(on=timezone.localdate()) if row.is_own else {}
    facts = {fact.field: fact for fact in row.current_facts}
    return Profile(
        code=str(row.key),
        address=site + reverse("portal:mechanism", args=[row.key]),
        name=row.name,
        country=row.country.code,
        is_own=row.is_own,
        is_invented=row.is_invented,
        facts=[
            _fact(code, facts.get(code), computed.get(code, ""))
            for code, field in fields_by_code().items()
            if not field.is_own and (code in facts or code in computed)
        ],
    )


def _fact(code: str, fact: network.ProfileFact | None, computed: str) -> MechanismFact:
    """A computed value is published where the page of the profile shows it."""
    field = fields_by_code()[code]
    is_computed = bool(computed) and field.is_computed_beside(fact.value if fact else "")
    entered = None if is_computed else fact
    value = computed if is_computed else fact.value if fact else ""
    return MechanismFact(
        field=code,
        label=by_language(field.label),
        value=value,
        values=[by_language(field.options[option]) for option in value.split() if option in field.options],
        since=_day(entered.since) if entered else None,
        source=entered.source if entered else "",
        is_computed=is_computed,
    )


class Sum(Schema):
    amount: str = Field(description="Digits with at most two decimals.")
    currency: str = Field(description="ISO 4217.")


class Assistance(Schema):
    """What a mechanism asks of others, or offers to them."""

    code: str = Field(description="The permanent key.")
    mechanism: str = Field(description="Name of the mechanism.")
    country: str = Field(description="ISO 3166-1 alpha-3 where there is one.")
    profile: str = Field(description="Code of the published profile of the mechanism; empty without one.")
    title: str
    text: str
    background: str = Field(description="Of a request, why; of an offer, its conditions.")
    forms: list[str] = Field(description="`advice`, `mission`, `training`, `tool` or `funding`.")
    languages: list[str]
    regions: list[str] = Field(description="Regional groups of the United Nations, by code.")
    capacity: str = Field(description="`engage`, `coordinate`, `consult`, `manage-information`, or empty.")
    themes: list[PracticeTheme]
    due_on: str | None = Field(description="Needed or available until, ISO 8601.")
    sum: Sum | None = Field(description="The funding that is sought or offered.")
    is_invented: bool = Field(description="For trying things out.")


class Request(Assistance):
    """What a mechanism asks of others."""


class Offer(Assistance):
    """What a mechanism offers to others."""


def with_mechanism(rows: QuerySet) -> QuerySet:
    return rows.select_related("mechanism__country").prefetch_related("themes__taxonomy")


def requests(rows: Iterable[network.Assistance], site: str) -> list[Request]:
    """The published shape of requests read by `with_mechanism`."""
    return [Request(**_assistance(row)) for row in rows]


def offers(rows: Iterable[network.Assistance], site: str) -> list[Offer]:
    """The published shape of offers read by `with_mechanism`."""
    return [Offer(**_assistance(row)) for row in rows]


def _assistance(row: network.Assistance) -> dict[str, Any]:
    return {
        "code": str(row.key),
        "mechanism": row.mechanism.name,
        "country": row.mechanism.country.code,
        "profile": str(row.mechanism.key) if row.mechanism.is_public else "",
        "title": row.title,
        "text": row.text,
        "background": row.background,
        "forms": row.forms.split(),
        "languages": row.language_codes,
        "regions": row.regions.split(),
        "capacity": row.capacity,
        "themes": [
            PracticeTheme(taxonomy=taxonomy_key(term.taxonomy.code), code=term.code, label=by_language(term.label))
            for term in row.themes.all()
        ],
        "due_on": _day(row.due_on),
        "sum": None if row.amount is None else Sum(amount=f"{row.amount:.2f}", currency=row.currency),
        "is_invented": row.mechanism.is_invented,
    }


class Evaluation(Schema):
    """How a mechanism rates the assistance that it gave or received."""

    code: str = Field(description="The permanent key.")
    request: str = Field(description="The permanent address of the request at its origin.")
    provider: str = Field(description="The address of the profile of the assisting mechanism; empty without one.")
    provider_country: str = Field(description="State of the assisting mechanism, ISO 3166-1 alpha-3.")
    side: str = Field(description="`requester` or `provider`: the side that evaluates.")
    mechanism: str = Field(description="Name of the mechanism that evaluates.")
    country: str = Field(description="ISO 3166-1 alpha-3 where there is one.")
    rating: int = Field(description="From 1, not useful, to 4, very useful.")
    text: str
    date: str = Field(description="ISO 8601.")
    is_invented: bool = Field(description="For trying things out.")


def with_cooperation(rows: QuerySet) -> QuerySet:
    return rows.select_related("cooperation__request__mechanism__country", "cooperation__provider__country")


def evaluations(rows: Iterable[network.CooperationEvaluation], site: str) -> list[Evaluation]:
    """The published shape of evaluations by our own mechanism, read by `with_cooperation`."""
    return [_evaluation(row, site) for row in rows]


def _evaluation(row: network.CooperationEvaluation, site: str) -> Evaluation:
    request, provider, mechanism = row.cooperation.request, row.cooperation.provider, row.mechanism
    return Evaluation(
        code=str(row.key),
        request=request.origin or site + reverse("exchange:published_object", args=["request", request.key]),
        provider=_profile_address(provider, site),
        provider_country=provider.country.code,
        side=row.side,
        mechanism=mechanism.name,
        country=mechanism.country.code,
        rating=row.rating,
        text=row.text,
        date=timezone.localdate(row.at).isoformat(),
        is_invented=mechanism.is_invented,
    )


def _profile_address(profile: network.MechanismProfile, site: str) -> str:
    """That of a profile that was typed here for another State is known to no other system, and our own one has none
    before it is published."""
    is_known = profile.is_own and profile.is_public
    own = site + reverse("exchange:published_object", args=["profile", profile.key]) if is_known else ""
    return profile.origin or own


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
