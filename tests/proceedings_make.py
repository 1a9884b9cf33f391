"""Builders of communications and what belongs to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import Institution, User
from servanda.proceedings.cases.measures import MeasureValues, add_measures
from servanda.proceedings.cases.services import set_case
from servanda.proceedings.contents.drafts import save_draft, submit_draft, validate_draft
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.contents.institutions import Named, set_named_institutions
from servanda.proceedings.contents.promises import add_promised_measure
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.dialogues.services import DelegateValues, PointValues, set_delegation, set_points
from servanda.proceedings.life.services import ProceedingValues, add_proceeding
from servanda.proceedings.models import (
    Clearance,
    ClearanceVerdict,
    Draft,
    PersonConcerned,
    Proceeding,
    ProceedingFile,
    ProceedingQuestion,
    PromisedMeasure,
    PublicLetter,
)
from servanda.proceedings.persons.services import PersonValues, add_person_concerned
from servanda.proceedings.replies.services import clear_reply, start_clearance, write_reply
from servanda.proceedings.retention.services import place_legal_hold
from servanda.proceedings.rules import facts_of_questions
from servanda.proceedings.submissions.services import start_next_submission
from servanda.proceedings.visits.services import MeetingValues, set_programme, set_visit
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Document, DocumentReading, Question
from servanda.vocab.models import Body, ObligationRule
from servanda.vocab.services.loading import rows_of, rule_fields
from tests import make, progress_make, questions_make

SENT, RECEIVED = date(2026, 1, 12), date(2026, 1, 14)


def shipped_rule(code: str) -> ObligationRule:
    """A rule as the product ships it."""
    row = next(row for row in rows_of("obligation_rules") if row["code"] == code)
    return ObligationRule.objects.get_or_create(code=code, defaults=rule_fields(row))[0]


def mandate(code: str = "SR Torture") -> Body:
    return make.body(code, Body.Kind.SPECIAL_PROCEDURE)


def values(**fields) -> ProceedingValues:
    """An allegation letter of one mandate, unless the fields say otherwise."""
    shipped_rule("communication")
    given = {"kind": "communication", "sort": "allegation", "reference": f"AL SVN {next(make.numbers)}/2026"}
    given |= {"title": "Conditions of detention", "sent_on": SENT, "received_on": RECEIVED}
    return ProceedingValues(**{**given, "bodies": [mandate()], **fields})


def proceeding(by: User | None = None, *places: Institution, **fields) -> Proceeding:
    """A communication that names these institutions, each asked the first question."""
    by = by or make.user("coordinator")
    made = add_proceeding(values=values(**fields), by=by)
    if places:
        name(made, by, *places)
        question = QuestionValues(1, "What was done?", "en", places)
        set_questions(proceeding=made, questions=[question], seen=fresh(made).version, by=by)
    return fresh(made)


def question(made: Proceeding, number: int, text: str, *places: Institution, **fields) -> ProceedingQuestion:
    """A further question of the proceeding, for these institutions."""
    data = {"place": number, "number": str(number), "text": text, **facts_of_questions(made)}
    asked = Question.objects.create(**data)
    asked.institutions.set(places)
    return ProceedingQuestion.objects.create(proceeding=made, question=asked, **fields)


def promised(made: Proceeding, lead: Institution, by: User, title: str = "Renovate the prison") -> PromisedMeasure:
    action = add_promised_measure(proceeding=made, title=title, lead=lead, due_on=None, by=by)
    return PromisedMeasure.objects.get(action=action)


def visit(by: User, *places: Institution, **fields) -> Proceeding:
    """A visit with one meeting of each of these institutions."""
    sort = fields.pop("sort", "country")
    if sort == "prevention":
        fields.setdefault("bodies", [make.body("SPT", Body.Kind.TREATY_BODY)])
    made = proceeding(by, kind="visit", sort=sort, title="Visit", **fields)
    name(made, by, *places)
    data = {"starts_on": RECEIVED, "ends_on": RECEIVED, "answer": "invited", "answered_on": RECEIVED}
    set_visit(proceeding=made, **data, authorised_on=None, seen=fresh(made).version, by=by)
    meetings = [MeetingValues(RECEIVED, f"Meeting with {place.code}", institution=place) for place in places]
    set_programme(proceeding=made, meetings=meetings, seen=fresh(made).version, by=by)
    return fresh(made)


def dialogue(by: User, *places: Institution, bodies: list[Body] | None = None, sort: str = "committee") -> Proceeding:
    """A dialogue with a committee, with a delegation and a speaking point."""
    bodies = bodies or [make.committee("CEDAW")]
    made = proceeding(by, kind="dialogue", sort=sort, title="Dialogue", bodies=bodies)
    name(made, by, *places)
    dates = {"starts_on": RECEIVED, "ends_on": RECEIVED}
    none = {"answer": "", "answered_on": None, "authorised_on": None}
    set_visit(proceeding=made, **dates, **none, seen=fresh(made).version, by=by)
    delegates = [DelegateValues("Ana Delegate", "Ambassador", languages="en, fr", is_head=True)]
    set_delegation(proceeding=made, delegates=delegates, seen=fresh(made).version, by=by)
    points = [PointValues("Equality", "A law was adopted.", place) for place in places]
    set_points(proceeding=made, points=points, seen=fresh(made).version, by=by)
    return fresh(made)


def court() -> Body:
    return make.body("ECtHR-CM", Body.Kind.COURT)


def case(by: User, *places: Institution, measures: int = 1, **fields) -> Proceeding:
    """A final judgment against this State, with its measures, each a payment."""
    shipped_rule("echr-action-plan")
    facts = {"decided_on": RECEIVED, "final_on": RECEIVED} | fields.pop("facts", {})
    fields = {"kind": "case-european", "sort": "judgment", "bodies": [court()], "title": "A. v. Slovenia"} | fields
    fields = {"reference": f"{next(make.numbers)}/20"} | fields
    made = proceeding(by, **fields)
    if places:
        name(made, by, *places)
    set_case(proceeding=made, **facts, seen=fresh(made).version, by=by)
    rows = [
        MeasureValues(str(number), f"Pay {number},000 euros.", "payment", None, Decimal(number * 1000), "EUR")
        for number in range(1, measures + 1)
    ]
    given = {"country": make.country(), "language": "en", "measures": rows}
    add_measures(proceeding=made, **given, seen=fresh(made).version, by=by)
    return fresh(made)


def petition(by: User, *places: Institution, notified_on: date = RECEIVED, **fields) -> Proceeding:
    """A report of the Inter-American Commission on the merits; the time limit for its referral runs."""
    for rule in ("iachr-merits-report", "iachr-referral"):
        shipped_rule(rule)
    fields = {"title": "A. v. State", "reference": f"{next(make.numbers)}.345"} | fields
    bodies = [make.body("IACHR", Body.Kind.COMMISSION)]
    made = proceeding(by, *places, kind="case-commission", sort="merits", bodies=bodies, **fields)
    days = {"decided_on": SENT, "notified_on": notified_on}
    set_case(proceeding=made, **days, seen=fresh(made).version, by=by)
    return fresh(made)


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)


def name(made: Proceeding, by: User, *places: Institution, due_on: date | None = None) -> None:
    named = [Named(place, due_on) for place in places]
    set_named_institutions(proceeding=made, named=named, seen=fresh(made).version, by=by)


def draft(made: Proceeding, place: Institution, by: User, text: str = "An inquiry was opened.") -> Draft:
    present = Draft.objects.current().filter(proceeding=made, institution=place).first()
    seen = present.version if present else 0
    return save_draft(proceeding=made, institution=place, text=text, language="en", seen=seen, by=by)


def approved(made: Proceeding, place: Institution, writer: User, authority: User) -> Draft:
    written = submit_draft(draft=draft(made, place, writer), by=writer)
    return validate_draft(draft=written, by=authority)


def cleared(made: Proceeding, writer: User, other: User, reply: str = "The State replies.") -> Clearance:
    write_reply(proceeding=made, reply=reply, language="en", seen=fresh(made).version, by=writer)
    start_clearance(proceeding=made, by=writer)
    clear_reply(proceeding=made, by=other)
    return fresh(made).clearance


def person(made: Proceeding, by: User, name: str = "Ana Alleged", **fields) -> PersonConcerned:
    given = PersonValues(**{"role": "victim", "name": name, **fields})
    return add_person_concerned(proceeding=made, values=given, by=by)


def replied(by: User, *places: Institution) -> Proceeding:
    """A letter whose reply was sent."""
    sent = proceeding(by, *places)
    clearance = Clearance.objects.create(state=Clearance.State.CLEARED, started_by=by)
    texts = {"reply": "The State replies.", "replied_on": RECEIVED, "note_verbale": "12/2026", "step": "replied"}
    Proceeding.objects.filter(pk=sent.pk).update(clearance=clearance, **texts)
    return fresh(sent)


def started(by: User, *places: Institution) -> Proceeding:
    """A letter whose next submission was started, and has no text yet."""
    sent = replied(by, *places)
    later = {"due_on": timezone.localdate() + timedelta(days=30), "answers_to": "Further request"}
    start_next_submission(proceeding=sent, **later, seen=sent.version, by=by)
    return fresh(sent)


@dataclass(slots=True)
class Communicated:
    """One of everything that addresses of communications can name."""

    letter: Proceeding
    arrived: Proceeding
    cleared: Proceeding
    withdrawn: Proceeding
    sent: Proceeding
    started: Proceeding
    draft: Draft
    person: PersonConcerned
    file: ProceedingFile
    public: PublicLetter
    promised: PromisedMeasure
    visit: Proceeding
    dialogue: Proceeding
    case: Proceeding
    measure: Recommendation
    reading: DocumentReading
    attachable: DocumentReading  # of a communication that was entered
    advance: Document  # with a question for the dialogue


def letter_reading(by: User, symbol: str = "AL SVN 99/2026") -> DocumentReading:
    """A letter that was read, and begins a communication."""
    batch = Batch.objects.create(shape="document", name="letter.pdf", created_by=by, sha256="4" * 64)
    facts = {"symbol": symbol, "title": "A letter", "date": SENT, "mandates": "Torture"}
    return DocumentReading.objects.create(batch=batch, family="sp-letter", **facts)


def advance_document(by: User) -> Document:
    """A document with one question that was sent in advance, imported."""
    batch = Batch.objects.create(shape="document", name="q.pdf", state="applied", created_by=by, sha256="6" * 64)
    DocumentReading.objects.create(batch=batch, family="advance-questions")
    document = questions_make.document(title="Advance questions")
    questions_make.question(document=document, added_by=batch)
    return document


def attachable(by: User) -> DocumentReading:
    """A letter that was read, of a communication that was entered."""
    return letter_reading(by, proceeding(by).reference)


def communicated(place: Institution, by: User) -> Communicated:
    """Communications in several states that name the institution; one of them is published."""
    letter, arrived, cleared_one, withdrawn = (proceeding(by, place) for _number in range(4))
    now = timezone.now()
    for row, state in ((letter, Clearance.State.OPEN), (cleared_one, Clearance.State.CLEARED)):
        clearance = Clearance.objects.create(state=state, started_by=by)
        ClearanceVerdict.objects.create(clearance=clearance)
        Proceeding.objects.filter(pk=row.pk).update(reply="The State replies.", clearance=clearance, step="shared")
    Proceeding.objects.filter(pk=letter.pk).update(published_on=RECEIVED)
    Proceeding.objects.filter(pk=withdrawn.pk).update(withdrawn_at=now, withdrawn_reason="Entered twice.")
    file = add_proceeding_file(
        proceeding=letter, file=progress_make.file(), name="annex.csv", kind="annex", is_shared=True, by=by
    )
    public = PublicLetter.objects.create(
        proceeding=letter,
        title="A letter",
        summary="It was sent.",
        source="OHCHR",
        is_checked=True,
        published_at=now,
        published_by=by,
    )
    draft = Draft.objects.create(proceeding=letter, institution=place, text="Done.", state="validated")
    place_legal_hold(proceeding=(held := visit(by, place)), reason="A claim is pending.", by=by)
    return Communicated(
        letter=fresh(letter),
        arrived=arrived,
        cleared=fresh(cleared_one),
        withdrawn=fresh(withdrawn),
        sent=replied(by, place),
        started=started(by, place),
        draft=draft,
        person=person(letter, by),
        file=file,
        public=public,
        promised=promised(letter, place, by),
        visit=fresh(held),
        dialogue=dialogue(by, place),
        case=(judgment := case(by, place)),
        measure=judgment.measures.get().recommendation,
        reading=letter_reading(by),
        attachable=attachable(by),
        advance=advance_document(by),
    )
