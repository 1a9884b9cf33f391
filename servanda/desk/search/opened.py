"""What a person opened lately, as far as they may still see it."""

from django.urls import reverse

from servanda.people.models import Institution, Opened, User
from servanda.people.notifications.recently_opened import opened_lately
from servanda.recommendations.models import Recommendation
from servanda.recommendations.register.global_search import Hit
from servanda.recommendations.register.saved_views import views_of

MOST_SHOWN = 12
Kind = Opened.Kind


def opened_by(user: User) -> list[Hit]:
    """The newest first. A question for each kind of thing that is among them, and one for the list itself."""
    rows = opened_lately(user)
    hits = {kind: find(user, [number for one, number in rows if one == kind]) for kind, find in FINDERS.items()}
    return [hit for kind, number in rows if (hit := hits[Kind(kind)].get(number))][:MOST_SHOWN]


def records(user: User, numbers: list[int]) -> dict[int, Hit]:
    seen = Recommendation.objects.visible_to(user).filter(pk__in=numbers).order_by() if numbers else []
    return {
        one.pk: Hit(one.code, reverse("desk:record", args=[one.code]), Kind.RECORD.label, is_code=True)
        for one in seen
    }


def institutions(user: User, numbers: list[int]) -> dict[int, Hit]:
    seen = Institution.objects.visible_to(user).filter(pk__in=numbers) if numbers else []
    return {
        one.pk: Hit(one.name, reverse("people:institution", args=[one.pk]), Kind.INSTITUTION.label) for one in seen
    }


def saved_lists(user: User, numbers: list[int]) -> dict[int, Hit]:
    mine = views_of(user).filter(pk__in=numbers) if numbers else []
    return {one.pk: Hit(one.name, reverse("desk:register") + one.query, Kind.SAVED_LIST.label) for one in mine}


FINDERS = {Kind.RECORD: records, Kind.INSTITUTION: institutions, Kind.SAVED_LIST: saved_lists}
