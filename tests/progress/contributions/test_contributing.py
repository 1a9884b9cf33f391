from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.accounts.personal_data import erase_person, export_personal_data
from servanda.people.models import Instance, Notification, User
from servanda.progress.contributions import answering
from servanda.progress.contributions import services as contributing
from servanda.progress.contributions.queries import all_not_published, contribution_lines, public_contributions
from servanda.progress.contributions.services import Submission
from servanda.progress.evidence.services import Described, edit_evidence, withdraw_evidence
from servanda.progress.models import Assessment, Contribution, Evidence, Voice
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make, progress_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


@built_once
def record() -> Recommendation:
    return make.recommendation()


@built_once
def ombudsman() -> User:
    return made.contributor("ombudsman", name="Olga Hidden")


@pytest.fixture
def is_open():
    Instance.objects.create(takes_public_contributions=True)


def contribute(record: Recommendation, by: User | None, key=None, **fields) -> Contribution:
    fields = {"text": "The school has no ramp.", "language": "en", "recommendations": [record]} | fields
    return contributing.contribute(submission=Submission(**fields), form_key=key or uuid4(), by=by)


@pytest.mark.database
def test_a_contribution_waits_and_the_coordinator_is_told(record, coordinator, ombudsman):
    contribution = contribute(record, ombudsman, links=["https://example.org/a"], described=Described(kind="report"))
    assert (contribution.state, contribution.contributor, contribution.organisation) == (
        "received",
        ombudsman,
        "OMBUDSMAN",
    )
    assert list(contribution.evidence.values_list("link", "added_by")) == [("https://example.org/a", ombudsman.pk)]
    assert Notification.objects.get().kind == "contribution-received"
    assert Event.objects.first().action == "contributed"
    assert public_contributions(record).lines == []


@pytest.mark.parametrize("status", ["a", "suspended"])
def test_an_accredited_institution_speaks_under_its_own_name(record, coordinator, status):
    institute = made.accredited(status=status)
    make.appointment(institute, make.institution("moe"), "contributor", start=timezone.localdate())
    contribution = contribute(record, institute, grade=made.grade("not-started", Voice.INDEPENDENT))
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    assert (contribution.organisation, Assessment.objects.get().institution.code) == ("NHRI", "nhri")


def test_a_form_sent_twice_makes_one_row_and_its_key_is_of_no_use_to_others(record, ombudsman, is_open):
    key, other = uuid4(), made.contributor("academy", name="Otto Other")
    contribution = contribute(record, ombudsman, key=key)
    assert contribute(record, ombudsman, key=key) == contribution
    for by in (other, None):
        with pytest.raises(Refused, match="This form was already sent from another page or account."):
            contribute(record, by, key=key)
    assert Contribution.objects.get() == contribution


def test_an_accepted_rating_becomes_the_assessment_of_the_institution(record, coordinator, ombudsman):
    grade = made.grade("not-started", Voice.INDEPENDENT)
    contribution = contribute(
        record, ombudsman, grade=grade, links=["https://example.org/a"], described=Described(kind="report")
    )
    assert not Assessment.objects.exists()
    answering.accept_contribution(contribution=contribution, answer="All requests answered.", by=coordinator)
    assessment = Assessment.objects.latest().get()
    assert (assessment.voice, assessment.common, assessment.institution.code, assessment.reason) == (
        "independent",
        "not-started",
        "ombudsman",
        "The school has no ramp.",
    )
    assert list(assessment.evidence.all()) == list(contribution.evidence.all())
    assert [line.who for line in public_contributions(record).lines] == ["OMBUDSMAN"]
    answered = Notification.objects.filter(kind="contribution-answered").get()
    assert (answered.person, answered.by) == (ombudsman, None)


