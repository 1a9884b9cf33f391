import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.intake import people_sheet
from servanda.intake import people_sheet_export as out
from servanda.intake.models import Batch
from servanda.intake.people_sheet_reading import COLUMNS
from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.models import Appointment, Institution, User
from servanda.trail.models import Event
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

INSTITUTIONS, PEOPLE = (list(COLUMNS[kind]) for kind in ("institutions", "people"))


def table(columns: list[str], rows: list[dict]) -> list[list[str]]:
    return [columns, *[[row.get(column, "") for column in columns] for row in rows]]


def as_csv(columns: list[str], *rows: dict) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table(columns, list(rows)))
    return text.getvalue().encode()


def as_workbook(**sheets: list[list]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def ministry(**cells) -> dict:
    return {"code": "mjust", "name": "Ministry of Justice", "branch": "executive", **cells}


def person(**cells) -> dict:
    held = {"institution": "mjust", "function": "principal", "act": "Decree 1", "from": "2026-01-05"}
    return {"e-mail": "ana@example.org", "name": "Ana", "telephone": "+386 1 234", **held, **cells}


def alone(**cells) -> dict:
    return {"e-mail": "ana@example.org", "name": "Ana", **cells}


def send(client, content: bytes, name: str = "people.xlsx") -> Batch:
    answer = client.post(reverse("desk:send_people_sheet"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.get(key=answer.url.rstrip("/").rpartition("/")[2])


def send_rows(client, *, institutions: list[dict] = (), people: list[dict] = (), extra: list[str] = ()) -> Batch:
    sheets = {"institutions": table([*INSTITUTIONS, *extra], institutions), "people": table(PEOPLE, people)}
    return send(client, as_workbook(**sheets))


def press(client, deed: str, batch: Batch, **ticks) -> Batch:
    client.post(reverse(f"desk:{deed}_people_sheet", args=[batch.key]), ticks)
    return Batch.objects.get(pk=batch.pk)


def verdicts(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.rows.values_list("where", "verdict"))


def reason(batch: Batch) -> str:
    return batch.rows.exclude(reason="").get().reason


def counted() -> tuple[int, int, int]:
    return Institution.objects.count(), User.objects.count(), Appointment.objects.count()


@pytest.fixture
def at_work(client, transactional_db):
    """Somebody who manages people, with jobs that run when the deed is committed."""
    client.force_login(make.user("coordinator"))
    return client


def test_a_preview_says_what_is_new_and_changes_nothing(at_work):
    before = counted()
    batch = send_rows(at_work, institutions=[ministry()], people=[person()])
    assert verdicts(batch) == [("institutions, row 2", "new"), ("people, row 2", "new")]
    assert batch.state == "previewed"
    assert counted() == before
    page = at_work.get(reverse("desk:people_sheet", args=[batch.key])).content.decode()
    assert "Ministry of Justice" in page


def test_applying_makes_what_the_preview_promised(at_work):
    batch = press(at_work, "apply", send_rows(at_work, institutions=[ministry()], people=[person()]))
    assert batch.state == "applied"
    ana = User.objects.get(email="ana@example.org")
    assert (ana.name, ana.phone, ana.is_active, ana.accepted_at) == ("Ana", "+386 1 234", False, None)
    assert not ana.has_usable_password()
    assert ana.roles == {Role.FOCAL_POINT}
    held = ana.appointments.get()
    assert (held.institution.code, held.act, held.start) == ("mjust", "Decree 1", date(2026, 1, 5))
    assert not Mail.objects.exists()


def test_one_line_of_the_trail_tells_of_the_whole_file(at_work):
    batch = send_rows(at_work, institutions=[ministry()], people=[person()])
    press(at_work, "apply", batch)
    told = Event.objects.exclude(action="logged-in").order_by("sequence")
    actions = list(told.values_list("action", flat=True))
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
    page = at_work.get(reverse("desk:people_sheet", args=[batch.key])).content.decode()
    assert "<bdi>telephone</bdi>: <bdi>1</bdi> → <bdi>2</bdi>" in page
    press(at_work, "apply", batch)
    held = Institution.objects.get(code="mjust")
    assert held.phone == "2"
    assert held.history.first().history_change_reason == "people.xlsx"


def test_a_name_without_a_language_stays_one_when_it_is_corrected(at_work):
    make.institution("mjust", name="MoJ")
    batch = send_rows(at_work, institutions=[ministry()])
    page = at_work.get(reverse("desk:people_sheet", args=[batch.key])).content.decode()
    assert "<bdi>name</bdi>: <bdi>MoJ</bdi> → <bdi>Ministry of Justice</bdi>" in page
    press(at_work, "apply", batch)
    assert str(Institution.objects.get().name) == "Ministry of Justice"
    press(at_work, "undo", batch)
    assert str(Institution.objects.get().name) == "MoJ"


def test_an_empty_cell_changes_nothing_and_a_dash_empties(at_work):
    make.institution("mjust", name="Ministry of Justice", phone="1", email="a@example.org")
    press(at_work, "apply", send_rows(at_work, institutions=[ministry(telephone="", **{"e-mail": "-"})]))
    held = Institution.objects.get(code="mjust")
    assert (held.phone, held.email) == ("1", "")


def test_names_come_in_each_language_that_has_a_column(at_work):
    rows = [ministry(**{"name:es": "Ministerio de Justicia"})]
    press(at_work, "apply", send_rows(at_work, institutions=rows, extra=["name:es"]))
    assert Institution.objects.get().name.data == {"en": "Ministry of Justice", "es": "Ministerio de Justicia"}


def test_a_row_may_stand_above_the_institution_that_it_is_part_of(at_work):
    rows = [ministry(code="prisons", name="Prisons", **{"part of": "MJUST"}), ministry()]
    press(at_work, "apply", send_rows(at_work, institutions=rows))
    assert Institution.objects.get(code="prisons").parent.code == "mjust"


REFUSED_INSTITUTIONS = {
    "“code”: it is empty": ministry(code=""),
    "“code”: Enter a valid": ministry(code="m just"),
    "“name”: it is empty": ministry(name=""),
    "“branch”: “royal” is not known. Write one of: executive": ministry(branch="royal"),
    "“part of”: no institution has the abbreviation “nowhere”": ministry(**{"part of": "nowhere"}),
    "“part of”: no institution has the abbreviation “mjust”": ministry(**{"part of": "mjust"}),
    "“e-mail”: Enter a valid": ministry(**{"e-mail": "somewhere"}),
    "“exists since”: “soon” is no day": ministry(**{"exists since": "soon"}),
    "“exists since”: It existed until": ministry(**{"exists since": "2026-01-01", "exists until": "2025-01-01"}),
}


@pytest.mark.parametrize("sentence", REFUSED_INSTITUTIONS)
def test_a_bad_cell_of_an_institution_is_named_by_row_and_column(at_work, sentence):
    batch = send_rows(at_work, institutions=[REFUSED_INSTITUTIONS[sentence]])
    assert verdicts(batch) == [("institutions, row 2", "refused")]
    assert sentence in reason(batch)


REFUSED_PEOPLE = {
    "“e-mail”: it is empty": person(**{"e-mail": ""}),
    "“e-mail”: Enter a valid": person(**{"e-mail": "ana"}),
    "“name”: This field cannot be blank": person(name=""),
    "“language”: “xx” is not known": person(language="xx"),
    "“institution”: no institution has the abbreviation “nowhere”": person(institution="nowhere"),
    "“institution”: it is empty": person(institution=""),
    "“function”: “boss” is not known. Write one of: principal": person(function="boss"),
    "“function”: it is empty": person(function=""),
    "“from”: it is empty": person(**{"from": ""}),
    "“from”: “31.2.2026” is no day": person(**{"from": "31.2.2026"}),
    "“until”: The last day lies before the first": person(until="2025-01-01"),
    "“bodies”: “C&C” is no code": person(bodies="C&C"),
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
    assert Event.objects.filter(action="refused", object_label="apply_people_sheet").exists()
    assert press(at_work, "apply", batch, accept_refused="on").state == "applied"
    assert [one.code for one in Institution.objects.all()] == ["mjust"]


def test_people_who_have_come_in_keep_their_own_name_and_telephone(at_work):
    make.institution("mjust")
    make.user("public", email="ana@example.org", name="Ana Maria", phone="1")
    batch = send_rows(at_work, people=[person()])
    assert "keep them themselves" in reason(batch)
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
    assert "closed or succeeded on its own page" in reason(batch)


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
    held = Institution.objects.get(code="mjust")
    assert (held.phone, held.parent, held.active_from) == ("2", None, date(2010, 1, 1))
    assert press(at_work, "undo", batch).message == ""
    held = Institution.objects.get(code="mjust")
    assert (str(held.name), held.phone, held.parent, held.active_from) == ("MoJ", "1", parent, date(2000, 1, 1))
    assert not isinstance(held.name, LazyI18nString) or held.name.data == "MoJ"
    eva.refresh_from_db()
    assert eva.name == "Eva"
    appointment = eva.appointments.get()
    assert (appointment.act, appointment.end) == ("Letter", None)


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
    assert reasons["institutions, row 3"] == "It was changed since."
    assert reasons["people, row 2"] == "This person has come in since."


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


def test_the_country_of_the_issue_goes_in_at_once(at_work):
    institutions = [ministry(code=f"i{number}", name=f"Institution {number}") for number in range(70)]
    people = [
        person(**{"e-mail": f"p{number}@example.org"}, institution=f"i{number % 70}", function="alternate")
        for number in range(170)
    ]
    batch = press(at_work, "apply", send_rows(at_work, institutions=institutions, people=people))
    assert batch.state == "applied"
    assert Appointment.objects.count() == 170
    assert Institution.objects.count() == 70


@pytest.mark.parametrize("what", ["institutions", "people"])
def test_one_table_may_come_as_csv(at_work, what):
    make.institution("mjust")
    content = as_csv(INSTITUTIONS, ministry(code="new")) if what == "institutions" else as_csv(PEOPLE, person())
    assert verdicts(send(at_work, content, "people.csv")) == [(f"{what}, row 2", "new")]


def test_dates_of_a_workbook_and_of_the_continent_are_days(at_work):
    make.institution("mjust")
    rows = [PEOPLE, [person(**{"from": date(2026, 1, 5), "until": "6.2.2026"}).get(column, "") for column in PEOPLE]]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("people")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    press(at_work, "apply", send(at_work, file.getvalue()))
    held = Appointment.objects.get()
    assert (held.start, held.end) == (date(2026, 1, 5), date(2026, 2, 6))


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


def test_an_export_holds_only_what_the_person_may_see():
    home = make.institution("mjust")
    make.appointment(make.user("public", email="ngo@example.org"), home, "contributor")
    reader = make.user("reader", home, email="reader@example.org")
    _header, rows = out.people_table(reader)
    assert {row[0] for row in rows} == {"reader@example.org"}
    _header, rows = out.people_table(make.user("coordinator", email="c@example.org"))
    assert {"ngo@example.org", "reader@example.org"} < {row[0] for row in rows}
    assert out.institutions_table(make.user("public"))[1] == []


def test_erased_people_are_not_exported():
    make.user("public", email="gone@example.org", is_active=False, erased_at=timezone.now())
    _header, rows = out.people_table(make.user("coordinator", email="c@example.org"))
    assert [row[0] for row in rows] == ["c@example.org"]


def test_the_template_can_be_filled_in_and_its_example_is_left_out(at_work):
    answer = at_work.get(reverse("desk:people_sheet_template"))
    batch = send(at_work, b"".join(answer.streaming_content))
    assert batch.state == "failed"
    assert "no rows of institutions or people" in batch.message
    assert set(COLUMNS["people"]) == set(out.template_tables()["people"][0])


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return file.getvalue()


UNREADABLE = {
    "unpacks to 20 MB": bomb(),
    "damaged or incomplete": b"PK\x03\x04 broken",
    "has no rows": b"some text",
    "these columns twice: name": b"code,name,name\nmjust,a,b\n",
}


@pytest.mark.parametrize("sentence", UNREADABLE)
def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(at_work, sentence):
    batch = send(at_work, UNREADABLE[sentence])
    assert batch.state == "failed"
    assert sentence in batch.message
    assert not batch.file


def test_a_file_that_is_too_large_is_not_taken(at_work, monkeypatch):
    monkeypatch.setattr(people_sheet, "MOST_BYTES", 10)
    file = SimpleUploadedFile("a.csv", b"code,name\nmjust,Ministry\n")
    answer = at_work.post(reverse("desk:send_people_sheet"), {"file": file})
    assert answer.status_code == 422
    assert not Batch.objects.exists()


def test_columns_that_are_not_known_are_named(at_work):
    batch = send(at_work, as_csv([*INSTITUTIONS, "telefone"], ministry(telefone="1")), "a.csv")
    assert "left out: telefone" in batch.message


def test_names_and_addresses_are_forgotten_after_a_month(at_work):
    old = press(at_work, "apply", send_rows(at_work, institutions=[ministry()]))
    waiting, young = send_rows(at_work, people=[alone()]), send_rows(at_work, people=[alone()])
    Batch.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert people_sheet.forget_old_sheets(on=timezone.now()) == 2
    assert people_sheet.forget_old_sheets(on=timezone.now()) == 0
    assert not old.rows.exists()
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
    assert at_work.get(reverse("desk:people_sheet", args=[batch.key])).status_code == 404
