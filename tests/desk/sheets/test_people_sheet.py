from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch, CellComment
from servanda.intake.sheets import services as sheets
from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.models import Appointment, Institution, User
from servanda.trail.models import Event
from tests import make
from tests.desk.sheets.people_sheets import (
    alone,
    counted,
    ministry,
    person,
    press,
    reason,
    send_rows,
    shown,
    verdicts,
)

pytestmark = pytest.mark.django_db


def test_a_preview_says_what_is_new_and_changes_nothing(at_work):
    before = counted()
    batch = send_rows(at_work, institutions=[ministry()], people=[person()])
    assert verdicts(batch) == [("institutions, row 2", "new"), ("people, row 2", "new")]
    assert batch.state == "previewed"
    assert counted() == before
    page = shown(at_work, batch)
    assert "Ministry of Justice" in page


def test_applying_makes_what_the_preview_promised(at_work):
    batch = press(at_work, "apply", send_rows(at_work, institutions=[ministry()], people=[person()]))
    assert batch.state == "applied"
    ana = User.objects.get(email="ana@example.org")
    assert (ana.name, ana.phone, ana.is_active, ana.accepted_at) == ("Ana", "+386 1 234", False, None)
    assert not ana.has_usable_password()
    assert ana.roles == {Role.FOCAL_POINT}
    appointment = ana.appointments.get()
    assert (appointment.institution.code, appointment.act, appointment.start) == (
        "mjust",
        "Decree 1",
        date(2026, 1, 5),
    )
    assert not Mail.objects.exists()


def test_one_line_of_the_trail_tells_of_the_whole_file(at_work):
    batch = send_rows(at_work, institutions=[ministry()], people=[person()])
    press(at_work, "apply", batch)
    events = Event.objects.exclude(action="logged-in").order_by("sequence")
    actions = list(events.values_list("action", flat=True))
    assert actions == ["people-sheet-sent", "people-sheet-applied"]
    assert '"person made": ["", 1]' in Event.objects.first().difference
    assert "Ana" not in Event.objects.first().difference


def test_new_people_are_invited_at_once_when_ticked(at_work):
    batch = send_rows(at_work, institutions=[ministry()], people=[person(), person(function="reader")])
    press(at_work, "apply", batch, invite="on")
    assert Mail.objects.get().to == "ana@example.org"
    assert "http" in Mail.objects.get().body
    assert User.objects.get(email="ana@example.org").invitations.count() == 1


def test_the_same_file_again_changes_nothing(at_work):
    content = {"institutions": [ministry()], "people": [person()]}
    press(at_work, "apply", send_rows(at_work, **content))
    assert {verdict for _where, verdict in verdicts(send_rows(at_work, **content))} == {"unchanged"}


def test_a_changed_cell_is_shown_before_and_after(at_work):
    make.institution("mjust", name="Ministry of Justice", phone="1")
    batch = send_rows(at_work, institutions=[ministry(telephone="2")])
    page = shown(at_work, batch)
    assert "<bdi>telephone</bdi>: <bdi>1</bdi> → <bdi>2</bdi>" in page
    press(at_work, "apply", batch)
    institution = Institution.objects.get(code="mjust")
    assert institution.phone == "2"
    assert institution.history.first().history_change_reason == "people.xlsx"


def test_a_name_without_a_language_stays_one_when_it_is_corrected(at_work):
    make.institution("mjust", name="MoJ")
    batch = send_rows(at_work, institutions=[ministry()])
    page = shown(at_work, batch)
    assert "<bdi>name</bdi>: <bdi>MoJ</bdi> → <bdi>Ministry of Justice</bdi>" in page
    press(at_work, "apply", batch)
    assert str(Institution.objects.get().name) == "Ministry of Justice"
    press(at_work, "undo", batch)
    assert str(Institution.objects.get().name) == "MoJ"


def test_an_empty_cell_changes_nothing_and_a_dash_empties(at_work):
    make.institution("mjust", name="Ministry of Justice", phone="1", email="a@example.org")
    press(at_work, "apply", send_rows(at_work, institutions=[ministry(telephone="", **{"e-mail": "-"})]))
    institution = Institution.objects.get(code="mjust")
    assert (institution.phone, institution.email) == ("1", "")


