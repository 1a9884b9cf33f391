"""The pack of a hand-over: who reads it, what it tells each of them, and the files that are made of it."""

import zipfile
from datetime import date, timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from servanda.desk.hand_over.pack import read_pack
from servanda.desk.hand_over.services import end_appointment
from servanda.intake.models import Batch
from servanda.kit.files.paper import LETTER, USUAL
from servanda.people.access import Role
from servanda.people.models import Appointment, HandOver, Instance, Succession, User
from servanda.recommendations.labels import services as labels
from servanda.reporting.reports.services import write_section
from servanda.trail.models import Event
from tests import make, obligation_make, reports_make
from tests.house.answers import opened

pytestmark = pytest.mark.django_db

WORD = "zorbatrix"
YESTERDAY = timezone.localdate() - timedelta(days=1)
FORMATS = ("pdf", "docx")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def ministry():
    above = make.institution("government", name="Government Office", email="office@example.org")
    return make.institution("moj", name="Ministry of Justice", parent=above, email="moj@example.org")


@pytest.fixture
def leaver() -> User:
    return make.user(Role.PUBLIC, name="Ana Leaver")


@pytest.fixture
def newcomer(ministry) -> User:
    return make.user(Role.FOCAL_POINT, ministry, name="Bo Newcomer")


@pytest.fixture
def made(leaver, newcomer, ministry) -> HandOver:
    ended = make.appointment(leaver, ministry, end=YESTERDAY, act="Decree 7")
    return HandOver.objects.create(appointment=ended, to=newcomer, note="Ask the agency early.")


def restricted(text: str, institution, **fields):
    record = make.recommendation(text, confidentiality="restricted", is_published=False, **fields)
    record.restricted_to.add(institution)
    return record


def page(client, made: HandOver, person: User, **query):
    client.force_login(person)
    return client.get(reverse("desk:hand_over", args=[made.pk]), query)


def file(client, made: HandOver, format: str, person: User, **headers) -> bytes:
    client.force_login(person)
    answer = client.get(reverse("desk:hand_over_file", args=[made.pk, format]), headers=headers)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def words_of(content: bytes) -> str:
    return opened(content).replace("\u00a0", " ")


@pytest.mark.parametrize("format", [None, "docx"])
def test_each_one_concerned_reads_it_and_nobody_else(client, made, leaver, newcomer, ministry, format):
    inside = [leaver, newcomer, make.user(Role.READER, ministry), make.user(Role.AUTHORITY, ministry.parent)]
    inside += [make.user(Role.COORDINATOR), make.user(Role.ADMINISTRATOR)]
    outside = [make.user(Role.FOCAL_POINT, make.institution("mfa")), make.user(Role.CONTRIBUTOR, ministry)]
    outside += [make.user(Role.AUDITOR), make.user(Role.PUBLIC)]
    name, more = ("desk:hand_over_file", [format]) if format else ("desk:hand_over", [])
    found = []
    for person in [*inside, *outside]:
        client.force_login(person)
        found.append(client.get(reverse(name, args=[made.pk, *more])).status_code)
    assert found == [200] * len(inside) + [404] * len(outside)


def test_a_foreign_and_a_missing_one_answer_the_same(client, made):
    client.force_login(make.user(Role.FOCAL_POINT, make.institution("mfa")))
    foreign, missing = (client.get(reverse("desk:hand_over", args=[pk])) for pk in (made.pk, made.pk + 1000))
    assert foreign.status_code == missing.status_code == 404


def test_who_is_not_logged_in_is_asked_to(client, made):
    assert client.get(reverse("desk:hand_over", args=[made.pk])).url.startswith(reverse("account_login"))


def test_a_reader_of_the_institution_does_not_learn_who_its_contributor_was(client, leaver, ministry):
    ended = make.appointment(leaver, ministry, "contributor", end=YESTERDAY)
    secret = HandOver.objects.create(appointment=ended, to=None)
    assert page(client, secret, make.user(Role.READER, ministry)).status_code == 404
    assert page(client, secret, leaver).status_code == 200


