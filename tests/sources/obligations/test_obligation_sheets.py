"""Obligations as a spreadsheet: what goes out comes in and changes nothing; mistakes name their cell; undo holds."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.people.access import Role
from servanda.proceedings.retention.obligation_files import place_file_hold
from servanda.sources.models import Document, Obligation
from servanda.sources.obligations import services
from servanda.sources.obligations.sheet_kind import ObligationSheets
from servanda.vocab.models import Instrument
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
HEADER = "code,body,kind,title,due,status,reason,institution"


@built_once
def coordinator():
    make.committee("CEDAW")
    return make.user(Role.COORDINATOR)


def sent(text: str | bytes, by, name: str = "obligations.csv") -> Batch:
    content = text if isinstance(text, bytes) else text.encode()
    batch = sheets.send_sheet(kind=ObligationSheets(), file=ContentFile(content, name), name=name, by=by)
    sheets.preview_sheet(batch)
    batch.refresh_from_db()
    return batch


def applied(batch: Batch, by) -> Batch:
    sheets.start_sheet(batch=batch, options={"accept_refused": False})
    sheets.apply_sheet(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def lines(*rows: str) -> str:
    return "\n".join([HEADER, *rows])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_downloaded_and_sent_back_changes_nothing(client, ending):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    body = make.committee("CEDAW")
    full = {
        "instrument": Instrument.objects.create(code="CEDAW", name="Convention", system="UN", body=body),
        "document": Document.objects.create(symbol="CEDAW/C/SVN/CO/7"),
        "owner": make.institution("moj"),
        "combined": "eighth and ninth",
        "paragraph": "52",
        "words": "by March; 2027",
        "clock_on": date(2024, 3, 1),
        "word_limit": 21200,
        "language": "fr",
        "note": "One.\nTwo.",
        "state": "postponed",
        "state_reason": "=The session moved.",
    }
    obligation_make.obligation("=Report", due_on=date(2027, 3, 1), day_from="document", **full)
    obligation_make.obligation(certainty="to-be-communicated")
    obligation_make.submission(obligation_make.obligation(), note_verbale="1/2026")
    url = reverse("desk:obligations_export", args=[ending])
    file = b"".join(client.get(url, {"state": "all"}).streaming_content)
    batch = sent(file, coordinator, f"obligations.{ending}")
    assert list(batch.rows.values_list("verdict", "reason")) == [("unchanged", "")] * 3


def test_new_and_changed_rows_are_applied_and_undone(coordinator):
    due = obligation_make.obligation("Old", code="O-OLD", due_on=date(2027, 3, 1), owner=make.institution("moj"))
    batch = sent(
        lines(
            "O-NEW,CEDAW,initial-report,New,2028-02-29,open,,MOJ",
            "O-OLD,,,Newer,2027-06-01,,,-",
        ),
        coordinator,
    )
    assert verdicts(batch) == ["new", "changed"]
    assert Obligation.objects.count() == 1  # a preview writes nothing
    applied(batch, coordinator)
    new = Obligation.objects.kept().get(code="O-NEW")
    assert (new.due_on, new.state, new.owner.code, new.is_published) == (date(2028, 2, 29), "open", "moj", False)
    due.refresh_from_db()
    assert (due.title, due.due_on, due.owner, due.version) == ("Newer", date(2027, 6, 1), None, 2)
    sheets.undo_sheet(batch=batch, by=coordinator)
    due.refresh_from_db()
    assert (due.title, due.due_on, due.owner.code) == ("Old", date(2027, 3, 1), "moj")
    assert not Obligation.objects.filter(code="O-NEW").exists()


def test_what_could_not_be_entered_today_is_restored_all_the_same(coordinator):
    treaty = Instrument.objects.create(code="CRPD", name="Convention", in_force_on=date(2008, 5, 3))
    facts = {"state": "closed", "clock_on": date(2000, 1, 1), "instrument": treaty}
    due = obligation_make.obligation("Old", code="O-OLD", **facts)
    batch = applied(sent("code,status,clock start\nO-OLD,open,2010-01-01\n", coordinator), coordinator)
    due.refresh_from_db()
    assert (due.state, due.clock_on) == ("open", date(2010, 1, 1))
    assert sheets.undo_sheet(batch=batch, by=coordinator) == 0
    due.refresh_from_db()
    assert (due.state, due.clock_on) == ("closed", date(2000, 1, 1))


@pytest.mark.database
def test_what_was_changed_since_stays_when_the_sheet_is_undone(coordinator):
    batch = applied(sent(lines("O-NEW,CEDAW,initial-report,New,2028-02-29,,,"), coordinator), coordinator)
    new = Obligation.objects.get(code="O-NEW")
    services.publish_obligation(obligation=new, by=coordinator)
    sheets.undo_sheet(batch=batch, by=coordinator)
    assert Obligation.objects.kept().filter(code="O-NEW", is_published=True).exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("O-1,,other,A,2027-01-01,,,", "body"),
        ("O-1,XYZ,other,A,2027-01-01,,,", "“XYZ” was not found"),
        ("O-1,CEDAW,party,A,2027-01-01,,,", "kind"),
        ("O-1,CEDAW,other,A,2027-02-30,,,", "due"),
        ("O-1,CEDAW,other,A,,,,", "due"),
        ("O-1,CEDAW,other,A,2027-01-01,submitted,,", "status"),
        ("O-1,CEDAW,other,A,2027-01-01,lapsed,,", "reason"),
        ("O-1,CEDAW,other,A,2027-01-01,,,nobody", "institution"),
        (",CEDAW,other,A,2027-01-01,,,", "“code”: enter the reference of an obligation. A new obligation needs"),
        ("O 1,CEDAW,other,A,2027-01-01,,,", "code"),
        ("O-GONE,CEDAW,other,A,2027-01-01,,,", "withdrawn"),
    ],
)
def test_a_mistake_names_its_cell_and_writes_nothing(coordinator, row, words):
    obligation_make.obligation(code="O-GONE", withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="Twice.")
    batch = sent(lines("O-FINE,CEDAW,other,A,2027-01-01,,,", row), coordinator)
    assert verdicts(batch) == ["new", "refused"]
    assert words in batch.rows.get(verdict="refused").reason
    assert not Obligation.objects.filter(code__in=["O-FINE", "O-1"]).exists()


def test_a_reference_used_twice_is_refused_in_the_second_row(coordinator):
    batch = sent(lines(*["O-1,CEDAW,other,A,2027-01-01,,,"] * 2), coordinator)
    assert verdicts(batch) == ["new", "refused"]


@pytest.mark.parametrize("part", ["file", "hold"])
def test_what_has_files_or_a_hold_stays_when_the_sheet_is_undone(coordinator, part):
    batch = applied(sent(lines("O-77,CEDAW,periodic-report,Report,2030-01-01,,,"), coordinator), coordinator)
    due = Obligation.objects.get(code="O-77")
    if part == "file":
        obligation_make.file(due, coordinator)
    else:
        place_file_hold(obligation=due, reason="A claim is pending.", by=coordinator)
    sheets.undo_sheet(batch=batch, by=coordinator)
    batch.refresh_from_db()
    assert Obligation.objects.filter(code="O-77").exists()
    assert "It was changed after the import." in str(batch.rows.get().reason)


@pytest.mark.parametrize("status", ["", "postponed"])
def test_a_new_deadline_in_a_sheet_moves_open_steps_and_ends_a_postponement(coordinator, status):
    state = {"state": "postponed", "state_reason": "The session moved."}
    due = obligation_make.obligation("Report", code="O-1", due_on=date(2027, 3, 1), **state)
    obligation_make.step(due, due_on=date(2027, 2, 1))
    obligation_make.step(due, "Outline", due_on=date(2027, 1, 1), done_on=date(2027, 1, 1))
    batch = applied(sent(lines(f"O-1,,,,2027-06-01,{status},,"), coordinator), coordinator)
    due.refresh_from_db()
    assert (due.state, due.state_reason, due.due_on) == ("expected", "", date(2027, 6, 1))
    assert [step.due_on for step in due.steps.all()] == [date(2027, 1, 1), date(2027, 5, 4)]
    sheets.undo_sheet(batch=batch, by=coordinator)
    due.refresh_from_db()
    assert (due.state, due.state_reason, due.due_on) == ("postponed", "The session moved.", date(2027, 3, 1))
    assert [step.due_on for step in due.steps.all()] == [date(2027, 1, 1), date(2027, 2, 1)]


def test_a_row_may_set_the_new_deadline_and_the_state_together(coordinator):
    due = obligation_make.obligation("Report", code="O-1", due_on=date(2027, 3, 1))
    applied(sent(lines("O-1,,,,2027-06-01,postponed,By the committee.,"), coordinator), coordinator)
    due.refresh_from_db()
    assert (due.state, due.state_reason, due.due_on) == ("postponed", "By the committee.", date(2027, 6, 1))


def test_a_new_clock_in_a_sheet_moves_the_deadline_of_its_rule(coordinator):
    rule = obligation_make.rule("cedaw-periodic", offset=48)
    days = {"clock_on": date(2026, 3, 1), "due_on": date(2030, 3, 1), "day_from": "rule", "rule": rule}
    due = obligation_make.obligation("Report", code="O-1", certainty="estimate", **days)
    applied(sent("code,clock start\nO-1,2026-04-01", coordinator), coordinator)
    due.refresh_from_db()
    assert (due.clock_on, due.due_on) == (date(2026, 4, 1), date(2030, 4, 1))


def test_a_day_before_the_treaty_names_its_cell(coordinator):
    body = make.committee("CEDAW")
    Instrument.objects.create(code="CEDAW", name="Convention", system="UN", body=body, in_force_on=date(1981, 9, 3))
    batch = sent(lines("O-1,CEDAW,other,A,1980-01-01,,,"), coordinator)
    assert verdicts(batch) == ["refused"]
    assert "due" in batch.rows.get().reason
    assert "before the entry into force" in batch.rows.get().reason
