"""One odd word for each kind of thing that is not for everybody, set wherever such a thing can be written down."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from servanda.desk.hand_over.services import end_appointment
from servanda.intake.models import Batch, MappedColumn, Remark, SenderMapping, StagedRow
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.people.access import Role, can
from servanda.people.access_keys.services import make_token
from servanda.people.invitations.services import invite_person
from servanda.people.models import (
    ApiToken,
    Appointment,
    HandOver,
    Institution,
    KnownBrowser,
    LogInAttempt,
    Notification,
    Opened,
    User,
)
from servanda.people.notifications.services import PAGES
from servanda.planning.assignments.services import refuse_assignment
from servanda.planning.models import Assignment
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.models import (
    CaseEntry,
    Clearance,
    ClearanceVerdict,
    Draft,
    NamedInstitution,
    Proceeding,
    ProceedingQuestion,
    PublicLetter,
    TakenStep,
)
from servanda.proceedings.retention.services import place_legal_hold
from servanda.progress.models import InputItem, InputRound, Update, Voice
from servanda.recommendations.editing import positions
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.notes import add_note
from servanda.recommendations.models import (
    Cluster,
    ClusterMember,
    FieldChange,
    Likeness,
    Link,
    Note,
    Position,
    Recommendation,
    RecommendingState,
    RejectedProposal,
    SavedView,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
)
from servanda.reporting.models import Quotation, SectionNote
from servanda.reporting.reports.services import write_section
from servanda.sources.models import Document, Obligation
from servanda.sources.models import Question as DocumentQuestion
from servanda.trail.models import Event
from tests import (
    actions_make,
    indicator_make,
    make,
    obligation_make,
    proceedings_make,
    progress_make,
    questions_make,
    reports_make,
    rounds_make,
)
from tests import assessing_make as made
from tests.house.kinds import EVERYWHERE, INSIDE, KINDS, NAMED, NAMED_ON_IT
from tests.house.scene import Scene, set_scene

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
# Of the kinds of people in `kinds.py`, those who may hear each word; nobody else does, wherever they listen.
HEARD_BY: dict[str, set[str]] = {
    HIDDEN: INSIDE,  # records that are internal or not published, what has left the register
    CLOSED: NAMED_ON_IT,  # records restricted to institutions
    BROUGHT: MANAGERS,  # what an import would bring, and rows that it staged
    FILE: EVERYWHERE,  # what is imported, which the trail tells too
    NOTE: EVERYWHERE,
    DRAFT: EVERYWHERE,
    DEED: EVERYWHERE,  # differences that the trail keeps
    REFUSED: EVERYWHERE,  # why an institution refused, for whose people nobody among the kinds stands
    UNSENT: set(),  # drafts of an institution for which nobody among the kinds writes, and their evidence
    ARRIVED: MANAGERS,  # what it handed in, which is not published
    UNSAID: EVERYWHERE,  # assessments that nobody published, contributions that wait, and answers to them
    CONTRIBUTOR: MANAGERS,
    CONTACT: MANAGERS,  # of people who stand in no directory, and rows of people that a sheet staged
    # Notes of hand-overs, and a section of a report, of an institution for which nobody among the kinds answers.
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

    there: Scene
    hidden: list[Recommendation] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    sheets: list[Batch] = field(default_factory=list)
    places: list[Institution] = field(default_factory=list)
    owed: list[Obligation] = field(default_factory=list)
    questions: list[DocumentQuestion] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # that open something; no answer says them

    def things(self) -> list[models.Model]:
        kept = [self.hidden, self.people, self.hand_overs, self.appointments, self.batches, self.places]
        return [thing for some in kept for thing in some]


def batch(state: str, word: str = FILE) -> Batch:
    about = {"message": word, "sha256": word, "country": word[:8]}
    return Batch.objects.create(name=f"{word}-{next(numbers)}.json", state=state, **about)


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
    """A record that is nobody else's business, with everything that can hang on one."""
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
    said = {"words": word, "symbol": word, "paragraph": word, "comment": word}
    Position.objects.create(**common, stand="noted", **said)
    SourceRecord.objects.create(**common, scheme="uhri", external_id=word, digest=word, where=word, raw=word)
    Tagging.objects.create(**common, term=make.term("Health"), scheme=word)
    RecommendingState.objects.create(**common, country=make.country("FJI", "Fiji"))
    make.follow_up(record, words=word, replied_on="2024-02-01", reply=word, **owned)