def test_the_page_tells_what_is_open_whom_to_ask_and_what_changed(client, made, newcomer, ministry):
    colleague = make.user(Role.AUTHORITY, ministry, name="Avi Colleague", phone="+386 1 234")
    above = make.user(Role.FOCAL_POINT, ministry.parent, name="Gia Above")
    Instance.objects.create(pk=1, contact="secretariat@example.org")
    record = restricted("Reform the prisons.", ministry)
    undecided = make.recommendation("Ratify the protocol.", stand="pending", decide_by=date(2030, 5, 4))
    labels.add_labels(recommendation=record, terms=[make.term("Detention")], by=make.user(Role.COORDINATOR))
    shown = page(client, made, newcomer).content.decode()
    for words in (
        *("Ana Leaver", "Bo Newcomer", "Decree 7", "Ask the agency early."),
        *(record.code, "Reform the prisons.", undecided.code, "4 May 2030"),
        *(colleague.name, colleague.email, "+386 1 234", above.name),
        *("moj@example.org", "office@example.org", "secretariat@example.org"),
        f"added labels to the record {record.code}",
        "Avi Colleague was appointed: Validating authority",
    ):
        assert words in shown


def test_records_of_a_predecessor_are_open_items_of_the_successor(client, made, newcomer, ministry):
    old = make.institution("old-moj")
    record = restricted("Reform the prisons.", old)
    assert record.code not in page(client, made, newcomer).content.decode()
    old.successions.create(successor=ministry, on=date(2025, 1, 1))
    assert record.code in page(client, made, User.objects.get(pk=newcomer.pk)).content.decode()


@pytest.mark.usefixtures("pdf_is_its_page")
@pytest.mark.parametrize("format", ["", *FORMATS])
def test_replies_that_bodies_wait_for_stand_in_the_pack_of_whoever_answers_for_them(
    client, made, newcomer, ministry, format
):
    today = timezone.localdate()
    theirs, sent, past, foreign = (make.recommendation(f"Tell us of {what}.") for what in ("a", "b", "c", WORD))
    for record in (theirs, sent, past):
        make.assignment(record, ministry)
    day = date(today.year + 1, 3, 4)
    for record in (theirs, foreign):
        make.follow_up(record, due_on=day)
    make.follow_up(sent, due_on=day, replied_on=today)
    make.follow_up(past, due_on=today - timedelta(days=400))
    if not format:
        pack = page(client, made, newcomer).context["pack"]
        assert [row.record for row in pack.replies.rows] == [theirs]
        assert f"4 March {day.year}" in page(client, made, newcomer).content.decode()
        made.to = make.user(Role.COORDINATOR)
        made.save()
        pack = page(client, made, made.to).context["pack"]
        assert {row.record for row in pack.replies.rows} == {theirs, foreign}
        return
    text = words_of(file(client, made, format, newcomer))
    assert f"4 March {day.year}" in text
    assert WORD not in text


@pytest.mark.database
@pytest.mark.usefixtures("pdf_is_its_page")
@pytest.mark.parametrize("format", ["", *FORMATS])
def test_what_the_institution_and_its_predecessor_answer_for_is_told_the_most_urgent_first(
    client, made, newcomer, ministry, format
):
    office = make.institution("office")
    Succession.objects.create(predecessor=office, successor=ministry, on=YESTERDAY)
    later, sooner, theirs = (make.recommendation(f"Protect {word}.") for word in ("elders", "children", WORD))
    make.assignment(later, ministry, part="supporting", due_on=date(2027, 3, 4))
    make.assignment(sooner, office, due_on=date(2027, 1, 2))
    make.assignment(theirs, make.institution("other"))
    make.assignment(theirs, ministry, refused_at=timezone.now(), refusal_reason="Not ours.")
    if not format:
        pack = page(client, made, newcomer).context["pack"]
        assert [row.record for row in pack.assigned.rows] == [sooner, later]
        return
    words = words_of(file(client, made, format, newcomer))
    assert all(part in words for part in (sooner.code, later.code, "2 January 2027", "4 March 2027"))
    assert theirs.code not in words


def test_imports_that_wait_are_told_to_those_who_import(client, made, newcomer):
    Batch.objects.create(name="list.docx", state=Batch.State.PREVIEWED, created_by=newcomer)
    Batch.objects.create(name="old.docx", state=Batch.State.APPLIED, created_by=newcomer)
    shown = page(client, made, make.user(Role.COORDINATOR)).content.decode()
    assert "list.docx" in shown
    assert "old.docx" not in shown
    assert "list.docx" not in page(client, made, newcomer).content.decode()


