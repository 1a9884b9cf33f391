"""Records that are not for everyone, and what hangs on records."""

from collections.abc import Callable

from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import User
from servanda.planning.assignments.services import refuse_assignment
from servanda.planning.models import Assignment
from servanda.recommendations.editing import positions
from servanda.recommendations.editing.notes import add_note
from servanda.recommendations.models import (
    FieldChange,
    Note,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from servanda.sources.models import Document
from tests import actions_make, indicator_make, make, progress_make
from tests import assessing_make as made
from tests.house.canary_proceedings import communicate_beside
from tests.house.canary_questions import consult_beside, report_beside
from tests.house.canary_words import (
    ARRIVED,
    BROUGHT,
    CLOSED,
    CONTRIBUTOR,
    DRAFT,
    HIDDEN,
    NOTE,
    REFUSED,
    UNSAID,
    UNSENT,
    batch,
    numbers,
)
from tests.house.kinds import NAMED

# Each with the word that it is written in.
STATES: dict[str, tuple[str, Callable[[], dict]]] = {
    "draft": (HIDDEN, lambda: {"is_published": False}),
    "internal": (HIDDEN, lambda: {"confidentiality": "internal"}),
    "restricted": (CLOSED, lambda: {"confidentiality": "restricted"}),
    "withdrawn": (HIDDEN, lambda: {"withdrawn_at": timezone.now(), "withdrawn_reason": f"It was {HIDDEN}."}),
    "merged": (HIDDEN, lambda: {"merged_into": make.recommendation()}),
    "of an import that is not applied": (BROUGHT, lambda: {"added_by": batch("applying", BROUGHT)}),
    "of an import that was undone": (BROUGHT, lambda: {"added_by": batch("undone", BROUGHT)}),
}


def hide(state: str) -> Recommendation:
    """A record that is no one else's business, with everything that can hang on one."""
    word, fields = STATES[state]
    number = next(numbers)
    document = Document.objects.create(symbol=f"A/{word}/{number}", title=word)
    code = f"SVN-{word.upper()}-{number}"
    about = {"document": document, "paragraph": f"{number}.{word}", "code": code, "language": "sl", "kind": "pledge"}
    record = make.recommendation(f"Protect the {word}.", **about, **fields())
    record.restricted_to.add(make.institution(NAMED))
    speak_of(record, word, added_by=record.added_by)
    make.assignment(record, make.institution(NAMED), note=word)
    made.assessment(record, reason=word)
    if word in (HIDDEN, CLOSED):
        progress_make.reported(record, word, make.institution(NAMED), state="published")
    make.proposal(record, make.institution(NAMED), comment=word)
    if word in (HIDDEN, CLOSED):
        indicator_make.hidden(record, word)
    over = {"ended_at": timezone.now(), "ending": "by-hand", "ending_reason": word}
    make.assignment(record, make.institution(NAMED), refused_at=timezone.now(), refusal_reason=word, **over)
    return record


def speak_of(record: Recommendation, word: str, **owned) -> None:
    """One of each row that hangs on a record, all with the word; `owned` says why they do not count."""
    common = {"recommendation": record, **owned}
    TextVersion.objects.create(**common, language="fr", text=f"Le {word}.", source=word, is_machine=True)
    TextVersion.objects.create(**common, language="en", form="plain", text=f"The {word}, plainly.")
    data = {"words": word, "symbol": word, "paragraph": word, "comment": word}
    Position.objects.create(**common, stand="noted", **data)
    SourceRecord.objects.create(**common, scheme="uhri", external_id=word, digest=word, where=word, raw=word)
    Tagging.objects.create(**common, term=make.term("Health"), scheme=word)
    RecommendingState.objects.create(**common, country=make.country("FJI", "Fiji"))
    make.follow_up(record, words=word, replied_on="2024-02-01", reply=word, **owned)


def hide_around(record: Recommendation, by: User) -> None:
    """What hangs on a record that everyone sees, and is not for everyone."""
    undone, applying = batch(Batch.State.UNDONE, BROUGHT), batch(Batch.State.APPLYING, BROUGHT)
    speak_of(record, BROUGHT, added_by=undone)
    speak_of(record, BROUGHT, added_by=applying)
    speak_of(record, HIDDEN, ended_at=timezone.now())
    speak_of(record, HIDDEN, ended_by=Batch.objects.create(name="ends", state=Batch.State.APPLIED, sha256="2"))
    FieldChange.objects.create(batch=applying, recommendation=record, field="paragraph", old="", new=BROUGHT)
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id="a-1", digest=HIDDEN, where=HIDDEN, raw=HIDDEN
    )
    data = {"words": DRAFT, "date": None, "symbol": DRAFT, "paragraph": DRAFT, "comment": DRAFT, "is_draft": True}
    positions.add_position(recommendation=record, stand="supported", **data, by=by)
    ended = positions.add_position(recommendation=record, stand="noted", **data, by=by)
    positions.end_position(position=ended, reason=DRAFT, by=by)
    assign_beside(record, by)
    speak_beside(record, by)
    progress_make.reported(record, UNSENT, make.institution("refusing"), is_public=True)
    for state in ("submitted", "returned", "validated"):
        progress_make.reported(record, ARRIVED, make.institution("refusing"), state=state, return_reason=ARRIVED)
    indicator_make.hidden(record, HIDDEN)
    communicate_beside(by)
    report_beside(by)
    consult_beside(by)
    Note.objects.create(recommendation=record, author=by, text=NOTE)
    add_note(recommendation=record, text=NOTE, by=by)


def assign_beside(record: Recommendation, by: User) -> None:
    """Who answers for a record that everyone sees: told inside; what they refused, to the offices and to them."""
    Assignment.objects.filter(recommendation=record).update(note=HIDDEN)
    place = make.institution("refusing")
    refused = make.assignment(record, place, part="supporting", note=REFUSED, assigned_by=by)
    person = make.user(Role.FOCAL_POINT, place)
    make.proposal(record, place, comment=REFUSED, proposed_by=person, ended_at=timezone.now(), ending="withdrawn")
    make.proposal(record, place, comment=REFUSED, proposed_by=person)
    actions_make.action(HIDDEN, place, [record], description=HIDDEN)
    refuse_assignment(assignment=refused, reason=REFUSED, by=person)


def speak_beside(record: Recommendation, by: User) -> None:
    """Undecided drafts, withdrawn items, and contributions without a name."""
    made.assessment(record, reason=UNSAID, is_published=False, is_latest=False, made_by=by)
    back = {"retracted_at": timezone.now(), "retraction_reason": UNSAID, "is_latest": False}
    made.assessment(record, "full", reason=UNSAID, **back)
    made.contribution(record, UNSAID)
    made.contribution(record, UNSAID, state="declined", answer=UNSAID, answered_at=timezone.now())
    hidden = {"hides_identity": True, "organisation": CONTRIBUTOR, "email": f"parents@{CONTRIBUTOR}.org"}
    accepted = {"state": "accepted", "answer": UNSAID, "answered_at": timezone.now()}
    made.contribution(record, "There is no ramp.", **hidden, **accepted)
