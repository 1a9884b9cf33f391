"""A document beside its units: correct, split, join, leave out, confirm."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.documents.forms import DescribeForm, UnitForm
from servanda.desk.imports.queries import batch_of
from servanda.jobs.services import enqueue
from servanda.kit.pages.listing import pager
from servanda.kit.refusal import Refused
from servanda.language.documents.general_comments import cited_in
from servanda.language.documents.units import Gap
from servanda.people.access import Can, can, requires
from servanda.people.requests.refusals import attempt, refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.documents import is_decision, is_letter
from servanda.proceedings.letters import communication_of
from servanda.recommendations import tasks
from servanda.sources.candidates import Unreadable
from servanda.sources.documents.families import BY_CODE
from servanda.sources.files.pdf import drawn
from servanda.sources.models import DocumentReading, ReadUnit
from servanda.sources.tasks import read_document_units, recognise_document
from servanda.sources.units import editing as deeds
from servanda.sources.units import rereading
from servanda.sources.units.doubts import doubts_of
from servanda.sources.units.obligations import due_of
from servanda.sources.units.withheld import is_withheld, needs_authorisation, record_view

UNITS_A_PAGE = 15
MOST_PAGES_SHOWN = 12  # pages of the document beside one page of units


def reading_of(request: HttpRequest, key) -> DocumentReading:
    batch = batch_of(request, key)
    return get_object_or_404(DocumentReading.objects.select_related("batch"), batch=batch)


def unit_of(request: HttpRequest, key, pk: int) -> ReadUnit:
    units = ReadUnit.objects.visible_to(request.user).select_related("reading__batch")
    return get_object_or_404(units, reading=reading_of(request, key), pk=pk)


@require_safe
@requires(Can.IMPORT)
def document_units(request: HttpRequest, key) -> HttpResponse:
    """All units are read first; with `unit` in the address the form of that one is open, which the script loads."""
    reading = reading_of(request, key)
    record_view(reading, by=request.user)
    unit = reading.units.select_related("reading").filter(pk=number_in(request.GET, "unit")).first()
    opened = UnitForm.of(unit) if unit and is_editable(unit) and "read" not in request.GET else None
    if unit and "HX-Request" in request.headers:
        return unit_alone(request, unit, opened)
    page = shown(reading, request, DescribeForm(instance=reading), {unit.pk: opened} if unit else {})
    return vary_by_htmx(render(request, "desk/documents/document_units.html", page))


def is_editable(unit: ReadUnit) -> bool:
    return not unit.is_dropped and unit.reading.batch.state in deeds.OPEN


def vary_by_htmx(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response


def unit_alone(request: HttpRequest, unit: ReadUnit, form: UnitForm | None) -> HttpResponse:
    """One unit for the script, with the numbers above the list that its change may have changed."""
    reading, number = unit.reading, number_in(request.GET, "page") or 1
    page = found_in(reading) | {"reading": reading, "batch": reading.batch, "unit": unit, "page_number": number}
    page |= {"is_open": reading.batch.state in deeds.OPEN, "is_alone": True}
    prepare(unit, page["gaps"], form)
    return vary_by_htmx(render(request, "desk/documents/document_units.html#unit_alone", page))


def prepare(unit: ReadUnit, gaps: Sequence[Gap], form: UnitForm | None) -> None:
    unit.form, unit.doubts = form, doubts_of(unit, gaps)
    unit.obligation = due_of(unit, unit.reading) if unit.kind == ReadUnit.Kind.OBLIGATION else None
    unit.cited = cited_in(unit.whole, symbol=unit.reading.symbol, body=unit.reading.body)


def found_in(reading: DocumentReading) -> dict:
    """What was recognised: the number of units of each kind, and the numbers that are missing."""
    kinds = dict(ReadUnit.Kind.choices)
    rows = reading.units.kept().order_by().values_list("kind").annotate(number=Count("pk"))
    numbers = dict(rows)
    return {
        "kinds": [(kinds[kind], numbers[kind]) for kind in kinds if kind in numbers],
        "left_out": reading.units.filter(is_dropped=True).count(),
        "gaps": deeds.gaps_of(reading),
    }


def shown(
    reading: DocumentReading, request: HttpRequest, form: DescribeForm, opened: Mapping[int, UnitForm | None]
) -> dict:
    page = Paginator(reading.units.select_related("reading"), UNITS_A_PAGE).get_page(request.GET.get("page"))
    found = found_in(reading)
    for unit in page:
        prepare(unit, found["gaps"], opened.get(unit.pk))
    return found | {
        "reading": reading,
        "needs_authorisation": needs_authorisation(reading),
        "is_withheld": is_withheld(reading),
        "batch": reading.batch,
        "family": BY_CODE[reading.family].name if reading.family in BY_CODE else reading.family,
        "is_open": reading.batch.state in deeds.OPEN,
        "begins": "communication" if is_letter(reading) else "case" if is_decision(reading) else "",
        "attach_to": communication_of(reading, request.user) if can(request.user, Can.RUN_PROCEEDINGS) else None,
        "form": form,
        **pager(page),
        "page_number": page.number,
        "position": _("%(first)d to %(last)d of %(all)d")
        % {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count},
        "sheets": sheets_beside(reading, page),
    }


def sheets_beside(reading: DocumentReading, page: Page) -> list[dict]:
    """The part of the document with these units: as pages or as one text."""
    units = list(page)
    if not units:
        return []
    first, last = min(unit.first_block for unit in units), max(unit.last_block for unit in units)
    blocks = list(reading.blocks.filter(place__gte=max(0, first - 1), place__lte=last)[:400])
    numbers = sorted({block.page for block in blocks})[:MOST_PAGES_SHOWN]
    return [{"number": number, "blocks": [block for block in blocks if block.page == number]} for number in numbers]


@require_safe
@requires(Can.IMPORT)
def page_image(request: HttpRequest, key, number: int) -> HttpResponse:
    """A page of the file as an image, for those who may see the import; of a scan too, which has not been read."""
    batch = batch_of(request, key)
    reading = DocumentReading.objects.filter(batch=batch).first()
    if number < 1 or (number > reading.pages if reading else not rereading.is_scan(batch)):
        raise Http404
    if reading:
        record_view(reading, by=request.user)
    try:
        return HttpResponse(drawn(Path(batch.file.path), number), content_type="image/png")
    except (Unreadable, OSError) as problem:
        raise Http404 from problem


def back(request: HttpRequest, key, pk: int = 0) -> HttpResponseRedirect:
    """Redirect to the same page of units, at the unit that was edited."""
    page = number_in(request.GET, "page")
    query = f"?page={page}" if page else ""
    return redirect(f"{reverse('desk:document_units', args=[key])}{query}{f'#unit-{pk}' if pk else ''}")


@require_POST
@requires(Can.IMPORT)
def edit_unit(request: HttpRequest, key, pk: int) -> HttpResponse:
    """Save, and keep the form open with what was typed if it has to be corrected."""
    unit = unit_of(request, key, pk)
    form = UnitForm.of(unit, request.POST)
    if form.is_valid():
        try:
            deeds.edit_unit(unit=unit, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_unit")
            if isinstance(refusal, ChangedMeanwhile):
                form.bring_up_to_date(unit.version)
        else:
            messages.success(request, _("Saved."))
            return changed(request, key, pk)
    if "HX-Request" in request.headers:
        return unit_alone(request, unit, form)
    page = shown(unit.reading, request, DescribeForm(instance=unit.reading), {pk: form})
    return render(request, "desk/documents/document_units.html", page, status=409 if form.is_outdated else 422)


def changed(request: HttpRequest, key, pk: int) -> HttpResponse:
    """The unit as it is now for the script, which keeps the place; otherwise a redirect to the page at this unit."""
    if "HX-Request" in request.headers:
        return unit_alone(request, unit_of(request, key, pk), None)
    return back(request, key, pk)


@require_POST
@requires(Can.IMPORT)
def split_unit(request: HttpRequest, key, pk: int) -> HttpResponse:
    unit = unit_of(request, key, pk)
    try:
        text = request.POST.get("text", "")[: deeds.LONGEST_TEXT]
        count = deeds.split_unit(unit=unit, text=text, version=version(request), by=request.user)
        message = ngettext("Split into %(count)d unit.", "Split into %(count)d units.", count)
        messages.success(request, message % {"count": count})
    except Refused as refusal:
        refuse(request, refusal, "split_unit")
    return back(request, key, pk)


@require_POST
@requires(Can.IMPORT)
def join_unit(request: HttpRequest, key, pk: int) -> HttpResponse:
    unit = unit_of(request, key, pk)
    message = _("Joined with the unit above. This unit is left out.")
    attempt(request, deeds.join_unit, message, unit=unit, version=version(request))
    return back(request, key, pk)


@require_POST
@requires(Can.IMPORT)
def drop_unit(request: HttpRequest, key, pk: int) -> HttpResponse:
    unit = unit_of(request, key, pk)
    attempt(
        request, deeds.drop_unit, _("Unit left out. You can include it again."), unit=unit, version=version(request)
    )
    return changed(request, key, pk)


@require_POST
@requires(Can.IMPORT)
def restore_unit(request: HttpRequest, key, pk: int) -> HttpResponse:
    unit = unit_of(request, key, pk)
    attempt(request, deeds.restore_unit, _("Unit included again."), unit=unit, version=version(request))
    return changed(request, key, pk)


def version(request: HttpRequest) -> int:
    return number_in(request.POST, "version")


def number_in(values: QueryDict, name: str) -> int:
    """0 where there is no number."""
    value = values.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


@require_POST
@requires(Can.IMPORT)
def describe_document(request: HttpRequest, key) -> HttpResponse:
    reading = reading_of(request, key)
    form = DescribeForm(request.POST, instance=DocumentReading.objects.get(pk=reading.pk))
    if not form.is_valid():
        return render(request, "desk/documents/document_units.html", shown(reading, request, form, {}), status=422)
    described = form.save(commit=False)
    attempt(request, deeds.describe_document, _("Saved."), reading=reading, described=described)
    return back(request, key)


@require_POST
@requires(Can.IMPORT)
def read_as_document(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    message = _("The file is being read as a document.")
    if attempt(request, rereading.read_as_document, message, batch=batch):
        enqueue(read_document_units, str(batch.key))
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def recognise_text(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    message = _("The text of the pages is being recognised. This may take some minutes.")
    if attempt(request, rereading.ask_for_recognition, message, batch=batch):
        enqueue(recognise_document, str(batch.key))
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def confirm_units(request: HttpRequest, key) -> HttpResponse:
    reading = reading_of(request, key)
    is_right = "numbering_is_right" in request.POST
    message = _("Confirmed. The document is being compared with the register. Check the preview, then apply it.")
    if not attempt(request, deeds.confirm_units, message, reading=reading, numbering_is_right=is_right):
        return back(request, key)
    enqueue(tasks.preview_import, str(reading.batch.key))
    return redirect("desk:show_import", key=key)
