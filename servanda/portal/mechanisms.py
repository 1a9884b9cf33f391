"""Profiles of national mechanisms that a person of the mechanism has published."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.network.assistance.queries import public_missions
from servanda.network.models import LegalText, MechanismProfile
from servanda.network.profiles.computed import public_values
from servanda.network.profiles.queries import public_groups, with_facts
from servanda.progress.evidence.downloads import send_stored

ON_A_PAGE = 25


@require_safe
def mechanisms(request: HttpRequest) -> HttpResponse:
    published = MechanismProfile.objects.public().select_related("country")
    page = page_of(published.count(), number=page_number(request.GET), size=ON_A_PAGE)
    return render(request, "portal/mechanisms.html", {"profiles": published[slice_of(page)], **pager(page)})


@require_safe
def mechanism(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is known of it, with sources, and its missions; of our own mechanism also what this system counts."""
    shown = get_object_or_404(with_facts(MechanismProfile.objects.public()), key=key)
    computed = public_values(on=timezone.localdate()) if shown.is_own else {}
    missions = public_missions(shown)
    page = page_of(missions.count(), number=page_number(request.GET), size=ON_A_PAGE)
    context = {
        "profile": shown,
        "groups": public_groups(shown, computed),
        "legal_texts": LegalText.objects.public().filter(profile=shown),
        "missions": missions[slice_of(page)],
        **pager(page),
    }
    return render(request, "portal/mechanism.html", context)


@require_safe
def legal_text_file(request: HttpRequest, key: UUID) -> FileResponse:
    """A text of the legal act of a published mechanism: always a download, never shown as a page."""
    row = get_object_or_404(LegalText.objects.public(), key=key)
    return send_stored(row.file, name=row.name, mime=row.mime)
