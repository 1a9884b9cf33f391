"""Shows the typed text again, to be copied, if the form is refused for lack of permission."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

FIELDS = ("text", "obstacles", "figures")


def keeps_words(view: Callable) -> Callable:
    """Decorate outside of `requires`: an appointment or a session may have ended since the form was opened."""

    @wraps(view)
    def kept(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        words = [request.POST[name] for name in FIELDS if request.POST.get(name, "").strip()]
        if request.method != "POST" or not words:
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return render(request, "desk/updates/words_kept.html", {"words": words, "is_out": True}, status=403)
        try:
            return view(request, *args, **kwargs)
        except (PermissionDenied, Http404):
            return render(request, "desk/updates/words_kept.html", {"words": words}, status=403)

    return kept
