"""Save institutions and appointments: checks of permissions and of concurrent changes."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.institutions.self_appointment import (
    only_ends_sooner,
    refuse_own_appointment,
    refuse_own_gain,
)
from servanda.people.models import Accreditation, Appointment, Institution, User
from servanda.people.versioning import attribute, overwriting_conflict, refuse_if_changed, version_of


def save_attributed(row: Appointment | Institution, *, by: User | None, reason: str = "") -> None:
    """Save, with the person and the reason in the history. Raises `Refused` as the checks below do."""
    refuse_hand_on_accredited(row, by=by)
    if isinstance(row, Appointment):
        refuse_own_appointment(row, by=by)
        refuse_second_voice(row, by=by)
    else:
        refuse_own_gain(row, row.parent, by=by)
    attribute(row, by=by, reason=reason)
    row.save()


def refuse_hand_on_accredited(row: Appointment | Institution, *, by: User | None) -> None:
    """Raises `Refused` unless an administrator changes an institution with an accreditation, present or past, or its
    appointments: it assesses the mechanism, which must not decide who acts for it."""
    place = row.institution_id if isinstance(row, Appointment) else row.pk
    if by is None or place is None or can(by, Can.ACCREDIT):
        return
    if Accreditation.objects.filter(institution=place).exists():
        sentence = _("This institution is accredited. Ask an administrator to change it or its appointments.")
        raise Refused(sentence)


def refuse_second_voice(appointment: Appointment, *, by: User | None) -> None:
    """Raises `Refused` unless an administrator appoints a contributor of an accredited institution elsewhere: the
    person would contribute under another name, or could no longer sign."""
    reads = appointment.function == Appointment.Function.READER
    if by is None or reads or can(by, Can.ACCREDIT) or only_ends_sooner(appointment):
        return
    others = Appointment.objects.filter(person=appointment.person_id, function=Appointment.Function.CONTRIBUTOR)
    others = others.filter(Q(end=None) | Q(end__gte=timezone.localdate())).exclude(pk=appointment.pk)
    accredited = Accreditation.objects.order_by().values("institution")
    if voice := others.filter(institution__in=accredited).select_related("institution").first():
        sentence = _("This person contributes for %(institution)s, which is accredited. Ask an administrator.")
        raise Refused(sentence % {"institution": voice.institution})


def refuse_if_saved_since(row: Appointment | Institution, *, seen: int) -> None:
    """`seen` is the version that the form was opened on. Raises `ChangedMeanwhile`."""
    refuse_if_changed(version_of(row), seen, overwriting_conflict())
