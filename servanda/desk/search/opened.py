"""Recently opened pages, as far as the person may still see them."""

from django.urls import reverse

from servanda.people.models import Institution, Opened, User
from servanda.people.notifications.recently_opened import opened_lately
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.queries import choices_of
from servanda.recommendations.register.global_search import Hit
from servanda.recommendations.register.saved_views import views_of

MOST_SHOWN = 12
Kind = Opened.Kind


def opened_by(user: User) -> list[Hit]:
    """The pages, newest first. One query for the list, and one for each kind of object in it."""
    rows = opened_lately(user)
    hits = {
        kind: find(user, [number for row_kind, number in rows if row_kind == kind]) for kind, find in FINDERS.items()
    }
    return [hit for kind, number in rows if (hit := hits[Kind(kind)].get(number))][:MOST_SHOWN]


def records(user: User, numbers: list[int]) -> dict[int, Hit]:
    visible = Recommendation.every_kind.visible_to(user).filter(pk__in=numbers).order_by()
    choices = choices_of(visible) if numbers else {}
    return {
        number: Hit(
            choice.code,
            reverse("desk:record", args=[choice.code]),
            Kind.RECORD.label,
            choice.text,
            choice.language,
            is_code=True,
        )
        for number, choice in choices.items()
    }


def institutions(user: User, numbers: list[int]) -> dict[int, Hit]:
    visible = Institution.objects.visible_to(user).filter(pk__in=numbers) if numbers else []
    return {
        institution.pk: Hit(
            institution.name, reverse("people:institution", args=[institution.pk]), Kind.INSTITUTION.label
        )
        for institution in visible
    }


def saved_lists(user: User, numbers: list[int]) -> dict[int, Hit]:
    own = views_of(user).filter(pk__in=numbers) if numbers else []
    return {view.pk: Hit(view.name, reverse("desk:register") + view.query, Kind.SAVED_LIST.label) for view in own}


FINDERS = {Kind.RECORD: records, Kind.INSTITUTION: institutions, Kind.SAVED_LIST: saved_lists}