def test_who_hides_is_named_to_the_few_and_nowhere_else(record, coordinator, ombudsman):
    grade, described = made.grade("partial", Voice.INDEPENDENT), Described(kind="report", is_public=True)
    file = SimpleUploadedFile("note.txt", b"The school has no ramp, and nobody was asked.")
    given = contribute(record, ombudsman, grade=grade, file=file, described=described, hides_identity=True)
    answering.accept_contribution(contribution=given, answer="", by=coordinator)
    assert Event.objects.filter(actor=ombudsman).count() == 0
    assert Notification.objects.filter(by=ombudsman).count() == 0
    assert Evidence.objects.get().added_by is None
    assessment = Assessment.objects.latest().get()
    assert (assessment.institution, assessment.author) == (None, "")
    everybody = Contribution.objects.all()
    for person, name in (
        (make.user(Role.AUDITOR), "Not named"),
        (make.user(Role.READER), "Not named"),
        (coordinator, "Olga Hidden · OMBUDSMAN"),
        (ombudsman, "Olga Hidden · OMBUDSMAN"),
    ):
        assert [contribution.who for contribution in contribution_lines(person, everybody)] == [name]
    assert [line.who for line in public_contributions(record).lines] == ["Not named"]


@pytest.mark.parametrize("hides_identity", [True, False])
def test_no_contributor_uses_up_the_space_for_files_of_others(record, ombudsman, settings, hides_identity):
    settings.EVIDENCE_QUOTA_MB = 1
    described = {"described": Described(kind="report"), "hides_identity": hides_identity}
    other = make.user(Role.CONTRIBUTOR)
    contribute(record, other, file=SimpleUploadedFile("one.txt", b"First"), **described)
    Evidence.objects.update(size=1_048_575)
    with pytest.raises(Refused, match="all files together"):
        contribute(record, other, file=SimpleUploadedFile("two.txt", b"Second"), **described)
    assert contribute(record, ombudsman, file=SimpleUploadedFile("ours.txt", b"Ours"), **described).evidence.exists()


def test_the_same_says_less_is_merged_with_what_was_accepted(record, coordinator, ombudsman):
    first, second = contribute(record, ombudsman), contribute(record, ombudsman, text="No ramp.")
    with pytest.raises(Refused, match="Choose an accepted contribution. If it is not accepted"):
        answering.merge_contribution(contribution=second, into=first, answer="", by=coordinator)
    answering.accept_contribution(contribution=first, answer="", by=coordinator)
    answering.merge_contribution(contribution=second, into=first, answer="It has the same value.", by=coordinator)
    second.refresh_from_db()
    assert (second.state, second.merged_into, second.answered_by) == ("merged", first, coordinator)
    assert [line.contribution for line in public_contributions(record).lines] == [first]


def test_it_is_merged_only_with_one_that_is_read_where_it_would_be_read(record, coordinator, ombudsman):
    inside = make.recommendation(confidentiality="internal")
    accepted = {"state": "accepted", "answered_at": timezone.now()}
    hidden, elsewhere = (made.contribution(each, **accepted) for each in (inside, inside))
    elsewhere.abouts.create(recommendation=make.recommendation())
    waiting = made.contribution(record)
    waiting.abouts.create(recommendation=inside)
    for other in (hidden, elsewhere):
        with pytest.raises(Refused, match="shown on the same public records"):
            answering.merge_contribution(contribution=waiting, into=other, answer="Same.", by=coordinator)
    assert public_contributions(record).not_published == ""
    elsewhere.abouts.create(recommendation=record)
    answering.merge_contribution(contribution=waiting, into=elsewhere, answer="Same.", by=coordinator)
    assert "merged with another that is published" in public_contributions(record).not_published


def test_it_is_declined_with_a_reason_and_answered_once(record, coordinator, ombudsman):
    contribution = contribute(record, ombudsman)
    with pytest.raises(Refused, match="Enter a reason"):
        answering.decline_contribution(
            contribution=contribution, decline_reason="off-topic", reason=" ", by=coordinator
        )
    with pytest.raises(Refused, match="You do not have permission to answer contributions."):
        answering.decline_contribution(
            contribution=contribution, decline_reason="off-topic", reason="No.", by=ombudsman
        )
    answering.decline_contribution(
        contribution=contribution, decline_reason="off-topic", reason="Of another country.", by=coordinator
    )
    with pytest.raises(Refused, match="This contribution was answered or withdrawn since you"):
        answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    assert not Assessment.objects.exists()


def test_a_form_sent_twice_makes_one_row(record, ombudsman):
    key = uuid4()
    assert contribute(record, ombudsman, key) == contribute(record, ombudsman, key)
    assert Contribution.objects.count() == 1


