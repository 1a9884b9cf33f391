"""A paragraph that was imported as a record becomes an obligation, or the other way round, and can be turned back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing import structure
from servanda.recommendations.editing.follow_up_obligations import release
from servanda.recommendations.editing.turning import (
    turn_into_obligation,
    turn_into_recommendation,
    undo_turning,
)
from servanda.recommendations.models import FollowUp, Recommendation, RecordObligation, SourceRecord
from servanda.sources.models import DocumentReading, Obligation
from servanda.sources.obligations.submissions import SubmissionValues, record_submission
from servanda.trail.models import Event
from servanda.vocab.models import Body
from tests import make, measures_make, obligation_make, progress_make
from tests.once import built_once
from tests.sources.units.test_obligations import OBSERVATIONS, SYMBOL, applied, edited, sent, unit, written

pytestmark = pytest.mark.django_db
DAY = date(2030, 3, 31)
ASKS = "The Committee requests the State party to submit its eighth periodic report by 31 March 2030."


@built_once
def by():
    make.country()
    return make.user(Role.COORDINATOR)


@built_once
def record(by) -> Recommendation:
    return make.recommendation(ASKS, body=make.committee("CEDAW"), review=None, date=date(2026, 3, 12))


def sent_document(by, path) -> DocumentReading:
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    return sent(written(OBSERVATIONS, path, SYMBOL), by)


def imported(by, tmp_path, name="co.docx", **kinds: str) -> Batch:
    """The observations, some paragraphs of them as another kind than they are read as."""
    reading = sent_document(by, tmp_path / name)
    for number, kind in kinds.items():
        edited(unit(reading, number.strip("_")), by, kind=kind)
    return applied(reading, by)


def shown(answer) -> str:
    return answer.content.decode()


def into_obligation(record, by, **values) -> RecordObligation:
    start = {
        "kind": "periodic-report",
        "title": "",
        "due_on": DAY,
        "reason": "It asks for a report.",
        "version": None,
    }
    return turn_into_obligation(recommendation=record, by=by, **start | values)


def into_record(obligation, by, **values) -> RecordObligation:
    start = {"kind": "recommendation", "text": "Adopt a law.", "reason": "It is one.", "seen": None}
    return turn_into_recommendation(obligation=obligation, by=by, **start | values)


def test_a_record_is_withdrawn_with_the_reason_and_the_obligation_has_the_day_of_the_paragraph(record, by):
    make.assignment(record)
    turned = into_obligation(record, by)
    record.refresh_from_db()
    due = turned.obligation
    assert (record.withdrawn_reason, record.withdrawn_at is not None) == ("It asks for a report.", True)
    assert record.assignments.count() == 1
    assert (due.kind, due.due_on, due.day_from, due.words) == (
        "periodic-report",
        date(2030, 3, 31),
        "document",
        "31 March 2030",
    )
    assert (due.document, due.paragraph, due.force, due.is_public) == (
        record.document,
        record.paragraph,
        "binding",
        True,
    )
    actions = set(Event.objects.filter(actor=by).values_list("action", flat=True))
    assert {"recommendation-turned", "obligation-added"} <= actions


def test_a_day_that_a_person_enters_is_not_that_of_the_document(record, by):
    due = into_obligation(record, by, due_on=date(2031, 1, 1)).obligation
    assert (due.due_on, due.day_from, due.words, due.certainty) == (date(2031, 1, 1), "hand", "", "fixed")


def test_without_a_day_it_is_to_be_communicated(record, by):
    due = into_obligation(record, by, due_on=None).obligation
    assert (due.due_on, due.certainty) == (None, "to-be-communicated")


@pytest.mark.parametrize(
    ("kind", "certainty", "is_dateless"), [("follow-up", "to-be-communicated", False), ("other", "fixed", True)]
)
def test_a_paragraph_without_a_term_waits_for_its_day_or_has_none(by, kind, certainty, is_dateless):
    plain = make.recommendation("Adopt a law.", body=make.committee("CEDAW"), review=None)
    due = into_obligation(plain, by, kind=kind, due_on=None).obligation
    assert (due.certainty, due.is_dateless) == (certainty, is_dateless)


@pytest.mark.database
def test_turning_back_restores_the_record_and_withdraws_the_obligation(record, by):
    turned = into_obligation(record, by)
    undo_turning(turning=turned, by=by)
    record.refresh_from_db()
    turned.obligation.refresh_from_db()
    assert record.withdrawn_at is None
    assert record.code in turned.obligation.withdrawn_reason
    with pytest.raises(Refused, match="already been undone"):
        undo_turning(turning=turned, by=by)
    assert into_obligation(record, by).obligation != turned.obligation


def test_the_second_of_two_people_is_told(record, by):
    seen = record.version
    into_obligation(record, by)
    with pytest.raises(ChangedMeanwhile):
        into_obligation(record, make.user(Role.COORDINATOR), version=seen)
    with pytest.raises(Refused, match="no longer in the register"):
        into_obligation(record, by)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordObligation.objects.create(
            recommendation=record, obligation=obligation_make.obligation(), direction="obligation"
        )


def test_an_obligation_that_exists_already_is_used_and_stays_when_it_is_turned_back(record, by):
    other = make.recommendation(body=record.body, review=None)
    due = make.follow_up(other, due_on=date(2028, 3, 12)).obligation
    turned = into_obligation(record, by, kind="follow-up", due_on=date(2028, 3, 12))
    assert (turned.obligation, turned.is_made) == (due, False)
    undo_turning(turning=turned, by=by)
    due.refresh_from_db()
    assert due.withdrawn_at is None


@pytest.mark.parametrize("confidentiality", ["internal", "restricted"])
def test_confidentiality_carries_over_both_ways(by, confidentiality):
    ministry = make.institution("justice")
    record = make.recommendation(ASKS, body=make.committee("CEDAW"), review=None, confidentiality=confidentiality)
    if confidentiality == "restricted":
        record.restricted_to.add(ministry)
    due = into_obligation(record, by).obligation
    assert (due.confidentiality, due.is_public) == (confidentiality, False)
    assert due.owner == (ministry if confidentiality == "restricted" else None)
    stranger = make.user(Role.FOCAL_POINT, make.institution("health"))
    assert Obligation.objects.visible_to(stranger).exists() == (confidentiality == "internal")
    back = obligation_make.obligation(
        confidentiality=confidentiality, document=record.document, paragraph="7", owner=ministry
    )
    made = into_record(back, by).recommendation
    assert (made.confidentiality, made.is_published) == (confidentiality, False)
    assert list(made.restricted_to.all()) == ([ministry] if confidentiality == "restricted" else [])
    assert RecordObligation.objects.visible_to(stranger).count() == (2 if confidentiality == "internal" else 0)


def test_a_record_that_an_obligation_replaces_is_restored_only_together_with_it(record, by):
    turned = into_obligation(record, by)
    with pytest.raises(Refused, match="turned into an obligation"):
        structure.restore_recommendation(recommendation=record, by=by)
    Obligation.objects.filter(pk=turned.obligation_id).update(withdrawn_at=record.created_at, withdrawn_reason="x")
    structure.restore_recommendation(recommendation=record, by=by)
    turned.refresh_from_db()
    assert turned.ended_at is not None


def test_a_submitted_obligation_is_not_turned_back(record, by):
    turned = into_obligation(record, by)
    values = SubmissionValues(submitted_on=date(2026, 11, 1), note_verbale="7/2026")
    record_submission(obligation=turned.obligation, values=values, seen=None, by=by)
    with pytest.raises(Refused, match="submitted"):
        undo_turning(turning=turned, by=by)
    record.refresh_from_db()
    assert record.withdrawn_at is not None


def test_a_measure_of_a_court_and_a_person_without_the_permission_are_refused(record, by):
    with pytest.raises(Refused, match="in its case"):
        into_obligation(measures_make.ordered(), by)
    with pytest.raises(Refused, match="permission"):
        into_obligation(record, make.user(Role.FOCAL_POINT))
    with pytest.raises(FieldRefused):
        into_obligation(record, by, reason=" ")


def test_an_obligation_lapses_and_its_paragraph_becomes_a_record_with_the_document_as_source(by, tmp_path):
    imported(by, tmp_path)
    due = Obligation.objects.get(paragraph="6")
    turned = into_record(due, by, text="Submit the report.")
    due.refresh_from_db()
    made = turned.recommendation
    assert (due.state, due.state_reason) == ("lapsed", "It is one.")
    assert (made.document.symbol, made.paragraph, made.code, made.is_public) == (
        SYMBOL,
        "6",
        "SVN-CEDAW-2026-6",
        True,
    )
    source = SourceRecord.objects.get(recommendation=made)
    assert (source.scheme, source.external_id) == ("document", f"{SYMBOL}#6")
    assert "periodic reports" in source.raw
    undo_turning(turning=turned, by=by)
    due.refresh_from_db()
    made.refresh_from_db()
    assert (due.state, due.state_reason, made.withdrawn_at is None) == ("expected", "", False)


def test_what_cannot_become_a_record_is_refused_with_the_reason(by, record):
    entered = obligation_make.obligation()
    with pytest.raises(Refused, match="does not come from a paragraph"):
        into_record(entered, by)
    shared = make.follow_up(record, due_on=date(2028, 3, 12)).obligation
    Obligation.objects.filter(pk=shared.pk).update(paragraph="9")
    with pytest.raises(Refused, match="Records have this deadline"):
        into_record(shared, by)
    ended = obligation_make.obligation(document=record.document, paragraph="9", state="closed")
    with pytest.raises(Refused, match="has ended"):
        into_record(ended, by)
    open_one = obligation_make.obligation(document=record.document, paragraph="9")
    with pytest.raises(ChangedMeanwhile):
        into_record(open_one, by, seen=open_one.version + 1)


@pytest.mark.database
def test_importing_the_document_again_keeps_what_a_person_turned_into_an_obligation(by, tmp_path):
    """In the first import it was a record; the second reads it as an obligation, of another kind and day."""
    imported(by, tmp_path, _6="recommendation")
    record = Recommendation.objects.get(paragraph="6")
    due = into_obligation(record, by, due_on=date(2031, 6, 1)).obligation
    imported(by, tmp_path, "again.docx")
    assert list(Obligation.objects.kept().filter(paragraph="6")) == [due]
    imported(by, tmp_path, "third.docx", _6="recommendation")
    assert list(Recommendation.objects.filter(paragraph="6")) == [record]
    record.refresh_from_db()
    assert record.withdrawn_at is not None


def test_importing_the_document_again_keeps_what_a_person_turned_into_a_record(by, tmp_path):
    imported(by, tmp_path)
    due = Obligation.objects.get(paragraph="6")
    made = into_record(due, by).recommendation
    Obligation.objects.filter(pk=due.pk).update(due_on=date(2031, 6, 1))
    imported(by, tmp_path, "again.docx")
    assert list(Obligation.objects.filter(paragraph="6")) == [due]
    imported(by, tmp_path, "third.docx", _6="recommendation")
    assert list(Recommendation.objects.filter(paragraph="6")) == [made]
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_an_undone_turning_is_forgotten_by_the_next_import(by, tmp_path):
    imported(by, tmp_path, _6="recommendation")
    turned = into_obligation(Recommendation.objects.get(paragraph="6"), by)
    undo_turning(turning=turned, by=by)
    imported(by, tmp_path, "again.docx")
    assert Obligation.objects.kept().filter(paragraph="6").count() == 1


def test_a_request_of_the_record_does_not_end_the_obligation_it_was_turned_into(by, record):
    request = make.follow_up(record, due_on=date(2030, 3, 31))
    turned = into_obligation(record, by, kind="follow-up")
    assert turned.obligation == request.obligation
    FollowUp.objects.filter(pk=request.pk).delete()
    release([request.obligation_id], by=by)
    turned.obligation.refresh_from_db()
    assert turned.obligation.withdrawn_at is None


def test_both_pages_offer_it_and_lead_to_each_other(client, record):
    by = make.signed_in(client, Role.COORDINATOR)
    address = reverse("desk:turn_into_obligation", args=[record.code])
    assert address in shown(client.get(reverse("desk:record", args=[record.code])))
    make.assignment(record)
    progress_make.update(record, make.institution("justice"), written_by=by)
    form = client.get(address)
    page = shown(form)
    assert "Institutions (1)" in page
    assert "Updates (1)" in page
    assert '<option value="periodic-report" selected>' in page
    assert 'value="2030-03-31"' in page
    sent_form = {"kind": "periodic-report", "due_on": "2030-03-31", "reason": "A report.", "version": record.version}
    answer = client.post(address, sent_form, follow=True)
    due = Obligation.objects.get()
    assert answer.redirect_chain == [(reverse("desk:obligation", args=[due.code]), 302)]
    turned = RecordObligation.objects.get()
    undo = reverse("desk:undo_turning", args=[turned.pk])
    assert shown(answer).count(undo) == 2  # in the message, and on the page
    gone = client.get(reverse("desk:record", args=[record.code]))
    assert (gone.status_code, undo in gone.content.decode()) == (410, True)
    assert reverse("desk:restore_recommendation", args=[record.code]) not in gone.content.decode()
    answer = client.post(undo, follow=True)
    assert answer.redirect_chain == [(reverse("desk:record", args=[record.code]), 302)]
    assert client.post(undo).status_code == 404


def test_the_page_of_an_obligation_without_a_paragraph_offers_no_record(client, record):
    make.signed_in(client, Role.COORDINATOR)
    plain, from_paragraph = (
        obligation_make.obligation(),
        obligation_make.obligation(document=record.document, paragraph="9"),
    )
    for due, is_offered in ((plain, False), (from_paragraph, True)):
        page = shown(client.get(reverse("desk:obligation", args=[due.code])))
        assert (reverse("desk:turn_into_recommendation", args=[due.code]) in page) == is_offered
    address = reverse("desk:turn_into_recommendation", args=[from_paragraph.code])
    client.post(address, {"kind": "recommendation", "text": "Adopt a law.", "reason": "R.", "version": 1})
    made = RecordObligation.objects.get().recommendation
    page = shown(client.get(reverse("desk:record", args=[made.code])))
    assert from_paragraph.code in page
    assert "Turn back" in page
