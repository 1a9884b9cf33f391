"""Communications in the version that a person wrote for the public."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.proceedings.models import PublicLetter

ON_A_PAGE = 25


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    published = PublicLetter.objects.public()
    page = page_of(published.count(), number=page_number(request.GET), size=ON_A_PAGE)
    return render(request, "portal/letters.html", {"letters": published[slice_of(page)], **pager(page)})


@require_safe
def letter(request: HttpRequest, key: UUID) -> HttpResponse:
    return render(
        request, "portal/letter.html", {"letter": get_object_or_404(PublicLetter.objects.public(), key=key)}
    )
