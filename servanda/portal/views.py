"""The home page and single pages: about, glossary, open data, downloads of evidence."""

from collections import Counter
from itertools import groupby

from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.glossary import matching
from servanda.people.models import Instance
from servanda.progress.evidence.downloads import hand_out
from servanda.progress.models import Evidence
from servanda.recommendations.models import Recommendation, Stand
from servanda.vocab.models import Body, Country, Taxonomy


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
    """The tile of a body, with its kind unless that equals the name, as for the UPR."""
    kind = body.get_kind_display()
    return {"body": body, "count": count, "kind": kind if kind != str(body.name) else ""}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@require_safe
def evidence_file(request: HttpRequest, key) -> FileResponse:
    return hand_out(Evidence.objects.public(), key)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    terms = matching(query, get_language() or "en")
    letters = [(letter, list(group)) for letter, group in groupby(terms, key=lambda term: term.letter)]
    return render(request, "portal/glossary.html", {"letters": letters, "asked": query, "count": len(terms)})


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
