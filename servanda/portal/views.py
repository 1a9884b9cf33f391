"""Single pages: about, glossary, help, open data, downloads of evidence."""

from itertools import groupby

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.glossary import matching
from servanda.kit.pages.help import help_for, pages_with_help
from servanda.kit.templatetags.help import page_language
from servanda.portal.searching import vary_by_htmx
from servanda.progress.evidence.downloads import hand_out
from servanda.progress.models import Evidence
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Taxonomy


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
def page_help(request: HttpRequest, page: str) -> HttpResponse:
    """The help of the page whose URL pattern has this name: a part for the page itself, or a page of its own."""
    if page not in pages_with_help():
        raise Http404
    template = "portal/page_help.html#text" if "HX-Request" in request.headers else "portal/page_help.html"
    return vary_by_htmx(render(request, template, {"help": help_for(page, page_language())}))


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
