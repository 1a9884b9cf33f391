"""Shared by pages about institutions: find the institution, show a form, submit it."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.institutions.forms import SharedForm
from servanda.people.models import Institution
from servanda.people.requests.refusals import refuse_in_form


def find(request: HttpRequest, pk: int) -> Institution:
    return get_object_or_404(Institution.objects.visible_to(request.user).select_related("parent"), pk=pk)


def ask(request: HttpRequest, form, *, title: str, cancel: str, button: str = "", lead: str = "") -> HttpResponse:
    """The page with the form; with status 422 if the form has errors."""
    context = {"form": form, "title": title, "lead": lead, "button": button or _("Save"), "cancel_url": cancel}
    return render(request, "people/institutions/institution_form.html", context, status=422 if form.errors else 200)


def page_address(institution: Institution) -> str:
    return resolve_url("people:institution", institution.pk)


def submit(request: HttpRequest, form: forms.BaseForm, deed: Callable, **what: object) -> object:
    """Call the service if the form was sent and is valid, and return its result. A refusal is shown in the form,
    beside its field, and recorded in the trail."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return deed(**form.cleaned_data, **what, by=request.user)
    except Refused as refusal:
        refuse_in_form(request, form, refusal, deed.__name__)
        if isinstance(form, SharedForm):
            form.look_again()
        return None
