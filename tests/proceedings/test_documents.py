"""A letter or judgment that was read begins a proceeding: looked at first, created whole or not at all, undone."""

from datetime import date

import pytest
from django.core.files import File
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.files.pdf import pdf_of
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.proceedings.cases.services import set_case
from servanda.proceedings.documents import MOST_ROWS, kind_for, propose, undo_from_document
from servanda.proceedings.models import Proceeding
from servanda.proceedings.obligations import FOLLOWED
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Document, DocumentReading, Obligation, Question, ReadUnit
from servanda.sources.obligations.services import set_obligation_state
from servanda.sources.questions.queries import documents_with_questions
from servanda.sources.units.questions import why_not_undone
from servanda.sources.units.reading import read_into_units
from servanda.vocab.models import Body
from tests import make, obligation_make, questions_make, reports_make
from tests import proceedings_make as made
from tests.house.answers import source_of
from tests.proceedings.retention.test_erasing import close, erase, keep, places_of
from tests.sources import documents_make
from tests.sources.documents.test_letters_and_judgments import LETTER
from tests.sources.documents.test_published_wordings import EARLY_WARNING, URGENT_ACTION
from tests.sources.judgments_make import made_judgments
from tests.sources.letters_make import HELD_BACK, SEEN, made_letters
from tests.sources.units.test_obligations import JUDGMENT, applied, previewed, sent, written

