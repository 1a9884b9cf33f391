"""Personal data of closed proceedings: what is due, what a hold blocks, and that nothing is left once erased."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from servanda.environment import SQLITE_OPTIONS
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.actions.services import set_status
from servanda.proceedings.cases.referral import add_suspension
from servanda.proceedings.cases.services import EntryValues, set_course
from servanda.proceedings.contents.asking import ask_on_questions
from servanda.proceedings.contents.drafts import return_draft, submit_draft
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.life.services import edit_proceeding, withdraw_proceeding
from servanda.proceedings.life.steps import return_step
from servanda.proceedings.models import LegalHold, PersonConcerned, Proceeding, RetentionPeriod, TakenStep
from servanda.proceedings.persons.services import erase_person_concerned
from servanda.proceedings.replies.services import record_outcome, return_reply, start_clearance, write_reply
from servanda.proceedings.retention.erasing import Selected, erase_personal_data
from servanda.proceedings.retention.queries import (
    ErasureFilter,
    counted,
    due,
    find_due,
    years_after,
    years_before,
)
from servanda.proceedings.retention.services import (
    place_legal_hold,
    present_periods,
    release_legal_hold,
    set_retention_periods,
)
from servanda.proceedings.submissions.extensions import add_letter, ask_extension
from servanda.proceedings.submissions.services import start_next_submission
from servanda.proceedings.visits.services import MeetingValues, set_programme
from servanda.progress.evidence.services import Described, add_link
from servanda.progress.models import Update
from servanda.progress.updates.services import return_update, save_update, start_update, submit_update
from servanda.sources.models import Question
from servanda.trail import verifying
from servanda.trail.models import Event
from tests import make, progress_make, rounds_make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db

CLOSED_ON = date(2020, 2, 29)
DUE_ON = date(2025, 3, 1)  # five years later
NAME = "Zdravkaxq Pomaranzheva"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def administrator():
    return make.user(Role.ADMINISTRATOR)


@built_once
def place():
    return make.institution("moj")


def close(proceeding: Proceeding, on: date = CLOSED_ON) -> Proceeding:
    Proceeding.objects.filter(pk=proceeding.pk).update(step="closed")
    TakenStep.objects.create(proceeding=proceeding, step="closed", on=on)
    return made.fresh(proceeding)


def keep(years: int | None, *kinds: str, by=None) -> None:
    periods = dict.fromkeys(kinds or ("communication",), years)
    administrator = by or make.user(Role.ADMINISTRATOR)
    set_retention_periods(periods=periods, seen=present_periods(), by=administrator)


def shown(*proceedings: Proceeding, title: str = "What remains") -> list[Selected]:
    rows = counted(Proceeding.objects.filter(pk__in=[row.pk for row in proceedings]))
    return [
        Selected(key=row.key, version=row.version, persons=row.person_count, files=row.file_count, title=title)
        for row in rows
    ]


def erase(*proceedings: Proceeding, by, on: date = DUE_ON) -> int:
    return erase_personal_data(selected=shown(*proceedings), on=on, by=by)


def places_of(word: str) -> list[str]:
    """Each table and each stored file that contains the word, in any case."""
    found, word = [], word.casefold()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [table for value in row if word in text_of(value).casefold()]
    return found + files_with(word)


def text_of(value: object) -> str:
    return value.decode(errors="ignore") if isinstance(value, bytes | memoryview) else str(value)


def files_with(word: str, folder: str = "") -> list[str]:
    folders, files = default_storage.listdir(folder)
    found = []
    for name in files:
        path = f"{folder}/{name}" if folder else name
        with default_storage.open(path) as file:
            found += [path] if word in file.read().decode(errors="ignore").casefold() else []
    return found + [path for inner in folders for path in files_with(word, f"{folder}/{inner}" if folder else inner)]


def test_without_a_period_everything_is_kept_for_ever(coordinator):
    letter = close(made.proceeding(coordinator))
    assert present_periods() == {}
    assert list(due(present_periods(), on=date(2125, 1, 1))) == []
    with pytest.raises(ChangedMeanwhile, match="no longer due"):
        erase(letter, by=coordinator, on=date(2125, 1, 1))


@pytest.mark.parametrize(
    ("closed", "years", "day"),
    [
        (date(2020, 2, 29), 1, date(2021, 3, 1)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2019, 2, 28), 5, date(2024, 2, 28)),
        (date(2019, 3, 1), 5, date(2024, 3, 1)),
        (date(2015, 12, 31), 10, date(2025, 12, 31)),
    ],
)
def test_the_day_that_is_shown_is_the_first_on_which_it_is_due(closed, years, day):
    assert years_after(closed, years) == day
    assert years_before(day, years) >= closed
    assert years_before(day - timedelta(days=1), years) < closed


@pytest.mark.database
def test_what_is_closed_or_withdrawn_for_so_many_years_is_due(coordinator):
    closed, open_one = close(made.proceeding(coordinator)), made.proceeding(coordinator)
    visit = close(made.visit(coordinator))
    gone = made.proceeding(coordinator)
    withdraw_proceeding(proceeding=gone, reason="Entered twice.", by=coordinator)
    Proceeding.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now() - timedelta(days=366 * 6))
    keep(5)
    today = timezone.localdate()
    assert set(due(present_periods(), on=today)) == {closed, made.fresh(gone)}
    assert open_one not in due(present_periods(), on=today)
    assert list(due(present_periods(), on=DUE_ON - timedelta(days=1))) == []
    keep(5, "visit")
    assert list(due(present_periods(), on=DUE_ON)) == [visit]


def test_a_reopened_proceeding_starts_its_period_when_it_is_closed_again(coordinator):
    letter = close(made.proceeding(coordinator))
    keep(5)
    return_step(proceeding=letter, step="received", reason="New facts.", seen=letter.version, by=coordinator)
    assert list(due(present_periods(), on=DUE_ON)) == []
    close(letter, date(2022, 1, 1))
    assert list(due(present_periods(), on=DUE_ON)) == []
    assert list(due(present_periods(), on=date(2027, 1, 1))) == [letter]


def everything_named(coordinator, place) -> tuple[Proceeding, ...]:
    """A letter, a visit, a dialogue and a case with the name in every text, in their histories and in the trail."""
    writer, authority = make.user(Role.FOCAL_POINT, place), make.user(Role.AUTHORITY, place)
    letter = made.proceeding(coordinator, place, title=f"Detention of {NAME}", note=f"{NAME} called.")
    letter = edit_proceeding(
        proceeding=letter,
        values=made.values(reference=letter.reference, title=f"{NAME}, detained", note=NAME, other_addressees=NAME),
        seen=letter.version,
        by=coordinator,
    )
    made.person(letter, coordinator, name=NAME, details=f"Mother of {NAME}", outcome_note=NAME)
    made.person(letter, coordinator, name="Ana", consents=True, consent_source=f"Letter of {NAME}")
    add_proceeding_file(
        proceeding=letter,
        file=SimpleUploadedFile("x.csv", f"Name\n{NAME}\n".encode()),
        name=f"{NAME}.csv",
        kind="annex",
        is_shared=False,
        by=coordinator,
    )
    question = QuestionValues(1, f"Where is {NAME}?", "en", [place], answer=f"{NAME} is free.")
    set_questions(proceeding=letter, questions=[question], seen=made.fresh(letter).version, by=coordinator)
    draft = submit_draft(draft=made.draft(letter, place, writer, f"{NAME} was released."), by=writer)
    return_draft(draft=draft, reason=f"Say more about {NAME}.", by=authority)
    write_reply(
        proceeding=letter, reply=f"{NAME} is well.", language="en", seen=made.fresh(letter).version, by=coordinator
    )
    start_clearance(proceeding=letter, by=coordinator)
    return_reply(proceeding=letter, reason=f"Leave out {NAME}.", by=make.user(Role.COORDINATOR))
    Proceeding.objects.filter(pk=letter.pk).update(replied_on=made.RECEIVED)
    later = {"due_on": timezone.localdate(), "answers_to": "Question about the detention"}
    start_next_submission(proceeding=letter, **later, seen=made.fresh(letter).version, by=coordinator)
    Proceeding.objects.filter(pk=letter.pk).update(answers_to=f"Question about {NAME}")
    write_reply(
        proceeding=letter, reply=f"{NAME} left.", language="en", seen=made.fresh(letter).version, by=coordinator
    )
    deadline = made.fresh(letter).obligation
    ask_extension(
        obligation=deadline, asked_on=made.RECEIVED, asked_until=None, ground=f"{NAME} is ill.", by=coordinator
    )
    add_letter(obligation=deadline, kind="reminder", on=made.RECEIVED, note=f"About {NAME}", by=coordinator)
    outcome = {"outcome": f"{NAME} was released.", "reprisals_handling": f"{NAME} is protected."}
    record_outcome(proceeding=letter, **outcome, seen=made.fresh(letter).version, by=coordinator)
    close(letter)
    again = made.fresh(letter)
    return_step(proceeding=again, step="received", reason=f"{NAME} again.", seen=again.version, by=coordinator)
    hold = place_legal_hold(proceeding=letter, reason=f"Claim of {NAME}.", by=coordinator)
    release_legal_hold(proceeding=hold.proceeding, reason=f"{NAME} withdrew.", by=coordinator)
    visit = made.visit(coordinator, place)
    made.person(visit, coordinator, name=NAME)
    meetings = [MeetingValues(made.RECEIVED, f"Family of {NAME}", note=f"{NAME} spoke.")]
    set_programme(proceeding=visit, meetings=meetings, seen=made.fresh(visit).version, by=coordinator)
    dialogue = made.dialogue(coordinator, place)
    dialogue.delegates.update(name=NAME)
    dialogue.points.update(text=f"The case of {NAME}.")
    case = made.case(coordinator, place, title=f"{NAME} v. Slovenia", facts={"applicants": NAME, "agent": NAME})
    entries = [EntryValues("hearing", made.RECEIVED, note=f"{NAME} was heard.")]
    set_course(proceeding=case, entries=entries, seen=made.fresh(case).version, by=coordinator)
    petition = made.petition(coordinator, place, title=f"{NAME} v. State")
    suspended = {"starts_on": made.RECEIVED, "ends_on": None, "ground": f"{NAME} negotiates."}
    add_suspension(obligation=petition.case.referral, **suspended, by=coordinator)
    return tuple(close(row) for row in (letter, visit, dialogue, case, petition))


@pytest.mark.database
def test_after_the_erasure_no_table_and_no_file_contains_the_name(
    coordinator, place, django_capture_on_commit_callbacks
):
    rows = everything_named(coordinator, place)
    before = places_of("Zdravkaxq")
    assert len(set(before)) >= 12, "the name is in fewer places than this test means to ask about"
    keep(5, "communication", "visit", "dialogue", "case-european", "case-commission")
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(*rows, by=coordinator) == 5
    assert places_of("Zdravkaxq") == []
    assert places_of("Pomaranzheva") == []
    assert verifying.verify().faults == []
    for row in rows:
        remains = made.fresh(row)
        assert (remains.title, remains.reference, remains.step) == ("What remains", row.reference, "closed")
        assert remains.erased_at is not None
    assert PersonConcerned.objects.filter(proceeding=rows[0], role="victim").count() == 2
    assert rows[3].measures.count() == 1


def test_the_line_of_the_trail_has_numbers_only(coordinator, place):
    letter = made.proceeding(coordinator, place)
    made.person(letter, coordinator, name=NAME)
    close(letter)
    keep(5)
    erase(letter, by=coordinator)
    line = Event.objects.get(action="personal-data-erased")
    assert line.object_label == letter.reference
    assert '"persons": [1, 0]' in line.difference
    assert '"files": [0, 0]' in line.difference
    assert NAME not in line.difference
    assert verifying.verify().faults == []


@pytest.mark.database
def test_a_legal_hold_blocks_the_erasure_of_everything_that_was_selected(coordinator):
    free, held = close(made.proceeding(coordinator)), close(made.proceeding(coordinator))
    person = made.person(held, coordinator, name=NAME)
    made.person(free, coordinator, name="Ana")
    keep(5)
    place_legal_hold(proceeding=held, reason="A claim is pending.", by=coordinator)
    with pytest.raises(Refused, match="legal hold"):
        erase(free, held, by=coordinator)
    with pytest.raises(Refused, match="legal hold"):
        erase_person_concerned(person=person, reason="Asked for it.", by=coordinator)
    assert made.fresh(free).erased_at is None
    assert set(PersonConcerned.objects.values_list("name", flat=True)) == {NAME, "Ana"}
    assert list(due(present_periods(), on=DUE_ON)) == [free]
    assert [row.pk for row in find_due(present_periods(), ErasureFilter(which="held"), on=DUE_ON)] == [held.pk]
    release_legal_hold(proceeding=held, reason="The claim was withdrawn.", by=coordinator)
    hold = LegalHold.objects.get()
    assert (hold.placed_by, hold.released_by) == (coordinator, coordinator)
    assert erase(free, held, by=coordinator) == 2
    with pytest.raises(Refused, match="already been erased"):
        place_legal_hold(proceeding=held, reason="Too late.", by=coordinator)


def test_a_hold_is_placed_once_and_released_once(coordinator):
    letter = made.proceeding(coordinator)
    with pytest.raises(Refused, match="not under a legal hold"):
        release_legal_hold(proceeding=letter, reason="None.", by=coordinator)
    place_legal_hold(proceeding=letter, reason="A claim.", by=coordinator)
    with pytest.raises(Refused, match="already"):
        place_legal_hold(proceeding=letter, reason="Another claim.", by=coordinator)
    with pytest.raises(Refused, match="Enter a reason"):
        release_legal_hold(proceeding=letter, reason=" ", by=coordinator)


def test_what_was_changed_since_it_was_shown_is_not_erased(coordinator):
    letter = made.proceeding(coordinator)
    selected = shown(close(letter))
    keep(5)
    made.person(letter, coordinator, name=NAME)
    with pytest.raises(ChangedMeanwhile, match="was changed"):
        erase_personal_data(selected=selected, on=DUE_ON, by=coordinator)
    with pytest.raises(FieldRefused, match="Enter the subject"):
        erase_personal_data(selected=shown(letter, title=" "), on=DUE_ON, by=coordinator)
    assert PersonConcerned.objects.get().name == NAME
    assert erase(letter, by=coordinator) == 1
    with pytest.raises(ChangedMeanwhile, match="no longer due"):
        erase(letter, by=coordinator)
    with pytest.raises(Refused, match="were erased"):
        made.person(letter, coordinator)


def test_only_those_who_read_identities_erase_and_only_an_administrator_sets_periods(coordinator, place):
    letter = close(made.proceeding(coordinator, place))
    keep(5)
    for person in (make.user(Role.FOCAL_POINT, place), make.user(Role.AUDITOR)):
        with pytest.raises(Refused, match="do not have permission"):
            erase(letter, by=person)
        with pytest.raises(Refused, match="do not have permission"):
            place_legal_hold(proceeding=letter, reason="A claim.", by=person)
    with pytest.raises(Refused, match="Only an administrator"):
        set_retention_periods(periods={}, seen=present_periods(), by=coordinator)
    assert RetentionPeriod.objects.get().years == 5


def test_the_second_administrator_learns_that_the_periods_were_changed(administrator):
    seen = present_periods()
    set_retention_periods(periods={"visit": 10}, seen=seen, by=administrator)
    with pytest.raises(ChangedMeanwhile):
        set_retention_periods(periods={"visit": 2}, seen=seen, by=make.user(Role.ADMINISTRATOR))
    for kind, years in (("visit", 0), ("visit", 101), ("unknown", 5)):
        with pytest.raises(FieldRefused):
            set_retention_periods(periods={kind: years}, seen=present_periods(), by=administrator)
    assert present_periods() == {"visit": 10}
    set_retention_periods(periods={"visit": None}, seen=present_periods(), by=administrator)
    assert present_periods() == {}


def test_sqlite_overwrites_what_is_deleted():
    assert "secure_delete=ON" in SQLITE_OPTIONS["init_command"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)


def asked_and_answered(letter: Proceeding, coordinator, place) -> None:
    """The name in the request of a round, the answer, its evidence, its return, and a filled-in sheet."""
    writer, authority = make.user(Role.FOCAL_POINT, place), make.user(Role.AUTHORITY, place)
    question = QuestionValues(1, f"Where is {NAME}?", "en", [place])
    set_questions(proceeding=letter, questions=[question], seen=made.fresh(letter).version, by=coordinator)
    words = {"title": "Answers", "question": f"Where is {NAME}?", "due_on": timezone.localdate()}
    asked = [row.question_id for row in letter.questions.all()]
    opened = ask_on_questions(proceeding=letter, **words, questions=asked, by=coordinator)
    item = opened.requests.get().items.get()
    draft = start_update(
        institution=place, recommendations=[], request=item.request, question=item.question, by=writer
    )
    data = progress_make.SAID | {"text": f"{NAME} is free.", "recommendations": [], "actions": []}
    draft = save_update(update=draft, seen=draft.version, **data, by=writer)
    shown = Described(kind="report", title=f"Release of {NAME}", is_public=False)
    given = {"recommendations": [], "institution": place, "update": draft, "by": writer}
    add_link(link="https://example.org/zdravkaxq", described=shown, **given)
    draft = submit_update(update=draft, by=writer)
    return_update(update=draft, reason=f"Say where {NAME} is.", by=authority)
    Event.record("question-edited", item.question, label=NAME, difference={"text": ["", NAME]})
    promised = made.promised(letter, place, coordinator, title=f"Compensate {NAME}")
    made.person(letter, coordinator, name=NAME)
    set_status(action=promised.action, status="in-progress", by=coordinator)
    sheet = rounds_make.answer_sheet(item.request, writer)
    sheet.batch.file.save("x", ContentFile(NAME.encode()))
    sheet.batch.rows.create(number=1, where=NAME, verdict="new", summary=NAME)


@pytest.mark.database
def test_what_institutions_answered_in_a_round_is_erased_with_the_letter(
    coordinator, place, django_capture_on_commit_callbacks
):
    letter = made.proceeding(coordinator)
    made.name(letter, coordinator, place)
    asked_and_answered(letter, coordinator, place)
    assert len(set(places_of("Zdravkaxq"))) >= 8
    close(letter)
    keep(5)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(letter, by=coordinator) == 1
    assert places_of("Zdravkaxq") == []
    assert verifying.verify().faults == []
    question = Question.objects.get()
    assert (question.text, question.institutions.count(), question.withdrawn_at is None) == ("–", 0, False)
    assert Update.objects.get().state == "returned"
