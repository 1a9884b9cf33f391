"""The catalogue of training and the page of a course, as an editor and a focal point use them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from servanda.network.models import Course, CourseRegistration, CourseSession
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db
SENT = {"title": "Clusters", "text": "How.", "provider": "Ministry", "level": "advanced", "form": "online"}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


def days(first: int, last: int) -> dict[str, str]:
    today = timezone.localdate()
    return {"start": str(today + timedelta(days=first)), "end": str(today + timedelta(days=last))}


def add(client, **fields) -> Course:
    client.post(reverse("desk:add_course"), SENT | {"languages": "en, ar"} | fields)
    return Course.objects.get(title=fields.get("title", "Clusters"))


def test_a_course_with_a_session_is_added_and_a_focal_point_registers(client, coordinator):
    course = add(client, link="https://course.example/1")
    client.post(reverse("desk:add_session", args=[course.key]), days(3, 4) | {"place": "Ljubljana", "places": "1"})
    session = CourseSession.objects.get()
    make.signed_in(client, "reader", institution=make.institution("mof"))
    page = source_of(client.get(course.get_absolute_url()))
    assert 'href="https://course.example/1" rel="noopener noreferrer nofollow"' in page
    assert reverse("desk:edit_session", args=[session.pk]) not in page
    page = source_of(client.post(reverse("desk:register_for_session", args=[session.pk]), follow=True))
    assert "Your registration" in page
    assert "1 / 1" in page
    page = source_of(client.post(reverse("desk:withdraw_registration", args=[session.pk]), follow=True))
    assert "Your registration was withdrawn." in page
    assert client.get(reverse("desk:set_attendance", args=[session.pk])).status_code == 403


def test_an_impossible_value_is_refused_beside_its_field(client, coordinator):
    for sent, sentence in (
        ({"link": "javascript:alert(1)"}, "Enter a web address"),
        ({"languages": "en, <b>"}, "is not the code of a language"),
        ({"level": "huge"}, "Choose one of the options"),
        ({"text": " "}, "Enter the content."),
    ):
        answer = client.post(reverse("desk:add_course"), SENT | {"languages": "en"} | sent)
        assert answer.status_code == 422
        assert sentence in source_of(answer)
    course = add(client)
    answer = client.post(reverse("desk:add_session", args=[course.key]), days(4, 3) | {"place": "x"})
    assert answer.status_code == 422
    assert "not before the start date" in source_of(answer)


def test_a_second_editor_learns_of_the_change_and_keeps_what_was_typed(client, coordinator):
    course = add(client)
    Course.objects.update(version=7)
    sent = SENT | {"languages": "en", "title": "Mine", "seen": course.version}
    answer = client.post(reverse("desk:edit_course", args=[course.key]), sent)
    assert answer.status_code == 422
    assert "Another user changed" in source_of(answer)
    client.post(reverse("desk:edit_course", args=[course.key]), sent | {"seen": 7})
    assert str(Course.objects.get()) == "Mine"


def test_attendance_is_ticked_and_counted(client, coordinator):
    course = add(client)
    client.post(reverse("desk:add_session", args=[course.key]), days(0, 1) | {"place": "Here"})
    session = CourseSession.objects.get()
    client.post(reverse("desk:register_for_session", args=[session.pk]))
    row = CourseRegistration.objects.get()
    page = source_of(
        client.post(reverse("desk:set_attendance", args=[session.pk]), {"attended": row.pk}, follow=True)
    )
    assert "Attended" in page
    row.refresh_from_db()
    assert row.attended is True


def test_gaps_lead_to_the_fitting_courses(client, coordinator):
    own = network_make.profile(is_own=True)
    gaps = network_make.self_assessment(own, level=1, completed_at="2026-03-02T10:00:00Z")
    assert f"{reverse('desk:training')}?capacity=engage" in source_of(client.get(gaps.get_absolute_url()))
    page = source_of(client.get(reverse("desk:training")))
    assert 'href="?capacity=engage"' in page


def test_the_catalogue_is_exported(client, coordinator):
    add(client, title="=1+1")
    text = body_of(client.get(reverse("desk:training_export", args=["csv"]))).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("title,provider,level")
    assert "'=1+1" in text


@pytest.mark.database
def test_the_list_and_a_course_are_within_their_budget_however_many_there_are(client, coordinator):
    course = add(client)
    for number in range(30):
        add(client, title=f"Course {number}")
        client.post(reverse("desk:add_session", args=[course.key]), days(number, number) | {"place": "Here"})
    listed = asked(client, reverse("desk:training"))
    assert len(listed) <= MOST
    assert len(asked(client, f"{reverse('desk:training')}?page=2")) <= len(listed)
    assert len(asked(client, course.get_absolute_url())) <= MOST


def test_a_person_without_an_account_is_typed_in_attends_and_is_sent_as_a_file(client, coordinator):
    session = network_make.session(network_make.course(), places=1)
    register = reverse("desk:register_guest", args=[session.pk])
    page = source_of(client.post(register, {"name": "Ada Example", "institution": "Ministry"}, follow=True))
    assert "Ada Example" in page
    guest = session.registrations.get()
    client.post(reverse("desk:set_attendance", args=[session.pk]), {"attended": [guest.pk]})
    export = client.get(reverse("desk:session_participants_export", args=[session.pk, "csv"]))
    assert "Ada Example,Ministry,Registered,yes" in body_of(export).decode("utf-8-sig")
    page = source_of(client.post(reverse("desk:withdraw_guest", args=[guest.pk]), follow=True))
    assert reverse("desk:restore_guest", args=[guest.pk]) in page


def test_a_file_of_a_course_is_a_download_until_it_is_withdrawn(client, coordinator):
    course = network_make.course()
    sent = {"title": "Workbook", "language": "en", "file": SimpleUploadedFile("work.csv", b"Text\nForty\n")}
    page = source_of(client.post(reverse("desk:add_material", args=[course.key]), sent, follow=True))
    material = course.files.get()
    address = reverse("desk:course_material", args=[material.key])
    assert address in page
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    client.post(reverse("desk:withdraw_material", args=[material.key]), {"reason": "Old."})
    assert client.get(address).status_code == 404


def test_the_participants_of_a_session_cost_the_same_for_many(client, coordinator):
    session = network_make.session(network_make.course())
    address = reverse("desk:session_participants", args=[session.pk])
    network_make.guest(session)
    network_make.guest(session, "", person=make.user("reader"), institution="")
    few = len(asked(client, address))
    for number in range(8):
        network_make.guest(session, f"Guest {number}")
        network_make.guest(session, "", person=make.user("reader"), institution="")
    assert len(asked(client, address)) == few