def test_nobody_contributes_on_what_they_do_not_see(ombudsman):
    hidden = make.recommendation(confidentiality="internal")
    with pytest.raises(Refused, match="reference of at least one"):
        contribute(hidden, ombudsman)
    with pytest.raises(Refused, match="You do not have permission to send contributions. Write a"):
        contribute(make.recommendation(), make.user(Role.FOCAL_POINT))


def test_the_public_form_is_closed_unless_the_instance_opens_it(record):
    with pytest.raises(Refused, match="only from"):
        contribute(record, None)


def test_a_stranger_is_answered_by_mail_and_the_address_is_deleted(record, coordinator, is_open):
    contribution = contribute(record, None, email="ana@example.org", organisation="Parents", language="fr")
    answering.accept_contribution(contribution=contribution, answer="Merci.", by=coordinator)
    contribution.refresh_from_db()
    mail = Mail.objects.get()
    assert (mail.to, contribution.email) == ("ana@example.org", "")
    assert f"/contribute/{contribution.key}/" in mail.body
    assert "Merci." in mail.body
    assert [line.who for line in public_contributions(record).lines] == ["Parents"]


def test_the_name_that_a_stranger_typed_replaces_nobody(record, coordinator, ombudsman, is_open):
    for by, common in ((ombudsman, "full"), (None, "partial"), (None, "started")):
        grade = made.grade(common, Voice.INDEPENDENT)
        contribution = contribute(record, by, grade=grade, organisation="OMBUDSMAN")
        answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    assert {assessment.common for assessment in Assessment.objects.latest()} == {"full", "partial", "started"}


def test_what_a_contributor_brought_is_in_their_data_and_loses_their_name(record, coordinator, ombudsman):
    contribute(record, ombudsman, hides_identity=True)
    told = export_personal_data(ombudsman)["contributions"]
    assert [row["text"] for row in told] == ["The school has no ramp."]
    erase_person(person=ombudsman, by=make.user(Role.ADMINISTRATOR))
    assert "Olga" not in contribution_lines(coordinator, Contribution.objects.all())[0].who


def test_what_nobody_has_answered_is_taken_back_by_whoever_sent_it(record, coordinator, ombudsman):
    described = Described(kind="report", is_public=True)
    contribution = contribute(
        record, ombudsman, links=["https://example.org/a"], described=described, hides_identity=True
    )
    with pytest.raises(Refused, match="Only the contributor can withdraw a contribution."):
        contributing.withdraw_contribution(contribution=contribution, by=coordinator)
    contributing.withdraw_contribution(contribution=contribution, by=ombudsman)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.evidence.get().withdrawn_at) == ("withdrawn", contribution.withdrawn_at)
    assert not Evidence.objects.visible_to(coordinator).exists()
    assert Event.objects.filter(action="contribution-withdrawn").get().actor is None
    with pytest.raises(Refused, match="answered"):
        answering.accept_contribution(contribution=contribution, answer="", by=coordinator)


def test_what_was_answered_stays_and_a_newer_rating_counts(record, coordinator, ombudsman):
    first = contribute(record, ombudsman, grade=made.grade("partial", "independent"))
    answering.accept_contribution(contribution=first, answer="", by=coordinator)
    with pytest.raises(Refused, match="only your"):
        contributing.withdraw_contribution(contribution=first, by=ombudsman)
    second = contribute(record, ombudsman, grade=made.grade("full", "independent"))
    answering.accept_contribution(contribution=second, answer="", by=coordinator)
    assert Assessment.objects.count() == 2
    assert Assessment.objects.latest().get().common == "full"


@pytest.mark.parametrize("reason", ["", "not-recorded", "not-in-line-with-the-government"])
def test_it_is_declined_for_a_reason_of_the_list_only(record, coordinator, reason):
    contribution = made.contribution(record)
    with pytest.raises(Refused, match="Select a reason"):
        answering.decline_contribution(contribution=contribution, decline_reason=reason, reason="No.", by=coordinator)
    contribution.refresh_from_db()
    assert contribution.state == "received"


def not_published(record) -> str:
    return public_contributions(record).not_published


