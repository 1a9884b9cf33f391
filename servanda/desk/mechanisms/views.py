"""The directory of mechanisms with its files, one profile, and several side by side."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.charts import POLICY, in_language_of, send_svg
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import SelectBox, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, PICTURE, heavy
from servanda.network.models import LegalText, MechanismProfile, PeerEntry, PeerEntryQuerySet
from servanda.network.profiles.computed import computed_values
from servanda.network.profiles.fields import fields_by_code
from servanda.network.profiles.map import draw_map, places
from servanda.network.profiles.queries import (
    BY_FIELD,
    COLUMNS,
    MOST_SIDE_BY_SIDE,
    WHICH,
    ProfileFilter,
    completeness_of,
    export_rows,
    find_profiles,
    former_facts,
    gaps_of,
    gaps_side_by_side,
    lines_of,
    shown_groups,
    side_by_side,
    with_facts,
)
from servanda.network.profiles.services import record_download
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import User

ON_A_PAGE = 25
CARDS = "cards"
SHOWN, MOST_SHOWN = (PeerEntry.Kind.REPORT, PeerEntry.Kind.INDICATOR), 20  # on the page of a mechanism
IN_THE_LIST = ("type", "legal_level", "posts")


@require_safe
@requires(Can.READ_INTERNAL)
def mechanisms(request: SignedIn) -> HttpResponse:
    filters = ProfileFilter.read(request.GET)
    found = find_profiles(request.user, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = list(found[slice_of(page)])
    computed = computed_for(request, rows)
    fields, query = fields_by_code(), urlencode(filters.query())
    view = {"view": CARDS} if request.GET.get("view") == CARDS else {}
    context = {
        "rows": [(row, row_cells(row), completeness_of(row, computed)) for row in rows],
        "labels": [fields[code].label for code in IN_THE_LIST],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "cards": f"?{urlencode({**filters.query(), 'view': CARDS})}",
        "has_cards": bool(view),
        "kept": view.items(),
        "boxes": boxes_of(filters),
        "most": MOST_SIDE_BY_SIDE,
        **pager(page, filters.query() | view),
    }
    return render(request, "desk/mechanisms/mechanisms.html", context)


def boxes_of(filters: ProfileFilter) -> list[SelectBox]:
    fields = fields_by_code()
    options = {code: ((value, str(label)) for value, label in fields[code].options.items()) for code in BY_FIELD}
    return [
        *(filters.box(code, str(fields[code].label), options[code]) for code in BY_FIELD),
        filters.box("which", pgettext("filter of profiles", "Profiles"), WHICH.items()),
    ]


@require_safe
@requires(Can.READ_INTERNAL)
def mechanisms_map(request: SignedIn) -> HttpResponse:
    """All mechanisms that were found as a picture, and a page of them as a table."""
    filters = ProfileFilter.read(request.GET)
    found = find_profiles(request.user, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode({**filters.query(), "language": get_language()})
    context = {
        "rows": [(row, row.country.code in places()) for row in found[slice_of(page)]],
        "picture": f"{resolve_url('desk:mechanisms_map_chart')}?{query}",
        "asked": filters,
        "boxes": boxes_of(filters),
        **pager(page, filters.query()),
    }
    return render(request, "desk/mechanisms/mechanisms_map.html", context)


@heavy(PICTURE)
@require_safe
@csp_override(POLICY)
@requires(Can.READ_INTERNAL)
def mechanisms_map_chart(request: SignedIn) -> HttpResponse:
    found = find_profiles(request.user, ProfileFilter.read(request.GET)).prefetch_related(None).order_by()
    states = found.values_list("country__code", flat=True).distinct()
    with in_language_of(request):
        return send_svg(request, draw_map(states))


def row_cells(profile: MechanismProfile) -> list[tuple[object, Sequence[object]]]:
    values, fields = {fact.field: fact.value for fact in profile.current_facts}, fields_by_code()
    return [(fields[code].label, lines_of(fields[code], values.get(code, ""), {})) for code in IN_THE_LIST]


def computed_for(request: SignedIn, rows: list[MechanismProfile]) -> dict[str, str]:
    """The values of our own mechanism, where it is among the rows."""
    is_there = any(row.is_own for row in rows)
    return computed_values(request.user, on=timezone.localdate()) if is_there else {}


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def mechanisms_export(request: SignedIn, format: str) -> HttpResponseBase:
    """The filtered list as a file, a row for each fact."""
    found = list(find_profiles(request.user, ProfileFilter.read(request.GET)))
    record_download(by=request.user, profiles=found)
    name = file_name(_("Mechanisms"), format, on=timezone.localdate())
    return send_table(name, _("Mechanisms"), COLUMNS, export_rows(found, computed_for(request, found)))


@require_safe
@requires(Can.READ_INTERNAL)
def compare_mechanisms(request: SignedIn) -> HttpResponse:
    """Up to four profiles side by side, in the order in which they were selected."""
    keys = [key for key in map(as_key, request.GET.getlist("with")) if key]
    found = {
        row.key: row for row in with_facts(MechanismProfile.objects.visible_to(request.user).filter(key__in=keys))
    }
    rows = [found[key] for key in dict.fromkeys(keys) if key in found][:MOST_SIDE_BY_SIDE]
    computed = computed_for(request, rows)
    context = {
        "profiles": rows,
        "groups": side_by_side([(row, shown_groups(row, computed)) for row in rows]),
        "gaps": gaps_side_by_side(rows, computed),
    }
    return render(request, "desk/mechanisms/compare_mechanisms.html", context)


def as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@requires(Can.READ_INTERNAL)
def mechanism(request: SignedIn, key: UUID) -> HttpResponse:
    """One profile; a withdrawn one is shown with the reason to those who may restore it."""
    seen = MechanismProfile.objects.visible_to(request.user) | MechanismProfile.objects.former_for(request.user)
    shown = get_object_or_404(with_facts(seen), key=key)
    computed = computed_for(request, [shown])
    context = {
        "profile": shown,
        "groups": shown_groups(shown, computed),
        "completeness": completeness_of(shown, computed),
        "gaps": gaps_of(shown, computed),
        "former": former_facts(shown),
        "legal_texts": shown.legal_texts.filter(withdrawn_at=None),
        "withdrawn_texts": LegalText.objects.former_for(request.user).filter(profile=shown),
        "published": published_by(shown, request.user),
    }
    return render(request, "desk/mechanisms/mechanism.html", context)


def published_by(profile: MechanismProfile, user: User) -> PeerEntryQuerySet:
    """Reports and indicators that systems of its State published and a person accepted."""
    return PeerEntry.objects.visible_to(user).of_mechanism(profile).filter(kind__in=SHOWN)[:MOST_SHOWN]
