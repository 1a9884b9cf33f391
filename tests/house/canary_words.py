"""The odd words, who hears each of them, and what was hidden."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from django.db import models

from servanda.intake.models import Batch
from servanda.people.models import Appointment, HandOver, Institution, User
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Obligation
from servanda.sources.models import Question as DocumentQuestion
from tests.house.kinds import EVERYWHERE, INSIDE, NAMED_ON_IT
from tests.house.scene import Scene

ABSENT = "plumbogex"  # as long and as odd as the others, and nowhere
HIDDEN, CLOSED, BROUGHT = "zorbatrix", "klimperfa", "drovanqui"
FILE, NOTE, DRAFT, DEED = "fexolundr", "gromvekla", "quabnizor", "vutrampel"
CONTRIBUTOR, CONTACT, HANDED = "wibsolkan", "xelmuprat", "jorquabel"
PLACE, OWN, SECRET = "hozzimbra", "pyxolgrum", "truvaklon"
REFUSED = "brindolfax"
UNSENT, ARRIVED = "quivlomat", "zendrapyl"
UNSAID = "mulvoskrit"
NAMELESS = "grolvantis"

MANAGERS = {"coordinator", "administrator"}
DIRECTORY = INSIDE | {"focal point for another body"}
# Of the kinds of people in `kinds.py`, those who may hear each word; no one else does, wherever they listen.
HEARD_BY: dict[str, set[str]] = {
    HIDDEN: INSIDE,  # records that are internal or not published, what has left the register
    CLOSED: NAMED_ON_IT,  # records restricted to institutions
    BROUGHT: MANAGERS,  # what an import would bring, and rows that it staged
    FILE: EVERYWHERE,  # what is imported, which the trail tells too
    NOTE: EVERYWHERE,
    DRAFT: EVERYWHERE,
    DEED: EVERYWHERE,  # differences that the trail keeps
    REFUSED: EVERYWHERE,  # why an institution refused, for whose people no one among the kinds stands
    UNSENT: set(),  # drafts of an institution for which no one among the kinds writes, and their evidence
    ARRIVED: MANAGERS,  # what it handed in, which is not published
    UNSAID: EVERYWHERE,  # assessments that no one published, contributions that wait, and answers to them
    CONTRIBUTOR: MANAGERS,
    CONTACT: MANAGERS,  # of people who stand in no directory, and rows of people that a sheet staged
    # Notes of hand-overs, and a section of a report, of an institution for which no one among the kinds answers.
    HANDED: MANAGERS,
    PLACE: DIRECTORY,  # institutions, and how those are reached who answer for them
    OWN: {"administrator"},  # lists, notices and browsers of one person, handed out as their personal data
    NAMELESS: set(),  # persons concerned by communications, on the one page that records who reads it
    SECRET: set(),  # keys and what is kept of them
}
numbers = count(1)
LATER = timedelta(days=3)
LONG_AGO = date(2020, 1, 15)


@dataclass(slots=True)
class Canary:
    """What was hidden, by the arguments that addresses of such things take."""

    scene: Scene
    hidden: list[Recommendation] = field(default_factory=list)
    asked: list[Recommendation] = field(default_factory=list)  # those of them that pages of records are asked about
    people: list[User] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    sheets: list[Batch] = field(default_factory=list)
    places: list[Institution] = field(default_factory=list)
    owed: list[Obligation] = field(default_factory=list)
    questions: list[DocumentQuestion] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # secrets that give access; no answer contains them

    def things(self) -> list[models.Model]:
        kept = [self.hidden, self.people, self.hand_overs, self.appointments, self.batches, self.places]
        return [thing for some in kept for thing in some]


def unheard(kind: str) -> list[str]:
    """The words that such a person never hears."""
    return [word for word, kinds in HEARD_BY.items() if kind not in kinds]


def searched(kind: str) -> list[str]:
    """The words that such a person searches for: those that they never hear, and one that is found."""
    never = unheard(kind)
    return [*never, *[word for word in HEARD_BY if word not in never][:1]]


def batch(state: str, word: str = FILE) -> Batch:
    about = {"message": word, "sha256": word, "country": word[:8]}
    return Batch.objects.create(name=f"{word}-{next(numbers)}.json", state=state, **about)
