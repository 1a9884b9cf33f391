"""No one may appoint themselves, or extend the institutions that they answer for. Exempt are the only account of an
instance, and the command line."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Appointment, Institution, User, answering_for


def is_only_account(person: User) -> bool:
    return not User.objects.filter(is_active=True).exclude(pk=person.pk).exists()


def refuse_own_appointment(appointment: Appointment, *, by: User | None) -> None:
    """Raises `Refused` for changes of one's own appointment, except an earlier end."""
    if by is None or appointment.person_id != by.pk or only_ends_sooner(appointment) or is_only_account(by):
        return
    sentence = _(
        "You cannot appoint yourself or change your own appointment. Ask another coordinator or an administrator."
    )
    raise Refused(sentence)


def only_ends_sooner(appointment: Appointment) -> bool:
    before = Appointment.objects.filter(pk=appointment.pk).first()
    if before is None or appointment.end is None:
        return False
    is_sooner = before.end is None or appointment.end <= before.end
    same = ("institution_id", "function", "start", "bodies")
    return is_sooner and all(getattr(before, name) == getattr(appointment, name) for name in same)


def refuse_own_gain(institution: Institution, above: Institution | None, *, by: User | None) -> None:
    """Raises `Refused` if an institution would come under one's own, or be succeeded by it: one would then answer for
    it."""
    if by is None or above is None:
        return
    for own in own_institutions(by):
        reached = answering_for({own.pk})
        if above.pk in reached and institution.pk not in reached and not is_only_account(by):
            sentence = _(
                "You are appointed to %(institution)s, and this change would make you responsible for another "
                "institution. Ask another coordinator or an administrator."
            )
            raise Refused(sentence % {"institution": own})


def refuse_own_accreditation(institution: Institution, *, by: User | None) -> None:
    """Raises `Refused` for an accreditation of one's own institution."""
    if by is None or is_only_account(by):
        return
    if own := next((candidate for candidate in own_institutions(by) if candidate.pk == institution.pk), None):
        sentence = _("You are appointed to %(institution)s. Ask another administrator to enter its accreditation.")
        raise Refused(sentence % {"institution": own})


def own_institutions(person: User) -> list[Institution]:
    """The institutions for which this person acts, now or later; functions that only read do not count."""
    open_ones = person.appointments.filter(Q(end=None) | Q(end__gte=timezone.localdate()))
    acting = open_ones.exclude(function=Appointment.Function.READER)
    return list(Institution.objects.filter(pk__in=acting.values("institution")).order_by("code"))
