"""Guided exercises: the list, one with its steps, and its file."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.network.exercises import services as deeds
from servanda.network.exercises.progress import Progress, ShownStep, are_offered, progress_of
from servanda.network.exercises.progress import exercises as known
from servanda.network.exercises.work import pieces_of
from servanda.network.models import ExerciseOffer
from servanda.people.access import Can, can, requires
from servanda.people.models import Instance
from servanda.people.requests.refusals import attempt, refuse


def find_progress(request: SignedIn, code: str) -> Progress:
    if code not in known():
        raise Http404
    return next(progress for progress in progress_of(request.user) if progress.exercise.code == code)


@require_safe
@requires(Can.READ_INTERNAL)
def exercises(request: SignedIn) -> HttpResponse:
    rows = progress_of(request.user) if are_offered() else []
    context = {"rows": rows, "may_stop": can(request.user, Can.EDIT_INSTANCE) and ExerciseOffer.objects.exists()}
    return render(request, "desk/training/exercises.html", context)


@form_page
@requires(Can.EDIT_INSTANCE)
def offer_exercises(request: SignedIn) -> HttpResponse:
    """After a warning: the steps change the data of this system."""
    if request.method == "POST":
        undo = resolve_url("desk:stop_exercises")
        attempt(request, deeds.offer_exercises, _("Exercises are offered in this system."), undo=undo)
        return redirect("desk:exercises")
    return render(request, "desk/training/offer_exercises.html", {"cancel_url": resolve_url("desk:exercises")})


@require_POST
@requires(Can.EDIT_INSTANCE)
def stop_exercises(request: SignedIn) -> HttpResponse:
    undo = resolve_url("desk:offer_exercises")
    attempt(request, deeds.stop_exercises, _("Exercises are no longer offered."), undo=undo)
    return redirect("desk:exercises")


@require_safe
@requires(Can.READ_INTERNAL)
def exercise(request: SignedIn, code: str) -> HttpResponse:
    progress = find_progress(request, code)
    context = {"progress": progress, "steps": list(with_addresses(progress)), "is_offered": are_offered()}
    return render(request, "desk/training/exercise.html", context)


def with_addresses(progress: Progress) -> Iterator[tuple[ShownStep, str]]:
    for shown in progress.steps:
        page = shown.step.page
        yield shown, resolve_url(page) if page else resolve_url("desk:exercise_file", "xlsx")


@require_POST
@requires(Can.READ_INTERNAL)
def start_exercise(request: SignedIn, code: str) -> HttpResponse:
    """Also starts it again; everything that was done stays."""
    find_progress(request, code)
    done = _("The exercise has started. Each step is marked when you have done it.")
    attempt(request, deeds.start_exercise, done, undo=resolve_url("desk:forget_exercise", code), exercise=code)
    return redirect("desk:exercise", code)


@form_page
@requires(Can.READ_INTERNAL)
def reset_exercise(request: SignedIn, code: str) -> HttpResponse:
    """In a demonstration with one press; elsewhere it asks first which work is undone: the data are real."""
    progress = find_progress(request, code)
    if progress.started_at is None or not are_offered():
        messages.error(request, _("You have not started this exercise."))
        return redirect("desk:exercise", code)
    if request.method == "POST":
        reset(request, code, None if Instance.current().is_demonstration else request.POST.getlist("piece"))
        return redirect("desk:exercise", code)
    pieces = pieces_of(code, request.user, progress.started_at)
    context = {
        "progress": progress,
        "pieces": [piece for piece in pieces if not piece.obstacle],
        "left": [piece for piece in pieces if piece.obstacle],
        "cancel_url": resolve_url("desk:exercise", code),
    }
    return render(request, "desk/training/reset_exercise.html", context)


def reset(request: SignedIn, code: str, keys: list[str] | None) -> None:
    try:
        outcome = deeds.reset_exercise(exercise=code, keys=keys, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "reset_exercise")
        return
    undo = resolve_url("desk:undo_reset", code) if deeds.can_undo_reset(code, outcome) else ""
    messages.success(request, " ".join([str(_("The exercise was reset.")), *outcome.done]), extra_tags=undo)
    for sentence, reason in outcome.left:
        text = _("Not done: %(what)s %(reason)s") % {"what": sentence, "reason": reason}
        messages.warning(request, text)


@require_POST
@requires(Can.READ_INTERNAL)
def undo_reset(request: SignedIn, code: str) -> HttpResponse:
    find_progress(request, code)
    try:
        left = deeds.undo_reset(exercise=code, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "undo_reset")
    else:
        messages.success(request, _("The reset was undone."))
        for reason in left:
            messages.warning(request, reason)
    return redirect("desk:exercise", code)


@require_POST
@requires(Can.READ_INTERNAL)
def forget_exercise(request: SignedIn, code: str) -> HttpResponse:
    find_progress(request, code)
    attempt(request, deeds.forget_exercise, _("Your progress was deleted."), exercise=code)
    return redirect("desk:exercises")


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def exercise_file(request: SignedIn, format: str) -> HttpResponseBase:
    """Five invented recommendations to import."""
    deeds.record_download(by=request.user)
    return send_table(f"exercise-review.{format}", _("Exercise"), deeds.COLUMNS, deeds.file_rows())