pytestmark = pytest.mark.django_db
MANAGEMENT = {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0"}


@pytest.fixture
def by(client):
    make.country()
    Instance.objects.create(pk=1, name="Office", state_code="SVN", languages="en,es")
    for code, kind in (("ECtHR-CM", "court"), ("IACtHR", "court"), ("AfCHPR", "court"), ("SR Food", None)):
        make.body(code, kind or Body.Kind.SPECIAL_PROCEDURE)
    made.shipped_rule("communication")
    return make.signed_in(client, Role.COORDINATOR)


def read(rows, tmp_path, by) -> DocumentReading:
    return sent(written(rows, tmp_path / "document.docx"), by)


def address(reading: DocumentReading) -> str:
    return reverse("desk:create_from_document", args=[reading.batch.key])


def filled(page) -> dict:
    """What the form and its rows hold before a person changes anything."""
    form, rows = page.context["form"], page.context["rows"]
    values = {field.html_name: field.value() for field in form}
    values |= {field.html_name: field.value() for row in [rows.management_form, *rows] for field in row}
    return {name: value for name, value in values.items() if value not in (None, "")}


def case_as_read(client, reading: DocumentReading) -> dict:
    """What the form holds, with what a person adds: when it arrived, and of what type each measure is."""
    sending = filled(client.get(address(reading))) | {"received_on": "2026-09-14", "language": "en"}
    sending |= {"reference": "12/2020", "title": "A case"}
    return sending | {name.replace("-text", "-type"): "general" for name in sending if name.endswith("-text")}


def test_a_letter_is_created_as_read_once_a_person_saves(by, client, tmp_path):
    Body.objects.filter(code="SR Food").update(name="Special Rapporteur on the right to food")
    reading = read(LETTER, tmp_path, by)
    page = client.get(address(reading))
    assert not Proceeding.objects.exists()
    sending = filled(page)
    assert sending["reference"] == "AL SVN 1/2026"
    assert sending["sent_on"] == date(2026, 3, 12)
    assert sending["due_on"] == date(2026, 5, 11)
    answer = client.post(address(reading), sending | {"received_on": "2026-03-14"})
    letter = Proceeding.objects.get()
    assert answer.url == letter.get_absolute_url()
    assert (letter.kind, letter.sort, letter.title) == ("communication", "allegation", "the arrest of two farmers")
    assert letter.bodies.get().code == "SR Food"
    # The letter says "within 60 days", as the rule does: its own words are the source of the deadline.
    assert (letter.due_from, letter.obligation.day_from) == ("letter", "document")
    assert Question.objects.get().text == "Please explain the legal basis of the arrest."
    assert not Document.objects.filter(symbol="AL SVN 1/2026").exists()


@pytest.mark.parametrize("half", [SEEN, HELD_BACK])
def test_letters_in_four_languages_propose_what_they_state(half, by, tmp_path):
    wrong = []
    for letter in made_letters(half):
        proposal = propose(read(letter.rows, tmp_path, by))
        mandates = len(proposal.bodies) + len(proposal.unknown)
        seen = (proposal.reference, proposal.sent_on, len(proposal.questions), mandates)
        if seen != (letter.reference, letter.day, letter.questions, letter.mandates):
            wrong.append((letter.name, seen))
    assert len(wrong) <= 1, wrong


def test_a_letter_without_a_date_has_no_deadline_until_a_person_enters_one(by, client, tmp_path):
    rows = [row for row in LETTER if row != "12 March 2026" and "60 days" not in row]
    page = client.get(address(read(rows, tmp_path, by)))
    assert "No date was found in the document." in source_of(page)
    assert {"sent_on", "due_on"} & filled(page).keys() == set()


def test_mandates_that_are_not_in_the_vocabulary_are_named(by, client, tmp_path):
    names = [f"the Special Rapporteur on question number {number}" for number in range(1, 26)]
    page = source_of(client.get(address(read(("Mandates of " + "; ".join(names), *LETTER[1:]), tmp_path, by))))
    assert page.count("Special Rapporteur on question number") >= 25


@pytest.mark.parametrize(
    ("text", "kind", "body", "reference"),
    [
        (URGENT_ACTION, "urgent-action", "CED", "CED/UA/TST/1234/2024"),
        (EARLY_WARNING, "early-warning", "CERD", "CERD/EWUAP/110th Session/2023"),
    ],
)
def test_a_letter_of_a_committee_begins_a_proceeding_of_its_kind(by, client, tmp_path, text, kind, body, reference):
    committee = make.committee(body)
    reading = read(text.splitlines(), tmp_path, by)
    sending = filled(client.get(address(reading)))
    assert (sending["reference"], sending["due_on"]) == (reference, date(2024, 3, 15))
    answer = client.post(address(reading), sending | {"received_on": "2024-03-04"})
    letter = Proceeding.objects.get()
    assert answer.url == letter.get_absolute_url()
    assert (letter.kind, letter.bodies.get()) == (kind, committee)
    assert not Recommendation.objects.exists()


def test_a_reference_that_is_used_already_creates_nothing(by, client, tmp_path):
    made.proceeding(by, reference="AL SVN 1/2026")
    reading = read(LETTER, tmp_path, by)
    answer = client.post(address(reading), filled(client.get(address(reading))) | {"received_on": "2026-03-14"})
    assert answer.status_code == 422
    assert "AL SVN 1/2026 was already entered." in source_of(answer)
    assert f'href="{Proceeding.objects.get().get_absolute_url()}"' in source_of(answer)
    assert (Proceeding.objects.count(), Question.objects.count()) == (1, 0)


@pytest.mark.database
def test_a_judgment_is_created_with_its_measures_and_undone_with_them(by, client, tmp_path):
    judgment = next(iter(made_judgments(SEEN)))
    reading = read(judgment.rows, tmp_path, by)
    sending = filled(client.get(address(reading)))
    assert sending["decided_on"] == judgment.day
    texts = [name for name in sending if name.endswith("-text")]
    assert texts
    sending |= {name.replace("-text", "-type"): "general" for name in texts}
    sending |= {"received_on": "2026-01-14", "reference": "12/2019", "title": "A case", "language": "en"}
    answer = client.post(address(reading), sending)
    assert answer.status_code == 302, source_of(answer)[:2000]
    case = Proceeding.objects.get()
    assert case.case.decided_on == judgment.day
    measures = [link.recommendation for link in case.measures.all()]
    assert len(measures) == len(texts)
    assert {record.kind for record in measures} == {Recommendation.Kind.MEASURE}
    page = source_of(client.get(answer.url))
    undo = reverse("desk:undo_from_document", args=[case.key])
    assert undo in page
    client.post(undo)
    assert not Proceeding.objects.kept().exists()
    assert not Recommendation.every_kind.kept().exists()


@pytest.mark.parametrize("half", [SEEN, HELD_BACK])
def test_the_day_of_a_judgment_is_the_day_that_it_names(half, by, tmp_path):
    """Not that of the facts, such as “por hechos ocurridos el 27 de julio de 2008”."""
    judgments = list(made_judgments(half))
    proposals = [propose(read(judgment.rows, tmp_path, by)) for judgment in judgments]
    assert [proposal.decided_on for proposal in proposals] == [judgment.day for judgment in judgments]


def test_a_term_that_starts_at_the_notification_has_no_day_yet_and_is_shown_in_its_words(by, client, tmp_path):
    reading = read(next(iter(made_judgments(SEEN))).rows, tmp_path, by)
    unit = reading.units.filter(kind="recommendation").first()
    term = {"deadline": "within six months of notification", "deadline_count": 6, "deadline_unit": "months"}
    ReadUnit.objects.filter(pk=unit.pk).update(**term, deadline_clock="notification")
    page = client.get(address(reading))
    assert "within six months of notification" in source_of(page)
    row = next(row for row in page.context["rows"] if row.initial.get("term"))
    assert row.initial["due_on"] is None


def test_a_judgment_with_more_points_than_rows_names_how_many_are_left(by, client, tmp_path):
    reading = read(next(iter(made_judgments(SEEN))).rows, tmp_path, by)
    reading.units.all().delete()
    ReadUnit.objects.bulk_create(
        ReadUnit(reading=reading, place=place, number=str(place), kind="recommendation", text="Pay.")
        for place in range(1, MOST_ROWS + 6)
    )
    page = client.get(address(reading))
    assert "Further points without a row here: 5." in source_of(page)
    assert len(page.context["rows"]) == MOST_ROWS + 1


def test_a_letter_whose_import_was_applied_takes_over_its_deadline(by, client, tmp_path):
    reading = read(LETTER, tmp_path, by)
    DocumentReading.objects.filter(pk=reading.pk).update(body="SR Food")
    reading.refresh_from_db()
    applied(reading, by)
    present = Obligation.objects.kept().get()
    sending = filled(client.get(address(reading))) | {"received_on": "2026-03-14"}
    client.post(address(reading), sending | {"bodies": [make.body("SR Food").pk]})
    assert Proceeding.objects.get().obligation == present
    assert [row.is_derived for row in Obligation.objects.kept()] == [True]


def test_a_judgment_whose_import_was_applied_proposes_no_second_measures(by, client, tmp_path):
    reading = read(next(iter(made_judgments(SEEN))).rows, tmp_path, by)
    Batch.objects.filter(pk=reading.batch_id).update(state=Batch.State.APPLIED)
    page = client.get(address(reading))
    assert "This document was imported" in source_of(page)
    assert [row for row in page.context["rows"] if row.initial] == []


def test_each_body_with_cases_has_one_kind_of_case():
    pairs = [("ECtHR-CM", "court"), ("IACtHR", "court"), ("AfCHPR", "court"), ("IACHR", "commission")]
    pairs += [("ACHPR", "commission"), ("CESCR", "treaty-body"), ("CCPR", "treaty-body")]
    found = [kind_for(make.body(code, kind)) for code, kind in pairs]
    assert [(kind.code, sort) for kind, sort in found] == [
        ("case-european", "judgment"),
        ("case-inter-american", "judgment"),
        ("case-african", "judgment"),
        ("case-commission", "merits"),
        ("case-african", "decision"),
        ("case-committee", "views-cescr"),
        ("case-committee", "views"),
    ]


@pytest.mark.parametrize(
    ("symbol", "begun"),
    [
        ("REPORT No. 10/24", ("case-commission", "merits")),
        ("RESOLUTION 35/2021", ("precautionary", "request")),
        ("OEA/Ser.L/V/II. Doc. 12/23", None),  # about a State or a theme
    ],
)
def test_reports_of_the_commission_on_one_case_begin_one(by, client, tmp_path, symbol, begun):
    make.body("IACHR", "commission")
    reading = read(LETTER, tmp_path, by)
    DocumentReading.objects.filter(pk=reading.pk).update(family="iachr", symbol=symbol, body="IACHR", mandates="")
    reading.refresh_from_db()
    proposal = propose(reading)
    assert (proposal and (proposal.kind, proposal.sort)) == begun
    assert client.get(address(reading)).status_code == (200 if begun else 404)


def test_a_document_that_begins_no_proceeding_has_no_such_page(by, client, tmp_path):
    reading = read(LETTER, tmp_path, by)
    DocumentReading.objects.filter(pk=reading.pk).update(family="other", mandates="")
    assert client.get(address(reading)).status_code == 404


def pdf_sent(rows, tmp_path, by, *, language: str = "en") -> DocumentReading:
    path = tmp_path / "letter.pdf"
    direction = "rtl" if language == "ar" else "ltr"
    body = "".join(f"<p>{row}</p>" for row in rows)
    path.write_bytes(pdf_of(f"<html lang='{language}' dir='{direction}'><body>{body}</body></html>"))
    return sent(path, by)


def test_a_letter_in_a_pdf_fills_the_form_like_one_in_word(by, client, tmp_path):
    Body.objects.filter(code="SR Food").update(name="Special Rapporteur on the right to food")
    page = client.get(address(pdf_sent(LETTER, tmp_path, by)))
    sending = filled(page)
    assert (sending["reference"], sending["sent_on"]) == ("AL SVN 1/2026", date(2026, 3, 12))
    assert sending["row-0-text"] == "Please explain the legal basis of the arrest."
    reading = DocumentReading.objects.get()
    assert client.post(address(reading), sending | {"received_on": "2026-03-14"}).status_code == 302
    letter = Proceeding.objects.get()
    assert (letter.reference, letter.reading) == ("AL SVN 1/2026", reading)


def test_a_pdf_of_25_mandates_names_each_of_them(by, client, tmp_path):
    names = [f"the Special Rapporteur on question number {number}" for number in range(1, 26)]
    reading = pdf_sent(("Mandates of " + "; ".join(names), *LETTER[1:]), tmp_path, by)
    assert len(reading.mandate_names) == 25
    assert source_of(client.get(address(reading))).count("Special Rapporteur on question number") >= 25


@pytest.mark.parametrize("language", ["es", "ar"])
def test_letters_in_spanish_and_arabic_are_read_from_a_pdf(by, client, tmp_path, language):
    letter = next(made for made in made_letters(SEEN) if f" {language} " in made.name)
    reading = pdf_sent(letter.rows, tmp_path, by, language=language)
    proposal = propose(reading)
    assert (proposal.reference, proposal.sent_on) == (letter.reference, letter.day)
    assert len(proposal.questions) == letter.questions
    assert client.get(address(reading)).status_code == 200


def test_a_scanned_letter_says_that_it_has_no_text_and_what_to_do(by, client, tmp_path):
    path = documents_make.page_without_text(tmp_path / "letter.pdf")
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    read_into_units(batch)
    batch.refresh_from_db()
    assert "contains only images of pages, no text" in batch.message
    assert "or enter the contents yourself" in batch.message
    assert client.get(reverse("desk:create_from_document", args=[batch.key])).status_code == 404
    assert not Proceeding.objects.exists()


def test_an_imported_letter_is_erased_with_the_personal_data(
    by, client, tmp_path, django_capture_on_commit_callbacks
):
    rows = [row.replace("two farmers", "Zdravkaxq Pomaranzheva") for row in LETTER]
    reading = pdf_sent(rows, tmp_path, by)
    sending = filled(client.get(address(reading))) | {"received_on": "2026-03-14"}
    client.post(address(reading), sending)
    letter = Proceeding.objects.get()
    assert places_of("Zdravkaxq")
    close(letter)
    keep(5)
    with django_capture_on_commit_callbacks(execute=True):
        erase(letter, by=by)
    assert places_of("Zdravkaxq") == []
    assert not ReadUnit.objects.filter(reading=reading).exists()


@pytest.mark.database
def test_questions_of_an_applied_import_are_taken_over_and_given_back(by, client, tmp_path):
    reading = read(LETTER, tmp_path, by)
    reading.batch.state = Batch.State.APPLIED
    reading.batch.save()
    document = questions_make.document("AL SVN 1/2026")
    given = {"document": document, "confidentiality": "restricted", "added_by": reading.batch, "place": 1}
    imported = questions_make.question("Please explain the legal basis of the arrest.", **given)
    client.post(address(reading), filled(client.get(address(reading))) | {"received_on": "2026-03-14"})
    letter = Proceeding.objects.get()
    assert letter.questions.get().question == imported
    assert list(documents_with_questions(by)) == []
    assert why_not_undone(reading.batch) != ""
    undo_from_document(proceeding=letter, by=by)
    assert list(documents_with_questions(by)) == [document]
    assert not letter.questions.exists()
    assert why_not_undone(reading.batch) == ""


@pytest.mark.database
def test_a_case_whose_import_was_applied_takes_over_its_deadline(by, client, tmp_path):
    reading = read(JUDGMENT, tmp_path, by)
    applied(reading, by)
    present = Obligation.objects.kept().get()
    created = client.post(address(reading), case_as_read(client, reading))
    assert created.status_code == 302
    case = Proceeding.objects.get()
    assert case.obligation == present
    assert [(row.is_derived, row.due_on, row.certainty, row.day_from) for row in Obligation.objects.kept()] == [
        (True, date(2027, 2, 28), "estimate", "document")
    ]
    assert not Obligation.objects.filter(is_published=True).exists()
    assert not case.is_late(on=date(2027, 6, 1))


def test_undone_the_case_gives_the_deadline_back_as_it_was_and_the_import_can_be_undone(by, client, tmp_path):
    reading = read(JUDGMENT, tmp_path, by)
    batch = applied(reading, by)
    before = Obligation.objects.kept().get()
    client.post(address(reading), case_as_read(client, reading))
    undo_from_document(proceeding=Proceeding.objects.get(), by=by)
    after = Obligation.objects.kept().get()
    for name in FOLLOWED:
        assert getattr(after, name) == getattr(before, name), name
    pipeline.undo_batch(batch=batch, by=by)
    assert not Obligation.objects.kept().exists()


@pytest.mark.parametrize("worked_on", ["step", "state", "report"])
def test_a_deadline_on_which_somebody_has_worked_is_not_taken_over(by, client, tmp_path, worked_on):
    reading = read(JUDGMENT, tmp_path, by)
    applied(reading, by)
    due = Obligation.objects.kept().get()
    if worked_on == "step":
        obligation_make.step(due, done_on=date(2026, 3, 1))
    elif worked_on == "state":
        set_obligation_state(obligation=due, state="in-preparation", reason="", seen=None, by=by)
    else:
        reports_make.report(by, obligation=due)
    client.post(address(reading), case_as_read(client, reading))
    case = Proceeding.objects.get()
    assert case.obligation != due
    due.refresh_from_db()
    assert (due.is_derived, due.is_published, due.steps.count()) == (False, True, int(worked_on == "step"))


def test_the_import_of_a_document_that_began_a_case_is_not_applied_after_it(by, client, tmp_path):
    reading = read(JUDGMENT, tmp_path, by)
    client.post(address(reading), case_as_read(client, reading))
    case, batch = Proceeding.objects.get(), previewed(reading, by)
    apply = reverse("desk:apply_import", args=[batch.key])
    assert "Discard the import" in source_of(client.post(apply, follow=True))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED
    assert Obligation.objects.kept().get() == case.obligation
    undo_from_document(proceeding=case, by=by)
    client.post(apply)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLYING


def test_a_term_from_the_notification_is_an_estimate_until_the_case_has_that_date(by, client, tmp_path):
    reading = read(JUDGMENT, tmp_path, by)
    help_text = client.get(address(reading)).context["form"]["due_on"].help_text
    assert "In the document: “within six months … every six months”." in help_text
    client.post(address(reading), case_as_read(client, reading))
    case = Proceeding.objects.get()
    assert (case.due_on, case.due_from) == (date(2027, 2, 28), "estimate")
    assert "In the document: “within six months … every six months”." in source_of(
        client.get(case.get_absolute_url())
    )
    set_case(proceeding=case, decided_on=date(2026, 8, 31), notified_on=date(2026, 9, 15), seen=case.version, by=by)
    case = made.fresh(case)
    assert (case.due_on, case.obligation.due_on) == (date(2027, 3, 15), date(2027, 3, 15))
    assert (case.obligation.certainty, case.obligation.day_from) == ("fixed", "document")


def test_a_day_that_a_judgment_names_is_proposed_for_its_case(by, client, tmp_path):
    rows = (*JUDGMENT[:-1], "iv. Orders the Respondent State to submit a report on compliance by 1 May 2027.")
    reading = read(rows, tmp_path, by)
    applied(reading, by)
    assert case_as_read(client, reading)["due_on"] == date(2027, 5, 1)
    client.post(address(reading), case_as_read(client, reading))
    assert [(row.due_on, row.certainty, row.day_from) for row in Obligation.objects.kept()] == [
        (date(2027, 5, 1), "fixed", "document")
    ]