def hide_around(record: Recommendation, by: User) -> None:
    """What hangs on a record that everybody sees, and is not for everybody."""
    undone, applying = batch(Batch.State.UNDONE, BROUGHT), batch(Batch.State.APPLYING, BROUGHT)
    speak_of(record, BROUGHT, added_by=undone)
    speak_of(record, BROUGHT, added_by=applying)
    speak_of(record, HIDDEN, ended_at=timezone.now())
    speak_of(record, HIDDEN, ended_by=Batch.objects.create(name="ends", state=Batch.State.APPLIED, sha256="2"))
    FieldChange.objects.create(batch=applying, recommendation=record, field="paragraph", old="", new=BROUGHT)
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id="a-1", digest=HIDDEN, where=HIDDEN, raw=HIDDEN
    )
    said = {"words": DRAFT, "date": None, "symbol": DRAFT, "paragraph": DRAFT, "comment": DRAFT, "is_draft": True}
    positions.add_position(recommendation=record, stand="supported", **said, by=by)
    ended = positions.add_position(recommendation=record, stand="noted", **said, by=by)
    positions.end_position(position=ended, reason=DRAFT, by=by)
    assign_beside(record, by)
    speak_beside(record, by)
    progress_make.reported(record, UNSENT, make.institution("refusing"), is_public=True)
    for state in ("submitted", "returned", "validated"):
        progress_make.reported(record, ARRIVED, make.institution("refusing"), state=state, return_reason=ARRIVED)
    indicator_make.hidden(record, HIDDEN)
    communicate_beside(by)
    report_beside(by)
    Note.objects.create(recommendation=record, author=by, text=NOTE)
    add_note(recommendation=record, text=NOTE, by=by)


def communicate_beside(by: User) -> None:
    """A communication that names the institution, with what only the mechanism reads, and who is concerned; and one
    that names another institution."""
    place, other = make.institution(NAMED), make.institution("refusing")
    letter = proceedings_make.proceeding(by, place, title=CLOSED, note=NOTE, other_addressees=NOTE)
    proceedings_make.proceeding(by, other, title=NOTE, note=NOTE)
    Proceeding.objects.filter(pk=letter.pk).update(reply=NOTE, outcome=NOTE, reprisals_handling=NOTE, channel=NOTE)
    for name, word in ((NAMED, CLOSED), ("refusing", UNSENT)):
        NamedInstitution.objects.get_or_create(proceeding=letter, institution=make.institution(name))
        Draft.objects.create(proceeding=letter, institution=make.institution(name), text=word, state="draft")
    proceedings_make.question(letter, 9, NOTE, other)
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
    asked = {"answer": NOTE, "origin": ProceedingQuestion.Origin.ANTICIPATED}
    proceedings_make.question(dialogue, 1, NOTE, other, **asked)
    proceedings_make.question(dialogue, 2, NOTE, **asked)
    case = proceedings_make.case(by, place, title=CLOSED, facts={"applicants": CLOSED, "decided_on": LONG_AGO})
    CaseEntry.objects.create(proceeding=case, type="hearing", on=LONG_AGO, reference=CLOSED, note=NOTE)
    closed = proceedings_make.case(by, other, title=NOTE, facts={"applicants": NOTE, "decided_on": LONG_AGO})
    record = closed.measures.get().recommendation
    TextVersion.objects.filter(recommendation=record).update(text=f"Pay {NOTE}.")
    actions_make.action(NOTE, other, [record], description=NOTE)
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


