"""The way back to what a person opened lately."""

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from servanda.people.models import Opened, User

MOST_KEPT = 24  # twice what is shown: some of it may have gone, or be hidden from the person by now


def remember_opened(request: HttpRequest, kind: Opened.Kind, number: int) -> None:
    """One statement, and only when a person asked for the page itself."""
    if request.method != "GET" or "HX-Request" in request.headers or not request.user.is_authenticated:
        return
    Opened.objects.bulk_create(
        [Opened(person_id=request.user.pk, kind=kind, number=number, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["person", "kind", "number"],
        update_fields=["at"],
    )


def opened_lately(person: User) -> list[tuple[str, int]]:
    """Kind and primary key, the newest first; what of it may be shown is for the page to ask."""
    return list(Opened.objects.filter(person=person).values_list("kind", "number")[:MOST_KEPT])


def forget_long_ago_opened() -> int:
    """Keep no more of anybody than the list needs; how many rows were dropped."""
    crowded = Opened.objects.order_by().values("person").annotate(rows=Count("pk")).filter(rows__gt=MOST_KEPT)
    dropped = 0
    for person in crowded.values_list("person", flat=True):
        kept = list(Opened.objects.filter(person=person).values_list("pk", flat=True)[:MOST_KEPT])
        dropped += Opened.objects.filter(person=person).exclude(pk__in=kept).delete()[0]
    return dropped
