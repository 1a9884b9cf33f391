import io
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.intake.people_sheets import export as out
from servanda.intake.people_sheets.columns import COLUMNS
from servanda.trail.models import Event
from tests import make
from tests.desk.sheets.people_sheets import send, verdicts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["all.xlsx", "csv"])
def test_what_is_downloaded_says_the_same_when_it_is_sent_back(at_work, what):
    names = LazyI18nString({"en": "=Ministry", "es": "Ministerio"})
    home = make.institution(
        "mjust", name=names, phone="+386 1", address="1 Street\nTown", active_from=date(2000, 1, 1)
    )
    make.institution("prisons", name="Prisons", parent=home)
    make.appointment(make.user("auditor", phone="+1"), home, act="@Decree", bodies="CRC", end=date(2030, 1, 1))
    for file in ["all.xlsx"] if what == "all.xlsx" else ["institutions.csv", "people.csv"]:
        answer = at_work.get(reverse("desk:export_people", args=[file]))
        batch = send(at_work, b"".join(answer.streaming_content), file)
        assert {verdict for _where, verdict in verdicts(batch)} == {"unchanged"}
    assert Event.objects.filter(action="people-exported").count() == (1 if what == "all.xlsx" else 2)


def test_no_cell_of_a_download_is_a_formula(at_work):
    make.institution("mjust", name="=cmd()")
    answer = at_work.get(reverse("desk:export_people", args=["all.xlsx"]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        assert all(b"<f>" not in book.read(name) for name in book.namelist() if "worksheets/" in name)
    text = b"".join(at_work.get(reverse("desk:export_people", args=["institutions.csv"])).streaming_content)
    assert b"'=cmd()" in text


@pytest.mark.database
def test_an_export_holds_only_what_the_person_may_see():
    home = make.institution("mjust")
    make.appointment(make.user("public", email="ngo@example.org"), home, "contributor")
    reader = make.user("reader", home, email="reader@example.org")
    _header, rows = out.people_table(reader)
    assert {row[0] for row in rows} == {"reader@example.org"}
    _header, rows = out.people_table(make.user("coordinator", email="c@example.org"))
    assert {"ngo@example.org", "reader@example.org"} < {row[0] for row in rows}
    assert out.institutions_table(make.user("public"))[1] == []


@pytest.mark.database
def test_erased_people_are_not_exported():
    make.user("public", email="gone@example.org", is_active=False, erased_at=timezone.now())
    _header, rows = out.people_table(make.user("coordinator", email="c@example.org"))
    assert [row[0] for row in rows] == ["c@example.org"]


def test_the_template_can_be_filled_in_and_its_example_is_left_out(at_work):
    answer = at_work.get(reverse("desk:sheet_template", args=["people"]))
    batch = send(at_work, b"".join(answer.streaming_content))
    assert batch.state == "failed"
    assert "no rows of institutions or people" in batch.message
    assert set(COLUMNS["people"]) == set(out.template_tables()["people"][0])