def report_beside(by: User) -> None:
    """A section that another institution writes, with what it quotes and what it was asked."""
    place = make.institution("refusing")
    section = reports_make.assigned(reports_make.report(by), "method", place, by)
    asked = questions_make.question(HANDED, place, document=None, heading=HANDED)
    section.questions.add(asked)
    Update.objects.create(institution=place, question=asked, text=ARRIVED, state="submitted")
    write_section(section=section, text=HANDED, seen=section.version, by=by)
    words = dict.fromkeys(("text", "citation"), HANDED)
    SectionNote.objects.create(section=section, text=HANDED, by=by)
    Quotation.objects.create(section=section, number=1, source="updates", object_id="1", address="/", **words)
    returned = reports_make.word_return(section, by)
    returned.sections.update(text=HANDED)
    returned.notes.update(text=HANDED, quoted=HANDED, author=HANDED)


def assign_beside(record: Recommendation, by: User) -> None:
    """Who answers for a record that everybody sees: told inside; what they refused, to the offices and to them."""
    Assignment.objects.filter(recommendation=record).update(note=HIDDEN)
    place = make.institution("refusing")
    refused = make.assignment(record, place, part="supporting", note=REFUSED, assigned_by=by)
    person = make.user(Role.FOCAL_POINT, place)
    make.proposal(record, place, comment=REFUSED, proposed_by=person, ended_at=timezone.now(), ending="withdrawn")
    make.proposal(record, place, comment=REFUSED, proposed_by=person)
    actions_make.action(HIDDEN, place, [record], description=HIDDEN)
    refuse_assignment(assignment=refused, reason=REFUSED, by=person)


def speak_beside(record: Recommendation, by: User) -> None:
    """What nobody said yet, what was taken back, and what was brought in under no name."""
    made.assessment(record, reason=UNSAID, is_published=False, is_latest=False, made_by=by)
    back = {"retracted_at": timezone.now(), "retraction_reason": UNSAID, "is_latest": False}
    made.assessment(record, "full", reason=UNSAID, **back)
    made.contribution(record, UNSAID)
    made.contribution(record, UNSAID, state="declined", answer=UNSAID, answered_at=timezone.now())
    hidden = {"hides_identity": True, "organisation": CONTRIBUTOR, "email": f"parents@{CONTRIBUTOR}.org"}
    accepted = {"state": "accepted", "answer": UNSAID, "answered_at": timezone.now()}
    made.contribution(record, "There is no ramp.", **hidden, **accepted)


def hide_people(canary: Canary, by: User) -> None:
    """A contributor and an official, their institution, and everything that the house keeps of the two."""
    place = Institution.objects.create(
        code=f"{PLACE}-x", name=PLACE, email=f"{PLACE}@example.org", phone=PLACE, address=PLACE
    )
    hidden = {"email": f"ana@{CONTRIBUTOR}.org", "phone": CONTACT}
    contributor = make.user(Role.CONTRIBUTOR, place, name=f"Ana {CONTRIBUTOR}", **hidden)
    official = make.user(Role.READER, place, name="Olga Official", email=f"olga@{PLACE}.org", phone=PLACE)
    newcomer = make.user(Role.PUBLIC, name=f"Ben {CONTRIBUTOR}", email=f"ben@{CONTRIBUTOR}.org", phone=CONTACT)
    other = make.user(Role.PUBLIC, name="Otto Official", email=f"otto@{PLACE}.org", phone=PLACE)
    canary.people, canary.places = [contributor, official, newcomer, other], [place]
    for person, to in ((contributor, newcomer), (official, other)):
        held = person.appointments.get()
        held.act = CONTRIBUTOR if person is contributor else ""
        held.save()
        SavedView.objects.create(owner=person, name=OWN, query=f"?q={OWN}")
        passed = {"appointment": held, "on": timezone.localdate() + LATER, "to": to, "act": "", "note": HANDED}
        canary.hand_overs.append(end_appointment(**passed, origin="http://testserver", by=by))
        canary.appointments.append(held)
        keep_of(person, canary)
    invited = invite_person(email=f"iva@{CONTRIBUTOR}.org", name=f"Iva {CONTRIBUTOR}", by=by)
    make.appointment(invited.invitation.person, place, "contributor")
    canary.people.append(invited.invitation.person)
    canary.keys.append(invited.link.split("/")[-2])
    for kind in Notification.Kind:
        tell(official, kind, canary, by=contributor, label=OWN)


