"""The questions of the self-assessment by capacity, as read from `data/self_assessment.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from i18nfield.strings import LazyI18nString

from servanda.network.profiles.fields import fields_by_code, read


@dataclass(frozen=True, slots=True)
class Question:
    code: str  # with its capacity, as "engage.calendar"
    label: LazyI18nString

    @property
    def capacity(self) -> str:
        return self.code.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Capacity:
    code: str
    label: LazyI18nString
    source: str
    is_to_verify: bool
    questions: tuple[Question, ...]


@cache
def capacities() -> dict[str, Capacity]:
    """In the order of the page. Their names are those of the profile's field."""
    labels = fields_by_code()["capacities"].options
    return {
        written["capacity"]: Capacity(
            code=written["capacity"],
            label=labels[written["capacity"]],
            source=written["source"],
            is_to_verify=written.get("is_to_verify", False),
            questions=tuple(questions_of(written)),
        )
        for written in read("self_assessment")
    }


def questions_of(written: dict) -> Iterator[Question]:
    for question in written["questions"]:
        yield Question(f"{written['capacity']}.{question['code']}", LazyI18nString(question["label"]))


@cache
def questions_by_code() -> dict[str, Question]:
    return {question.code: question for capacity in capacities().values() for question in capacity.questions}


def label_of_question(code: str) -> LazyI18nString | None:
    found = questions_by_code().get(code)
    return found.label if found else None
