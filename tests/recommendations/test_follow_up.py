"""What a document asks beside the substance, on the record: seen, filtered, taken back with the import."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.recommendations.services import importing
from servanda.recommendations.services.merging import merge_recommendations, unmerge_recommendation
from servanda.sources.models import DocumentReading
from servanda.sources.services import units
from tests import make
from tests.sources import documents_make
from tests.sources.test_read_units import confirmed, sent

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def followed_up(record: Recommendation, **fields) -> FollowUp:
    return FollowUp.objects.create(
        recommendation=record, **{"kind": "follow-up", "words": "within one year"} | fields
    )


def test_follow_up_dissemination_and_term_come_with_the_document_and_leave_with_it(client, tmp_path):
    make.country()
    make.body("CERD")
    by = make.signed_in(client, Role.COORDINATOR)
    reading = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.filter(pk=reading.pk).update(date=date(2024, 8, 30), body="CERD")
    batch = confirmed(DocumentReading.objects.get(pk=reading.pk), by)
    asked = FollowUp.objects.current().values_list("recommendation__paragraph", "kind", "words", "due_on")
    due = date(2026, 8, 30)
    assert sorted(asked) == [
        ("2(a)", "follow-up", "within two years", due),
        ("3", "follow-up", "within two years", due),
        ("4", "dissemination", "", None),
    ]
    page = client.get(reverse("desk:record", args=[Recommendation.objects.get(paragraph="2(a)").code]))
    assert '<dd><time datetime="2026-08-30">' in page.content.decode()
    importing.undo_batch(batch=batch, by=by)
    assert not FollowUp.objects.exists()


def test_a_term_that_is_mended_is_said_in_the_preview_and_takes_the_place_of_the_old_one(tmp_path):
    make.country()
    make.body("CERD")
    by = make.user(Role.COORDINATOR)
    first = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.update(body="CERD")
    confirmed(DocumentReading.objects.get(pk=first.pk), by)
    again = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "again.docx"), by))
    DocumentReading.objects.filter(pk=again.pk).update(body="CERD")
    again.units.filter(number="3").update(deadline="within one year", deadline_months=12)
    units.confirm_units(reading=DocumentReading.objects.get(pk=again.pk), numbering_is_right=False, by=by)
    again.batch.refresh_from_db()
    importing.preview_batch(again.batch)
    assert again.batch.rows.get(verdict="changed").difference == "Follow-up asked for"
    importing.start_applying(batch=again.batch, by=by, accept_refused=False)
    importing.apply_batch(again.batch)
    there = FollowUp.objects.current().filter(recommendation__paragraph="3")
    assert [one.words for one in there] == ["within one year"]


@pytest.mark.parametrize("page", ["desk:register", "portal:register"])
def test_the_register_is_narrowed_to_what_is_asked_for_and_by_when(client, page):
    today = timezone.localdate()
    past, soon, plain, spread = [make.recommendation(f"Group {number}.") for number in range(4)]
    followed_up(past, due_on=today - timedelta(days=1))
    followed_up(soon, due_on=today + timedelta(days=9))
    followed_up(spread, kind="dissemination", words="")
    make.signed_in(client, Role.COORDINATOR)
    asked = {"asked": {past, soon}, "past": {past}, "soon": {soon}, "dissemination": {spread}, "-": {plain}}
    for value, records in asked.items():
        listing = client.get(reverse(page), {"follow-up": value}).context["listing"]
        assert {row.record.code for row in listing.rows()} == {record.code for record in records}, value


def test_a_merge_brings_it_along_and_its_undoing_takes_it_back():
    into, other = make.recommendation(), make.recommendation()
    followed_up(other)
    by = make.user(Role.COORDINATOR)
    merge_recommendations(into=into, others=[other], by=by)
    assert into.follow_ups.current().get().words == "within one year"
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=by)
    assert not into.follow_ups.current().exists()