def tell(person: User, kind: Notification.Kind, canary: Canary, *, by: User, label: str) -> None:
    """Of an appointment, or of something that has a page under this primary key or this key of a file."""
    thing = canary.appointments[0] if kind == Notification.Kind.APPOINTED else canary.there.person
    key = canary.there.sheet.key if PAGES[kind].asked_by == "key" else thing.pk
    about = {"object_type": thing._meta.label_lower, "object_id": str(thing.pk), "page_key": str(key)}
    Notification.objects.create(person=person, kind=kind, by=by, label=label, created_at=timezone.now(), **about)


def keep_of(person: User, canary: Canary) -> None:
    UserSession.objects.create(user=person, ip="192.0.2.9", user_agent=OWN, session_key=SECRET + str(person.pk))
    KnownBrowser.objects.create(person=person, digest=SECRET, seen_at=timezone.now())
    LogInAttempt.objects.create(account=SECRET, browser=SECRET, at=timezone.now())
    Opened.objects.create(person=person, kind="record", number=canary.hidden[0].pk, at=timezone.now())
    _token, key = make_token(name=DEED, scope="read", last_day=timezone.localdate() + LATER, by=person)
    ApiToken.objects.filter(person=person).update(digest=f"{SECRET}{person.pk}")
    canary.keys += [key, person.password, person.session_stamp]


def hide_in_the_house(canary: Canary, by: User) -> None:
    """What belongs to no record and to no person."""
    row = {"number": 1, "verdict": "new", "code": "SVN-1"}
    for shape, word, kept in (("sheet", BROUGHT, canary.batches), (PEOPLE_SHEET, CONTACT, canary.sheets)):
        sheet = batch(Batch.State.PREVIEWED)
        Batch.objects.filter(pk=sheet.pk).update(shape=shape, created_by=by)
        step = {"thing": "person", "pk": by.pk, "is_new": False, "fields": {"phone": ["", word]}}
        said = dict.fromkeys(["where", "summary", "reason"], word) | {"difference": json.dumps([step])}
        StagedRow.objects.create(batch=sheet, **row, **said)
        told = dict.fromkeys(["message", "name", "places"], word)
        Remark.objects.create(batch=sheet, field="country", is_fatal=True, rows=1, **told)
        Event.record("import-received", sheet, by=by, difference={"name": DEED})
        kept.append(sheet)
    common = {"symbol": "A/HRC/59/15", **dict.fromkeys(["words", "comment", "digest", "where", "raw"], BROUGHT)}
    WaitingAnswer.objects.create(**common, paragraph=BROUGHT, stand="noted", said_in=BROUGHT)
    MappedColumn.objects.create(
        mapping=SenderMapping.objects.create(sender=BROUGHT), field="text", header=BROUGHT, constant=BROUGHT
    )
    Event.record("restore-accepted", label=DEED)


def hide_obligations() -> list[Obligation]:
    """Of each way in which an obligation is not for everybody, one that is due now."""
    place = make.institution(NAMED)
    gone = {"withdrawn_at": timezone.now(), "withdrawn_reason": f"It was {DEED}."}
    due = {"due_on": timezone.localdate(), "certainty": "fixed"}
    return [
        obligation_make.hidden(HIDDEN, place, **due),
        obligation_make.hidden(HIDDEN, place, confidentiality="internal", **due),
        obligation_make.hidden(CLOSED, place, confidentiality="restricted", **due),
        obligation_make.hidden(DEED, make.institution("refusing"), **gone, **due),
        obligation_make.hidden(BROUGHT, place, added_by=batch("undone", BROUGHT), **due),
    ]


def hide_questions() -> list[DocumentQuestion]:
    """Of each way in which a question is not for everybody: of the document that others see, of one of its own, and
    of an import that was undone."""
    said = dict.fromkeys(["heading", "articles"], REFUSED)
    shared = questions_make.document(title="List of issues")
    alone = questions_make.document(f"AL SVN {REFUSED}", title=REFUSED)
    undone = {"document": shared, "added_by": batch("undone", BROUGHT)}
    refusing = make.institution("refusing")
    questions = [
        questions_make.question(CLOSED, make.institution(NAMED), refusing, document=shared, heading=CLOSED),
        questions_make.question(REFUSED, document=shared, **said),
        questions_make.question(REFUSED, refusing, document=alone, confidentiality="restricted"),
        questions_make.question(BROUGHT, make.institution(NAMED), **undone),
    ]
    answer_beside(*questions[::2], refusing)
    return questions


