"""Missions of a cooperation: recorded, corrected, withdrawn and restored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Cooperation, MechanismProfile, Mission
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.printed.texts import clean, clean_label

LINES = ("people", "destination")
TEXTS = ("purpose", "result")
PLAIN = ("sent_by", "start", "end", "cost", "currency", "is_published")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionValues:
    sent_by: MechanismProfile
    people: str
    destination: str
    start: date
    end: date
    purpose: str
    cost: Decimal | None = None
    currency: str = ""
    result: str = ""
    is_published: bool = False


@transaction.atomic
def add_mission(*, cooperation: Cooperation, values: MissionValues, by: User | None) -> Mission:
    """Raises `FieldRefused` for what is missing, for a mechanism that does not cooperate, for an end before the
    start, and for a cost without a currency."""
    mission = Mission(cooperation=cooperation, added_by=by, version=0)
    set_values(mission, values)
    save_version(mission, "mission-added", by=by, difference={})
    return mission


@transaction.atomic
def edit_mission(*, mission: Mission, values: MissionValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since; otherwise as `add_mission`."""
    locked = lock(mission)
    if locked.withdrawn_at is not None:
        raise Refused(_("This mission is withdrawn. Restore it first."))
    refuse_if_changed(locked.version, seen, overwriting_conflict(str(locked)))
    before, people = in_trail(locked), locked.people
    set_values(locked, values)
    difference = difference_of(before, in_trail(locked))
    if locked.people != people:
        difference["people"] = ["…", "…"]
    if difference:
        save_version(locked, "mission-edited", by=by, difference=difference)


def set_values(mission: Mission, values: MissionValues) -> None:
    for name in LINES:
        setattr(mission, name, clean_label(getattr(values, name)))
    for name in TEXTS:
        setattr(mission, name, clean(getattr(values, name)))
    for name in PLAIN:
        setattr(mission, name, getattr(values, name))
    refuse_impossible(mission)


def refuse_impossible(mission: Mission) -> None:
    for name in ("people", "destination", "purpose"):
        if not getattr(mission, name):
            raise FieldRefused(name, _("Required field."))
    cooperation = mission.cooperation
    if mission.sent_by_id not in (cooperation.provider_id, cooperation.request.mechanism_id):
        raise FieldRefused("sent_by", _("Choose one of the two mechanisms that cooperate."))
    if mission.end < mission.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))
    if mission.cost is not None and not mission.currency:
        raise FieldRefused("currency", _("Enter the currency."))


def in_trail(mission: Mission) -> dict[str, object]:
    """Without the people who travelled: the trail is kept when a person is erased."""
    names = ("destination", *TEXTS, "currency", "is_published")
    plain = {name: getattr(mission, name) for name in names}
    days = {name: getattr(mission, name).isoformat() for name in ("start", "end")}
    cost = "" if mission.cost is None else f"{mission.cost:.2f}"
    return plain | days | {"cost": cost, "sent_by": str(mission.sent_by)}


@transaction.atomic
def withdraw_mission(*, mission: Mission, reason: str, by: User) -> None:
    """Raises `Refused` without a reason, and for one that is withdrawn."""
    locked = lock(mission)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    withdraw(locked, "mission-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_mission(*, mission: Mission, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = lock(mission)
    restore(locked, "mission-restored", by=by)


def lock(mission: Mission) -> Mission:
    found = Mission.objects.select_for_update(of=("self",)).select_related("cooperation__request", "sent_by")
    return found.get(pk=mission.pk)
