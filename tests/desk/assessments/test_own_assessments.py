import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.assessments import signing
from servanda.progress.contributions import answering
from servanda.progress.models import Assessment
from servanda.recommendations.editing import structure
from servanda.recommendations.editing.publicity import Explanation
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute(client) -> User:
    person = made.accredited()
    client.force_login(person)
    return person


def at(name: str, *arguments) -> str:
    return reverse(f"desk:{name}", args=arguments)


def rating(common: str = "not-started", **values) -> dict:
    grade = made.grade(common, "independent")
    return {
        "grade": grade.pk,
        "date": "2026-09-01",
        "reason": "Nobody has been hired.",
        "confidence": "high",
    } | values


@pytest.mark.database
def test_an_institution_publishes_from_the_page_of_a_record(client, institute):
    record = make.recommendation("Hire inspectors.")
    page = client.get(record.get_absolute_url()).content.decode()
    assert at("sign_assessment", record.code) in page
    assert (
        "under the signature of your institution" in client.get(at("sign_assessment", record.code)).content.decode()
    )
    assert client.post(at("sign_assessment", record.code), rating(reason="")).status_code == 422
    wrong = client.post(at("sign_assessment", record.code), rating(links="ftp://nhri.example.org/"))
    assert wrong.status_code == 422
    client.post(at("sign_assessment", record.code), rating(links="https://nhri.example.org/report"))
    client.logout()
    shown = client.get(record.get_absolute_url()).content.decode()
    for words in (
        "Nobody has been hired.",
        "under its own signature",
        "A status",
        "Report of 2025",
        "nhri.example.org",
    ):
        assert words in shown


def test_others_are_led_to_a_contribution(client):
    client.force_login(made.contributor("association"))
    record = make.recommendation()
    assert at("sign_assessment", record.code) not in client.get(record.get_absolute_url()).content.decode()
    assert "Only an accredited institution" in client.get(at("sign_assessment", record.code)).content.decode()
    answer = client.post(at("sign_assessment", record.code), rating())
    assert (answer.status_code, Assessment.objects.count()) == (422, 0)


def test_a_name_that_a_stranger_typed_is_not_shown_as_that_of_the_institution(client, institute):
    record = make.recommendation()
    contribution = made.contribution(
        record, "All is well.", organisation="NHRI", grade=made.grade("full", "independent")
    )
    answering.accept_contribution(contribution=contribution, answer="", by=make.user(Role.COORDINATOR))
    client.logout()
    page = client.get(record.get_absolute_url()).content.decode()
    assert "(name entered by the contributor, not verified)" in page
    made.signed(record, institute)
    page = client.get(record.get_absolute_url()).content.decode()
    voices = page[page.index('id="voice-independent"') : page.index("voices-history")]
    assert voices.index("Nobody has been hired.") < voices.index("(name entered by the contributor, not verified)")
    assert voices.count("not verified") == 1


def test_a_hidden_record_is_not_there_to_be_assessed(client, institute):
    record = make.recommendation(confidentiality="internal")
    assert client.get(at("sign_assessment", record.code)).status_code == 404


def test_it_withdraws_from_its_list_and_others_do_not_find_it(client, institute):
    assessment = made.signed(make.recommendation(), institute)
    address = at("withdraw_own_assessment", assessment.pk)
    client.force_login(made.accredited("other-nhri"))
    assert client.get(address).status_code == 404
    client.force_login(institute)
    assert address in client.get(at("own_assessments")).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    page = client.post(address, {"reason": "We were misled."}, follow=True).content.decode()
    assert "We were misled." in page
    assert address not in page


def test_the_state_replies_from_the_page_of_the_record(client, institute):
    record = make.recommendation()
    assessment = made.signed(record, institute)
    make.signed_in(client, Role.COORDINATOR)
    page = client.get(at("record_follow_up", record.code)).content.decode()
    assert at("reply_to_assessment", record.code, assessment.pk) in page
    assert at("retract_assessment", record.code, assessment.pk) not in page
    client.post(at("reply_to_assessment", record.code, assessment.pk), {"text": "It is in the budget."})
    client.post(at("retract_assessment", record.code, assessment.pk), {"reason": "Wrong."})
    client.logout()
    shown = client.get(record.get_absolute_url()).content.decode()
    assert "Reply of the State" in shown
    assert "It is in the budget." in shown
    assert "Nobody has been hired." in shown


