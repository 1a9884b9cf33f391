"""Reports and replies that a document makes due: shown before the import, added by it, undone with it."""

from datetime import date

import docx
import pytest
from django.core.files import File
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.versioning import save_version
from servanda.proceedings.retention.obligation_files import place_file_hold
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import DocumentReading, Obligation, ReadUnit
from servanda.sources.obligations import services
from servanda.sources.obligations.values import facts
from servanda.sources.units import editing as deeds
from servanda.sources.units.obligations import add_obligations, due_of, obligations_to_add
from servanda.sources.units.reading import follow_up_of, read_into_units
from servanda.sources.units.withheld import is_withheld
from servanda.trail.models import Event
from servanda.vocab.models import Body, ObligationRule
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db

OBSERVATIONS = (
    "Distr.: General",
    "12 March 2026",
    "Committee on the Elimination of Discrimination against Women",
    "Concluding observations on the seventh periodic report of Slovenia",
    "1. The Committee considered the seventh periodic report of Slovenia at its 2000th meeting.",
    "2. The Committee is concerned at stereotypes in the media and at the lack of data on them.",
    "3. The Committee recommends that the State party adopt a law against hate speech.",
    "Dissemination",
    "4. The Committee requests the State party to disseminate the present concluding observations widely.",
    "Follow-up to the concluding observations",
    "5. The Committee requests the State party to provide, within two years, written information on the steps "
    "taken to implement the recommendation contained in paragraph 3 above.",
    "Preparation of the next report",
    "6. The Committee requests the State party to submit its combined eighth and ninth periodic reports by 31 March "
    "2030.",
)
SYMBOL = "CEDAW/C/SVN/CO/7"
JUDGMENT = (
    "AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS",
    "A v. Republic of Slovenia (Application No. 12/2020) [2026] AfCHPR 9 (31 August 2026)",
    "OPERATIVE PART",
    "20. For these reasons, THE COURT, Unanimously,",
    "i. Declares that it has jurisdiction.",
    "ii. Holds that the Respondent State violated Article 7 of the Charter.",
    "iii. Orders the Respondent State to pay EUR 3,000 within six months of notification of this judgment.",
    "iv. Orders the Respondent State to submit, within six months of notification of this judgment, a report on the "
    "measures taken to implement it, and every six months thereafter.",
)


@built_once
def by():
    make.country()
    return make.user(Role.COORDINATOR)


def written(rows, path, header=""):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = header
    for row in rows:
        paragraph = document.add_paragraph()
        paragraph.add_run(row).bold = not row[0].isdigit() and len(row) < 60
    document.save(str(path))
    return path


def sent(path, by) -> DocumentReading:
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    assert batch.shape == "document"
    read_into_units(batch)
    return DocumentReading.objects.get(batch=batch)


@built_once
def observations(by, tmp_path_factory) -> DocumentReading:
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    return sent(written(OBSERVATIONS, tmp_path_factory.mktemp("files") / "co.docx", SYMBOL), by)


def previewed(reading, by) -> Batch:
    deeds.confirm_units(reading=reading, numbering_is_right=True, by=by)
    batch = Batch.objects.get(pk=reading.batch_id)
    pipeline.preview_batch(batch)
    batch.refresh_from_db()
    return batch


def applied(reading, by, *, publish=True) -> Batch:
    batch = previewed(reading, by)
    pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=publish)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    return batch


def unit(reading, number) -> ReadUnit:
    return reading.units.get(number=number)


def edited(unit: ReadUnit, by, **changed) -> None:
    names = (
        "number",
        "kind",
        "lead",
        "text",
        "is_follow_up",
        "is_dissemination",
        "deadline_day",
        "due",
        "articles",
        "asked_by",
        "version",
    )
    deeds.edit_unit(unit=unit, by=by, **{name: getattr(unit, name) for name in names} | changed)


