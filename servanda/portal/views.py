from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    published = Recommendation.objects.public().order_by()
    counts = dict(published.values_list("body").annotate(Count("pk")))
    bodies = [{"body": body, "count": counts[body.pk]} for body in Body.objects.filter(pk__in=counts)]
    return render(request, "portal/home.html", {"bodies": bodies, "total": sum(counts.values())})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")
