"""Letters, visits, dialogues and cases of which no one hears but the mechanism and one institution."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.planning.actions import services as planning_actions
from servanda.planning.actions.rules import ActionValues
from servanda.planning.assignments import services as assigning
from servanda.planning.indicators import services as indicators
from servanda.planning.indicators.measurements import measure
from servanda.planning.indicators.rules import Metadata
from servanda.proceedings.cases.services import EntryValues, set_course
from servanda.proceedings.contents import asking, drafts
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.services import restore_proceeding, withdraw_proceeding
from servanda.proceedings.life.steps import take_step
from servanda.proceedings.models import CaseMeasure, Proceeding
from servanda.proceedings.replies import services as replies
from servanda.proceedings.retention.services import place_legal_hold, release_legal_hold
from servanda.progress.updates import services as updating
from servanda.recommendations.models import Recommendation
from tests import indicator_make, make, proceedings_make


@dataclass(frozen=True, slots=True)
class Staff:
    """An institution of which no one hears, its people, and a second coordinator."""

    place: Institution
    writer: User
    authority: User
    other: User


def staff(number: int) -> Staff:
    """The same ones each time, so that they can be there before anything is done."""
    place = make.institution(f"q-letters-{number}", name="Quarantine")
    roles = (Role.FOCAL_POINT, Role.AUTHORITY, Role.COORDINATOR)
    return Staff(place, *(somebody(role, place, f"q-{role}-{number}@example.org") for role in roles))


def somebody(role: str, place: Institution, email: str) -> User:
    present = User.objects.filter(email=email).first()
    return present or make.user(role, place, email=email, name="Quarantine")


SAID = {"obstacles": "", "figures": "", "language": "en", "start": None, "end": None, "actions": []}


def communicate_in_confidence(number: int, by: User) -> Iterator[str]:
    """A letter from its arrival to its reply; what was opened to the public is closed again."""
    them = staff(number)
    place, writer, authority, other = them.place, them.writer, them.authority, them.other
    fields = {"title": "Quarantine", "note": "Quarantine", "reference": f"AL FJI {number}/2031"}
    letter = proceedings_make.proceeding(by, place, **fields)
    yield from ["add-proceeding", "set-institutions", "set-questions"]
    given = {"details": "Quarantine", "consents": True, "consent_source": "Quarantine"}
    proceedings_make.person(letter, by, "Quarantine", **given)
    yield "add-person-concerned"
    take_step(proceeding=letter, step="shared", on=timezone.localdate(), seen=letter.version, by=by)
    draft = proceedings_make.draft(letter, place, writer, "Quarantine.")
    drafts.return_draft(draft=drafts.submit_draft(draft=draft, by=writer), reason="Quarantine.", by=authority)
    proceedings_make.approved(letter, place, writer, authority)
    yield from ["take-step", "save-draft", "return-draft", "validate-draft"]
    proceedings_make.cleared(letter, by, other, "Quarantine.")
    yield from ["write-reply", "start-clearance", "clear-reply"]
    now = proceedings_make.fresh(letter).version
    replies.record_publication(proceeding=letter, published_on=timezone.localdate(), symbol="Q", seen=now, by=by)
    texts_of = dict.fromkeys(("title", "summary", "reply", "source"), "Quarantine")
    replies.publish_letter(proceeding=letter, **texts_of, is_checked=True, by=by)
    replies.unpublish_letter(proceeding=letter, by=by)
    yield from ["record-publication", "publish-letter", "unpublish-letter"]
    withdraw_proceeding(proceeding=proceedings_make.proceeding(by, place), reason="Quarantine.", by=by)
    yield "withdraw-proceeding"


def proceed_in_confidence(number: int, by: User) -> Iterator[str]:
    """A visit, a dialogue and a case with what belongs to each, and a round on questions of the dialogue."""
    them = staff(number)
    place = them.place
    visit = proceedings_make.visit(by, place, note="Quarantine")
    dialogue = proceedings_make.dialogue(by, place)
    case = proceedings_make.case(by, place, title="Quarantine", facts={"applicants": "Quarantine"})
    yield from ["add-visit", "set-programme", "add-dialogue", "set-delegation", "set-points", "add-case"]
    yield "add-measures"
    entries = [EntryValues("hearing", proceedings_make.RECEIVED, note="Quarantine.")]
    set_course(proceeding=case, entries=entries, seen=proceedings_make.fresh(case).version, by=by)
    yield "set-course"
    for proceeding in (visit, dialogue, case):
        yield from keep_in_confidence(proceeding, by)
    yield from ask_in_confidence(dialogue, them, by)


def follow_measures_in_confidence(number: int, by: User) -> Iterator[str]:
    """What the institution does about the measure of its case."""
    them = staff(number)
    for link in CaseMeasure.objects.filter(proceeding__institutions=them.place).select_related("recommendation"):
        yield from follow_up_in_confidence(link.recommendation, them, number, by)


def keep_in_confidence(proceeding: Proceeding, by: User) -> Iterator[str]:
    proceedings_make.person(proceeding, by, "Quarantine", details="Quarantine")
    file = SimpleUploadedFile("list.csv", b"Name\nQuarantine\n")
    given = {"name": "quarantine.csv", "kind": "annex", "is_shared": True}
    add_proceeding_file(proceeding=proceeding, file=file, **given, by=by)
    place_legal_hold(proceeding=proceeding, reason="Quarantine.", by=by)
    release_legal_hold(proceeding=proceeding, reason="Quarantine.", by=by)
    withdraw_proceeding(proceeding=proceeding, reason="Quarantine.", by=by)
    restore_proceeding(proceeding=proceeding, by=by)
    yield from ["add-person", "add-file", "place-hold", "release-hold", "withdraw-proceeding", "restore-proceeding"]


def ask_in_confidence(dialogue: Proceeding, them: Staff, by: User) -> Iterator[str]:
    """A round on a question: answered, approved, and used as the answer of the institution."""
    place, writer, authority = them.place, them.writer, them.authority
    questions = [QuestionValues(1, "Quarantine?", "en", [place], "anticipated", None, "Quarantine.")]
    seen = proceedings_make.fresh(dialogue).version
    set_questions(proceeding=dialogue, questions=questions, seen=seen, by=by)
    asked = [row.question_id for row in dialogue.questions.all()]
    words = {"title": "Quarantine", "question": "Quarantine?", "due_on": timezone.localdate() + timedelta(days=9)}
    opened = asking.ask_on_questions(proceeding=dialogue, **words, questions=asked, by=by)
    item = opened.requests.get().items.get()
    start = {"institution": place, "recommendations": [], "request": item.request}
    answer = updating.start_update(**start, question=item.question, by=writer)
    given = SAID | {"text": "Quarantine.", "recommendations": []}
    answer = updating.save_update(update=answer, seen=answer.version, **given, by=writer)
    answer = updating.submit_update(update=answer, by=writer)
    updating.validate_update(update=answer, by=authority)
    asking.use_answers(proceeding=dialogue, by=by)
    yield from ["set-questions", "ask-on-questions", "answer-question", "approve-answer", "use-answers"]


def follow_up_in_confidence(record: Recommendation, them: Staff, number: int, by: User) -> Iterator[str]:
    """A plan, an indicator, an answer and an assessment of a measure that only this institution sees."""
    place, writer, authority = them.place, them.writer, them.authority
    seen = assigning.mark(assigning.current_on(record))
    terms = {"since": date(2026, 1, 1), "due_on": date(2026, 12, 1), "note": "Quarantine", "by": by}
    assigning.assign_institutions(recommendation=record, lead=place, supporting=[], seen=seen, **terms)
    values = ActionValues(title=f"Quarantine of measures {number}", lead=place, due_on=date(2026, 12, 1))
    action = planning_actions.add_action(values=values, answering=[record], by=by)
    planning_actions.withdraw_action(action=action, reason="Quarantine.", by=by)
    planning_actions.restore_action(action=action, by=by)
    yield from ["assign", "add-action", "withdraw-action", "restore-action"]
    counted = Metadata(code=f"Q-{number}", name="Quarantine", kind="outcome", unit="percent", custodian=place)
    indicator = indicators.add_indicator(values=counted, recommendations=[record], by=by)
    measure(indicator=indicator, values=indicator_make.said(), by=by)
    yield from ["add-indicator", "measure"]
    update = updating.start_update(institution=place, recommendations=[record], by=writer)
    given = SAID | {"text": "Quarantine.", "recommendations": [record]}
    update = updating.save_update(update=update, seen=update.version, **given, by=writer)
    updating.validate_update(update=updating.submit_update(update=update, by=writer), by=authority)
    updating.publish_update(update=update, by=them.other)
    yield from ["start-update", "save-update", "submit-update", "validate-update", "publish-update"]