def test_observations_alone_give_their_follow_up_and_next_report_with_their_days(observations, by):
    batch = applied(observations, by)
    rows = {row.paragraph: row for row in Obligation.objects.kept()}
    assert {number: (row.kind, row.due_on) for number, row in rows.items()} == {
        "4": ("other", None),
        "5": ("follow-up", date(2028, 3, 12)),
        "6": ("periodic-report", date(2030, 3, 31)),
    }
    follow_up, report = rows["5"], rows["6"]
    assert (follow_up.words, follow_up.clock_on) == ("within two years", date(2026, 3, 12))
    assert follow_up.day_from == "document"
    assert (follow_up.certainty, follow_up.force, follow_up.body.code) == ("fixed", "requested", "CEDAW")
    assert (report.combined, report.words, report.clock_on) == ("eighth and ninth", "31 March 2030", None)
    assert (report.force, report.document.symbol, rows["4"].title) == ("binding", SYMBOL, "Dissemination")
    assert set(Recommendation.objects.values_list("paragraph", flat=True)) == {"2", "3"}
    assert all(row.is_public and row.added_by == batch for row in rows.values())


def test_a_named_paragraph_keeps_its_follow_up(observations, by):
    applied(observations, by)
    follow_up = FollowUp.objects.get()
    assert (follow_up.recommendation.paragraph, follow_up.words, follow_up.due_on) == (
        "3",
        "within two years",
        date(2028, 3, 12),
    )


def test_the_preview_says_what_will_be_added_and_adds_nothing(observations, by):
    batch = previewed(observations, by)
    assert [(due.kind, due.due_on) for due in obligations_to_add(batch)] == [
        ("other", None),
        ("follow-up", date(2028, 3, 12)),
        ("periodic-report", date(2030, 3, 31)),
    ]
    assert not Obligation.objects.exists()


def test_the_same_document_adds_nothing_twice_and_the_undo_takes_only_its_own(observations, by, tmp_path):
    first = applied(observations, by)
    again = sent(written((*OBSERVATIONS, "Annex"), tmp_path / "again.docx", SYMBOL), by)
    second = applied(again, by)
    assert Obligation.objects.kept().count() == 3
    pipeline.undo_batch(batch=second, by=by)
    assert Obligation.objects.kept().count() == 3
    pipeline.undo_batch(batch=first, by=by)
    assert not Obligation.objects.exists()
    pipeline.start_applying(batch=first, by=by, accept_refused=False, publish=False)
    pipeline.apply_batch(first)
    assert Obligation.objects.kept().count() == 3
    assert not Obligation.objects.public().exists()


def test_an_import_whose_obligation_was_edited_is_not_undone(observations, by):
    batch = applied(observations, by)
    edited_one = Obligation.objects.get(kind="follow-up")
    edited_one.note = "Ask the ministry of culture."
    save_version(edited_one, "obligation-edited", by=by)
    with pytest.raises(Refused, match="was edited after the import, so the import can no longer be undone"):
        pipeline.undo_batch(batch=batch, by=by)


@pytest.mark.parametrize("part", ["file", "hold"])
def test_an_import_whose_obligation_has_a_file_or_a_hold_is_not_undone(observations, by, part):
    batch, due = applied(observations, by), Obligation.objects.get(kind="follow-up")
    if part == "file":
        obligation_make.file(due, by)
    else:
        place_file_hold(obligation=due, reason="A claim is pending.", by=by)
    with pytest.raises(Refused, match="was edited after the import"):
        pipeline.undo_batch(batch=batch, by=by)
    assert Obligation.objects.filter(pk=due.pk).exists()


def test_a_document_with_nothing_but_obligations_is_imported(observations, by):
    observations.units.exclude(kind="obligation").update(is_dropped=True)
    batch = applied(observations, by)
    assert (batch.state, batch.message, Obligation.objects.kept().count()) == ("applied", "", 3)
    assert not Recommendation.objects.exists()


