from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.assessments import disagreement
from servanda.progress.assessments import services as assessing
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Grade, Update, Voice
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import assessing_make as made
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

DAY = made.DAY


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


@built_once
def record() -> Recommendation:
    return make.recommendation(date=date(2025, 5, 1))


def assess(record: Recommendation, by: User, common: str = "partial", voice: str = Voice.GOVERNMENT, **fields):
    fields = {"reason": "The law is in force.", "confidence": "medium", "date": DAY} | fields
    fields.setdefault("grade", made.grade(common, voice))
    fields.setdefault("symbol", "UPR/1" if voice == Voice.MECHANISM else "")
    return assessing.assess(recommendation=record, voice=voice, **fields, by=by)


def latest(record: Recommendation) -> list[tuple[str, str]]:
    assessments = Assessment.objects.latest().filter(recommendation=record)
    return sorted(assessments.values_list("voice", "common"))


def test_an_assessment_is_said_on_a_day_with_a_reason_and_waits_to_be_published(record, coordinator):
    assessment = assess(record, coordinator, "started")
    assert (assessment.common, assessment.date, assessment.made_by, latest(record)) == (
        "started",
        DAY,
        coordinator,
        [],
    )
    assert list(Assessment.objects.public()) == []
    event = Event.objects.first()
    assert (event.action, event.object_label) == ("assessed", record.code)
    assert [word for word in ("Cora", record.code) if word not in sentence(event)] == []
    assessing.publish_assessment(assessment=assessment, by=coordinator)
    assert latest(record) == [("government", "started")]
    with pytest.raises(Refused, match="is already published"):
        assessing.publish_assessment(assessment=assessment, by=coordinator)


def test_a_newer_one_stands_beside_the_older_and_one_is_the_latest(record, coordinator):
    for common, day in (
        ("started", DAY),
        ("partial", DAY + timedelta(days=9)),
        ("not-started", DAY - timedelta(days=9)),
    ):
        assessment = assess(record, coordinator, common, date=day)
        assessing.publish_assessment(assessment=assessment, by=coordinator)
    assert (Assessment.objects.count(), latest(record)) == (3, [("government", "partial")])


def test_what_waits_to_be_published_changes_nothing_of_what_is_said(record, coordinator):
    assessing.publish_assessment(assessment=assess(record, coordinator, "started"), by=coordinator)
    assess(record, coordinator, "regressed", date=DAY + timedelta(days=9))
    assert latest(record) == [("government", "started")]


def test_a_mistake_is_taken_back_with_a_reason_and_what_was_said_before_counts(record, coordinator):
    for common, day in (("started", DAY), ("partial", DAY + timedelta(days=9))):
        assessment = assess(record, coordinator, common, date=day)
        assessing.publish_assessment(assessment=assessment, by=coordinator)
    with pytest.raises(Refused, match="Enter a reason"):
        assessing.retract_assessment(assessment=assessment, reason=" ", by=coordinator)
    with pytest.raises(Refused, match="You do not have permission to publish or withdraw"):
        assessing.retract_assessment(assessment=assessment, reason="No.", by=made.contributor())
    assessing.retract_assessment(assessment=assessment, reason="Wrong record.", by=coordinator)
    assessment.refresh_from_db()
    assert (assessment.retraction_reason, assessment.retracted_by, assessment.is_latest) == (
        "Wrong record.",
        coordinator,
        False,
    )
    assert latest(record) == [("government", "started")]
    with pytest.raises(Refused, match="was withdrawn"):
        assessing.retract_assessment(assessment=assessment, reason="Again.", by=coordinator)


def test_nothing_rewrites_an_assessment(record):
    assessment = made.assessment(record)
    assessment.reason = "Another reason."
    for rewrite in (
        assessment.save,
        lambda: assessment.save(update_fields=["reason"]),
        lambda: Assessment.objects.filter(pk=assessment.pk).update(common="full"),
        lambda: Assessment.objects.bulk_update([assessment], ["reason"]),
    ):
        with pytest.raises(TypeError, match="never rewritten"), transaction.atomic():
            rewrite()
    assessment.refresh_from_db()
    assert (assessment.reason, assessment.common) == ("The law is in force.", "partial")


