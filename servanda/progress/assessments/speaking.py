"""The institution on whose behalf a contributor writes. The choice is offered first the next time."""

from collections.abc import Collection
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.refusal import FieldRefused
from servanda.people.models import Accreditation, Appointment, Institution, User
from servanda.people.naming import InstitutionByName


def places_of(person: User) -> list[Institution]:
    """The institutions for which this person contributes: first the one chosen last, then those that may sign, then
    those that were ever accredited."""
    contributing = Appointment.Function.CONTRIBUTOR
    institutions = [row.institution for row in person.current_appointments if row.function == contributing]
    places = list({place.pk: place for place in institutions}.values())
    if len(places) > 1:
        accredited = Accreditation.objects.filter(institution__in=places).order_by()
        ever = set(accredited.values_list("institution_id", flat=True))
        signing = set(accredited.signing(on=timezone.localdate()).values_list("institution_id", flat=True))
        last = person.speaks_for_id
        places.sort(key=lambda place: (place.pk != last, place.pk not in signing, place.pk not in ever))
    return places


def contributing_institution(person: User | None, chosen: Institution | None = None) -> Institution | None:
    """The institution for which this person contributes, if any; a visitor has none.

    Raises `FieldRefused` for a choice of another.
    """
    places = places_of(person) if person else []
    if chosen is None:
        return places[0] if places else None
    if chosen not in places:
        raise FieldRefused("institution", _("You do not contribute for this institution. Choose another one."))
    return chosen


def remember_institution(person: User, chosen: Institution | None) -> None:
    """Offer it first the next time. It is a convenience of the person, and no line of the trail."""
    if chosen is not None and chosen.pk != person.speaks_for_id:
        person.speaks_for = chosen
        User.objects.filter(pk=person.pk).update(speaks_for=chosen)


class SpeakingForm(forms.Form):
    """The choice, for those who contribute for several institutions."""

    institution = InstitutionByName(
        Institution.objects.none(),
        label=gettext_lazy("On behalf of"),
        empty_label=gettext_lazy("Choose an institution"),
        help_text=gettext_lazy(
            "You contribute for several institutions. Your choice is offered first the next time."
        ),
    )

    def offer_institutions(self, person: User, among: Collection[int] | None = None) -> None:
        """Leaves the field out where there is nothing to choose."""
        places = [place for place in places_of(person) if among is None or place.pk in among]
        if len(places) < 2:
            del self.fields["institution"]
            return
        field = cast(forms.ModelChoiceField, self.fields["institution"])
        field.queryset = Institution.objects.filter(pk__in=[place.pk for place in places]).order_by("code")
        field.initial = person.speaks_for_id if any(place.pk == person.speaks_for_id for place in places) else None
