"""The kinds of proceedings, as read from `data/kinds.yaml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from i18nfield.strings import LazyI18nString

FILE = Path(__file__).parent / "data" / "kinds.yaml"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of a kind, with the days in which the body usually asks for a reply."""

    code: str
    label: LazyI18nString
    days: int | None
    is_restricted: bool  # until the State authorises the publication


@dataclass(frozen=True, slots=True)
class StepOfKind:
    code: str
    label: LazyI18nString
    needs: tuple[str, ...]
    is_optional: bool


@dataclass(frozen=True, slots=True)
class ProceedingKind:
    code: str
    label: LazyI18nString
    bodies: tuple[str, ...]  # kinds of `Body`
    clock: str
    source: str
    is_confirmed: bool
    sorts: dict[str, Sort]
    parties: tuple[str, ...]
    steps: tuple[StepOfKind, ...]
    pages: frozenset[str]  # what it has besides: `visit` or `dialogue`

    @property
    def is_visit(self) -> bool:
        return "visit" in self.pages

    @property
    def is_dialogue(self) -> bool:
        return "dialogue" in self.pages

    @property
    def first(self) -> StepOfKind:
        return self.steps[0]

    @property
    def last(self) -> StepOfKind:
        return self.steps[-1]

    def step(self, code: str) -> StepOfKind:
        """Raises `KeyError` for a code that is no step of this kind."""
        return {step.code: step for step in self.steps}[code]

    def place_of(self, code: str) -> int:
        return self.steps.index(self.step(code))

    def before(self, code: str) -> Sequence[StepOfKind]:
        return self.steps[: self.place_of(code)]

    def after(self, code: str) -> Sequence[StepOfKind]:
        """The steps that may be taken next: all optional ones up to the next that is not, and that one."""
        following = self.steps[self.place_of(code) + 1 :]
        until = next((place for place, step in enumerate(following) if not step.is_optional), len(following))
        return following[: until + 1]

    def restricts(self, sort: str) -> bool:
        """Whether the State decides if the body publishes."""
        return sort in self.sorts and self.sorts[sort].is_restricted

    def days_for(self, sort: str) -> int | None:
        return self.sorts[sort].days if sort in self.sorts else None

    def due_on(self, sort: str, *, sent_on: date | None, received_on: date | None) -> date | None:
        """The deadline by the rule of the kind; none where the letter sets it, or has no date."""
        days = self.days_for(sort)
        start = sent_on if self.clock == "sent" else received_on
        return start + timedelta(days=days) if days and start else None


@cache
def kinds() -> dict[str, ProceedingKind]:
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {code: kind_of(code, facts) for code, facts in read.items()}


def kind_of(code: str, facts: dict) -> ProceedingKind:
    return ProceedingKind(
        code=code,
        label=LazyI18nString(facts["label"]),
        bodies=tuple(facts["bodies"]),
        clock=facts["clock"],
        source=facts["source"],
        is_confirmed=facts["is_confirmed"],
        sorts={
            sort: Sort(sort, LazyI18nString(value["label"]), value.get("days"), bool(value.get("is_restricted")))
            for sort, value in facts["sorts"].items()
        },
        parties=tuple(facts["parties"]),
        steps=tuple(
            StepOfKind(
                step["code"],
                LazyI18nString(step["label"]),
                tuple(step.get("needs", [])),
                bool(step.get("is_optional")),
            )
            for step in facts["steps"]
        ),
        pages=frozenset(facts.get("pages", [])),
    )
