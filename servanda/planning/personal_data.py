"""What a person said about who answers is the mechanism's, and stays without a name."""

from django.db.models import Q

from servanda.people.keepers import keeps_personal_data
from servanda.people.models import User
from servanda.planning.models import Assignment


def assignments(person: User) -> list[dict]:
    said = Assignment.objects.filter(Q(assigned_by=person) | Q(refused_by=person) | Q(ended_by=person))
    return list(
        said.order_by("pk").values(
            "recommendation__code", "institution__code", "part", "assigned_at", "refused_at", "ended_at"
        )
    )


def keep_assignments(_person: User, _names: list[str]) -> None:
    """Who said it is shown as an erased person from then on."""


keeps_personal_data("assignments", tell=assignments, forget=keep_assignments)
