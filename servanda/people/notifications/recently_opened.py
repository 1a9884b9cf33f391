"""The list of pages that a person opened recently."""

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from servanda.kit.database.prepared import KEY, OnceInProcess
from servanda.people.models import Opened, User

MOST_KEPT = 24  # twice the number shown, as some may be deleted or hidden by now
LATELY = OnceInProcess(lambda: Opened.objects.filter(person=KEY)[:MOST_KEPT])


def remember_opened(request: HttpRequest, kind: Opened.Kind, number: int) -> None:
    """One statement, and only if the page itself was requested."""
    if request.method != "GET" or "HX-Request" in request.headers or not request.user.is_authenticated:
        return
    Opened.objects.bulk_create(
        [Opened(person_id=request.user.pk, kind=kind, number=number, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["person", "kind", "number"],
        update_fields=["at"],
    )


def opened_lately(person: User) -> list[tuple[str, int]]:
    """Kind and primary key, newest first; the page has to check what may be shown."""
    return [(row.kind, row.number) for row in LATELY.read(key=person.pk)]


def forget_long_ago_opened() -> int:
    """Delete rows that the list does not need, and return how many."""
    crowded = Opened.objects.order_by().values("person").annotate(rows=Count("pk")).filter(rows__gt=MOST_KEPT)
    dropped = 0
    for person in crowded.values_list("person", flat=True):
        kept = list(Opened.objects.filter(person=person).values_list("pk", flat=True)[:MOST_KEPT])
        dropped += Opened.objects.filter(person=person).exclude(pk__in=kept).delete()[0]
    return dropped
