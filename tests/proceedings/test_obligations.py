"""The deadline of a communication among the obligations: seen by the same people, changed in one place only."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.proceedings.contents.drafts import submit_draft
from servanda.proceedings.life.services import edit_proceeding, restore_proceeding, withdraw_proceeding
from servanda.proceedings.models import Proceeding
from servanda.proceedings.replies.services import record_dispatch
from servanda.sources.models import Obligation
from servanda.sources.obligations.feeds import events_for
from servanda.sources.obligations.services import publish_obligation, restore_obligation, set_obligation_state
from servanda.sources.obligations.sheet_kind import ObligationSheets
from servanda.sources.obligations.steps import complete_step
from servanda.vocab.models import Certainty
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 13)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


def deadline_of(letter: Proceeding) -> Obligation:
    obligation = made.fresh(letter).obligation
    assert obligation is not None
    return obligation


def edit(letter: Proceeding, by, **fields) -> None:
    values = made.values(reference=letter.reference, bodies=list(letter.bodies.all()), **fields)
    edit_proceeding(proceeding=letter, values=values, seen=made.fresh(letter).version, by=by)


def test_the_deadline_follows_each_change_of_the_letter(coordinator):
    letter = made.proceeding(coordinator)
    obligation = deadline_of(letter)
    assert (obligation.due_on, obligation.certainty, obligation.state) == (DUE, Certainty.FIXED, "open")
    edit(letter, coordinator, due_on=date(2026, 2, 1))
    assert (deadline_of(letter).due_on, deadline_of(letter).day_from) == (date(2026, 2, 1), "document")
    edit(letter, coordinator, sort="urgent")
    assert (deadline_of(letter).due_on, deadline_of(letter).certainty) == (None, Certainty.TO_BE_COMMUNICATED)
    withdraw_proceeding(proceeding=letter, reason="Entered twice.", by=coordinator)
    assert not Obligation.objects.kept().exists()
    restore_proceeding(proceeding=letter, by=coordinator)
    assert Obligation.objects.kept().get() == obligation


def test_a_letter_without_a_body_has_its_deadline_once_the_body_is_entered(coordinator):
    letter = made.proceeding(coordinator, bodies=[])
    assert letter.obligation is None
    values = made.values(reference=letter.reference, bodies=[made.mandate()])
    edit_proceeding(proceeding=letter, values=values, seen=letter.version, by=coordinator)
    assert deadline_of(letter).body.code == "SR Torture"


def test_letters_and_deadlines_are_overdue_together(coordinator):
    today = timezone.localdate()
    past, near = today - timedelta(days=100), today - timedelta(days=10)
    letters = [
        made.proceeding(coordinator, sent_on=past, received_on=past),
        made.proceeding(coordinator, sent_on=near, received_on=near),
        made.proceeding(coordinator, sort="urgent", sent_on=past, received_on=past),
        made.proceeding(coordinator, sent_on=past, received_on=past),
    ]
    made.cleared(letters[3], coordinator, make.user(Role.COORDINATOR))
    dispatch(letters[3], coordinator)
    late = set(Obligation.objects.late(on=today).values_list("pk", flat=True))
    assert late == set(Proceeding.objects.late(on=today).values_list("obligation", flat=True))
    assert late == {deadline_of(letters[0]).pk}
    assert deadline_of(letters[3]).state == "submitted"


def dispatch(letter: Proceeding, by) -> None:
    record_dispatch(
        proceeding=letter,
        replied_on=timezone.localdate(),
        note_verbale="12/2026",
        channel="",
        acknowledged_on=None,
        seen=made.fresh(letter).version,
        by=by,
    )


def test_the_mechanism_and_the_institutions_named_have_it_in_their_calendars(coordinator, place):
    beside = make.institution("moh")
    letter = made.proceeding(coordinator)
    made.name(letter, coordinator, place, due_on=date(2026, 2, 20))
    focal, other = make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, beside)
    assert set(Obligation.objects.visible_to(coordinator)) == set(Obligation.objects.visible_to(focal))
    assert not Obligation.objects.visible_to(other).exists()
    assert not Obligation.objects.public().exists()
    seen = [(event.day, event.summary) for event in events_for(focal, on=date(2026, 2, 1), origin="")]
    reference = letter.reference
    assert seen == [
        (DUE, f"SR Torture: {reference}"),
        (date(2026, 2, 20), f"SR Torture: {reference} · {place.code} (internal deadline)"),
    ]
    assert list(events_for(other, on=date(2026, 2, 1), origin="")) == []


def test_what_the_mechanism_notes_changes_nothing_for_an_institution(coordinator, place):
    letter = made.proceeding(coordinator, place)
    focal = make.user(Role.FOCAL_POINT, place)
    before = list(events_for(focal, on=date(2026, 2, 1), origin=""))
    edit(letter, coordinator, note="Secret", alleges_reprisals=True)
    made.name(letter, coordinator, place, make.institution("moh"))
    assert list(events_for(focal, on=date(2026, 2, 1), origin="")) == before


def test_the_step_of_an_institution_is_done_once_it_has_answered(coordinator, place):
    letter = made.proceeding(coordinator, place)
    writer = make.user(Role.FOCAL_POINT, place)
    step = deadline_of(letter).steps.get()
    made.name(letter, coordinator, place, make.institution("moh"))
    submit_draft(draft=made.draft(letter, place, writer), by=writer)
    done = dict(deadline_of(letter).steps.values_list("pk", "done_on"))
    assert done.pop(step.pk) == timezone.localdate()
    assert list(done.values()) == [None]


def test_it_is_changed_with_the_letter_only(coordinator, place):
    letter = made.proceeding(coordinator, place)
    obligation = deadline_of(letter)
    sentence = "follows a communication"
    with pytest.raises(Refused, match=sentence):
        publish_obligation(obligation=obligation, by=coordinator)
    with pytest.raises(Refused, match=sentence):
        set_obligation_state(
            obligation=obligation, state="lapsed", reason="Late.", seen=obligation.version, by=coordinator
        )
    with pytest.raises(Refused, match=sentence):
        complete_step(step=obligation.steps.get(), by=coordinator)
    withdraw_proceeding(proceeding=letter, reason="Entered twice.", by=coordinator)
    with pytest.raises(Refused, match=sentence):
        restore_obligation(obligation=deadline_of(letter), by=coordinator)


def test_its_page_is_that_of_the_letter(coordinator, place, client):
    letter = made.proceeding(coordinator, place)
    address = deadline_of(letter).get_absolute_url()
    answers = {}
    for person in (coordinator, make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, make.institution())):
        client.force_login(person)
        response = client.get(address)
        answers[person] = (response.status_code, response.headers.get("Location"))
    assert list(answers.values()) == [(302, letter.get_absolute_url())] * 2 + [(404, None)]


def test_a_sheet_may_name_it_and_not_change_it(coordinator):
    letter = made.proceeding(coordinator, due_on=date(2026, 2, 1))
    code = deadline_of(letter).code
    rows = [f"{code},{letter.reference}", f"{code},Another title"]
    batches = [preview(f"code,title\n{row}", coordinator) for row in rows]
    seen = [batch.rows.values_list("verdict", "reason").get() for batch in batches]
    assert [verdict for verdict, _reason in seen] == ["unchanged", "refused"]
    assert "follows a communication" in seen[1][1]


def preview(text: str, by) -> Batch:
    name = f"{next(make.numbers)}.csv"
    batch = sheets.send_sheet(kind=ObligationSheets(), file=ContentFile(text.encode(), name), name=name, by=by)
    sheets.preview_sheet(batch)
    return batch
