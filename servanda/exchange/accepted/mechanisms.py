"""Hands accepted profiles, requests and offers of a peer to the network, as rows beside its own entries."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from servanda.exchange.accepted.naming import sender_of, terms_of
from servanda.exchange.format.kinds import KINDS, id_of
from servanda.exchange.models import Peer, Received
from servanda.network.assistance.services import (
    AssistanceValues,
    ReceivedAssistance,
    delete_received_assistance,
    receive_assistance,
)
from servanda.network.models import Assistance
from servanda.network.practices.queries import capacities
from servanda.network.profiles.fields import ProfileField, fields_by_code
from servanda.network.profiles.services import (
    FactValues,
    ProfileValues,
    delete_received_profiles,
    delete_unused_profiles,
    named_profile,
    receive_profile,
)
from servanda.people.models import User
from servanda.vocab.models import Country

LONGEST_LINE, LONGEST_CODES = 300, 100
NUMBER, MONEY, WEB = re.compile(r"\d{1,9}", re.ASCII), re.compile(r"\d{1,15}(\.\d{1,2})? [A-Z]{3}"), "https://"
type Countries = Mapping[str, Country]


def follow_mechanisms(
    peer: Peer, accepted: Mapping[str, Sequence[Received]], countries: Countries, *, by: User | None
) -> None:
    """Write what was accepted. An object of a State that this system does not know is left out."""
    for row in accepted["profile"]:
        value = json.loads(row.content)
        if country := countries.get(value["country"]):
            named = ProfileValues(country=country, name=value["name"], is_invented=is_invented(value))
            receive_profile(
                origin=row.object_id,
                values=named,
                facts=facts_of(row, value),
                on=row.changed_at.date(),
                by=by,
                is_unsigned=row.is_unsigned,
            )
    for row in (*accepted["request"], *accepted["offer"]):
        value = json.loads(row.content)
        if country := countries.get(value["country"]):
            day = row.changed_at.date()
            received = ReceivedAssistance(
                origin=row.object_id,
                kind=row.kind,
                changed=day,
                is_unsigned=row.is_unsigned,
                is_for_members=bool(value.get("is_for_members")),
            )
            values = assistance_of(peer, value, country, day)
            receive_assistance(received=received, values=values, by=by)


def delete_mechanisms(*, peer: Peer, origins: Sequence[str]) -> None:
    """Profiles that have only a name, and were made for what goes now, go with it."""
    going = Assistance.objects.filter(origin__in=origins).exclude(origin="")
    named = set(going.exclude(mechanism__origin="").values_list("mechanism__origin", flat=True))
    delete_received_assistance(origins=origins)
    delete_received_profiles(origins=origins)
    accepted = Received.objects.filter(peer=peer, object_id__in=named).accepted()
    delete_unused_profiles(origins=named.difference(accepted.values_list("object_id", flat=True)))


def is_invented(value: Mapping[str, Any]) -> bool:
    return bool(value.get("is_invented"))


def facts_of(row: Received, value: Mapping[str, Any]) -> dict[str, FactValues]:
    """Values of the fields that this system knows; what the other system counted has that system as its source."""
    found = {}
    for fact in value.get("facts") or []:
        field = fields_by_code().get(fact["field"])
        written = value_in(field, fact["value"]) if field else ""
        if field and written:
            source = row.object_id if fact.get("is_computed") else str(fact.get("source") or "")
            found[field.code] = FactValues(value=written, since=day_of(fact.get("since")), source=source[:300])
    return found


def value_in(field: ProfileField, text: str) -> str:
    """The value if it has the format of the field, otherwise nothing."""
    kinds: dict[str, Callable[[], bool]] = {
        "number": lambda: bool(NUMBER.fullmatch(text)),
        "percent": lambda: bool(NUMBER.fullmatch(text)) and int(text) <= 100,
        "money": lambda: bool(MONEY.fullmatch(text)),
        "link": lambda: text.startswith(WEB) and len(text) <= LONGEST_LINE,
        "text": lambda: len(text) <= LONGEST_LINE,
        "long": lambda: True,
        "date": lambda: is_day(text),
    }
    if field.options:
        known = [code for code in text.split() if code in field.options]
        return " ".join(known if field.kind == "checklist" else known[:1])
    return text if kinds.get(field.kind, lambda: False)() else ""


def day_of(day: object) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) and day else None


def is_day(text: str) -> bool:
    """In the one form in which dates are kept."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def assistance_of(peer: Peer, value: Mapping[str, Any], country: Country, day: date) -> AssistanceValues:
    """Of the mechanism whose profile it names at the same origin, or else of one that has only a name."""
    profile = str(value.get("profile") or "")
    origin = id_of(KINDS["profile"], profile, peer.origin) if 0 < len(profile) <= LONGEST_CODES else peer.origin
    named = ProfileValues(country=country, name=sender_of(peer, value["mechanism"]), is_invented=is_invented(value))
    money = value.get("sum") or {}
    return AssistanceValues(
        mechanism=named_profile(origin=origin, values=named, on=day),
        title=value["title"],
        text=value["text"],
        background=str(value.get("background") or ""),
        forms=known_codes(value["forms"], Assistance.Form.values),
        languages=within(value["languages"]),
        regions=known_codes(value.get("regions") or [], Assistance.Region.values),
        capacity=str(value.get("capacity") or "") if value.get("capacity") in capacities() else "",
        themes=terms_of(value.get("themes") or []),
        due_on=day_of(value.get("due_on")),
        amount=Decimal(money["amount"]) if money else None,
        currency=money.get("currency", ""),
    )


def known_codes(codes: Sequence[str], known: Sequence[str]) -> list[str]:
    return [code for code in known if code in codes]


def within(codes: Sequence[str]) -> list[str]:
    """As many as the field of the row holds."""
    kept = list(dict.fromkeys(codes))
    while len(" ".join(kept)) > LONGEST_CODES:
        kept.pop()
    return kept
