"""Open requests to institutions for answers to a question. The room that holds them registers how they are found, and
how institutions are notified that they ended because the question no longer names them, or are open again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from servanda.people.models import Institution, User
from servanda.sources.models import Question

type Find = Callable[[Question, Collection[Institution]], list[Institution]]
type Notify = Callable[[Question, Sequence[Institution], User], None]


@dataclass(frozen=True, slots=True)
class QuestionRequests:
    """`find` are those of the institutions that still have to answer; `notify` is called once they are not named any
    more, and `notify_again` once they are named again."""

    find: Find
    notify: Notify
    notify_again: Notify


_registered: list[QuestionRequests] = []


def register_question_requests(requests: QuestionRequests) -> None:
    _registered.append(requests)


def requests_ended_by(question: Question, institutions: Collection[Institution]) -> list[Institution]:
    """The institutions with an open request that ends if the question names only these."""
    gone = set(question.institutions.all()) - set(institutions)
    found = {place for requests in _registered for place in requests.find(question, gone)} if gone else set()
    return sorted(found, key=lambda place: place.code)


def notify_of_end(question: Question, institutions: Sequence[Institution], *, by: User) -> None:
    for requests in _registered if institutions else ():
        requests.notify(question, institutions, by)


def notify_of_return(question: Question, institutions: Sequence[Institution], *, by: User) -> None:
    for requests in _registered if institutions else ():
        requests.notify_again(question, institutions, by)