def test_what_may_be_completed_before_publication_is_fixed_by_it(record):
    waiting, published = made.assessment(record, is_published=False), made.assessment(record)
    waiting.act_is_outcome = published.act_is_outcome = True
    waiting.save(update_fields=["act_is_outcome"])
    with pytest.raises(TypeError, match="never rewritten"):
        published.save(update_fields=["act_is_outcome"])


def outcome(record):
    return {"evidence": [made.evidence(record, shows="outcome")]}


def act(record):
    return {"evidence": [made.evidence(record, kind="treaty-act")], "act_is_outcome": True}


def value(record):
    return {"measurements": [made.measurement(record)]}


@pytest.mark.parametrize("common", ["substantial", "full"])
@pytest.mark.parametrize("shown_by", [outcome, act, value])
def test_the_government_reaches_the_upper_steps_with_what_shows_an_outcome(record, coordinator, common, shown_by):
    assessment = assess(record, coordinator, common, **shown_by(record))
    assessing.publish_assessment(assessment=assessment, by=coordinator)
    assert latest(record) == [("government", common)]


def nothing(record):
    return {}


def reported_activity(record):
    return {"evidence": [made.evidence(record, kind="report", shows="process")]}


def contradicting(record):
    return {"evidence": [made.evidence(record, shows="outcome", stance="contradicts")]}


def missing_value(record):
    return {"measurements": [made.measurement(record, value=None, missing="not-yet")]}


def process_value(record):
    return {"measurements": [made.measurement(record, kind="process")]}


@pytest.mark.parametrize("fields", [nothing, reported_activity, contradicting, missing_value, process_value])
def test_an_upper_step_is_stored_but_not_published_on_activity_alone(record, coordinator, fields):
    assessment = assess(record, coordinator, "full", **fields(record))
    with pytest.raises(Refused, match="” requires evidence of an outcome that supports it, or a"):
        assessing.publish_assessment(assessment=assessment, by=coordinator)
    assessment.refresh_from_db()
    assert (assessment.is_published, latest(record)) == (False, [])


def test_an_act_is_shown_by_the_act(record, coordinator):
    assessment = assess(record, coordinator, "full", act_is_outcome=True, **reported_activity(record))
    with pytest.raises(Refused, match="The act itself is marked as the outcome. Select evidence"):
        assessing.publish_assessment(assessment=assessment, by=coordinator)


def test_what_shows_an_outcome_is_added_until_it_is_published(record, coordinator):
    assessment = assess(record, coordinator, "full")
    shown = {"evidence": [made.evidence(record, shows="outcome")], "measurements": [], "act_is_outcome": False}
    elsewhere = [made.evidence(make.recommendation(), shows="outcome")]
    with pytest.raises(Refused, match="not on the record"):
        assessing.complete_assessment(assessment=assessment, **shown | {"evidence": elsewhere}, by=coordinator)
    assessing.complete_assessment(assessment=assessment, **shown, by=coordinator)
    assessing.publish_assessment(assessment=assessment, by=coordinator)
    assert latest(record) == [("government", "full")]
    event = Event.objects.all()[1]
    assert (event.action, event.object_label) == ("assessment-completed", record.code)
    assert [word for word in ("Cora", record.code) if word not in sentence(event)] == []
    with pytest.raises(Refused, match="Only an unpublished Government assessment can be"):
        assessing.complete_assessment(assessment=assessment, **shown, by=coordinator)


def test_evidence_that_was_withdrawn_since_shows_nothing_at_publication(record, coordinator):
    shown = made.evidence(record, shows="outcome")
    assessment = assess(record, coordinator, "full", evidence=[shown])
    shown.withdrawn_at, shown.withdrawal_reason = timezone.now(), "False."
    shown.save()
    with pytest.raises(Refused, match="evidence of an outcome"):
        assessing.publish_assessment(assessment=assessment, by=coordinator)


