"""Accreditations of national human rights institutions, entered by an administrator with date and source."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.institutions.self_appointment import refuse_own_accreditation
from servanda.people.institutions.services import locked_tree
from servanda.people.models import Accreditation, Institution, User
from servanda.trail.models import Event


@transaction.atomic
def set_accreditation(
    *, institution: Institution, status: str, start: date, source: str, by: User | None
) -> Accreditation:
    """Set the accreditation from a day on; the former one ends on the day before. An entry for the same day replaces
    it.

    What was published under an accreditation keeps it. Raises `Refused` if this person may not accredit the
    institution, and `FieldRefused` for a day in the future or before the present accreditation, and without a source.
    """
    if by is not None and not can(by, Can.ACCREDIT):
        raise Refused(_("You do not have permission to enter accreditations. Ask an administrator."))
    refuse_own_accreditation(institution, by=by)
    locked_tree()  # otherwise two simultaneous entries would both be in force
    if start > timezone.localdate():
        raise FieldRefused("start", _("Enter a date that is not in the future."))
    if not (source := source.strip()):
        raise FieldRefused("source", _("Enter the source, for example the report of the accreditation committee."))
    before = Accreditation.objects.valid().filter(institution=institution, end=None).first()
    if before is not None:
        end_before(before, start)
    made = Accreditation.objects.create(institution=institution, status=status, start=start, source=source, set_by=by)
    was = before.status if before else Accreditation.Status.NONE.value
    difference = {"status": [was, status], "start": ["", start.isoformat()], "source": ["", source]}
    Event.record("accreditation-set", made, by=by, difference=difference)
    return made


def end_before(present: Accreditation, start: date) -> None:
    if start < present.start:
        sentence = _("The current accreditation dates from %(day)s. Enter this or a later date.")
        raise FieldRefused("start", sentence % {"day": in_words(present.start)})
    if start == present.start:
        present.replaced_at = timezone.now()
    else:
        present.end = start - timedelta(days=1)
    present.save(update_fields=["replaced_at", "end"])
