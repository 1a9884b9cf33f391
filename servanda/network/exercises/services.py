"""Start an exercise, reset it, forget one's progress, and the file of the first exercise."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.exercises.progress import are_offered
from servanda.network.exercises.work import RESTORED, Piece, pieces_of, restores_of
from servanda.network.models import ExerciseOffer, ExerciseStart
from servanda.people.models import Instance, User
from servanda.trail.models import Event

COLUMNS = ("paragraph", "recommendation", "body", "cycle", "state under review")
INVENTED = (
    "Train the police in dealing with victims of domestic violence.",
    "Open more places in shelters for homeless persons.",
    "Collect data on school attendance by sex and disability.",
    "Give the ombudsman a budget of its own.",
    "Shorten the time for decisions on asylum.",
)  # no State made them; the text of each in the file says so


@transaction.atomic
def start_exercise(*, exercise: str, by: User) -> ExerciseStart:
    """Start it, or start it again: steps count from now on. Nothing else is changed. Raises `Refused` where exercises
    are not offered."""
    if not are_offered():
        raise Refused(_("Exercises are not offered here. Ask an administrator."))
    started, _is_new = ExerciseStart.objects.update_or_create(
        person=by, exercise=exercise, defaults={"started_at": timezone.now()}
    )
    Event.record("exercise-started", by=by, label=exercise)
    return started


@dataclass(frozen=True, slots=True)
class Reset:
    """The result of a reset in sentences: what was undone, and what was left, with the reason."""

    done: list[str]
    left: list[tuple[str, str]]


def can_undo_reset(exercise: str, reset: Reset) -> bool:
    """Whether all that the reset took back can be restored: an import cannot."""
    return exercise in RESTORED or not reset.done


def reset_exercise(*, exercise: str, by: User, keys: Collection[str] | None = None) -> Reset:
    """Undo the pieces of work with these keys or, without keys, all, each on its own, and restart the exercise.

    Raises `Refused` where exercises are not offered, and if it is not started.
    """
    started, began = start_of(exercise, by), timezone.now()
    reset = Reset([], [])
    for piece in pieces_of(exercise, by, started.started_at):
        if keys is None or piece.key in keys:
            take_back(piece, reset)
    with transaction.atomic():
        again = timezone.now()
        ExerciseStart.objects.filter(pk=started.pk).update(started_at=again)
        moments = {"start": [started.started_at.isoformat(), again.isoformat()], "reset": ["", began.isoformat()]}
        taken_back = {"taken back": ["", " ".join(reset.done)]} if reset.done else {}
        Event.record("exercise-reset", by=by, label=exercise, difference=moments | taken_back)
    return reset


def start_of(exercise: str, by: User) -> ExerciseStart:
    started = ExerciseStart.objects.filter(person=by, exercise=exercise).first()
    if started is None:
        raise Refused(_("You have not started this exercise."))
    if not are_offered():
        raise Refused(_("Exercises are not offered here. Ask an administrator."))
    return started


def undo_reset(*, exercise: str, by: User) -> list[str]:
    """Restore what the last reset took back, each on its own, and the steps as they were; what could not be restored
    is returned as sentences.

    Raises `Refused` if the exercise was started again since, or the reset was undone.
    """
    started = start_of(exercise, by)
    resets = Event.objects.filter(action="exercise-reset", actor=by, object_label=exercise)
    last = resets.order_by("-sequence").first()
    moments = json.loads(last.difference or "{}") if last else {}
    if moments.get("start", [])[1:] != [started.started_at.isoformat()]:
        raise Refused(_("This reset was undone, or the exercise was started again since."))
    left = []
    began, ended = (datetime.fromisoformat(moments[name][1]) for name in ("reset", "start"))
    for restore in restores_of(exercise, by, began, ended):
        try:
            restore()
        except Refused as refusal:
            left.append(str(refusal))
    with transaction.atomic():
        ExerciseStart.objects.filter(pk=started.pk).update(started_at=datetime.fromisoformat(moments["start"][0]))
        Event.record("exercise-reset-undone", by=by, label=exercise)
    return left


def take_back(piece: Piece, reset: Reset) -> None:
    if piece.obstacle:
        reset.left.append((piece.sentence, piece.obstacle))
        return
    try:
        piece.take_back()
    except Refused as refusal:
        reset.left.append((piece.sentence, str(refusal)))
    else:
        reset.done.append(piece.sentence)


@transaction.atomic
def forget_exercise(*, exercise: str, by: User) -> None:
    """Forget the progress of this person. What was done in the exercise stays. Raises `Refused` if it is not
    started."""
    deleted, _rows = ExerciseStart.objects.filter(person=by, exercise=exercise).delete()
    if not deleted:
        raise Refused(_("You have not started this exercise."))
    Event.record("exercise-forgotten", by=by, label=exercise)


@transaction.atomic
def offer_exercises(*, by: User) -> None:
    """Offer them in a system for training, which is no demonstration. Raises `Refused` where they are offered."""
    if are_offered():
        raise Refused(_("This has already been done."))
    ExerciseOffer.objects.create(offered_by=by)
    Event.record("exercises-offered", by=by)


@transaction.atomic
def stop_exercises(*, by: User) -> None:
    """The progress of everyone is kept. Raises `Refused` where they are not offered by an administrator."""
    deleted, _rows = ExerciseOffer.objects.all().delete()
    if not deleted:
        raise Refused(_("This has already been done."))
    Event.record("exercises-stopped", by=by)


def file_rows() -> Iterator[Sequence[str]]:
    """As a spreadsheet of the UPR, to this State."""
    state = Instance.current().state_code
    for number, text in enumerate(INVENTED, 1):
        yield [f"999.{number}", f"Invented for an exercise: {text}", "UPR", "4", state]


def record_download(*, by: User) -> None:
    """Record the download in the trail, which marks the first step as done."""
    Event.record("exercise-file-downloaded", by=by)
