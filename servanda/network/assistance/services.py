"""Assistance: requests and offers, from entry to closure; cooperation, from introduction to evaluation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Assistance, Cooperation, CooperationEvaluation, MechanismProfile
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event
from servanda.vocab.models import Term

State = Cooperation.State
COOPERATION_FACTS = (
    "agreement",
    "agreed_on",
    "start",
    "end",
    "pledged",
    "received",
    "currency",
    "costs",
    "result",
)
_after_introduction: list[Callable[[], None]] = []  # of the exchange, which is a room above


def register_introduction(follow: Callable[[], None]) -> None:
    """`follow` is called after each introduction, in its transaction."""
    _after_introduction[:] = [follow]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceValues:
    mechanism: MechanismProfile
    title: str
    text: str
    background: str = ""
    forms: Sequence[str] = ()
    languages: Sequence[str] = ()
    regions: Sequence[str] = ()
    capacity: str = ""
    themes: Sequence[Term] = ()
    due_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperationValues:
    state: str = State.INTRODUCED
    agreement: str = ""
    agreed_on: date | None = None
    start: date | None = None
    end: date | None = None
    pledged: Decimal | None = None
    received: Decimal | None = None
    currency: str = ""
    costs: str = ""
    result: str = ""


@transaction.atomic
def add_assistance(*, kind: str, values: AssistanceValues, by: User | None) -> Assistance:
    """Raises `FieldRefused` without a title, a text, a form or a language, and for an amount without a currency."""
    entry = Assistance(kind=kind, created_by=by, version=0, gap=values.gap)
    set_values(entry, values)
    if entry.is_request:
        save_version(entry, "assistance-request-added", by=by, difference={})
    else:
        save_version(entry, "assistance-offer-added", by=by, difference={})
    entry.themes.set(values.themes)
    return entry


@transaction.atomic
def edit_assistance(*, entry: Assistance, values: AssistanceValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since; otherwise as `add_assistance`."""
    locked = lock_editable(entry)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.title))
    before = values_in_trail(locked, locked.themes.all())
    set_values(locked, values)
    if difference := difference_of(before, values_in_trail(locked, values.themes)):
        save_version(locked, "assistance-edited", by=by, difference=difference)
        locked.themes.set(values.themes)


def set_values(entry: Assistance, values: AssistanceValues) -> None:
    title, text = clean_label(values.title), clean(values.text)
    needed = {"title": title, "text": text, "forms": values.forms, "languages": values.languages}
    for name, value in needed.items():
        if not value:
            raise FieldRefused(name, _("Required field."))
    if values.amount is not None and not values.currency:
        raise FieldRefused("currency", _("Enter the currency."))
    entry.mechanism, entry.title, entry.text = values.mechanism, title, text
    entry.background, entry.capacity, entry.due_on = clean(values.background), values.capacity, values.due_on
    entry.forms, entry.languages, entry.regions = (
        " ".join(codes) for codes in (values.forms, values.languages, values.regions)
    )
    entry.amount, entry.currency = values.amount, values.currency


def values_in_trail(entry: Assistance, themes: Iterable[Term]) -> dict[str, object]:
    names = ("title", "text", "background", "forms", "languages", "regions", "capacity", "currency")
    plain = {name: getattr(entry, name) for name in names}
    return plain | {
        "mechanism": str(entry.mechanism),
        "due_on": entry.due_on.isoformat() if entry.due_on else "",
        "amount": str(entry.amount or ""),
        "themes": sorted(str(term) for term in themes),
    }


@transaction.atomic
def close_assistance(*, entry: Assistance, by: User) -> None:
    """It is no longer offered to others. Raises `Refused` if it is closed, or was received."""
    locked = lock_editable(entry)
    if not locked.is_open:
        raise Refused(_("This has already been done."))
    locked.closed_at = timezone.now()
    save_version(locked, "assistance-closed", by=by, difference={})


@transaction.atomic
def reopen_assistance(*, entry: Assistance, by: User) -> None:
    """Raises `Refused` if it is open, or was received."""
    locked = lock_editable(entry)
    if locked.is_open:
        raise Refused(_("This has already been done."))
    locked.closed_at = None
    save_version(locked, "assistance-reopened", by=by, difference={})