def test_positions_are_only_those_of_the_bodies_of_the_appointment(client, made, newcomer):
    Appointment.objects.filter(pk=made.appointment_id).update(bodies="UPR")
    mine = make.recommendation(stand="pending", decide_by=date(2030, 1, 2))
    soon = make.recommendation(stand="", decide_by=date(2030, 1, 1))
    make.recommendation(body=make.body("CRC", "treaty-body"), stand="")
    undecided = page(client, made, newcomer).context["pack"].undecided
    assert [row.record for row in undecided.rows] == [soon, mine]
    assert undecided.href.endswith("?stand=pending&stand=-&body=UPR")
    Appointment.objects.filter(pk=made.appointment_id).update(bodies="CRC")
    assert not page(client, made, newcomer).context["pack"].undecided.rows


def test_who_left_and_holds_nothing_reads_no_open_item(client, made, leaver, ministry):
    restricted("Reform the prisons.", ministry)
    make.recommendation("Ratify the protocol.", stand="pending", decide_by=date(2030, 5, 4))
    colleague = make.user(Role.AUTHORITY, ministry, name="Avi Colleague")
    shown = page(client, made, leaver).content.decode()
    assert "Ask the agency early." in shown
    for hidden in ("Reform the prisons.", "Ratify the protocol.", colleague.name, "was appointed"):
        assert hidden not in shown