def declined(record, reason: str, number: int = 1) -> None:
    for _number in range(number):
        gone = {"state": "declined", "answer": "No.", "answered_at": timezone.now()}
        made.contribution(record, "Zorbatrix.", **gone, decline_reason=reason)


@pytest.mark.database
def test_what_was_not_published_is_counted_by_reason(record):
    assert not_published(record) == ""
    declined(record, "off-topic", 2)
    declined(record, "identifies-person")
    assert not_published(record) == "3 contributions were not published: 2 off topic, 1 identifies a person."
    into = made.contribution(record, state="accepted", answered_at=timezone.now())
    made.contribution(record, state="merged", merged_into=into, answered_at=timezone.now())
    assert not_published(record).endswith("1 contribution was merged with another that is published.")
    made.contribution(record)
    made.contribution(record, state="withdrawn", withdrawn_at=timezone.now())
    assert "3 contributions were not" in all_not_published()


@pytest.mark.database
def test_what_awaits_an_answer_is_counted_with_its_oldest_day(client, record):
    old = datetime(2026, 3, 24, 12, tzinfo=UTC)
    made.contribution(record, "Zorbatrix.", organisation="Ombudsman")
    Contribution.objects.update(received_at=old)
    assert not_published(record) == "1 contribution awaits an answer since 24 March 2026."
    made.contribution(record)  # of today: no one outside hears of it yet
    assert not_published(record) == "1 contribution awaits an answer since 24 March 2026."
    Contribution.objects.update(received_at=old)
    made.contribution(make.recommendation(confidentiality="internal"))
    assert not_published(record) == "2 contributions await an answer, the oldest since 24 March 2026."
    assert all_not_published() == not_published(record)
    client.logout()
    page = client.get(record.get_absolute_url()).content.decode()
    assert not_published(record) in page
    assert "Zorbatrix" not in page
    assert "Ombudsman" not in page


def test_what_is_about_hidden_records_alone_is_counted_nowhere(record):
    hidden = make.recommendation(confidentiality="internal")
    declined(hidden, "unlawful")
    assert (not_published(hidden), all_not_published()) == ("", "")
    both = made.contribution(
        record, state="declined", answer="No.", answered_at=timezone.now(), decline_reason="off-topic"
    )
    both.abouts.create(recommendation=hidden)
    assert all_not_published() == not_published(record) == "1 contribution was not published: 1 off topic."


def test_the_count_of_one_record_is_public_and_its_words_are_not(client, record):
    declined(record, "no-source")
    page = client.get(record.get_absolute_url()).content.decode()
    assert "1 contribution was not published: 1 without a source for a factual claim." in page
    assert "Zorbatrix" not in page


@pytest.mark.parametrize(
    ("deed", "given", "is_shown"),
    [
        ("accept_contribution", {"answer": ""}, True),
        ("decline_contribution", {"decline_reason": "off-topic", "reason": "Not about this record."}, False),
    ],
)
def test_evidence_of_a_contribution_is_public_once_it_is_accepted_and_not_while_it_waits(
    record, coordinator, ombudsman, deed, given, is_shown
):
    described = Described(kind="report", is_public=True)
    contribution = contribute(record, ombudsman, links=["https://example.org/a"], described=described)
    assert contribution.evidence.get().is_public
    assert not Evidence.objects.public().exists()
    assert not Evidence.objects.visible_to(make.user(Role.READER)).exists()
    getattr(answering, deed)(contribution=contribution, **given, by=coordinator)
    assert Evidence.objects.public().exists() == is_shown


@pytest.mark.parametrize("hides_identity", [True, False])
def test_the_file_of_a_contribution_is_linked_for_those_to_whom_it_is_delivered(
    client, record, coordinator, ombudsman, hides_identity
):
    file = {"file": progress_make.file(), "described": Described(kind="statistic", title="Girls at school")}
    contribution = contribute(record, ombudsman, **file, hides_identity=hides_identity)
    page, href = (
        reverse("desk:contribution", args=[contribution.pk]),
        f"/desk/evidence/{contribution.evidence.get().key}/file/",
    )
    for person, is_linked in ((coordinator, True), (ombudsman, not hides_identity)):
        client.force_login(person)
        text = client.get(page).content.decode()
        assert "Girls at school" in text
        assert (f'href="{href}"' in text, client.get(href).status_code == 200) == (is_linked, is_linked)


