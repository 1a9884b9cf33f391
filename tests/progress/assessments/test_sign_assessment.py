from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.accounts import personal_data
from servanda.people.accounts import services as accounts
from servanda.people.institutions.accreditations import set_accreditation
from servanda.people.models import Accreditation, Institution, Notification, User
from servanda.people.successions import services as successions
from servanda.progress import merging as progress_merging
from servanda.progress.assessments import scales, signing
from servanda.progress.assessments import services as assessing
from servanda.progress.assessments.voices import public_voices
from servanda.progress.contributions import answering
from servanda.progress.evidence import services as evidence
from servanda.progress.models import Assessment, AssessmentReply, Voice
from servanda.recommendations.models import Recommendation, Signature
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import assessing_make as made
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

DAY = made.DAY


@built_once
def institute() -> User:
    return made.accredited()


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


@built_once
def administrator() -> User:
    return make.user(Role.ADMINISTRATOR)


@built_once
def record() -> Recommendation:
    return make.recommendation()


def public_ratings(record: Recommendation) -> list[str]:
    """What everyone reads of independent voices on the page of the record."""
    return [voice.assessment.common for voice in public_voices(record).columns[-1].now]


def test_an_accredited_institution_publishes_without_anybody_else(record, institute, coordinator):
    assessment = made.signed(record, institute)
    assert public_ratings(record) == ["not-started"]
    assert (assessment.institution.code, assessment.accreditation.status, assessment.is_latest) == (
        "nhri",
        "a",
        False,
    )
    assert Assessment.objects.get().is_latest
    event = Event.objects.get(action="assessment-signed")
    assert event.actor == institute
    assert sentence(event).endswith(f"published an assessment of {record.code} for an accredited institution.")
    assert Notification.objects.get(kind="assessment-signed").person == coordinator


