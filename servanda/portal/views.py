from collections import Counter

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.people.models import Instance
from servanda.recommendations.models import Recommendation, Stand
from servanda.vocab.models import Body, Country


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    published = Recommendation.objects.public().order_by()
    rows = list(published.values_list("body", "stand").annotate(Count("pk")))
    by_body, by_stand = Counter(), Counter()
    for body, stand, count in rows:
        by_body[body] += count
        by_stand[stand] += count
    page = {
        "state": Country.objects.filter(code=Instance.current().state_code).first(),
        "bodies": [body_tile(body, by_body[body.pk]) for body in Body.objects.filter(pk__in=by_body)],
        "stands": [{"stand": stand, "count": by_stand[stand]} for stand in Stand if by_stand[stand]],
        "total": by_body.total(),
    }
    return render(request, "portal/home.html", page)


def body_tile(body: Body, count: int) -> dict:
    """The kind of body is said unless it is its name already, as for the UPR."""
    kind = body.get_kind_display()
    return {"body": body, "count": count, "kind": kind if kind != str(body.name) else ""}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")