def test_what_is_on_another_record_or_withdrawn_shows_nothing_here(record, coordinator):
    other = make.recommendation()
    gone = made.evidence(record, shows="outcome", withdrawn_at=timezone.now(), withdrawal_reason="False.")
    for evidence in (made.evidence(other, shows="outcome"), gone):
        with pytest.raises(Refused, match="not on the record, or was withdrawn"):
            assess(record, coordinator, "full", evidence=[evidence])
    old = made.measurement(record, superseded_at=timezone.now())
    for wrong in (made.measurement(other), old):
        with pytest.raises(Refused, match="not linked to the record"):
            assess(record, coordinator, "full", measurements=[wrong])


def test_a_published_update_never_changes_what_is_assessed(record, coordinator):
    assessing.publish_assessment(assessment=assess(record, coordinator, "started"), by=coordinator)
    before = list(Assessment.objects.values())
    place = make.institution("health")
    update = Update.objects.create(
        institution=place, state="published", text="Everything is done.", published_at=timezone.now()
    )
    update.abouts.create(recommendation=record)
    assert (list(Assessment.objects.values()), latest(record)) == (before, [("government", "started")])


def test_the_upr_assesses_nothing_and_neither_does_a_body_of_which_it_is_not_confirmed(record, coordinator):
    unconfirmed = make.recommendation(body=make.body("CMW", "treaty-body"), review=None)
    for target, name in ((record, "UPR"), (unconfirmed, "CMW")):
        with pytest.raises(Refused, match=f"{name} does not assess the implementation of its recommendations."):
            assess(target, coordinator, voice=Voice.MECHANISM)
        older = made.assessment(target, voice=Voice.MECHANISM, is_published=False, is_latest=False)
        with pytest.raises(Refused, match=f"{name} does not assess the implementation of its recommendations."):
            assessing.publish_assessment(assessment=older, by=coordinator)
        assessing.retract_assessment(assessment=older, reason="No body graded this.", by=coordinator)
    assert not Assessment.objects.standing().exists()


@pytest.mark.parametrize(
    ("body", "letter", "common"),
    [
        ("CCPR", "a", "substantial"),
        ("CCPR", "b", "partial"),
        ("CCPR", "c", "not-started"),
        ("CCPR", "d", "unknown"),
        ("CCPR", "e", "regressed"),
        ("IACHR", "total", "full"),
        ("IACHR", "pending", "not-started"),
        ("ECtHR-CM", "closed", "full"),
    ],
)
def test_a_body_that_assesses_grades_on_its_own_scale(coordinator, body, letter, common):
    load_scales()
    record = make.recommendation(body=make.committee(body), review=None)
    grade = Grade.objects.get(scale__bodies=body, code=letter)
    assessment = assess(record, coordinator, voice=Voice.MECHANISM, grade=grade, symbol="CCPR/C/128/3")
    assert assessment.common == common


