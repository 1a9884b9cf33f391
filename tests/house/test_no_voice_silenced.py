"""A coordinator who wants the rating of an accredited institution to disappear, by every page, endpoint and service
that takes a record from the public."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Institution, Notification, User
from servanda.progress import merging as progress_merging
from servanda.progress.assessments import signing
from servanda.progress.models import Assessment
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import structure, texts, versioning
from servanda.recommendations.editing.publicity import Explanation
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import (
    FormerCode,
    Likeness,
    PublicReason,
    Recommendation,
    Signature,
    TextVersion,
)
from tests import assessing_make as made
from tests import make
from tests.importing_make import bring, uhri, uhri_record

pytestmark = pytest.mark.django_db

PACKAGE = Path(__file__).resolve().parents[2] / "servanda"
RATING, WHY = "Nobody has been hired.", "It repeats another record."
EXPLAINED = {"public_reason": WHY}


@pytest.fixture
def coordinator(client) -> User:
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def institute() -> User:
    return made.accredited()


@pytest.fixture
def record(institute) -> Recommendation:
    record = make.recommendation("Hire inspectors of prisons.", paragraph="140.10")
    made.signed(record, institute)
    return record


def read_by_everybody(client, record: Recommendation) -> str:
    """The page at the permanent address as a stranger sees it, with the pages to which it redirects."""
    client.logout()
    answer = client.get(reverse("portal:recommendation", args=[record.code]), follow=True)
    assert answer.status_code in (200, 410)
    return answer.content.decode()


def at(name: str, *arguments) -> str:
    return reverse(f"desk:{name}", args=arguments)


def withdraw(client, record, fields):
    return client.post(at("withdraw_recommendation", record.code), {"reason": WHY, **fields})


def unpublish(client, record, fields):
    return client.post(at("unpublish_recommendation", record.code), fields)


def make_internal(client, record, fields, level: str = "internal"):
    facts = {"version": record.version, "kind": record.kind, "symbol": "A/HRC/59/15", "paragraph": "140.10"}
    facts |= {"language": "en", "confidentiality": level, "restricted_to": [make.institution("moj").pk]}
    return client.post(at("edit_recommendation", record.code), {**facts, **fields})


def restrict(client, record, fields):
    return make_internal(client, record, fields, "restricted")


def split(client, record, fields):
    return client.post(at("split_recommendation", record.code), {"texts": "Hire.\n---\nTrain.", **fields})


def change_many(client, record, fields, **change):
    chosen = {"code": [record.code], "step": "apply", "count": "1", **change, **fields}
    return client.post(at("bulk_edit"), chosen)


def unpublish_many(client, record, fields):
    return change_many(client, record, fields, deed="unpublish")


def make_many_internal(client, record, fields):
    return change_many(client, record, fields, deed="set-confidentiality", confidentiality="internal")


def with_a_key(client, record, method: str, end: str, fields: dict):
    key = make.token(make.user(Role.COORDINATOR), scope="write")
    headers = {"authorization": f"Bearer {key}", "if-match": f'"{record.version}"'}
    url = reverse("api:recommendation", args=[record.code]) + end
    return client.generic(method, url, json.dumps(fields), content_type="application/json", headers=headers)


def turn(client, record, fields):
    facts = {"version": record.version, "kind": "follow-up", "reason": WHY}
    return client.post(at("turn_into_obligation", record.code), {**facts, **fields})


def unpublish_with_a_key(client, record, fields):
    return with_a_key(client, record, "POST", "/unpublish", fields)


def make_internal_with_a_key(client, record, fields):
    return with_a_key(client, record, "PATCH", "", {"confidentiality": "internal", **fields})


WAYS: dict[Callable, str] = {
    withdraw: "Withdrawn",
    unpublish: "No longer published",
    make_internal: "Made internal",
    restrict: "Restricted to named institutions",
    split: "Withdrawn",
    turn: "Withdrawn",
    unpublish_many: "No longer published",
    make_many_internal: "Made internal",
    unpublish_with_a_key: "No longer published",
    make_internal_with_a_key: "Made internal",
}


@pytest.mark.parametrize("way", WAYS)
def test_without_a_public_reason_the_record_stays_public(client, coordinator, record, way):
    way(client, record, {})
    assert list(Recommendation.objects.public()) == [record]
    page = read_by_everybody(client, record)
    assert RATING in page
    assert "no longer public" not in page
    assert (PublicReason.objects.count(), Mail.objects.count()) == (0, 0)


@pytest.mark.parametrize("way", WAYS)
def test_with_one_its_address_tells_why_and_the_rating_stays_there(client, coordinator, record, institute, way):
    way(client, record, EXPLAINED)
    assert not Recommendation.objects.public().filter(pk=record.pk).exists()
    page = read_by_everybody(client, record)
    for words in (WAYS[way], WHY, RATING, "Hire inspectors of prisons.", "NHRI", "A status"):
        assert words in page
    mail = Mail.objects.get()
    assert (mail.to, WHY in mail.body, record.code in mail.body) == (institute.email, True, True)
    assert Notification.objects.get(kind="record-concealed").person == institute


@pytest.mark.parametrize("way", [withdraw, unpublish, make_internal, unpublish_many, unpublish_with_a_key])
def test_a_record_without_such_a_rating_needs_no_reason(client, coordinator, way):
    record = make.recommendation(paragraph="140.10")
    made.assessment(record)
    way(client, record, {})
    assert not Recommendation.objects.public().exists()
    client.logout()
    assert client.get(record.get_absolute_url()).status_code == 404


def test_a_former_reference_leads_to_the_reason_as_well(client, coordinator, record):
    FormerCode.objects.create(code="SVN-UPR-4-0", code_stem="SVN-UPR-4-0", recommendation=record)
    withdraw(client, record, EXPLAINED)
    client.logout()
    answer = client.get(reverse("portal:recommendation", args=["SVN-UPR-4-0"]))
    assert answer.status_code == 410
    assert WHY in answer.content.decode()
    assert client.get(reverse("api:recommendation", args=["SVN-UPR-4-0"])).status_code == 410


@pytest.mark.database
def test_all_of_them_are_listed_with_the_reason_and_found_from_the_register(client, coordinator, record):
    listing = reverse("portal:hidden_records")
    withdraw(client, record, EXPLAINED)
    client.logout()
    assert listing in client.get(reverse("portal:register")).content.decode()
    page = client.get(listing).content.decode()
    for words in (record.code, WHY, "NHRI", "Withdrawn"):
        assert words in page
    client.force_login(coordinator)
    client.post(at("restore_recommendation", record.code))
    client.logout()
    assert record.code not in client.get(listing).content.decode()


def test_a_record_that_is_hidden_without_such_a_rating_is_not_listed(client, coordinator):
    record = make.recommendation()
    unpublish(client, record, {})
    client.logout()
    assert record.code not in client.get(reverse("portal:hidden_records")).content.decode()


def test_the_pieces_of_a_split_record_lead_to_the_rating(client, coordinator, record):
    split(client, record, EXPLAINED)
    piece = Recommendation.objects.public().first()
    client.logout()
    page = client.get(piece.get_absolute_url()).content.decode()
    assert f"/{record.code}/" in page
    assert RATING in client.get(reverse("portal:recommendation", args=[record.code])).content.decode()


def test_to_protect_a_person_the_texts_go_and_the_rating_stays(client, coordinator, record):
    withdraw(client, record, {**EXPLAINED, "protects_person": "on"})
    page = read_by_everybody(client, record)
    for words in (WHY, "To protect a person", "NHRI", "not-started", record.code):
        assert words in page
    assert RATING not in page
    assert "Hire inspectors" not in page


def test_the_mail_tells_what_is_not_shown_to_protect_a_person(client, coordinator, record):
    withdraw(client, record, {**EXPLAINED, "protects_person": "on"})
    body = Mail.objects.get().body
    assert "this protects a person" in body
    assert "your links are not" in " ".join(body.split())
    assert "The reason and your assessment are shown" not in body


def test_an_institution_without_an_account_is_mailed_at_its_own_address(client, coordinator, record, institute):
    User.objects.filter(pk=institute.pk).update(is_active=False)
    Institution.objects.filter(code="nhri").update(email="office@nhri.example.org")
    withdraw(client, record, EXPLAINED)
    assert Mail.objects.get().to == "office@nhri.example.org"


def test_what_is_written_into_a_hidden_record_is_not_read_at_its_address(client, coordinator, record):
    unpublish(client, record, EXPLAINED)
    record.refresh_from_db()
    data = {"language": "en", "form": "full", "is_original": True, "is_machine": False, "is_reviewed": False}
    texts.write_text(
        recommendation=record, version=record.version, text="Zorbatrix.", source="", **data, by=coordinator
    )
    page = read_by_everybody(client, record)
    assert "Zorbatrix" not in page
    assert "Hire inspectors of prisons." in page


def test_a_text_that_is_changed_under_the_rating_is_told_beside_it(client, coordinator, record):
    assert "after this assessment" not in read_by_everybody(client, record)
    data = {"language": "en", "form": "full", "is_original": True, "is_machine": False, "is_reviewed": False}
    texts.write_text(recommendation=record, version=1, text="Think of inspectors.", source="", **data, by=coordinator)
    page = read_by_everybody(client, record)
    assert "The text of this record was changed on" in page
    assert RATING in page


def rewrite(record, text: str, by: User, language: str = "en", *, is_original: bool = True) -> None:
    data = {"language": language, "form": "full", "is_original": is_original, "is_machine": False}
    record.refresh_from_db()
    texts.write_text(
        recommendation=record, version=record.version, text=text, source="", is_reviewed=False, **data, by=by
    )


def test_the_text_that_was_assessed_is_quoted_once_another_is_shown(client, coordinator, record):
    rewrite(record, "Think of inspectors.", coordinator)
    page = read_by_everybody(client, record)
    assert "Assessed text" in page
    assert "Hire inspectors of prisons." in page


def test_a_text_that_was_changed_is_told_on_the_page_of_a_hidden_record_too(client, coordinator, record):
    rewrite(record, "Think of inspectors.", coordinator)
    withdraw(client, record, EXPLAINED)
    page = read_by_everybody(client, record)
    for words in ("Think of inspectors.", "The text of this record was changed on", "Hire inspectors of prisons."):
        assert words in page


def test_what_was_assessed_is_not_quoted_where_a_person_is_protected(client, coordinator, record):
    rewrite(record, "Think of inspectors.", coordinator)
    withdraw(client, record, {**EXPLAINED, "protects_person": "on"})
    assert "Hire inspectors" not in read_by_everybody(client, record)


@pytest.mark.parametrize("is_original", [True, False])
def test_a_translation_that_is_changed_under_the_rating_is_told(client, coordinator, institute, is_original):
    record = make.recommendation("Hire inspectors of prisons.")
    record.texts.create(language="es", text="Contratar inspectores.")
    made.signed(record, institute)
    rewrite(record, "Pensar.", coordinator, "es", is_original=is_original)
    page = read_by_everybody(client, record)
    assert "The text of this record was changed on" in page
    assert "Contratar inspectores." in page


def test_a_translation_that_is_added_changes_nothing(client, coordinator, record):
    rewrite(record, "Contratar inspectores.", coordinator, "es", is_original=False)
    assert "was changed on" not in read_by_everybody(client, record)


def test_a_text_that_an_import_changes_under_the_rating_is_told(client, coordinator, record):
    batch = bulk.Batch.objects.create(shape="sheet", name="x", state="applied", applied_at=timezone.now())
    record.texts.update(ended_by=batch)
    TextVersion.objects.create(recommendation=record, language="en", text="Think.", is_original=True, added_by=batch)
    TextVersion.objects.filter(added_by=batch).update(created_at=None)
    page = read_by_everybody(client, record)
    assert "The text of this record was changed on" in page
    assert "Hire inspectors of prisons." in page
    bulk.Batch.objects.update(state="undone")
    assert "was changed on" not in read_by_everybody(client, record)


def correct(client, record, **facts):
    record.refresh_from_db()
    data = {"version": record.version, "kind": record.kind, "symbol": "A/HRC/59/15", "paragraph": record.paragraph}
    data |= {"language": "en", "confidentiality": "public", **facts}
    assert client.post(at("edit_recommendation", record.code), data).status_code == 302


@pytest.mark.parametrize("facts", [{"paragraph": "140.99"}, {"symbol": "A/HRC/59/99"}, {"date": "2020-01-01"}])
def test_a_source_that_is_changed_under_the_rating_is_told(client, coordinator, record, facts):
    correct(client, record, **facts)
    page = read_by_everybody(client, record)
    assert "was changed on" in page
    client.force_login(coordinator)
    withdraw(client, record, EXPLAINED)
    assert "was changed on" in read_by_everybody(client, record)


def test_a_source_that_was_changed_before_the_rating_or_not_at_all_is_not_told(client, coordinator, institute):
    record = make.recommendation()
    correct(client, record, paragraph="140.99")
    made.signed(record, institute)
    correct(client, record, national_code="N-1")
    assert "was changed on" not in read_by_everybody(client, record)


def test_after_a_merge_the_page_says_which_text_was_assessed(client, coordinator, record):
    other = make.recommendation("Think of it.", paragraph="140.11")
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    page = read_by_everybody(client, record)
    assert f">{record.code}</bdi>, which was merged into this record." in page
    assert "Hire inspectors of prisons." in page


def test_the_text_of_a_merged_record_that_was_internal_is_not_quoted(client, coordinator, institute):
    record, other = (make.recommendation(text, confidentiality="internal") for text in ("Zorbatrix.", "Hire."))
    made.assessment(record, "partial", "independent", institution=make.institution("association"))
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    Recommendation.objects.filter(pk=other.pk).update(confidentiality="public")
    client.logout()
    page = client.get(other.get_absolute_url()).content.decode()
    assert "The law is in force." in page
    assert "Zorbatrix" not in page
    assert record.code not in page


def test_public_again_it_is_as_before(client, coordinator, record):
    withdraw(client, record, EXPLAINED)
    client.post(at("restore_recommendation", record.code))
    page = read_by_everybody(client, record)
    assert RATING in page
    assert WHY not in page
    assert PublicReason.objects.get().ended_at


def test_the_institution_withdraws_its_rating_of_a_hidden_record_too(client, coordinator, record, institute):
    withdraw(client, record, EXPLAINED)
    signing.withdraw_own_assessment(assessment=Assessment.objects.get(), reason="Wrong.", by=institute)
    assert RATING not in read_by_everybody(client, record)


def test_merged_into_a_public_record_the_rating_is_on_that_one(client, coordinator, record):
    other = make.recommendation("Hire.", paragraph="140.11")
    client.post(at("merge_recommendations", other.code), {"codes": record.code})
    assert RATING in read_by_everybody(client, record)
    assert set(Signature.objects.values_list("recommendation", flat=True)) == {record.pk, other.pk}
    client.force_login(coordinator)
    unpublish(client, other, {})
    assert RATING in read_by_everybody(client, record)
    client.force_login(coordinator)
    unpublish(client, other, EXPLAINED)
    page = read_by_everybody(client, record)
    assert WHY in page
    assert RATING in page


@pytest.mark.parametrize("fields", [{"confidentiality": "internal"}, {"is_published": False}])
def test_it_is_not_merged_into_a_record_that_is_not_public(client, coordinator, record, fields):
    other = make.recommendation("Hire.", paragraph="140.11", **fields)
    Likeness.objects.create(one=record, other=other, relation="same", cosine=0.97)
    client.post(at("merge_recommendations", other.code), {"codes": record.code})
    client.post(at("merge_likeness", other.code, Likeness.objects.get().pk))
    assert RATING in read_by_everybody(client, record)
    record.refresh_from_db()
    assert record.merged_into is None


@pytest.mark.database
def test_a_merge_that_is_undone_gives_the_rating_back_and_a_withdrawal_holds_for_both(coordinator, record, institute):
    other = make.recommendation("Hire.", paragraph="140.11")
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    copy = Assessment.objects.get(recommendation=other)
    signing.reply_to_assessment(assessment=copy, text="It is in the budget.", by=coordinator)
    signing.withdraw_own_assessment(assessment=copy, reason="Wrong.", by=institute)
    record.refresh_from_db()
    progress_merging.unmerge_recommendation(recommendation=record, by=coordinator)
    assessment = Assessment.objects.get()
    assert (assessment.recommendation, assessment.retraction_reason) == (record, "Wrong.")
    assert [reply.text for reply in assessment.replies.all()] == ["It is in the budget."]
    assert Signature.objects.count() == 0


def test_a_merge_that_is_undone_leaves_what_was_published_since(coordinator, record, institute):
    other = make.recommendation("Hire.", paragraph="140.11")
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    made.signed(other, institute, "partial", reason="Two were hired.")
    record.refresh_from_db()
    progress_merging.unmerge_recommendation(recommendation=record, by=coordinator)
    signed = Assessment.objects.signed().order_by("pk").values_list("recommendation", "common")
    assert list(signed) == [(record.pk, "not-started"), (other.pk, "partial")]
    assert Signature.objects.count() == 2


def test_undoing_what_made_a_merged_record_public_does_not_hide_its_rating(client, coordinator, institute):
    record, other = make.recommendation("Hire inspectors of prisons.", is_published=False), make.recommendation()
    batch = bulk.start_bulk(
        change=Change("publish"), records=Recommendation.objects.filter(pk=record.pk), by=coordinator
    )
    bulk.apply_bulk(batch)
    record.refresh_from_db()
    made.signed(record, institute)
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    bulk.undo_bulk(batch=batch, by=coordinator)
    assert bulk.clear_bulk(batch, by=coordinator) == 1
    assert RATING in read_by_everybody(client, record)
    record.refresh_from_db()
    progress_merging.unmerge_recommendation(recommendation=record, by=coordinator)
    assert RATING in read_by_everybody(client, record)


def test_a_merged_record_that_is_no_longer_marked_public_is_not_taken_out_of_the_merge(coordinator, record):
    other = make.recommendation("Hire.", paragraph="140.11")
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    record.refresh_from_db()
    record.is_published = False
    with pytest.raises(Refused, match="Enter a public reason"):
        versioning.save_versions([record], ["is_published"], "records-changed-in-bulk", by=coordinator)


def test_taken_out_of_a_merge_with_a_hidden_record_the_rating_is_public_again(client, coordinator, record):
    other = make.recommendation("Hire.", paragraph="140.11")
    progress_merging.merge_recommendations(into=other, others=[record], by=coordinator)
    unpublish(client, other, EXPLAINED)
    record.refresh_from_db()
    progress_merging.unmerge_recommendation(recommendation=record, by=coordinator)
    page = read_by_everybody(client, record)
    assert RATING in page
    assert "no longer public" not in page


def test_an_import_with_such_a_record_is_not_undone(coordinator, institute):
    make.country()
    make.body("CRC", "treaty-body")
    batch = bring(uhri(uhri_record(), uhri_record(2)), publish=True)
    record = Recommendation.objects.public().first()
    made.signed(record, institute)
    with pytest.raises(Refused, match="published assessment signed by"):
        pipeline.undo_batch(batch=batch, by=coordinator)
    structure.withdraw_recommendation(recommendation=record, reason=WHY, explanation=Explanation(WHY), by=coordinator)
    with pytest.raises(Refused, match="published assessment signed by"):
        pipeline.undo_batch(batch=batch, by=coordinator)
    batch.refresh_from_db()
    assert batch.state == "applied"


@pytest.mark.database
@pytest.mark.parametrize(
    ("before", "change"),
    [
        ({"is_published": False}, Change("publish")),
        ({"confidentiality": "internal"}, Change("set-confidentiality", confidentiality="public")),
    ],
)
def test_a_change_of_many_that_made_it_public_is_undone_without_it(coordinator, institute, before, change):
    record, other = make.recommendation(**before), make.recommendation(**before)
    batch = bulk.start_bulk(change=change, records=Recommendation.objects.all(), by=coordinator)
    bulk.apply_bulk(batch)
    made.signed(record, institute)
    bulk.undo_bulk(batch=batch, by=coordinator)
    assert bulk.clear_bulk(batch, by=coordinator) == 1
    assert list(Recommendation.objects.public()) == [record]
    other.refresh_from_db()
    assert {name: getattr(other, name) for name in before} == before


def test_a_change_of_many_that_was_started_before_leaves_what_was_signed_since(coordinator, institute):
    record, other = make.recommendation(), make.recommendation()
    batch = bulk.start_bulk(change=Change("unpublish"), records=Recommendation.objects.all(), by=coordinator)
    made.signed(record, institute)
    bulk.apply_bulk(batch)
    assert list(Recommendation.objects.public()) == [record]
    other.refresh_from_db()
    assert not other.is_published


def test_undoing_a_change_of_many_with_a_reason_makes_it_public_again(client, coordinator, record):
    unpublish_many(client, record, EXPLAINED)
    client.post(at("undo_bulk", bulk.Batch.objects.get().key))
    assert PublicReason.objects.get().ended_at
    assert RATING in read_by_everybody(client, record)


@pytest.mark.database
def test_rows_are_deleted_by_nobody(record):
    for delete in (record.delete, Recommendation.objects.filter(pk=record.pk).delete):
        with pytest.raises(models.ProtectedError), transaction.atomic():
            delete()
    Recommendation.objects.filter(pk=record.pk)._raw_delete("default")
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_a_record_that_was_public_again_needs_another_reason(client, coordinator, record):
    withdraw(client, record, EXPLAINED)
    client.post(at("restore_recommendation", record.code))
    withdraw(client, record, {})
    assert list(Recommendation.objects.public()) == [record]


def test_a_hidden_record_is_changed_further_without_losing_its_page(client, coordinator, record):
    unpublish(client, record, EXPLAINED)
    structure.withdraw_recommendation(recommendation=record, reason="Secret.", by=coordinator)
    page = read_by_everybody(client, record)
    assert "Secret." not in page
    assert WHY in page
    assert RATING in page


def test_programs_are_told_why_it_is_gone(client, coordinator, record):
    withdraw(client, record, EXPLAINED)
    client.logout()
    answer = client.get(reverse("api:recommendation", args=[record.code]))
    assert answer.status_code == 410
    assert WHY in answer.json()["errors"][0]["message"]


# Where the columns that say who sees a record are written: everything else goes through `save_version(s)`.
WRITTEN = re.compile(r"\.(is_published|confidentiality|withdrawn_at|merged_into)(, \w+(\.\w+)*)* = ")
WRITERS = {
    "recommendations/bulk/changes.py",
    "recommendations/editing/services.py",
    "recommendations/editing/merging.py",
    "recommendations/editing/structure.py",
    "recommendations/editing/turning.py",
}


def test_no_other_module_writes_who_sees_a_record():
    found = set()
    for path in (PACKAGE / "recommendations").rglob("*.py"):
        if "migrations" not in path.parts and WRITTEN.search(path.read_text(encoding="utf-8")):
            found.add(str(path.relative_to(PACKAGE)))
    assert found == WRITERS
    for name in WRITERS - {"recommendations/bulk/changes.py"}:
        assert re.search(r"\bsave_version\(\w+, \"", (PACKAGE / name).read_text(encoding="utf-8")), name


def test_the_one_check_is_asked_by_every_save_by_hand():
    versioning = (PACKAGE / "recommendations/editing/versioning.py").read_text(encoding="utf-8")
    assert versioning.count("explain_publicity(") == 2
