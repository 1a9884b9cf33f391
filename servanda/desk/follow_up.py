"""What was promised, done and reached, in figures: for the mechanism, and for one institution."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.people.access import Can, requires


@require_safe
@requires(Can.READ_INTERNAL)
def follow_up(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/follow_up.html")
