"""The catalogue of training, one course with its sessions, and pages that change them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.network.form_pages import ask, ask_for_reason
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.kit.templatetags.pages import language_name
from servanda.network.exercises.progress import are_offered
from servanda.network.models import Course, CourseMaterial
from servanda.network.practices.queries import capacities
from servanda.network.releases.services import audience_of, release_of
from servanda.network.training import services as deeds
from servanda.network.training.forms import CourseForm
from servanda.network.training.queries import (
    COLUMNS,
    CourseFilter,
    export_rows,
    find_courses,
    languages_of_courses,
    materials_of,
    needs,
    sessions_of,
)
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def training(request: SignedIn) -> HttpResponse:
    filters = CourseFilter.read(request.GET)
    found = find_courses(request.user, filters, on=timezone.localdate())
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    context = {
        "rows": found[slice_of(page)],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": boxes_of(request, filters),
        "needs": needs(request.user, on=timezone.localdate()),
        "has_exercises": are_offered() or can(request.user, Can.EDIT_INSTANCE),
        **pager(page, filters.query()),
    }
    return render(request, "desk/training/training.html", context)


def boxes_of(request: SignedIn, filters: CourseFilter) -> list:
    languages = ((code, language_name(code)) for code in languages_of_courses(request.user))
    return [
        filters.box("capacity", _("Capacity"), capacities().items()),
        filters.box("level", _("Level"), Course.Level.choices),
        filters.box("form", _("Form of the course"), Course.Form.choices),
        filters.box("language", _("Language"), languages),
    ]


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def training_export(request: SignedIn, format: str) -> HttpResponseBase:
    today = timezone.localdate()
    found = find_courses(request.user, CourseFilter.read(request.GET), on=today)
    deeds.record_download(by=request.user)
    return send_table(file_name(_("Training"), format, on=today), _("Training"), COLUMNS, export_rows(found))


@require_safe
@requires(Can.READ_INTERNAL)
def course(request: SignedIn, key: UUID) -> HttpResponse:
    """One course; a withdrawn one is shown with the reason to those who may restore it."""
    seen = Course.objects.visible_to(request.user) | Course.objects.former_for(request.user)
    shown = get_object_or_404(seen, key=key)
    context = {
        "shown": shown,
        "shared_with": audience_of(release_of(shown)),
        "capacity": capacities().get(shown.capacity, ""),
        "sessions": sessions_of(request.user, shown, on=timezone.localdate()),
        "materials": materials_of(request.user, shown),
        "former": CourseMaterial.objects.former_for(request.user).filter(course=shown),
    }
    return render(request, "desk/training/course.html", context)


def find_course(request: SignedIn, key: UUID) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), key=key)


def form_of(request: SignedIn, form: Any, *, of: Course, **page: Any) -> HttpResponse:
    return ask(request, form, profile=of, **{"cancel_url": of.get_absolute_url(), **page})


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_course(request: SignedIn) -> HttpResponse:
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_course"):
            made = deeds.add_course(values=form.values(), by=request.user)
            messages.success(request, _("Course saved. Now add its sessions."))
            return redirect(made)
    page = {"cancel_url": resolve_url("desk:training"), "list_label": _("Training")}
    return ask(request, form, title=_("Add a course"), **page)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_course(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_course(request, key)
    form = CourseForm(request.POST or None, course=found)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_course", edits=found):
            seen = form.cleaned_data["seen"]
            deeds.edit_course(course=found, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(found)
    return form_of(request, form, of=found, title=_("Edit the course"))


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_course(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_course(request, key)
    return ask_for_reason(
        request,
        deeds.withdraw_course,
        _("The course was withdrawn."),
        what={"course": found},
        about=found,
        title=_("Withdraw this course"),
        button=_("Withdraw"),
        lead=_("It is removed from all lists. Its page shows the reason, and you can restore it from there."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_course(request: SignedIn, key: UUID) -> HttpResponse:
    found = get_object_or_404(Course.objects.former_for(request.user), key=key)
    attempt(request, deeds.restore_course, _("The course was restored."), course=found)
    return redirect(found)
