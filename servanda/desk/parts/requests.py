"""The preview of a round: the institutions that would be asked, and the people who would receive the request."""

from datetime import date

from servanda.people.models import Institution
from servanda.progress.rounds.plans import Plan
from servanda.progress.rounds.recipients import contacts_of


def preview_rows(plan: Plan, *, on: date) -> list[dict]:
    """Each institution with the number of items, and the people to contact."""
    named = plan.by_institution.keys() | plan.unreadable.keys()
    institutions = list(Institution.objects.filter(pk__in=named).order_by("code"))
    people = contacts_of(institutions, on=on)
    return [
        {
            "institution": institution,
            "items": len(plan.by_institution.get(institution.pk, ())),
            "unreadable": plan.unreadable.get(institution.pk, 0),
            "people": [appointment.person for appointment in people[institution.pk].first_asked],
        }
        for institution in institutions
    ]
