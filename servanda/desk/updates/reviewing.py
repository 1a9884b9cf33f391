"""Pages for authorities and coordinators: approve, publish, return, enter a letter, link to further records."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.clusters.queries import find_cluster
from servanda.desk.record.access import SignedIn
from servanda.desk.updates.forms import LevelForm, LinkUpdateForm, OnBehalfForm, ReturnForm
from servanda.desk.updates.views import find_update, update_page
from servanda.desk.updates.words_kept import keeps_words
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import FieldRefused, Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.models import User
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.proceedings.contents.asking import enter_answer
from servanda.progress.assessments import proposed_levels
from servanda.progress.evidence.scans import enter_letter
from servanda.progress.evidence.services import examine
from servanda.progress.models import Update
from servanda.progress.updates import linking
from servanda.progress.updates import services as updating
from servanda.progress.updates.queries import next_waiting
from servanda.progress.updates.separation import why_not_publish


def go_on(request: SignedIn, update: Update, *, is_done: bool) -> HttpResponse:
    """Redirect to the next waiting update, or back to this one."""
    following = next_waiting(request.user) if is_done else None
    if following:
        messages.info(request, _("This is the next update that awaits your review."))
    return redirect(following or update)


@require_POST
@requires(Can.VALIDATE_UPDATE)
def validate_update(request: SignedIn, pk: int) -> HttpResponse:
    update = find_update(request, pk)
    message = _("Update approved.")
    return go_on(request, update, is_done=attempt(request, updating.validate_update, message, update=update))


@require_POST
@requires(Can.PUBLISH_UPDATE)
def publish_update(request: SignedIn, pk: int) -> HttpResponse:
    update = find_update(request, pk)
    message = _("Update published. Anyone who can see one of its records can read it.")
    if update.question is not None and update.question.is_of_proceeding:
        message = _("Answer accepted. Only the mechanism and the institution can read it.")
    elif update.question is not None:
        message = _("Answer published. Anyone who can see the question can read it.")
    return go_on(request, update, is_done=attempt(request, updating.publish_update, message, update=update))


@form_page
@requires(Can.READ_INTERNAL)
def return_update(request: SignedIn, pk: int) -> HttpResponse:
    """Return an update. The form is on the page of the update, which is shown again if it has errors."""
    update = find_update(request, pk)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message, reason = (
            _("Update returned. The author has been notified of the reason."),
            form.cleaned_data["reason"],
        )
        is_done = attempt(request, updating.return_update, message, update=update, reason=reason)
        return go_on(request, update, is_done=is_done)
    page = update_page(request, update, form)
    return render(request, "desk/updates/update.html", page, status=422 if form.errors else 200)


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.PUBLISH_UPDATE))
@form_page
@keeps_words
@requires(Can.PUBLISH_UPDATE)
def enter_on_behalf(request: SignedIn) -> HttpResponse:
    """An update on records or on a cluster; from the page of a question, its answer."""
    names = {"codes": "record", "cluster": "cluster", "question": "question", "institution": "institution"}
    start = {field: request.GET.get(name, "") for field, name in names.items()}
    form = OnBehalfForm(request.POST or None, request.FILES or None, user=request.user, initial=start)
    question = form.ask_for_answer()
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "enter_on_behalf"):
            update = entered(form, by=request.user)
            messages.success(request, entered_message(update, request.user))
            return redirect(question if question is not None and question.is_of_proceeding else update)
    page = {"title": _("Enter an update received by letter"), "form": form, "button": _("Enter")}
    if question is not None:
        page |= {"title": _("Enter an answer received by letter"), "text": f"{question.reference}: {question.text}"}
        page["cancel_url"] = question.get_absolute_url()
    return render(request, "desk/updates/update_form.html", page, status=422 if form.errors else 200)


def entered(form: OnBehalfForm, *, by: User) -> Update:
    """Enter the letter with its scan. An answer to a letter or dialogue is a line of its trail as well."""
    try:
        scan = examine(file, file.name) if (file := form.cleaned_data["scan"]) else None
    except Refused as refusal:
        raise FieldRefused("scan", str(refusal)) from refusal
    values = form.values()
    enter = enter_answer if values["question"] and values["question"].is_of_proceeding else enter_letter
    return enter(**values, scan=scan, by=by)


def entered_message(update: Update, user: User) -> str:
    is_answer, is_left = update.question is not None, bool(why_not_publish(update, user))
    if is_answer and is_left:
        return _("Answer entered. Another coordinator must publish it.")
    if is_answer:
        return _("Answer entered. You can publish it now.")
    if is_left:
        return _("Update entered. Another coordinator must publish it.")
    return _("Update entered. You can publish it now.")


@form_page
@requires(Can.PUBLISH_UPDATE)
def link_update(request: SignedIn, pk: int) -> HttpResponse:
    update = find_update(request, pk)
    form = LinkUpdateForm(request.POST or None, user=request.user, near=update.recommendations.all())
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "link_update"):
            targets = {"recommendations": form.cleaned_data["codes"], "cluster": form.cleaned_data.get("cluster")}
            linking.link_update(update=update, **targets, by=request.user)
            messages.success(request, _("Update linked to the selected records or cluster."))
            return redirect(update)
    page = {"title": _("Show on other records"), "text": update.text, "form": form, "button": _("Show")}
    page["cancel_url"] = update.get_absolute_url()
    return render(request, "desk/updates/update_form.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.ASSESS)
def take_over_level(request: SignedIn, pk: int) -> HttpResponse:
    """Make the proposed level, or another one with a reason, the Government's assessment."""
    update = find_update(request, pk)
    form = LevelForm(request.POST or None, update=update)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "take_over_level"):
            proposed_levels.take_over_level(update=update, **form.cleaned_data, by=request.user)
            messages.success(request, _("Saved as Government assessment. Not published yet."))
            return redirect(update)
    page = {"title": _("Decide on the proposed level"), "text": update.text, "form": form, "button": _("Apply")}
    page["cancel_url"] = update.get_absolute_url()
    return render(request, "desk/updates/update_form.html", page, status=422 if form.errors else 200)


@require_POST
@requires(Can.PUBLISH_UPDATE)
def unlink_update(request: SignedIn, pk: int, key: UUID) -> HttpResponse:
    """Remove it from a cluster; records that it names stay."""
    update, cluster = find_update(request, pk), find_cluster(request, key)
    undo, message = resolve_url("desk:show_on_cluster", pk, key), _("Update no longer shown on this cluster.")
    attempt(request, linking.unlink_update, message, undo=undo, update=update, cluster=cluster)
    return redirect(update)


@require_POST
@requires(Can.PUBLISH_UPDATE)
def show_on_cluster(request: SignedIn, pk: int, key: UUID) -> HttpResponse:
    update, cluster = find_update(request, pk), find_cluster(request, key)
    targets = {"recommendations": [], "cluster": cluster}
    attempt(request, linking.link_update, _("Link restored."), update=update, **targets)
    return redirect(update)
