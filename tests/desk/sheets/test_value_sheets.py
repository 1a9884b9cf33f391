from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import translation

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import Instance, User
from servanda.planning.indicators.measurements import correct_measurement
from servanda.planning.models import Indicator, Measurement
from servanda.trail.models import Event
from tests import indicator_make, make
from tests.indicator_make import said, value

pytestmark = pytest.mark.django_db
HEADER = "INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,REF_AREA,SEX,OBS_COMMENT"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def school() -> Indicator:
    """Three years: a number, a reason, a break; and one of them for women."""
    it = indicator_make.indicator("EDU-1", next_due_on=date(2025, 3, 31))
    indicator_make.sex(it)
    value(it, 2021, "50.25", source="Ministry", note="=1+1")
    value(it, 2022, missing="not-collected")
    value(it, 2023, 60, is_break=True, method_version="2023")
    value(it, 2023, 58, breakdown="sex=Women", territory="The North")
    over = {"superseded_at": "2026-01-01T00:00Z"}
    value(it, 2021, 1, **over)
    return it


def send(client, content: str | bytes, name: str = "values.csv") -> Batch:
    data = content.encode() if isinstance(content, str) else content
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(reverse("desk:send_sheet", args=["values"]), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def lines(*rows: str) -> str:
    return "\n".join([HEADER, *rows])


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.values_list("verdict", flat=True))


def deed(client, name: str, batch: Batch, **sent) -> Batch:
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse(f"desk:{name}_sheet", args=["values", batch.key]), sent)
    batch.refresh_from_db()
    return batch


def rows_there() -> list[tuple]:
    names = ("start", "territory", "breakdown", "value", "missing", "is_break", "source", "note", "method_version")
    return list(Measurement.objects.current().values_list(*names))


@pytest.mark.database
@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_downloaded_and_sent_back_changes_nothing(client, coordinator, school, format, whole):
    name, args = ("desk:indicators_values", [format]) if whole else ("desk:indicator_values", ["EDU-1", format])
    file = b"".join(client.get(reverse(name, args=args)).streaming_content)
    batch = send(client, file, f"values.{format}")
    assert verdicts(batch) == ["unchanged"] * 4
    assert batch.message == ""
    deed(client, "apply", batch)
    assert batch.state == Batch.State.PREVIEWED  # it would change nothing


@pytest.mark.parametrize(
    ("content", "name"), [(lines(), "values.csv"), (b"PK\x03\x04 damaged", "values.xlsx")], ids=["empty", "damaged"]
)
def test_why_a_file_was_not_read_is_said_in_the_language_of_the_reader(client, coordinator, content, name):
    batch = send(client, content, name)
    assert (batch.state, name in batch.message) == (Batch.State.FAILED, True)
    told = batch.message
    with translation.override("es"):
        batch.refresh_from_db()
    assert name in batch.message
    assert batch.message != told


def test_new_and_corrected_values_are_shown_applied_and_taken_back_as_one(client, coordinator, school):
    instance = Instance.current()
    instance.state_code = "SVN"
    instance.save()
    before = rows_there()
    rows = lines("EDU-1,2024,70,A,PERCENT,SVN,_T,", "EDU-1,2021,51,A,,_T,,New count", "EDU-1,2024,,Q,,,Women,")
    batch = send(client, rows)
    assert verdicts(batch) == ["new", "changed", "new"]
    page = client.get(reverse("desk:sheet", args=["values", batch.key])).content.decode()
    assert "50.25" in page
    assert "New count" in page
    assert rows_there() == before
    deed(client, "apply", batch)
    assert batch.state == Batch.State.PREVIEWED  # no one said why it corrects
    deed(client, "apply", batch, reason="Counted again")
    assert batch.state == Batch.State.APPLIED
    old = Measurement.objects.get(value="50.25")
    new = old.superseded_by
    assert (old.correction_reason, new.value, new.brought_by) == ("Counted again", 51, batch)
    assert new.source == "Ministry"  # the file has no such column
    school.refresh_from_db()
    assert school.next_due_on == date(2026, 3, 31)
    assert Event.objects.filter(action="value-sheet-applied").count() == 1
    deed(client, "undo", batch)
    assert batch.state == Batch.State.UNDONE
    assert rows_there() == before
    school.refresh_from_db()
    assert school.next_due_on == date(2025, 3, 31)


def test_a_value_corrected_since_stays_when_the_file_is_taken_back(client, coordinator, school):
    batch = deed(client, "apply", send(client, lines("EDU-1,2024,70,,,,,", "EDU-1,2020,40,,,,,")))
    brought = Measurement.objects.get(value=70)
    correct_measurement(measurement=brought, values=said(2024, 71), reason="Typed wrongly.", by=coordinator)
    deed(client, "undo", batch)
    assert [
        measurement.value for measurement in Measurement.objects.headline() if measurement.start.year in (2020, 2024)
    ] == [71]
    assert "row 2" in batch.message
    assert "row 3" not in batch.message
    assert next(row for row in batch.rows.all() if row.where == "row 2").reason == "It was changed after the import."


