"""Nobody gives themselves an appointment or an institution to answer for: another person does it. An instance with
one account sets itself up all the same, and so does the command line."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Appointment, Institution, User, answering_for


def is_only_account(person: User) -> bool:
    return not User.objects.filter(is_active=True).exclude(pk=person.pk).exists()


def refuse_own_appointment(appointment: Appointment, *, by: User | None) -> None:
    """One may end one's own sooner, and nothing else. Raises `Refused`."""
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
    """Who answers for an institution answers for what is part of it, and for those whose place it took: so another
    person puts an institution there. Raises `Refused`."""
    if by is None or above is None:
        return
    for own in own_institutions(by):
        reached = answering_for({own.pk})
        if above.pk in reached and institution.pk not in reached and not is_only_account(by):
            sentence = _(
                "You are appointed to %(institution)s, and this would make you responsible for another institution."
                " Ask another coordinator or an administrator."
            )
            raise Refused(sentence % {"institution": own})


def refuse_own_accreditation(institution: Institution, *, by: User | None) -> None:
    """Raises `Refused`."""
    if by is None or is_only_account(by):
        return
    if own := next((one for one in own_institutions(by) if one.pk == institution.pk), None):
        sentence = _("You are appointed to %(institution)s. Ask another administrator to enter its accreditation.")
        raise Refused(sentence % {"institution": own})


def own_institutions(person: User) -> list[Institution]:
    """Where this person acts for an institution, today or later; who only reads gains nothing."""
    open_ones = person.appointments.filter(Q(end=None) | Q(end__gte=timezone.localdate()))
    acting = open_ones.exclude(function=Appointment.Function.READER)
    return list(Institution.objects.filter(pk__in=acting.values("institution")).order_by("code"))
