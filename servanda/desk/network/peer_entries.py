"""Meetings, courses and commitments of other mechanisms that were accepted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.network.models import PeerEntry
from servanda.network.peer_answers.queries import common_labels
from servanda.network.peer_entries.services import EntryFilter, find_entries
from servanda.people.access import Can, requires

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def peer_entries(request: SignedIn) -> HttpResponse:
    filters = EntryFilter.read(request.GET)
    found = find_entries(request.user, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    context = {
        "rows": [(row, common_labels(row.government)) for row in found[slice_of(page)]],
        "asked": filters,
        "boxes": [filters.box("kind", _("Kind"), PeerEntry.Kind.choices)],
        **pager(page, filters.query()),
    }
    return render(request, "desk/network/peer_entries.html", context)
