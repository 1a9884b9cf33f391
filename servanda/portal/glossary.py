from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from servanda.kit.glossary import matching


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")
    found = matching(asked, get_language() or "en")
    letters = [(letter, list(group)) for letter, group in groupby(found, key=lambda one: one.letter)]
    return render(request, "portal/glossary.html", {"letters": letters, "asked": asked, "count": len(found)})