def test_a_person_turns_a_record_into_an_obligation_and_back(observations, by):
    edited(unit(observations, "3"), by, kind="obligation", deadline_day=date(2027, 5, 1), due="comments")
    edited(unit(observations, "5"), by, kind="recommendation")
    applied(observations, by)
    kinds = dict(Obligation.objects.kept().values_list("paragraph", "kind"))
    of_records = {"": "follow-up"}  # the record 5 asks for a reply
    assert kinds == {"3": "comments", "4": "other", "6": "periodic-report"} | of_records
    assert set(Recommendation.objects.values_list("paragraph", flat=True)) == {"2", "5"}


def test_what_a_turned_unit_makes_due_is_never_empty(observations, by):
    edited(unit(observations, "2"), by, kind="obligation", due="")
    assert unit(observations, "2").due == "other"


def test_a_day_that_a_person_enters_comes_first_and_a_missing_date_gives_none(observations, by):
    read_unit = unit(observations, "5")
    DocumentReading.objects.filter(pk=observations.pk).update(date=None)
    observations.refresh_from_db()
    assert (due_of(read_unit, observations).due_on, due_of(read_unit, observations).certainty) == (None, "estimate")
    read_unit.deadline_day = date(2027, 5, 1)
    assert (due_of(read_unit, observations).due_on, due_of(read_unit, observations).certainty) == (
        date(2027, 5, 1),
        "fixed",
    )


def test_the_rule_gives_force_and_word_limit_and_the_document_the_day(observations, by):
    facts = {"kind": "periodic-report", "trigger": "body", "word_limit": 21_200, "source": "HRI/GEN/2/Rev.6"}
    ObligationRule.objects.create(code="cedaw-report", body=Body.objects.get(code="CEDAW"), **facts)
    applied(observations, by)
    report = Obligation.objects.get(kind="periodic-report")
    assert (report.word_limit, report.rule.code, report.due_on) == (21_200, "cedaw-report", date(2030, 3, 31))


def computed(**fields) -> Obligation:
    """The next report, as a rule had computed it."""
    fields = {"due_on": date(2030, 7, 1), "certainty": "estimate", "clock_on": date(2026, 7, 1)} | fields
    return obligation_make.obligation(body=make.body("CEDAW"), title="", day_from="rule", **fields)


@pytest.mark.parametrize("estimate", [{}, {"due_on": None, "certainty": "to-be-communicated", "clock_on": None}])
def test_a_day_in_the_document_replaces_that_of_a_rule_and_the_undo_restores_it(observations, by, estimate):
    other = computed(due_on=date(2034, 7, 1))
    due = computed(**estimate)
    before = facts(due)
    preview = {row.kind: row.replaces for row in obligations_to_add(previewed(observations, by))}
    assert preview == {"other": None, "follow-up": None, "periodic-report": due}
    batch = applied(observations, by)
    due.refresh_from_db()
    assert (due.due_on, due.certainty, due.day_from, due.paragraph) == (date(2030, 3, 31), "fixed", "document", "6")
    assert (due.document.symbol, due.words, due.combined) == (SYMBOL, "31 March 2030", "eighth and ninth")
    assert Obligation.objects.kept().filter(kind="periodic-report").count() == 2
    event = Event.objects.filter(object_id=str(due.pk), action="obligation-edited").order_by("pk").last()
    assert event.actor == by
    assert '"day_from": ["rule", "document"]' in event.difference
    pipeline.undo_batch(batch=batch, by=by)
    due.refresh_from_db()
    other.refresh_from_db()
    assert (facts(due), other.due_on) == (before, date(2034, 7, 1))
    assert Obligation.objects.count() == 2


def test_a_replaced_deadline_that_was_edited_since_prevents_the_undo(observations, by):
    due = computed()
    batch = applied(observations, by)
    due.refresh_from_db()
    services.set_obligation_state(obligation=due, state="open", reason="", seen=None, by=by)
    with pytest.raises(Refused, match=due.code):
        pipeline.undo_batch(batch=batch, by=by)


