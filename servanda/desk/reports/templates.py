"""Pages of report templates: the list, one template with its outline, and the forms about a whole template."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.reporting.models import ReportTemplate
from servanda.reporting.report_templates import services as deeds
from servanda.reporting.report_templates.forms import LABELS, CopyForm, TemplateForm
from servanda.reporting.report_templates.queries import WHOLE, changed_parts, find_templates, outline_of, total_share

ON_A_PAGE = 50


@require_safe
@requires(Can.READ_INTERNAL)
def report_templates(request: SignedIn) -> HttpResponse:
    found = find_templates()
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    context = {"rows": found[slice_of(page)], "labels": LABELS, **pager(page)}
    return render(request, "desk/reports/report_templates.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def report_template(request: SignedIn, code: str) -> HttpResponse:
    """The outline of a template, with the words that each section may have."""
    shown = find_template(code)
    total = total_share(shown)
    context = {
        "template": shown,
        "labels": LABELS,
        "outline": outline_of(shown),
        "dropped": [section for section in shown.sections.all() if section.is_dropped],
        "changed": changed_parts(shown),
        "total": total,
        "is_too_much": total > WHOLE,
    }
    return render(request, "desk/reports/report_template.html", context)


def find_template(code: str) -> ReportTemplate:
    rows = ReportTemplate.objects.select_related("body", "copied_from")
    return get_object_or_404(rows.prefetch_related("sections", "copied_from__sections"), code=code)


@form_page
@requires(Can.EDIT_INSTANCE)
@makes_once
def add_report_template(request: SignedIn) -> HttpResponse:
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_report_template"):
            made = deeds.add_report_template(values=form.values(), by=request.user)
            messages.success(request, _("Template saved. Now add its sections."))
            return redirect(made)
    return ask(request, form, title=_("Add a template"))


@form_page
@requires(Can.EDIT_INSTANCE)
@makes_once
def copy_report_template(request: SignedIn, code: str) -> HttpResponse:
    shown = find_template(code)
    form = CopyForm(request.POST or None, template=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "copy_report_template"):
            made = deeds.copy_report_template(template=shown, name=form.cleaned_data["name"], by=request.user)
            messages.success(request, _("Template copied. Change the copy as you need."))
            return redirect(made)
    return ask(request, form, title=_("Copy the template"), template=shown)


@form_page
@requires(Can.EDIT_INSTANCE)
def edit_report_template(request: SignedIn, code: str) -> HttpResponse:
    shown = find_template(code)
    form = TemplateForm(request.POST or None, template=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_report_template", edits=shown):
            values, seen = form.values(), form.cleaned_data["seen"]
            deeds.edit_report_template(template=shown, values=values, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(shown)
    return ask(request, form, title=_("Edit the template"), template=shown)


def ask(request: SignedIn, form: TemplateForm | CopyForm, **page) -> HttpResponse:
    shown = page.get("template")
    cancel = shown.get_absolute_url() if shown else resolve_url("desk:report_templates")
    context = {"form": form, "button": _("Save"), "cancel_url": cancel, **page}
    return render(request, "desk/reports/template_form.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_INSTANCE)
def retire_report_template(request: SignedIn, code: str) -> HttpResponse:
    shown = find_template(code)
    done, undo = _("The template is no longer offered."), resolve_url("desk:offer_report_template", code)
    attempt(request, deeds.retire_report_template, done, undo=undo, template=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def offer_report_template(request: SignedIn, code: str) -> HttpResponse:
    shown = find_template(code)
    done, undo = _("The template is offered again."), resolve_url("desk:retire_report_template", code)
    attempt(request, deeds.offer_report_template, done, undo=undo, template=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def take_over_template_part(request: SignedIn, code: str, key: str) -> HttpResponse:
    shown = find_template(code)
    attempt(request, deeds.take_over_template_part, _("The shipped values were copied."), template=shown, key=key)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_INSTANCE)
def keep_template_parts(request: SignedIn, code: str) -> HttpResponse:
    shown = find_template(code)
    attempt(request, deeds.keep_template_parts, _("Your template was kept."), template=shown)
    return redirect(shown)
