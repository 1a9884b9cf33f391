"""The list of practices, one practice, and its files."""

from io import BytesIO
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file, send_table
from servanda.kit.files.paper import WRITERS
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.kit.templatetags.pages import language_name
from servanda.network.models import Practice
from servanda.network.practices import services as deeds
from servanda.network.practices.exporting import COLUMNS, export_rows
from servanda.network.practices.practice_file import file_of, shown_facts
from servanda.network.practices.queries import (
    SEARCHED_BY,
    PracticeFilter,
    all_endorsements,
    capacities,
    find_practices,
    language_for,
    options_of,
    rows_of,
    search_languages,
    with_all,
    with_row,
)
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.naming import shown_names
from servanda.people.requests.refusals import refuse

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def practices(request: SignedIn) -> HttpResponse:
    filters = PracticeFilter.read(request.GET)
    visible = Practice.objects.visible_to(request.user)
    found = find_practices(visible, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    context = {
        "rows": rows_of(with_row(found)[slice_of(page)]),
        "asked": filters,
        "boxes": boxes_of(filters, visible),
        "query": f"?{urlencode(filters.query())}" if filters.query() else "",
        **pager(page, filters.query()),
    }
    return render(request, "desk/practices/practices.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def practices_export(request: SignedIn, format: str) -> HttpResponseBase:
    found = with_all(find_practices(Practice.objects.visible_to(request.user), PracticeFilter.read(request.GET)))
    deeds.record_download(by=request.user)
    name = file_name(_("Practices"), format, on=timezone.localdate())
    return send_table(name, _("Practices"), COLUMNS, export_rows(found))


def boxes_of(filters: PracticeFilter, visible) -> list:
    options = options_of(visible)
    languages = ((code, language_name(code)) for code in options.languages)
    return [
        filters.box("by", _("Search by"), SEARCHED_BY.items(), _("Words")),
        filters.box("theme", _("Theme"), options.themes),
        filters.box("capacity", _("Capacity"), capacities().items()),
        filters.box("body", _("Body"), options.bodies),
        filters.box("mechanism", _("Mechanism"), options.mechanisms),
        filters.box("language", _("Language"), languages),
        filters.box("tried_by", _("Endorsed or tried by"), options.tried_by),
        filters.box("state", _("Status"), Practice.State.choices),
    ]


@require_safe
@requires(Can.READ_INTERNAL)
def practice(request: SignedIn, key: UUID) -> HttpResponse:
    """One practice; a withdrawn one is shown with the reason to those who may restore it."""
    seen = Practice.objects.visible_to(request.user) | Practice.objects.former_for(request.user)
    shown = get_object_or_404(with_all(seen), key=key)
    people = [shown.written_by, shown.reviewed_by]
    names = shown_names([person for person in people if person], to=request.user)
    context = {
        **shown_facts(shown, request.GET.get("language", "")),
        "endorsements": all_endorsements(shown),
        "is_own": shown.written_by_id == request.user.pk,
        "writer": names.get(shown.written_by_id, ""),
        "further_languages": further_languages(shown),
        "reviewer": names.get(shown.reviewed_by_id, ""),
    }
    return render(request, "desk/practices/practice.html", context)


def further_languages(shown: Practice) -> list[str]:
    """Those in which there is no version yet."""
    return [code for code in search_languages() if code not in shown.language_codes]


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def practice_file(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    """The practice as a PDF or Word file, in the language of its page."""
    if format not in WRITERS:
        raise Http404
    shown = get_object_or_404(with_all(Practice.objects.visible_to(request.user)), key=key)
    address = request.build_absolute_uri(shown.get_absolute_url())
    language = language_for(shown, request.GET.get("language", ""))
    paper = file_of(shown, language, endorsements=all_endorsements(shown), address=address)
    try:
        content = WRITERS[format](paper)
    except Refused as refusal:
        refuse(request, refusal, "practice_file")
        return redirect(shown)
    name = file_name(_("practice"), format, on=timezone.localdate(), about=paper.head.text)
    return send_file(BytesIO(content), name)
