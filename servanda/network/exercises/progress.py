"""The exercises of `data/exercises.yaml`, and how far a person is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from i18nfield.strings import LazyI18nString

from servanda.network.models import ExerciseOffer, ExerciseStart
from servanda.network.profiles.fields import read
from servanda.people.models import Instance, User
from servanda.trail.models import Event


@dataclass(frozen=True, slots=True)
class Step:
    text: LazyI18nString
    actions: Sequence[str]
    page: str  # the name of the address where it is done; empty for the file of the exercise


@dataclass(frozen=True, slots=True)
class Exercise:
    code: str
    title: LazyI18nString
    lead: LazyI18nString
    has_file: bool
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: Step
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One exercise as one person sees it."""

    exercise: Exercise
    started_at: datetime | None
    steps: Sequence[ShownStep]

    @property
    def done(self) -> int:
        return sum(shown.done_at is not None for shown in self.steps)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.steps)


@cache
def exercises() -> dict[str, Exercise]:
    return {written["code"]: exercise_of(written) for written in read("exercises")}


def exercise_of(written: dict) -> Exercise:
    return Exercise(
        code=written["code"],
        title=LazyI18nString(written["title"]),
        lead=LazyI18nString(written["lead"]),
        has_file=written.get("file", False),
        steps=[
            Step(LazyI18nString(step["text"]), step["actions"], step.get("page", "")) for step in written["steps"]
        ],
    )


def are_offered() -> bool:
    """In a demonstration, and where an administrator offers them: elsewhere the steps would change real data."""
    return Instance.current().is_demonstration or ExerciseOffer.objects.exists()


def progress_of(user: User) -> list[Progress]:
    """All exercises, with one query on the trail."""
    started = dict(ExerciseStart.objects.filter(person=user).values_list("exercise", "started_at"))
    first = min(started.values(), default=None)
    days = deeds_since(user, first) if first else {}
    return [shown(exercise, started.get(code), days) for code, exercise in exercises().items()]


def deeds_since(user: User, start: datetime) -> dict[str, list[datetime]]:
    """When this person did an action that is a step of an exercise."""
    actions = {action for exercise in exercises().values() for step in exercise.steps for action in step.actions}
    found: dict[str, list[datetime]] = {}
    deeds = Event.objects.filter(actor=user, action__in=actions, at__gte=start).order_by("sequence")
    for action, at in deeds.values_list("action", "at"):
        found.setdefault(action, []).append(at)
    return found


def shown(exercise: Exercise, start: datetime | None, days: dict[str, list[datetime]]) -> Progress:
    steps = [ShownStep(step, done_at(step, start, days)) for step in exercise.steps]
    return Progress(exercise, start, steps)


def done_at(step: Step, start: datetime | None, days: dict[str, list[datetime]]) -> datetime | None:
    if start is None:
        return None
    return min((at for action in step.actions for at in days.get(action, ()) if at >= start), default=None)
