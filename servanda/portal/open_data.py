from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.kit.addresses import origin_of
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Taxonomy


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    page = {
        "count": Recommendation.objects.public().count(),
        "site": origin_of(request),
        "register": reverse("portal:register"),
        "exports": reverse("portal:register").rstrip("/"),
        "taxonomies": Taxonomy.objects.all(),
        "today": timezone.localdate(),
    }
    return render(request, "portal/open_data.html", page)
