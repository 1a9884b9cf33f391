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
from tests import make, treaties_make
from tests.once import built_once
from tests.treaties_make import instrument, reservation, treaty

pytestmark = pytest.mark.django_db
TEXT = """code,signed,consent,deposited,in force,procedures,source
CEDAW,,Succession,1992-07-06,,,UNTC
CRPD,2007-03-30,ratification,2008-04-24,2008-05-24,complaints | 2008-04-24 | OP; inquiry | 2008-04-24,UNTC
"""


@built_once
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


@pytest.mark.database
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
        (",1979-12-17,,,,,", "Column “code”: enter the code of a treaty as on the list, for example CEDAW."),
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


@pytest.mark.database
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


RESERVATIONS = """code,source,reservation kind,reservation article,reservation text,reservation made,reservation withdrawn,objections
CEDAW,UNTC,reservation,16,The State does not consider itself bound.,1992-07-06,,"FRA | 1994-03-01 | Not compatible; void.
DEU | 1994-05-02"
CEDAW,,declaration,29,The State declares.,1992-07-06,2001-01-01,
"""  # noqa: E501 -- a row of a file


@built_once
def states():
    return make.country("FRA", "France"), make.country("DEU", "Germany")


def reserved(code: str = "CEDAW") -> list[tuple]:
    rows = find(code).reservations.order_by("article")
    return [(row.kind, row.article, row.made_on, row.withdrawn_on, row.objections.count()) for row in rows]


TWO = [
    ("reservation", "16", date(1992, 7, 6), None, 2),
    ("declaration", "29", date(1992, 7, 6), date(2001, 1, 1), 0),
]


@pytest.mark.database
def test_a_treaty_with_several_reservations_has_a_row_for_each(by, states):
    batch = sent(RESERVATIONS, by)
    kind = TreatySheets()
    shown = [[change.label for change in kind.changes(row)] for row in batch.rows.all()]
    assert (verdicts(batch), find("CEDAW").reservations.count()) == (["changed", "changed"], 0)
    assert ("source" in shown[0], "objections" in shown[0], "reservation withdrawn" in shown[1]) == (True,) * 3
    assert verdicts(applied(RESERVATIONS, by)) == ["changed", "changed"]
    assert reserved() == TWO
    text = find("CEDAW").reservations.get(article="16").objections.get(country=states[0]).text
    assert text == "Not compatible; void."


@pytest.mark.database
def test_reservations_go_out_and_come_in_and_change_nothing(by, states):
    applied(RESERVATIONS, by)
    version = find("CEDAW").version
    assert verdicts(applied(exported(by), by)) == ["unchanged", "unchanged"]
    assert verdicts(applied(RESERVATIONS, by)) == ["unchanged", "unchanged"]
    assert (reserved(), find("CEDAW").version) == (TWO, version)


def test_a_reservation_is_changed_by_its_number_and_the_import_undone(by, states):
    applied(RESERVATIONS, by)
    first = find("CEDAW").reservations.get(article="16")
    batch = applied(f"code,reservation,reservation text,objections\nCEDAW,{first.pk},Article 16 in part.,-\n", by)
    first.refresh_from_db()
    assert (first.text, first.objections.count(), first.article) == ("Article 16 in part.", 0, "16")
    assert sheets.undo_sheet(batch=batch, by=by) == 0
    first.refresh_from_db()
    assert (first.text, first.objections.count()) == ("The State does not consider itself bound.", 2)


def test_the_undo_of_new_reservations_leaves_those_that_a_record_names(by, states):
    batch = applied(RESERVATIONS, by)
    treaties_make.linked(make.recommendation(), find("CEDAW").instrument, find("CEDAW").reservations.first(), by)
    assert sheets.undo_sheet(batch=batch, by=by) == 1
    assert len(reserved()) == 1


def test_a_new_treaty_is_removed_with_its_reservations(by):
    batch = applied("code,source,reservation text\nCRPD,UNTC,One.\nCRPD,,Two.\n", by)
    assert (verdicts(batch), len(reserved("CRPD"))) == (["new", "changed"], 2)
    assert sheets.undo_sheet(batch=batch, by=by) == 0
    assert not TreatyStatus.objects.filter(instrument__code="CRPD").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("99999,,Text.,,,", "Column “reservation”: this treaty has no reservation 99999."),
        ("x,,Text.,,,", "Column “reservation”: this treaty has no reservation x."),
        (",objection,Text.,,,", "Column “reservation kind”: “objection” is not an allowed value."),
        (",,,2001-01-01,,", "Column “reservation text”: Enter the text"),
        (",,Text.,1970-01-01,,", "Column “reservation made”: The treaty was adopted on 18 December 1979."),
        (",,Text.,1992-01-01,1991-01-01,", "Column “reservation withdrawn”: The withdrawal is before"),
        (",,Text.,then,,", "Column “reservation made”: “then” is not a date."),
        (",,Text.,,,Atlantis", "Column “objections”: Line 1: “Atlantis” is not a known State."),
    ],
)
def test_a_mistake_in_a_reservation_names_its_cell(by, row, reason):
    columns = "reservation,reservation kind,reservation text,reservation made,reservation withdrawn,objections"
    staged = sent(f"code,{columns}\nCEDAW,{row}\n", by).rows.get()
    assert staged.verdict == "refused"
    assert reason in staged.reason
    assert (find("CEDAW").version, find("CEDAW").reservations.count()) == (1, 0)


def test_a_further_row_holds_a_reservation_and_no_other_fact(by):
    batch = sent("code,source,reservation text\nCEDAW,UNTC,One.\nCEDAW,Other,Two.\nCEDAW,,\n", by)
    assert verdicts(batch) == ["changed", "refused", "refused"]
    reasons = [row.reason for row in batch.rows.all()]
    assert ("Column “source”: an earlier row" in reasons[1], "the same reference" in reasons[2]) == (True, True)