def test_the_mechanism_needs_its_document_and_its_own_scale(coordinator):
    record = make.recommendation(body=make.committee("CAT"), review=None)
    with pytest.raises(Refused, match="symbol of the document"):
        assess(record, coordinator, voice=Voice.MECHANISM, symbol=" ")
    committee = made.grade("partial", Voice.MECHANISM, bodies="CCPR")
    with pytest.raises(Refused, match="CAT does not use this scale"):
        assess(record, coordinator, voice=Voice.MECHANISM, grade=committee)
    with pytest.raises(Refused, match="does not use"):
        assess(record, coordinator, voice=Voice.MECHANISM, grade=made.grade("partial"))
    assessment = assess(record, coordinator, "full", Voice.MECHANISM, symbol="A/HRC/1", paragraph="7")
    assert (assessment.symbol, assessment.paragraph, assessment.common) == ("A/HRC/1", "7", "full")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": " "}, "Enter a reason"),
        ({"date": date(2999, 1, 1)}, "The date of the assessment must be today or in the past."),
        ({"date": date(2025, 4, 30)}, "is dated 2025-05-01"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(record, coordinator, fields, why):
    with pytest.raises(Refused, match=why):
        assess(record, coordinator, **fields)
    assert not Assessment.objects.exists()


def test_a_value_that_went_out_of_use_is_chosen_no_longer(record, coordinator):
    with pytest.raises(Refused, match="no longer in use"):
        assess(record, coordinator, grade=made.grade("started", is_in_use=False))


def test_who_speaks_in_which_voice(record, coordinator):
    ombudsman = made.contributor("ombudsman")
    assessment = assess(record, ombudsman, "not-started", Voice.INDEPENDENT)
    assert assessment.institution.code == "ombudsman"
    for by, voice in (
        (ombudsman, Voice.GOVERNMENT),
        (ombudsman, Voice.MECHANISM),
        (coordinator, Voice.INDEPENDENT),
        (make.user(Role.FOCAL_POINT), Voice.GOVERNMENT),
    ):
        with pytest.raises(Refused, match="You do not have permission to make this assessment."):
            assess(record, by, voice=voice)


def test_each_independent_author_has_a_latest_of_their_own(record, coordinator):
    for code, common, day in (("a", "started", DAY), ("b", "full", DAY), ("a", "partial", DAY + timedelta(days=1))):
        assessment = assess(record, made.contributor(code), common, Voice.INDEPENDENT, date=day)
        assessing.publish_assessment(assessment=assessment, by=coordinator)
    assert latest(record) == [("independent", "full"), ("independent", "partial")]


@pytest.mark.parametrize(
    ("government", "mechanism", "independent", "kinds"),
    [
        ("full", "", "partial", {"any", "government-higher"}),
        ("started", "partial", "", {"any", "government-lower"}),
        ("partial", "partial", "partial", set()),
        ("", "full", "regressed", {"any", "between-others"}),
        ("full", "unknown", "", set()),
        ("partial", "full", "started", {"any", "government-higher", "government-lower", "between-others"}),
    ],
)
def test_disagreement_is_a_filter_that_agrees_with_the_page(record, government, mechanism, independent, kinds):
    make.recommendation()
    for voice, common in zip(Voice, (government, mechanism, independent), strict=True):
        if common:
            made.assessment(record, common, voice)
    found = {
        kind for kind in disagreement.Disagreement if Recommendation.objects.filter(disagreement.condition_for(kind))
    }
    assert found == kinds
    assert {str(kind) for kind in disagreement.kinds_of(Assessment.objects.latest())} == kinds - {"any"}


def test_what_nobody_outside_may_know_disagrees_with_nothing(record):
    made.assessment(record, "full")
    made.assessment(record, "partial", Voice.INDEPENDENT, is_published=False)
    made.assessment(record, "started", Voice.INDEPENDENT, retracted_at=timezone.now(), retraction_reason="No.")
    assert not Recommendation.objects.filter(disagreement.condition_for("any")).exists()


@pytest.mark.parametrize(
    ("role", "level", "seen"),
    [
        (Role.PUBLIC, "public", 1),
        (Role.FOCAL_POINT, "public", 1),
        (Role.FOCAL_POINT, "internal", 1),
        (Role.PUBLIC, "internal", 0),
        (Role.FOCAL_POINT, "restricted", 0),
        (Role.AUDITOR, "restricted", 3),
        (Role.COORDINATOR, "public", 3),
    ],
)
def test_who_sees_which_assessments(role, level, seen):
    record = make.recommendation(confidentiality=level)
    made.assessment(record)
    made.assessment(record, is_published=False)
    made.assessment(record, retracted_at=timezone.now(), retraction_reason="Wrong.")
    assert Assessment.objects.visible_to(make.user(role)).count() == seen
