from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.people.models import Institution, User
from servanda.trail.models import Event
from tests import make
from tests.desk.sheets.people_sheets import counted, ministry, person, press, send_rows

pytestmark = pytest.mark.django_db


@pytest.mark.database
def test_undo_leaves_nothing_of_a_file(at_work):
    before = counted()
    batch = send_rows(
        at_work,
        institutions=[ministry(), ministry(code="prisons", name="Prisons", **{"part of": "mjust"})],
        people=[person(), person(function="reader", institution="prisons")],
    )
    press(at_work, "apply", batch, invite="on")
    assert counted() != before
    batch = press(at_work, "undo", batch)
    assert (batch.state, batch.message) == ("undone", "")
    assert counted() == before
    assert Event.objects.first().action == "people-sheet-undone"


def test_undo_puts_back_what_was_changed(at_work):
    parent = make.institution("gov")
    make.institution("mjust", name="MoJ", phone="1", parent=parent, active_from=date(2000, 1, 1))
    eva = make.user("public", email="eva@example.org", name="Eva", is_active=False, accepted_at=None)
    make.appointment(eva, parent, "reader", start=date(2026, 1, 5), act="Letter")
    batch = send_rows(
        at_work,
        institutions=[ministry(telephone="2", **{"name:es": "MJ", "part of": "-", "exists since": "2010-01-01"})],
        people=[
            person(
                **{"e-mail": "eva@example.org"},
                name="Eva E",
                institution="gov",
                function="reader",
                until="2030-01-01",
            )
        ],
        extra=["name:es"],
    )
    press(at_work, "apply", batch)
    institution = Institution.objects.get(code="mjust")
    assert (institution.phone, institution.parent, institution.active_from) == ("2", None, date(2010, 1, 1))
    assert press(at_work, "undo", batch).message == ""
    institution = Institution.objects.get(code="mjust")
    assert (str(institution.name), institution.phone, institution.parent, institution.active_from) == (
        "MoJ",
        "1",
        parent,
        date(2000, 1, 1),
    )
    assert not isinstance(institution.name, LazyI18nString) or institution.name.data == "MoJ"
    eva.refresh_from_db()
    assert eva.name == "Eva"
    appointment = eva.appointments.get()
    assert (appointment.act, appointment.end) == ("Letter", None)


@pytest.mark.database
def test_undo_names_the_rows_that_somebody_changed_or_used_since(at_work):
    batch = send_rows(
        at_work,
        institutions=[ministry(), ministry(code="home", name="Home"), ministry(code="gov", name="Gov")],
        people=[person(), person(**{"e-mail": "eva@example.org", "name": "Eva"}, function="reader")],
    )
    press(at_work, "apply", batch)
    Institution.objects.filter(code="home").update(phone="5")
    User.objects.filter(email="ana@example.org").update(is_active=True, accepted_at=timezone.now())
    batch = press(at_work, "undo", batch)
    assert "institutions, row 2; institutions, row 3; people, row 2" in batch.message
    assert sorted(Institution.objects.values_list("code", flat=True)) == ["home", "mjust"]
    assert not User.objects.filter(email="eva@example.org").exists()
    assert User.objects.get(email="ana@example.org").appointments.exists()
    reasons = dict(batch.rows.exclude(reason="").values_list("where", "reason"))
    assert reasons["institutions, row 3"] == "It was changed after the import."
    assert reasons["people, row 2"] == "This person has activated the account since the import."


def test_an_institution_to_which_a_record_is_restricted_is_not_taken_back(at_work):
    batch = press(at_work, "apply", send_rows(at_work, institutions=[ministry()]))
    record = make.recommendation()
    record.restricted_to.add(Institution.objects.get())
    assert "institutions, row 2" in press(at_work, "undo", batch).message
    assert record.restricted_to.exists()


def test_only_an_applied_file_is_undone_and_only_a_waiting_one_discarded(at_work):
    batch = send_rows(at_work, institutions=[ministry()])
    assert press(at_work, "undo", batch).state == "previewed"
    path = batch.file.path
    assert press(at_work, "discard", batch).state == "discarded"
    assert not batch.rows.exists()
    assert not Path(path).exists()
    assert press(at_work, "apply", batch).state == "discarded"