def test_names_come_in_each_language_that_has_a_column(at_work):
    rows = [ministry(**{"name:es": "Ministerio de Justicia"})]
    press(at_work, "apply", send_rows(at_work, institutions=rows, extra=["name:es"]))
    assert Institution.objects.get().name.data == {"en": "Ministry of Justice", "es": "Ministerio de Justicia"}


def test_a_row_may_stand_above_the_institution_that_it_is_part_of(at_work):
    rows = [ministry(code="prisons", name="Prisons", **{"part of": "MJUST"}), ministry()]
    press(at_work, "apply", send_rows(at_work, institutions=rows))
    assert Institution.objects.get(code="prisons").parent.code == "mjust"


REFUSED_INSTITUTIONS = {
    "“code”: enter the abbreviation of the institution, for example": ministry(code=""),
    "“code”: use letters": ministry(code="m just"),
    "“name”: enter a value": ministry(name=""),
    "“branch”: “royal” is not an allowed value. Enter one of: executive": ministry(branch="royal"),
    "“part of”: no institution has the abbreviation “nowhere”": ministry(**{"part of": "nowhere"}),
    "“part of”: no institution has the abbreviation “mjust”": ministry(**{"part of": "mjust"}),
    "“e-mail”: Enter a valid": ministry(**{"e-mail": "somewhere"}),
    "“exists since”: “soon” is not a date": ministry(**{"exists since": "soon"}),
    "“exists since”: The institution existed until": ministry(
        **{"exists since": "2026-01-01", "exists until": "2025-01-01"}
    ),
}


@pytest.mark.parametrize("sentence", REFUSED_INSTITUTIONS)
def test_a_bad_cell_of_an_institution_is_named_by_row_and_column(at_work, sentence):
    batch = send_rows(at_work, institutions=[REFUSED_INSTITUTIONS[sentence]])
    assert verdicts(batch) == [("institutions, row 2", "refused")]
    assert sentence in reason(batch)


REFUSED_PEOPLE = {
    "“e-mail”: enter a value": person(**{"e-mail": ""}),
    "“e-mail”: Enter a valid": person(**{"e-mail": "ana"}),
    "“name”: This field cannot be blank": person(name=""),
    "“language”: “xx” is not an allowed value": person(language="xx"),
    "“institution”: no institution has the abbreviation “nowhere”": person(institution="nowhere"),
    "“institution”: enter the abbreviation of an institution, for example": person(institution=""),
    "“function”: “boss” is not an allowed value. Enter one of: principal": person(function="boss"),
    "“function”: enter a value": person(function=""),
    "“from”: enter a value": person(**{"from": ""}),
    "“from”: “31.2.2026” is not a date": person(**{"from": "31.2.2026"}),
    "“until”: Enter an end date that is not before the start date.": person(until="2025-01-01"),
    "“bodies”: “C&C” is not the code": person(bodies="C&C"),
}


@pytest.mark.parametrize("sentence", REFUSED_PEOPLE)
def test_a_bad_cell_of_a_person_is_named_and_makes_no_person(at_work, sentence):
    make.institution("mjust")
    before = counted()
    batch = send_rows(at_work, people=[REFUSED_PEOPLE[sentence]])
    assert verdicts(batch) == [("people, row 2", "refused")]
    assert sentence in reason(batch)
    press(at_work, "apply", batch, accept_refused="on")
    assert counted() == before


def test_a_second_principal_is_refused_as_on_the_page(at_work):
    make.institution("mjust")
    batch = send_rows(at_work, people=[person(), person(**{"e-mail": "eva@example.org", "name": "Eva"})])
    assert [verdict for _where, verdict in verdicts(batch)] == ["new", "refused"]
    assert "has a principal focal point, Ana" in reason(batch)


def test_good_rows_wait_for_the_tick_when_others_are_refused(at_work):
    batch = send_rows(at_work, institutions=[ministry(), ministry(code="x", branch="royal")])
    assert press(at_work, "apply", batch).state == "previewed"
    assert Event.objects.filter(action="refused", object_label="apply_sheet").exists()
    assert press(at_work, "apply", batch, accept_refused="on").state == "applied"
    assert [institution.code for institution in Institution.objects.all()] == ["mjust"]


def test_people_who_have_come_in_keep_their_own_name_and_telephone(at_work):
    make.institution("mjust")
    make.user("public", email="ana@example.org", name="Ana Maria", phone="1")
    batch = send_rows(at_work, people=[person()])
    assert "Name, telephone and language were not changed: people" in reason(batch)
    press(at_work, "apply", batch)
    ana = User.objects.get(email="ana@example.org")
    assert (ana.name, ana.phone, ana.roles) == ("Ana Maria", "1", {Role.FOCAL_POINT})