def test_the_coordinator_reads_when_no_one_was_notified_of_a_reply(client, institute):
    record = make.recommendation()
    assessment = made.signed(record, institute)
    User.objects.filter(pk=institute.pk).update(is_active=False)
    make.signed_in(client, Role.COORDINATOR)
    answer = client.post(
        at("reply_to_assessment", record.code, assessment.pk), {"text": "It is planned."}, follow=True
    )
    assert "NHRI was not notified" in answer.content.decode()


@pytest.fixture
def everything(institute) -> User:
    """Published, superseded, withdrawn, replied to, and on a record that is no longer public."""
    coordinator = make.user(Role.COORDINATOR)
    first, second, third = (make.recommendation(paragraph=f"140.{number}") for number in (1, 2, 3))
    made.signed(first, institute, "started", reason="A plan.")
    signing.reply_to_assessment(
        assessment=made.signed(first, institute, "partial", reason="=Two hired.", links=["https://example.org/1"]),
        text="Ten more in 2027.",
        by=coordinator,
    )
    gone = made.signed(second, institute, reason="None.")
    signing.withdraw_own_assessment(assessment=gone, reason="We were misled.", by=institute)
    made.signed(third, institute, reason="Nothing.")
    why = Explanation("It repeats another.")
    structure.withdraw_recommendation(recommendation=third, reason="Twice.", explanation=why, by=coordinator)
    made.signed(make.recommendation(), made.accredited("other-nhri"), reason="Not theirs.")
    return institute


def test_it_takes_all_its_assessments_out_whatever_their_state(client, everything):
    answer = client.get(at("own_assessments_export", "json"))
    rows = json.loads(b"".join(answer.streaming_content))["assessments"]
    states = {(row["reason"], row["state"], row["record"]) for row in rows}
    assert states == {
        ("Nothing.", "Published", "Withdrawn"),
        ("None.", "Withdrawn", "Public"),
        ("=Two hired.", "Published", "Public"),
        ("A plan.", "Published; replaced by a newer one", "Public"),
    }
    replied = next(row for row in rows if row["replies"])
    assert (replied["replies"][0]["text"], replied["links"]) == ("Ten more in 2027.", ["https://example.org/1"])
    assert {row["accreditation"] for row in rows} == {"A status"}
    assert Event.objects.first().action == "own-assessments-exported"


def test_the_workbook_says_the_same(client, everything):
    answer = client.get(at("own_assessments_export", "xlsx"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert (header[0], len(rows)) == ("Recommendation", 4)
    assert {row[9] for row in rows} == {"Nothing.", "None.", "=Two hired.", "A plan."}


def test_the_file_is_there_after_the_accreditation_has_ended(client, everything):
    place = everything.appointments.get().institution
    place.accreditations.update(status="removed")
    rows = json.loads(b"".join(client.get(at("own_assessments_export", "json")).streaming_content))["assessments"]
    assert len(rows) == 4


def test_the_list_asks_as_often_for_many_as_for_one(client, institute, django_assert_max_num_queries):
    for _number in range(12):
        made.signed(make.recommendation(), institute, links=["https://example.org/1"])
    with django_assert_max_num_queries(20):
        client.get(at("own_assessments"))


def test_the_public_page_asks_nothing_more_for_a_signed_rating_of_an_unchanged_record(
    client, django_assert_max_num_queries
):
    record, other = make.recommendation(), make.recommendation()
    made.assessment(record, voice="independent", institution=make.institution("association"))
    made.signed(other)
    with django_assert_max_num_queries(20) as plain:
        client.get(record.get_absolute_url())
    with django_assert_max_num_queries(len(plain) + 1):  # replies of the State
        client.get(other.get_absolute_url())