def test_who_contributed_changes_nothing_of_the_evidence_afterwards(record, coordinator, ombudsman):
    described = Described(kind="report", is_public=True)
    contribution = contribute(record, ombudsman, links=["https://example.org/a"], described=described)
    shown, better = contribution.evidence.get(), Described(kind="law", title="Another title", is_public=True)
    with pytest.raises(Refused):
        edit_evidence(evidence=shown, described=better, by=ombudsman)
    with pytest.raises(Refused):
        withdraw_evidence(evidence=shown, reason="Mine.", by=ombudsman)


@pytest.mark.parametrize("deed", ["", "accept_contribution"])
def test_the_mechanism_changes_nothing_of_the_evidence_of_a_contribution(record, coordinator, ombudsman, deed):
    described = Described(kind="report", is_public=True)
    contribution = contribute(record, ombudsman, links=["https://example.org/a"], described=described)
    if deed:
        getattr(answering, deed)(contribution=contribution, answer="", by=coordinator)
    better = Described(kind="law", title="Praise", stance="supports", date=date(2019, 1, 1), is_public=True)
    with pytest.raises(Refused, match="as it was sent"):
        edit_evidence(evidence=contribution.evidence.get(), described=better, by=coordinator)
    assert Evidence.objects.get().kind == "report"


def test_evidence_that_is_withdrawn_from_a_contribution_leaves_its_reason_in_public(client, record, coordinator):
    sender = make.user(Role.CONTRIBUTOR, institution=make.institution("society"))
    described = Described(kind="report", title="It names Bo", is_public=True)
    contribution = contribute(record, sender, links=["https://example.org/a"], described=described)
    answering.accept_contribution(contribution=contribution, answer="", by=coordinator)
    withdraw_evidence(evidence=contribution.evidence.get(), reason="It names a child.", by=coordinator)
    for url in (
        reverse("portal:recommendation", args=[record.code]),
        reverse("desk:contribution", args=[contribution.pk]),
    ):
        if url.startswith("/desk/"):
            client.force_login(sender)
        page = client.get(url).content.decode()
        assert ("It names a child." in page, "It names Bo" in page) == (True, False)


def test_nobody_withdraws_evidence_of_an_accredited_institution(record, coordinator, ombudsman):
    make.accreditation(ombudsman.appointments.get().institution)
    contribution = contribute(record, ombudsman, links=["https://example.org/a"], described=Described(kind="report"))
    with pytest.raises(Refused, match="accredited"):
        withdraw_evidence(evidence=contribution.evidence.get(), reason="No.", by=coordinator)


def test_a_rating_and_the_word_of_an_accredited_institution_are_not_merged_away(record, coordinator, ombudsman):
    praise = contribute(record, make.user(Role.CONTRIBUTOR, institution=make.institution("friends")))
    answering.accept_contribution(contribution=praise, answer="", by=coordinator)
    merge = {"into": praise, "answer": "The same.", "by": coordinator}
    society, worse = make.institution("ngo"), made.grade("regressed", Voice.INDEPENDENT)
    rated = contribute(record, make.user(Role.CONTRIBUTOR, institution=society), grade=worse)
    with pytest.raises(FieldRefused, match="rating"):
        answering.merge_contribution(contribution=rated, **merge)
    make.accreditation(ombudsman.appointments.get().institution)
    plain = contribute(record, ombudsman)
    with pytest.raises(FieldRefused, match="accredited"):
        answering.merge_contribution(contribution=plain, **merge)
    other = contribute(record, make.user(Role.CONTRIBUTOR, institution=make.institution("group")))
    with pytest.raises(FieldRefused, match="Explain"):
        answering.merge_contribution(contribution=other, **merge | {"answer": " "})
    answering.merge_contribution(contribution=other, **merge)


def test_whoever_answers_a_contribution_reads_the_recommendation_beside_it(client, ombudsman, coordinator):
    sent = contribute(make.recommendation("End child marriage."), ombudsman)
    client.force_login(coordinator)
    for page in ("contribution", "accept_contribution"):
        assert "End child marriage." in client.get(reverse(f"desk:{page}", args=[sent.pk])).content.decode()