def answer_beside(shared: DocumentQuestion, alone: DocumentQuestion, place: Institution) -> None:
    """What another institution writes at a question that both are to answer, and at one of its own."""
    asked = rounds_make.request(place, [])
    InputRound.objects.filter(pk=asked.round_id).update(title=REFUSED, question=REFUSED)
    for question, state, word in (
        (shared, "draft", UNSENT),
        (shared, "submitted", ARRIVED),
        (alone, "published", REFUSED),
    ):
        InputItem.objects.get_or_create(request=asked, question=question)
        said = dict.fromkeys(("text", "return_reason"), word)
        progress_make.update(place=place, question=question, request=asked, state=state, **said)


def set_canary(states: Iterable[str] = STATES, owner: User | None = None) -> Canary:
    by = make.user(Role.COORDINATOR, name="Cora Coordinator", email=f"cora@{CONTACT}.org", phone=CONTACT)
    canary = Canary(set_scene(owner), [hide(state) for state in states])
    record = canary.there.record
    for hidden in canary.hidden:
        Link.objects.create(from_recommendation=record, to_recommendation=hidden, relation="repeats")
        Link.objects.create(from_recommendation=hidden, to_recommendation=record, relation="follows-up")
    put_together(canary)
    hide_around(record, by)
    canary.owed = hide_obligations()
    canary.questions = hide_questions()
    hide_people(canary, by)
    hide_in_the_house(canary, by)
    Tagging.objects.create(recommendation=record, term=make.term(), origin="person", said_by=canary.people[0])
    made.assessment(record, "started", Voice.INDEPENDENT, made_by=canary.people[0])
    made.contribution(record, contributor=canary.people[0], state="accepted", answered_at=timezone.now())
    TextVersion.objects.create(recommendation=record, language="es", text="Proteger.", reviewed_by=canary.people[0])
    reindex(Recommendation.objects.values_list("pk", flat=True))
    return canary


def put_together(canary: Canary) -> None:
    """What is hidden is like what everybody sees, and in one cluster with it."""
    record, cluster = canary.there.record, canary.there.cluster
    Cluster.objects.filter(pk=cluster.pk).update(name=DEED)
    RejectedProposal.objects.filter(pk=canary.there.rejected.pk).update(name=DEED)
    for one in canary.hidden:
        ClusterMember.objects.create(cluster=cluster, recommendation=one)
        canary.there.rejected.records.add(one)
        first, second = sorted((record.pk, one.pk))
        Likeness.objects.create(one_id=first, other_id=second, relation="twin", cosine=0.9)


def person_of(kind: str) -> User | None:
    """Somebody of this kind who was told before what only others may know now, and opened what is hidden now."""
    made = KINDS[kind]()
    if made is not None:
        User.objects.filter(pk=made.pk).update(digest="daily", language="en")
        made.refresh_from_db()
    return made


def remember(person: User, canary: Canary) -> None:
    for number, record in enumerate(canary.hidden):
        at = timezone.now() + timedelta(seconds=number)
        Opened.objects.create(person=person, kind="record", number=record.pk, at=at)
    Opened.objects.create(person=person, kind="institution", number=canary.places[0].pk, at=timezone.now())
    view = SavedView.objects.get(owner=canary.people[0], name=OWN)
    Opened.objects.create(person=person, kind="saved-list", number=view.pk, at=timezone.now())
    for kind in (*Notification.ABOUT, Notification.Kind.APPOINTED):
        is_closed = kind in Notification.ABOUT and not can(person, Notification.ABOUT[kind])
        tell(person, kind, canary, by=canary.people[0], label=f"{FILE}.docx" if is_closed else "")


def unheard(kind: str) -> list[str]:
    """The words that such a person never hears."""
    return [word for word, kinds in HEARD_BY.items() if kind not in kinds]
