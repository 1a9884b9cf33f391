"""Practices that a person of the mechanism has published."""

from io import BytesIO
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.kit.templatetags.pages import language_name
from servanda.network.models import Practice
from servanda.network.practices.practice_file import file_of, shown_facts
from servanda.network.practices.queries import (
    SEARCHED_BY,
    PracticeFilter,
    capacities,
    find_practices,
    language_for,
    options_of,
    public_endorsements,
    rows_of,
    with_all,
    with_row,
)
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse

ON_A_PAGE = 25


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    filters, published = PracticeFilter.read_public(request.GET), Practice.objects.public()
    found = find_practices(published, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    options = options_of(published)
    context = {
        "rows": rows_of(with_row(found)[slice_of(page)]),
        "asked": filters,
        "boxes": [
            filters.box("by", _("Search by"), SEARCHED_BY.items(), _("Words")),
            filters.box("theme", _("Theme"), options.themes),
            filters.box("capacity", _("Capacity"), capacities().items()),
            filters.box("body", _("Body"), options.bodies),
            filters.box("language", _("Language"), ((code, language_name(code)) for code in options.languages)),
        ],
        **pager(page, filters.query()),
    }
    return render(request, "portal/practices.html", context)


@require_safe
def practice(request: HttpRequest, key: UUID) -> HttpResponse:
    shown = get_object_or_404(with_all(Practice.objects.public()), key=key)
    context = shown_facts(shown, request.GET.get("language", "")) | {"endorsements": public_endorsements(shown)}
    return render(request, "portal/practice.html", context)


@heavy(FILE)
@require_safe
def practice_file(request: HttpRequest, key: UUID, format: str) -> HttpResponseBase:
    """The practice as a PDF or Word file, with what its public page shows."""
    if format not in WRITERS:
        raise Http404
    shown = get_object_or_404(with_all(Practice.objects.public()), key=key)
    address = request.build_absolute_uri(reverse("portal:practice", args=[key]))
    language = language_for(shown, request.GET.get("language", ""))
    paper = file_of(shown, language, endorsements=public_endorsements(shown), address=address)
    try:
        content = WRITERS[format](paper)
    except Refused as refusal:
        refuse(request, refusal, "practice_file")
        return redirect("portal:practice", key)
    name = file_name(_("practice"), format, on=timezone.localdate(), about=paper.head.text)
    return send_file(BytesIO(content), name)
