from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.api import endpoints
from servanda.api.documentation import addresses_of, shapes_of


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    described = endpoints.description()
    page = {"info": described["info"], "addresses": addresses_of(described), "shapes": shapes_of(described)}
    return render(request, "api/documentation.html", page)


def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(endpoints.description())
