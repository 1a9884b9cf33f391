"""What a preview of a spreadsheet shows is what applying it writes; otherwise it is rolled back and shown again."""

import pytest
from django.core.files.base import ContentFile

from servanda.intake.models import Batch
from servanda.intake.people_sheets.kind import PeopleSheets
from servanda.intake.sheets import services as sheets
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.sources.models import Obligation
from servanda.sources.obligations.sheet_kind import ObligationSheets
from tests import make
from tests.desk.sheets.people_sheets import INSTITUTIONS, PEOPLE, as_csv, ministry, person

pytestmark = pytest.mark.django_db
OBLIGATIONS = "code,body,kind,title,due"
CHANGED_SINCE = "Data changed since the preview"


@pytest.fixture
def administrator():
    make.committee("CEDAW")
    return make.user(Role.ADMINISTRATOR)


def previewed(kind, content: str | bytes, by) -> Batch:
    data = content if isinstance(content, bytes) else content.encode()
    batch = sheets.send_sheet(kind=kind, file=ContentFile(data, "x.csv"), name="x.csv", by=by)
    sheets.preview_sheet(batch)
    batch.refresh_from_db()
    return batch


def applied(batch: Batch, by, *, accept_refused: bool = False) -> Batch:
    sheets.start_sheet(batch=batch, options={"accept_refused": accept_refused})
    sheets.apply_sheet(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def test_what_a_colleague_edited_meanwhile_is_not_overwritten(administrator):
    row = "OB-1,CEDAW,other,Report,2027-03-01"
    applied(previewed(ObligationSheets(), f"{OBLIGATIONS}\n{row}", administrator), administrator)
    batch = previewed(ObligationSheets(), f"{OBLIGATIONS}\n{row}\nOB-2,NOBODY,other,X,2027-03-01", administrator)
    assert verdicts(batch) == ["unchanged", "refused"]
    Obligation.objects.update(title="Ninth report")
    batch = applied(batch, administrator, accept_refused=True)
    assert (batch.state, Obligation.objects.get().title) == ("previewed", "Ninth report")
    assert CHANGED_SINCE in batch.message
    assert verdicts(batch) == ["changed", "refused"]
    applied(batch, administrator, accept_refused=True)
    assert Obligation.objects.get().title == "Report"


def test_a_row_that_changes_more_cells_than_it_showed_is_shown_again(administrator):
    applied(previewed(PeopleSheets(), as_csv(INSTITUTIONS, ministry()), administrator), administrator)
    batch = previewed(PeopleSheets(), as_csv(INSTITUTIONS, ministry(telephone="111")), administrator)
    place = Institution.objects.get(code="mjust")
    place.name = {"en": "Renamed meanwhile"}
    place.save()
    batch = applied(batch, administrator)
    assert batch.state == "previewed"
    assert (Institution.objects.get(code="mjust").phone, place.name["en"]) == ("", "Renamed meanwhile")
    [row] = batch.rows.all()
    assert {str(change.label) for change in PeopleSheets().changes(row)} == {"telephone", "name:en"}


def test_a_second_row_that_gives_a_person_another_name_is_refused(administrator):
    applied(previewed(PeopleSheets(), as_csv(INSTITUTIONS, ministry()), administrator), administrator)
    rows = [person(), person(name="Ana Other", function="alternate")]
    batch = previewed(PeopleSheets(), as_csv(PEOPLE, *rows), administrator)
    assert verdicts(batch) == ["new", "refused"]
    assert "Column “name”: an earlier row has another value for this person." in batch.rows.last().reason


def test_a_changed_person_shows_the_appointment_that_is_new(administrator):
    applied(previewed(PeopleSheets(), as_csv(INSTITUTIONS, ministry()), administrator), administrator)
    applied(previewed(PeopleSheets(), as_csv(PEOPLE, person()), administrator), administrator)
    assert User.objects.filter(email="ana@example.org").exists()
    row = person(telephone="222", function="alternate")
    [staged] = previewed(PeopleSheets(), as_csv(PEOPLE, row), administrator).rows.all()
    shown = {str(change.label): change.after for change in PeopleSheets().changes(staged)}
    assert (shown["telephone"], shown["function"]) == ("222", "alternate")


def test_a_code_with_other_characters_is_refused_in_plain_words(administrator):
    [row] = previewed(PeopleSheets(), as_csv(INSTITUTIONS, ministry(code="m just")), administrator).rows.all()
    assert row.reason == "Column “code”: use letters without accents, digits, hyphens and underscores only."


@pytest.mark.parametrize("day", ["٢٤.٠٣.٢٠٢٧", "24.03.27", "24 March 2027", "24 de marzo de 2027"])
def test_a_day_that_can_be_read_in_one_way_only_is_read(administrator, day):
    batch = previewed(ObligationSheets(), f"{OBLIGATIONS}\nOB-1,CEDAW,other,Report,{day}", administrator)
    applied(batch, administrator)
    assert Obligation.objects.get().due_on.isoformat() == "2027-03-24"


@pytest.mark.parametrize("day", ["03/04/2027", "March 2027", "2027", "31.02.2027"])
def test_a_day_that_can_be_read_in_two_ways_or_none_is_refused(administrator, day):
    [row] = previewed(ObligationSheets(), f"{OBLIGATIONS}\nOB-1,CEDAW,other,Report,{day}", administrator).rows.all()
    assert row.reason.startswith(f"Column “due”: “{day}” is not a date")