def test_each_bad_row_is_refused_with_its_number_and_its_column(client, coordinator, school):
    bad = {
        ",2024,1,,,,,": "Column “INDICATOR”: enter the reference of an indicator.",
        "EDU-9,2024,1,,,,,": "Column “INDICATOR”: no indicator has the reference “EDU-9”.",
        "EDU-1,2024-Q9,1,,,,,": "Column “TIME_PERIOD”: “2024-Q9” is not a period. Enter, for example, 2025, 2025-Q1",
        "EDU-1,2999,1,,,,,": "Column “TIME_PERIOD”: The period has not ended yet. Enter the value after it",
        "EDU-1,2021-Q1,1,,,,,": "Column “TIME_PERIOD”: The period overlaps with 2021",
        'EDU-1,2024,"1,5",,,,,': "Column “OBS_VALUE”: “1,5” is not a number. Enter it with a decimal point and",
        "EDU-1,2024,120,,,,,": "Column “OBS_VALUE”: 120 is not a percentage",
        "EDU-1,2024,,,,,,": "Column “OBS_STATUS”: “” is not a reason for a missing value. Enter one of",
        "EDU-1,2024,5,Q,,,,": "Column “OBS_STATUS”: “Q” cannot be used with a number. Enter A, or B for a break",
        "EDU-1,2024,5,,NUMBER,,,": "Column “UNIT_MEASURE”: “NUMBER” is not the unit of the indicator. Enter PERCENT.",
        "EDU-1,2024,5,,,,Others,": "Column “SEX”: “Others” is not a category of “sex”",
        f"EDU-1,2024,5,,,{'x' * 81},,": "Column “REF_AREA”:",
    }
    batch = send(client, lines("EDU-1,2020,70,,,,,", *bad, "EDU-1,2020,71,,,,,"))
    found = {row.where: row.reason for row in batch.rows.filter(verdict="refused")}
    assert len(found) == len(bad) + 1
    for number, words in enumerate(bad.values(), 3):
        assert words in found[f"row {number}"], number
    assert "another row of the file" in found[f"row {len(bad) + 3}"]
    deed(client, "apply", batch)
    assert batch.state == Batch.State.PREVIEWED
    deed(client, "apply", batch, accept_refused="on")
    assert Measurement.objects.filter(brought_by=batch).count() == 1


def test_a_file_that_somebody_overtook_is_not_applied(client, coordinator, school):
    batch = send(client, lines("EDU-1,2024,70,,,,,"))
    value(school, 2024, 69)
    deed(client, "apply", batch)
    assert batch.state == Batch.State.PREVIEWED
    assert "since the preview" in batch.message
    assert verdicts(batch) == ["changed"]
    assert not Measurement.objects.filter(brought_by=batch).exists()


def test_an_institution_brings_in_what_it_keeps_and_learns_nothing_of_others(client, school):
    record = make.recommendation(confidentiality="restricted")
    indicator_make.indicator("SECRET-1", about=record)
    Indicator.objects.filter(pk=school.pk).update(custodian=make.institution("statistics"))
    indicator_make.indicator("OPEN-1")
    client.force_login(indicator_make.keeper())
    batch = send(client, lines(*(f"{code},2024,5,,,,," for code in ("EDU-1", "OPEN-1", "SECRET-1", "NONE-1"))))
    told = [row.reason.replace("NONE-1", "SECRET-1") for row in batch.rows.all()]
    assert verdicts(batch) == ["new", "refused", "refused", "refused"]
    assert "only the institution responsible for the indicator and" in told[1]
    assert told[2] == told[3]
    client.force_login(indicator_make.keeper("health"))
    assert client.get(reverse("desk:sheet", args=["values", batch.key])).status_code == 404
    assert str(batch.key) not in client.get(reverse("desk:send_sheet", args=["values"])).content.decode()


def test_only_the_coordinator_undoes_a_file_whose_sender_no_longer_acts_for_the_institution(client, school):
    keeper, statistics = indicator_make.keeper(), make.institution("statistics")
    Indicator.objects.filter(pk=school.pk).update(custodian=statistics)
    client.force_login(keeper)
    batch = deed(client, "apply", send(client, lines("EDU-1,2024,5,,,,,")))
    keeper.appointments.update(institution=make.institution("health"))
    client.force_login(User.objects.get(pk=keeper.pk))
    deed(client, "undo", batch)
    assert (batch.state, Measurement.objects.current().filter(brought_by=batch).count()) == (Batch.State.APPLIED, 1)
    page = client.get(reverse("desk:sheet", args=["values", batch.key])).content.decode()
    assert "You can no longer enter values for these indicators: EDU-1. Nothing was undone" in page
    make.signed_in(client, Role.COORDINATOR)
    deed(client, "undo", batch)
    assert batch.state == Batch.State.UNDONE
    assert not Measurement.objects.current().filter(brought_by=batch).exists()


def test_a_file_that_holds_no_values_is_refused_as_a_whole(client, coordinator):
    empty = {"file": SimpleUploadedFile("x.csv", b"")}
    assert client.post(reverse("desk:send_sheet", args=["values"]), empty).status_code == 422
    for content, name in ((b"a,b\n1,2\n", "x.csv"), (b"PK\x03\x04 broken", "x.xlsx")):
        batch = send(client, content, name)
        assert (batch.state, batch.rows.count(), bool(batch.file)) == (Batch.State.FAILED, 0, False)
        assert name in batch.message


def test_a_column_that_is_not_known_is_named_and_a_discarded_file_keeps_nothing(client, coordinator, school):
    batch = send(client, "INDICATOR,TIME_PERIOD,OBS_VALUE,DECIMALS\nEDU-1,2024,70,1\n")
    assert "DECIMALS" in batch.message
    deed(client, "discard", batch)
    assert (batch.state, batch.rows.count()) == (Batch.State.DISCARDED, 0)
    assert batch.name not in client.get(reverse("desk:imports")).content.decode()
