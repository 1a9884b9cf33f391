"""Letters, visits, dialogues and cases, with what belongs to them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.life.steps import ask_for_drafts
from servanda.proceedings.models import (
    CaseEntry,
    Clearance,
    ClearanceVerdict,
    Draft,
    EarlierSubmission,
    NamedInstitution,
    Proceeding,
    ProceedingQuestion,
    PublicLetter,
    TakenStep,
)
from servanda.proceedings.retention.services import place_legal_hold
from servanda.recommendations.models import TextVersion
from tests import actions_make, indicator_make, make, proceedings_make, progress_make
from tests.house.canary_questions import answer_beside
from tests.house.canary_words import CLOSED, LONG_AGO, NAMELESS, NOTE, UNSENT
from tests.house.kinds import NAMED


def communicate_beside(by: User) -> None:
    """A communication that names the institution, with what only the mechanism reads, and who is concerned; and one
    that names another institution."""
    place, other = make.institution(NAMED), make.institution("refusing")
    named = {"title": CLOSED, "reference": f"AL {CLOSED}"}
    letter = proceedings_make.proceeding(by, place, note=NOTE, other_addressees=NOTE, **named)
    proceedings_make.proceeding(by, other, title=NOTE, note=NOTE)
    Proceeding.objects.filter(pk=letter.pk).update(reply=NOTE, outcome=NOTE, reprisals_handling=NOTE, channel=NOTE)
    for name, word in ((NAMED, CLOSED), ("refusing", UNSENT)):
        NamedInstitution.objects.get_or_create(proceeding=letter, institution=make.institution(name))
        Draft.objects.create(proceeding=letter, institution=make.institution(name), text=word, state="draft")
    letter.named.update(due_on=timezone.localdate())  # so that the desk lists it
    ask_for_drafts(letter, by=by)
    alone = proceedings_make.question(letter, 9, NOTE, other)
    shared = proceedings_make.question(letter, 10, CLOSED, place, other)
    answer_beside(alone.question, shared.question, other)
    person = proceedings_make.person(letter, by, NAMELESS, details=NAMELESS, outcome_note=NAMELESS)
    follow_beside(place, other, by)
    PublicLetter.objects.create(
        **dict.fromkeys(("title", "summary", "reply", "source"), NOTE),
        proceeding=person.proceeding,
        is_checked=True,
        published_at=timezone.now(),
        withdrawn_at=timezone.now(),
    )


def follow_beside(place: Institution, other: Institution, by: User) -> None:
    """A visit, a dialogue and a case that name both institutions: each sees its own part, and none the notes."""
    visit = proceedings_make.visit(by, place, other, note=NOTE)
    visit.meetings.update(note=NOTE)
    visit.meetings.filter(institution=other).update(title=NOTE, venue=NOTE)
    dialogue = proceedings_make.dialogue(by, place, other)
    dialogue.delegates.update(name=NOTE, role=NOTE, languages=NOTE, institution=other)
    dialogue.points.filter(institution=other).update(title=NOTE, text=NOTE)
    data = {"answer": NOTE, "origin": ProceedingQuestion.Origin.ANTICIPATED}
    proceedings_make.question(dialogue, 1, NOTE, other, **data)
    proceedings_make.question(dialogue, 2, NOTE, **data)
    case = proceedings_make.case(
        by, place, title=CLOSED, facts={"applicants": CLOSED, "agent": NOTE, "decided_on": LONG_AGO}
    )
    CaseEntry.objects.create(proceeding=case, type="hearing", on=LONG_AGO, reference=CLOSED, note=NOTE)
    closed = proceedings_make.case(by, other, title=NOTE, facts={"applicants": NOTE, "decided_on": LONG_AGO})
    record = closed.measures.get().recommendation
    TextVersion.objects.filter(recommendation=record).update(text=f"Pay {NOTE}.")
    actions_make.action(NOTE, other, [record], description=NOTE)
    indicator_make.hidden(record, NOTE)
    progress_make.reported(record, NOTE, other, state="published")
    for proceeding in (visit, dialogue, case):
        keep_confidential(proceeding, place, other, by)


def keep_confidential(proceeding: Proceeding, place: Institution, other: Institution, by: User) -> None:
    """What each kind of proceeding has that only the mechanism reads, and who the persons are."""
    proceedings_make.person(proceeding, by, NAMELESS, details=NAMELESS, outcome_note=NAMELESS)
    place_legal_hold(proceeding=proceeding, reason=NOTE, by=by)
    clearance = Clearance.objects.create(state=Clearance.State.RETURNED, started_by=by)
    given = {"verdict": "returned", "reason": NOTE, "title": NOTE, "at": timezone.now(), "by": by}
    ClearanceVerdict.objects.create(clearance=clearance, **given)
    texts = dict.fromkeys(("reply", "outcome", "reprisals_handling", "channel", "note_verbale"), NOTE)
    Proceeding.objects.filter(pk=proceeding.pk).update(**texts, clearance=clearance)
    earlier = EarlierSubmission.objects.create(
        proceeding=proceeding,
        replied_on=LONG_AGO,
        step_before=proceeding.step,
        **dict.fromkeys(("reply", "channel", "note_verbale", "answers_to"), NOTE),
    )
    Draft.objects.create(proceeding=proceeding, submission=earlier, institution=other, text=NOTE, state="validated")
    TakenStep.objects.create(proceeding=proceeding, step=proceeding.step, on=LONG_AGO, is_return=True, reason=NOTE)
    NamedInstitution.objects.get_or_create(proceeding=proceeding, institution=other)
    Draft.objects.create(proceeding=proceeding, institution=other, text=UNSENT, state="draft")
    returned = {"state": "returned", "text": CLOSED, "return_reason": CLOSED}
    Draft.objects.create(proceeding=proceeding, institution=place, **returned)
    for word, is_shared in ((NOTE, False), (CLOSED, True)):
        add_proceeding_file(
            proceeding=proceeding,
            file=SimpleUploadedFile("list.csv", f"Name\n{word}\n".encode()),
            name=f"{word}.csv",
            kind="annex",
            is_shared=is_shared,
            by=by,
        )
