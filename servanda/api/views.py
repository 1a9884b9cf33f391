from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.api.description import description
from servanda.api.documentation import addresses_of, shapes_of, words_of


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    described = description()
    page = {
        "words": words_of(described["info"]),
        "addresses": addresses_of(described),
        "shapes": shapes_of(described),
    }
    return render(request, "api/documentation.html", page)


def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description())
