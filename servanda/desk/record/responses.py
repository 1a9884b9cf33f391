"""Responses of pages of a record: its form, and the redirect back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from servanda.desk.record.access import SignedIn
from servanda.recommendations.models import Recommendation


def back(recommendation: Recommendation) -> HttpResponse:
    return redirect("desk:record", code=recommendation.code)


def ask(request: SignedIn, recommendation: Recommendation | None, form, **page) -> HttpResponse:
    """The page with the form; with status 422 if the form has errors."""
    context = {"recommendation": recommendation, "form": form, **page}
    status = 409 if page.get("conflict") is not None else 422 if form.errors else 200
    return render(request, "desk/record/record_form.html", context, status=status)


def again(form, recommendation: Recommendation):
    """The form with what was typed, for the version that the person is now shown."""
    form.data = form.data.copy()
    form.data["version"] = str(recommendation.version)
    return form


def back_to_follow_up(recommendation: Recommendation) -> HttpResponse:
    return redirect("desk:record_follow_up", code=recommendation.code)
