"""Dates that can be read in two ways: one remark for the file, and an order that is kept for the sender."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from servanda.intake.columns.dates import DateOrder, dates_in_order, read_due_date
from servanda.intake.models import Batch, SenderMapping
from servanda.people.models import Instance
from servanda.recommendations import tasks
from servanda.recommendations.imports.remarks import DATE_ORDER, line_of
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import make
from tests.house.answers import source_of

ROWS = "Code;Text;Date\nR1;Build schools.;03/04/2025\nR2;Hire judges.;05-06-2025\nR3;Open shelters.;25/12/2025\n"
CHOICES = {"sender": "Ministry", "column_0": "external sheet", "column_1": "text en", "column_2": "date"}
BODY = {"constant_country": "SVN", "constant_body": "CRC", "separator": ";"}


@pytest.mark.parametrize(
    ("printed", "day_first", "month_first", "count"),
    [
        ("03/04/2025", date(2025, 4, 3), date(2025, 3, 4), 1),
        ("3-4-25", date(2025, 4, 3), date(2025, 3, 4), 1),
        ("٠٣/٠٤/٢٠٢٥", date(2025, 4, 3), date(2025, 3, 4), 1),
        ("03.04.2025", date(2025, 4, 3), date(2025, 4, 3), 0),
        ("04/04/2025", date(2025, 4, 4), date(2025, 4, 4), 0),
        ("25/12/2025", date(2025, 12, 25), date(2025, 12, 25), 0),
        ("12/25/2025", date(2025, 12, 25), date(2025, 12, 25), 0),
        ("2025-04-03", date(2025, 4, 3), date(2025, 4, 3), 0),
        ("3 April 2025", date(2025, 4, 3), date(2025, 4, 3), 0),
    ],
)
def test_the_order_is_asked_only_where_a_date_has_two_readings(printed, day_first, month_first, count):
    for order, day in ((DateOrder(), day_first), (DateOrder(month_first=True), month_first)):
        with dates_in_order(order):
            assert read_due_date(printed) == day
        assert order.count == count
    assert read_due_date(printed) == day_first


@pytest.fixture
def batch(client, vocabulary) -> Batch:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    client.force_login(make.user("coordinator"))
    return checked(client)


def checked(client, content: str = ROWS) -> Batch:
    file = SimpleUploadedFile("list.csv", content.encode("utf-8-sig"))
    client.post(reverse("desk:receive_files"), {"files": file, "publish": "on"})
    sent = Batch.objects.latest("pk")
    client.post(reverse("desk:map_columns", args=[sent.key]), CHOICES | BODY)
    client.post(reverse("desk:map_values", args=[sent.key]))
    return looked_at(sent)


def looked_at(sent: Batch) -> Batch:
    tasks.preview_import.func(str(sent.key))
    sent.refresh_from_db()
    assert sent.state == Batch.State.PREVIEWED
    return sent


def page_of(client, sent: Batch) -> str:
    return source_of(client.get(reverse("desk:show_import", args=[sent.key])))


@pytest.mark.django_db
def test_one_remark_for_the_file_with_the_count(client, batch):
    remark = batch.remarks.get(field=DATE_ORDER)
    assert (remark.rows, remark.places.splitlines()) == (2, ["03/04/2025", "05-06-2025"])
    page = page_of(client, batch)
    assert "2 dates can be read in two ways (for example 03/04/2025, 05-06-2025)." in page
    assert "Read with the day first." in page
    assert "order of day and month" in line_of(remark)
    assert not any("read in two ways" in row.reason for row in batch.rows.all())
    with translation.override("es"):
        assert batch.remarks.get(field=DATE_ORDER).message == "Se han leído con el día primero."


@pytest.mark.django_db
def test_the_other_order_is_kept_for_the_sender_and_applied(client, batch):
    client.post(reverse("desk:set_date_order", args=[batch.key]), {"order": "month"})
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWING
    assert SenderMapping.objects.get().month_first
    assert Event.objects.filter(action="mapping-saved").count() == 2
    looked_at(batch)
    assert "Read with the month first." in page_of(client, batch)
    client.post(reverse("desk:apply_import", args=[batch.key]), {"publish": "on"})
    tasks.apply_import.func(str(batch.key))
    days = set(Recommendation.objects.values_list("date", flat=True))
    assert days == {date(2025, 3, 4), date(2025, 5, 6), date(2025, 12, 25)}
    again = checked(client, ROWS.replace("R1;", "R9;").replace("03/04", "07/08"))
    assert "Read with the month first." in page_of(client, again)


@pytest.mark.django_db
def test_a_file_without_such_dates_has_no_remark(client, batch):
    clear = checked(client, "Code;Text;Date\nR7;Train teachers.;25/12/2025\n")
    assert not clear.remarks.filter(field=DATE_ORDER).exists()
    assert "Order of day and month" not in page_of(client, clear)


@pytest.mark.django_db
def test_the_order_of_an_applied_file_cannot_be_changed(client, batch):
    client.post(reverse("desk:apply_import", args=[batch.key]), {"publish": "on"})
    tasks.apply_import.func(str(batch.key))
    client.post(reverse("desk:set_date_order", args=[batch.key]), {"order": "month"})
    assert not SenderMapping.objects.get().month_first


@pytest.mark.django_db
def test_other_checked_files_of_the_sender_keep_their_order(client, batch):
    other = checked(client, ROWS.replace("R1;", "R9;").replace("Build", "Train"))
    client.post(reverse("desk:set_date_order", args=[batch.key]), {"order": "month"})
    looked_at(batch)
    assert "Read with the month first." in page_of(client, batch)
    other.refresh_from_db()
    assert other.state == Batch.State.PREVIEWED
    assert "Read with the day first." in page_of(client, other)
    client.post(reverse("desk:apply_import", args=[other.key]), {"publish": "on"})
    tasks.apply_import.func(str(other.key))
    other.refresh_from_db()
    assert other.state == Batch.State.APPLIED, other.message
    assert Recommendation.objects.filter(date=date(2025, 4, 3)).exists()
