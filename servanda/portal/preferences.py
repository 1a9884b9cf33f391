"""Choices of visitors, stored in cookies: the language of texts, and the theme."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.pages.addresses import way_back
from servanda.kit.pages.text_language import CODE, keep_choice
from servanda.kit.pages.theme import THEMES, keep_theme
from servanda.kit.pages.translations import page_languages


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/languages.html", {"languages": page_languages()})


@csrf_exempt  # as for the language of the pages: the choice is harmless
@require_POST
def choose_text_language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the texts of records, and return to the same page."""
    response, language = HttpResponseRedirect(way_back(request)), request.POST.get("language", "")
    if not language or CODE.fullmatch(language):
        keep_choice(response, language)
    return response


@csrf_exempt  # as for the language: the choice is harmless, and public pages need no cookie for a token
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Choose the light or dark theme, or that of the device, and return to the same page."""
    response = HttpResponseRedirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        keep_theme(response, chosen)
    return response