@pytest.mark.parametrize("format", [None, "docx"])
def test_a_restricted_record_of_another_institution_is_in_no_pack(client, made, newcomer, leaver, ministry, format):
    foreign = restricted(f"Protect the {WORD}.", make.institution("mfa"), stand="pending", decide_by=date(2030, 1, 1))
    shared = restricted("Reform the prisons.", ministry)
    make.recommendation(f"Draft {WORD}.", is_published=False, confidentiality="restricted")
    by = make.user(Role.COORDINATOR)
    for record in (foreign, shared):
        labels.add_labels(recommendation=record, terms=[make.term("Detention")], by=by)

    def read(person: User) -> str:
        if format:
            return words_of(file(client, made, format, person))
        return page(client, made, person).content.decode()

    for person in (newcomer, leaver):
        assert WORD not in read(person)
        assert foreign.code not in read(person)
    assert shared.code in read(newcomer).replace("\r\n", "")
    assert WORD in read(by)


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_says_what_the_page_says(client, made, newcomer, ministry, format):
    record = restricted("Reform the prisons & courts <soon>.", ministry)
    make.user(Role.AUTHORITY, ministry, name="Avi Colleague", email="avi@example.org")
    content = file(client, made, format, newcomer)
    if format == "docx":
        document = Document(BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    else:
        text = words_of(content)
    for words in ("Ana Leaver", "Ask the agency early.", "prisons & courts <soon>", "avi@example.org", record.code):
        assert words in text


def test_the_metadata_name_the_title_and_the_instance_and_no_person(client, made, newcomer):
    Instance.objects.create(pk=1, name="The Mechanism")
    title = "Hand-over: Focal point, principal, Ministry of Justice"
    about = pypdfium2.PdfDocument(file(client, made, "pdf", newcomer)).get_metadata_dict(skip_empty=True)
    assert about == {"Title": title, "Author": "The Mechanism"}
    content = file(client, made, "docx", newcomer)
    core = Document(BytesIO(content)).core_properties
    assert (core.title, core.author, core.comments, core.last_modified_by) == (title, "The Mechanism", "", "")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        about = [parts.read(name).decode() for name in parts.namelist() if name.startswith("docProps/")]
    assert len(about) == 1
    for name in ("python-docx", "Macintosh", "Ana", "Bo Newcomer"):
        assert name not in about[0]


def test_an_arabic_word_file_runs_from_right_to_left(client, made, newcomer, ministry):
    restricted("Reform the prisons.", ministry)
    with_words = file(client, made, "docx", newcomer, **{"accept-language": "ar"})
    document = Document(BytesIO(with_words))
    assert {table._tbl.tblPr.find(f"{W}bidiVisual") is not None for table in document.tables} == {True}
    places = [cell.paragraphs[0] for table in document.tables for row in table.rows for cell in row.cells]
    runs = [run for paragraph in [*document.paragraphs, *places] for run in paragraph.runs]
    arabic = [run for run in runs if any("\u0600" <= letter <= "\u06ff" for letter in run.text)]
    assert len(arabic) > 5
    for run in arabic:
        assert {f"{W}rtl", f"{W}szCs"} <= {part.tag for part in run._r.rPr}
        assert run._r.rPr.find(f"{W}bCs") is not None or not run.bold
    turned = {place.text: place._p.pPr is not None and place._p.pPr.find(f"{W}bidi") is not None for place in places}
    assert turned.pop("Reform the prisons.") is False
    # A reference and an address keep the order of their signs, and stand at the side where the line begins.
    codes = [
        block for block in [*document.paragraphs, *places] if any(sign in block.text for sign in ("SVN-", "@", "://"))
    ]
    assert {code.alignment for code in codes} == {WD_ALIGN_PARAGRAPH.RIGHT}
    assert {turned.pop(code.text, False) for code in codes} == {False}
    assert set(turned.values()) == {True}


def test_each_line_of_a_note_begins_at_its_own_side(client, made, newcomer):
    made.note = "The plan is half done.\nخطة 2027 لم تكتمل بعد."
    made.save()
    line = left_edges(file(client, made, "pdf", newcomer), "2027")[0]
    assert line > 0.5


def test_a_program_that_reads_a_word_file_aloud_knows_its_languages(client, made, newcomer, ministry):
    restricted("Reform the prisons.", ministry, language="en")
    document = Document(BytesIO(file(client, made, "docx", newcomer, **{"accept-language": "es"})))
    standard = document.styles.element.find(f".//{W}rPrDefault//{W}lang")
    assert (document.core_properties.language, standard.get(f"{W}val")) == ("es", "es")
    places = [cell.paragraphs[0] for table in document.tables for row in table.rows for cell in row.cells]
    languages = {place.text: place.runs[0]._r.find(f"{W}rPr/{W}lang") for place in places}
    assert languages["Reform the prisons."].get(f"{W}val") == "en"
    assert languages["Referencia"] is None


def test_dates_and_addresses_are_not_broken_in_a_file(client, made, newcomer, ministry):
    long = " ".join(["Improve access to affordable and good care for older persons"] * 4)
    make.assignment(make.recommendation(long), ministry, due_on=date(2027, 9, 21))
    spanish = {"accept-language": "es"}
    assert "septiembre" in words_of(file(client, made, "pdf", newcomer, **spanish))
    document = Document(BytesIO(file(client, made, "docx", newcomer, **spanish)))
    (rows,) = [table.rows for table in document.tables if "Plazo" in [cell.text for cell in table.rows[0].cells]]
    widths, first = [cell.width.cm for cell in rows[0].cells], [cell.text for cell in rows[1].cells]
    code, text, due = widths
    assert text > max(code, due)
    for width, whole in ((code, first[0]), (due, first[2])):
        assert " " not in whole
        assert width > len(whole) * LETTER * USUAL.table


def left_edges(content: bytes, *words: str) -> list[float]:
    """Where each of these begins on its page, from the left, as a part of the width."""
    found = []
    for word in words:
        for sheet in pypdfium2.PdfDocument(content):
            text = sheet.get_textpage()
            if hit := text.search(word).get_next():
                found.append(text.get_charbox(hit[0])[0] / sheet.get_width())
                break
    return found


def test_an_arabic_pdf_has_its_columns_from_right_to_left(client, made, newcomer, ministry):
    record = restricted("Reform the prisons.", ministry)
    code, text = left_edges(file(client, made, "pdf", newcomer), record.code[:8], "Reform")
    assert code < text
    code, text = left_edges(
        file(client, made, "pdf", newcomer, **{"accept-language": "ar"}), record.code[:8], "Reform"
    )
    assert code > text


def test_a_download_is_recorded_and_looking_is_not(client, made, newcomer):
    page(client, made, newcomer)
    client.head(reverse("desk:hand_over_file", args=[made.pk, "docx"]))
    assert not Event.objects.filter(action="hand-over-downloaded").exists()
    file(client, made, "docx", newcomer)
    event = Event.objects.get(action="hand-over-downloaded")
    assert (event.actor, event.object_id) == (newcomer, str(made.pk))
    assert "docx" in event.difference


def test_there_is_no_other_kind_of_file(client, made, newcomer):
    client.force_login(newcomer)
    assert client.get(reverse("desk:hand_over_file", args=[made.pk, "odt"])).status_code == 404


def test_a_long_list_has_pages(client, made, newcomer, ministry):
    for _number in range(23):
        restricted("Reform the prisons.", ministry)
    first, second = page(client, made, newcomer), page(client, made, newcomer, page=2)
    assert [len(shown.context["pack"].named.rows) for shown in (first, second)] == [20, 3]
    assert first.context["pack"].named.total == 23
    assert 'rel="next"' in first.content.decode()
    assert 'rel="prev"' in second.content.decode()


def test_the_page_costs_the_same_for_few_records_and_for_many(client, made, newcomer, ministry):
    by, counts = make.user(Role.COORDINATOR), []
    for further in (3, 4, 15, 11):  # few, and more than a page shows
        for _number in range(further):
            record = restricted("Reform the prisons.", ministry, stand="pending")
            labels.add_labels(recommendation=record, terms=[make.term("Detention")], by=by)
            make.user(Role.READER, ministry)
        page(client, made, newcomer)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("desk:hand_over", args=[made.pk]))
        counts.append(len(queries))
    assert (counts[0], counts[2]) == (counts[1], counts[3])


