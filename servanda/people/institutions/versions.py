"""What deeds on institutions and appointments have in common: the row is held, changed, and saved with who did it."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.institutions.self_appointment import refuse_own_appointment, refuse_own_gain
from servanda.people.models import Accreditation, Appointment, Institution, User


def keep(thing: Appointment | Institution, *, by: User | None, reason: str = "") -> None:
    """Saved, with who did it and why in the history of its fields."""
    refuse_hand_on_accredited(thing, by=by)
    if isinstance(thing, Appointment):
        refuse_own_appointment(thing, by=by)
    else:
        refuse_own_gain(thing, thing.parent, by=by)
    vars(thing).update(_history_user=by, _change_reason=reason)
    thing.save()


def refuse_hand_on_accredited(thing: Appointment | Institution, *, by: User | None) -> None:
    """The mechanism does not decide who acts for an institution that assesses it, nor what that institution is
    called: an administrator does, also after an accreditation has ended. Raises `Refused`."""
    place = thing.institution_id if isinstance(thing, Appointment) else thing.pk
    if by is None or place is None or can(by, Can.ACCREDIT):
        return
    if Accreditation.objects.filter(institution=place).exists():
        sentence = _(
            "This institution has an accreditation. Ask an administrator to change it or the appointments to it."
        )
        raise Refused(sentence)


def version_of(thing: Appointment | Institution) -> int:
    """Which state of it a form was opened on."""
    newest = thing.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0


def refuse_if_changed(thing: Appointment | Institution, *, seen: int) -> None:
    """`seen` is the version that the form was opened on."""
    if version_of(thing) != seen:
        raise Refused(
            _("Somebody else changed this while you were writing. Your words are below; saving replaces theirs.")
        )


def difference_of(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list]:
    """What changed: for each fact that differs, what was there and what is now."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
