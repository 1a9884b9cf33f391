from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from servanda.kit.addresses import way_back
from servanda.kit.theme import THEMES, keep_theme


@csrf_exempt  # as for the language: a choice of colours harms nobody, and public pages need no cookie for a token
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device has it, from now on; back to the page where it was chosen."""
    response = HttpResponseRedirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        keep_theme(response, chosen)
    return response
