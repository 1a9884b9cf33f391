"""Pages of the Word templates of the State: the list with the fields, adding one, the files."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import TYPES, send_file
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.progress.evidence.downloads import send_stored
from servanda.reporting.models import WordTemplate
from servanda.reporting.word_templates import services as deeds
from servanda.reporting.word_templates.example import write_example
from servanda.reporting.word_templates.forms import LABELS, WordTemplateForm
from servanda.reporting.word_templates.labels import FIELDS, LOOPS

MEGABYTES = 10
ON_A_PAGE = 50


@require_safe
@requires(Can.EDIT_INSTANCE)
def word_templates(request: SignedIn) -> HttpResponse:
    """The templates, and what one may contain."""
    found = WordTemplate.objects.order_by("is_retired", "name", "pk").select_related("added_by")
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    context = {"rows": found[slice_of(page)], "labels": LABELS, "fields": FIELDS, "loops": LOOPS, **pager(page)}
    return render(request, "desk/reports/word_templates.html", context)


@body_limit(MEGABYTES, to=holders(Can.EDIT_INSTANCE))
@form_page
@requires(Can.EDIT_INSTANCE)
@makes_once
def add_word_template(request: SignedIn) -> HttpResponse:
    form = WordTemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_word_template"):
            deeds.add_word_template(**form.cleaned_data, by=request.user)
            messages.success(request, _("Word template added. Choose it in the details of a report."))
            return redirect("desk:word_templates")
    context = {"form": form, "fields": FIELDS, "loops": LOOPS, "cancel_url": resolve_url("desk:word_templates")}
    return render(request, "desk/reports/add_word_template.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Can.EDIT_INSTANCE)
def example_word_template(request: SignedIn) -> FileResponse:
    now = timezone.localtime()
    return send_file(write_example(at=now), file_name(_("example-template"), "docx", on=now.date()))


def find_template(key: object) -> WordTemplate:
    return get_object_or_404(WordTemplate, key=key)


@require_safe
@requires(Can.EDIT_INSTANCE)
def word_template_file(request: SignedIn, key: object) -> FileResponse:
    """The file as it is stored, to change it and add it again."""
    shown = find_template(key)
    what = slugify(shown.name, allow_unicode=True) or "template"
    name = file_name(what, "docx", on=timezone.localdate(shown.added_at))
    return send_stored(shown.file, name=name, mime=TYPES["docx"])


@require_POST
@requires(Can.EDIT_INSTANCE)
def retire_word_template(request: SignedIn, key: object) -> HttpResponse:
    done, undo = _("The template is no longer offered."), resolve_url("desk:offer_word_template", key)
    attempt(request, deeds.retire_word_template, done, undo=undo, template=find_template(key))
    return redirect("desk:word_templates")


@require_POST
@requires(Can.EDIT_INSTANCE)
def offer_word_template(request: SignedIn, key: object) -> HttpResponse:
    done, undo = _("The template is offered again."), resolve_url("desk:retire_word_template", key)
    attempt(request, deeds.offer_word_template, done, undo=undo, template=find_template(key))
    return redirect("desk:word_templates")
