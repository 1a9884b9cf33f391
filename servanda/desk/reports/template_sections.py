"""Sections of a report template: add, edit with a preview, move, leave out, restore."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.templates import find_template
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.report_templates import services as deeds
from servanda.reporting.report_templates.forms import SectionForm

LONGEST_PLACE = 4  # digits


def find_section(code: str, key: str) -> TemplateSection:
    return get_object_or_404(TemplateSection.objects.select_related("template"), template__code=code, key=key)


@form_page
@requires(Can.EDIT_INSTANCE)
@makes_once
def add_template_section(request: SignedIn, code: str) -> HttpResponse:
    template = find_template(code)
    form = SectionForm(request.POST or None)
    if is_to_save(request, form):
        with refusals_in_form(request, form, "add_template_section"):
            made = deeds.add_template_section(template=template, values=form.values(), by=request.user)
            messages.success(request, _("Section added at the end."))
            return redirect(f"{template.get_absolute_url()}#section-{made.key}")
    return ask(request, form, template, title=_("Add a section"))


@form_page
@requires(Can.EDIT_INSTANCE)
def edit_template_section(request: SignedIn, code: str, key: str) -> HttpResponse:
    section = find_section(code, key)
    form = SectionForm(request.POST or None, section=section)
    if is_to_save(request, form):
        with refusals_in_form(request, form, "edit_template_section", edits=section.template):
            values, seen = form.values(), form.cleaned_data["seen"]
            deeds.edit_template_section(section=section, values=values, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(f"{section.template.get_absolute_url()}#section-{key}")
    return ask(request, form, section.template, title=_("Edit the section"))


def is_to_save(request: SignedIn, form: SectionForm) -> bool:
    """False while the person only wants to see how it looks."""
    return request.method == "POST" and form.is_valid() and "preview" not in request.POST


def ask(request: SignedIn, form: SectionForm, template: ReportTemplate, *, title: str) -> HttpResponse:
    context = {"form": form, "template": template, "title": title, "button": _("Save")}
    context |= {"cancel_url": template.get_absolute_url(), "preview": None}
    if form.is_bound and form.is_valid() and "preview" in request.POST:
        context["preview"] = form.cleaned_data
    return render(request, "desk/reports/template_section.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_INSTANCE)
def move_template_section(request: SignedIn, code: str, key: str) -> HttpResponse:
    """Move the section to the place that the form names."""
    section, wanted = find_section(code, key), request.POST.get("place", "")
    place = int(wanted) if wanted.isdecimal() and len(wanted) <= LONGEST_PLACE else 1
    attempt(request, deeds.move_template_section, _("Section moved."), section=section, place=place)
    return redirect(f"{section.template.get_absolute_url()}#section-{key}")


@require_POST
@requires(Can.EDIT_INSTANCE)
def drop_template_section(request: SignedIn, code: str, key: str) -> HttpResponse:
    section = find_section(code, key)
    undo = resolve_url("desk:restore_template_section", code, key)
    attempt(request, deeds.drop_template_section, _("Section left out."), undo=undo, section=section)
    return redirect(section.template)


@require_POST
@requires(Can.EDIT_INSTANCE)
def restore_template_section(request: SignedIn, code: str, key: str) -> HttpResponse:
    section = find_section(code, key)
    undo = resolve_url("desk:drop_template_section", code, key)
    attempt(request, deeds.restore_template_section, _("Section restored."), undo=undo, section=section)
    return redirect(section.template)