def test_the_desk_of_the_newcomer_leads_to_the_pack(client, made, newcomer, ministry):
    address = reverse("desk:hand_over", args=[made.pk])
    for person, leads in ((newcomer, True), (make.user(Role.READER, ministry), False)):
        client.force_login(person)
        assert (address in client.get(reverse("desk:home")).content.decode()) is leads


def test_records_assigned_to_the_institution_are_named_and_their_changes_told(client, made, newcomer, ministry):
    record = make.recommendation("Reform the prisons.")
    make.assignment(record, ministry)
    labels.add_labels(recommendation=record, terms=[make.term("Detention")], by=make.user(Role.COORDINATOR))
    answer = page(client, made, newcomer)
    assert [row.record for row in answer.context["pack"].named.rows] == [record]
    assert f"added labels to the record {record.code}" in answer.content.decode()


def test_sections_of_reports_that_are_still_to_be_written_are_handed_over(client, made, newcomer, ministry):
    coordinator = make.user(Role.COORDINATOR)
    report = reports_make.report(coordinator, title="Mid-term report")
    section = reports_make.assigned(report, "method", ministry, coordinator)
    reports_make.assigned(report, "chapters", make.institution("other"), coordinator)
    assert "All sections of reports to write" in page(client, made, newcomer).content.decode()

    def handed_over() -> list[str]:
        pack = read_pack(made, newcomer, on=timezone.localdate(), most=10, is_file=True)
        return [row.heading for row in pack.report_sections.rows]

    assert handed_over() == ["Method"]
    write_section(section=section, text="Done.", seen=section.version, by=newcomer)
    assert handed_over() == []


@pytest.mark.database
@pytest.mark.usefixtures("pdf_is_its_page")
@pytest.mark.parametrize("has_successor", [True, False])
def test_obligations_that_moved_are_in_the_files_and_in_a_list(client, newcomer, ministry, has_successor):
    leaver, coordinator = make.user(Role.FOCAL_POINT, make.institution("moh")), make.user(Role.COORDINATOR)
    due = obligation_make.obligation("Third report", code="O-1", responsible=leaver, due_on=date(2027, 3, 4))
    obligation_make.obligation("Another one", code="O-2", responsible=coordinator)
    made = end_appointment(
        appointment=leaver.appointments.get(),
        on=timezone.localdate(),
        to=newcomer if has_successor else None,
        act="Decree 7",
        note="",
        origin="https://desk.example.org",
        by=coordinator,
    )
    for format in FORMATS:
        words = words_of(file(client, made, format, coordinator))
        assert all(shown in words for shown in ("Obligations handed over", "O-1", "Third report", "4 March 2027"))
        assert "O-2" not in words
    url = f"{reverse('desk:obligations')}?handed_over={made.pk}&state=all"
    assert url.replace("&", "&amp;") in page(client, made, coordinator).content.decode()
    for key, expected in ((made.pk, [due]), (made.pk + 1, []), ("x", [])):
        answer = client.get(reverse("desk:obligations"), {"handed_over": key, "state": "all"})
        assert [row for row, _is_late in answer.context["rows"]] == expected
        assert "Only obligations of one hand-over." in answer.content.decode()
