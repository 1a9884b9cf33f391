"""The kinds of proceedings, as read from `data/kinds.yaml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from i18nfield.strings import LazyI18nString

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of a kind, with the rule that computes its deadline."""

    code: str
    label: LazyI18nString
    rule: str  # a code of `ObligationRule`, or ""
    bodies: tuple[str, ...]  # kinds of `Body`; empty: those of the kind
    only: tuple[str, ...]  # codes of bodies; empty: all of the kind
    is_restricted: bool  # until the State authorises the publication
    is_invited: bool  # the standing invitation of the State is addressed to its bodies


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
    only: tuple[str, ...]  # codes of bodies; empty: all of these kinds
    sorts: dict[str, Sort]
    parties: tuple[str, ...]
    steps: tuple[StepOfKind, ...]
    pages: frozenset[str]  # what it has besides: `visit`, `dialogue` or `case`
    fields: frozenset[str]  # facts of a case that only some bodies know
    entries: dict[str, LazyI18nString]  # what can happen in the course of a case
    former_entries: dict[str, LazyI18nString]  # shown where they were entered, and no longer offered
    referral: str  # the code of the rule for the referral to a court, or ""

    @property
    def is_visit(self) -> bool:
        return "visit" in self.pages

    @property
    def is_dialogue(self) -> bool:
        return "dialogue" in self.pages

    @property
    def is_case(self) -> bool:
        return "case" in self.pages

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

    def invites(self, sort: str) -> bool:
        """Whether the standing invitation is addressed to the bodies of this sort."""
        return sort in self.sorts and self.sorts[sort].is_invited

    def rule_for(self, sort: str) -> str:
        """The code of the rule that computes the deadline; "" where only the letter sets it."""
        return self.sorts[sort].rule if sort in self.sorts else ""

    def takes(self, body: str, kind_of_body: str, sort: str) -> bool:
        """Whether this body, of this kind of bodies, has proceedings of this sort."""
        only = (sort in self.sorts and self.sorts[sort].only) or self.only
        bodies = (sort in self.sorts and self.sorts[sort].bodies) or self.bodies
        return kind_of_body in bodies and (not only or body in only)


@cache
def kinds() -> dict[str, ProceedingKind]:
    entries = {code: LazyI18nString(label) for code, label in read("entries").items()}
    return {code: kind_of(code, facts, entries) for code, facts in read("kinds").items()}


def read(name: str) -> dict:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def kind_of(code: str, facts: dict, entries: dict[str, LazyI18nString]) -> ProceedingKind:
    return ProceedingKind(
        code=code,
        label=LazyI18nString(facts["label"]),
        bodies=tuple(facts["bodies"]),
        only=tuple(facts.get("only", [])),
        sorts={sort: sort_of(sort, value) for sort, value in facts["sorts"].items()},
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
        fields=frozenset(facts.get("fields", [])),
        entries={entry: entries[entry] for entry in facts.get("entries", [])},
        former_entries={entry: entries[entry] for entry in facts.get("former_entries", [])},
        referral=facts.get("referral", ""),
    )


def sort_of(code: str, facts: dict) -> Sort:
    return Sort(
        code=code,
        label=LazyI18nString(facts["label"]),
        rule=facts.get("rule", ""),
        bodies=tuple(facts.get("bodies", [])),
        only=tuple(facts.get("only", [])),
        is_restricted=bool(facts.get("is_restricted")),
        is_invited=bool(facts.get("is_invited")),
    )
