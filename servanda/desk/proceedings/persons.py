"""The persons concerned. Opening this page is a line of the trail."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.proceedings.finding import ask, find_proceeding, rebased, save_with_service, saved
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.proceedings.models import PersonConcerned, Proceeding
from servanda.proceedings.persons import services
from servanda.proceedings.persons.forms import PersonConcernedForm
from servanda.recommendations.editing.forms import ReasonForm


@require_safe
@requires(Can.READ_IDENTITIES)
def persons_concerned(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    persons = services.read_persons(proceeding=proceeding, by=request.user)
    page = {"proceeding": proceeding, "persons": persons}
    return render(request, "desk/proceedings/persons_concerned.html", page)


def find_person(request: SignedIn, pk: int) -> PersonConcerned:
    seen = PersonConcerned.objects.visible_to(request.user).select_related("proceeding")
    return get_object_or_404(seen.filter(proceeding__in=Proceeding.objects.visible_to(request.user)), pk=pk)


def back(proceeding: Proceeding) -> HttpResponse:
    return redirect("desk:persons_concerned", key=proceeding.key)


@form_page
@requires(Can.READ_IDENTITIES)
@makes_once
def add_person_concerned(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    form = PersonConcernedForm(request.POST or None)
    page: dict = {"title": _("Add a person concerned"), "button": _("Save"), "is_identity": True}
    if request.method == "POST" and form.is_valid():
        what = {"proceeding": proceeding, "values": form.values()}
        if save_with_service(request, form, services.add_person_concerned, saved(), page, **what):
            return back(proceeding)
    return ask(request, proceeding, form, **page)


@form_page
@requires(Can.READ_IDENTITIES)
def edit_person_concerned(request: SignedIn, pk: int) -> HttpResponse:
    """Opening the form reads an identity, which is recorded."""
    person = find_person(request, pk)
    if person.erased_at:
        return back(person.proceeding)
    if request.method != "POST":
        services.read_persons(proceeding=person.proceeding, by=request.user)
    form = PersonConcernedForm(request.POST or None, instance=person)
    page: dict = {"title": _("Edit a person concerned"), "button": _("Save"), "is_identity": True}
    if request.method == "POST" and form.is_valid():
        what = {"person": person, "values": form.values(), "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, services.edit_person_concerned, saved(), page, **what):
            return back(person.proceeding)
        if "conflict" in page:
            form = rebased(form, find_person(request, pk).version)
    return ask(request, person.proceeding, form, **page)


@form_page
@requires(Can.READ_IDENTITIES)
def erase_person_concerned(request: SignedIn, pk: int) -> HttpResponse:
    person = find_person(request, pk)
    form = ReasonForm(request.POST or None)
    lead = _("The name, the details and the notes are erased for good. Only the role and the outcome remain.")
    page: dict = {"title": _("Erase this person"), "button": _("Erase"), "lead": lead, "is_danger": True}
    page["is_identity"] = True
    if request.method == "POST" and form.is_valid():
        what = {"person": person, "reason": form.cleaned_data["reason"]}
        if save_with_service(request, form, services.erase_person_concerned, _("Person erased."), page, **what):
            return back(person.proceeding)
    return ask(request, person.proceeding, form, **page)
