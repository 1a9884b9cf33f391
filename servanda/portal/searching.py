"""The public search, palette and keyboard shortcuts, the same for all readers."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import LONGEST_NAME
from servanda.recommendations.picking.queries import find_records as find_among
from servanda.recommendations.register.global_search import (
    Group,
    Hit,
    find_in_register,
    has_words,
    question,
    words_of,
)
from servanda.recommendations.register.related_results import better_spelt


class PublicPage(NamedTuple):
    label: object
    name: str


PAGES = [
    PublicPage(gettext_lazy("Start page"), "portal:home"),
    PublicPage(gettext_lazy("Recommendations"), "portal:register"),
    PublicPage(gettext_lazy("Overview"), "portal:overview"),
    PublicPage(gettext_lazy("Calendar of obligations"), "portal:calendar"),
    PublicPage(gettext_lazy("Treaties"), "portal:treaties"),
    PublicPage(gettext_lazy("Submitted reports"), "portal:submitted_reports"),
    PublicPage(gettext_lazy("Published communications"), "portal:letters"),
    PublicPage(gettext_lazy("Drafts for comments"), "portal:consultations"),
    PublicPage(gettext_lazy("Contribute"), "portal:contribute"),
    PublicPage(gettext_lazy("Practices"), "portal:practices"),
    PublicPage(gettext_lazy("National mechanisms"), "portal:mechanisms"),
    PublicPage(gettext_lazy("Open data and API"), "portal:open_data"),
    PublicPage(gettext_lazy("Exchange format"), "exchange:formats"),
    PublicPage(gettext_lazy("Check a file"), "exchange:check_file"),
    PublicPage(gettext_lazy("API documentation"), "api:documentation"),
    PublicPage(gettext_lazy("About"), "portal:about"),
    PublicPage(gettext_lazy("Glossary"), "portal:glossary"),
    PublicPage(gettext_lazy("Keyboard shortcuts"), "portal:shortcuts"),
    PublicPage(gettext_lazy("Languages of this system"), "portal:languages"),
]


def pages() -> list[Hit]:
    return [Hit(page.label, reverse(page.name)) for page in PAGES]


def find(query: str) -> list[Group]:
    pages_found = [hit for hit in pages() if has_words(hit.label, words_of(query))]
    return [
        *find_in_register(query, audience=everybody(), base=reverse("portal:register")),
        *([Group("pages", _("Pages"), pages_found)] if pages_found else []),
    ]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = question(request.GET.get("q", ""))
    page = {"searched": query, "groups": find(query) if query else []}
    if query and not any(group.key == "records" for group in page["groups"]):
        page["better"] = better_spelt(query, everybody())
    if "HX-Request" in request.headers:
        return vary_by_htmx(render(request, "parts/palette_options.html", page))
    return vary_by_htmx(render(request, "portal/search.html", page))


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """The dialog of the palette, loaded by the script when it is first opened."""
    page = {"groups": [Group("pages", _("Pages"), pages())], "search": reverse("portal:search")}
    return render(request, "portal/palette.html", page)


@require_safe
def find_records(request: HttpRequest) -> HttpResponse:
    """What the picker of records found among the published ones, while words are typed."""
    name = request.GET.get("field", "")[:LONGEST_NAME]
    found = find_among(request.GET.get(f"{name}_words", ""), Recommendation.objects.public())
    return render(request, "recommendations/picking/_found.html", {"name": name, "found": found})


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    template = "parts/shortcut_dialog.html" if "HX-Request" in request.headers else "portal/shortcuts.html"
    return vary_by_htmx(render(request, template))


def vary_by_htmx(response: HttpResponse) -> HttpResponse:
    """Set `Vary`: the address has a page and a fragment as responses, which caches must separate."""
    patch_vary_headers(response, ["HX-Request"])
    return response