@pytest.mark.parametrize(
    "fields",
    [
        {"due_on": date(2036, 1, 1)},
        {"state": "closed"},
        {"kind": "initial-report"},
        {"is_derived": True},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_another_obligation_keeps_its_deadline(observations, by, fields):
    due = computed(**fields)
    applied(observations, by)
    assert Obligation.objects.get(pk=due.pk).day_from == "rule"
    assert Obligation.objects.kept().filter(day_from="document", kind="periodic-report").count() == 1


def announced(by, tmp_path) -> DocumentReading:
    """Observations after which the committee will communicate when the next report is due."""
    sentence = "6. The Committee will establish and communicate the due date of the eighth periodic report."
    return sent(written((*OBSERVATIONS[:-1], sentence), tmp_path / "co.docx", SYMBOL), by)


def with_day(by, tmp_path, *, kind: str, day: date) -> DocumentReading:
    """A later document of the committee, with a paragraph that names a day."""
    rows = ("Distr.: General", "4 June 2028", *OBSERVATIONS[2:5])
    reading = sent(written(rows, tmp_path / "later.docx", "CEDAW/C/SVN/CO/8"), by)
    read_unit = unit(reading, "1")
    edited(read_unit, by, kind="obligation", deadline_day=day, due=kind)
    return reading


@pytest.mark.parametrize("kind", ["loipr", "periodic-report"])
def test_a_later_document_brings_the_day_that_was_to_be_communicated(by, tmp_path, kind):
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    first = announced(by, tmp_path)
    applied(first, by)
    due = Obligation.objects.kept().get(paragraph="6")
    assert (due.kind, due.due_on, due.certainty) == ("periodic-report", None, "to-be-communicated")
    before = facts(due)
    batch = applied(with_day(by, tmp_path, kind=kind, day=date(2029, 6, 15)), by)
    due.refresh_from_db()
    assert (due.kind, due.due_on, due.certainty, due.document.symbol) == (
        kind,
        date(2029, 6, 15),
        "fixed",
        "CEDAW/C/SVN/CO/8",
    )
    reports = Obligation.objects.kept().filter(kind__in=["periodic-report", "loipr"])
    assert reports.get() == due
    again = sent(written((*OBSERVATIONS[:-1], first.units.get(number="6").text), tmp_path / "a.docx", SYMBOL), by)
    assert [row.kind for row in obligations_to_add(previewed(again, by))] == []
    pipeline.undo_batch(batch=batch, by=by)
    due.refresh_from_db()
    assert facts(due) == before


@pytest.mark.parametrize("fields", [{"kind": "initial-report"}, {"state": "closed"}, {"body": "CAT"}])
def test_a_later_document_leaves_other_duties_without_a_day_as_they_are(by, tmp_path, fields):
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    fields = {"body": "CEDAW"} | fields
    other = obligation_make.obligation(
        **fields | {"body": make.committee(fields["body"])}, certainty="to-be-communicated", day_from="rule"
    )
    applied(with_day(by, tmp_path, kind="loipr", day=date(2029, 6, 15)), by)
    other.refresh_from_db()
    assert other.due_on is None
    assert Obligation.objects.kept().filter(kind="loipr").count() == 1


def test_a_date_that_the_committee_will_communicate_is_no_date(by, tmp_path):
    make.body("CEDAW")
    announced = "6. The Committee will establish and communicate the due date of the tenth periodic report."
    rows = (*OBSERVATIONS[:-1], announced)
    reading = sent(written(rows, tmp_path / "co.docx", SYMBOL), by)
    due = due_of(unit(reading, "6"), reading)
    assert (due.kind, due.due_on, due.certainty) == ("periodic-report", None, "to-be-communicated")


def test_a_report_to_a_court_is_an_estimate_until_the_notification_is_known_and_a_payment_is_no_report(by, tmp_path):
    make.body("AfCHPR")
    reading = sent(written(JUDGMENT, tmp_path / "judgment.docx"), by)
    kinds = dict(reading.units.values_list("number", "kind"))
    assert (kinds["iii"], kinds["iv"]) == ("recommendation", "obligation")
    applied(reading, by)
    (row,) = Obligation.objects.kept()
    assert (row.kind, row.paragraph, row.due_on, row.certainty) == ("compliance", "iv", date(2027, 2, 28), "estimate")
    assert row.clock_on is None
    assert "every six months" in row.words
    assert not row.is_late(on=date(2030, 1, 1))


def test_obligations_of_an_unknown_body_are_not_confirmed(by, tmp_path):
    reading = sent(written(OBSERVATIONS, tmp_path / "co.docx", "XYZ"), by)
    DocumentReading.objects.filter(pk=reading.pk).update(body="", symbol="XYZ/7")
    with pytest.raises(Refused, match="Choose the body to which the obligations of this document are due"):
        deeds.confirm_units(reading=DocumentReading.objects.get(pk=reading.pk), numbering_is_right=True, by=by)


def test_the_pages_show_what_is_due_by_when_and_where_the_day_comes_from(observations, client):
    by = make.signed_in(client, Role.COORDINATOR)
    units = client.get(reverse("desk:document_units", args=[observations.batch.key])).content.decode()
    assert "due on 12 March 2028, counted from the date of the document (12 March 2026)." in " ".join(units.split())
    assert "due on 31 March 2030, as stated in the document." in " ".join(units.split())
    batch = previewed(observations, by)
    preview = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert "3 obligations will be added" in " ".join(preview.split())
    pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=False)
    pipeline.apply_batch(batch)
    after = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert "3 obligations were added." in " ".join(after.split())


def test_a_report_of_the_cpt_makes_a_response_of_the_state_due(by, tmp_path):
    make.body("CPT", Body.Kind.MONITORING)
    rows = (
        "CPT/Inf (2026) 12",
        "Report to the Government of Slovenia on the visit carried out by the European Committee for the Prevention "
        "of Torture and Inhuman or Degrading Treatment or Punishment (CPT)",
        "Strasbourg, 12 March 2026",
        "1. The CPT visited Slovenia from 3 to 12 March 2025.",
        "2. The CPT recommends that the authorities renovate the prison of the capital.",
        "3. The CPT requests the Slovenian authorities to provide within six months a response giving a full account "
        "of action taken to implement them.",
    )
    reading = sent(written(rows, tmp_path / "cpt.docx"), by)
    read_unit = unit(reading, "3")
    assert (reading.family, read_unit.kind, read_unit.due) == ("cpt", "obligation", "written-response")
    assert due_of(read_unit, reading).due_on == date(2026, 9, 12)
    assert due_of(read_unit, reading).certainty == "estimate"  # the report was transmitted before it was published
    assert unit(reading, "2").kind == "recommendation"


@pytest.mark.parametrize(
    ("rows", "facts"),
    [
        (
            (
                "CPT (2026) 12",
                "Report to the Slovenian Government on the visit to Slovenia carried out by the European Committee "
                "for "
                "the Prevention of Torture and Inhuman or Degrading Treatment or Punishment (CPT)",
                "from 3 to 13 November 2025",
                "Strasbourg, 12 March 2026",
                "1. The CPT recommends that the authorities renovate the prison of the capital.",
                "2. The CPT requests the Slovenian authorities to provide within three months a response.",
            ),
            ("cpt", "CPT (2026) 12", "CPT", date(2026, 3, 12), date(2026, 6, 12)),
        ),
        (
            (
                "United Nations CAT/OP/SVN/R.1",
                "Distr.: General",
                "12 March 2026",
                "Subcommittee on Prevention of Torture",
                "Visit to Slovenia undertaken from 3 to 13 November 2025: recommendations and observations "
                "addressed to "
                "the State party; report of the Subcommittee on Prevention of Torture",
                "1. The Subcommittee recommends that the authorities renovate the prison of the capital.",
                "2. The Subcommittee requests the authorities to provide, within six months, a reply giving an "
                "account "
                "of the action taken.",
            ),
            ("spt", "CAT/OP/SVN/R.1", "SPT", date(2026, 3, 12), date(2026, 9, 12)),
        ),
    ],
    ids=["cpt", "spt"],
)
def test_an_unpublished_report_on_a_visit_is_withheld_and_its_reply_estimated(rows, facts, by, tmp_path):
    make.body("CPT", Body.Kind.MONITORING)
    make.body("SPT")
    reading = sent(written(rows, tmp_path / "visit.docx"), by)
    family, symbol, body, day, due_on = facts
    assert (reading.family, reading.symbol, reading.body, reading.date) == (family, symbol, body, day)
    assert is_withheld(reading)
    due = due_of(unit(reading, "2"), reading)
    assert (due.kind, due.due_on, due.certainty) == ("written-response", due_on, "estimate")


ADOPTION = (
    "1. The Committee considered the seventh periodic report of Slovenia at its 1999th and 2000th meetings, held on "
    "5 "
    "and 6 November 2025. At its 2010th meeting, held on 20 November 2025, it adopted the present concluding "
    "observations."
)


@pytest.mark.parametrize(
    ("first", "due_on", "certainty"),
    [(ADOPTION, date(2026, 11, 20), "fixed"), (OBSERVATIONS[4], date(2027, 3, 12), "estimate")],
)
def test_a_term_from_the_adoption_is_counted_from_the_day_that_the_first_paragraph_names(
    first, due_on, certainty, by, tmp_path
):
    make.body("CEDAW")
    text = (
        "5. The Committee requests the State party to provide, within one year of the adoption of the present "
        "concluding observations, information on the implementation of paragraph 3."
    )
    rows = (*OBSERVATIONS[:4], first, *OBSERVATIONS[5:7], text)
    reading = sent(written(rows, tmp_path / "co.docx", SYMBOL), by)
    due = due_of(unit(reading, "5"), reading)
    assert (due.due_on, due.certainty) == (due_on, certainty)
    (printed,) = follow_up_of(reading, unit(reading, "5"))
    assert printed.due == due_on


def test_a_day_in_principle_is_an_estimate_until_a_person_enters_one(by, tmp_path):
    make.body("CEDAW")
    announced = (
        "6. The eighth periodic report is in principle due on 24 May 2032. The Committee will confirm the date."
    )
    reading = sent(written((*OBSERVATIONS[:-1], announced), tmp_path / "co.docx", SYMBOL), by)
    due = due_of(unit(reading, "6"), reading)
    assert (due.kind, due.due_on, due.certainty) == ("periodic-report", date(2032, 5, 24), "estimate")
    edited(unit(reading, "6"), by, deadline_day=date(2032, 6, 1))
    assert due_of(unit(reading, "6"), reading).certainty == "fixed"


@pytest.mark.parametrize(
    "asked",
    [
        "6. The Committee requests the State party to submit its eighth periodic report by 1 November 2029. It "
        "welcomes the agreement in principle of the State party to the simplified procedure.",
        "6. El Comité pide al Estado parte que presente su octavo informe periódico a más tardar el 1 de noviembre "
        "de 2029. Acoge con satisfacción que el Estado parte aceptara, en principio, el procedimiento simplificado.",
        "6. The Committee welcomes the agreement in principle of the State party. It requests the State party to "
        "submit its eighth periodic report by 1 November 2029.",
    ],
)
def test_what_is_agreed_in_principle_makes_no_day_an_estimate(asked, by, tmp_path):
    make.body("CEDAW")
    reading = sent(written((*OBSERVATIONS[:-1], asked), tmp_path / "co.docx", SYMBOL), by)
    due = due_of(unit(reading, "6"), reading)
    assert (due.due_on, due.certainty) == (date(2029, 11, 1), "fixed")


def test_a_day_that_does_not_exist_is_named_in_a_note(by, tmp_path):
    make.body("CEDAW")
    text = "6. The Committee requests the State party to submit its eighth periodic report by 29 February 2030."
    reading = sent(written((*OBSERVATIONS[:-1], text), tmp_path / "co.docx", SYMBOL), by)
    assert "Paragraph 6 contains a date that does not exist: 29 February 2030." in reading.notes
    due = due_of(unit(reading, "6"), reading)
    assert (due.kind, due.due_on, due.certainty) == ("periodic-report", None, "estimate")


def test_the_first_of_repeated_reports_is_an_estimate(by, tmp_path):
    make.body("AfCHPR")
    ordered = (
        "iv. Orders the Respondent State to report every two months on the measures taken to implement this judgment."
    )
    reading = sent(written((*JUDGMENT[:-1], ordered), tmp_path / "judgment.docx"), by)
    read_unit = unit(reading, "iv")
    due = due_of(read_unit, reading)
    assert (read_unit.deadline_every, due.due_on, due.certainty) == (2, date(2026, 10, 31), "estimate")


@pytest.mark.parametrize(
    "rows",
    [
        (
            "INTER-AMERICAN COMMISSION ON HUMAN RIGHTS",
            "REPORT No. 12/26",
            "1 March 2026",
            "60. In view of the above, THE INTER-AMERICAN COMMISSION RECOMMENDS THAT THE STATE OF SLOVENIA:",
            "1. Provide full reparation to the victims.",
            "61. The Commission agrees to transmit this report to the State and to grant it two months to report "
            "on the "
            "measures adopted to comply with the recommendations.",
        ),
        (
            "COMISIÓN INTERAMERICANA DE DERECHOS HUMANOS",
            "INFORME No. 12/26",
            "1 de marzo de 2026",
            "60. Con base en lo anterior, LA COMISIÓN INTERAMERICANA RECOMIENDA AL ESTADO:",
            "1. Reparar integralmente a las víctimas.",
            "61. La Comisión acuerda transmitir este informe al Estado y otorgarle un plazo de dos meses para "
            "informar "
            "sobre las medidas adoptadas para cumplir las recomendaciones.",
        ),
    ],
    ids=["en", "es"],
)
def test_the_two_months_after_an_unpublished_report_of_the_commission_are_due_and_withheld(rows, by, tmp_path):
    make.body("IACHR", Body.Kind.MONITORING)
    reading = sent(written(rows, tmp_path / "merits.docx"), by)
    read_unit = unit(reading, "61")
    assert (read_unit.kind, read_unit.due, due_of(read_unit, reading).due_on) == (
        "obligation",
        "compliance",
        date(2026, 5, 1),
    )
    assert unit(reading, "1").kind == "recommendation"
    assert is_withheld(reading)
    edited(read_unit, by, kind="information")  # the text of the document stays what it is
    assert is_withheld(reading)


def test_a_term_from_the_transmittal_of_a_decision_is_an_estimate(by, tmp_path):
    make.body("CAT")
    rows = (
        "United Nations CAT/C/80/D/1234/2023",
        "Decision adopted by the Committee under article 22 of the Convention, concerning communication No. "
        "1234/2023",
        "Date of adoption of decision: 12 March 2026",
        "9. The Committee, acting under article 22 (7), decides that the facts constitute a breach of article 3 of "
        "the Convention.",
        "10. The Committee invites the State party to inform it, within 90 days of the date of the transmittal of "
        "the "
        "present decision, of the steps it has taken in response to the above observations.",
    )
    reading = sent(written(rows, tmp_path / "decision.docx"), by)
    due = due_of(unit(reading, "10"), reading)
    assert (due.due_on, due.certainty) == (date(2026, 6, 10), "estimate")


def test_the_first_words_of_a_document_are_read_once_for_all_that_it_makes_due(by, tmp_path):
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    text = "6. The Committee requests the State party to submit its eighth periodic report by 1 November 2029."
    core = "7. The Committee invites the State party to submit an updated common core document."
    reading = sent(written((*OBSERVATIONS[:-1], text, core), tmp_path / "co.docx", SYMBOL), by)
    previewed(reading, by)
    with CaptureQueriesContext(connection) as queries:
        assert add_obligations(reading.batch) > 1
    assert sum("readblock" in query["sql"] for query in queries) == 1
