"""The reply of the State: written, cleared, dispatched; the publication, the outcome, the version for the public."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from servanda.desk.proceedings.finding import ask, back, find_proceeding, rebased, save_with_service, saved
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.proceedings.clearance.forms import ReturnTextForm, step_sent
from servanda.proceedings.clearance.services import next_verdict
from servanda.proceedings.clearance.services import set_clearance_steps as replace_clearance_steps
from servanda.proceedings.life.forms import VersionForm
from servanda.proceedings.models import ClearanceStep, Draft, Proceeding, PublicLetter
from servanda.proceedings.replies import services
from servanda.proceedings.replies.forms import (
    ClearanceRows,
    DispatchForm,
    OutcomeForm,
    PublicationForm,
    PublicLetterForm,
    ReplyForm,
    VersionedForm,
    clearing_choices,
    steps_of,
)


def save_form(
    request: SignedIn, proceeding: Proceeding, form: VersionedForm, deed: Callable[..., object], **page
) -> HttpResponse:
    """Show a form whose fields are the arguments of the service, and save it."""
    if request.method == "POST" and form.is_valid():
        what = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        what |= {"proceeding": proceeding, "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, deed, saved(), page, **what):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, proceeding.version)
    return ask(request, proceeding, form, button=_("Save"), **page)


def save_rows(
    request: SignedIn,
    proceeding: Proceeding,
    rows: BaseFormSet,
    deed: Callable[..., object],
    what: Mapping[str, Callable],
    **page,
) -> HttpResponse:
    """Show a form of rows, and save them; `what` names the argument of the service, and how rows become it."""
    form = VersionForm(request.POST or None, initial={"version": proceeding.version})
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        values = {name: read(rows) for name, read in what.items()}
        seen = form.cleaned_data["version"]
        if save_with_service(request, form, deed, saved(), page, proceeding=proceeding, seen=seen, **values):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, find_proceeding(request, proceeding.key).version)
    is_faulty = request.method == "POST" and not rows.is_valid()
    return ask(request, proceeding, form, rows=rows, button=_("Save"), **page, is_faulty=is_faulty)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def write_reply(request: SignedIn, key: UUID) -> HttpResponse:
    """Write the reply; at first it holds the answers that institutions have approved."""
    proceeding = find_proceeding(request, key)
    initial = {"version": proceeding.version, "reply": proceeding.reply, "language": proceeding.reply_language}
    if not proceeding.reply:
        approved = proceeding.drafts.current().filter(state=Draft.State.VALIDATED).select_related("institution")
        initial["reply"] = "\n\n".join(f"{draft.institution}\n{draft.text}" for draft in approved)
    form = ReplyForm(request.POST or None, initial=initial)
    page = {"title": _("Reply of the State"), "saved_text": proceeding.reply}
    return save_form(request, proceeding, form, services.write_reply, **page)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def start_clearance(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    attempt(request, services.start_clearance, _("Reply sent for clearance."), proceeding=proceeding)
    return back(proceeding)


@require_POST
@requires(Can.READ_INTERNAL)
def clear_reply(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    attempt(request, services.clear_reply, _("Reply cleared."), proceeding=proceeding, seen=step_sent(request))
    return redirect_home_or(request, proceeding)


@form_page
@requires(Can.READ_INTERNAL)
def return_reply(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    pending = next_verdict(proceeding.clearance)
    form = ReturnTextForm(request.POST or None, step=pending.pk if pending else None)
    page: dict = {"title": _("Return for changes"), "button": _("Return with this reason")}
    if request.method == "POST" and form.is_valid():
        what = {"proceeding": proceeding, "reason": form.cleaned_data["reason"], "seen": step_sent(request)}
        if save_with_service(request, form, services.return_reply, _("Reply returned."), page, **what):
            return redirect_home_or(request, proceeding)
    return ask(request, proceeding, form, **page)


def redirect_home_or(request: SignedIn, proceeding: Proceeding) -> HttpResponse:
    """An institution that only clears sees the communication while it has something to decide."""
    is_seen = Proceeding.objects.visible_to(request.user).filter(pk=proceeding.pk).exists()
    return back(proceeding) if is_seen else redirect("desk:proceedings")


@form_page
@requires(Can.RUN_PROCEEDINGS)
def record_dispatch(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    names = ("version", "replied_on", "note_verbale", "channel", "acknowledged_on")
    form = DispatchForm(request.POST or None, initial={name: getattr(proceeding, name) for name in names})
    return save_form(request, proceeding, form, services.record_dispatch, title=_("Dispatch of the reply"))


@form_page
@requires(Can.RUN_PROCEEDINGS)
def record_publication(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    initial = {"version": proceeding.version, "published_on": proceeding.published_on}
    form = PublicationForm(request.POST or None, initial=initial | {"symbol": proceeding.published_symbol})
    lead = _("This makes nothing public in this system. You can then write a version for the public.")
    page = {"title": _("Publication by the body"), "lead": lead}
    return save_form(request, proceeding, form, services.record_publication, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def record_outcome(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    names = ("version", "outcome", "reprisals_handling")
    initial = {name: getattr(proceeding, name) for name in names}
    form = OutcomeForm(request.POST or None, proceeding=proceeding, initial=initial)
    return save_form(
        request, proceeding, form, services.record_outcome, title=pgettext("of a communication", "Outcome")
    )


@form_page
@requires(Can.RUN_PROCEEDINGS)
def publish_letter(request: SignedIn, key: UUID) -> HttpResponse:
    """Write a version for the public. Nothing is copied from the confidential letter."""
    proceeding = find_proceeding(request, key)
    letter = PublicLetter.objects.filter(proceeding=proceeding).first()
    form = PublicLetterForm(request.POST or None, instance=letter)
    page: dict = {"title": _("Version for the public"), "button": _("Publish")}
    if request.method == "POST" and form.is_valid():
        fields = ("title", "summary", "reply", "source", "is_checked", "parts_checked", "starts_on", "ends_on")
        what = {name: form.cleaned_data[name] for name in fields}
        message = _("Published. Anyone can now read this version.")
        if save_with_service(request, form, services.publish_letter, message, page, proceeding=proceeding, **what):
            return back(proceeding)
    return ask(request, proceeding, form, **page)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def unpublish_letter(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    undo = resolve_url("desk:republish_letter", key)
    message = _("The version for the public was unpublished.")
    attempt(request, services.unpublish_letter, message, undo=undo, proceeding=proceeding)
    return back(proceeding)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def republish_letter(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    message = _("Published. Anyone can now read this version.")
    attempt(request, services.republish_letter, message, proceeding=proceeding)
    return back(proceeding)


@form_page
@requires(Can.EDIT_INSTANCE)
def set_clearance_steps(request: SignedIn) -> HttpResponse:
    """The steps through which a reply is cleared, for all communications that start from now on."""
    initial = [{"title": step.title, "institution": step.institution_id} for step in ClearanceStep.objects.all()]
    kwargs = {"choices": clearing_choices()}
    rows = ClearanceRows(request.POST or None, initial=initial, prefix="row", form_kwargs=kwargs)
    if request.method == "POST" and rows.is_valid():
        replace_clearance_steps(steps=steps_of(rows), by=request.user)
        messages.success(request, saved())
        return redirect("people:instance")
    lead = _(
        "Replies in clearance keep the steps with which they started. Without steps, another coordinator clears."
    )
    page = {"title": _("Clearance steps"), "button": _("Save"), "rows": rows, "lead": lead}
    return ask(request, None, None, **page, is_faulty=request.method == "POST")