def test_a_closed_account_is_not_appointed(at_work):
    make.institution("mjust")
    make.user("public", email="ana@example.org", name="Ana", phone="+386 1 234", is_active=False)
    assert "This account is closed" in reason(send_rows(at_work, people=[person()]))


def test_a_new_last_day_ends_the_sessions_of_whoever_holds_nothing_more(at_work):
    ana = make.user("public", email="ana@example.org", name="Ana", phone="+386 1 234")
    make.appointment(ana, make.institution("mjust"), start=date(2026, 1, 5), act="Decree 1")
    stamp = ana.session_stamp
    batch = send_rows(at_work, people=[person(until="2026-02-01")])
    assert User.objects.get(pk=ana.pk).session_stamp == stamp
    press(at_work, "apply", batch)
    assert User.objects.get(pk=ana.pk).session_stamp != stamp
    assert Appointment.objects.get().end == date(2026, 2, 1)


def test_closing_an_institution_is_left_to_its_page(at_work):
    make.institution("mjust", name="Ministry of Justice")
    batch = send_rows(at_work, institutions=[ministry(**{"exists until": "2026-01-01"})])
    assert "close or replace the institution on its own page. Its" in reason(batch)


def test_a_whole_country_goes_in_at_once(at_work):
    institutions = [ministry(code=f"i{number}", name=f"Institution {number}") for number in range(21)]
    people = [
        person(**{"e-mail": f"p{number}@example.org"}, institution=f"i{number % 21}", function="alternate")
        for number in range(51)
    ]
    batch = press(at_work, "apply", send_rows(at_work, institutions=institutions, people=people))
    assert batch.state == "applied"
    assert Appointment.objects.count() == 51
    assert Institution.objects.count() == 21


@pytest.mark.database
def test_names_and_addresses_are_forgotten_after_a_month(at_work):
    old = press(at_work, "apply", send_rows(at_work, institutions=[ministry()]))
    waiting, young = send_rows(at_work, people=[alone()]), send_rows(at_work, people=[alone()])
    Batch.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=31))
    for batch in (old, waiting):
        CellComment.objects.create(batch=batch, row=2, column="name", author="Ana", text="She moves in June.")
    assert sheets.forget_old_sheets(on=timezone.now()) == 2
    assert sheets.forget_old_sheets(on=timezone.now()) == 0
    assert not old.rows.exists()
    assert not CellComment.objects.exists()
    waiting.refresh_from_db()
    assert (waiting.state, bool(waiting.file)) == ("discarded", False)
    assert young.rows.exists()
    press(at_work, "undo", old)
    assert Institution.objects.exists()


def test_the_register_does_not_apply_a_file_of_people(at_work):
    batch = send_rows(at_work, institutions=[ministry()])
    assert at_work.post(reverse("desk:apply_import", args=[batch.key])).status_code == 404
    assert batch.name not in at_work.get(reverse("desk:imports")).content.decode()


def test_a_file_of_the_register_is_no_file_of_people(at_work):
    batch = Batch.objects.create(shape="sheet", name="list.csv", sha256="0" * 64)
    assert at_work.get(reverse("desk:sheet", args=["people", batch.key])).status_code == 404


def test_a_sheet_changes_no_accredited_institution_and_appoints_nobody_there(at_work):
    batch = press(at_work, "apply", send_rows(at_work, institutions=[ministry()], people=[person()]))
    make.accreditation(Institution.objects.get(code="mjust"))
    again = send_rows(
        at_work, institutions=[ministry(name="Praise")], people=[person(**{"e-mail": "spy@example.org"})]
    )
    assert [verdict for _where, verdict in verdicts(again)] == ["refused", "refused"]
    press(at_work, "undo", batch)
    assert Appointment.objects.get().institution.code == "mjust"


def test_a_sheet_appoints_nobody_who_sends_it(at_work):
    make.institution("mjust")
    make.user("public")
    sender = User.objects.get(role=Role.COORDINATOR)
    row = person(**{"e-mail": sender.email, "name": sender.name, "function": "authority"})
    assert "You cannot appoint yourself" in reason(send_rows(at_work, people=[row]))
