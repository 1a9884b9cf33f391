"""Obligations: their values, states, deadlines and extensions, steps, letters and submissions."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.sources.models import Document, Obligation, ObligationLetter, StepTemplate, Submission
from servanda.sources.obligations import extensions, services, steps, submissions
from servanda.sources.obligations.listing import ObligationFilter, find_obligations, quarter_of
from servanda.sources.obligations.steps import Step, UsualStep
from servanda.sources.obligations.submissions import SubmissionValues
from servanda.sources.obligations.values import ObligationValues
from servanda.trail.models import Event
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db

DAY = date(2027, 3, 1)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def values(**fields) -> ObligationValues:
    fields.setdefault("body", make.committee("CEDAW"))
    fields.setdefault("kind", "periodic-report")
    fields.setdefault("due_on", DAY)
    return ObligationValues(**fields)


def newest(action: str) -> dict:
    return json.loads(Event.objects.filter(action=action).latest("sequence").difference)


def test_an_obligation_is_added_with_the_next_reference_and_a_line_of_the_trail(coordinator):
    added = services.add_obligation(values=values(combined=" eighth  and ninth "), by=coordinator)
    assert (added.code, added.combined, added.state, added.is_published) == (
        "O-1",
        "eighth and ninth",
        "expected",
        False,
    )
    assert newest("obligation-added")["due_on"] == ["", "2027-03-01"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"due_on": None}, "due_on"),
        ({"certainty": "to-be-communicated"}, "certainty"),
        ({"clock_on": DAY + timedelta(days=1)}, "due_on"),
        ({"day_from": "document"}, "words"),
        ({"kind": "party"}, "kind"),
        ({"code": "O 1"}, "code"),
    ],
)
def test_values_that_contradict_each_other_are_refused_at_their_field(coordinator, fields, field):
    with pytest.raises(FieldRefused) as refused:
        services.add_obligation(values=values(**fields), by=coordinator)
    assert refused.value.field == field
    assert not Obligation.objects.exists()


def test_a_document_that_sets_no_date_leaves_its_obligation_without_one(coordinator):
    document = Document.objects.create(symbol="CEDAW/C/SVN/CO/7")
    facts = {"kind": "other", "due_on": None, "day_from": "document", "document": document}
    spread = obligation_make.obligation("Dissemination", **facts)
    assert spread.is_dateless
    services.edit_obligation(
        obligation=spread, values=values(**facts, note="On the website."), seen=1, by=coordinator
    )
    assert (Obligation.objects.get().due_on, Obligation.objects.get().note) == (None, "On the website.")
    with pytest.raises(FieldRefused, match="Enter the deadline"):
        services.edit_obligation(
            obligation=spread, values=values(**facts | {"day_from": "hand"}), seen=2, by=coordinator
        )
    assert not obligation_make.obligation(**facts | {"words": "within two years"}).is_dateless


def test_an_institution_that_has_closed_is_refused_as_owner_but_stays_where_it_is(coordinator):
    closed = make.institution("old", active_to=date(2025, 1, 1))
    with pytest.raises(FieldRefused, match="no longer exists"):
        services.add_obligation(values=values(owner=closed), by=coordinator)
    due = obligation_make.obligation(owner=closed)
    edited = services.edit_obligation(obligation=due, values=values(owner=closed), seen=1, by=coordinator)
    assert edited.owner == closed


def test_only_those_who_may_edit_obligations_do(coordinator):
    due = obligation_make.obligation()
    with pytest.raises(Refused, match="permission"):
        services.add_obligation(values=values(), by=make.user(Role.FOCAL_POINT))
    with pytest.raises(Refused, match="permission"):
        services.withdraw_obligation(obligation=due, reason="No.", by=make.user(Role.AUDITOR))


def test_of_two_people_the_second_is_told(coordinator):
    due = obligation_make.obligation()
    services.edit_obligation(obligation=due, values=values(title="First"), seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.edit_obligation(obligation=due, values=values(title="Second"), seen=1, by=coordinator)
    assert Obligation.objects.get().title == "First"


@pytest.mark.parametrize("state", Obligation.WITH_REASON)
def test_an_exceptional_state_needs_a_reason(coordinator, state):
    due = obligation_make.obligation()
    with pytest.raises(FieldRefused, match="reason"):
        services.set_obligation_state(obligation=due, state=state, reason=" ", seen=1, by=coordinator)
    services.set_obligation_state(obligation=due, state=state, reason="The session moved.", seen=1, by=coordinator)
    assert newest("obligation-state-set")["state"] == ["expected", state]


def test_submitted_is_not_chosen_but_proved(coordinator):
    due = obligation_make.obligation()
    with pytest.raises(FieldRefused, match="proof"):
        services.set_obligation_state(obligation=due, state="submitted", reason="", seen=1, by=coordinator)
    proof = SubmissionValues(submitted_on=date(2026, 2, 1), note_verbale="12/2026", channel="E-mail")
    submissions.record_submission(obligation=due, values=proof, seen=1, by=coordinator)
    due.refresh_from_db()
    assert due.state == "submitted"
    with pytest.raises(FieldRefused, match="Remove the submission"):
        services.set_obligation_state(obligation=due, state="open", reason="", seen=None, by=coordinator)


@pytest.mark.parametrize("proof", [{"note_verbale": "12/2026"}, {"reply": "CEDAW/C/SVN/FCO/7"}, {}])
def test_a_day_alone_is_no_proof_of_a_submission(coordinator, proof):
    due = obligation_make.obligation()
    given = {"obligation": due, "seen": 1, "by": coordinator}
    alone = SubmissionValues(submitted_on=date(2026, 2, 1), channel="E-mail", mission="Geneva")
    with pytest.raises(FieldRefused, match="Enter the number of the note verbale") as refused:
        submissions.record_submission(values=alone, **given)
    assert (refused.value.field, Submission.objects.exists()) == ("note_verbale", False)
    if not proof:
        obligation_make.file(due, coordinator)
        given["seen"] = Obligation.objects.get(pk=due.pk).version
    submissions.record_submission(values=SubmissionValues(submitted_on=date(2026, 2, 1), **proof), **given)
    due.refresh_from_db()
    assert due.state == "submitted"


def test_the_submission_of_a_report_is_completed_without_a_number(coordinator):
    due = obligation_make.obligation()
    sent = SubmissionValues(submitted_on=date(2026, 2, 1), language="en", words=900)
    submissions.enter_submission(obligation=due, values=sent, seen=1, by=coordinator)
    completed = SubmissionValues(submitted_on=date(2026, 2, 1), channel="E-mail")
    submissions.record_submission(obligation=due, values=completed, seen=2, by=coordinator)
    assert Submission.objects.get(obligation=due).channel == "E-mail"


@pytest.mark.parametrize("step", ["asked_on", "answered_on"])
def test_neither_a_request_for_more_time_nor_its_answer_lies_in_the_future(coordinator, step):
    due = obligation_make.obligation(due_on=DAY)
    today = timezone.localdate()
    days = {"asked_on": today, "answered_on": today} | {step: today + timedelta(days=1)}

    def ask_and_answer() -> None:
        data = {"asked_on": days["asked_on"], "asked_until": None, "ground": "Elections."}
        extension = extensions.ask_extension(obligation=due, **data, by=coordinator)
        answered = {"answered_on": days["answered_on"], "granted_until": None}
        extensions.answer_extension(extension=extension, **answered, by=coordinator)

    with pytest.raises(FieldRefused, match="not in the future") as refused:
        ask_and_answer()
    assert refused.value.field == step


def test_a_submission_is_corrected_and_taken_back_to_the_state_before(coordinator):
    due = obligation_make.obligation(state="cleared")
    proof = SubmissionValues(submitted_on=date(2026, 2, 1), note_verbale="12/2026")
    submissions.record_submission(obligation=due, values=proof, seen=1, by=coordinator)
    late = SubmissionValues(submitted_on=date(2026, 2, 1), note_verbale="12/2026", acknowledged_on=date(2026, 2, 3))
    submissions.record_submission(obligation=due, values=late, seen=2, by=coordinator)
    assert newest("submission-corrected") == {"acknowledged_on": ["", "2026-02-03"]}
    submissions.take_back_submission(obligation=due, reason="Wrong file.", by=coordinator)
    due.refresh_from_db()
    assert due.state == "cleared"
    assert not Submission.objects.exists()
    assert newest("submission-taken-back")["note_verbale"] == ["12/2026", ""]


@pytest.mark.parametrize(
    ("days", "field"),
    [((1, None), "submitted_on"), ((-1, 1), "acknowledged_on"), ((-1, -2), "acknowledged_on")],
)
def test_a_proof_is_not_dated_in_the_future_nor_acknowledged_before_it(coordinator, days, field):
    submitted, acknowledged = (
        None if number is None else timezone.localdate() + timedelta(days=number) for number in days
    )
    proof = SubmissionValues(submitted_on=submitted, acknowledged_on=acknowledged)
    due = obligation_make.obligation()
    with pytest.raises(FieldRefused) as refused:
        submissions.record_submission(obligation=due, values=proof, seen=1, by=coordinator)
    assert refused.value.field == field


def test_a_granted_extension_moves_the_deadline_keeps_the_old_one_and_can_be_undone(coordinator):
    due = obligation_make.obligation(due_on=DAY, certainty="estimate", day_from="rule")
    later = DAY + timedelta(days=90)
    extension = extensions.ask_extension(
        obligation=due, asked_on=date(2026, 1, 5), asked_until=later, ground="Elections.", by=coordinator
    )
    extensions.answer_extension(
        extension=extension, answered_on=date(2026, 1, 20), granted_until=later, by=coordinator
    )
    due.refresh_from_db()
    extension.refresh_from_db()
    assert (due.due_on, due.day_from, due.certainty) == (later, "extension", "fixed")
    assert extension.due_before == DAY
    assert newest("extension-granted") == {"due_on": ["2027-03-01", str(later)]}
    extensions.take_back_extension(extension=extension, by=coordinator)
    due.refresh_from_db()
    assert (due.due_on, due.day_from, due.certainty) == (DAY, "rule", "estimate")


def test_open_steps_move_with_the_deadline_and_back_again(coordinator):
    due = obligation_make.obligation(due_on=DAY)
    step = obligation_make.step(due, due_on=DAY - timedelta(days=14))
    done = obligation_make.step(due, "Done", due_on=DAY - timedelta(days=60), done_on=date(2026, 2, 1))
    extension = obligation_make.extension(due)
    later = DAY + timedelta(days=30)
    extensions.answer_extension(
        extension=extension, answered_on=date(2026, 3, 1), granted_until=later, by=coordinator
    )
    assert list(due.steps.order_by("pk").values_list("due_on", flat=True)) == [
        later - timedelta(days=14),
        done.due_on,
    ]
    extensions.take_back_extension(extension=extension, by=coordinator)
    assert list(due.steps.order_by("pk").values_list("due_on", flat=True)) == [step.due_on, done.due_on]


def test_a_second_extension_builds_on_the_first(coordinator):
    due = obligation_make.obligation(due_on=DAY)
    given = {"obligation": due, "ground": "Elections.", "by": coordinator}
    first = extensions.ask_extension(asked_on=date(2026, 1, 5), asked_until=None, **given)
    with pytest.raises(Refused, match="no answer yet"):
        extensions.ask_extension(asked_on=date(2026, 1, 6), asked_until=None, **given)
    answered = {"answered_on": date(2026, 1, 20), "by": coordinator}
    extensions.answer_extension(extension=first, granted_until=date(2027, 4, 1), **answered)
    second = extensions.ask_extension(asked_on=date(2026, 2, 5), asked_until=None, **given)
    with pytest.raises(FieldRefused, match="after the present deadline"):
        extensions.answer_extension(
            extension=second, granted_until=date(2027, 4, 1), **answered | {"answered_on": date(2026, 2, 6)}
        )
    extensions.answer_extension(
        extension=second, granted_until=date(2027, 5, 1), **answered | {"answered_on": date(2026, 2, 6)}
    )
    with pytest.raises(Refused, match="later request"):
        extensions.take_back_extension(extension=first, by=coordinator)
    second.refresh_from_db()
    assert (second.due_before, second.granted_until) == (date(2027, 4, 1), date(2027, 5, 1))


def test_a_refused_extension_leaves_the_deadline(coordinator):
    due = obligation_make.obligation(due_on=DAY)
    extension = obligation_make.extension(due)
    extensions.answer_extension(extension=extension, answered_on=date(2026, 3, 1), granted_until=None, by=coordinator)
    due.refresh_from_db()
    extension.refresh_from_db()
    assert (due.due_on, extension.is_refused) == (DAY, True)


def test_the_usual_steps_are_counted_back_from_the_deadline_and_added_once(coordinator):
    ministry = make.institution("mfa")
    usual = [UsualStep("Draft", 60, ministry), UsualStep("Translation", 28)]
    seen = steps.version_of_usual_steps("periodic-report")
    steps.set_usual_steps(kind="periodic-report", steps=usual, seen=seen, by=coordinator)
    due = obligation_make.obligation(due_on=DAY)
    assert steps.add_usual_steps(obligation=due, by=coordinator) == 2
    assert list(due.steps.values_list("title", "institution__code", "due_on")) == [
        ("Draft", "mfa", date(2026, 12, 31)),
        ("Translation", None, date(2027, 2, 1)),
    ]
    with pytest.raises(Refused, match="already"):
        steps.add_usual_steps(obligation=due, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        steps.set_usual_steps(kind="periodic-report", steps=[], seen=seen, by=coordinator)
    assert StepTemplate.objects.count() == 2


def test_a_usual_step_of_an_institution_that_has_closed_adds_nothing(coordinator):
    ministry = make.institution("mfa")
    usual = [UsualStep("Draft", 60), UsualStep("Clearance", 14, ministry)]
    seen = steps.version_of_usual_steps("periodic-report")
    steps.set_usual_steps(kind="periodic-report", steps=usual, seen=seen, by=coordinator)
    ministry.active_to = timezone.localdate() - timedelta(days=1)
    ministry.save()
    due = obligation_make.obligation(due_on=DAY)
    with pytest.raises(Refused, match="no longer exists"):
        steps.add_usual_steps(obligation=due, by=coordinator)
    assert not due.steps.exists()


@pytest.mark.parametrize("code", ["O-USED", "o-used", "O-WITHDRAWN", "O/1", "-1", "x" * 81])
def test_a_reference_is_used_once_and_has_no_other_signs(coordinator, code):
    obligation_make.obligation(code="O-USED")
    obligation_make.obligation(code="O-WITHDRAWN", withdrawn_at=timezone.now(), withdrawn_reason="By mistake.")
    with pytest.raises(FieldRefused) as refused:
        services.add_obligation(values=values(kind="follow-up", code=code), by=coordinator)
    assert refused.value.field == "code"
    assert Obligation.objects.count() == 2


def test_steps_that_are_kept_stay_done(coordinator):
    due = obligation_make.obligation()
    done = obligation_make.step(due, "Draft", done_on=DAY, done_by=coordinator)
    obligation_make.step(due, "Print")
    wanted = [Step("First draft", None, DAY, done.pk), Step("Clearance")]
    steps.set_steps(obligation=due, steps=wanted, seen=1, by=coordinator)
    assert list(due.steps.values_list("pk", "title", "done_on"))[0] == (done.pk, "First draft", DAY)
    assert [step.title for step in due.steps.all()] == ["First draft", "Clearance"]


def test_people_of_an_institution_complete_its_steps_and_no_others():
    ministry, other = make.institution("moj"), make.institution("moh")
    person, due = make.user(Role.FOCAL_POINT, ministry), obligation_make.obligation()
    own, foreign = obligation_make.step(due, "Draft", ministry), obligation_make.step(due, "Print", other)
    steps.complete_step(step=own, by=person)
    own.refresh_from_db()
    assert (own.done_on, own.done_by) == (timezone.localdate(), person)
    with pytest.raises(Refused, match="another institution"):
        steps.complete_step(step=foreign, by=person)
    steps.reopen_step(step=own, by=person)
    own.refresh_from_db()
    assert own.done_on is None


def test_a_letter_is_added_and_removed_with_both_in_the_trail(coordinator):
    due = obligation_make.obligation()
    letter = submissions.add_letter(
        obligation=due, kind="reminder", on=date(2026, 2, 1), reference="G/SO 1", by=coordinator
    )
    submissions.remove_letter(letter=letter, by=coordinator)
    assert not ObligationLetter.objects.exists()
    assert newest("obligation-letter-removed")["letter"] == ["reminder · 2026-02-01 · G/SO 1", ""]


@pytest.mark.parametrize(
    ("fields", "is_late"),
    [
        ({}, True),
        ({"force": "requested"}, True),
        ({"force": "voluntary"}, False),
        ({"force": "none"}, False),
        ({"certainty": "estimate"}, False),
        ({"certainty": "to-be-communicated", "due_on": None}, False),
        ({"state": "submitted"}, False),
        ({"state": "postponed", "state_reason": "The session moved."}, False),
        ({"due_on": DAY + timedelta(days=1)}, False),
    ],
)
def test_only_what_is_binding_or_requested_by_a_fixed_day_is_late(fields, is_late):
    due = obligation_make.obligation(**{"due_on": DAY, **fields})
    on = DAY + timedelta(days=1)
    assert due.is_late(on=on) is is_late
    assert Obligation.objects.late(on=on).exists() is is_late


def test_the_set_that_is_public_is_that_of_the_rows_that_are():
    made = [
        obligation_make.obligation(is_published=is_published, confidentiality=confidentiality, **fields)
        for is_published in (True, False)
        for confidentiality in ("public", "internal", "restricted")
        for fields in ({}, {"withdrawn_at": timezone.now(), "withdrawn_reason": "Twice."})
    ]
    public = {due.pk for due in made if due.is_public}
    assert set(Obligation.objects.public().values_list("pk", flat=True)) == public
    assert len(public) == 1


def test_what_is_restricted_is_for_its_owner_and_the_institutions_of_its_steps():
    owner, helper = make.institution("moj"), make.institution("moh")
    secret = obligation_make.obligation(confidentiality="restricted", owner=owner)
    obligation_make.step(secret, "Draft", helper)
    readers = {
        "owner": make.user(Role.FOCAL_POINT, owner),
        "step": make.user(Role.READER, helper),
        "other": make.user(Role.FOCAL_POINT, make.institution("mfa")),
        "coordinator": make.user(Role.COORDINATOR),
        "contributor": make.user(Role.CONTRIBUTOR),
    }
    seen = {name: Obligation.objects.visible_to(reader).exists() for name, reader in readers.items()}
    assert seen == {"owner": True, "step": True, "other": False, "coordinator": True, "contributor": False}


def test_whoever_is_appointed_for_some_bodies_sees_what_is_internal_of_those():
    place = make.institution("moj")
    person = make.user(Role.PUBLIC)
    make.appointment(person, place, "reader", bodies="CEDAW")
    obligation_make.obligation("Own", confidentiality="internal")
    obligation_make.obligation("Other", confidentiality="internal", body=make.committee("CAT"), owner=place)
    obligation_make.obligation("Published", body=make.committee("CAT"))
    assert set(Obligation.objects.visible_to(person).values_list("title", flat=True)) == {"Own", "Published"}


@pytest.mark.database
@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({}, ["LATE", "SOON", "NEXT", "OPEN"]),
        ({"when": "late"}, ["LATE"]),
        ({"when": "soon"}, ["SOON"]),
        ({"when": "quarter"}, ["LATE", "SOON"]),
        ({"when": "mine"}, ["SOON"]),
        ({"state": "all"}, ["LATE", "DONE", "SOON", "NEXT", "OPEN"]),
        ({"state": "finished"}, ["DONE"]),
        ({"certainty": "to-be-communicated"}, ["OPEN"]),
        ({"force": "voluntary"}, ["NEXT"]),
        ({"body": "CAT"}, ["NEXT"]),
        ({"words": "eighth"}, ["SOON"]),
        ({"owner": "moj"}, ["SOON"]),
    ],
)
def test_the_list_is_narrowed_and_ordered_by_deadline(filters, codes):
    on, place = date(2027, 2, 10), make.institution("moj")
    reader = make.user(Role.READER, place)
    obligation_make.obligation(code="LATE", due_on=date(2027, 2, 1))
    obligation_make.obligation(code="DONE", due_on=date(2027, 2, 2), state="closed")
    obligation_make.obligation(code="SOON", due_on=date(2027, 3, 1), owner=place, combined="eighth and ninth")
    obligation_make.obligation(code="NEXT", due_on=date(2027, 9, 1), force="voluntary", body=make.committee("CAT"))
    obligation_make.obligation(code="OPEN", certainty="to-be-communicated")
    found = find_obligations(reader, ObligationFilter(**filters), on=on)
    assert [due.code for due in found] == codes


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2028, 2, 29), (date(2028, 1, 1), date(2028, 3, 31))),
        (date(2026, 12, 31), (date(2026, 10, 1), date(2026, 12, 31))),
        (date(2026, 4, 1), (date(2026, 4, 1), date(2026, 6, 30))),
    ],
)
def test_a_quarter_ends_on_its_last_day(day, quarter):
    assert quarter_of(day) == quarter


def test_usual_steps_are_in_the_language_of_the_reader_and_typed_ones_stay(coordinator):
    due = obligation_make.obligation(kind="mid-term", due_on=DAY)
    with translation.override("fr"):
        number = steps.add_usual_steps(obligation=due, by=coordinator)
    obligation_make.step(due, "Printing")
    stored = set(due.steps.values_list("title", flat=True))
    assert "First draft" not in stored
    assert {"First draft", "Printing"} <= {str(step) for step in due.steps.all()}
    with translation.override("ar"):
        titles = [step.shown_title for step in due.steps.all()]
        assert all(title == "Printing" or not title.isascii() for title in titles)
        with pytest.raises(Refused, match="."):
            steps.add_usual_steps(obligation=due, by=coordinator)
    assert due.steps.count() == number + 1


@pytest.mark.parametrize("state", ["considered", "closed"])
def test_what_ends_without_a_submission_needs_a_reason(coordinator, state):
    due, submitted = obligation_make.obligation(), obligation_make.obligation()
    with pytest.raises(FieldRefused, match="reason"):
        services.set_obligation_state(obligation=due, state=state, reason="", seen=None, by=coordinator)
    Submission.objects.create(obligation=submitted, submitted_on=timezone.localdate())
    services.set_obligation_state(obligation=submitted, state=state, reason="", seen=None, by=coordinator)
    submitted.refresh_from_db()
    assert submitted.state == state


def test_references_and_events_do_not_show_how_many_restricted_obligations_there_are(coordinator, client):
    def add(title: str, confidentiality: str) -> Obligation:
        facts = {"title": title, "due_on": timezone.localdate(), "confidentiality": confidentiality}
        return services.add_obligation(values=values(**facts), by=coordinator)

    first = add("First", "public")
    for number in range(3):
        assert not add(f"Restricted {number}", "restricted").code.startswith("O-")
    second = add("Second", "public")
    assert (first.code, second.code) == ("O-1", "O-2")
    Obligation.objects.filter(confidentiality="public").update(is_published=True)
    events = Calendar.from_ical(client.get(reverse("portal:calendar_file")).content).events
    uids = [str(event["uid"]) for event in events]
    assert [uid for uid in uids if f"-{second.pk}-" in uid] == []
    assert len(set(uids)) == 2
