"""A letter of special procedures: confidential from the start, its questions as units, its reply as an obligation."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from servanda.sources.models import DocumentReading, Obligation
from servanda.trail.models import Event
from servanda.vocab.models import ObligationRule
from tests import make
from tests.once import built_once
from tests.proceedings_make import shipped_rule
from tests.sources.documents.test_letters_and_judgments import LETTER
from tests.sources.units.test_obligations import applied, edited, sent, written

pytestmark = pytest.mark.django_db


@built_once
def by():
    make.country()
    make.body("SR Food")
    return make.user(Role.COORDINATOR)


@built_once
def letter(by, tmp_path_factory) -> DocumentReading:
    reading = sent(written(LETTER, tmp_path_factory.mktemp("files") / "letter.docx"), by)
    DocumentReading.objects.filter(pk=reading.pk).update(body="SR Food")
    reading.refresh_from_db()
    return reading


def test_a_letter_is_read_with_reference_day_subject_mandates_and_questions(letter):
    assert (letter.family, letter.symbol, letter.date) == ("sp-letter", "AL SVN 1/2026", date(2026, 3, 12))
    assert (letter.title, letter.mandate_names) == (
        "the arrest of two farmers",
        ["Special Rapporteur on the right to food"],
    )
    assert list(letter.units.values_list("number", "kind")) == [("1", "question"), ("", "obligation")]


def test_it_makes_a_restricted_obligation_and_no_record_and_nothing_of_it_is_public(letter, by, client):
    applied(letter, by, publish=True)
    (reply,) = Obligation.objects.kept()
    assert (reply.kind, reply.clock_on, reply.due_on) == ("reply", date(2026, 3, 12), date(2026, 5, 11))
    assert (reply.confidentiality, reply.is_published, reply.is_public) == ("restricted", False, False)
    assert (reply.force, reply.words, reply.document.symbol) == ("requested", "within 60 days", "AL SVN 1/2026")
    assert not Obligation.objects.public().exists()
    assert not Obligation.objects.visible_to(make.user(Role.CONTRIBUTOR)).exists()
    assert not Recommendation.objects.exists()
    public = client.get(reverse("portal:register"), {"q": "AL SVN 1/2026"}).content.decode()
    assert "farmers" not in public


def test_no_unit_of_a_letter_becomes_a_record(letter, by):
    with pytest.raises(FieldRefused, match="A letter of special procedures is confidential"):
        edited(letter.units.get(number="1"), by, kind="recommendation")


def test_a_reference_that_is_used_twice_is_said_and_adds_nothing_twice(letter, by, tmp_path):
    applied(letter, by)
    again = sent(written((*LETTER, "Annex"), tmp_path / "again.docx"), by)
    DocumentReading.objects.filter(pk=again.pk).update(body="SR Food")
    again.refresh_from_db()
    assert "The reference AL SVN 1/2026 is already used by the file “letter.docx”." in again.notes
    applied(again, by)
    assert Obligation.objects.kept().count() == 1


def without_deadline(by, path, *, reference: str = "AL SVN") -> DocumentReading:
    rows = [row.replace("AL SVN", reference) for row in LETTER if "60 days" not in row]
    reading = sent(written(rows, path), by)
    DocumentReading.objects.filter(pk=reading.pk).update(body="SR Food")
    reading.refresh_from_db()
    return reading


def test_a_letter_without_a_deadline_is_due_by_the_rule_for_letters(by, tmp_path):
    shipped_rule("communication")
    reading = without_deadline(by, tmp_path / "letter.docx")
    assert "That of the rule for such letters is used: 60 days after." in reading.notes
    assert "This rule is to be verified." in reading.notes
    applied(reading, by)
    reply = Obligation.objects.kept().get()
    assert (reply.due_on, reply.day_from, reply.words) == (date(2026, 5, 11), "rule", "")
    assert (reply.rule.code, reply.force, reply.certainty) == ("communication", "requested", "fixed")


@pytest.mark.parametrize(
    ("fields", "due_on"),
    [
        ({"offset": 30, "unit": "days"}, date(2026, 4, 11)),
        ({"offset": 2, "unit": "months"}, date(2026, 5, 12)),
        ({"offset": 10, "unit": "working-days"}, date(2026, 3, 26)),
    ],
)
def test_a_rule_that_the_instance_changed_sets_the_deadline_of_letters(by, tmp_path, fields, due_on):
    shipped = shipped_rule("communication")
    own = {"kind": "reply", "trigger": "letter", "force": "requested", "source": "Own", "is_own": True}
    local = ObligationRule.objects.create(code="own-communication", replaces=shipped, **own | fields)
    applied(without_deadline(by, tmp_path / "letter.docx"), by)
    reply = Obligation.objects.kept().get()
    assert (reply.due_on, reply.rule) == (due_on, local)


def test_a_rule_that_starts_at_receipt_gives_an_estimate(by, tmp_path):
    shipped = shipped_rule("communication")
    own = {"kind": "reply", "trigger": "receipt", "offset": 60, "unit": "days", "source": "Own", "is_own": True}
    ObligationRule.objects.create(code="own-communication", replaces=shipped, **own)
    applied(without_deadline(by, tmp_path / "letter.docx"), by)
    assert Obligation.objects.kept().get().certainty == "estimate"


def test_an_urgent_appeal_and_a_letter_without_a_rule_have_only_the_deadline_that_a_person_enters(by, tmp_path):
    shipped_rule("communication-urgent")
    for reference in ("UA SVN", "AL SVN"):
        reading = without_deadline(by, tmp_path / f"{reference[:2]}.docx", reference=reference)
        assert "No deadline was found in the letter." in reading.notes
        assert [unit.deadline_count for unit in reading.units.filter(kind="obligation")] == [0]


def test_a_letter_without_a_date_gives_a_reply_whose_deadline_a_person_enters(by, tmp_path, client):
    reading = sent(written([row for row in LETTER if row != "12 March 2026"], tmp_path / "letter.docx"), by)
    DocumentReading.objects.filter(pk=reading.pk).update(body="SR Food")
    reading.refresh_from_db()
    assert reading.date is None
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(reverse("desk:document_units", args=[reading.batch.key])).status_code == 200
    applied(reading, by)
    reply = Obligation.objects.kept().get()
    assert (reply.due_on, reply.clock_on, reply.certainty, reply.confidentiality) == (
        None,
        None,
        "estimate",
        "restricted",
    )
    assert not Obligation.objects.late(on=date(2030, 1, 1)).exists()
    assert "Date needed" in client.get(reverse("desk:obligations")).content.decode()
    page = client.get(reply.get_absolute_url()).content.decode()
    assert "No date could be computed from the document. Edit the obligation: enter the deadline" in page


def test_each_of_25_mandates_is_named(by, tmp_path, client):
    names = [f"the Special Rapporteur on question number {number}" for number in range(1, 26)]
    rows = ("Mandates of " + "; ".join(names), *LETTER[1:])
    reading = sent(written(rows, tmp_path / "letter.docx"), by)
    assert reading.mandate_names == [f"Special Rapporteur on question number {number}" for number in range(1, 26)]
    make.signed_in(client, Role.COORDINATOR)
    page = client.get(reverse("desk:document_units", args=[reading.batch.key])).content.decode()
    assert "25 mandates" in page


def test_the_page_shows_the_mandates_and_that_it_is_confidential(letter, client):
    make.signed_in(client, Role.COORDINATOR)
    page = client.get(reverse("desk:document_units", args=[letter.batch.key])).content.decode()
    assert "This letter is confidential until the procedures publish it." in page
    assert "1 mandate" in page
    assert "due on 11 May 2026, counted from the date of the document (12 March 2026)." in page
    batch = Batch.objects.get(pk=letter.batch_id)
    assert batch.shape == "document"


def test_who_reads_a_confidential_document_leaves_a_line_in_the_trail_once_an_hour(letter, by, client):
    client.force_login(by)
    seen = Event.objects.filter(action="confidential-document-viewed", actor=by)
    page = reverse("desk:document_units", args=[letter.batch.key])
    for _time in range(2):
        assert client.get(page).status_code == 200
    assert seen.count() == 1
    DocumentReading.objects.update(family="concluding-observations", symbol="CEDAW/C/SVN/CO/6")
    client.get(page)
    assert seen.count() == 1
    DocumentReading.objects.update(family="sp-letter")
    seen.update(at=timezone.now() - timedelta(hours=2))
    client.get(page)
    assert seen.count() == 2
