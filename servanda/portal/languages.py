from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.kit.translations import page_languages


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/languages.html", {"languages": page_languages()})
