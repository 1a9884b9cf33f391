"""Agreements: add, edit, withdraw, restore, and their duties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.commitments.services import CommitmentValues, add_commitment
from servanda.network.models import Agreement, AgreementDuty, Commitment, Cooperation, MechanismProfile
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.recommendations.editing.structure import restore_recommendation, withdraw_recommendation
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

PLAIN = ("language", "signed_on", "start", "end", "cooperation", "is_invented")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementValues:
    title: str
    parties: Sequence[MechanismProfile]
    text: str
    language: str
    signed_on: date
    start: date | None = None
    end: date | None = None
    cooperation: Cooperation | None = None
    is_invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyValues:
    text: str
    language: str
    owner: MechanismProfile | None = None
    due_on: date | None = None


@transaction.atomic
def add_agreement(*, values: AgreementValues, by: User | None) -> Agreement:
    """Raises `FieldRefused` without a title, a text or two parties, and for an end before the start."""
    agreement = Agreement(created_by=by, version=0)
    set_values(agreement, values)
    save_version(agreement, "agreement-added", by=by, difference={})
    agreement.parties.set(values.parties)
    return agreement


@transaction.atomic
def edit_agreement(*, agreement: Agreement, values: AgreementValues, seen: int | None, by: User) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since; otherwise as `add_agreement`."""
    locked = lock(agreement)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.title))
    before = in_trail(locked, locked.parties.all())
    set_values(locked, values)
    if difference := difference_of(before, in_trail(locked, values.parties)):
        save_version(locked, "agreement-edited", by=by, difference=difference)
        locked.parties.set(values.parties)


def set_values(agreement: Agreement, values: AgreementValues) -> None:
    agreement.title, agreement.text = clean_label(values.title), clean(values.text)
    for name in PLAIN:
        setattr(agreement, name, getattr(values, name))
    for name in ("title", "text"):
        if not getattr(agreement, name):
            raise FieldRefused(name, _("Required field."))
    number = len({party.pk for party in values.parties})
    if number < 2:
        raise FieldRefused("parties", _("Choose at least two mechanisms."))
    agreement.kind = Agreement.Kind.BILATERAL if number == 2 else Agreement.Kind.MULTILATERAL
    if values.end and values.end < (values.start or values.signed_on):
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))


def in_trail(agreement: Agreement, parties: Iterable[MechanismProfile]) -> dict[str, object]:
    plain = {name: str(getattr(agreement, name) or "") for name in ("title", "text", *PLAIN)}
    return plain | {"parties": sorted(str(party) for party in parties)}


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, reason: str, by: User) -> None:
    """Raises `FieldRefused` without a reason, and `Refused` while a duty is followed up."""
    locked = lock(agreement)
    if locked.duties.filter(withdrawn_at=None).exists():
        raise Refused(_("Duties of this agreement are followed up. Undo them first, or enter an end date."))
    withdraw(locked, "agreement-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_agreement(*, agreement: Agreement, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    restore(locked, "agreement-restored", by=by)


@transaction.atomic
def add_duty(*, agreement: Agreement, values: DutyValues, by: User) -> AgreementDuty:
    """Add a duty as an unpublished commitment, with its owner and deadline.

    Raises `FieldRefused` without a text, and for an owner that is no party, and `Refused` while the settings do not
    name the State.
    """
    locked = lock(agreement)
    if values.owner and not locked.parties.filter(pk=values.owner.pk).exists():
        raise FieldRefused("owner", _("Choose a party to the agreement."))
    number = (locked.duties.aggregate(last=Max("number"))["last"] or 0) + 1
    commitment = add_commitment(
        text=values.text,
        language=values.language,
        agreed_on=locked.signed_on,
        number=f"A{locked.pk}.{number}",
        values=CommitmentValues(
            wording=Commitment.Wording.COMMITMENT,
            source=f"{locked.title}, {date_format(locked.signed_on, 'DATE_FORMAT')}"[:300],
            owner=values.owner,
            due_on=values.due_on,
        ),
        by=by,
    )
    duty = AgreementDuty.objects.create(agreement=locked, number=number, commitment=commitment)
    Event.record("agreement-duty-added", locked, by=by, difference={"commitment": ["", str(commitment)]})
    return duty


@transaction.atomic
def undo_duty(*, duty: AgreementDuty, by: User) -> None:
    """Withdraw its commitment; it can be restored. Raises `Refused` if it is undone."""
    locked = lock_duty(duty)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    reason = _("The duty was removed from the agreement.")
    withdraw_recommendation(recommendation=locked.commitment.recommendation, reason=reason, by=by)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    difference = {"commitment": [str(locked.commitment), ""]}
    Event.record("agreement-duty-undone", locked.agreement, by=by, difference=difference)


@transaction.atomic
def restore_duty(*, duty: AgreementDuty, by: User) -> None:
    """Raises `Refused` if it is not undone."""
    locked = lock_duty(duty)
    if locked.withdrawn_at is None:
        raise Refused(_("This has already been done."))
    restore_recommendation(recommendation=locked.commitment.recommendation, by=by)
    locked.withdrawn_at = None
    locked.save(update_fields=["withdrawn_at"])
    difference = {"commitment": ["", str(locked.commitment)]}
    Event.record("agreement-duty-added", locked.agreement, by=by, difference=difference)


def record_download(*, by: User) -> None:
    """Leave a line in the trail about a list of agreements that left as a file."""
    Event.record("agreements-downloaded", by=by)


def lock(agreement: Agreement) -> Agreement:
    """Raises `Refused` for a withdrawn one."""
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This agreement is withdrawn. Restore it first."))
    return locked


def lock_duty(duty: AgreementDuty) -> AgreementDuty:
    lock(duty.agreement)
    return AgreementDuty.objects.select_related("agreement", "commitment__recommendation").get(pk=duty.pk)
