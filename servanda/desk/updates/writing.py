"""Pages to start, save, submit and withdraw updates."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.desk.updates.forms import StartForm, UpdateForm, requested_question
from servanda.desk.updates.views import asked_about, find_update
from servanda.desk.updates.words_kept import keeps_words
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.refusals import attempt, record_refusal, refusals_in_form, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.evidence import services as evidence
from servanda.progress.models import InputRequest, Update
from servanda.progress.updates import coverage
from servanda.progress.updates import services as updating
from servanda.progress.updates.queries import previous_of
from servanda.recommendations.editing.forms import ReasonForm

COMPARED = ("text", "obstacles", "figures")


@form_page
@requires(Can.WRITE_UPDATE)
def start_update(request: SignedIn) -> HttpResponse:
    """Start a draft; the form sent twice makes one."""
    names = {"codes": "record", "institution": "institution", "question": "question"}
    start = {field: request.GET.get(name, "") for field, name in names.items()}
    form = StartForm(
        request.POST or None, user=request.user, initial={key: value for key, value in start.items() if value}
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        input_request = input_request_of(request, cleaned["institution"])
        arguments = {
            "institution": cleaned["institution"],
            "recommendations": [] if cleaned["question"] else cleaned["codes"],
            "question": cleaned["question"],
            "form_key": cleaned["form_key"],
        }
        with refusals_in_form(request, form, "start_update"):
            update = updating.start_update(**arguments, request=input_request, by=request.user)
            return redirect("desk:save_update", pk=update.pk)
    context = {"form": form, "question": requested_question(form)}
    return render(request, "desk/updates/start_update.html", context, status=422 if form.errors else 200)


def input_request_of(request: SignedIn, institution) -> InputRequest | None:
    """The request of a round from which the person came."""
    value = request.GET.get("request", "")
    if not value.isdecimal() or len(value) > 18:
        return None
    requests = InputRequest.objects.open().in_scope_of(request.user).filter(institution=institution)
    return requests.select_related("round").filter(pk=int(value)).first()


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.WRITE_UPDATE))
@form_page
@keeps_words
@requires(Can.WRITE_UPDATE)
def save_update(request: SignedIn, pk: int) -> HttpResponse:
    update = find_update(request, pk)
    if request.method != "POST" and not update.is_editable:
        messages.warning(request, _("This update has been submitted and can no longer be edited."))
        return redirect(update)
    form = UpdateForm(request.POST or None, request.FILES or None, update=update, user=request.user)
    is_done = request.method == "POST" and form.is_valid() and saved(request, update, form)
    if "autosave" in request.POST:
        return autosave_response(update, form)
    if is_done:
        return after_saving(request, update)
    if form.is_searching and request.FILES:
        messages.warning(request, _("Choose your files again before you save: a search does not keep them."))
    page = {"update": update, "form": form, "previous": previous_of(update, request.user)}
    page["asked_about"] = asked_about([link.recommendation for link in update.links_shown])
    page["conflict"] = compared(update, form) if form.is_outdated else None
    status = 409 if form.is_outdated else 422 if form.errors else 200
    return render(request, "desk/updates/save_update.html", page, status=status)


def saved(request: SignedIn, update: Update, form: UpdateForm) -> bool:
    """Save; False if it was refused: the form then keeps what was typed, for the saved version."""
    try:
        saved_update = updating.save_update(update=update, **form.values(), by=request.user)
    except Refused as refusal:
        record_refusal(request, refusal, "save_update")
        update.refresh_from_db()
        if isinstance(refusal, ChangedMeanwhile):
            form.bring_up_to_date(update.version)
        form.add_error(None, str(refusal))
        return False
    update.version = saved_update.version
    form.bring_up_to_date(saved_update.version, is_outdated=False)
    return attached(request, saved_update, form) and handed_in(request, saved_update, form)


def attached(request: SignedIn, update: Update, form: UpdateForm) -> bool:
    """Add the files one by one; a refused one is named, and does not stop the others."""
    common = {"described": form.described(), "recommendations": coverage.records_of(update), "update": update}
    common |= {"institution": update.institution, "by": request.user}
    for file in form.files_sent():
        try:
            evidence.add_file(file=file, name=file.name, **common)
        except Refused as refusal:
            record_refusal(request, refusal, "add_file")
            form.add_error("files", str(refusal))
    if link := form.cleaned_data["link"]:
        try:
            evidence.add_link(link=link, **common)
        except Refused as refusal:
            record_refusal(request, refusal, "add_link")
            form.add_error("link", str(refusal))
    return form.is_valid()


def handed_in(request: SignedIn, update: Update, form: UpdateForm) -> bool:
    if request.POST.get("deed") != "submit":
        return True
    try:
        updating.submit_update(update=update, by=request.user)
    except Refused as refusal:
        refuse_in_form(request, form, refusal, "submit_update")
        return False
    return True


def autosave_response(update: Update, form: UpdateForm) -> JsonResponse:
    """The response for the autosave script."""
    if form.errors:
        reasons = [reason for messages_of_field in form.errors.values() for reason in messages_of_field]
        return JsonResponse({"refused": str(reasons[0])}, status=409 if form.is_outdated else 422)
    at = time_format(timezone.localtime(), "TIME_FORMAT")
    return JsonResponse({"seen": update.version, "saved": _("Saved at %(time)s.") % {"time": at}})


def after_saving(request: SignedIn, update: Update) -> HttpResponse:
    if request.POST.get("deed") == "submit":
        messages.success(request, _("Update submitted. You will be notified when it is published or returned."))
        return redirect(update)
    messages.success(request, _("Draft saved. Only your institution can see it until you submit it."))
    return redirect("desk:save_update", pk=update.pk)


def compared(update: Update, form: UpdateForm) -> list[dict]:
    """The differences between the saved version and what this person typed."""
    pairs = [(form[name].label, getattr(update, name), form.data.get(name, "")) for name in COMPARED]
    return [{"label": label, "old": old, "new": new} for label, old, new in pairs if old != new]


@require_POST
@requires(Can.WRITE_UPDATE)
def submit_update(request: SignedIn, pk: int) -> HttpResponse:
    update = find_update(request, pk)
    message = _("Update submitted. You will be notified when it is published or returned.")
    attempt(request, updating.submit_update, message, update=update)
    return redirect(update)


@form_page
@requires(Can.READ_INTERNAL)
def withdraw_update(request: SignedIn, pk: int) -> HttpResponse:
    update = find_update(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message, reason = _("Update withdrawn."), form.cleaned_data["reason"]
        is_withdrawn = attempt(request, updating.withdraw_update, message, update=update, reason=reason)
        return redirect("desk:updates") if is_withdrawn else redirect(update)
    page = {"title": _("Withdraw this update"), "text": update.text, "button": _("Withdraw"), "is_danger": True}
    page |= {"form": form, "cancel_url": update.get_absolute_url()}
    return render(request, "desk/updates/update_form.html", page, status=422 if form.errors else 200)
