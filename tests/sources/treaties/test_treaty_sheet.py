"""Treaties as a spreadsheet: what goes out comes in and changes nothing; mistakes name their cell; undo holds."""

from datetime import date

import pytest
from django.core.files.base import ContentFile

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.kit.files.tables import csv_lines
from servanda.people.access import Role
from servanda.sources.models import Standing, TreatyStatus
from servanda.sources.treaties import services
from servanda.sources.treaties.queries import TreatyFilter, find_treaties
from servanda.sources.treaties.services import ProcedureValues
from servanda.sources.treaties.sheet import COLUMNS, TreatySheets, export_rows
from servanda.trail.models import Event
from tests import make
from tests.treaties_make import instrument, reservation, treaty

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TEXT = """code,signed,consent,deposited,in force,procedures,source
CEDAW,,Succession,1992-07-06,,,UNTC
CRPD,2007-03-30,ratification,2008-04-24,2008-05-24,complaints | 2008-04-24 | OP; inquiry | 2008-04-24,UNTC
"""


@pytest.fixture
def by():
    instrument("CRPD", adopted_on="2006-12-13", in_force_on="2008-05-03")
    treaty("CEDAW", note="Ours")
    return make.user(Role.COORDINATOR)


def sent(text: str, by) -> Batch:
    file = ContentFile(text.encode(), "treaties.csv")
    batch = sheets.send_sheet(kind=TreatySheets(), file=file, name="treaties.csv", by=by)
    sheets.preview_sheet(batch)
    batch.refresh_from_db()
    return batch


def applied(text: str, by, *, accept_refused: bool = False) -> Batch:
    batch = sent(text, by)
    sheets.start_sheet(batch=batch, options={"accept_refused": accept_refused})
    sheets.apply_sheet(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.values_list("verdict", flat=True))


def find(code: str) -> TreatyStatus:
    return TreatyStatus.objects.get(instrument__code=code)


def exported(by) -> str:
    return "".join(csv_lines(COLUMNS, export_rows(find_treaties(by, TreatyFilter()), {})))


def test_a_sheet_fills_the_list(by):
    batch = applied(TEXT, by)
    assert verdicts(batch) == ["changed", "new"]
    crpd = find("CRPD")
    assert (crpd.standing, crpd.in_force_on, crpd.source) == (Standing.PARTY, date(2008, 5, 24), "UNTC")
    assert [str(procedure) for procedure in crpd.procedures.all()] == ["Individual complaints, OP", "Inquiry"]
    assert (find("CEDAW").consent, find("CEDAW").note) == ("succession", "Ours")
    assert Event.objects.filter(action="treaty-sheet-applied").count() == 1


def test_what_goes_out_comes_in_and_changes_nothing(by):
    applied(TEXT, by)
    crpd = find("CRPD")
    row = ProcedureValues(kind="complaints", article="OP", accepted_on=date(2008, 4, 24), source="UNTC 15.a")
    services.set_procedures(status=crpd, procedures=[row], seen=None, by=by)
    assert verdicts(applied(exported(by), by)) == ["unchanged", "unchanged"]
    assert crpd.procedures.get().source == "UNTC 15.a"


def test_the_preview_writes_nothing(by):
    assert verdicts(sent(TEXT, by)) == ["changed", "new"]
    assert not TreatyStatus.objects.filter(instrument__code="CRPD").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("XYZ,,,,,,", "Column “code”: “XYZ” is not a known treaty."),
        ("CEDAW,30 March,,,,,", "Column “signed”: “30 March” is not a date."),
        ("CEDAW,,signed,,,,", "Column “consent”: “signed” is not an allowed value."),
        ("CEDAW,1979-12-17,,,,,", "Column “signed”: The treaty was adopted on 18 December 1979."),
        ("CEDAW,,,1992-07-06,,,", "Column “consent”: Select how the State consented"),
        ("CEDAW,,,,,appeal | 1992-07-06,", "Column “procedures”: “appeal” is not an allowed value."),
        ("CEDAW,,,,,inquiry | then,", "Column “procedures”: “then” is not a date."),
        ("CEDAW,,,,,inquiry | 2004-09-23; inquiry | 2005-09-23,", "a procedure is named twice"),
        ("CEDAW,2001-02-30,,,,,", "Column “signed”: “2001-02-30” is not a date."),
    ],
)
def test_a_mistake_names_its_cell_and_leaves_nothing_behind(by, row, reason):
    batch = sent(f"code,signed,consent,deposited,in force,procedures,source\n{row}\n", by)
    staged = batch.rows.get()
    assert (staged.verdict, staged.where) == ("refused", "row 2")
    assert reason in staged.reason
    assert find("CEDAW").version == 1


def test_a_treaty_named_twice_is_refused_the_second_time(by):
    assert verdicts(sent("code,source\nCEDAW,UNTC\ncedaw,Other\n", by)) == ["changed", "refused"]


def test_the_import_is_undone_row_by_row(by):
    batch = applied(TEXT, by)
    sheets.undo_sheet(batch=batch, by=by)
    assert not TreatyStatus.objects.filter(instrument__code="CRPD").exists()
    cedaw = find("CEDAW")
    assert (cedaw.standing, cedaw.deposited_on, cedaw.note) == (Standing.UNKNOWN, None, "Ours")


def test_what_was_changed_since_stays_when_the_import_is_undone(by):
    batch = applied(TEXT, by)
    reservation(find("CRPD"))
    values = services.TreatyValues(consent="accession", source="Other")
    services.edit_treaty(status=find("CEDAW"), values=values, seen=None, by=by)
    assert sheets.undo_sheet(batch=batch, by=by) == 2
    assert (find("CEDAW").consent, find("CRPD").standing) == ("accession", Standing.PARTY)


def test_a_dash_empties_a_cell(by):
    applied(TEXT, by)
    applied("code,procedures,in force\nCRPD,-,-\n", by)
    assert (find("CRPD").in_force_on, find("CRPD").procedures.count()) == (None, 0)