@transaction.atomic
def withdraw_assistance(*, entry: Assistance, reason: str, by: User) -> None:
    """Raises `FieldRefused` without a reason, and `Refused` for one with a cooperation."""
    locked = lock(entry)
    if locked.cooperations.exists() or locked.offered_cooperations.exists():
        raise Refused(_("Mechanisms already cooperate on this entry. Close it instead."))
    withdraw(locked, "assistance-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_assistance(*, entry: Assistance, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = Assistance.objects.select_for_update().get(pk=entry.pk)
    restore(locked, "assistance-restored", by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAssistance:
    """A request or an offer as another system published it at the address `origin`, on the day `changed`."""

    origin: str
    kind: str
    changed: date
    is_unsigned: bool = False
    is_for_members: bool = False


@transaction.atomic
def receive_assistance(*, received: ReceivedAssistance, values: AssistanceValues, by: User | None) -> Assistance:
    """Keep what a person accepted; the same entry again replaces what was received before."""
    entry = Assistance.objects.select_for_update().filter(origin=received.origin).first()
    if entry is None:
        entry = Assistance(origin=received.origin, created_by=by, version=0)
    entry.kind, entry.received_on, entry.is_unsigned = received.kind, received.changed, received.is_unsigned
    entry.is_for_members = received.is_for_members
    entry.closed_at, entry.withdrawn_at, entry.withdrawn_reason = None, None, ""
    set_values(entry, values)
    save_version(entry, "assistance-received", by=by, difference={"origin": ["", received.origin]})
    entry.themes.set(values.themes)
    return entry


@transaction.atomic
def delete_received_assistance(*, origins: Sequence[str]) -> None:
    """Delete entries that a peer withdrew. An entry on which mechanisms already cooperate is closed instead, and
    keeps its title."""
    found = Assistance.objects.select_for_update().filter(origin__in=origins).exclude(origin="")
    for entry in found:
        if entry.cooperations.exists() or entry.offered_cooperations.exists():
            entry.text = _("Its sender withdrew it.")
            entry.background, entry.amount, entry.currency = "", None, ""
            entry.closed_at = entry.closed_at or timezone.now()
            save_version(entry, "assistance-deleted", by=None, difference={})
        else:
            Event.record("assistance-deleted", label=entry.title)
            entry.delete()


@transaction.atomic
def introduce(*, request: Assistance, provider: MechanismProfile, offer: Assistance | None, by: User) -> Cooperation:
    """Begin a cooperation on a request, with or without an offer of the mechanism that helps.

    Raises `Refused` on an offer, for the mechanism that asks, for an offer of another mechanism, and if both were
    introduced.
    """
    locked = lock(request)
    if not locked.is_request:
        raise Refused(_("This is an offer. Open the request that it matches and introduce the mechanism there."))
    if provider.pk == locked.mechanism_id:
        raise FieldRefused("provider", _("Choose a mechanism other than the one that requests assistance."))
    if offer and (offer.is_request or offer.mechanism_id != provider.pk):
        raise FieldRefused("offer", _("Choose an offer of the mechanism that helps."))
    if locked.cooperations.filter(provider=provider).exists():
        raise FieldRefused("provider", _("These mechanisms have already been introduced to each other."))
    cooperation = Cooperation(request=locked, offer=offer, provider=provider, version=0)
    save_version(cooperation, "cooperation-introduced", by=by, difference={})
    for follow in _after_introduction:
        follow()
    return cooperation


@transaction.atomic
def follow_cooperation(*, cooperation: Cooperation, values: CooperationValues, seen: int | None, by: User) -> None:
    """Record its state and what is agreed, paid and achieved.

    Raises `ChangedMeanwhile` if another user saved it since, and `FieldRefused` for an end before the start, for an
    amount without a currency, for one that is done without a result, and for one that is over without an end date.
    """
    locked = lock_cooperation(cooperation)
    refuse_if_changed(locked.version, seen, overwriting_conflict(str(locked)))
    if values.start and values.end and values.end < values.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))
    if not values.currency and (values.pledged is not None or values.received is not None):
        raise FieldRefused("currency", _("Enter the currency."))
    if values.state == State.DONE and not clean(values.result):
        raise FieldRefused("result", _("Enter the result."))
    if values.state in (State.DONE, State.ENDED) and values.end is None:
        raise FieldRefused("end", _("Enter the date on which the cooperation ended."))
    before = cooperation_in_trail(locked)
    locked.state = values.state
    for name in COOPERATION_FACTS:
        value = getattr(values, name)
        setattr(locked, name, clean(value) if isinstance(value, str) else value)
    if difference := difference_of(before, cooperation_in_trail(locked)):
        save_version(locked, "cooperation-followed", by=by, difference=difference)


def cooperation_in_trail(cooperation: Cooperation) -> dict[str, object]:
    values = {name: getattr(cooperation, name) for name in ("state", *COOPERATION_FACTS)}
    return {name: "" if value is None else str(value) for name, value in values.items()}


@transaction.atomic
def evaluate_cooperation(
    *, cooperation: Cooperation, side: str, rating: int, text: str, by: User
) -> CooperationEvaluation:
    """Record the evaluation of one side, in place of its former one.

    For a mechanism that is not our own it counts as entered on its behalf. Raises `Refused` before the cooperation is
    over.
    """
    locked = lock_cooperation(cooperation)
    if locked.state not in (State.DONE, State.ENDED):
        raise Refused(_("A cooperation is evaluated when it is done or has ended."))
    former = locked.evaluations.filter(side=side).first()
    found = former or CooperationEvaluation(cooperation=locked, side=side)
    before = [f"{former.rating} {former.text}".strip() if former else ""]
    found.rating, found.text, found.by = rating, clean(text), by
    found.save()
    difference = {side: [*before, f"{rating} {found.text}".strip()]}
    if found.is_on_behalf:
        difference["on_behalf_of"] = ["", found.mechanism.name]
    Event.record("cooperation-evaluated", locked, by=by, difference=difference)
    return found


def record_download(*, by: User, label: str) -> None:
    """Leave a line in the trail about a list of assistance that left as a file."""
    Event.record("assistance-downloaded", by=by, label=label)


def lock(entry: Assistance) -> Assistance:
    """Raises `Refused` for a withdrawn one."""
    locked = Assistance.objects.select_for_update(of=("self",)).select_related("mechanism").get(pk=entry.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This entry is withdrawn. Restore it first."))
    return locked


def lock_editable(entry: Assistance) -> Assistance:
    locked = lock(entry)
    if locked.is_received:
        raise Refused(_("Another system sent this entry. It can only be changed there."))
    return locked


def lock_cooperation(cooperation: Cooperation) -> Cooperation:
    found = Cooperation.objects.select_for_update(of=("self",)).select_related("request", "provider")
    return found.get(pk=cooperation.pk)