@pytest.mark.parametrize("status", ["suspended", "removed", "none"])
def test_who_is_not_accredited_sends_a_contribution(record, status):
    with pytest.raises(Refused, match="You can send a contribution"):
        made.signed(record, made.accredited(status=status))
    with pytest.raises(Refused, match="You can send a contribution"):
        made.signed(record, made.contributor("association"))
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("office", [Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_holds_an_office_of_the_mechanism_neither_signs_nor_withdraws_for_it(record, institute, office):
    assessment = made.signed(record, institute)
    spy = make.user(office)
    make.appointment(spy, assessment.institution, "contributor")
    with pytest.raises(Refused, match="Only an accredited institution"):
        made.signed(record, spy, "full")
    with pytest.raises(Refused, match="Only the institution"):
        signing.withdraw_own_assessment(assessment=assessment, reason="Wrong.", by=spy)


@pytest.mark.parametrize("fields", [{"confidentiality": "internal"}, {"is_published": False}])
def test_only_public_records_are_assessed_in_this_way(institute, fields):
    with pytest.raises(Refused, match="not public"):
        made.signed(make.recommendation(**fields), institute)


def test_a_day_to_come_and_a_scale_of_another_voice_are_refused(record, institute):
    with pytest.raises(Refused, match="The date of the assessment must be today or in the past."):
        made.signed(record, institute, date=date(2999, 1, 1))
    with pytest.raises(Refused, match="Select a value from a scale for independent assessments."):
        made.signed(record, institute, grade=made.grade("partial"))
    with pytest.raises(Refused, match="Enter a reason"):
        made.signed(record, institute, reason=" ")


def test_neither_a_retired_scale_nor_a_date_of_the_record_in_the_future_silences_it(record, institute, coordinator):
    scales.load_scales()
    scale = made.Scale.objects.get(code="independent")
    scales.retire_scale(scale=scale, by=coordinator)
    Recommendation.objects.filter(pk=record.pk).update(date=date(2999, 1, 1))
    assert "no-change" in {grade.code for grade in signing.grades_to_sign()}
    made.signed(record, institute, grade=scale.grades.get(code="no-change"))
    assert public_ratings(record) == ["not-started"]


def test_the_coordinator_takes_it_back_in_no_way(record, institute, coordinator):
    assessment = made.signed(record, institute)
    with pytest.raises(Refused, match="published this assessment under its own signature. Only"):
        assessing.retract_assessment(assessment=assessment, reason="Wrong.", by=coordinator)
    with pytest.raises(Refused, match="Only the institution"):
        signing.withdraw_own_assessment(assessment=assessment, reason="Wrong.", by=coordinator)
    for delete in (assessment.delete, Assessment.objects.all().delete):
        with pytest.raises(TypeError, match="never deleted"), transaction.atomic():
            delete()
    assert public_ratings(record) == ["not-started"]


def test_its_own_people_withdraw_it_with_a_reason(record, institute):
    assessment, colleague = made.signed(record, institute), made.accredited()
    with pytest.raises(Refused, match="Enter a reason"):
        signing.withdraw_own_assessment(assessment=assessment, reason=" ", by=colleague)
    with pytest.raises(Refused, match="Only the institution"):
        signing.withdraw_own_assessment(assessment=assessment, reason="No.", by=made.accredited("other-nhri"))
    signing.withdraw_own_assessment(assessment=assessment, reason="We were misled.", by=colleague)
    assert (public_ratings(record), Signature.objects.count()) == ([], 0)
    assert Assessment.objects.get().retraction_reason == "We were misled."
    assert Event.objects.first().action == "assessment-withdrawn"


def test_its_newest_word_counts_and_the_older_stays_in_the_history(record, institute):
    made.signed(record, institute, "started", date=DAY)
    made.signed(record, institute, "partial", date=DAY + timedelta(days=9))
    assert public_ratings(record) == ["partial"]
    assert len(public_voices(record).history) == 2


def end_of_accreditation(assessment: Assessment, by: User) -> None:
    today = timezone.localdate()
    set_accreditation(institution=assessment.institution, status="removed", start=today, source="Report", by=by)


def correction_of_accreditation(assessment: Assessment, by: User) -> None:
    start = Accreditation.objects.get().start
    set_accreditation(institution=assessment.institution, status="none", start=start, source="Report", by=by)


def succession(assessment: Assessment, by: User) -> None:
    others = {"successors": [make.institution("ministry")], "on": timezone.localdate(), "act": "Law 1"}
    successions.succeed_institution(institution=assessment.institution, **others, moves_appointments=True, by=by)


def closing(assessment: Assessment, by: User) -> None:
    successions.close_institution(institution=assessment.institution, on=timezone.localdate(), act="", by=by)


def closed_account(assessment: Assessment, by: User) -> None:
    accounts.close_account(person=assessment.made_by, by=by)


def erasure(assessment: Assessment, by: User) -> None:
    personal_data.erase_person(person=assessment.made_by, by=by)


@pytest.mark.parametrize(
    "deed", [end_of_accreditation, correction_of_accreditation, succession, closing, closed_account, erasure]
)
def test_what_becomes_of_the_institution_or_the_person_hides_nothing(record, institute, administrator, deed):
    assessment = made.signed(record, institute)
    deed(assessment, administrator)
    assert public_ratings(record) == ["not-started"]
    voice = public_voices(record).columns[-1].now[0]
    assert (voice.who, voice.assessment.accreditation.status) == ("NHRI", "a")


def test_a_successor_does_not_withdraw_what_its_predecessor_published(record, institute, administrator):
    assessment = made.signed(record, institute)
    succession(assessment, administrator)
    with pytest.raises(Refused, match="Only the institution"):
        signing.withdraw_own_assessment(assessment=assessment, reason="No.", by=made.contributor("ministry"))


def test_the_state_replies_beside_it_dated_and_the_institution_is_mailed(record, institute, coordinator):
    assessment = made.signed(record, institute)
    with pytest.raises(Refused, match="Enter a reply"):
        signing.reply_to_assessment(assessment=assessment, text=" ", by=coordinator)
    with pytest.raises(Refused, match="You do not have permission to reply for the State."):
        signing.reply_to_assessment(assessment=assessment, text="No.", by=institute)
    signing.reply_to_assessment(assessment=assessment, text="Posts are in the budget of 2027.", by=coordinator)
    voice = public_voices(record).columns[-1].now[0]
    assert [reply.text for reply in voice.replies] == ["Posts are in the budget of 2027."]
    assert voice.replies[0].at.date() == timezone.now().date()
    mail = Mail.objects.get()
    assert (mail.to, "Posts are in the budget of 2027." in mail.body) == (institute.email, True)
    assert Notification.objects.get(kind="assessment-replied").person == institute
    assert Event.objects.first().action == "assessment-replied"


def test_nothing_is_replied_to_what_others_may_take_back_or_what_was_withdrawn(record, institute, coordinator):
    with pytest.raises(Refused, match="This assessment is not published under the signature of"):
        signing.reply_to_assessment(assessment=made.assessment(record), text="No.", by=coordinator)
    assessment = made.signed(record, institute)
    signing.withdraw_own_assessment(assessment=assessment, reason="No.", by=institute)
    with pytest.raises(Refused, match="has withdrawn this"):
        signing.reply_to_assessment(assessment=assessment, text="No.", by=coordinator)
    assert not AssessmentReply.objects.exists()


def test_the_coordinator_withdraws_no_evidence_that_it_shows(record, institute, coordinator):
    made.signed(record, institute, links=["https://nhri.example.org/report"])
    shown = Assessment.objects.get().evidence.get()
    with pytest.raises(Refused, match="This evidence belongs to an assessment that an accredited"):
        evidence.withdraw_evidence(evidence=shown, reason="No.", by=coordinator)
    described = evidence.Described(kind="report", is_public=False)
    with pytest.raises(Refused, match="This evidence belongs to an assessment that an accredited"):
        evidence.edit_evidence(evidence=shown, described=described, by=coordinator)
    voice = public_voices(record).columns[-1].now[0]
    assert [row.link for row in voice.evidence] == ["https://nhri.example.org/report"]


def test_a_rating_that_it_contributed_is_its_own_once_it_is_accepted(record, institute, coordinator):
    rating = made.grade("started", Voice.INDEPENDENT)
    contribution = made.contribution(record, contributor=institute, grade=rating)
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    with pytest.raises(Refused, match="published this assessment under its own signature. Only"):
        assessing.retract_assessment(assessment=Assessment.objects.get(), reason="No.", by=coordinator)


def test_a_rating_of_others_is_moderated_as_before(record, coordinator):
    rating = made.grade("started", Voice.INDEPENDENT)
    contribution = made.contribution(record, contributor=made.contributor("association"), grade=rating)
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    assessing.retract_assessment(assessment=Assessment.objects.get(), reason="Wrong record.", by=coordinator)
    assert (public_ratings(record), Signature.objects.count()) == ([], 0)


def merged(record: Recommendation, *others: Recommendation, by: User) -> None:
    progress_merging.merge_recommendations(into=record, others=list(others), by=by)
    record.refresh_from_db()


def test_ratings_of_records_that_are_merged_do_not_take_the_place_of_each_other(record, institute, coordinator):
    first, second = make.recommendation("Ratify."), make.recommendation("Consider.")
    made.signed(first, institute, "not-started", date=DAY)
    made.signed(second, institute, "full", date=DAY + timedelta(days=5))
    merged(record, first, second, by=coordinator)
    assert sorted(public_ratings(record)) == ["full", "not-started"]


def test_a_rating_that_a_merge_brings_leaves_the_one_of_the_record_itself(record, institute, coordinator):
    other = make.recommendation("Consider.")
    made.signed(record, institute, "not-started", date=DAY)
    made.signed(other, institute, "full", date=DAY + timedelta(days=5))
    merged(record, other, by=coordinator)
    assert sorted(public_ratings(record)) == ["full", "not-started"]


def test_what_the_institution_publishes_after_the_merge_takes_the_place_of_both(record, institute, coordinator):
    other = make.recommendation("Consider.")
    made.signed(record, institute, "not-started", date=DAY)
    made.signed(other, institute, "full", date=DAY + timedelta(days=5))
    merged(record, other, by=coordinator)
    made.signed(record, institute, "partial", date=DAY + timedelta(days=2))
    assert public_ratings(record) == ["partial"]


def test_a_contribution_that_is_accepted_late_does_not_take_the_place_of_what_was_signed_since(
    record, institute, coordinator
):
    rating = made.grade("full", Voice.INDEPENDENT)
    contribution = made.contribution(record, contributor=institute, grade=rating)
    made.signed(record, institute, "not-started", date=DAY)
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    assert public_ratings(record) == ["not-started"]


@pytest.mark.database
def test_signed_ratings_come_before_those_of_others(record, institute, coordinator):
    made.signed(record, institute, "not-started", date=DAY)
    contribution = made.contribution(record, organisation="NHRI", grade=made.grade("full", Voice.INDEPENDENT))
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    assert public_ratings(record) == ["not-started", "full"]


def test_the_institution_is_mailed_when_what_it_assessed_is_merged(record, institute, coordinator):
    other = make.recommendation("Consider.")
    made.signed(other, institute)
    merged(record, other, by=coordinator)
    mail = Mail.objects.get()
    assert mail.to == institute.email
    assert mail.subject == f"{other.code} was merged into {record.code}"


def test_colleagues_are_mailed_when_one_of_them_withdraws(record, institute):
    assessment, colleague = made.signed(record, institute), made.accredited()
    signing.withdraw_own_assessment(assessment=assessment, reason="We were misled.", by=colleague)
    mail = Mail.objects.get()
    assert mail.to == institute.email
    for words in (colleague.name, record.code, "We were misled."):
        assert words in mail.body


def test_without_an_account_the_institution_is_mailed_at_its_own_address(record, institute, coordinator):
    assessment = made.signed(record, institute)
    User.objects.filter(pk=institute.pk).update(is_active=False)
    Institution.objects.filter(pk=assessment.institution_id).update(email="office@nhri.example.org")
    signing.reply_to_assessment(assessment=assessment, text="It is in the budget.", by=coordinator)
    assert Mail.objects.get().to == "office@nhri.example.org"
